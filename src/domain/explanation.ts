import { type Clause, clausesOf, type Outcome } from "./clause.ts";
import { conditionFindings } from "./conditions.ts";
import { type Decision, decide, viewOf } from "./decision.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { type Fulfilment, fulfil, type RequirementResult } from "./fulfilment.ts";
import { limitFindings } from "./limits.ts";
import {
  type Applicability,
  type ApproverPolicy,
  applicabilityOf,
  type Condition,
  clauseMatches,
  type Limits,
  noConditions,
  noLimits,
  type Requirement,
  requirementsIn,
} from "./policy.ts";
import { quotaFindings } from "./quota.ts";
import type { AccessRequest, RequestContent } from "./request.ts";
import type { RuleSet } from "./rule-set.ts";
import { hours, type Instant } from "./time.ts";
import type { RequestView } from "./view.ts";

/** What came of one clause for a request. */
export interface ClauseResult {
  readonly clause: Clause;
  readonly outcome: Outcome;
  /** What it stands against the request, for a limit or condition that is not kept. */
  readonly findings: readonly Finding[];
  /** Of a requirement: who filled it and who still could. */
  readonly result: RequirementResult | null;
  /** Why the expression has no value. */
  readonly error: string | null;
}

export interface PolicyExplanation {
  readonly policy: ApproverPolicy;
  readonly applicability: Applicability;
  /** What was looked at; of a policy that does not apply only what decides about that. */
  readonly clauses: readonly ClauseResult[];
}

/** A decision with what each clause of each policy had to do with it. */
export interface Explanation {
  readonly decision: Decision;
  readonly policies: readonly PolicyExplanation[];
}

/**
 * The decision on a request, and of every clause by itself what came of it. Each is found by the function that
 * `decide` finds it with, given a policy of this one clause: no reason is worked out twice.
 */
export function explain(request: AccessRequest, rules: RuleSet, facts: Facts, now: Instant): Explanation {
  const decision = decide(request, rules, facts, now);
  const { content } = request;
  if (content.kind === "refused") return { decision, policies: [] };
  const view = viewOf(request, content, rules);
  const policies = rules.policies.map((policy): PolicyExplanation => {
    const applicability = applicabilityOf(policy, view);
    const alone = applicability.applies === true ? fulfil(request, content, rules, facts, [policy]) : null;
    const context: Context = { policy, content, view, rules, facts, now, alone };
    const clauses = clausesOf(policy).flatMap((clause) => resultOf(clause, context) ?? []);
    return { policy, applicability, clauses };
  });
  return { decision, policies };
}

type GrantContent = Extract<RequestContent, { kind: "grant" }>;

interface Context {
  readonly policy: ApproverPolicy;
  readonly content: GrantContent;
  readonly view: RequestView;
  readonly rules: RuleSet;
  readonly facts: Facts;
  readonly now: Instant;
  /** What the policy alone asks for; null where it does not apply. */
  readonly alone: Fulfilment | null;
}

/** What came of a clause; null where it was not looked at. */
function resultOf(clause: Clause, context: Context): ClauseResult | null {
  const { view, alone } = context;
  const outcome = (of: Outcome, rest: Partial<ClauseResult> = {}): ClauseResult => ({
    clause,
    outcome: of,
    findings: [],
    result: null,
    error: null,
    ...rest,
  });
  switch (clause.kind) {
    case "match":
      return outcome(clause.all.every((one) => clauseMatches(one, view)) ? "matched" : "unmatched");
    case "when":
      return outcome(...evaluated(clause.condition, view, "true", "false"));
    case "limit": {
      if (alone === null || (clause.limit === "emergency" && !view.emergency)) return null;
      const findings = limitAlone(clause.limit, context);
      return outcome(findings.length === 0 ? "kept" : "broken", { findings });
    }
    case "condition": {
      if (alone === null) return null;
      const conditions = { ...noConditions, [clause.condition]: true };
      const findings = conditionFindings(context.content, [{ ...context.policy, conditions }], context.facts);
      return outcome(findings.length === 0 ? "met" : "unmet", { findings });
    }
    case "requirement": {
      const result = alone === null ? null : requirementResult(clause.requirement, alone);
      return result === null ? null : outcome(result.missing === 0 ? "filled" : "missing", { result });
    }
    case "way": {
      if (alone === null || view.emergency) return null;
      // of no requirement are there two, so that one of a way is not among those of another
      const isTaken =
        alone.filled && requirementsIn(clause.way).some((one) => chosen(one, alone) !== undefined);
      return outcome(isTaken ? "taken" : "not taken");
    }
    case "deny":
      return alone === null ? null : outcome(...evaluated(clause.condition, view, "fired", "silent"));
    case "time":
      return null;
  }
}

function evaluated(
  condition: Condition,
  view: RequestView,
  yes: Outcome,
  no: Outcome,
): [Outcome, Partial<ClauseResult>] {
  const evaluation = condition.evaluate(view);
  return evaluation.ok ? [evaluation.value ? yes : no, {}] : ["failed", { error: evaluation.error }];
}

/** What one limit stands against the request, without the bounds of the settings and of everything else. */
function limitAlone(
  limit: keyof Limits | "emergency",
  { policy, content, view, rules, facts, now }: Context,
): readonly Finding[] {
  const boundless = hours(Number.POSITIVE_INFINITY);
  const free: RuleSet = {
    ...rules,
    settings: { ...rules.settings, maxDuration: boundless, maxTotalDuration: boundless },
  };
  const found = (limits: Limits, emergency: ApproverPolicy["emergency"]): readonly Finding[] => [
    ...limitFindings(content, view, [{ ...policy, limits, emergency }], free, now),
    ...quotaFindings(content, [{ ...policy, limits, emergency }], free, facts, now),
  ];
  const anyway = new Set(found(noLimits, null).map(({ code, message }) => `${code} ${message}`));
  const alone =
    limit === "emergency"
      ? found(noLimits, policy.emergency)
      : found({ ...noLimits, [limit]: policy.limits[limit] }, null);
  return alone.filter(({ code, message }) => !anyway.has(`${code} ${message}`));
}

/** A requirement in the way that is nearest to being filled, else in another one. */
function requirementResult(requirement: Requirement, fulfilment: Fulfilment): RequirementResult | null {
  const others = fulfilment.otherWays.flat();
  return (
    chosen(requirement, fulfilment) ?? others.find((one) => isSame(one.requirement, requirement)) ?? null
  );
}

function chosen(requirement: Requirement, { requirements }: Fulfilment): RequirementResult | undefined {
  return requirements.find((one) => isSame(one.requirement, requirement));
}

/** Two requirements are one where they are written in one place. */
function isSame(one: Requirement, other: Requirement): boolean {
  const place = ({ name, at }: Requirement) => `${at?.file}:${at?.line}:${at?.column} ${name}`;
  return place(one) === place(other);
}
