import { createHash, type KeyObject, sign, verify } from "node:crypto";
import { publicBlobOf, publicKeyOf } from "./ed25519.ts";
import { decodeSignature, fitsText, type SshSignature } from "./sshsig.ts";
import { fromBase64 } from "./wire.ts";

/**
 * Signed notes: a text and lines of signatures, which witnesses of transparency logs exchange as well.
 * Source: https://c2sp.org/signed-note
 */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
  /** The line of the file at which it begins. */
  readonly line: number;
}

interface NoteSignature {
  readonly name: string;
  readonly keyId: Buffer;
  readonly signature: Buffer;
}

/** Plain Ed25519 over the text, as the specification has it. */
const ED25519_TYPE = Buffer.from([0x01]);
/**
 * An SSH signature over the text: what a signing command can give, since it has only SSH signatures. A reader that does
 * not know the type ignores the line, as the specification says.
 */
const SSHSIG_TYPE = Buffer.concat([Buffer.from([0xff]), Buffer.from("grantbox sshsig")]);
const KEY_BYTES = 32;

/** What names a key in a signature line; short on purpose, and no proof of anything. */
function keyIdOf(name: string, type: Buffer, publicKey: Uint8Array): Buffer {
  const point = Buffer.from(publicKey).subarray(-KEY_BYTES);
  return createHash("sha256").update(`${name}\n`).update(type).update(point).digest().subarray(0, 4);
}

/** The signature of a note by a key of this process: Base64 of key id and signature. */
export function signNote(text: string, name: string, key: KeyObject): string {
  const id = keyIdOf(name, ED25519_TYPE, publicBlobOf(key));
  return Buffer.concat([id, sign(null, Buffer.from(text), key)]).toString("base64");
}

/** The same out of an SSH signature over the text. */
export function noteSignatureOf(name: string, blob: Uint8Array, { publicKey }: SshSignature): string {
  return Buffer.concat([keyIdOf(name, SSHSIG_TYPE, publicKey), blob]).toString("base64");
}

/** A note as it is sent and kept. */
export function printNote(text: string, name: string, signature: string): string {
  return `${text}\n\u2014 ${name} ${signature}\n`;
}

/** The notes of a file, one after the other; a number is the line at which something stands that is none. */
export function readNotes(file: string): readonly (SignedNote | number)[] {
  const lines = file.split("\n");
  const notes: (SignedNote | number)[] = [];
  let next = 0;
  while (next < lines.length) {
    if (lines[next] === "") {
      next++;
      continue;
    }
    const begin = next;
    while (next < lines.length && lines[next] !== "") next++;
    const text = `${lines.slice(begin, next).join("\n")}\n`;
    const first = next + 1;
    next = first;
    while (lines[next]?.startsWith("\u2014 ") === true) next++;
    const signatures = lines.slice(first, next).map(readSignatureLine);
    const isWhole = signatures.length > 0 && signatures.every((one) => one !== null);
    notes.push(
      isWhole ? { text, signatures: signatures.filter((one) => one !== null), line: begin + 1 } : begin + 1,
    );
  }
  return notes;
}

const SIGNATURE_LINE = /^\u2014 ([^\s+]+) (\S+)$/u;

function readSignatureLine(line: string): NoteSignature | null {
  const [, name, base64 = ""] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = fromBase64(base64);
  if (name === undefined || bytes === null || bytes.length <= 4) return null;
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/**
 * Which of the keys signed a note under a name: `unknown` when none of its signatures is by any of them, `altered` when
 * one names a key and does not fit.
 */
export function signerOfNote<Key extends { readonly publicKey: Buffer }>(
  { text, signatures }: SignedNote,
  name: string,
  keys: readonly Key[],
): Key | "unknown" | "altered" {
  const claims = signatures
    .filter((one) => one.name === name)
    .flatMap(({ keyId, signature }) =>
      keys.flatMap((key) => {
        const isPlain = keyIdOf(name, ED25519_TYPE, key.publicKey).equals(keyId);
        const isSsh = keyIdOf(name, SSHSIG_TYPE, key.publicKey).equals(keyId);
        if (!isPlain && !isSsh) return [];
        const fits = isPlain
          ? fitsPlainly(text, signature, key.publicKey)
          : fitsAsSsh(text, signature, key.publicKey);
        return [{ key, fits }];
      }),
    );
  if (claims.some(({ fits }) => !fits)) return "altered";
  return claims[0]?.key ?? "unknown";
}

function fitsPlainly(text: string, signature: Buffer, publicKey: Buffer): boolean {
  const key = publicKeyOf(publicKey);
  return key !== null && signature.length === 64 && verify(null, Buffer.from(text), key, signature);
}

function fitsAsSsh(text: string, blob: Buffer, publicKey: Buffer): boolean {
  const signature = decodeSignature(blob);
  return typeof signature !== "string" && signature.publicKey.equals(publicKey) && fitsText(signature, text);
}
