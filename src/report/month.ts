import { beginningOf, type GrantHistory } from "../domain/lifecycle.ts";
import type { Month } from "../domain/month.ts";
import { sameLogin } from "../domain/person.ts";
import type { ActivationRecord, EndCause } from "../domain/record.ts";
import { type Duration, durationBetween, hours, type Instant, minutes } from "../domain/time.ts";
import type { DecidedRequest, Period, RulesChanged } from "../ledger/period.ts";

/** What is asked for at least this long is looked at for approvals that came at once. */
export const LONG = hours(4);
/** An approval sooner than this after the request was opened cannot have come from reading it. */
export const AT_ONCE = minutes(1);

/** Lengths of time, of as many as are known. */
export interface Spread {
  readonly known: number;
  readonly unknown: number;
  /** Null when none is known. */
  readonly median: Duration | null;
  /** Nine of ten are no longer. */
  readonly p90: Duration | null;
}

/** What was granted to or on one thing. */
export interface Share {
  readonly name: string;
  readonly grants: number;
  readonly asked: Duration;
  readonly used: Duration;
}

export interface ApproverFigures {
  readonly login: string;
  readonly approvals: number;
  /** Of these, on long requests in under a minute. */
  readonly atOnce: number;
}

/** An approval of a long request that came in under a minute. */
export interface RubberStamp {
  readonly grant: string;
  readonly login: string;
  readonly after: Duration;
  readonly asked: Duration;
}

export interface EmergencyFigures {
  readonly grant: string;
  readonly subject: string;
  readonly at: Instant;
  readonly review: { readonly by: string; readonly at: Instant } | null;
}

/** When a grant was to end and when it did. */
export interface EndFigures {
  readonly grant: string;
  readonly subject: string;
  readonly resource: string;
  readonly from: Instant;
  readonly planned: Instant;
  /** When access ended: by its record, else by the clock; null while it runs. */
  readonly actual: Instant | null;
  /** `no record`: its time is over and nobody recorded the end; null while it runs. */
  readonly cause: EndCause | "no record" | null;
}

export interface FindingFigures {
  readonly at: Instant;
  readonly code: string;
  readonly grant: string | null;
  readonly commit: string;
  readonly reason: string;
}

export const outcomes = ["activated", "extended", "denied", "lapsed", "withdrawn"] as const;
export type Outcome = (typeof outcomes)[number];

/** Every figure of a month's report. */
export interface MonthFigures {
  readonly month: Month;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly toFirstReview: Spread;
  readonly toActivation: Spread;
  readonly asked: Spread;
  readonly used: Spread;
  readonly byResourceType: readonly Share[];
  readonly byClassification: readonly Share[];
  readonly byTeam: readonly Share[];
  readonly byCase: readonly Share[];
  readonly approvers: readonly ApproverFigures[];
  readonly rubberStamps: readonly RubberStamp[];
  readonly emergencies: readonly EmergencyFigures[];
  readonly ends: readonly EndFigures[];
  readonly outOfBand: readonly FindingFigures[];
  readonly rulesChanged: readonly RulesChanged[];
}

/** The figures of a month, as the ledger stood at `now`; what no record says is counted as unknown. */
export function monthFigures(month: Month, period: Period, now: Instant): MonthFigures {
  const granted = period.requests.flatMap((request) =>
    "subject" in request.record ? [{ ...request, record: request.record }] : [],
  );
  const usedOf = new Map(
    granted.map((one) => [one, used(one.record, period.histories.get(one.record.grant), now)]),
  );
  const stamps = granted.flatMap(rubberStampsOf);
  const shares = (namesOf: (one: Granted) => readonly string[]): readonly Share[] =>
    sharesOf(
      granted.map((one) => ({
        names: namesOf(one),
        asked: askedBy(one.record),
        used: usedOf.get(one) ?? none,
      })),
    );
  return {
    month,
    outcomes: countOutcomes(period.requests),
    toFirstReview: spread(period.requests.map(firstReviewAfter)),
    toActivation: spread(
      granted.map(({ facts, at }) => facts && durationBetween(facts.request.openedAt, at)),
    ),
    asked: spread(granted.map(({ record }) => askedBy(record))),
    used: spread(granted.map((one) => usedOf.get(one) ?? null)),
    byResourceType: shares(({ record }) => [record.resource.type]),
    byClassification: shares(({ classification }) => [classification ?? "unknown"]),
    byTeam: shares(({ teams }) => (teams.length === 0 ? ["unknown"] : teams)),
    byCase: shares(({ record }) => [`${record.case.system} ${record.case.id}`]),
    approvers: approversOf(granted, stamps),
    rubberStamps: stamps,
    emergencies: granted.filter(({ record }) => record.emergency).map((one) => emergencyOf(one, period)),
    ends: endsOf(period, now),
    outOfBand: period.events.flatMap((event): readonly FindingFigures[] =>
      event.kind === "record" && event.record.event === "finding"
        ? [{ ...event.record, at: event.at }]
        : event.kind === "malformed"
          ? [
              {
                at: event.at,
                code: "RECORD_MALFORMED",
                grant: null,
                commit: event.commit,
                reason: event.because,
              },
            ]
          : [],
    ),
    rulesChanged: period.rulesChanged,
  };
}

