import type { Oid } from "../domain/oid.ts";
import { ALLOWED_SIGNERS_PATH } from "../domain/signature.ts";
import type { Verification } from "../domain/verification.ts";
import type { ChangingCommit, History } from "../ports/history.ts";
import { Examination, type ExaminationOptions, type JournalPortion } from "./examination.ts";
import type { LedgerTips } from "./read.ts";
import { allowedSignersIn } from "./signature.ts";
import { OwnPerformer, type Performer, type Task } from "./task.ts";

export interface VerifyOptions extends ExaminationOptions {
  /** What was verified before: everything is read, and only what came later is reported. */
  readonly since: Oid | null;
  /** A trusted copy of the file of allowed signers; null: the file on the default branch. */
  readonly allowedSigners: Uint8Array | null;
  /** Who judges, given the file of allowed signers that counts; null: this thread. */
  readonly performer: ((allowedSigners: Uint8Array | null) => Performer) | null;
}

/** How many portions of the journal may wait for their signatures. */
const AHEAD = 4;

/**
 * Judges a whole ledger again, from its Git objects alone. It reads everything, whatever was read before: no cache
 * has a say in it.
 */
export async function verifyLedger(
  history: History,
  tips: LedgerTips,
  options: VerifyOptions,
): Promise<Verification> {
  const { since } = options;
  const isKnown = since === null || (await isOnTheLine(history, tips.main, since));
  const file = options.allowedSigners === null ? await history.file(tips.main, ALLOWED_SIGNERS_PATH) : null;
  const bytes = file === null ? options.allowedSigners : await history.blob(file.oid);
  const allowed = allowedSignersIn(bytes, ALLOWED_SIGNERS_PATH);
  const performer = options.performer?.(bytes) ?? new OwnPerformer(allowed);
  const examination = new Examination(history, performer, { ...options, since: isKnown ? since : null });
  const main = started(history.walkChanges(tips.main, null));
  try {
    // main takes a while to begin: meanwhile the signatures of the journal are checked
    const journal =
      tips.journal === null ? [] : await signaturesOf(history.walkChanges(tips.journal, null), performer);
    for await (const commits of main) await examination.main(commits);
    for (const { commits, outcomes } of journal) await examination.journal(commits, outcomes);
    if (allowed.signers.length === 0) examination.withoutKeys(tips);
    examination.witnessed(tips, allowed);
    return await examination.verdict(tips, isKnown ? options.anchors : [...options.anchors, since]);
  } finally {
    await main.close();
    await performer.close();
  }
}

async function signaturesOf(
  journal: AsyncIterable<readonly ChangingCommit[]>,
  performer: Performer,
): Promise<readonly JournalPortion[]> {
  const portions: JournalPortion[] = [];
  for await (const commits of journal) {
    const tasks = commits.map((commit): Task => ({ commit, on: "journal", activations: [] }));
    const outcomes = performer.perform(tasks, new Map());
    // whoever waits for it is told of a failure
    outcomes.catch(() => undefined);
    portions.push({ commits, outcomes });
    await portions.at(-AHEAD)?.outcomes;
  }
  return portions;
}

/** The same items; the first of them is asked for at once. */
function started<Item>(items: AsyncIterable<Item>): AsyncIterable<Item> & { close(): Promise<void> } {
  const iterator = items[Symbol.asyncIterator]();
  const first = iterator.next();
  first.catch(() => undefined);
  return {
    async *[Symbol.asyncIterator]() {
      for (let next = await first; next.done !== true; next = await iterator.next()) yield next.value;
    },
    async close() {
      await iterator.return?.();
    },
  };
}

async function isOnTheLine(history: History, tip: Oid, commit: Oid): Promise<boolean> {
  if (tip === commit) return true;
  for await (const [first] of history.walk(tip, commit)) return first?.parents[0] === commit;
  return false;
}
