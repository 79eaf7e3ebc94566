import { type Finding, finding } from "../domain/finding.ts";
import { type CaseResult, type PolicyTest, passes, runTests } from "../domain/policy-test.ts";
import { requestsOfTest, type TestRequest } from "../domain/replay.ts";
import type { LoadedRules } from "../rules/load.ts";
import { readPolicyTest } from "../rules/policy-test.ts";
import type { TestFiles } from "./rules.ts";

/** What the policy tests of a commit say of its rules. */
export interface TestOutcome {
  readonly cases: number;
  readonly failed: number;
  /** Each case that fails, and each mistake in a test file, at its line. */
  readonly findings: readonly Finding[];
  /** What the cases ask, to be judged under other rules too. */
  readonly requests: readonly TestRequest[];
}

/** Runs the policy tests that stand beside rules; nothing is said where there are none. */
export function testOutcome({ tests, read }: TestFiles, loaded: LoadedRules): TestOutcome | null {
  if (tests.size === 0) return null;
  const found: Finding[] = [];
  const readable: PolicyTest[] = [];
  for (const [file, bytes] of tests) {
    const reading = readPolicyTest(bytes, file, loaded, read);
    if (reading.ok) readable.push(reading.test);
    else found.push(...reading.findings);
  }
  const results = runTests(readable, loaded.rules);
  const failed = results.filter((result) => !passes(result));
  return {
    cases: results.length,
    failed: failed.length,
    findings: [...found, ...failed.map(failure)],
    requests: readable.flatMap(requestsOfTest),
  };
}

function failure({ case: { name, expectedAt }, differences }: CaseResult): Finding {
  const verdict = differences.find(({ of }) => of === "verdict");
  const what =
    verdict?.of === "verdict"
      ? `expected ${verdict.wanted}, and it is ${verdict.got}`
      : "it does not come out as expected";
  return finding("POLICY_TEST_FAILED", `\`${name}\`: ${what}`, expectedAt);
}
