import { isNews } from "../domain/announcement.ts";
import { journalMessage } from "../domain/message.ts";
import { caseKey, type DecisionRecord, type JournalRecord, trailersOf } from "../domain/record.ts";
import { factsTrailer, type RecordedFacts } from "../domain/recorded-facts.ts";
import { withTrailers } from "../domain/trailer.ts";
import { ForgeError } from "../ports/forge.ts";
import type { Lockbox } from "./context.ts";
import type { LedgerState } from "./ledger.ts";
import { MOST_CHARACTERS, signJournal } from "./sign.ts";

/** How often another writer may come first before this pass gives up and a later one tries again. */
const ATTEMPTS = 5;

/**
 * Writes a record to the journal once: reads the journal, looks whether it is there, and appends only to the tip
 * that was read. GitHub's refusal of anything but a fast-forward is the lock (invariant 8). `basis` is what the
 * decision rested on that closed a request.
 */
export async function recordOnce(
  lockbox: Lockbox,
  record: JournalRecord,
  basis: RecordedFacts | null = null,
): Promise<void> {
  let message: string | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await lockbox.history.refresh([]);
    const state = await lockbox.ledger.read();
    if (isRecorded(record, state) || isWritten(record, state)) return;
    message ??= await signJournal(messageOf(record, basis), lockbox);
    if (await lockbox.forge.appendJournal(state.journal, message)) {
      lockbox.log("recorded", { event: record.event, grant: "grant" in record ? record.grant : null });
      // what was written is remembered from now on: whoever throws it away in the next moment is noticed
      await lockbox.history.refresh([]);
      await lockbox.ledger.read();
      return;
    }
  }
  throw new ForgeError("the journal moved each time a record was about to be added to it");
}

/** A denial and a lapse keep their facts; a record is never left out because these are too many. */
function messageOf(record: JournalRecord, basis: RecordedFacts | null): string {
  const message = journalMessage(record);
  if (basis === null || (record.event !== "denied" && record.event !== "lapsed")) return message;
  const whole = `${message}\n${withTrailers("", "", [factsTrailer(basis, record.head)])}`;
  return whole.length > MOST_CHARACTERS ? message : whole;
}

/** Whether the very same record stands there, though it counts for nothing: written again it would count no more. */
function isWritten(record: JournalRecord, { unproven }: LedgerState): boolean {
  const wanted = textOf(record);
  return unproven.some((known) => textOf(known) === wanted);
}

/** What a record says; of a finding without the time at which it was made. */
function textOf(record: DecisionRecord): string {
  return JSON.stringify(trailersOf(record).filter(([key]) => key !== "Found-At"));
}

/** Whether the journal has a record already. */
export function isRecorded(
  record: JournalRecord,
  {
    closures,
    findings,
    histories,
    reviews,
    cases,
  }: Pick<LedgerState, "closures" | "findings" | "histories" | "reviews" | "cases">,
): boolean {
  switch (record.event) {
    case "denied":
    case "lapsed":
    case "withdrawn":
      return closures.has(record.pull);
    case "ended":
      return histories.get(record.grant)?.end !== null;
    case "finding":
      return findings.some(
        ({ code, commit, grant, reason }) =>
          code === record.code &&
          commit === record.commit &&
          grant === record.grant &&
          (grant !== null || reason === record.reason),
      );
    case "reviewed":
      return reviews.has(record.grant);
    case "case":
      return !isNews(record, cases.get(caseKey(record.case)));
    default:
      return record satisfies never;
  }
}
