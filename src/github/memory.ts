import type { Oid, PullNumber } from "../domain/oid.ts";
import type { Instant } from "../domain/time.ts";

/** What the last answers about a pull request said that is needed to write to it. */
export interface Sighting {
  readonly at: Instant;
  readonly pullId: string;
  readonly head: Oid;
  readonly run: RunSighting | null;
  /** Node id of the living comment. */
  readonly comment: string | null;
  /** Who has been asked for a review: `team:<slug>`, `user:<login>`. */
  readonly asked: ReadonlySet<string>;
}

/** The app's check run on the head. */
export interface RunSighting {
  readonly id: string;
  readonly completed: boolean;
  readonly annotated: boolean;
}

export interface RepositorySighting {
  readonly id: string;
  readonly defaultBranch: string;
}

const PULLS = 1000;
const IDS = 10_000;

/** What was read before, in this process only. Losing it costs a query, never correctness. */
export class Memory {
  repository: RepositorySighting | null = null;
  /** Tree of the journal's tip: every journal commit has the tree of its parent. */
  journal: { readonly tip: Oid; readonly tree: string } | null = null;
  readonly #pulls = new Map<PullNumber, Sighting>();
  readonly #ids = new Map<string, string>();

  pull(number: PullNumber): Sighting | null {
    return this.#pulls.get(number) ?? null;
  }

  sawPull(number: PullNumber, sighting: Sighting): void {
    keep(this.#pulls, number, sighting, PULLS);
  }

  /** A write to it went wrong: whatever is remembered may be why. */
  forgetPull(number: PullNumber): void {
    this.#pulls.delete(number);
  }

  /** Node id of `user:<login>` or `team:<slug>`, lower case. */
  nodeId(who: string): string | null {
    return this.#ids.get(who) ?? null;
  }

  sawNodeId(who: string, id: string): void {
    keep(this.#ids, who, id, IDS);
  }

  forgetNodeId(who: string): void {
    this.#ids.delete(who);
  }
}

/** Sets an entry and drops the oldest beyond a number. */
function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
