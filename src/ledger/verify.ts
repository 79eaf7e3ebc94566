import type { Oid } from "../domain/oid.ts";
import { ALLOWED_SIGNERS_PATH } from "../domain/signature.ts";
import type { Verification } from "../domain/verification.ts";
import type { ChangingCommit, History } from "../ports/history.ts";
import { Examination, type ExaminationOptions, type JournalPortion } from "./examination.ts";
import { type LedgerTips, nothing } from "./read.ts";
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

/** How many portions of the journal may wait for their signatures before main has begun. */
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
  const journal = started(tips.journal === null ? nothing() : history.walkChanges(tips.journal, null));
  try {
    // git takes a while to find the first commit of main: meanwhile signatures of the journal are checked
    const ahead: JournalPortion[] = [];
    for await (const commits of journal) {
      ahead.push(journalPortion(commits, performer));
      await ahead.at(-AHEAD)?.outcomes;
      if (main.isThere) break;
    }
    for await (const commits of main) await examination.main(commits);
    for (const portion of ahead) await examination.journal(portion);
    for await (const commits of journal) await examination.journal(journalPortion(commits, performer));
    if (allowed.signers.length === 0) examination.withoutKeys(tips);
    examination.witnessed(tips, allowed);
    return await examination.verdict(tips, isKnown ? options.anchors : [...options.anchors, since]);
  } finally {
    await main.close();
    await journal.close();
    await performer.close();
  }
}

/** A portion of the journal, with its signatures being checked. */
function journalPortion(commits: readonly ChangingCommit[], performer: Performer): JournalPortion {
  const tasks = commits.map((commit): Task => ({ commit, on: "journal", activations: [] }));
  const outcomes = performer.perform(tasks, new Map());
  // whoever waits for it is told of a failure
  outcomes.catch(() => undefined);
  return { commits, outcomes };
}

/** Items of which the first is asked for at once; whoever stops in between can go on later. */
interface Started<Item> extends AsyncIterable<Item> {
  /** Whether the first is there, or cannot be had. */
  readonly isThere: boolean;
  close(): Promise<void>;
}

function started<Item>(items: AsyncIterable<Item>): Started<Item> {
  const iterator = items[Symbol.asyncIterator]();
  let first: Promise<IteratorResult<Item, unknown>> | null = iterator.next();
  let isThere = false;
  const come = () => {
    isThere = true;
  };
  first.then(come, come);
  return {
    get isThere() {
      return isThere;
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = first ?? iterator.next();
        first = null;
        const result = await next;
        if (result.done === true) return;
        yield result.value;
      }
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
