import { describe, expect, it } from "vitest";
import { coverageOf } from "../../src/domain/coverage.ts";
import { runTests } from "../../src/domain/policy-test.ts";
import { githubOf } from "../../src/output/test-github.ts";
import { testJunitOf } from "../../src/output/test-junit.ts";
import { prettyOf } from "../../src/output/test-pretty.ts";
import { tapOf } from "../../src/output/test-tap.ts";
import { readTest, starterRules, starterTests } from "../rules/starter.ts";

const rules = starterRules();
const file = "policies/tests/logs-without-source.yaml";
const text = starterTests()[file] ?? "";

/** The starter tests of one policy, of which one now expects too much and one is called oddly. */
const spoilt = text
  .replace("filled: [resource owners] }", "filled: [resource owners, privacy], lapsesAfter: PT1H }")
  .replace("nor is configuration", `"nor is <configuration> # \\"really\\", 100 %"`);
const reading = readTest(spoilt, rules, { file });
const results = reading.ok ? runTests([reading.test], rules.rules) : [];
const onlyOwn = rules.rules.policies.filter(
  ({ name }) => name === "logs-without-source" || name === "pci-payment-logs",
);
const coverage = coverageOf(onlyOwn, results);
const line = 23;

const reasons = [
  "not filled: privacy",
  "expected lapsesAfter PT1H, and it is P4D",
  "resource owners: grace said yes",
];

it("the spoilt tests can be read", () => {
  expect(results).toHaveLength(7);
});

it("for people: what was expected, what came, why and where", () => {
  const said = prettyOf(results, coverage, false);
  expect(said).toContain(
    [`  ✗ an owner says yes  ${file}:${line}:5`, ...reasons.map((reason) => `      ${reason}`), ""].join(
      "\n",
    ),
  );
  expect(said).toContain("  ✓ looking is not acting\n");
  expect(said).toContain("logs-without-source   85 %  12 of 14");
  expect(said).toMatch(
    /pci-payment-logs {6}\d+ % {2}\d+ of 18\n {2}match\.resource\.type is never matched {2}policies\/pci-payment-logs\.yaml:10:3/,
  );
  expect(said).toMatch(/7 cases, 1 fails\n$/);
  expect(prettyOf(results.slice(1), null, true)).toContain("\u001b[32m6 cases, all pass\u001b[0m");
});

it("as JUnit: a suite for each file, failures with their reasons, coverage as properties", () => {
  const said = testJunitOf(results, coverage);
  expect(said).toContain('<testsuites name="grantbox policy test" tests="7" failures="1">');
  expect(said).toContain(
    `<failure message="not filled: privacy">${file}:${line}:5\n${reasons.join("\n")}</failure>`,
  );
  expect(said).toContain('name="nor is &lt;configuration&gt; # &quot;really&quot;, 100 %"');
  expect(said).toMatch(/<property name="coverage\.percent" value="\d+"\/>/);
  expect(said).toContain(
    '<property name="uncovered" value="policies/pci-payment-logs.yaml:10:3 pci-payment-logs match.resource.type: matched"/>',
  );
  expect(testJunitOf(results, null)).not.toContain("propert");
});

it("in TAP 14: a plan, a point for each case, reasons as YAML", () => {
  const lines = tapOf(results, coverage).split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "TAP version 14",
    "1..7",
    "not ok 1 - logs-without-source: an owner says yes",
    "  ---",
  ]);
  expect(lines).toContain(`  at: "${file}:${line}:5"`);
  expect(lines).toContain(`    - "${reasons[0]}"`);
  expect(lines).toContain('ok 6 - logs-without-source: nor is <configuration> \\# "really", 100 %');
  expect(lines.filter((one) => /^# coverage \d+$/.test(one))).toHaveLength(1);
});

describe("as workflow commands of GitHub", () => {
  const lines = githubOf(results, coverage).split("\n");

  it("an error at the line of the case, with its reasons on lines of their own", () => {
    expect(lines[0]).toBe(
      `::error file=${file},line=${line},col=5,title=an owner says yes::${reasons.join("%0A")}`,
    );
  });

  it("a warning at each clause that no test exercises", () => {
    expect(lines).toContain(
      "::warning file=policies/pci-payment-logs.yaml,line=10,col=3,title=pci-payment-logs%3A match.resource.type::no test in which it is matched",
    );
    expect(lines.filter((one) => one.includes("file=policies/logs-without-source.yaml"))).toHaveLength(2);
  });

  it("a name cannot begin a command of its own", () => {
    const [first] = results;
    if (first === undefined) throw new Error("no result");
    const named = { ...first, case: { ...first.case, name: "a\n::error::b,c:d%" } };
    const [command = "", next = ""] = githubOf([named], null).split("\n");
    expect(command).toContain("title=a %3A%3Aerror%3A%3Ab%2Cc%3Ad%25::");
    expect(next).toBe("1 case, 1 failed");
  });
});
