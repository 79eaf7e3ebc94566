import { GRANTS_FOLDER, type GrantFile, parseGrantPath } from "../domain/grant.ts";
import { foldRecords, type GrantHistories, type Standing, standingsAt } from "../domain/lifecycle.ts";
import type { Oid } from "../domain/oid.ts";
import type { Instant } from "../domain/time.ts";
import type { History, HistoryCommit } from "../ports/history.ts";
import { type Checkpoint, isUsed, readWhole, resume } from "./checkpoint.ts";
import type { LedgerTips } from "./read.ts";

/** Who had which access at an instant: a function of the commit on main at that instant, and the clock (invariant 2). */
export interface State {
  readonly at: Instant;
  /** The commit on main at that instant; null before the first one. */
  readonly commit: Oid | null;
  /** Where each grant file of that commit stood. */
  readonly standings: readonly Standing[];
}

/** The state, and where the next reading can go on. */
export interface StateReading {
  readonly state: State;
  /** Null when a state of the past was asked for. */
  readonly checkpoint: Checkpoint | null;
}

/**
 * The state at an instant. At or after the newest commit it goes on from `from`, where an earlier reading came to, if
 * that still is a part of the history; an instant of the past is always read anew.
 */
export async function readState(
  history: History,
  tips: LedgerTips,
  at: Instant,
  from: Checkpoint | null = null,
): Promise<StateReading> {
  const tip = await history.commit(tips.main);
  const last = tips.journal === null ? tip : await history.commit(tips.journal);
  if (at < tip.committedAt || at < last.committedAt) {
    return { state: await pastState(history, tips, at), checkpoint: null };
  }
  const files = await grantFiles(history, tips.main);
  const resumed = from === null ? null : await resume(history, tips, from);
  // a file of a grant of the past is told apart from one without a record only by reading all
  const isEnough =
    resumed !== null && files.every(({ id }) => resumed.histories.has(id) || !isUsed(id, resumed.checkpoint));
  if (isEnough)
    return { state: stateOf(at, tips.main, files, resumed.histories), checkpoint: resumed.checkpoint };
  const whole = await readWhole(history, tips);
  return { state: stateOf(at, tips.main, files, whole.all), checkpoint: whole.checkpoint };
}

async function pastState(history: History, tips: LedgerTips, at: Instant): Promise<State> {
  const onMain = await commitsUpTo(history.walk(tips.main, null), at);
  const tip = onMain.at(-1)?.oid;
  if (tip === undefined) return { at, commit: null, standings: [] };
  const onJournal = tips.journal === null ? [] : await commitsUpTo(history.walk(tips.journal, null), at);
  const histories = foldRecords(onJournal, "journal", foldRecords(onMain, "main", new Map()));
  return stateOf(at, tip, await grantFiles(history, tip), histories);
}

/** What a branch consisted of at an instant: everything up to the last commit made until then. */
async function commitsUpTo(
  portions: AsyncIterable<readonly HistoryCommit[]>,
  at: Instant,
): Promise<readonly HistoryCommit[]> {
  const commits: HistoryCommit[] = [];
  let length = 0;
  for await (const portion of portions) {
    for (const commit of portion) {
      commits.push(commit);
      if (commit.committedAt <= at) length = commits.length;
    }
  }
  return commits.slice(0, length);
}

function stateOf(at: Instant, commit: Oid, files: readonly GrantFile[], histories: GrantHistories): State {
  const vouched = new Set(files.flatMap(({ id }) => histories.get(id)?.commit ?? []));
  return { at, commit, standings: standingsAt(files, histories, vouched, at) };
}

/** Grant files of a commit: what is no regular file, or lies elsewhere, is no grant. */
async function grantFiles(history: History, commit: Oid): Promise<readonly GrantFile[]> {
  const files = await history.files(commit, GRANTS_FOLDER.slice(0, -1));
  return files.flatMap(({ path, mode, oid }) => {
    const named = parseGrantPath(path);
    return named === null || mode !== "100644" ? [] : [{ path, ...named, blob: oid }];
  });
}
