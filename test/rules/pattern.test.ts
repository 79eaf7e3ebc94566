import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern, patternLengthLimit, patternTextLimit } from "../../src/rules/pattern.ts";
import { cpuSeconds } from "../cpu-time.ts";

function matches(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  if (!compiled.ok) throw new Error(`${pattern} ${compiled.problem}`);
  return compiled.test(text);
}

describe("means what JavaScript means", () => {
  it.each([
    ["^[a-z0-9](?:-?[a-z0-9])*$", ["a", "a-b-c", "a--b", "-a", "a-", ""]],
    [
      "^P(?=[0-9T])(?:[0-9]{1,3}W)?(?:T(?=[0-9])(?:[0-9]{1,5}H)?)?$",
      ["P", "P1W", "PT", "PT4H", "P1WT2H", "P1WT"],
    ],
    ["b", ["abc", "ac", "b"]],
    ["^(?:a|bc|)$", ["a", "bc", "", "b", "abc"]],
    ["^(?<name>a+)(b*)$", ["aab", "b", "aa"]],
    ["^.$", ["a", "\n", "😀", "ab", "\u2028"]],
    ["^\\u{1F600}\\uD83D\\uDE00\\u0041\\x42\\cJ\\/[\\-x]?$", ["😀😀AB\n/", "😀😀AB\n/-", "😀AB"]],
    ["^[^\\u0000-\\u001F\\]]+$", ["ab", "a\u0001", "]", ""]],
    ["^\\p{L}+\\P{L}$", ["äß1", "1", "ab"]],
    ["^[\\b\\\\1k]$", ["\b", "\\", "1", "k", "b", "\\1"]],
    ["^[\\\\b]$", ["\\", "b", "\b"]],
    ["^[\\u007F-\\u0081]$", ["\u007E", "\u007F", "\u0080", "\u0081", "\u0082"]],
    ["^\\d\\D\\w\\W\\s\\S$", ["1a_- x", "aa_- x"]],
    ["^a{2}b{1,}c{0,2}d{0}$", ["aab", "aabbbcc", "ab", "aabccc", "aabd"]],
    ["^(?:a*)*$", ["", "aaaa", "aab"]],
    ["^a+?b??$", ["aa", "aab", "b"]],
    ["a(?!b)c?$", ["ac", "ab", "xa", "abac"]],
    ["^a(?=b)", ["ab", "acb", "xab"]],
    ["(?:^|a)b(?=c)", ["bc", "xbc", "abc", "xabc"]],
    ["^(?=a)(?:a*)*$", ["a", "aaaa", "aab", ""]],
    ["^[\\u007e-\\u0081]{2}$", ["\u007f\u0080", "~\u0081", "\u0082~", "\u0080\u007f\u0080"]],
    ["$^", ["", "a"]],
    ["a|b|c$", ["xb", "xc", "cx"]],
    ["^(?:(?:ab){2,3}|x)+$", ["abab", "ababab", "abxabab", "ab", "ababx"]],
  ])("%s", (pattern, texts) => {
    const native = new RegExp(pattern, "u");
    for (const text of texts) expect([text, matches(pattern, text)]).toEqual([text, native.test(text)]);
  });

  it("for patterns and texts that nobody thought of", () => {
    const { node } = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\w", "^", "$", ""),
        fc.tuple(tie("node"), tie("node")).map(([one, two]) => one + two),
        fc.tuple(tie("node"), tie("node")).map(([one, two]) => `(?:${one}|${two})`),
        fc
          .tuple(tie("node"), fc.constantFrom("*", "+", "?", "{2}", "{1,}", "{0,2}"))
          .map(([one, sign]) => `(${one})${sign}`),
        fc
          .tuple(fc.constantFrom("?=", "?!"), fc.constantFrom("a", "b*", "[ab]$", "ab|b"))
          .map(([sign, one]) => `(${sign}${one})`),
      ),
    }));
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "\n", "ä", "😀"), maxLength: 8 });
    // several texts: what is remembered of one must not be wrong for the next
    fc.assert(
      fc.property(node, fc.array(text, { minLength: 1, maxLength: 5 }), (pattern, samples) => {
        const compiled = compilePattern(pattern);
        fc.pre(compiled.ok);
        const native = new RegExp(pattern, "u");
        for (const sample of samples) expect(compiled.ok && compiled.test(sample)).toBe(native.test(sample));
      }),
      { numRuns: 1000 },
    );
  });
});

