import type { Oid } from "../domain/oid.ts";
import { ForgeError } from "../ports/forge.ts";
import type { History, HistoryCommit } from "../ports/history.ts";
import { type Commit, readCommit } from "./commit.ts";
import { type CommitReader, mergeBase } from "./merge-base.ts";
import type { Mirror } from "./mirror.ts";
import { MalformedObject } from "./object.ts";
import { changesBetween, entryAtPath, FOLDER, filesBelow } from "./tree.ts";

/**
 * The history of a lockbox repository, read from its mirror without a git program. Commits and trees are parsed
 * here, byte for byte as git has them: isomorphic-git's own readers tidy messages and refuse odd names, and a record
 * is evidence (ADR 0008). Every method throws a `ForgeError` when what it is asked about cannot be read.
 */
export function historyOf(mirror: Mirror): History {
  const commitAt = async (oid: Oid): Promise<Commit> => readCommit(await mirror.read(oid));
  return {
    refresh: (pulls) => mirror.refresh(pulls),
    resolve: (ref) => mirror.resolve(ref),
    commit: (oid) => guarded(async () => entryOf(oid, await commitAt(oid))),
    firstParents: (tip, until) =>
      guarded(async () => {
        const commits: HistoryCommit[] = [];
        for (let at: Oid | undefined = tip; at !== undefined && at !== until; ) {
          const commit: Commit = await commitAt(at);
          commits.push(entryOf(at, commit));
          at = commit.parents[0];
        }
        return commits.reverse();
      }),
    file: (commit, path) =>
      guarded(async () => {
        const entry = await entryAtPath((await commitAt(commit)).tree, path, mirror.read);
        return entry?.mode === FOLDER ? null : entry;
      }),
    files: (commit, folder) =>
      guarded(async () => {
        const path = folder.replace(/\/$/, "");
        const root = (await commitAt(commit)).tree;
        if (path === "") return filesBelow(root, "", mirror.read);
        const entry = await entryAtPath(root, path, mirror.read);
        return entry?.mode === FOLDER ? filesBelow(entry.oid, `${path}/`, mirror.read) : [];
      }),
    changes: (base, head) =>
      guarded(async () => {
        const after = (await commitAt(head)).tree;
        await commitAt(base);
        const common = await mergeBase(base, head, remembering(commitAt));
        return common === null ? null : changesBetween((await commitAt(common)).tree, after, mirror.read);
      }),
    blob: (oid) =>
      guarded(async () => {
        const { type, bytes } = await mirror.read(oid);
        if (type !== "blob") throw new MalformedObject(`object ${oid} is a ${type}, not a blob`);
        return bytes;
      }),
  };
}

function remembering(commitAt: CommitReader): CommitReader {
  const known = new Map<Oid, Promise<Commit>>();
  return (oid) => {
    const reading = known.get(oid) ?? commitAt(oid);
    known.set(oid, reading);
    return reading;
  };
}

function entryOf(oid: Oid, { message, parents }: Commit): HistoryCommit {
  return { oid, message, parents };
}

/** What cannot be read is not known now; the next refresh mends the mirror, and whoever asked tries again. */
async function guarded<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new ForgeError(`the mirror cannot be read: ${message}`, null, { cause: error });
  }
}
