import { type Clause, clauseOutcomes, clausesOf, type Outcome, type TimeClause } from "./clause.ts";
import type { Expectation } from "./expectation.ts";
import type { ApproverPolicy } from "./policy.ts";
import type { CaseResult } from "./policy-test.ts";

/** One clause, with what came of it in some test and what never did. */
export interface ClauseCoverage {
  readonly clause: Clause;
  readonly seen: readonly Outcome[];
  readonly unseen: readonly Outcome[];
}

export interface PolicyCoverage {
  readonly policy: ApproverPolicy;
  readonly clauses: readonly ClauseCoverage[];
}

/** What the tests of a rule set bring about. */
export interface Coverage {
  readonly policies: readonly PolicyCoverage[];
  /** Outcomes that tests saw, of all that there are. */
  readonly seen: number;
  readonly all: number;
}

/** Of each clause of each policy, which outcomes some case brought about. */
export function coverageOf(policies: readonly ApproverPolicy[], results: readonly CaseResult[]): Coverage {
  const covered = policies.map((policy): PolicyCoverage => {
    const seen = new Map<string, Set<Outcome>>();
    for (const { name, outcome } of results.flatMap((result) => outcomesIn(result, policy))) {
      seen.set(name, (seen.get(name) ?? new Set()).add(outcome));
    }
    return {
      policy,
      clauses: clausesOf(policy).map((clause) => clauseCoverage(clause, seen.get(clause.name))),
    };
  });
  const clauses = covered.flatMap((one) => one.clauses);
  return {
    policies: covered,
    seen: clauses.reduce((sum, one) => sum + one.seen.length, 0),
    all: clauses.reduce((sum, one) => sum + one.seen.length + one.unseen.length, 0),
  };
}

/** Whole percent, rounded down so that 100 means all; 100 where there is nothing to cover. */
export function percentOf({ seen, all }: Pick<Coverage, "seen" | "all">): number {
  return all === 0 ? 100 : Math.floor((seen / all) * 100);
}

function clauseCoverage(clause: Clause, happened: ReadonlySet<Outcome> = new Set()): ClauseCoverage {
  const all: readonly Outcome[] = clauseOutcomes[clause.kind];
  return {
    clause,
    seen: all.filter((outcome) => happened.has(outcome)),
    unseen: all.filter((outcome) => !happened.has(outcome)),
  };
}

function outcomesIn(
  { explanation, case: { expect } }: CaseResult,
  policy: ApproverPolicy,
): readonly { readonly name: string; readonly outcome: Outcome }[] {
  const explained = explanation.policies.find((one) => one.policy === policy);
  if (explained === undefined) return [];
  const expected =
    explained.applicability.applies === true
      ? clausesOf(policy).filter((clause) => clause.kind === "time" && isNamed(clause.time, expect))
      : [];
  return [
    ...explained.clauses.map(({ clause, outcome }) => ({ name: clause.name, outcome })),
    ...expected.map(({ name }) => ({ name, outcome: "expected" as const })),
  ];
}

/** Whether a test says what a time has to be. */
function isNamed(time: TimeClause, expect: Expectation): boolean {
  switch (time) {
    case "expiresAfter":
      return expect.lapsesAfter !== null;
    case "remindAfter":
      return expect.remindsAfter !== null;
    case "escalateAfter":
      return expect.escalatesAfter !== null;
    case "escalateTo":
      return expect.escalatesTo !== null;
    case "reviewWithin":
      return expect.reviewWithin !== null;
  }
}
