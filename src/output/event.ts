import type { Branch } from "../domain/lifecycle.ts";
import type { Oid } from "../domain/oid.ts";
import { type ActivationRecord, type DecisionRecord, trailersOf } from "../domain/record.ts";
import { type Instant, printInstant } from "../domain/time.ts";
import { plainly } from "./escape.ts";
import { because, causeOf, listed, short } from "./words.ts";

/** An event of the ledger, as far as it is shown. */
export type ShownEvent = {
  readonly at: Instant;
  readonly on: Branch;
  readonly commit: Oid;
  readonly headline: string;
} & (
  | { readonly kind: "record"; readonly record: DecisionRecord }
  | { readonly kind: "malformed"; readonly because: string }
  | { readonly kind: "unrecorded" }
);

/** One event on one line, without a line end: when, what, which grant, what of it, and the commit that tells it. */
export function eventLine(event: ShownEvent): string {
  const grant = event.kind === "record" && "grant" in event.record ? event.record.grant : null;
  const what =
    event.kind === "record" ? event.record.event : event.kind === "malformed" ? "malformed" : "no record";
  const words = eventWords(event);
  return `${printInstant(event.at)}  ${what.padEnd(9)}  ${grant === null ? "" : `${grant}  `}${words}  [${event.on === "main" ? "" : "journal "}${short(event.commit)}]`;
}

/** What an event says, without when and where. */
export function eventWords(event: ShownEvent): string {
  switch (event.kind) {
    case "record":
      return recordWords(event.record);
    case "malformed":
      return plainly.sentence(`${event.headline}: ${event.because}`);
    case "unrecorded":
      return plainly.prose(event.headline);
    default:
      return event satisfies never;
  }
}

/** What a record says, in plain words. */
export function recordWords(record: DecisionRecord): string {
  switch (record.event) {
    case "activated":
    case "extended":
      return `${accessWords(record)} until ${printInstant(record.validUntil)}, approved by ${approverWords(record)}, for case ${caseWords(record.case)} (#${record.pull})`;
    case "ended":
      return causeOf(record, plainly) + because(record.reason, plainly);
    case "denied":
    case "lapsed":
    case "withdrawn": {
      const by = record.closedBy === null ? "" : `, by ${plainly.value(record.closedBy.login)}`;
      return `request of ${plainly.value(record.requestedBy.login)} (#${record.pull})${by}${because(record.reason, plainly)}`;
    }
    case "finding":
      return `${plainly.value(record.code)} at ${short(record.commit)}${because(record.reason, plainly)}`;
    case "reviewed":
      return `emergency access reviewed by ${plainly.value(record.reviewedBy.login)} (#${record.issue})`;
    case "case":
      return `case ${caseWords(record.case)} is ${record.state}`;
    default:
      return record satisfies never;
  }
}

/** Who may do what. */
export function accessWords({ subject, actions, resource, emergency }: ActivationRecord): string {
  const name = resource.id.slice(resource.id.lastIndexOf("/") + 1);
  const may = listed(actions.map((action) => plainly.value(action)));
  return `${emergency ? "emergency: " : ""}${plainly.value(subject)} may ${may} ${plainly.value(resource.type)} ${plainly.value(name)}`;
}

function approverWords({ approvedBy }: ActivationRecord): string {
  return approvedBy.length === 0
    ? "nobody"
    : listed([...new Set(approvedBy.map(({ login }) => plainly.value(login)))]);
}

function caseWords({ system, id }: ActivationRecord["case"]): string {
  return `${plainly.value(system)} ${plainly.value(id)}`;
}

/** The columns of an exported table of events. */
export const eventColumns = [
  "time",
  "event",
  "grant",
  "subject",
  "actions",
  "resource_type",
  "resource",
  "case",
  "requested_by",
  "approved_by",
  "policies",
  "valid_from",
  "valid_until",
  "ended_by",
  "by",
  "reason",
  "request",
  "branch",
  "commit",
] as const;

type Cells = Partial<Record<(typeof eventColumns)[number], string>>;

/** An event as the cells of a row, in the order of `eventColumns`. */
export function eventRow(event: ShownEvent): readonly string[] {
  const cells: Cells = {
    time: printInstant(event.at),
    event: event.kind === "record" ? event.record.event : event.kind,
    branch: event.on,
    commit: event.commit,
    ...(event.kind === "record"
      ? recordCells(event.record)
      : { reason: event.kind === "malformed" ? event.because : event.headline }),
  };
  return eventColumns.map((column) => cells[column] ?? "");
}

function recordCells(record: DecisionRecord): Cells {
  switch (record.event) {
    case "activated":
    case "extended":
      return {
        grant: record.grant,
        subject: record.subject,
        actions: record.actions.join(" "),
        resource_type: record.resource.type,
        resource: record.resource.id,
        case: `${record.case.system} ${record.case.id}`,
        requested_by: record.requestedBy.login,
        approved_by: record.approvedBy.map(({ login }) => login).join(" "),
        policies: record.policies.join(" "),
        valid_from: printInstant(record.validFrom),
        valid_until: printInstant(record.validUntil),
        request: `#${record.pull}`,
      };
    case "ended":
      return {
        grant: record.grant,
        ended_by: record.cause,
        by: record.requestedBy?.login ?? "",
        reason: record.reason,
      };
    case "denied":
    case "lapsed":
    case "withdrawn":
      return {
        grant: record.grant ?? "",
        requested_by: record.requestedBy.login,
        by: record.closedBy?.login ?? "",
        reason: record.reason,
        request: `#${record.pull}`,
      };
    case "finding":
      return { grant: record.grant ?? "", reason: `${record.code} at ${record.commit}: ${record.reason}` };
    case "reviewed":
      return { grant: record.grant, by: record.reviewedBy.login, request: `#${record.issue}` };
    case "case":
      return { case: `${record.case.system} ${record.case.id}`, reason: record.state };
    default:
      return record satisfies never;
  }
}

/** An event as plain data for `JSON.stringify`: the columns of its row, and the record's trailers as they are written. */
export function eventJson(event: ShownEvent) {
  const row = eventRow(event);
  const cells = eventColumns.map((column, index) => [column, row[index] ?? ""] as const);
  return {
    ...named(cells),
    headline: event.headline,
    trailers: event.kind === "record" ? trailersOf(event.record).map(([key, value]) => ({ key, value })) : [],
  };
}

function named(cells: readonly (readonly [(typeof eventColumns)[number], string])[]): Cells {
  const filled: Cells = {};
  for (const [column, cell] of cells) if (cell !== "") filled[column] = cell;
  return filled;
}
