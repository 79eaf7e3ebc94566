import { type Oid, parseOid } from "../domain/oid.ts";
import { type GitObject, MalformedObject } from "./object.ts";

/** What a commit says, as far as this product reads it. */
export interface Commit {
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  /** Seconds since 1970 at which it was committed; 0 when it does not say. */
  readonly committedAt: number;
  readonly message: string;
}

/**
 * Reads a commit as Git does: `tree` first, then the run of `parent` lines; what stands further down is an extra
 * header and names no parent. Source: Git's `commit.c`, `parse_commit_buffer`.
 *
 * @throws {MalformedObject} when it is no commit
 */
export function readCommit({ type, bytes }: GitObject): Commit {
  if (type !== "commit") throw new MalformedObject(`a ${type} stands where a commit is expected`);
  const blank = bytes.indexOf("\n\n");
  const lines = bytes.toString("latin1", 0, blank === -1 ? bytes.length : blank).split("\n");
  const tree = parseOid(fieldOf(lines[0], "tree") ?? "");
  if (tree === null) throw new MalformedObject("a commit names no tree");
  const parents: Oid[] = [];
  for (const line of lines.slice(1)) {
    const value = fieldOf(line, "parent");
    if (value === null) break;
    const parent = parseOid(value);
    if (parent === null) throw new MalformedObject("a commit names a parent that is no object id");
    parents.push(parent);
  }
  const header = (name: string): string | null =>
    lines.map((line) => fieldOf(line, name)).find((value) => value !== null) ?? null;
  const date = / (\d{1,15}) [+-]\d+$/.exec(header("committer") ?? "");
  return {
    tree,
    parents,
    committedAt: Number(date?.[1] ?? 0),
    message: blank === -1 ? "" : decode(bytes.subarray(blank + 2), header("encoding")),
  };
}

function fieldOf(line: string | undefined, name: string): string | null {
  return line?.startsWith(`${name} `) ? line.slice(name.length + 1) : null;
}

/** The message as `git log --format=%B` shows it: up to a NUL, in the encoding that the commit names. */
function decode(bytes: Buffer, encoding: string | null): string {
  const nul = bytes.indexOf(0);
  const message = nul === -1 ? bytes : bytes.subarray(0, nul);
  if (encoding === null) return message.toString("utf8");
  if (/^(?:iso-?8859-1|latin-?1)$/i.test(encoding)) return message.toString("latin1");
  try {
    return new TextDecoder(encoding, { ignoreBOM: true }).decode(message);
  } catch {
    return message.toString("utf8");
  }
}
