import { objections } from "./decision.ts";
import type { Extension } from "./extension.ts";
import type { Facts, GrantFact } from "./facts.ts";
import type { FindingCode } from "./finding.ts";
import type { Grant } from "./grant.ts";
import type { GrantId } from "./oid.ts";
import type { ApproverPolicy } from "./policy.ts";
import type { AccessRequest, RequestContent } from "./request.ts";
import type { RuleSet } from "./rule-set.ts";
import { addDuration, type Duration, hours, type Instant, instantOf, ONE_SECOND } from "./time.ts";

/** One thing more that a request could ask for, or one thing less that it could bring. */
export type More =
  | { readonly kind: "longer" | "longer-in-all"; readonly duration: Duration }
  | { readonly kind: "action"; readonly action: string }
  | { readonly kind: "scope"; readonly field: string; readonly value: string | null }
  | { readonly kind: "location"; readonly country: string | null }
  | { readonly kind: "justification"; readonly characters: number }
  | { readonly kind: "severity"; readonly severity: number | null }
  | { readonly kind: "grants-of-subject" | "grants-of-case"; readonly count: number }
  | {
      readonly kind:
        | "no-networks"
        | "no-mfa-constraint"
        | "emergency"
        | "without-second-factor"
        | "unsigned"
        | "case-resolved"
        | "outside-office-hours";
    };

/** A request with all that it is judged by. */
export interface Judged {
  readonly request: AccessRequest;
  readonly facts: Facts;
  readonly now: Instant;
}

type Content = Extract<RequestContent, { kind: "grant" }>;

/** A request whose file could be read, with all that it is judged by. */
interface Asking extends Judged {
  readonly content: Content;
}

/** Everything that some rule set has of a request's actions and limits, from which its neighbours are made. */
export interface Neighbourhood {
  readonly before: RuleSet;
  readonly after: RuleSet;
  /** The actions that the resource's type has, by the schemas of each. */
  readonly actions: { readonly before: readonly string[]; readonly after: readonly string[] };
}

/**
 * What a request could ask for beyond what it does, and get now, though the old rules would refuse it: the request is
 * changed in one respect at a time, just beyond each bound of the old rules, and judged under both.
 */
export function widerThan(judged: Judged, content: Content, neighbourhood: Neighbourhood): readonly More[] {
  const { before, after, actions } = neighbourhood;
  const found = new Map<string, More>();
  for (const [more, changed] of neighbours({ ...judged, content }, neighbourhood)) {
    const key = JSON.stringify([more.kind, "field" in more ? more.field : null]);
    if (found.has(key) || !isAllowed(changed, after)) continue;
    const isNewAction = more.kind === "action" && !actions.before.includes(more.action);
    if (isNewAction || !isAllowed(changed, before)) found.set(key, more);
  }
  return [...found.values()];
}

/** Findings that only say that something is not known, or that follow from it. */
export const doubtful: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "FACTS_STALE",
  "PUSHER_UNKNOWN",
  "MFA_UNKNOWN",
  "CASE_UNKNOWN",
]);
/** Findings that may come of a team that is not known. */
export const doubtfulByTeam: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "REQUESTER_NOT_ELIGIBLE",
  "SUBJECT_NOT_ELIGIBLE",
  "GRANT_ON_BEHALF_NOT_ALLOWED",
]);

/** Whether nothing stands against a request but approvals that are missing and facts that are not known. */
function isAllowed({ request, content, facts, now }: Asking, rules: RuleSet): boolean {
  return objections(request, content, rules, facts, now).every(
    ({ code }) => doubtful.has(code) || doubtfulByTeam.has(code),
  );
}

type Neighbour = readonly [More, Asking];

