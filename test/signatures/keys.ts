import { createPrivateKey, type KeyObject } from "node:crypto";
import { publicBlobOf } from "../../src/signatures/ed25519.ts";

/** A private key made by ssh-keygen for these tests; it has never been used for anything else. */
export const OPENSSH_KEY = `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACA9KgxFddrNBSnPQfvsqmbu+f7WpbS+NgXPX5o/RdGR3QAAAJBfWAUoX1gF
KAAAAAtzc2gtZWQyNTUxOQAAACA9KgxFddrNBSnPQfvsqmbu+f7WpbS+NgXPX5o/RdGR3Q
AAAEAw7jma6CJl5bHBR74Ombzwuzn+7odvQQKWhmVweNqENz0qDEV12s0FKc9B++yqZu75
/taltL42Bc9fmj9F0ZHdAAAACHRlc3Qga2V5AQIDBAU=
-----END OPENSSH PRIVATE KEY-----
`;
export const OPENSSH_PUBLIC = "AAAAC3NzaC1lZDI1NTE5AAAAID0qDEV12s0FKc9B++yqZu75/taltL42Bc9fmj9F0ZHd";

/** What `ssh-keygen -Y sign -n grantbox-record` made of the text `hello` with that key. */
export const SIGNATURE_OF_HELLO = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgPSoMRXXazQUpz0H77Kpm7vn+1q
W0vjYFz1+aP0XRkd0AAAAPZ3JhbnRib3gtcmVjb3JkAAAAAAAAAAZzaGE1MTIAAABTAAAA
C3NzaC1lZDI1NTE5AAAAQDVdOLWoi8OBN4M2E0xyPO1kPdaWmSUhI/iqrW3PLXWoBhXKHV
db3g8RSr40OTNkSJyR/vJuv2Aa0d7LlSFw7AY=
-----END SSH SIGNATURE-----
`;

/** A key from a seed of one byte, the same in every run. */
export function keyOf(seed: number): KeyObject {
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  const der = Buffer.concat([prefix, Buffer.alloc(32, seed)]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

export const KEY = keyOf(1);
export const OTHER_KEY = keyOf(2);

/** A line of allowed signers for a key. */
export function lineFor(
  key: KeyObject,
  options = 'namespaces="grantbox-record"',
  principal = "grantbox",
): string {
  const blob = publicBlobOf(key).toString("base64");
  return `${[principal, options, "ssh-ed25519", blob].filter((word) => word !== "").join(" ")}\n`;
}
