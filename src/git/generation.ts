import { mkdir, readFile, rm } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Oid, parseOid } from "../domain/oid.ts";
import { readCommit } from "./commit.ts";
import { writeWhole } from "./disk.ts";
import { DamagedMirror, MissingObject } from "./object.ts";
import { openStore, type Store } from "./store.ts";
import { partsOf } from "./tree.ts";

/** Where a mirror lives, what it follows, how many loose objects it may hold, and what ends its work. */
export interface Place {
  readonly dir: string;
  readonly url: string;
  readonly branch: () => string;
  readonly looseLimit: number;
  readonly signal: AbortSignal;
}

/**
 * One bare repository on disk, as any Git program reads it. It counts only once its refs are written, which is the
 * last thing that happens to a new one; it is never repaired, but followed by the next generation.
 */
export interface Generation {
  readonly gitdir: string;
  readonly store: Store;
  readonly refs: ReadonlyMap<string, Oid>;
  /** Trees below which everything is known to be there. */
  readonly complete: Set<Oid>;
  /** Replaces all refs at once. Their objects have to be there. */
  save(refs: ReadonlyMap<string, Oid>): Promise<void>;
}

/** An empty generation at `gitdir`, in place of whatever was there. */
export async function newGeneration(gitdir: string, place: Place): Promise<Generation> {
  await rm(gitdir, { recursive: true, force: true });
  await mkdir(`${gitdir}/objects/pack`, { recursive: true, mode: 0o700 });
  await mkdir(`${gitdir}/refs`);
  await writeWhole(`${gitdir}/HEAD`, `ref: refs/heads/${place.branch()}\n`);
  await writeWhole(`${gitdir}/config`, configFor(place.url));
  return generation(gitdir, new Map(), await openStore(`${gitdir}/objects`, place));
}

/**
 * The generation at `gitdir`, checked: its pack and index by their checksums, every ref by the commit and all the
 * files that it leads to.
 *
 * @throws when it is incomplete, damaged, or of another repository
 */
export async function openGeneration(gitdir: string, place: Place): Promise<Generation> {
  const config = await readFile(`${gitdir}/config`, "utf8");
  if (config !== configFor(place.url)) throw new DamagedMirror("the mirror is another repository's");
  const refs = parseRefs(await readFile(`${gitdir}/packed-refs`, "utf8"));
  const opened = generation(gitdir, refs, await openStore(`${gitdir}/objects`, place));
  await checkTips(opened, refs.values());
  return opened;
}

function generation(gitdir: string, refs: ReadonlyMap<string, Oid>, store: Store): Generation {
  let current = refs;
  return {
    gitdir,
    store,
    complete: new Set(),
    get refs() {
      return current;
    },
    async save(next) {
      await writeWhole(`${gitdir}/packed-refs`, printRefs(next));
      current = next;
    },
  };
}

/**
 * Makes sure that commits, their parents, and every tree and file they lead to are there.
 *
 * @throws {MissingObject} when one is not
 * @throws {MalformedObject} when one is not well-formed
 */
export async function checkTips({ store, complete }: Generation, tips: Iterable<Oid>): Promise<void> {
  const present = (oid: Oid): void => {
    if (!store.has(oid)) throw new MissingObject(oid);
  };
  const opened: Oid[] = [];
  for (const tip of new Set(tips)) {
    const { tree, parents } = readCommit(store.read(tip));
    for (const parent of parents) present(parent);
    const open = [tree];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (complete.has(next)) continue;
      complete.add(next);
      opened.push(next);
      if (opened.length % 100 === 0) await nextTurn();
      try {
        const { trees, blobs } = partsOf(store.read(next));
        for (const blob of blobs) present(blob);
        for (const subtree of trees) open.push(subtree);
      } catch (error) {
        for (const tree of opened) complete.delete(tree);
        throw error;
      }
    }
  }
}

/** Git's `packed-refs`: all refs in one file, so that they change at once and no name can be a folder's. */
function printRefs(refs: ReadonlyMap<string, Oid>): string {
  const lines = [...refs].map(([name, oid]) => `${oid} ${name}\n`);
  const byName = (one: string, other: string): number =>
    Buffer.from(one.slice(41)).compare(Buffer.from(other.slice(41)));
  return ["# pack-refs with: peeled fully-peeled sorted \n", ...lines.sort(byName)].join("");
}

function parseRefs(text: string): ReadonlyMap<string, Oid> {
  const refs = new Map<string, Oid>();
  if (!text.endsWith("\n")) throw new DamagedMirror("the list of refs is cut short");
  for (const line of text.split("\n").slice(1, -1)) {
    const oid = parseOid(line.slice(0, 40));
    if (oid === null || line[40] !== " ") throw new DamagedMirror("the list of refs is damaged");
    refs.set(line.slice(41), oid);
  }
  return refs;
}

function configFor(url: string): string {
  return `[core]\n\trepositoryformatversion = 0\n\tbare = true\n[remote "origin"]\n\turl = ${JSON.stringify(url)}\n`;
}
