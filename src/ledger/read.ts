import { type Branch, foldRecords, type GrantHistories } from "../domain/lifecycle.ts";
import type { Oid } from "../domain/oid.ts";
import type { History, HistoryCommit } from "../ports/history.ts";
import { eventsOf, type LedgerEvent } from "./event.ts";

/** The two branches of a ledger as they stood when it was read. */
export interface LedgerTips {
  /** The default branch, by its short name. */
  readonly branch: string;
  readonly main: Oid;
  /** Null when nothing has ever been written to the journal. */
  readonly journal: Oid | null;
}

/** How far each branch has been read; null: nothing of it. */
export type ReadSoFar = Readonly<Record<Branch, Oid | null>>;

/** What to read besides the records. */
export interface Reading {
  /** Also what each commit changed: several times the work. */
  readonly changes: boolean;
  /** Commits where an earlier reading came to: only what came after them, and positions count from there. */
  readonly after?: ReadSoFar;
}

/** The whole ledger: everything that happened, and the story of each grant. */
export interface Ledger {
  readonly tips: LedgerTips;
  /** In the order of time; the commits of one branch stay in the order of that branch, whatever they claim. */
  readonly events: readonly LedgerEvent[];
  readonly histories: GrantHistories;
}

/** Reads all of main and journal. It is held whole: some 2 KB a commit. */
export async function readLedger(
  history: History,
  tips: LedgerTips,
  reading: Reading = { changes: false },
): Promise<Ledger> {
  const events: LedgerEvent[] = [];
  const commits = { main: [] as HistoryCommit[], journal: [] as HistoryCommit[] };
  const seen = (commit: HistoryCommit, on: Branch) => commits[on].push(commit);
  for await (const portion of walkLedger(history, tips, reading, seen)) {
    for (const event of portion) events.push(event);
  }
  const onMain = foldRecords(commits.main, "main", new Map());
  return { tips, events, histories: foldRecords(commits.journal, "journal", onMain) };
}

/**
 * Everything that happened on main and journal, in portions, in the order of `Ledger.events`. `seen` is told of each
 * commit, in the order of its branch.
 */
export async function* walkLedger(
  history: History,
  { main, journal }: Pick<LedgerTips, "journal"> & { readonly main: Oid | null },
  { changes, after }: Reading = { changes: false },
  seen: (commit: HistoryCommit, on: Branch) => void = () => undefined,
): AsyncGenerator<readonly LedgerEvent[]> {
  const walk = (tip: Oid, until: Oid | null = null) =>
    changes ? history.walkChanges(tip, until) : history.walk(tip, until);
  const one = new Cursor(main === null ? nothing() : walk(main, after?.main), "main", seen);
  const other = journal === null ? null : new Cursor(walk(journal, after?.journal), "journal", seen);
  try {
    for (;;) {
      const [isMore, isMoreElsewhere] = [await one.fill(), await other?.fill()];
      if (!isMore && isMoreElsewhere !== true) break;
      const events: LedgerEvent[] = [];
      // one branch's portion is used up before more of it is read
      while (one.isReady || other?.isReady) {
        if (!one.isReady && !one.isOver) break;
        if (other !== null && !other.isReady && !other.isOver) break;
        const next = other?.isReady && (!one.isReady || other.at < one.at) ? other : one;
        for (const event of next.take()) events.push(event);
      }
      if (events.length > 0) yield events;
    }
  } finally {
    await one.close();
    await other?.close();
  }
}

/** A walk over a branch that there is not. */
export async function* nothing(): AsyncGenerator<never> {}

/** Where a walk over one branch has come to. */
class Cursor {
  readonly #portions: AsyncIterator<readonly HistoryCommit[]>;
  readonly #on: Branch;
  readonly #seen: (commit: HistoryCommit, on: Branch) => void;
  #portion: readonly HistoryCommit[] = [];
  #index = 0;
  #position = 0;
  isOver = false;

  constructor(
    portions: AsyncIterable<readonly HistoryCommit[]>,
    on: Branch,
    seen: (commit: HistoryCommit, on: Branch) => void,
  ) {
    this.#portions = portions[Symbol.asyncIterator]();
    this.#on = on;
    this.#seen = seen;
  }

  get isReady(): boolean {
    return this.#index < this.#portion.length;
  }

  /** When the next commit was committed. */
  get at(): number {
    return this.#portion[this.#index]?.committedAt ?? Number.POSITIVE_INFINITY;
  }

  /** Reads on until a commit is ready; false when there is no more. */
  async fill(): Promise<boolean> {
    while (!this.isReady && !this.isOver) {
      const next = await this.#portions.next();
      this.isOver = next.done === true;
      this.#portion = next.done === true ? [] : next.value;
      this.#index = 0;
    }
    return this.isReady;
  }

  take(): readonly LedgerEvent[] {
    const commit = this.#portion[this.#index++];
    if (commit === undefined) return [];
    this.#seen(commit, this.#on);
    return eventsOf(commit, this.#on, this.#position++);
  }

  async close(): Promise<void> {
    if (!this.isOver) await this.#portions.return?.();
  }
}
