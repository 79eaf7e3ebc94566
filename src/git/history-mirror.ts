import { setImmediate as nextTurn } from "node:timers/promises";
import type { Oid } from "../domain/oid.ts";
import { ForgeError } from "../ports/forge.ts";
import type { History, HistoryCommit } from "../ports/history.ts";
import { type Commit, readCommit } from "./commit.ts";
import type { Keeper } from "./keeper.ts";
import { type CommitReader, mergeBase } from "./merge-base.ts";
import { MalformedObject } from "./object.ts";
import type { Store } from "./store.ts";
import { changesBetween, entryAtPath, filesBelow } from "./tree.ts";

/** So many commits are read before others get their turn. */
const STRIDE = 500;

/**
 * The history of a lockbox repository, read from its mirror without a Git program. Every method throws a
 * `ForgeError` when what it is asked about is not in the mirror (refresh first) or the mirror is damaged.
 */
export function historyOf(keeper: Keeper): History {
  function known(store: Store, oid: Oid, what: string): void {
    if (store.has(oid)) return;
    keeper.doubt();
    throw new ForgeError(`${what} ${oid} is not in the mirror`);
  }
  function rootOf(store: Store, commit: Oid): Oid {
    known(store, commit, "commit");
    return readCommit(store.read(commit)).tree;
  }
  return {
    refresh: (pulls) => keeper.refresh(pulls),
    resolve: (ref) => keeper.resolve(ref),
    commit: (oid) =>
      keeper.read(async (store) => {
        known(store, oid, "commit");
        return entryOf(oid, readCommit(store.read(oid)));
      }),
    firstParents: (tip, until) =>
      keeper.read(async (store, signal) => {
        known(store, tip, "commit");
        const commits: HistoryCommit[] = [];
        for (let at: Oid | undefined = tip; at !== undefined && at !== until; ) {
          const commit = readCommit(store.read(at));
          commits.push(entryOf(at, commit));
          at = commit.parents[0];
          if (commits.length % STRIDE === 0) await nextTurn(undefined, { signal });
        }
        return commits.reverse();
      }),
    files: (commit, folder) =>
      keeper.read(async (store) => {
        const read = store.read;
        const path = folder.replace(/\/$/, "");
        const root = rootOf(store, commit);
        if (path === "") return filesBelow(root, "", read);
        const entry = entryAtPath(root, path, read);
        return entry?.mode === "040000" ? filesBelow(entry.oid, `${path}/`, read) : [];
      }),
    file: (commit, path) =>
      keeper.read(async (store) => {
        const entry = entryAtPath(rootOf(store, commit), path, store.read);
        return entry?.mode === "040000" ? null : entry;
      }),
    changes: (base, head) =>
      keeper.read(async (store) => {
        const [, after] = [rootOf(store, base), rootOf(store, head)];
        const common = mergeBase(base, head, readerOf(store));
        return common === null ? null : changesBetween(rootOf(store, common), after, store.read);
      }),
    blob: (oid) =>
      keeper.read(async (store) => {
        known(store, oid, "blob");
        const { type, bytes } = store.read(oid);
        if (type !== "blob") throw new MalformedObject(`object ${oid} is a ${type}, not a blob`);
        return bytes;
      }),
  };
}

function entryOf(oid: Oid, { message, parents }: Commit): HistoryCommit {
  return { oid, message, parents };
}

function readerOf(store: Store): CommitReader {
  const read = new Map<Oid, Commit>();
  return (oid) => {
    const known = read.get(oid);
    if (known !== undefined) return known;
    const commit = readCommit(store.read(oid));
    read.set(oid, commit);
    return commit;
  };
}
