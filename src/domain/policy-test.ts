import { type Difference, differencesFrom, type Expectation } from "./expectation.ts";
import { type Explanation, explain } from "./explanation.ts";
import type { Facts } from "./facts.ts";
import type { Position } from "./finding.ts";
import type { AccessRequest } from "./request.ts";
import type { RuleSet } from "./rule-set.ts";
import type { Instant } from "./time.ts";

/** One case of a test file: a request, what is known of it, and what the rules must say. */
export interface PolicyTestCase {
  readonly name: string;
  readonly at: Position;
  readonly request: AccessRequest;
  readonly facts: Facts;
  readonly now: Instant;
  readonly expect: Expectation;
  /** Where `expect` is written. */
  readonly expectedAt: Position;
}

/** A test file: its path and its cases in order. */
export interface PolicyTest {
  readonly name: string;
  readonly file: string;
  readonly cases: readonly PolicyTestCase[];
}

/** A case that was judged: it passes when there is no difference. */
export interface CaseResult {
  readonly test: PolicyTest;
  readonly case: PolicyTestCase;
  readonly explanation: Explanation;
  readonly differences: readonly Difference[];
}

/** Judges every case of the tests as the app would, and compares. */
export function runTests(tests: readonly PolicyTest[], rules: RuleSet): readonly CaseResult[] {
  return tests.flatMap((test) =>
    test.cases.map((one): CaseResult => {
      const explanation = explain(one.request, rules, one.facts, one.now);
      const differences = differencesFrom(one.expect, explanation.decision, one.request.openedAt);
      return { test, case: one, explanation, differences };
    }),
  );
}

export function passes({ differences }: CaseResult): boolean {
  return differences.length === 0;
}
