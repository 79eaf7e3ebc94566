import { type Oid, oid } from "../domain/oid.ts";
import type { FileChange, TreeEntry } from "../domain/request.ts";
import type { TreeFile } from "../ports/history.ts";
import { type GitObject, MalformedObject, type ReadObject } from "./object.ts";

/**
 * The bytes of a path, one character each: two names that are no UTF-8 may look alike once they are decoded, and
 * must not be taken for one.
 */
type RawPath = string;

interface Entry extends TreeEntry {
  readonly name: RawPath;
  readonly folder: boolean;
}

/** A small pack can describe a tree without end: beyond this it is not walked. GitHub itself lists at most 100,000. */
const ENTRY_LIMIT = 500_000;

/** A tree has more entries than this product reads. */
export class TooManyEntries extends Error {
  override readonly name = "TooManyEntries";
}

/**
 * Every file below a tree, in Git's order; links and submodules are files here.
 *
 * @throws {TooManyEntries} when there are more than `limit`
 */
export async function filesBelow(
  root: Oid,
  prefix: string,
  read: ReadObject,
  limit = ENTRY_LIMIT,
): Promise<TreeFile[]> {
  const found: TreeFile[] = [];
  const budget = budgetOf(limit);
  const entriesAt = treeReader(read);
  const stack: { readonly path: RawPath; readonly entry: Entry }[] = [];
  const push = async (tree: Oid, path: RawPath): Promise<void> => {
    const entries = await entriesAt(tree);
    budget(entries.length);
    for (const entry of entries.toReversed()) stack.push({ path: `${path}${entry.name}`, entry });
  };
  await push(root, rawOf(prefix));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { path, entry } = top;
    if (entry.folder) await push(entry.oid, `${path}/`);
    else found.push({ path: textOf(path), mode: entry.mode, oid: entry.oid });
  }
  return found;
}

/** The entry at a path below a tree, folders included (mode `040000`); null when there is none. */
export async function entryAtPath(root: Oid, path: string, read: ReadObject): Promise<TreeEntry | null> {
  let at: TreeEntry = { mode: FOLDER, oid: root };
  for (const name of rawOf(path).split("/")) {
    if (at.mode !== FOLDER) return null;
    const next = entriesOf(await read(at.oid)).find((entry) => entry.name === name);
    if (next === undefined) return null;
    at = { mode: next.mode, oid: next.oid };
  }
  return at;
}

/**
 * The paths at which two trees differ, as `git diff --raw --no-renames` says it, in the order of their bytes; subtrees
 * of one name are not opened. Null is the empty tree.
 *
 * @throws {TooManyEntries} when more than `limit` entries had to be looked at
 */
export async function changesBetween(
  before: Oid | null,
  after: Oid,
  read: ReadObject,
  limit = ENTRY_LIMIT,
): Promise<FileChange[]> {
  const changes: { readonly path: RawPath; readonly change: FileChange }[] = [];
  const budget = budgetOf(limit);
  const pairs: { readonly path: RawPath; readonly before: Oid | null; readonly after: Oid | null }[] = [
    { path: "", before, after },
  ];
  const entriesAt = treeReader(read);
  const open = async (tree: Oid | null): Promise<readonly Entry[]> => {
    const entries = tree === null ? [] : await entriesAt(tree);
    budget(entries.length);
    return entries;
  };
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const { path } = pair;
    if (pair.before === pair.after) continue;
    const sides = new Map<RawPath, { before: Entry | null; after: Entry | null }>();
    // a file and a folder of one name are two things: one goes, the other comes
    const keyOf = ({ name, folder }: Entry): RawPath => (folder ? `${name}/` : name);
    for (const entry of await open(pair.before)) sides.set(keyOf(entry), { before: entry, after: null });
    for (const entry of await open(pair.after)) {
      sides.set(keyOf(entry), { before: sides.get(keyOf(entry))?.before ?? null, after: entry });
    }
    for (const [name, side] of sides) {
      const { before: old, after: young } = side;
      if (old?.oid === young?.oid && old?.mode === young?.mode) continue;
      if (name.endsWith("/")) {
        pairs.push({ path: `${path}${name}`, before: old?.oid ?? null, after: young?.oid ?? null });
      } else {
        const at = `${path}${name}`;
        changes.push({
          path: at,
          change: { path: textOf(at), before: old && bare(old), after: young && bare(young) },
        });
      }
    }
  }
  return changes
    .sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0))
    .map(({ change }) => change);
}

/** Reads trees of one walk; a tree that stands in many places is read once. */
function treeReader(read: ReadObject): (tree: Oid) => Promise<readonly Entry[]> {
  const known = new Map<Oid, Promise<readonly Entry[]>>();
  return (tree) => {
    const reading = known.get(tree) ?? read(tree).then(entriesOf);
    known.set(tree, reading);
    return reading;
  };
}

function entriesOf({ type, bytes }: GitObject): Entry[] {
  if (type !== "tree") throw new MalformedObject(`a ${type} stands where a tree is expected`);
  const entries: Entry[] = [];
  const names = new Set<RawPath>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = space === -1 ? -1 : bytes.indexOf(0, space);
    if (end === -1 || end + 21 > bytes.length) throw new MalformedObject("a tree is cut short");
    const mode = canonical(Number.parseInt(bytes.toString("latin1", at, space), 8));
    const name = bytes.toString("latin1", space + 1, end);
    // INVARIANT 4: of two entries with one name, nobody can say which one counts
    if (name === "" || name.includes("/") || names.has(name)) {
      throw new MalformedObject("a tree has an entry without a name of its own");
    }
    names.add(name);
    entries.push({ name, mode, folder: mode === FOLDER, oid: oid(bytes.toString("hex", end + 1, end + 21)) });
    at = end + 21;
  }
  return entries;
}

export const FOLDER = "040000";
const SUBMODULE = "160000";

/** A mode as Git shows it, whatever old programs wrote. Source: Git's `cache.h`, `canon_mode`. */
function canonical(mode: number): string {
  const kind = mode & 0o170000;
  if (kind === 0o100000) return mode & 0o100 ? "100755" : "100644";
  if (kind === 0o120000) return "120000";
  return kind === 0o040000 ? FOLDER : SUBMODULE;
}

function bare({ mode, oid: object }: Entry): TreeEntry {
  return { mode, oid: object };
}

function budgetOf(limit: number): (entries: number) => void {
  let left = limit;
  return (entries) => {
    left -= entries;
    if (left < 0) throw new TooManyEntries(`there are more than ${limit} files`);
  };
}

const rawOf = (path: string): RawPath => Buffer.from(path, "utf8").toString("latin1");
const textOf = (path: RawPath): string => Buffer.from(path, "latin1").toString("utf8");
