import {
  type GrantId,
  type Oid,
  type PullNumber,
  parseGrantId,
  parseOid,
  parsePullNumber,
  parseRulesDigest,
  type RulesDigest,
} from "./oid.ts";
import { type Instant, parseInstant, printInstant } from "./time.ts";
import { oneLine, readTrailers, type Trailer } from "./trailer.ts";

/** A person in a record: the login of the moment and the id that survives a rename. */
export interface Named {
  readonly login: string;
  readonly id: number;
}

/** One approval in a record: the review, and the requirement that it filled. */
export interface RecordedApproval extends Named {
  readonly review: number;
  readonly requirement: string;
}

/** A support case: the system that keeps it, and its number there. */
export interface CaseName {
  readonly system: string;
  readonly id: string;
}

/** What a case is known by: systems and numbers are compared without case, as people write them; `#7` is `7`. */
export function caseKey({ system, id }: CaseName): string {
  return `${system.toLowerCase()} ${id.replace(/^#/, "").toLowerCase()}`;
}

/**
 * Access began, or was extended: the file on main is in force from `validFrom` until `validUntil`. What the grant
 * gives to whom is said again in the record, so that the log answers an auditor without reading a file.
 */
export interface ActivationRecord {
  readonly event: "activated" | "extended";
  readonly grant: GrantId;
  /** GitHub login of who gets the access. */
  readonly subject: string;
  readonly actions: readonly string[];
  readonly resource: { readonly type: string; readonly id: string };
  readonly case: CaseName;
  /** Break-glass: activated with fewer approvals, and owed a review afterwards. */
  readonly emergency: boolean;
  /** Blob of the grant file that was judged. */
  readonly blob: Oid;
  readonly pull: PullNumber;
  readonly requestedBy: Named;
  readonly approvedBy: readonly RecordedApproval[];
  readonly policies: readonly string[];
  readonly rules: RulesDigest;
  readonly base: Oid;
  readonly head: Oid;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
}

export const endCauses = ["expiry", "revocation", "release", "case-resolved"] as const;
export type EndCause = (typeof endCauses)[number];

/** Access ended. `requestedBy` and `reason` say who ended it early and why. */
export interface EndRecord {
  readonly event: "ended";
  readonly grant: GrantId;
  readonly blob: Oid;
  readonly cause: EndCause;
  readonly requestedBy: Named | null;
  readonly reason: string;
  /** For an expiry the instant the grant itself named, however late the file went. */
  readonly endedAt: Instant;
}

/** A request that never reached main. */
export interface ClosureRecord {
  readonly event: "denied" | "lapsed" | "withdrawn";
  readonly pull: PullNumber;
  readonly requestedBy: Named;
  readonly head: Oid;
  /** Null when the pull request had no readable grant file. */
  readonly grant: GrantId | null;
  readonly blob: Oid | null;
  readonly rules: RulesDigest | null;
  /** Who closed or denied it; null when the rules or the clock did. */
  readonly closedBy: Named | null;
  readonly reason: string;
  readonly at: Instant;
}

/** Something is on main that should not be there. */
export interface FindingRecord {
  readonly event: "finding";
  readonly code: string;
  readonly commit: Oid;
  readonly grant: GrantId | null;
  readonly reason: string;
  readonly at: Instant;
}

/** Somebody has looked at an emergency grant afterwards; until then its subject gets no other. */
export interface ReviewRecord {
  readonly event: "reviewed";
  readonly grant: GrantId;
  /** The issue that asked for it. */
  readonly issue: number;
  readonly reviewedBy: Named;
  readonly at: Instant;
}

export const caseStates = ["open", "resolved"] as const;
export type CaseState = (typeof caseStates)[number];

/** What another system said of a support case. */
export interface CaseRecord {
  readonly event: "case";
  readonly case: CaseName;
  readonly state: CaseState;
  readonly at: Instant;
  /** The signature of who said it, so that a record that anybody else wrote is none (`src/domain/announcement.ts`). */
  readonly seal: string;
}

