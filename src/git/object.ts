import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { deflate, inflateSync } from "node:zlib";
import { type Oid, oid } from "../domain/oid.ts";

export type ObjectType = "commit" | "tree" | "blob" | "tag";

/** A Git object: what it is and its bytes, without the header that is hashed with them. */
export interface GitObject {
  readonly type: ObjectType;
  readonly bytes: Buffer;
}

/** An object is not in the mirror. */
export class MissingObject extends Error {
  override readonly name = "MissingObject";
  readonly oid: Oid;

  constructor(missing: Oid) {
    super(`object ${missing} is not in the mirror`);
    this.oid = missing;
  }
}

/** Bytes are not what Git would have written: damaged in transit, or made to confuse. */
export class MalformedObject extends Error {
  override readonly name = "MalformedObject";
}

/** What the mirror holds on disk is not what was put there. */
export class DamagedMirror extends Error {
  override readonly name = "DamagedMirror";
}

/** GitHub takes no file over 100 MB; nothing longer is inflated, whatever a header claims. */
export const OBJECT_LIMIT = 128 * 2 ** 20;

/** The name of an object: SHA-1 over its header and bytes. */
export function oidOf({ type, bytes }: GitObject): Oid {
  return oid(createHash("sha1").update(`${type} ${bytes.length}\0`).update(bytes).digest("hex"));
}

/** One zlib stream inflated to a length that is known beforehand, and how many bytes of the input it took. */
export interface Inflated {
  readonly bytes: Buffer;
  readonly taken: number;
}

/**
 * Inflates the zlib stream at the start of `input`; what follows it is not looked at.
 *
 * @throws {MalformedObject} when the stream is broken or its content has another length
 */
export function inflateExactly(input: Buffer, length: number): Inflated {
  if (length > OBJECT_LIMIT) throw new MalformedObject(`an object of ${length} bytes is too long`);
  const options = { info: true, chunkSize: length + 64, maxOutputLength: length + 1 };
  let answer: unknown;
  try {
    answer = inflateSync(input, options);
  } catch (error) {
    throw new MalformedObject("a zlib stream is broken or longer than it says", { cause: error });
  }
  // with `info` zlib answers with buffer and engine, which @types/node does not know
  const { buffer, engine } = answer as {
    readonly buffer: Buffer;
    readonly engine: { readonly bytesWritten: number };
  };
  if (buffer.length !== length) throw new MalformedObject("a zlib stream is shorter than it says");
  return { bytes: buffer, taken: engine.bytesWritten };
}

const deflateAsync = promisify(deflate);
const isType = (word: string): word is ObjectType => ["commit", "tree", "blob", "tag"].includes(word);

/** An object as the file of a loose object holds it. */
export async function looseBytesOf({ type, bytes }: GitObject): Promise<Buffer> {
  const header = Buffer.from(`${type} ${bytes.length}\0`);
  return deflateAsync(Buffer.concat([header, bytes]), { level: 1 });
}

/**
 * The object in a loose object's file.
 *
 * @throws {MalformedObject} when the file does not hold the object of that name
 */
export function readLoose(file: Buffer, expected: Oid): GitObject {
  let content: Buffer;
  try {
    content = inflateSync(file, { maxOutputLength: OBJECT_LIMIT + 64 });
  } catch (error) {
    throw new MalformedObject(`the file of object ${expected} is damaged`, { cause: error });
  }
  const end = content.indexOf(0);
  const [type = ""] = content.toString("latin1", 0, Math.max(end, 0)).split(" ");
  if (!isType(type)) throw new MalformedObject(`the file of object ${expected} has no header`);
  const object = { type, bytes: content.subarray(end + 1) };
  if (oidOf(object) !== expected) throw new MalformedObject(`the file of object ${expected} holds another`);
  return object;
}
