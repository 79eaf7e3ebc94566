import type { RecordCommit } from "../domain/lifecycle.ts";
import type { GrantId, Oid } from "../domain/oid.ts";
import type { ActivationRecord, DecisionRecord, Named } from "../domain/record.ts";
import { readRecordedFacts } from "../domain/recorded-facts.ts";
import type { Instant } from "../domain/time.ts";
import { isActivation, type LedgerEvent } from "../ledger/event.ts";

/** An event of the ledger on its way to another system, with what that system cannot look up. */
export interface Entry {
  readonly event: LedgerEvent;
  /** Which of the events that its commit tells, counted from 0. */
  readonly index: number;
  /** What the grant was last activated or extended with; null when the event is about none that was. */
  readonly activation: ActivationRecord | null;
  /** When the request was opened, by the facts in its record; null where they were not kept. */
  openedAt(): Instant | null;
}

/** Where events come from, as every format says in its own place. */
export interface Source {
  /** The lockbox repository as a URI reference: `acme/lockbox`. */
  readonly repository: string;
  /** Version of this program. */
  readonly version: string;
}

/** Events of a ledger as entries, in the order of the ledger: an end is told with the grant that it ends. */
export class Entries {
  readonly #activations = new Map<GrantId, ActivationRecord>();
  readonly #messages = new Map<Oid, string>();

  /** To be told of each commit before its events come. */
  seen({ oid, message }: RecordCommit): void {
    this.#messages.set(oid, message);
  }

  of(events: readonly LedgerEvent[]): readonly Entry[] {
    let before: Oid | null = null;
    let index = 0;
    const entries = events.map((event): Entry => {
      index = event.commit === before ? index + 1 : 0;
      before = event.commit;
      if (event.kind !== "record") return { event, index, activation: null, openedAt: () => null };
      const { record } = event;
      if (isActivation(record)) this.#activations.set(record.grant, record);
      const grant = "grant" in record ? record.grant : null;
      const activation = grant === null ? null : (this.#activations.get(grant) ?? null);
      const message = this.#messages.get(event.commit) ?? "";
      return { event, index, activation, openedAt: () => openingOf(record, message) };
    });
    this.#messages.clear();
    return entries;
  }
}

function openingOf(record: DecisionRecord, message: string): Instant | null {
  if (!("head" in record)) return null;
  const facts = readRecordedFacts(message, record.head);
  return facts.kind === "facts" ? facts.recorded.request.openedAt : null;
}

/** The name of an event, the same in every format. */
export type EventName = DecisionRecord["event"] | "malformed" | "unrecorded";

export function nameOf({ event }: Entry): EventName {
  return event.kind === "record" ? event.record.event : event.kind;
}

/** A name that no other event has, in this ledger or another, and that never changes. */
export function uidOf({ event, index }: Entry): string {
  return `${event.commit}/${index}`;
}

/** Who made it happen: the requester, whoever ended, closed or reviewed; null where it was the clock or the rules. */
export function actorOf({ event }: Entry): Named | null {
  if (event.kind !== "record") return null;
  const { record } = event;
  switch (record.event) {
    case "activated":
    case "extended":
    case "ended":
      return record.requestedBy;
    case "denied":
    case "withdrawn":
    case "lapsed":
      return record.closedBy;
    case "reviewed":
      return record.reviewedBy;
    case "finding":
    case "case":
      return null;
    default:
      return record satisfies never;
  }
}

/** Why, in the words of who said so; empty when nobody did. */
export function reasonOf({ event }: Entry): string {
  if (event.kind === "malformed") return event.because;
  return event.kind === "record" && "reason" in event.record ? event.record.reason : "";
}

/** How much an event asks for attention. */
export type Weight = "informational" | "low" | "medium" | "high";

export function weightOf(entry: Entry): Weight {
  const name = nameOf(entry);
  switch (name) {
    case "activated":
    case "extended":
      return entry.activation?.emergency === true ? "medium" : "informational";
    case "denied":
    case "unrecorded":
      return "low";
    case "finding":
    case "malformed":
      return "high";
    case "ended":
    case "lapsed":
    case "withdrawn":
    case "reviewed":
    case "case":
      return "informational";
    default:
      return name satisfies never;
  }
}