/** What the journal holds: what never reached main, what others said, and an end that GitHub would not let onto main. */
export type JournalRecord = ClosureRecord | FindingRecord | EndRecord | ReviewRecord | CaseRecord;

export type DecisionRecord = ActivationRecord | JournalRecord;

/** Nothing in it is invisible, as in nearly every name. */
const PLAIN_WORD = /^[!-~]{1,100}$/;

/** A login is one word, whoever gave it: nothing in it can pass for another part of the line. */
const word = (text: string) => {
  if (PLAIN_WORD.test(text)) return text;
  const visible = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, "").slice(0, 100);
  return visible === "" ? "ghost" : visible;
};
const named = ({ login, id }: Named) => `${word(login)} (id ${id})`;
/** A word, and text that is never empty, so that the two can be told apart again. */
const pair = (first: string, second: string) => `${word(first)} ${oneLine(second) || "unknown"}`;
const caseText = ({ system, id }: CaseName) => pair(system, id);
const optional = (key: string, value: string | null): Trailer[] =>
  value === null || value === "" ? [] : [[key, value]];

/**
 * The trailers of a record, in the order in which they are written (docs/glossary.md, "The decision record").
 * Free text is made one line, so that no reason can add a trailer of its own.
 */
export function trailersOf(record: DecisionRecord): readonly Trailer[] {
  const event: Trailer = ["Grantbox-Event", record.event];
  switch (record.event) {
    case "activated":
    case "extended":
      return [
        event,
        ["Grant-Id", record.grant],
        ["Grant-Blob", record.blob],
        ["Subject", word(record.subject)],
        ["Actions", record.actions.map(word).join(", ")],
        ["Resource", pair(record.resource.type, record.resource.id)],
        ["Case", caseText(record.case)],
        ...optional("Emergency", record.emergency ? "yes" : null),
        ["Request", `#${record.pull}`],
        ["Requested-By", named(record.requestedBy)],
        ...record.approvedBy.map(
          (approval): Trailer => [
            "Approved-By",
            `${named(approval)} review ${approval.review} for "${oneLine(approval.requirement)}"`,
          ],
        ),
        ["Policies", record.policies.join(", ")],
        ["Rules", record.rules],
        ["Base", record.base],
        ["Head", record.head],
        ["Valid-From", printInstant(record.validFrom)],
        ["Valid-Until", printInstant(record.validUntil)],
      ];
    case "ended":
      return [
        event,
        ["Grant-Id", record.grant],
        ["Grant-Blob", record.blob],
        ["Ended-By", record.cause],
        ...optional("Requested-By", record.requestedBy && named(record.requestedBy)),
        ...optional("Reason", oneLine(record.reason)),
        ["Ended-At", printInstant(record.endedAt)],
      ];
    case "denied":
    case "lapsed":
    case "withdrawn":
      return [
        event,
        ["Request", `#${record.pull}`],
        ...optional("Grant-Id", record.grant),
        ...optional("Grant-Blob", record.blob),
        ["Requested-By", named(record.requestedBy)],
        ["Head", record.head],
        ...optional("Rules", record.rules),
        ...optional("Closed-By", record.closedBy && named(record.closedBy)),
        ...optional("Reason", oneLine(record.reason)),
        ["Closed-At", printInstant(record.at)],
      ];
    case "finding":
      return [
        event,
        ["Finding", record.code],
        ["Commit", record.commit],
        ...optional("Grant-Id", record.grant),
        ...optional("Reason", oneLine(record.reason)),
        ["Found-At", printInstant(record.at)],
      ];
    case "reviewed":
      return [
        event,
        ["Grant-Id", record.grant],
        ["Issue", `#${record.issue}`],
        ["Reviewed-By", named(record.reviewedBy)],
        ["Reviewed-At", printInstant(record.at)],
      ];
    case "case":
      return [
        event,
        ["Case", caseText(record.case)],
        ["Case-State", record.state],
        ["Said-At", printInstant(record.at)],
        ["Seal", record.seal],
      ];
  }
}