it("means the same once there is more to remember than is kept", () => {
  // one state for each way in which the last thirteen characters can be a or b
  const pattern = "a(?:a|b){12}c";
  const compiled = compilePattern(pattern);
  const native = new RegExp(pattern, "u");
  const word = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 20, maxLength: 60 });
  fc.assert(
    fc.property(word, fc.constantFrom("", "c"), (text, end) => {
      expect(compiled.ok && compiled.test(text + end)).toBe(native.test(text + end));
    }),
    { numRuns: 200 },
  );
});

describe("refuses", () => {
  it.each([
    ["(", /^is not a regular expression: .*Unterminated group/],
    ["a**", /^is not a regular expression/],
    ["\\-(", /^is not a regular expression/],
    ["(a)\\1", /^has a back reference/],
    ["(?<n>a)\\k<n>", /^has a back reference/],
    ["a\\b", /^has a word boundary/],
    ["(?<=a)b", /^has look-behind/],
    ["(?<!a)b", /^has look-behind/],
    ["(?i:a)", /^has look-behind or inline flags/],
    ["(?=a(?=b))", /^has a look-ahead inside a look-ahead/],
    ["(?:a{100}){100}", /^is too large/],
    ["(?=a{6000})", /^is too large/],
    ["a{0,99999999999}", /^is too large/],
    ["a".repeat(patternLengthLimit + 1), /^is longer than 2000 characters/],
  ])("%#: %s", (pattern, problem) => {
    const compiled = compilePattern(pattern);
    expect(compiled.ok ? "" : compiled.problem).toMatch(problem);
  });

  it.each([
    ["a character", (count: number) => "a".repeat(count), patternLengthLimit],
    ["characters that are repeated", (count: number) => `a{${count}}`, 4998],
    ["characters that may be left out", (count: number) => `a{0,${count}}`, 2499],
    ["alternatives", (count: number) => `(?:a|b){${count}}`, 999],
    ["repetitions without an end", (count: number) => `(?:a*){${count}}`, 999],
    ["look-ahead", (count: number) => `(?:(?=a)){${count}}`, 714],
  ])("only what is beyond the limits: %s", (_, patternOf, most) => {
    expect(compilePattern(patternOf(most)).ok).toBe(true);
    expect(compilePattern(patternOf(most + 1)).ok).toBe(false);
  });

  it("a text longer than any that a schema allows", () => {
    expect(matches("a", "a".repeat(patternTextLimit))).toBe(true);
    expect(matches("a", "a".repeat(patternTextLimit + 1))).toBe(false);
  });
});

describe("what is made to be slow is not", () => {
  it.each([
    ["^(a+)+$", `${"a".repeat(4000)}b`],
    ["^(?:a|a)*$", `${"a".repeat(4000)}b`],
    ["^(?:a?){500}a{500}$", "a".repeat(499)],
    ["^(?:(?=.*x).)*y$", `${"a".repeat(1500)}x`],
    [`${".*".repeat(200)}x`, "a".repeat(1000)],
  ])("%s", (pattern, text) => {
    // Measured: at most 0.9 s, where JavaScript's engine would not come back.
    expect(cpuSeconds(() => expect(matches(pattern, text)).toBe(false))).toBeLessThan(10);
  });
});

it("never throws, whatever the pattern", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string({
          unit: fc.constantFrom(
            "(",
            ")",
            "[",
            "]",
            "a",
            "|",
            "*",
            "{",
            "1",
            ",",
            "}",
            "\\",
            "?",
            "=",
            "^",
            "$",
            "<",
          ),
        }),
      ),
      fc.string(),
      (pattern, text) => {
        const compiled = compilePattern(pattern);
        if (compiled.ok) compiled.test(text);
        else expect(compiled.problem).not.toBe("");
      },
    ),
    { numRuns: 500 },
  );
});
