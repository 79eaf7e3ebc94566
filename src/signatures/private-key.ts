import { createPrivateKey, type KeyObject } from "node:crypto";
import { ED25519, publicBlobOf } from "./ed25519.ts";
import { fromBase64, sshStrings, WireReader } from "./wire.ts";

export type PrivateKeyReading =
  | { readonly ok: true; readonly key: KeyObject }
  /** Ends a sentence that begins with where the key came from. */
  | { readonly ok: false; readonly because: string };

const OPENSSH =
  /^-----BEGIN OPENSSH PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END OPENSSH PRIVATE KEY-----$/;
const MAGIC = "openssh-key-v1\0";

/**
 * An Ed25519 private key: OpenSSH's own format (`ssh-keygen -t ed25519`) or PKCS#8 in PEM (`openssl genpkey`), without
 * a passphrase. What is wrong with it is said without showing any of it.
 */
export function readPrivateKey(text: string): PrivateKeyReading {
  const trimmed = text.trim();
  const [, body] = OPENSSH.exec(trimmed) ?? [];
  if (body !== undefined) return readOpenSsh(body.replaceAll(/\s/g, ""));
  if (trimmed.startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----")) return encrypted;
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(trimmed)) {
    return { ok: false, because: "is neither an OpenSSH private key nor PKCS#8 in PEM" };
  }
  try {
    const key = createPrivateKey(trimmed);
    return key.asymmetricKeyType === "ed25519" ? { ok: true, key } : otherKind;
  } catch {
    return { ok: false, because: "is damaged: it cannot be read as PEM" };
  }
}

const encrypted: PrivateKeyReading = {
  ok: false,
  because: "is protected by a passphrase, which nobody could type; give one without, or a signing command",
};
const otherKind: PrivateKeyReading = {
  ok: false,
  because: "is no Ed25519 key; make one with ssh-keygen -t ed25519",
};
const damaged: PrivateKeyReading = {
  ok: false,
  because: "is damaged: it cannot be read as an OpenSSH private key",
};

/** Source: PROTOCOL.key of OpenSSH. */
function readOpenSsh(base64: string): PrivateKeyReading {
  const bytes = fromBase64(base64);
  if (bytes === null) return damaged;
  const reader = new WireReader(bytes);
  if (reader.bytes(MAGIC.length)?.toString("latin1") !== MAGIC) return damaged;
  const cipher = reader.text();
  const derivation = reader.text();
  if (cipher === null || derivation === null || reader.string() === null) return damaged;
  if (cipher !== "none" || derivation !== "none") return encrypted;
  const count = reader.number();
  const secret = reader.string() === null ? null : reader.string();
  if (count !== 1 || secret === null) return damaged;
  const inner = new WireReader(secret);
  const [check, again] = [inner.number(), inner.number()];
  const type = inner.text();
  if (check === null || check !== again || type === null) return damaged;
  if (type !== ED25519) return otherKind;
  const point = inner.string();
  const seedAndPoint = inner.string();
  if (point?.length !== 32 || seedAndPoint?.length !== 64) return damaged;
  const key = keyOf(seedAndPoint.subarray(0, 32), point);
  // a key whose halves do not belong together would sign what nobody can check
  return publicBlobOf(key).equals(sshStrings(ED25519, point)) ? { ok: true, key } : damaged;
}

function keyOf(seed: Buffer, point: Buffer): KeyObject {
  const [d, x] = [seed.toString("base64url"), point.toString("base64url")];
  return createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", d, x }, format: "jwk" });
}