/** What a commit message says: no record at all, its records, or a record that cannot be trusted and why. */
export type RecordReading =
  | { readonly kind: "none" }
  | { readonly kind: "records"; readonly records: readonly DecisionRecord[] }
  | { readonly kind: "malformed"; readonly because: string };

/**
 * Reads the records of a commit message. One commit may end several grants: each `Grantbox-Event` begins a record.
 * A message that has the event trailer and lacks anything else the event needs is malformed, never half a record.
 */
export function readRecords(message: string): RecordReading {
  return recordsIn(readTrailers(message));
}

/** The same for the trailers of a message that have been read. */
export function recordsIn(trailers: readonly Trailer[]): RecordReading {
  const groups: Trailer[][] = [];
  for (const trailer of trailers) {
    if (trailer[0] === "Grantbox-Event") groups.push([]);
    groups.at(-1)?.push(trailer);
  }
  if (groups.length === 0) return { kind: "none" };
  const records: DecisionRecord[] = [];
  for (const group of groups) {
    const record = readRecord(group);
    if (typeof record === "string") return { kind: "malformed", because: record };
    records.push(record);
  }
  return { kind: "records", records };
}

/** A record as it will be read back: instants to the second, text on one line. */
export function asWritten<Kind extends DecisionRecord>(record: Kind): Kind {
  const read = readRecord(trailersOf(record));
  // the event is the record's own, so that what was read is of its kind
  return typeof read === "string" ? record : (read as Kind);
}

/** A record, or the name of the trailer that is missing, doubled or wrong. */
function readRecord(trailers: readonly Trailer[]): DecisionRecord | string {
  const fields = new Fields(trailers);
  const event = fields.text("Grantbox-Event");
  const reason = fields.optionalText("Reason") ?? "";
  const record = ((): DecisionRecord | null => {
    switch (event) {
      case "activated":
      case "extended":
        return {
          event,
          grant: fields.required("Grant-Id", parseGrantId),
          blob: fields.required("Grant-Blob", parseOid),
          subject: fields.text("Subject"),
          actions: fields.text("Actions").split(", "),
          resource: fields.required("Resource", parseResource),
          case: fields.required("Case", parseCase),
          emergency: fields.optional("Emergency", parseYes) ?? false,
          pull: fields.required("Request", parseReference),
          requestedBy: fields.required("Requested-By", parseNamed),
          approvedBy: fields.all("Approved-By", parseApproval),
          policies: fields.text("Policies").split(", "),
          rules: fields.required("Rules", parseRulesDigest),
          base: fields.required("Base", parseOid),
          head: fields.required("Head", parseOid),
          validFrom: fields.required("Valid-From", parseInstant),
          validUntil: fields.required("Valid-Until", parseInstant),
        };
      case "ended":
        return {
          event,
          grant: fields.required("Grant-Id", parseGrantId),
          blob: fields.required("Grant-Blob", parseOid),
          cause: fields.required("Ended-By", parseCause),
          requestedBy: fields.optional("Requested-By", parseNamed),
          reason,
          endedAt: fields.required("Ended-At", parseInstant),
        };
      case "denied":
      case "lapsed":
      case "withdrawn":
        return {
          event,
          pull: fields.required("Request", parseReference),
          requestedBy: fields.required("Requested-By", parseNamed),
          head: fields.required("Head", parseOid),
          grant: fields.optional("Grant-Id", parseGrantId),
          blob: fields.optional("Grant-Blob", parseOid),
          rules: fields.optional("Rules", parseRulesDigest),
          closedBy: fields.optional("Closed-By", parseNamed),
          reason,
          at: fields.required("Closed-At", parseInstant),
        };
      case "finding":
        return {
          event,
          code: fields.text("Finding"),
          commit: fields.required("Commit", parseOid),
          grant: fields.optional("Grant-Id", parseGrantId),
          reason,
          at: fields.required("Found-At", parseInstant),
        };
      case "reviewed":
        return {
          event,
          grant: fields.required("Grant-Id", parseGrantId),
          issue: fields.required("Issue", parseReference),
          reviewedBy: fields.required("Reviewed-By", parseNamed),
          at: fields.required("Reviewed-At", parseInstant),
        };
      case "case":
        return {
          event,
          case: fields.required("Case", parseCase),
          state: fields.required("Case-State", parseCaseState),
          at: fields.required("Said-At", parseInstant),
          seal: fields.required("Seal", parseSeal),
        };
      default:
        return null;
    }
  })();
  if (record === null) return `\`Grantbox-Event: ${event}\` is no event`;
  return fields.wrong ?? record;
}

