import type { Branch } from "../domain/lifecycle.ts";
import type { GrantId, Oid } from "../domain/oid.ts";
import { type ActivationRecord, type DecisionRecord, readRecords } from "../domain/record.ts";
import type { FileChange } from "../domain/request.ts";
import type { Instant } from "../domain/time.ts";
import type { ChangingCommit, HistoryCommit } from "../ports/history.ts";

/** The commit that tells an event, and where it stands. */
export interface Told {
  readonly on: Branch;
  /** Which commit of its branch it is, counted from 0 at the first. */
  readonly position: number;
  readonly commit: Oid;
  readonly parents: readonly Oid[];
  readonly committedAt: Instant;
  /** When it happened, as the record says; of a commit without a record, when it was committed. */
  readonly at: Instant;
  /** First line of the commit's message. */
  readonly headline: string;
  /** What the commit changed; null where that was not asked for. */
  readonly changes: readonly FileChange[] | null;
}

/** One thing that happened. A commit that ends several grants tells several. */
export type LedgerEvent =
  | (Told & { readonly kind: "record"; readonly record: DecisionRecord })
  /** The commit claims to carry a record, and it cannot be read. */
  | (Told & { readonly kind: "malformed"; readonly because: string })
  /** A commit without a record: a change of the rules, or something that should not be there. */
  | (Told & { readonly kind: "unrecorded" });

/** What a commit tells, in the order in which it tells it; at least one event. */
export function eventsOf(
  commit: HistoryCommit | ChangingCommit,
  on: Branch,
  position: number,
): readonly LedgerEvent[] {
  const { oid, message, parents, committedAt } = commit;
  const told: Told = {
    on,
    position,
    commit: oid,
    parents,
    committedAt,
    at: committedAt,
    headline: message.slice(0, (message.indexOf("\n") + 1 || message.length + 1) - 1),
    changes: "changes" in commit ? commit.changes : null,
  };
  const reading = readRecords(message);
  switch (reading.kind) {
    case "none":
      return [{ ...told, kind: "unrecorded" }];
    case "malformed":
      return [{ ...told, kind: "malformed", because: reading.because }];
    case "records":
      return reading.records.map((record) => ({
        ...told,
        at: timeOf(record, committedAt),
        kind: "record",
        record,
      }));
    default:
      return reading satisfies never;
  }
}

/** When what a record tells happened: a grant is activated by the merge, also where it begins later. */
function timeOf(record: DecisionRecord, committedAt: Instant): Instant {
  switch (record.event) {
    case "activated":
    case "extended":
      return record.validFrom < committedAt ? record.validFrom : committedAt;
    case "ended":
      return record.endedAt;
    case "denied":
    case "lapsed":
    case "withdrawn":
    case "finding":
    case "reviewed":
    case "case":
      return record.at;
    default:
      return record satisfies never;
  }
}

/** The grant that an event is about; null when it is about none. */
export function grantOf(event: LedgerEvent): GrantId | null {
  return event.kind === "record" && "grant" in event.record ? event.record.grant : null;
}

/** Whether a record makes a grant run, or run longer. */
export function isActivation(record: DecisionRecord): record is ActivationRecord {
  return record.event === "activated" || record.event === "extended";
}
