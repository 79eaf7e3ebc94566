import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Oid, oid } from "../../src/domain/oid.ts";
import { type GitObject, OBJECT_LIMIT, oidOf } from "../../src/git/object.ts";
import { indexOf, readIndex } from "../../src/git/pack-index.ts";
import { objectAt, type Placed, resolvedMemory, unpack } from "../../src/git/unpack.ts";
import { gitBytes } from "./git-program.ts";
import { newRepository, type Repository } from "./repository.ts";

const blob = (text: string): GitObject => ({ type: "blob", bytes: Buffer.from(text) });
const nothing = (): null => null;

/** A pack written by hand; each entry is its type, the bytes between header and stream, and the stream's content. */
function packOf(
  entries: readonly (readonly [number, Buffer, Buffer, number?])[],
  count = entries.length,
): Buffer {
  const header = Buffer.from("PACK\0\0\0\u0002\0\0\0\0", "latin1");
  header.writeUInt32BE(count, 8);
  const parts = entries.map(([type, base, content, size = content.length]) => {
    const bytes = [(type << 4) | (size & 15)];
    for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
      bytes.push((bytes.pop() ?? 0) | 128, rest & 127);
    }
    return Buffer.concat([Buffer.from(bytes), base, deflateSync(content)]);
  });
  const body = Buffer.concat([header, ...parts]);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

/** A delta that copies the whole base (shorter than 128 bytes) and appends a text. */
function appending(base: string, text: string): Buffer {
  const sizes = [base.length, base.length + text.length];
  return Buffer.from([...sizes, 0x90, base.length, text.length, ...Buffer.from(text)]);
}

async function read(pack: Buffer, elsewhere: (base: Oid) => GitObject | null = nothing): Promise<string[]> {
  const found: string[] = [];
  await unpack(pack, elsewhere, ({ bytes }) => found.push(bytes.toString()));
  return found;
}

const none = Buffer.alloc(0);
const named = (object: GitObject): Buffer => Buffer.from(oidOf(object), "hex");

