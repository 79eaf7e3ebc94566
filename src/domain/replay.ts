import { type Decision, decide } from "./decision.ts";
import { type Finding, type FindingCode, isError } from "./finding.ts";
import { type Asked, type QuorumChange, quorumChange } from "./new-quorum.ts";
import type { GrantId, Oid, PullNumber } from "./oid.ts";
import type { PolicyTest } from "./policy-test.ts";
import type { ActivationRecord, ClosureRecord } from "./record.ts";
import type { AccessRequest, RequestContent } from "./request.ts";
import type { RuleSet } from "./rule-set.ts";
import type { Instant } from "./time.ts";
import { doubtful, doubtfulByTeam, type Judged, type More, type Neighbourhood, widerThan } from "./wider.ts";

/**
 * What a rule set says of a request of the past, with what is known of that time. Nothing is guessed: `unknown` is what
 * hangs on a fact that was not recorded, and then it might pass.
 */
export type Outcome =
  | { readonly kind: "passes" }
  /** Nothing stands against it, and approvals are missing. */
  | { readonly kind: "waits" }
  | { readonly kind: "refused"; readonly because: readonly Finding[] }
  /** It was decided later than it may wait. */
  | { readonly kind: "lapses"; readonly at: Instant }
  | { readonly kind: "unknown"; readonly missing: readonly Finding[] };

/** A request of the past as its record has it. */
export interface PastRequest {
  readonly record: ActivationRecord | ClosureRecord;
  /** The commit that carries the record; null where it is not at hand, and with it what was recorded of the facts. */
  readonly commit: Oid | null;
  /** Of an extension: the record that it extended, and the one with which the access began. */
  readonly extended: { readonly last: ActivationRecord; readonly first: ActivationRecord } | null;
}

/** A request that no record is about: of a policy test. */
export interface TestRequest extends Judged {
  readonly name: string;
}

/** The requests that a policy test is about. */
export function requestsOfTest({ name, cases }: PolicyTest): readonly TestRequest[] {
  return cases.map((one) => ({
    name: `${name}: ${one.name}`,
    request: one.request,
    facts: one.facts,
    now: one.now,
  }));
}

/** Whether a record is that of a grant, and not of a request that never became one. */
export function isGranted(record: PastRequest["record"]): record is ActivationRecord {
  return record.event === "activated" || record.event === "extended";
}

/** When a request was decided. */
export function decidedAt({ record }: PastRequest): Instant {
  return isGranted(record) ? record.validFrom : record.at;
}

/** A request of the past, or of a policy test. */
export type Past =
  | {
      readonly kind: "granted" | "denied" | "lapsed" | "withdrawn";
      readonly grant: GrantId | null;
      readonly pull: PullNumber;
      readonly at: Instant;
      /** The commit that records it; null where only the record is at hand. */
      readonly commit: Oid | null;
    }
  | { readonly kind: "test"; readonly name: string };

/** In what a request needs less under the new rules. */
export type Less =
  | { readonly kind: "passes"; readonly surely: boolean }
  | { readonly kind: "approvals"; readonly change: Exclude<QuorumChange, { kind: "none" }> }
  | { readonly kind: "wider"; readonly more: More };

/** One request under two sets of rules. */
export interface Comparison {
  readonly past: Past;
  readonly before: Outcome;
  readonly after: Outcome;
  readonly less: readonly Less[];
}

/** What a change of the rules would have done to the requests that there were. */
export interface Replay {
  readonly judged: { readonly granted: number; readonly closed: number; readonly tests: number };
  /** Requests older than those, when only the newest were judged. */
  readonly older: number;
  /** Requests whose file the repository does not have any more, or that never had one. */
  readonly withoutFile: number;
  /** Of those judged, how many hang on facts that were not recorded, under the new rules. */
  readonly unknown: number;
  /** Every request that is not judged as before, or that would need less; the newest first. */
  readonly differences: readonly Comparison[];
}

/** What a decision about the past comes to. */
export function outcomeOf({ verdict, denials, findings, lapsesAt }: Decision, now: Instant): Outcome {
  if (verdict === "approved") return { kind: "passes" };
  const missing = findings.filter(({ code }) => unread.has(code));
  const isTeamUnknown = missing.some(({ code }) => code === "TEAM_UNREADABLE");
  const isDoubtful = ({ code }: Finding) => doubtful.has(code) || (isTeamUnknown && doubtfulByTeam.has(code));
  const because = findings.filter((one) => isError(one) && !isDoubtful(one) && !passing.has(one.code));
  if (denials.length > 0 || because.length > 0) return { kind: "refused", because };
  if (lapsesAt !== null && now >= lapsesAt) return { kind: "lapses", at: lapsesAt };
  return missing.length > 0 ? { kind: "unknown", missing } : { kind: "waits" };
}

/** Facts that were not recorded, or could not be read then. */
const unread: ReadonlySet<FindingCode> = new Set<FindingCode>([...doubtful, "TEAM_UNREADABLE"]);
/** It waits for office hours, and then goes on. */
const passing: ReadonlySet<FindingCode> = new Set<FindingCode>(["GRANT_OUTSIDE_OFFICE_HOURS"]);

/** Judges one request under two sets of rules; each reads the file by its own schemas, hence two requests. */
export function compare(
  past: Past,
  [before, after]: readonly [Judged, Judged],
  [oldRules, newRules]: readonly [RuleSet, RuleSet],
  actions: Neighbourhood["actions"],
): Comparison {
  const [was, is] = [decisionOf(before, oldRules), decisionOf(after, newRules)];
  const [one, other] = [outcomeOf(was, before.now), outcomeOf(is, after.now)];
  const less: Less[] = [];
  if (rankOf(other) > rankOf(one)) less.push({ kind: "passes", surely: other.kind === "passes" });
  const [old, content] = [before.request.content, after.request.content];
  if (old.kind === "grant" && content.kind === "grant" && rankOf(one) > 0 && rankOf(other) > 0) {
    const change = quorumChange(
      askedBy(was, before.request, old, oldRules),
      askedBy(is, after.request, content, newRules),
    );
    if (change.kind !== "none") less.push({ kind: "approvals", change });
    const neighbourhood = { before: oldRules, after: newRules, actions };
    for (const more of widerThan(after, content, neighbourhood)) less.push({ kind: "wider", more });
  }
  return { past, before: one, after: other, less };
}

function decisionOf({ request, facts, now }: Judged, rules: RuleSet): Decision {
  return decide(request, rules, facts, now);
}

/** How near to passing it is; what is not known might pass. */
function rankOf({ kind }: Outcome): number {
  switch (kind) {
    case "refused":
    case "lapses":
      return 0;
    case "waits":
      return 1;
    case "unknown":
    case "passes":
      return 2;
  }
}

function askedBy(
  { policies }: Decision,
  { organization, requester }: AccessRequest,
  { file, grant }: Extract<RequestContent, { kind: "grant" }>,
  rules: RuleSet,
): Asked {
  const names = new Set(
    policies.filter(({ applicability }) => applicability.applies === true).map((one) => one.policy),
  );
  return {
    rules,
    matching: rules.policies.filter(({ name }) => names.has(name)),
    emergency: grant.emergency === true,
    path: file.path,
    organization,
    requester: requester.login,
  };
}

/** Whether two outcomes are told apart. */
export function isDifferent({ before, after, less }: Comparison): boolean {
  return before.kind !== after.kind || less.length > 0;
}

/** Whether a change would let anything pass that did not, or with less than it took. */
export function givesNewAccess({ differences }: Pick<Replay, "differences">): boolean {
  return differences.some(({ less }) => less.length > 0);
}
