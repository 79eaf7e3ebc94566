import type { ObjectStore } from "./objects.ts";
import { entryType, type TreeEntry, treeBody } from "./tree-data.ts";

/** One changed path of a tree: `oid` undefined takes the path away. */
export type TreeEdit = { path: string; mode: string; oid: string | undefined };

export type TreePath = TreeEntry & { path: string };

/** The entry at a path of a tree, as Git stores it: symlinks are not followed. */
export async function entryAt(
  objects: ObjectStore,
  treeOid: string,
  path: string,
): Promise<TreeEntry | undefined> {
  let tree = treeOid;
  const names = path.split("/");
  for (const [index, name] of names.entries()) {
    const entry = (await objects.tree(tree))?.find((candidate) => candidate.name === name);
    if (entry === undefined || index === names.length - 1) return entry;
    if (entryType(entry.mode) !== "tree") return undefined;
    tree = entry.oid;
  }
  return undefined;
}

/** Every entry of a tree and of the trees below it, in Git's order. */
export async function walkTree(objects: ObjectStore, treeOid: string, prefix = ""): Promise<TreePath[]> {
  const all: TreePath[] = [];
  for (const entry of (await objects.tree(treeOid)) ?? []) {
    const path = prefix + entry.name;
    all.push({ ...entry, path });
    if (entryType(entry.mode) === "tree") all.push(...(await walkTree(objects, entry.oid, `${path}/`)));
  }
  return all;
}

/**
 * Writes a tree with some paths set or taken away and tells its id. Throws `MissingPath` when a path to take
 * away is not there, as GitHub's tree API refuses it (github.md §2, "tree with deletion").
 */
export async function editTree(
  objects: ObjectStore,
  treeOid: string | undefined,
  edits: readonly TreeEdit[],
): Promise<string> {
  const entries = new Map(
    (treeOid === undefined ? [] : ((await objects.tree(treeOid)) ?? [])).map((e) => [e.name, e]),
  );
  const below = new Map<string, TreeEdit[]>();
  for (const edit of edits) {
    const slash = edit.path.indexOf("/");
    if (slash >= 0) {
      const folder = edit.path.slice(0, slash);
      below.set(folder, [...(below.get(folder) ?? []), { ...edit, path: edit.path.slice(slash + 1) }]);
    } else if (edit.oid !== undefined) {
      entries.set(edit.path, { mode: edit.mode, name: edit.path, oid: edit.oid });
    } else if (!entries.delete(edit.path)) {
      throw new MissingPath(edit.path);
    }
  }
  for (const [folder, inside] of below) {
    const entry = entries.get(folder);
    const old = entry !== undefined && entryType(entry.mode) === "tree" ? entry.oid : undefined;
    const oid = await editTree(objects, old, inside);
    if (((await objects.tree(oid)) ?? []).length === 0) entries.delete(folder);
    else entries.set(folder, { mode: "040000", name: folder, oid });
  }
  return objects.write("tree", treeBody([...entries.values()]));
}

/** A path that was to be removed and does not exist. */
export class MissingPath extends Error {}

/** Whether Git (with `core.protectNTFS` off) would check the path out: no empty part, no `..`, no `.git`. */
export function isTreePath(path: string): boolean {
  return (
    path !== "" &&
    !path.includes("\0") &&
    path
      .split("/")
      .every((part) => part !== "" && part !== "." && part !== ".." && part.toLowerCase() !== ".git")
  );
}