describe("packs of git", () => {
  let repository: Repository;
  beforeEach(() => {
    repository = newRepository();
  });
  afterEach(() => repository.remove());

  it.each([
    [["--delta-base-offset", "--depth=50"]],
    [["--depth=50"]],
    [["--depth=0"]],
    [["--delta-base-offset", "--depth=4000", "--window=300"]],
  ])("are indexed and read as git does: %j", async (options) => {
    const parents: Oid[] = [];
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index} ${"x".repeat(index % 40)}`);
    for (let index = 0; index < 12; index += 1) {
      lines[index * 7] = `changed ${index}`;
      const edits = { "a/long": lines.join("\n"), [`b/${index}`]: `${index}`, empty: "" };
      parents.unshift(repository.commit({ parents: parents.slice(0, 1), edits }));
    }
    repository.point("refs/heads/main", parents[0] ?? null);
    repository.run(["tag", "-a", "v1", "-m", "a tag", "main"]);
    const folder = join(repository.root, "packs");
    mkdirSync(folder);
    const input = repository.run(["rev-list", "--objects", "--all"]);
    repository.run(["pack-objects", "--quiet", "--no-reuse-delta", ...options, join(folder, "pack")], {
      input,
    });
    const file = (ending: string): Buffer =>
      readFileSync(join(folder, readdirSync(folder).find((name) => name.endsWith(ending)) ?? ""));
    const pack = file(".pack");

    const placed: Placed[] = [];
    await unpack(pack, nothing, (_, place) => placed.push(place));
    const idx = indexOf(pack, placed);
    expect(Buffer.compare(idx, file(".idx"))).toBe(0);

    const index = readIndex(idx, pack);
    expect(index.size).toBe(placed.length);
    const memory = resolvedMemory();
    const elsewhere = (base: Oid): GitObject => objectAt(pack, index.find(base) ?? 0, memory, elsewhere);
    for (const { oid: name } of placed) {
      const object = elsewhere(name);
      expect(oidOf(object)).toBe(name);
      expect(object.bytes.equals(gitBytes(repository.path, ["cat-file", object.type, name]))).toBe(true);
    }
    for (const absent of ["00", "7f", "ff"]) expect(index.find(oid(absent.repeat(20)))).toBeNull();
  });
});

describe("packs by hand", () => {
  it("may be empty", async () => {
    expect(await read(packOf([]))).toEqual([]);
  });

  it("may name a base that comes later, and a base of that base later still", async () => {
    const [one, two] = [blob("one"), blob("one, two")];
    const pack = packOf([
      [7, named(two), appending("one, two", ", three")],
      [7, named(one), appending("one", ", two")],
      [3, none, one.bytes],
    ]);
    expect((await read(pack)).sort()).toEqual(["one", "one, two", "one, two, three"]);
  });

  it("may name a base that is elsewhere, and stand on such a delta", async () => {
    const pack = packOf([
      [7, named(blob("one")), appending("one", "!")],
      [6, Buffer.from([31]), appending("one!", "?")],
    ]);
    const distance = pack.indexOf(deflateSync(appending("one!", "?"))) - 2 - 12;
    const right = packOf([
      [7, named(blob("one")), appending("one", "!")],
      [6, Buffer.from([distance]), appending("one!", "?")],
    ]);
    expect(await read(right, (base) => (base === oidOf(blob("one")) ? blob("one") : null))).toEqual([
      "one!",
      "one!?",
    ]);
  });

  it.each<[string, Buffer, RegExp]>([
    ["has no header", Buffer.from("PACK"), /no pack of version 2/],
    ["is an error page", Buffer.alloc(100, "<p>"), /no pack of version 2/],
    [
      "has a wrong checksum",
      Buffer.concat([packOf([[3, none, none]]).subarray(0, -1), Buffer.from([0])]),
      /checksum/,
    ],
    ["has fewer entries than it says", packOf([[3, none, none]], 2), /cut short/],
    ["has more entries than it says", packOf([[3, none, none]], 0), /more entries than it says/],
    ["has an entry of no type", packOf([[5, none, none]]), /the type 5/],
    ["has an entry of type 0", packOf([[0, none, none]]), /the type 0/],
    ["has a base before its beginning", packOf([[6, Buffer.from([100]), none]]), /no base/],
    ["has a base at its own place", packOf([[6, Buffer.from([0]), none]]), /no base/],
    ["has a base that is nowhere", packOf([[7, named(blob("?")), appending("?", "!")]]), /not in the mirror/],
    ["inflates to less than it says", packOf([[3, none, Buffer.from("abc"), 9]]), /shorter than it says/],
    ["inflates to more than it says", packOf([[3, none, Buffer.alloc(9999), 3]]), /longer than it says/],
    ["says it is huge", packOf([[3, none, none, OBJECT_LIMIT + 1]]), /too long/],
    ["says it is absurd", packOf([[3, none, none, 2 ** 60]]), /no length|too long/],
  ])("%s: is refused", async (_, pack, sentence) => {
    await expect(read(pack)).rejects.toThrow(sentence);
  });

  it("whose deltas stand on each other is refused", async () => {
    const [one, two] = [blob("one"), blob("two")];
    const pack = packOf([
      [7, named(two), appending("two", "")],
      [7, named(one), appending("one", "")],
    ]);
    await expect(read(pack)).rejects.toThrow(/not in the mirror/);
  });

  it("whose index is damaged or another's is refused", async () => {
    const pack = packOf([[3, none, Buffer.from("one")]]);
    const placed: Placed[] = [];
    await unpack(pack, nothing, (_, place) => placed.push(place));
    const idx = indexOf(pack, placed);
    expect(() => readIndex(idx, packOf([[3, none, Buffer.from("two")]]))).toThrow(/another pack's/);
    expect(() => readIndex(idx.subarray(0, -1), pack)).toThrow(/damaged/);
    expect(() => readIndex(none, pack)).toThrow(/damaged/);
    const flipped = Buffer.from(idx);
    flipped.writeUInt8(1, 1040);
    expect(() => readIndex(flipped, pack)).toThrow(/checksum/);
  });
});
