import { hash, type KeyObject, sign, verify } from "node:crypto";
import { ED25519, publicBlobOf, publicKeyOf } from "./ed25519.ts";
import { sshStrings, WireReader } from "./wire.ts";

/** What a signature of Grantbox is for: one made for anything else (a commit, a file, a login) is none of ours. */
export const RECORD_NAMESPACE = "grantbox-record";

const MAGIC = "SSHSIG";
const VERSION = 1;
const SIGNATURE_BYTES = 64;

/** The hashes that PROTOCOL.sshsig allows. */
const hashes = ["sha512", "sha256"] as const;

/** A signature in OpenSSH's own format, taken apart. Source: PROTOCOL.sshsig of OpenSSH. */
export interface SshSignature {
  /** Who claims to have signed, as an SSH public key blob. */
  readonly publicKey: Buffer;
  readonly namespace: string;
  readonly hash: (typeof hashes)[number];
  readonly signature: Buffer;
}

/** Signs a text with an Ed25519 key: the blob that `ssh-keygen -Y sign` puts into armor. */
export function signText(text: string, namespace: string, key: KeyObject): Buffer {
  const [algorithm] = hashes;
  return Buffer.concat([
    Buffer.from(MAGIC),
    Buffer.from([0, 0, 0, VERSION]),
    sshStrings(
      publicBlobOf(key),
      namespace,
      "",
      algorithm,
      sshStrings(ED25519, sign(null, signedData(text, namespace, algorithm), key)),
    ),
  ]);
}

/** The parts of a signature blob, or why it is none that Grantbox reads. Nothing may be left over. */
export function decodeSignature(blob: Uint8Array): SshSignature | string {
  // all signatures of one key and purpose begin alike, and their last bytes are the signature itself
  const before = blob.subarray(0, -SIGNATURE_BYTES);
  if (last !== null && Buffer.compare(last.before, before) === 0) {
    return { ...last.parts, signature: Buffer.from(blob.subarray(-SIGNATURE_BYTES)) };
  }
  const parts = partsOf(blob);
  if (typeof parts !== "string") last = { before: Uint8Array.from(before), parts };
  return parts;
}

/** The last signature that could be read, and all of its blob but the signature. */
let last: { readonly before: Uint8Array; readonly parts: SshSignature } | null = null;

function partsOf(blob: Uint8Array): SshSignature | string {
  const reader = new WireReader(blob);
  if (reader.bytes(MAGIC.length)?.toString("latin1") !== MAGIC) return "it does not begin with SSHSIG";
  const version = reader.number();
  if (version !== VERSION) return `its version is ${version ?? "missing"}, not ${VERSION}`;
  const publicKey = reader.string();
  const namespace = reader.text();
  const reserved = reader.string();
  const hashName = reader.text();
  const inner = reader.string();
  if (publicKey === null || namespace === null || reserved === null || inner === null) return "it is cut off";
  if (reader.rest().length > 0) return "something follows it";
  if (reserved.length > 0) return "its reserved field is not empty";
  const hash = hashes.find((known) => known === hashName);
  if (hash === undefined) return "its hash is neither sha512 nor sha256";
  const parts = new WireReader(inner);
  const algorithm = parts.text();
  const signature = parts.string();
  if (algorithm !== ED25519 || publicKeyOf(publicKey) === null) return `its key is no ${ED25519} key`;
  if (signature?.length !== SIGNATURE_BYTES || parts.rest().length > 0) return "its length is wrong";
  return { publicKey, namespace, hash, signature };
}

/** Whether a signature was made over this text, by the key that it names; whose key that is, is not asked here. */
export function fitsText({ publicKey, namespace, hash, signature }: SshSignature, text: string): boolean {
  const key = publicKeyOf(publicKey);
  return key !== null && verify(null, signedData(text, namespace, hash), key, signature);
}

/** The same in another thread: for a whole ledger, while this one does something else. */
export function fitsTextElsewhere(parts: SshSignature, text: string): Promise<boolean> {
  const { publicKey, namespace, hash, signature } = parts;
  const key = publicKeyOf(publicKey);
  if (key === null) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    verify(null, signedData(text, namespace, hash), key, signature, (error, fits) =>
      error === null ? resolve(fits) : reject(error),
    );
  });
}

/** What is really signed: the preamble keeps it from ever being valid anywhere else in SSH. */
function signedData(text: string, namespace: string, algorithm: SshSignature["hash"]): Buffer {
  const digest = hash(algorithm, text, "buffer");
  return Buffer.concat([Buffer.from(MAGIC), sshStrings(namespace, "", algorithm, digest)]);
}

const ARMOR = /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]+?)\r?\n-----END SSH SIGNATURE-----$/;

/** A signature blob as `ssh-keygen -Y verify -s` reads it. */
export function armor(blob: Uint8Array): string {
  const lines =
    Buffer.from(blob)
      .toString("base64")
      .match(/.{1,70}/g) ?? [];
  return ["-----BEGIN SSH SIGNATURE-----", ...lines, "-----END SSH SIGNATURE-----", ""].join("\n");
}

/** The Base64 inside the armor, on one line; null when the text is anything but one armored signature. */
export function unarmor(text: string): string | null {
  return ARMOR.exec(text.trim())?.[1]?.replaceAll(/[\r\n]/g, "") ?? null;
}
