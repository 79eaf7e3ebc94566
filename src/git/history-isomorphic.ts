import type { Oid } from "../domain/oid.ts";
import type { FileChange } from "../domain/request.ts";
import { instantOf } from "../domain/time.ts";
import { ForgeError } from "../ports/forge.ts";
import type { ChangingCommit, History, HistoryCommit } from "../ports/history.ts";
import { type Commit, readCommit } from "./commit.ts";
import { type CommitReader, mergeBase } from "./merge-base.ts";
import { MalformedObject, type ObjectStore } from "./object.ts";
import { changesBetween, entryAtPath, FOLDER, filesBelow } from "./tree.ts";

/** How many commits a portion of a walk holds. */
const PORTION = 500;

/**
 * The history of a lockbox repository, read object by object, without a git program. Commits and trees are parsed
 * here, byte for byte as git has them: isomorphic-git's own readers tidy messages and refuse odd names, and a record
 * is evidence (ADR 0008). Every method throws a `ForgeError` when what it is asked about cannot be read.
 */
export function historyOf(store: ObjectStore): History {
  const commitAt = async (oid: Oid): Promise<Commit> => readCommit(await store.read(oid));
  const firstParents = (tip: Oid, until: Oid | null): Promise<readonly HistoryCommit[]> =>
    guarded(async () => {
      const commits: HistoryCommit[] = [];
      for (let at: Oid | undefined = tip; at !== undefined && at !== until; ) {
        const commit: Commit = await commitAt(at);
        commits.push(entryOf(at, commit));
        at = commit.parents[0];
      }
      return commits.reverse();
    });
  const walk = async function* (tip: Oid, until: Oid | null): AsyncGenerator<readonly HistoryCommit[]> {
    const commits = await firstParents(tip, until);
    for (let at = 0; at < commits.length; at += PORTION) yield commits.slice(at, at + PORTION);
  };
  const changesOf = (commit: HistoryCommit): Promise<readonly FileChange[]> =>
    guarded(async () => {
      const { tree, parents } = await commitAt(commit.oid);
      const [parent] = parents;
      const before = parent === undefined ? null : (await commitAt(parent)).tree;
      return changesBetween(before, tree, store.read);
    });
  return {
    refresh: (pulls) => store.refresh(pulls),
    resolve: (ref) => store.resolve(ref),
    commit: (oid) => guarded(async () => entryOf(oid, await commitAt(oid))),
    firstParents,
    walk,
    async *walkChanges(tip, until) {
      for await (const commits of walk(tip, until)) {
        const portion: ChangingCommit[] = [];
        for (const commit of commits) portion.push({ ...commit, changes: await changesOf(commit) });
        yield portion;
      }
    },
    file: (commit, path) =>
      guarded(async () => {
        const entry = await entryAtPath((await commitAt(commit)).tree, path, store.read);
        return entry?.mode === FOLDER ? null : entry;
      }),
    files: (commit, folder) =>
      guarded(async () => {
        const path = folder.replace(/\/$/, "");
        const root = (await commitAt(commit)).tree;
        if (path === "") return filesBelow(root, "", store.read);
        const entry = await entryAtPath(root, path, store.read);
        return entry?.mode === FOLDER ? filesBelow(entry.oid, `${path}/`, store.read) : [];
      }),
    changes: (base, head) =>
      guarded(async () => {
        const after = (await commitAt(head)).tree;
        await commitAt(base);
        const common = await mergeBase(base, head, remembering(commitAt));
        return common === null ? null : changesBetween((await commitAt(common)).tree, after, store.read);
      }),
    blob: (oid) =>
      guarded(async () => {
        const { type, bytes } = await store.read(oid);
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

/** A commit of a history as a commit object says it. */
export function entryOf(oid: Oid, { message, parents, committedAt }: Commit): HistoryCommit {
  return { oid, message, parents, committedAt: instantOf(committedAt * 1000) };
}

/** What cannot be read is not known now; the next refresh mends a mirror, and whoever asked tries again. */
export async function guarded<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new ForgeError(`the repository cannot be read: ${message}`, null, { cause: error });
  }
}
