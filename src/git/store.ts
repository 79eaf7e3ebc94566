import { readFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Oid, oid, parseOid } from "../domain/oid.ts";
import { isAbsent, writeWhole } from "./disk.ts";
import {
  DamagedMirror,
  type GitObject,
  looseBytesOf,
  MalformedObject,
  MissingObject,
  OBJECT_LIMIT,
  readLoose,
} from "./object.ts";
import { checkPack } from "./pack.ts";
import { indexOf, type PackIndex, readIndex } from "./pack-index.ts";
import { objectAt, type Placed, resolvedMemory, unpack } from "./unpack.ts";

/** So many bytes may lie beside the one pack before everything is better fetched anew, as one pack. */
const LOOSE_BYTES = 512 * 2 ** 20;
const EMPTY_TREE = oid("4b825dc642cb6eb9a060e54bf8d69288fbee4904");

/** So much would lie beside the pack that the mirror has to be built anew. */
export class NeedsRebuild extends Error {
  override readonly name = "NeedsRebuild";

  constructor() {
    super("a pack holds too much to lie beside another");
  }
}

/**
 * The objects of a bare repository: one pack, as it came first, and loose objects for everything that came later.
 * Packs do not add up, and nothing is searched for on disk: names are kept in memory, so one process owns the folder.
 */
export interface Store {
  /** Whether nothing has been put in yet. */
  isEmpty(): boolean;
  has(oid: Oid): boolean;
  /** An object; `MissingObject` when it is not there, `DamagedMirror` when it is not what was put in. */
  read(oid: Oid): GitObject;
  /**
   * Puts in what a pack holds; the first is kept as it is, later ones may be thin. `MalformedObject` when it is
   * damaged, `MissingObject` when a base is not there, `NeedsRebuild` when it is too much to lie beside the pack.
   */
  put(pack: Buffer): Promise<void>;
}

interface Pack {
  readonly bytes: Buffer;
  readonly index: PackIndex;
}

/**
 * The store in the folder `objects` of a bare repository, with at most `looseLimit` loose objects.
 *
 * @throws {MalformedObject} when its pack is damaged or there is more than one
 */
export async function openStore(
  folder: string,
  { looseLimit, signal }: { readonly looseLimit: number; readonly signal: AbortSignal },
): Promise<Store> {
  let pack = await loadPack(folder);
  let memory = resolvedMemory();
  const { names: loose, bytes } = await looseIn(folder);
  let looseBytes = bytes;
  const pause = (): Promise<unknown> => nextTurn(undefined, { signal });

  function read(name: Oid): GitObject {
    if (name === EMPTY_TREE) return { type: "tree", bytes: Buffer.alloc(0) };
    try {
      const place = pack?.index.find(name) ?? null;
      if (pack !== null && place !== null) return objectAt(pack.bytes, place, memory, read);
      if (!loose.has(name)) throw new MissingObject(name);
      return readLoose(readFileSync(pathOf(folder, name)), name);
    } catch (error) {
      if (error instanceof MissingObject || error instanceof DamagedMirror) throw error;
      throw new DamagedMirror(`object ${name} cannot be read`, { cause: error });
    }
  }

  const has = (name: Oid): boolean =>
    name === EMPTY_TREE || loose.has(name) || (pack?.index.find(name) ?? null) !== null;

  async function putLoose(incoming: Buffer): Promise<void> {
    if (loose.size + checkPack(incoming) > looseLimit || looseBytes > LOOSE_BYTES) throw new NeedsRebuild();
    const objects: { readonly object: GitObject; readonly name: Oid }[] = [];
    let length = 0;
    await unpack(
      incoming,
      (base) => (has(base) ? read(base) : null),
      (object, { oid: name }) => {
        length += object.bytes.length;
        if (length > 2 * OBJECT_LIMIT) throw new MalformedObject("a pack holds too many bytes");
        objects.push({ object, name });
      },
      pause,
    );
    for (const { object, name } of objects) {
      const file = await looseBytesOf(object);
      await writeWhole(pathOf(folder, name), file);
      loose.add(name);
      looseBytes += file.length;
    }
  }

  async function putFirst(incoming: Buffer): Promise<void> {
    const placed: Placed[] = [];
    await unpack(
      incoming,
      () => null,
      (_, place) => placed.push(place),
      pause,
    );
    const index = indexOf(incoming, placed);
    const name = `${folder}/pack/pack-${incoming.toString("hex", incoming.length - 20)}`;
    await writeWhole(`${name}.pack`, incoming);
    await writeWhole(`${name}.idx`, index);
    pack = { bytes: incoming, index: readIndex(index, incoming) };
    memory = resolvedMemory();
  }

  const isEmpty = (): boolean => pack === null && loose.size === 0;
  return { isEmpty, has, read, put: (incoming) => (isEmpty() ? putFirst(incoming) : putLoose(incoming)) };
}

function pathOf(folder: string, name: Oid): string {
  return `${folder}/${name.slice(0, 2)}/${name.slice(2)}`;
}

async function loadPack(folder: string): Promise<Pack | null> {
  const names = (await listed(`${folder}/pack`)).filter((name) => /^pack-[0-9a-f]{40}\.pack$/.test(name));
  const [name] = names;
  if (name === undefined) return null;
  if (names.length > 1) throw new MalformedObject("there are several packs");
  const bytes = await readFile(`${folder}/pack/${name}`);
  checkPack(bytes);
  const idx = await readFile(`${folder}/pack/${name.replace(/pack$/, "idx")}`);
  return { bytes, index: readIndex(idx, bytes) };
}

async function looseIn(folder: string): Promise<{ readonly names: Set<Oid>; readonly bytes: number }> {
  const names = new Set<Oid>();
  let bytes = 0;
  for (const first of await listed(folder)) {
    if (!/^[0-9a-f]{2}$/.test(first)) continue;
    for (const rest of await listed(`${folder}/${first}`)) {
      const name = parseOid(`${first}${rest}`);
      if (name === null) continue;
      names.add(name);
      bytes += (await stat(`${folder}/${first}/${rest}`)).size;
    }
  }
  return { names, bytes };
}

async function listed(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
