import type { Oid } from "../domain/oid.ts";
import { ForgeError } from "../ports/forge.ts";
import { pullRef, type Refused } from "./advance.ts";
import type { Generation, Place } from "./generation.ts";
import { continued, discard, isBeyondRepair, isSound, latestIn, renewed } from "./generations.ts";
import { placeOf } from "./http.ts";
import { DamagedMirror, MalformedObject, MissingObject } from "./object.ts";
import { type RemoteOptions, remoteAt } from "./remote.ts";
import type { Store } from "./store.ts";
import { TooManyEntries } from "./tree.ts";

/** Keeps a mirror up to date and lends its objects; one generation is current at a time. */
export interface Keeper {
  gitdir(): Promise<string | null>;
  /**
   * Brings the default branch, the journal, the app's branches and the heads of these pull requests to where they
   * are on the server now. What is asked while it runs is answered together, by the run that follows.
   *
   * @throws {ForgeError} when the server cannot be asked or does not deliver; what was here stays
   */
  refresh(pulls: readonly number[]): Promise<void>;
  resolve(ref: string): Promise<Oid | null>;
  /**
   * Lends the objects; the generation they are read from stays on disk until `work` is done.
   *
   * @throws {ForgeError} when objects are damaged, missing inside the repository, or malformed
   */
  read<Result>(work: (store: Store, signal: AbortSignal) => Promise<Result>): Promise<Result>;
  /** Says that something asked for was not there; the next refresh checks the mirror. */
  doubt(): void;
  /** Waits until no refresh is under way. */
  idle(): Promise<void>;
}

/** So many pull requests asked for last keep their heads when the mirror is built anew. */
const PULLS_KEPT = 256;

interface Run {
  readonly pulls: Set<number>;
  readonly outcome: Promise<Refused>;
}

export function keeperOf(options: RemoteOptions & Place): Keeper {
  const { signal } = options;
  const url = placeOf(options.url);
  const place: Place = { ...options, url };
  const remote = remoteAt({ ...options, url });
  let current: Promise<Generation | null> | null = null;
  let state: "sound" | "doubted" | "broken" = "sound";
  let running: Promise<unknown> = Promise.resolve();
  let next: Run | null = null;
  const readers = new Map<Generation, number>();
  const pullsAsked = new Set<number>();

  function generation(): Promise<Generation | null> {
    if (signal.aborted) return Promise.reject(new ForgeError(`the mirror of ${url} is closed`));
    if (current === null) {
      const opening = latestIn(place);
      current = opening;
      opening.catch(() => {
        if (current === opening) current = null;
      });
    }
    return current;
  }

  function remember(pulls: ReadonlySet<number>): void {
    for (const pull of pulls) {
      pullsAsked.delete(pull);
      pullsAsked.add(pull);
    }
    for (const pull of pullsAsked) {
      if (pullsAsked.size > PULLS_KEPT && !pulls.has(pull)) pullsAsked.delete(pull);
    }
  }

  async function update(pulls: ReadonlySet<number>): Promise<Refused> {
    remember(pulls);
    const old = await generation();
    if (old !== null && state === "doubted") state = (await isSound(old, place)) ? "sound" : "broken";
    if (old !== null && state === "sound") {
      const update = await continued(old, place, pulls, remote);
      if (update !== null) return update.refused;
    }
    const { generation: fresh, refused } = await renewed(old, place, pullsAsked, remote);
    current = Promise.resolve(fresh);
    state = "sound";
    // a successor may already read from it when this process is told to end
    if (old !== null && !readers.has(old) && !signal.aborted) await discard(old.gitdir);
    return refused;
  }

  /** The run that has not begun yet: whoever asks now is answered by what it finds. */
  function nextRun(): Run {
    const pulls = new Set<number>();
    const outcome = running.then(() => {
      next = null;
      return update(pulls);
    });
    running = outcome.catch(() => undefined);
    return { pulls, outcome };
  }

  async function release(lent: Generation): Promise<void> {
    const left = (readers.get(lent) ?? 1) - 1;
    if (left > 0) {
      readers.set(lent, left);
      return;
    }
    readers.delete(lent);
    if (lent !== (await current) && !signal.aborted) await discard(lent.gitdir);
  }

  return {
    gitdir: async () => (await generation())?.gitdir ?? null,
    async refresh(pulls) {
      next ??= nextRun();
      for (const pull of pulls) next.pulls.add(pull);
      const refused = await asForgeErrors(next.outcome, url);
      for (const pull of pulls) {
        const why = refused.get(pullRef(pull));
        if (why !== undefined) throw why;
      }
    },
    resolve: async (ref) => (await generation())?.refs.get(ref) ?? null,
    async read(work) {
      const lent = await generation();
      if (lent === null) throw new ForgeError(`nothing of ${url} has been fetched yet`);
      readers.set(lent, (readers.get(lent) ?? 0) + 1);
      try {
        return await work(lent.store, signal);
      } catch (error) {
        if (isBeyondRepair(error) && lent === (await current)) state = "broken";
        throw signal.aborted ? new ForgeError(`the mirror of ${url} is closed`) : inPlainWords(error, url);
      } finally {
        await release(lent);
      }
    },
    doubt() {
      if (state === "sound") state = "doubted";
    },
    async idle() {
      await running;
    },
  };
}

function inPlainWords(error: unknown, url: string): unknown {
  if (error instanceof MissingObject || error instanceof DamagedMirror) {
    const what = `the mirror of ${url} is damaged (${error.message}); the next refresh fetches it anew`;
    return new ForgeError(what, null, { cause: error });
  }
  if (error instanceof MalformedObject || error instanceof TooManyEntries) {
    return new ForgeError(`${url} holds what cannot be read: ${error.message}`, null, { cause: error });
  }
  return error;
}

async function asForgeErrors<Result>(outcome: Promise<Result>, url: string): Promise<Result> {
  try {
    return await outcome;
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ForgeError(`the mirror of ${url} cannot be brought up to date: ${why}`, null, { cause: error });
  }
}
