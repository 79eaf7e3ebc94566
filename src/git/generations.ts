import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import type { Oid } from "../domain/oid.ts";
import { advance, pullRef, type Refused } from "./advance.ts";
import { type Generation, newGeneration, openGeneration, type Place } from "./generation.ts";
import { DamagedMirror, MissingObject } from "./object.ts";
import type { Remote } from "./remote.ts";
import { NeedsRebuild } from "./store.ts";

const JOURNAL = "refs/heads/grantbox-journal";
const OWN_BRANCHES = "refs/heads/grantbox/";

/** A generation brought up to date, and what of it the server could not give. */
export interface Update {
  readonly generation: Generation;
  readonly refused: Refused;
}

/**
 * The latest generation in a folder that is whole; null when none is. All others are deleted.
 *
 * @throws when the folder cannot be made or read
 */
export async function latestIn(place: Place): Promise<Generation | null> {
  const { dir } = place;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = (await readdir(dir)).filter((name) => /^\d+-[0-9a-f]{8}\.git$/.test(name));
  let latest: Generation | null = null;
  for (const name of found.sort((one, other) => numberOf(other) - numberOf(one))) {
    latest ??= await openGeneration(`${dir}/${name}`, place).catch(() => null);
    if (latest?.gitdir !== `${dir}/${name}`) await discard(`${dir}/${name}`);
  }
  return latest;
}

/**
 * Brings a generation up to date; null when it can be brought no further and has to be followed by another.
 *
 * @throws {ForgeError} when the server does not deliver
 */
export async function continued(
  generation: Generation,
  place: Place,
  pulls: ReadonlySet<number>,
  remote: Remote,
): Promise<Update | null> {
  const listed = await followed(remote, place.branch(), pulls);
  const kept = new Map([...generation.refs].filter(([name]) => isPullBut(pulls, name)));
  try {
    return { generation, refused: await advance(generation, listed, kept, remote) };
  } catch (error) {
    if (isBeyondRepair(error)) return null;
    throw error;
  }
}

/**
 * A generation fetched from nothing, which follows `old`.
 *
 * @throws {ForgeError} when the server does not deliver
 */
export async function renewed(
  old: Generation | null,
  place: Place,
  pulls: ReadonlySet<number>,
  remote: Remote,
): Promise<Update> {
  const listed = await followed(remote, place.branch(), pulls);
  const number = old === null ? 1 : numberOf(old.gitdir) + 1;
  const generation = await newGeneration(
    `${place.dir}/${number}-${randomBytes(4).toString("hex")}.git`,
    place,
  );
  const refused = await advance(generation, listed, new Map(), remote);
  if (generation.refs.size === 0) await generation.save(generation.refs);
  return { generation, refused };
}

/** Whether a generation on disk is still what it should be. */
export async function isSound({ gitdir }: Generation, place: Place): Promise<boolean> {
  return openGeneration(gitdir, place).then(
    () => true,
    () => false,
  );
}

/** Deletes a generation from disk. */
export function discard(gitdir: string): Promise<void> {
  return rm(gitdir, { recursive: true, force: true });
}

/** Whether an error says that a generation cannot be used any further. */
export function isBeyondRepair(error: unknown): boolean {
  return error instanceof MissingObject || error instanceof DamagedMirror || error instanceof NeedsRebuild;
}

/** What the mirror follows, as the server has it now. */
async function followed(
  remote: Remote,
  branch: string,
  pulls: ReadonlySet<number>,
): Promise<ReadonlyMap<string, Oid>> {
  const names = new Set([`refs/heads/${branch}`, JOURNAL, ...[...pulls].map(pullRef)]);
  const refs = await remote.refs([...names, OWN_BRANCHES]);
  return new Map([...refs].filter(([name]) => names.has(name) || name.startsWith(OWN_BRANCHES)));
}

function isPullBut(pulls: ReadonlySet<number>, ref: string): boolean {
  const number = /^refs\/pull\/(\d+)\/head$/.exec(ref)?.[1];
  return number !== undefined && !pulls.has(Number(number));
}

function numberOf(gitdir: string): number {
  return Number(/(\d+)-\w+\.git$/.exec(gitdir)?.[1] ?? 0);
}
