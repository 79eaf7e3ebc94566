import type { GrantHistories } from "../../src/domain/lifecycle.ts";
import { parseMonth } from "../../src/domain/month.ts";
import { oid } from "../../src/domain/oid.ts";
import type { ActivationRecord, EndRecord } from "../../src/domain/record.ts";
import { recordFacts } from "../../src/domain/recorded-facts.ts";
import { type Instant, instantOf } from "../../src/domain/time.ts";
import type { LedgerEvent } from "../../src/ledger/event.ts";
import type { DecidedRequest, Period } from "../../src/ledger/period.ts";
import { type MonthFigures, monthFigures } from "../../src/report/month.ts";
import {
  activation,
  approves,
  at,
  closure,
  directory,
  ending,
  facts,
  report,
  request,
  reviewed,
  VALID_FROM,
} from "../domain/builders.ts";

const COMMIT = oid("c".repeat(40));
export const NOW = at("2026-12-01T00:00:00Z");

/** November 2026. */
export function november() {
  const month = parseMonth("2026-11");
  if (month === null) throw new TypeError("2026-11 is a month");
  return month;
}

/** A request that was opened so many seconds before its decision, and reviewed so many seconds after it was opened. */
export function decided(
  record: DecidedRequest["record"],
  {
    opened = 600,
    reviewedAfter = 300,
    more = {},
  }: {
    readonly opened?: number;
    readonly reviewedAfter?: number;
    readonly more?: Partial<DecidedRequest>;
  } = {},
): DecidedRequest {
  const openedAt = instantOf(VALID_FROM - opened * 1000);
  const submittedAt = instantOf(openedAt + reviewedAfter * 1000);
  const reviews = (("approvedBy" in record ? record.approvedBy : null) ?? []).map(({ login, review }) =>
    approves(login, { id: review, submittedAt }),
  );
  return {
    record,
    at: VALID_FROM,
    commit: COMMIT,
    facts: recordFacts({ ...request(), openedAt }, facts({ reviews }), directory, VALID_FROM),
    classification: "pii",
    teams: ["support"],
    ...more,
  };
}

export function told(
  record: Extract<LedgerEvent, { kind: "record" }>["record"],
  when: Instant = VALID_FROM,
): LedgerEvent {
  return {
    kind: "record",
    record,
    on: "journal",
    position: 0,
    commit: COMMIT,
    parents: [],
    committedAt: when,
    at: when,
    headline: "",
    changes: null,
  };
}

export function historyOf(record: ActivationRecord, end: EndRecord | null = null): GrantHistories {
  const story = {
    activation: record,
    commit: COMMIT,
    earlier: [],
    headline: "",
    end: end && { record: end, on: "main" as const },
  };
  return new Map([[record.grant, story]]);
}

export function period(parts: Partial<Period> = {}): Period {
  const { from, to } = november();
  return { from, to, requests: [], events: [], rulesChanged: [], histories: new Map(), ...parts };
}

export const figuresOf = (parts: Partial<Period>, now: Instant = NOW): MonthFigures =>
  monthFigures(november(), period(parts), now);

/** A month in which something of every kind happened, with this text wherever somebody may write. */
export function fullMonth(text: string): MonthFigures {
  const record = activation({
    subject: text,
    resource: { type: text, id: text },
    case: { system: text, id: text },
    emergency: true,
    approvedBy: [{ login: text, id: 1002, review: 9001, requirement: text }],
  });
  const approvals = decided(record, {
    opened: 40,
    reviewedAfter: 30,
    more: { classification: text, teams: [text] },
  });
  return figuresOf({
    requests: [approvals, decided(closure({ reason: text }))],
    events: [
      told(reviewed({ reviewedBy: { login: text, id: 1 } })),
      told(report({ code: text, reason: text })),
    ],
    rulesChanged: [{ at: VALID_FROM, commit: COMMIT, headline: text, files: [text, text, text, text] }],
    histories: historyOf(record, ending({ cause: "revocation", reason: text })),
  });
}
