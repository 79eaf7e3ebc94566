import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { sshStrings, WireReader } from "./wire.ts";

/** The one kind of key that signs records: small, and the same signature for the same text. Source: RFC 8709. */
export const ED25519 = "ssh-ed25519";
const KEY_BYTES = 32;

/** The blobs of the keys that sign here: to take a key apart costs more than a signature. */
const blobs = new WeakMap<KeyObject, Buffer>();

/** The public half of a key as SSH writes it. */
export function publicBlobOf(key: KeyObject): Buffer {
  const known = blobs.get(key);
  if (known !== undefined) return known;
  const { x = "" } = createPublicKey(key.export({ type: "pkcs8", format: "pem" })).export({ format: "jwk" });
  const blob = sshStrings(ED25519, Buffer.from(x, "base64url"));
  blobs.set(key, blob);
  return blob;
}

/** A ledger is signed with a handful of keys: the last ones are kept, since making one costs as much as a check. */
const KEPT = 32;
const kept = new Map<string, KeyObject | null>();

/** The key of a public blob; null when it is no Ed25519 key. */
export function publicKeyOf(blob: Uint8Array): KeyObject | null {
  if (last !== null && Buffer.compare(last.blob, blob) === 0) return last.key;
  const key = keptKey(blob);
  last = { blob: Uint8Array.from(blob), key };
  return key;
}

/** One key signs nearly all of a ledger. */
let last: { readonly blob: Uint8Array; readonly key: KeyObject | null } | null = null;

function keptKey(blob: Uint8Array): KeyObject | null {
  const name = Buffer.from(blob).toString("base64");
  const known = kept.get(name);
  if (known !== undefined) return known;
  const key = readPublicKey(blob);
  const [oldest] = kept.keys();
  if (kept.size >= KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(name, key);
  return key;
}

function readPublicKey(blob: Uint8Array): KeyObject | null {
  const reader = new WireReader(blob);
  const type = reader.text();
  const point = reader.string();
  if (type !== ED25519 || point?.length !== KEY_BYTES || reader.rest().length > 0) return null;
  const jwk = { kty: "OKP", crv: "Ed25519", x: point.toString("base64url") };
  return createPublicKey({ key: jwk, format: "jwk" });
}

/** How people compare keys: `SHA256:…`, as `ssh-keygen -l` prints it. */
export function fingerprintOfKey(blob: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
