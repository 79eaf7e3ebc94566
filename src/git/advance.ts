import type { Oid } from "../domain/oid.ts";
import type { ForgeError } from "../ports/forge.ts";
import { readCommit } from "./commit.ts";
import { checkTips, type Generation } from "./generation.ts";
import { UnusableAnswer } from "./http.ts";
import { MalformedObject, MissingObject } from "./object.ts";
import type { Remote } from "./remote.ts";
import { NeedsRebuild } from "./store.ts";

type Refs = ReadonlyMap<string, Oid>;

/** Pull requests whose heads could not be taken, and why. */
export type Refused = ReadonlyMap<string, ForgeError>;

/** So many heads of pull requests are named to the server as already here. */
const PULLS_NAMED = 200;
/** Of so many branches ancestors are named too, ever further apart: the tips may be gone from the server. */
const ANCESTRIES = 8;
const FURTHEST = 1024;

/** Name of a pull request's head. */
export const pullRef = (pull: number): string => `refs/pull/${pull}/head`;

const isPull = (name: string): boolean => name.startsWith("refs/pull/");

/**
 * Brings a generation to the refs that the server listed: what is not here yet is fetched in one pack, and only
 * when it has arrived and is complete are the refs changed. A pull request whose objects cannot be taken (too
 * large, malformed) does not keep the others back: it is left out and named.
 *
 * @throws {ForgeError} when the server does not deliver
 * @throws {MissingObject} {DamagedMirror} {NeedsRebuild} when this generation cannot be brought further
 */
export async function advance(
  generation: Generation,
  listed: Refs,
  kept: Refs,
  remote: Remote,
): Promise<Refused> {
  const here = new Set(generation.refs.values());
  const lacking = new Map([...listed].filter(([, oid]) => !here.has(oid)));
  const refused = new Map<string, ForgeError>();
  const take = async (refs: Refs): Promise<void> => {
    if (refs.size > 0) await bring(generation, [...new Set(refs.values())], remote);
  };
  try {
    await take(lacking);
  } catch (error) {
    if (!(error instanceof UnusableAnswer) || ![...lacking.keys()].some(isPull)) throw error;
    await take(new Map([...lacking].filter(([name]) => !isPull(name))));
    for (const [name, oid] of lacking) {
      if (!isPull(name)) continue;
      try {
        await take(new Map([[name, oid]]));
      } catch (failure) {
        if (!(failure instanceof UnusableAnswer)) throw failure;
        refused.set(name, failure);
      }
    }
  }
  const next = new Map([...kept, ...[...listed].filter(([name]) => !refused.has(name))]);
  if (!sameRefs(next, generation.refs)) await generation.save(next);
  return refused;
}

async function bring(generation: Generation, wants: readonly Oid[], remote: Remote): Promise<void> {
  const { store } = generation;
  const isFresh = generation.refs.size === 0;
  const pack = await remote.pack(wants, isFresh ? [] : havesOf(generation));
  try {
    // a pack without objects: everything wanted is here, reached from another ref
    if (pack.readUInt32BE(8) > 0) await store.put(pack);
    await checkTips(generation, wants);
  } catch (error) {
    const isServers = isFresh && (error instanceof MissingObject || error instanceof NeedsRebuild);
    if (isServers || error instanceof MalformedObject) {
      throw new UnusableAnswer(`the server sent what cannot be used: ${error.message}`, null, {
        cause: error,
      });
    }
    throw error;
  }
}

function havesOf({ refs, store }: Generation): readonly Oid[] {
  const heads = [...refs].filter(([name]) => !isPull(name)).map(([, oid]) => oid);
  const pulls = [...refs].filter(([name]) => isPull(name)).map(([, oid]) => oid);
  const ancestors = heads.slice(0, ANCESTRIES).flatMap((head) => {
    const found: Oid[] = [];
    let at: Oid | undefined = head;
    for (let steps = 1; steps <= FURTHEST && at !== undefined; steps += 1) {
      at = readCommit(store.read(at)).parents[0];
      if (at !== undefined && Number.isInteger(Math.log2(steps))) found.push(at);
    }
    return found;
  });
  return [...new Set([...heads, ...ancestors, ...pulls.slice(-PULLS_NAMED)])];
}

function sameRefs(one: Refs, other: Refs): boolean {
  return one.size === other.size && [...one].every(([name, oid]) => other.get(name) === oid);
}