type Granted = DecidedRequest & { readonly record: ActivationRecord };
const none = 0 as Duration;

function countOutcomes(requests: readonly DecidedRequest[]): Record<Outcome, number> {
  const counts = { activated: 0, extended: 0, denied: 0, lapsed: 0, withdrawn: 0 };
  for (const { record } of requests) counts[record.event] += 1;
  return counts;
}

function askedBy({ validFrom, validUntil }: ActivationRecord): Duration {
  return durationBetween(validFrom, validUntil);
}

/** How long access lasted so far; an activation that was extended lasted until its extension took over. */
function used(record: ActivationRecord, history: GrantHistory | undefined, now: Instant): Duration {
  const all = history === undefined ? [record] : [...history.earlier, history.activation];
  const next = all[all.findIndex((one) => one.pull === record.pull) + 1];
  const ended = history?.end?.record.endedAt;
  const until = Math.min(
    record.validUntil,
    next?.validFrom ?? record.validUntil,
    ended ?? record.validUntil,
    now,
  ) as Instant;
  return durationBetween(record.validFrom, until);
}

function firstReviewAfter({ facts }: DecidedRequest): Duration | null {
  const times = facts?.facts.reviews.map(({ submittedAt }) => submittedAt) ?? [];
  return facts === null || times.length === 0
    ? null
    : durationBetween(facts.request.openedAt, Math.min(...times) as Instant);
}

function rubberStampsOf({ record, facts }: Granted): readonly RubberStamp[] {
  const asked = askedBy(record);
  if (facts === null || asked < LONG) return [];
  return record.approvedBy.flatMap(({ login, review }) => {
    const given = facts.facts.reviews.find(({ id }) => id === review)?.submittedAt;
    if (given === undefined) return [];
    const after = durationBetween(facts.request.openedAt, given);
    return after < AT_ONCE ? [{ grant: record.grant, login, after, asked }] : [];
  });
}

function approversOf(
  granted: readonly Granted[],
  stamps: readonly RubberStamp[],
): readonly ApproverFigures[] {
  const all = granted.flatMap(({ record }) => [...new Set(record.approvedBy.map(({ login }) => login))]);
  return [...Map.groupBy(all, (login) => login.toLowerCase()).values()]
    .map((same) => {
      const [login = ""] = same;
      return {
        login,
        approvals: same.length,
        atOnce: stamps.filter((stamp) => sameLogin(stamp.login, login)).length,
      };
    })
    .toSorted((one, other) => other.approvals - one.approvals || (one.login < other.login ? -1 : 1));
}

function emergencyOf({ record, at }: Granted, { events }: Period): EmergencyFigures {
  const review = events.flatMap((event) =>
    event.kind === "record" && event.record.event === "reviewed" && event.record.grant === record.grant
      ? [{ by: event.record.reviewedBy.login, at: event.at }]
      : [],
  )[0];
  return { grant: record.grant, subject: record.subject, at, review: review ?? null };
}

/** Every grant that ran in the month. */
function endsOf({ histories, from, to }: Period, now: Instant): readonly EndFigures[] {
  return [...histories.values()]
    .map((history): EndFigures => {
      const { activation, end } = history;
      const isOver = activation.validUntil <= now;
      const recorded = end?.record.endedAt ?? null;
      return {
        grant: activation.grant,
        subject: activation.subject,
        resource: `${activation.resource.type} ${activation.resource.id}`,
        from: beginningOf(history).validFrom,
        planned: activation.validUntil,
        // access never lasts longer than the grant, however late its end is recorded
        actual:
          recorded === null
            ? isOver
              ? activation.validUntil
              : null
            : (Math.min(recorded, activation.validUntil) as Instant),
        cause: end?.record.cause ?? (isOver ? "no record" : null),
      };
    })
    .filter(({ from: began, actual, planned }) => began < to && (actual ?? planned) >= from)
    .toSorted((one, other) => one.from - other.from);
}

interface Part {
  readonly names: readonly string[];
  readonly asked: Duration;
  readonly used: Duration;
}

function sharesOf(parts: readonly Part[]): readonly Share[] {
  const named = parts.flatMap((part) => part.names.map((name) => ({ ...part, name })));
  return [...Map.groupBy(named, ({ name }) => name)]
    .map(([name, its]) => ({
      name,
      grants: its.length,
      asked: its.reduce((sum, { asked }) => (sum + asked) as Duration, none),
      used: its.reduce((sum, { used: one }) => (sum + one) as Duration, none),
    }))
    .toSorted((one, other) => other.grants - one.grants || (one.name < other.name ? -1 : 1));
}

/** Median and nine in ten by the nearest rank: a value that occurred, never one in between. */
export function spread(lengths: readonly (Duration | null)[]): Spread {
  const sorted = lengths.filter((length) => length !== null).toSorted((one, other) => one - other);
  const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  return { known: sorted.length, unknown: lengths.length - sorted.length, median: rank(0.5), p90: rank(0.9) };
}
