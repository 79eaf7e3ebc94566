import { Command, Option } from "commander";
import type { Coverage } from "../domain/coverage.ts";
import { coverageOf } from "../domain/coverage.ts";
import { type Finding, finding } from "../domain/finding.ts";
import { type CaseResult, type PolicyTest, passes, runTests } from "../domain/policy-test.ts";
import { terminalOf } from "../output/terminal.ts";
import { githubOf } from "../output/test-github.ts";
import { testJunitOf } from "../output/test-junit.ts";
import { prettyOf } from "../output/test-pretty.ts";
import { tapOf } from "../output/test-tap.ts";
import { loadRules } from "../rules/load.ts";
import { readPolicyTest } from "../rules/policy-test.ts";
import {
  type Checkout,
  findCheckout,
  readerOf,
  ruleFilesOf,
  testFilesOf,
  UsageError,
  unreadTestsOf,
} from "./checkout.ts";
import { print } from "./print.ts";

const reporters = {
  pretty: (results, coverage) => prettyOf(results, coverage, process.stdout.isTTY && !process.env.NO_COLOR),
  junit: testJunitOf,
  tap: tapOf,
  github: githubOf,
} as const satisfies Record<string, (results: readonly CaseResult[], coverage: Coverage | null) => string>;

/** `grantbox policy test`: the rules of a checkout against what its tests expect of them. */
export function policyTest(): Command {
  return new Command("test")
    .summary("compare what the rules say of requests with what tests expect")
    .description(
      "Judge the requests of policies/tests/*.yaml by the rules of a checkout, and compare with what they expect.\n" +
        "Exit code 0: all pass; 1: something fails or cannot be read; 2: wrong call.",
    )
    .argument("[DIR]", "the checkout (default: the one around the current folder)", ".")
    .option("--coverage", "name each clause of a policy that no test exercises")
    .addOption(
      new Option("--reporter <FORMAT>", "how the results are printed")
        .choices(Object.keys(reporters))
        .default("pretty"),
    )
    .action(async (dir: string, options: { coverage?: true; reporter: keyof typeof reporters }) => {
      const reading = readTests(findCheckout(dir));
      if ("findings" in reading) {
        process.stdout.write(
          terminalOf(byFile(reading.findings), process.stdout.isTTY && !process.env.NO_COLOR),
        );
        process.exitCode = 1;
        return;
      }
      const { rules, tests } = reading;
      const results = runTests(tests, rules);
      const coverage = options.coverage ? coverageOf(rules.policies, results) : null;
      await print(reporters[options.reporter](results, coverage));
      process.exitCode = results.every(passes) ? 0 : 1;
    });
}

/** The rules and tests of a checkout, or all that is wrong with them. */
function readTests(checkout: Checkout) {
  const loading = loadRules(ruleFilesOf(checkout));
  if (!loading.ok) return { findings: loading.findings };
  const files = testFilesOf(checkout);
  if (files.size === 0) {
    throw new UsageError(
      `no tests in ${checkout.root}/policies/tests; docs/policy.md shows how one is written`,
    );
  }
  const tests: PolicyTest[] = [];
  const findings: Finding[] = unreadTestsOf(checkout).map((path) =>
    finding("RULES_FILE_NOT_READ", `\`${path}\` is no name of a test, so nobody runs it`, {
      file: path,
      line: 1,
      column: 1,
    }),
  );
  for (const [file, bytes] of files) {
    const reading = readPolicyTest(bytes, file, loading.loaded, readerOf(checkout));
    if (reading.ok) tests.push(reading.test);
    else findings.push(...reading.findings);
  }
  return findings.length > 0 ? { findings } : { rules: loading.loaded.rules, tests };
}

function byFile(findings: readonly Finding[]) {
  return [...Map.groupBy(findings, ({ at }) => at?.file ?? "rules")].map(([file, found]) => ({
    file,
    findings: found,
  }));
}