/** The trailers of one record by key; remembers the first that is not as it must be. */
class Fields {
  wrong: string | null = null;
  readonly #trailers: ReadonlyMap<string, readonly Trailer[]>;

  constructor(trailers: readonly Trailer[]) {
    this.#trailers = Map.groupBy(trailers, ([key]) => key);
  }

  optionalText(key: string): string | null {
    const [trailer, second] = this.#trailers.get(key) ?? [];
    if (second !== undefined) this.wrong ??= `\`${key}\` is written twice`;
    return trailer?.[1] ?? null;
  }

  text(key: string): string {
    const value = this.optionalText(key);
    if (value === null || value === "") this.wrong ??= `\`${key}\` is missing`;
    return value ?? "";
  }

  optional<T>(key: string, parse: (text: string) => T | null): T | null {
    const value = this.optionalText(key);
    if (value === null) return null;
    const parsed = parse(value);
    if (parsed === null) this.wrong ??= `\`${key}: ${value}\` cannot be read`;
    return parsed;
  }

  /** The value; when it is missing or wrong the record as a whole is discarded, so the cast is never seen. */
  required<T>(key: string, parse: (text: string) => T | null): T {
    const parsed = this.optional(key, parse);
    if (parsed === null) this.wrong ??= `\`${key}\` is missing`;
    return parsed as T;
  }

  all<T>(key: string, parse: (text: string) => T | null): readonly T[] {
    return (this.#trailers.get(key) ?? []).flatMap(([, value]) => {
      const parsed = parse(value);
      if (parsed === null) this.wrong ??= `\`${key}: ${value}\` cannot be read`;
      return parsed === null ? [] : [parsed];
    });
  }
}

const parseSeal = (text: string) => (/^[0-9a-f]{64}$/.test(text) ? text : null);

const NAMED = /^(\S{1,100}) \(id (\d{1,15})\)$/;
const APPROVAL = /^(\S+ \(id \d+\)) review (\d{1,15}) for "(.*)"$/u;

function parseNamed(text: string): Named | null {
  const [, login = "", id = ""] = NAMED.exec(text) ?? [];
  return login === "" ? null : { login, id: Number(id) };
}

function parseApproval(text: string): RecordedApproval | null {
  const [, by = "", review = "", requirement = ""] = APPROVAL.exec(text) ?? [];
  const name = parseNamed(by);
  return name === null ? null : { ...name, review: Number(review), requirement };
}

function parseCause(text: string): EndCause | null {
  return endCauses.find((cause) => cause === text) ?? null;
}

function parseCaseState(text: string): CaseState | null {
  return caseStates.find((state) => state === text) ?? null;
}

function parseYes(text: string): true | null {
  return text === "yes" ? true : null;
}

const TWO_PARTS = /^(\S{1,100}) (\S.*)$/su;

function parseResource(text: string): ActivationRecord["resource"] | null {
  const [, type, id] = TWO_PARTS.exec(text) ?? [];
  return type === undefined || id === undefined ? null : { type, id };
}

function parseCase(text: string): CaseName | null {
  const [, system, id] = TWO_PARTS.exec(text) ?? [];
  return system === undefined || id === undefined ? null : { system, id };
}

function parseReference(text: string): PullNumber | null {
  return text.startsWith("#") ? parsePullNumber(text.slice(1)) : null;
}
