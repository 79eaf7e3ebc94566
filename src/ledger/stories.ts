import type { Branch } from "../domain/lifecycle.ts";
import type { Oid } from "../domain/oid.ts";
import type { History, HistoryCommit } from "../ports/history.ts";
import { eventsOf, grantOf, type LedgerEvent } from "./event.ts";
import type { LedgerTips } from "./read.ts";

/** One event with the whole message of the commit that tells it. */
export interface Chapter {
  readonly event: LedgerEvent;
  readonly message: string;
}

type Tips = Pick<LedgerTips, "main" | "journal">;

/** The story of each grant, for a process that is asked again and again: what was read once is not read again. */
export interface Stories {
  /** Everything that happened to a grant or a request of this id, in the order of time; empty where nothing ever did. */
  of(grant: string, tips: Tips): Promise<readonly Chapter[]>;
  /** The newest commits of main and journal with what they tell, newest first. */
  latest(count: number, tips: Tips): Promise<readonly Chapter[]>;
}

/** A commit of a branch; its message is read again when somebody asks. */
interface Place {
  readonly on: Branch;
  readonly position: number;
  readonly oid: Oid;
  readonly at: number;
}

interface Shelf {
  readonly tip: Oid | null;
  readonly places: readonly Place[];
  readonly byGrant: ReadonlyMap<string, readonly Place[]>;
}

const nothing: Shelf = { tip: null, places: [], byGrant: new Map() };

/** Keeps where each grant is told of: some 100 bytes a commit. A branch that was rewritten is read anew. */
export function openStories(history: History): Stories {
  const shelves: Record<Branch, Shelf> = { main: nothing, journal: nothing };
  let reading: Promise<void> = Promise.resolve();

  const refresh = async ({ main, journal }: Tips): Promise<void> => {
    shelves.main = await grown(shelves.main, "main", main, history);
    shelves.journal = journal === null ? nothing : await grown(shelves.journal, "journal", journal, history);
  };

  /** One reader after the other, so that nothing is read twice. */
  const upTo = (tips: Tips): Promise<void> => {
    reading = reading.catch(() => undefined).then(() => refresh(tips));
    return reading;
  };

  return {
    async of(grant, tips) {
      await upTo(tips);
      const places = inOrder([
        ...(shelves.main.byGrant.get(grant) ?? []),
        ...(shelves.journal.byGrant.get(grant) ?? []),
      ]);
      const chapters = await chaptersAt(places, history);
      return chapters.filter(({ event }) => grantOf(event) === grant);
    },
    async latest(count, tips) {
      await upTo(tips);
      const newest = inOrder([
        ...shelves.main.places.slice(-count),
        ...shelves.journal.places.slice(-count),
      ]).slice(-count);
      return (await chaptersAt(newest, history)).toReversed();
    },
  };
}

async function grown(shelf: Shelf, on: Branch, tip: Oid, history: History): Promise<Shelf> {
  if (shelf.tip === tip) return shelf;
  const news = await history.firstParents(tip, shelf.tip);
  const continues = shelf.tip !== null && news[0]?.parents[0] === shelf.tip;
  const places = continues ? [...shelf.places] : [];
  const byGrant = new Map(continues ? shelf.byGrant : []);
  for (const commit of news) {
    const place = { on, position: places.length, oid: commit.oid, at: commit.committedAt };
    places.push(place);
    const grants = new Set(eventsOf(commit, on, place.position).map(grantOf));
    for (const grant of grants) {
      if (grant !== null) byGrant.set(grant, [...(byGrant.get(grant) ?? []), place]);
    }
  }
  return { tip, places, byGrant };
}

function inOrder(places: readonly Place[]): readonly Place[] {
  // the sort is stable: commits of one branch that claim the same second keep their order
  return places.toSorted((one, other) => one.at - other.at);
}

async function chaptersAt(places: readonly Place[], history: History): Promise<readonly Chapter[]> {
  const commits = await Promise.all(places.map(({ oid }) => history.commit(oid)));
  return places.flatMap(({ on, position }, index) => {
    const commit: HistoryCommit | undefined = commits[index];
    return commit === undefined
      ? []
      : eventsOf(commit, on, position).map((event) => ({ event, message: commit.message }));
  });
}