function* neighbours(judged: Asking, { before, after, actions }: Neighbourhood): Generator<Neighbour> {
  const { request, content: present } = judged;
  const { grant } = present;
  const withGrant = (parts: Partial<Grant>, extension: Extension | null = present.extension): Asking => {
    const content = { ...present, extension, grant: { ...grant, ...parts } };
    return { ...judged, request: { ...request, content }, content };
  };
  const withFacts = (parts: Partial<Facts>): Asking => ({ ...judged, facts: { ...judged.facts, ...parts } });
  const limits = before.policies.map((policy) => policy.limits);

  for (const limit of lengths(before)) {
    const duration = (limit + ONE_SECOND) as Duration;
    if (duration > grant.duration) yield [{ kind: "longer", duration }, withGrant({ duration })];
  }
  for (const limit of totals(before)) {
    const duration = (limit + ONE_SECOND) as Duration;
    const begun = instantOf(judged.now + grant.duration - duration);
    const extension = { before: grant, begun, runsUntil: addDuration(judged.now, ONE_SECOND), current: true };
    yield [{ kind: "longer-in-all", duration }, withGrant({}, extension)];
  }
  for (const action of actions.after) {
    const asked = grant.access.actions;
    if (asked.includes(action)) continue;
    yield [
      { kind: "action", action },
      withGrant({ access: { ...grant.access, actions: [...asked, action] } }),
    ];
  }
  yield* scopes(grant, after.policies, withGrant);
  yield* places(grant, after.policies, withGrant);
  for (const least of numbers(limits.map(({ minJustification }) => minJustification))) {
    const characters = least - 1;
    const justification = "x".repeat(characters);
    if (characters < grant.justification.length)
      yield [{ kind: "justification", characters }, withGrant({ justification })];
  }
  const { severity: _, ...unrated } = grant.case;
  yield [{ kind: "severity", severity: null }, withGrant({ case: unrated })];
  for (const severity of [1, 2, 3, 4])
    yield [{ kind: "severity", severity }, withGrant({ case: { ...unrated, severity } })];
  if (grant.emergency !== true) yield [{ kind: "emergency" }, withGrant({ emergency: true })];
  for (const count of numbers(limits.map(({ maxActivePerSubject }) => maxActivePerSubject)))
    yield [
      { kind: "grants-of-subject", count },
      withFacts({ grants: others(count, grant, judged.now, "subject") }),
    ];
  for (const count of numbers(limits.map(({ maxPerCase }) => maxPerCase)))
    yield [
      { kind: "grants-of-case", count },
      withFacts({ grants: others(count, grant, judged.now, "case") }),
    ];
  const { facts, now } = judged;
  yield [
    { kind: "without-second-factor" },
    withFacts({ secondFactor: { read: true, without: [grant.subject] } }),
  ];
  yield [
    { kind: "unsigned" },
    withFacts({ commits: facts.commits.map((one) => ({ ...one, signed: false })) }),
  ];
  yield [{ kind: "case-resolved" }, withFacts({ case: { read: true, state: "resolved" } })];
  if (limits.some(({ officeHours }) => officeHours !== null)) {
    for (let hour = 0; hour < 7 * 24; hour += 3)
      yield [{ kind: "outside-office-hours" }, { ...judged, now: addDuration(now, hours(hour)) }];
  }
}

/** Each part of the scope left out, opened, turned round, or as wide as a new policy allows it. */
function* scopes(
  grant: Grant,
  policies: readonly ApproverPolicy[],
  withGrant: (parts: Partial<Grant>) => Asking,
): Generator<Neighbour> {
  const scope: Readonly<Record<string, unknown>> = grant.access.scope ?? {};
  for (const field of Object.keys(scope)) {
    const change = (value: unknown): Asking => {
      const { [field]: present, ...rest } = scope;
      const shaped = Array.isArray(present) && value !== undefined ? [value] : value;
      const changed = { ...rest, ...(value === undefined ? {} : { [field]: shaped }) };
      return withGrant({ access: { ...grant.access, scope: changed } });
    };
    yield [{ kind: "scope", field, value: null }, change(undefined)];
    const allowed = policies.flatMap(({ limits }) => limits.scope[field] ?? []);
    const values = typeof scope[field] === "boolean" ? [!scope[field]] : ["**", ...allowed];
    for (const value of values) yield [{ kind: "scope", field, value: String(value) }, change(value)];
  }
}

/** From where the access may be used: from elsewhere too, or from anywhere. */
function* places(
  grant: Grant,
  policies: readonly ApproverPolicy[],
  withGrant: (parts: Partial<Grant>) => Asking,
): Generator<Neighbour> {
  const { constraints = {} } = grant;
  const { locations = [], networks = [], mfa = false } = constraints;
  const elsewhere = new Set(["ZZ", ...policies.flatMap(({ limits }) => limits.locations ?? [])]);
  if (locations.length > 0) {
    const { locations: _, ...rest } = constraints;
    yield [{ kind: "location", country: null }, withGrant({ constraints: rest })];
  }
  for (const country of elsewhere) {
    if (locations.includes(country)) continue;
    const more = { ...constraints, locations: [...locations, country] };
    yield [{ kind: "location", country }, withGrant({ constraints: more })];
  }
  if (networks.length > 0) {
    const { networks: _, ...rest } = constraints;
    yield [{ kind: "no-networks" }, withGrant({ constraints: rest })];
  }
  if (mfa) yield [{ kind: "no-mfa-constraint" }, withGrant({ constraints: { ...constraints, mfa: false } })];
}

function lengths({ policies, settings }: RuleSet): readonly Duration[] {
  const named = policies.flatMap(({ limits, emergency }) => [limits.maxDuration, emergency?.maxDuration]);
  return [...new Set([settings.maxDuration, ...named])].flatMap((length) => length ?? []);
}

function totals({ policies, settings }: RuleSet): readonly Duration[] {
  const named = policies.map(({ limits }) => limits.maxTotalDuration);
  return [...new Set([settings.maxTotalDuration, ...named])].flatMap((length) => length ?? []);
}

function numbers(values: readonly (number | null)[]): readonly number[] {
  return [...new Set(values)].flatMap((value) => value ?? []);
}

/** So many other grants of the same subject, or for the same case. */
function others(count: number, grant: Grant, now: Instant, same: "subject" | "case"): readonly GrantFact[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `other-${index}` as GrantId,
    subject: same === "subject" ? grant.subject : "",
    case: same === "case" ? grant.case : { system: "", id: "" },
    emergency: false,
    reviewed: true,
    runsUntil: addDuration(now, hours(1)),
  }));
}
