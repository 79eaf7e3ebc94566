import { foldRecords, type GrantHistories } from "../domain/lifecycle.ts";
import { type GrantId, type Oid, parseGrantId, parseOid } from "../domain/oid.ts";
import { readRecords } from "../domain/record.ts";
import type { History, HistoryCommit } from "../ports/history.ts";
import type { LedgerTips } from "./read.ts";

/**
 * Where an earlier reading of the ledger came to. It holds names only: which commits carry records of grants that are
 * not over, and which ids are used up. What those commits say is read from Git again, so that a checkpoint can at
 * worst be stale, and whether it is stale is checked.
 */
export interface Checkpoint {
  readonly main: Oid;
  readonly journal: Oid | null;
  /** Commits of main, oldest first, that name a grant not ended on main. */
  readonly open: readonly Oid[];
  /** Commits of the journal, oldest first, that name one of these. */
  readonly ends: readonly Oid[];
  /** Every id that was ever activated, each between line ends. */
  readonly ids: string;
}

/** Grants that are not over, and where that was read. */
export interface Standstill {
  readonly histories: GrantHistories;
  readonly checkpoint: Checkpoint;
}

/** Reads the whole ledger, and keeps what is not over. */
export async function readWhole(
  history: History,
  tips: LedgerTips,
): Promise<Standstill & { readonly all: GrantHistories }> {
  const onMain = await collect(history.walk(tips.main, null));
  const onJournal = tips.journal === null ? [] : await collect(history.walk(tips.journal, null));
  const all = foldRecords(onJournal, "journal", foldRecords(onMain, "main", new Map()));
  const ids = `\n${[...all.keys()].join("\n")}\n`;
  const histories = notOver(all);
  return { all, histories, checkpoint: checkpointOf(tips, histories, onMain, onJournal, ids) };
}

/**
 * Goes on from a checkpoint; null when that cannot be done without reading all: history was rewritten, or a new
 * commit names an id of the past.
 */
export async function resume(
  history: History,
  tips: LedgerTips,
  from: Checkpoint,
): Promise<Standstill | null> {
  const mainNews = await newsOf(history, tips.main, from.main);
  const journalNews =
    tips.journal === null
      ? from.journal === null
        ? []
        : null
      : await newsOf(history, tips.journal, from.journal);
  if (mainNews === null || journalNews === null) return null;
  const fresh: string[] = [];
  for (const { message } of [...mainNews, ...journalNews]) {
    const reading = readRecords(message);
    for (const record of reading.kind === "records" ? reading.records : []) {
      if (record.event !== "activated") continue;
      if (from.ids.includes(`\n${record.grant}\n`)) return null;
      fresh.push(record.grant);
    }
  }
  const onMain = [...(await Promise.all(from.open.map((oid) => history.commit(oid)))), ...mainNews];
  const onJournal = [...(await Promise.all(from.ends.map((oid) => history.commit(oid)))), ...journalNews];
  const all = foldRecords(onJournal, "journal", foldRecords(onMain, "main", new Map()));
  const ids = fresh.length === 0 ? from.ids : `${from.ids}${fresh.join("\n")}\n`;
  const histories = notOver(all);
  return { histories, checkpoint: checkpointOf(tips, histories, onMain, onJournal, ids) };
}

/** Whether an id was used before the checkpoint. */
export function isUsed(id: string, { ids }: Checkpoint): boolean {
  return ids.includes(`\n${id}\n`);
}

const HEAD = "grantbox ledger 1";
const FOOT = "end";

/** A checkpoint as the text of a file. */
export function printCheckpoint({ main, journal, open, ends, ids }: Checkpoint): string {
  return [HEAD, main, journal ?? "-", open.join(" "), ends.join(" "), `${ids}${FOOT}`].join("\n");
}

/** Reads a checkpoint; null when the text is none, or was written by another version. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [head, mainText = "", journalText = "", openText = "", endsText = ""] = text.split("\n", 5);
  const main = parseOid(mainText);
  const journal = parseOid(journalText);
  if (head !== HEAD || main === null || (journal === null && journalText !== "-")) return null;
  const [open, ends] = [parseOids(openText), parseOids(endsText)];
  if (open === null || ends === null) return null;
  const start = [HEAD, mainText, journalText, openText, endsText].reduce(
    (sum, line) => sum + line.length + 1,
    0,
  );
  if (!text.endsWith(`\n${FOOT}`)) return null;
  const ids = text.slice(start, -FOOT.length);
  return ids.startsWith("\n") && ids.endsWith("\n") ? { main, journal, open, ends, ids } : null;
}

function parseOids(text: string): readonly Oid[] | null {
  const oids: Oid[] = [];
  for (const word of text === "" ? [] : text.split(" ")) {
    const oid = parseOid(word);
    if (oid === null) return null;
    oids.push(oid);
  }
  return oids;
}

async function collect(portions: AsyncIterable<readonly HistoryCommit[]>): Promise<readonly HistoryCommit[]> {
  const all: HistoryCommit[] = [];
  for await (const portion of portions) {
    // a commit without a record says nothing here, and need not be held
    for (const commit of portion) if (commit.message.includes("Grantbox-Event")) all.push(commit);
  }
  return all;
}

/** Commits since a known one; null when the branch does not grow out of it. */
async function newsOf(
  history: History,
  tip: Oid,
  since: Oid | null,
): Promise<readonly HistoryCommit[] | null> {
  if (tip === since) return [];
  const commits = await history.firstParents(tip, since);
  return since === null || commits[0]?.parents[0] === since ? commits : null;
}

/** A grant whose end is on main is over for good. */
function notOver(histories: GrantHistories): GrantHistories {
  return new Map([...histories].filter(([, { end }]) => end?.on !== "main"));
}

function checkpointOf(
  { main, journal }: LedgerTips,
  histories: GrantHistories,
  onMain: readonly HistoryCommit[],
  onJournal: readonly HistoryCommit[],
  ids: string,
): Checkpoint {
  const names = (commits: readonly HistoryCommit[]): readonly Oid[] =>
    commits.filter(({ message }) => idsIn(message).some((id) => histories.has(id))).map(({ oid }) => oid);
  return { main, journal, open: names(onMain), ends: names(onJournal), ids };
}

/** The ids that a message names, in a record or not: what is read once too often does no harm. */
function idsIn(message: string): readonly GrantId[] {
  return [...message.matchAll(/^Grant-Id: (\S+)/gm)].flatMap(([, text = ""]) => parseGrantId(text) ?? []);
}
