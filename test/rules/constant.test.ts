import { describe, expect, it } from "vitest";
import { constantOf, constantsOf } from "../../src/rules/constant.ts";
import { parseExpression } from "../../src/rules/expression.ts";

function parsed(text: string) {
  const result = parseExpression(text);
  if ("message" in result) throw new Error(result.message);
  return result.expr;
}

describe("what a constant of an expression stands for", () => {
  it.each([
    ["true", true],
    ["'pci'", "pci"],
    ["2", 2],
    ["-2", -2],
    ["2u", 2],
    ["2.5", 2.5],
    ["duration('4h')", 14_400_000],
    ["duration('1h30m2s5ms')", 5_402_005],
    ["duration('90m')", 5_400_000],
  ])("%s", (text, value) => {
    expect(constantOf(parsed(text))).toBe(value);
  });

  it.each([
    ["nothing", "null"],
    ["bytes", "b'pci'"],
    ["a field", "subject"],
    ["a call of something else with a text that could be a duration", "string('4h')"],
    ["a duration of a field", "duration(justification)"],
    ["a duration of no text", "duration(4)"],
    ["a duration with parts that no request can have", "duration('1h5us')"],
    ["a duration below nothing", "duration('-4h')"],
    ["a list", "['pci']"],
  ])("is nothing for %s", (_, text) => {
    expect(constantOf(parsed(text))).toBeNull();
  });
});

describe("what the constants of a list are", () => {
  it.each<[string, string, readonly unknown[] | null]>([
    ["those of each item", "['pci', 2, duration('1h')]", ["pci", 2, 3_600_000]],
    ["none for an empty list", "[]", []],
    ["unknown where one item is no constant", "['pci', subject]", null],
    ["unknown for anything but a list", "'pci'", null],
  ])("%s", (_, text, values) => {
    expect(constantsOf(parsed(text))).toEqual(values);
  });
});
