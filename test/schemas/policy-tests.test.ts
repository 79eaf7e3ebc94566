import { describe, expect, it } from "vitest";
import { coverageOf } from "../../src/domain/coverage.ts";
import { runTests } from "../../src/domain/policy-test.ts";
import { gapsIn } from "../../src/output/coverage.ts";
import { failureLines } from "../../src/output/difference.ts";
import { discountWords } from "../../src/output/words.ts";
import { readTest, starterRules, starterTests } from "../rules/starter.ts";
import { schemaAt } from "./schema-files.ts";

const rules = starterRules();
const texts = starterTests();
const tests = Object.entries(texts).map(([file, text]) => {
  const reading = readTest(text, rules, { file });
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings));
  return reading.test;
});
const results = runTests(tests, rules.rules);

describe("the starter policies do what their tests say", () => {
  it.each(results.map((result) => ({ name: `${result.test.name}: ${result.case.name}`, result })))(
    "$name",
    ({ result }) => {
      expect(result.differences, failureLines(result).join("\n")).toEqual([]);
    },
  );
});

it("each starter policy has a test file of its name", () => {
  expect(tests.map(({ name }) => name).sort()).toEqual(rules.rules.policies.map(({ name }) => name).sort());
});

it("the starter tests bring about everything that the policies can say", () => {
  const coverage = coverageOf(rules.rules.policies, results);
  expect(gapsIn(coverage)).toEqual([]);
  expect(coverage.seen).toBe(coverage.all);
  expect(coverage.all).toBeGreaterThan(100);
});

it("without the tests of any one policy something is untested", () => {
  for (const test of tests) {
    const others = results.filter((result) => result.test !== test);
    expect(gapsIn(coverageOf(rules.rules.policies, others)), test.name).not.toEqual([]);
  }
});

it.each(Object.entries(texts))("%s tells an editor its schema", (_, text) => {
  expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.\.\/schemas\/policy-test\.schema\.json\n/);
});

it("a test may give every reason for which a review does not count", () => {
  const { discount } = schemaAt("schemas/policy-test.schema.json").$defs as { discount: { enum: string[] } };
  expect([...discount.enum].sort()).toEqual(Object.keys(discountWords).sort());
});
