export type TreeEntry = { mode: string; name: string; oid: string };

export type EntryType = "blob" | "tree" | "commit";

/** Reads the body of a tree object. */
export function parseTree(body: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < body.length) {
    const space = body.indexOf(0x20, at);
    const end = body.indexOf(0, space);
    entries.push({
      mode: body.subarray(at, space).toString("utf8").padStart(6, "0"),
      name: body.subarray(space + 1, end).toString("utf8"),
      oid: body.subarray(end + 1, end + 21).toString("hex"),
    });
    at = end + 21;
  }
  return entries;
}

/** Writes the body of a tree object, in Git's order: a folder sorts as if its name ended in a slash. */
export function treeBody(entries: readonly TreeEntry[]): Buffer {
  const key = (entry: TreeEntry) => Buffer.from(entry.mode === "040000" ? `${entry.name}/` : entry.name);
  const sorted = [...entries].sort((a, b) => Buffer.compare(key(a), key(b)));
  return Buffer.concat(
    sorted.map((entry) =>
      Buffer.concat([
        Buffer.from(`${entry.mode.replace(/^0/, "")} ${entry.name}\0`),
        Buffer.from(entry.oid, "hex"),
      ]),
    ),
  );
}

/** What an entry's mode says it is. */
export function entryType(mode: string): EntryType {
  if (mode === "040000") return "tree";
  return mode === "160000" ? "commit" : "blob";
}
