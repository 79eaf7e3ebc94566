import type { Oid } from "../domain/oid.ts";

/** A Git object: what it is and its bytes, without the header that is hashed with them. */
export interface GitObject {
  readonly type: "commit" | "tree" | "blob" | "tag";
  readonly bytes: Buffer;
}

/** Reads an object of the mirror; throws `MissingObject` when it is not there. */
export type ReadObject = (oid: Oid) => Promise<GitObject>;

/** An object is not in the mirror. */
export class MissingObject extends Error {
  override readonly name = "MissingObject";

  constructor(missing: Oid) {
    super(`object ${missing} is not in the mirror`);
  }
}

/** Bytes are not what Git would have written: damaged, or made to confuse. */
export class MalformedObject extends Error {
  override readonly name = "MalformedObject";
}
