import { setImmediate as nextTurn } from "node:timers/promises";
import { type Oid, oid } from "../domain/oid.ts";
import { applyDelta } from "./delta.ts";
import { type GitObject, MalformedObject, MissingObject, oidOf } from "./object.ts";
import { checkPack, entryAt, FIRST_ENTRY } from "./pack.ts";
import { type Recent, recentWithin } from "./recent.ts";

/** Whole objects of a pack by the place of their entry; bases of deltas are looked for here first. */
export type Resolved = Recent<number, GitObject>;

const CACHE_BYTES = 32 * 2 ** 20;
/** So many entries are read before others get their turn. */
const STRIDE = 200;

/** Where an object begins and ends in a pack. */
export interface Placed {
  readonly oid: Oid;
  readonly start: number;
  readonly end: number;
}

export function resolvedMemory(): Resolved {
  return recentWithin(CACHE_BYTES);
}

/**
 * The object at a place of a pack, its chain of deltas followed without recursion. `elsewhere` gives bases that a
 * delta names by object id.
 *
 * @throws {MalformedObject} when the pack is broken there
 */
export function objectAt(
  pack: Buffer,
  place: number,
  memory: Resolved,
  elsewhere: (base: Oid) => GitObject,
): GitObject {
  const deltas: { readonly start: number; readonly bytes: Buffer }[] = [];
  let object: GitObject | undefined;
  for (let start = place; object === undefined; ) {
    object = memory.get(start);
    if (object !== undefined) break;
    const entry = entryAt(pack, start);
    if (entry.kind === "whole") {
      object = entry;
      if (deltas.length > 0) memory.set(start, object, object.bytes.length);
      break;
    }
    deltas.push({ start, bytes: entry.bytes });
    if (entry.kind === "on") object = elsewhere(oid(entry.base));
    else start = entry.base;
  }
  for (const { start, bytes } of deltas.toReversed()) {
    object = { type: object.type, bytes: applyDelta(object.bytes, bytes) };
    memory.set(start, object, object.bytes.length);
  }
  return object;
}

/**
 * Reads a pack from its first entry to its last and hands over every object with its name and place. A base may stand
 * later in the pack than the delta that names it; what is in neither pack nor `elsewhere` is missing. Now and then it
 * waits for `pause`, which may end the work by throwing.
 *
 * @throws {MalformedObject} when the pack is broken
 * @throws {MissingObject} when the base of a delta is nowhere
 */
export async function unpack(
  pack: Buffer,
  elsewhere: (base: Oid) => GitObject | null,
  found: (object: GitObject, place: Placed) => void,
  pause: () => Promise<unknown> = () => nextTurn(),
): Promise<void> {
  const count = checkPack(pack);
  const memory = resolvedMemory();
  const places = new Map<Oid, number>();
  let waiting: { readonly start: number; readonly end: number }[] = [];
  const base = (name: Oid): GitObject => {
    const place = places.get(name);
    const object = place === undefined ? elsewhere(name) : objectAt(pack, place, memory, base);
    if (object === null) throw new MissingObject(name);
    return object;
  };
  const take = (start: number, end: number, object: GitObject): void => {
    memory.set(start, object, object.bytes.length);
    const name = oidOf(object);
    places.set(name, start);
    found(object, { oid: name, start, end });
  };

  let start = FIRST_ENTRY;
  for (let index = 0; index < count; index += 1) {
    if (index % STRIDE === STRIDE - 1) await pause();
    const entry = entryAt(pack, start);
    if (entry.kind === "whole") {
      take(start, entry.end, entry);
    } else {
      const whole = attempt(() => {
        const under = entry.kind === "on" ? base(oid(entry.base)) : objectAt(pack, entry.base, memory, base);
        return { type: under.type, bytes: applyDelta(under.bytes, entry.bytes) };
      });
      if (whole === null) waiting.push({ start, end: entry.end });
      else take(start, entry.end, whole);
    }
    start = entry.end;
  }
  if (start !== pack.length - 20) throw new MalformedObject("a pack has more entries than it says");

  while (waiting.length > 0) {
    const still: typeof waiting = [];
    for (const { start: place, end } of waiting) {
      const whole = attempt(() => objectAt(pack, place, memory, base));
      if (whole === null) still.push({ start: place, end });
      else take(place, end, whole);
    }
    if (still.length === waiting.length) {
      objectAt(pack, still[0]?.start ?? FIRST_ENTRY, memory, base);
    }
    waiting = still;
  }
}

/** Null when a base is not there (yet). */
function attempt(read: () => GitObject): GitObject | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof MissingObject) return null;
    throw error;
  }
}
