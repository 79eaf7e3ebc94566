import { hash } from "node:crypto";
import type { Oid } from "../domain/oid.ts";

/** A Git object: what it is and its bytes, without the header that is hashed with them. */
export interface GitObject {
  readonly type: "commit" | "tree" | "blob" | "tag";
  readonly bytes: Buffer;
}

/** Reads an object; throws `MissingObject` when it is not there. */
export type ReadObject = (oid: Oid) => Promise<GitObject>;

/** A repository as the readers of a history need it: its refs and its objects. */
export interface ObjectStore {
  /** Brings refs up to date; nothing to do where the repository lies on this machine. */
  refresh(pulls: readonly number[]): Promise<void>;
  /** The commit a ref points to; null when there is no such ref. */
  resolve(ref: string): Promise<Oid | null>;
  readonly read: ReadObject;
}

/** An object is not in the repository. */
export class MissingObject extends Error {
  override readonly name = "MissingObject";

  constructor(missing: Oid) {
    super(`object ${missing} is not in the repository`);
  }
}

/** Bytes are not what Git would have written: damaged, or made to confuse. */
export class MalformedObject extends Error {
  override readonly name = "MalformedObject";
}

/**
 * The object, if its name is the hash of its content: a repository that somebody hands over on a disk may hold a pack
 * whose index lies.
 *
 * @throws {MalformedObject} when it is not
 */
export function hashed(oid: Oid, object: GitObject): GitObject {
  const { type, bytes } = object;
  if (hash("sha1", Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])) === oid) return object;
  throw new MalformedObject(`object ${oid} is damaged: its content has another hash`);
}
