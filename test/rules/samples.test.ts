import { expect, it } from "vitest";
import type { Comparison } from "../../src/rules/looks.ts";
import { crossingIn, globsOf, listsOf, representativesOf, samplesOf } from "../../src/rules/samples.ts";

const equal = (...values: Comparison["values"]): Comparison => ({ values, isGlob: false });
const fitting = (...values: Comparison["values"]): Comparison => ({ values, isGlob: true });
const filler = (index: number) => `zq${index}`;

it.each<[string, readonly Comparison[], readonly unknown[]]>([
  ["a constant is itself, also with an asterisk", [equal("prod"), equal("a*")], ["prod", "a*"]],
  ["a number has one more and one less beside it", [equal(3), equal(4)], [2, 3, 4, 5]],
  ["a truth value has the other one beside it", [equal(false)], [true, false]],
  [
    "a glob is texts that it matches, whatever runs of asterisks it has",
    [fitting("a*b/**"), fitting("plain")],
    ["azq0b/zq0", "azq1b/zq1", "plain"],
  ],
])("%s", (_, comparisons, samples) => {
  expect(samplesOf({ comparisons }, filler, 2)).toEqual(samples);
});

it("a glob is one text where no more are asked for", () => {
  expect(samplesOf({ comparisons: [fitting("a*")] }, filler)).toEqual(["azq0"]);
});

it.each<[string, readonly Comparison[], number, readonly string[]]>([
  ["of values that nothing is asked of the first one stands for all", [], 1, ["a"]],
  ["of values that nothing is asked of the first two stand for all", [], 2, ["a", "ab"]],
  ["a value that is asked for is told from all others", [equal("b")], 1, ["a", "b"]],
  ["which of two questions fits a value is told", [equal("a"), equal("b")], 1, ["a", "ab", "b"]],
  ["values that one question asks for together are not told apart", [equal("a", "b")], 1, ["a", "ab"]],
  ["what a glob matches is told from what it does not", [fitting("a*")], 1, ["a", "b"]],
  ["only a glob has asterisks", [equal("a*")], 1, ["a"]],
])("%s", (_, comparisons, many, values) => {
  expect(representativesOf(["a", "ab", "b", "c", "a"], { comparisons }, many)).toEqual(values);
});

it("lists hold each value once, in their order, and are no longer than asked for", () => {
  expect([...listsOf(["a", "b", "c"], 2)]).toEqual([
    [],
    ["a"],
    ["a", "b"],
    ["a", "c"],
    ["b"],
    ["b", "c"],
    ["c"],
  ]);
  expect([...listsOf(["a"], 0)]).toEqual([[]]);
});

it.each<[string, readonly string[], readonly string[] | null]>([
  ["two that may match the same text", ["x", "a*", "*b"], ["a*", "*b"]],
  ["none where one lies within the other", ["ab*", "a*", "ab*c"], null],
  ["none where no text fits both", ["a*", "b*"], null],
])("globs that cross: %s", (_, globs, pair) => {
  expect(crossingIn(globs)).toEqual(pair);
});

it("globs are texts with an asterisk that are compared as such", () => {
  expect(globsOf({ comparisons: [equal("a*"), fitting("b*", "plain", true, 1), fitting("**")] })).toEqual([
    "b*",
    "**",
  ]);
});
