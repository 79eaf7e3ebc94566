import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { liesWithin, matchesGlob, mayMatchSame } from "../../src/domain/glob.ts";
import { cpuSeconds } from "../cpu-time.ts";

describe("a glob", () => {
  it.each([
    ["", "", true],
    ["", "a", false],
    ["a", "", false],
    ["shop/checkoutprod", "shop/checkoutprod", true],
    ["shop/checkoutprod", "shop/checkoutprod2", false],
    ["shop/checkoutprod", "Shop/checkoutprod", false],
    ["*", "", true],
    ["*", "abc", true],
    ["*", "a/b", false],
    ["**", "", true],
    ["**", "a/b/c", true],
    ["dev-eu/*", "dev-eu/cart", true],
    ["dev-eu/*", "dev-eu/", true],
    ["dev-eu/*", "dev-eu/cart/x", false],
    ["dev-eu/**", "dev-eu/cart/x", true],
    ["*/prod", "shop/prod", true],
    ["*/prod", "shop/pay/prod", false],
    ["**/prod", "shop/pay/prod", true],
    ["**/prod", "prod", false],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["***", "a/b", true],
    ["?", "x", false],
    ["[ab]", "a", false],
    ["a.c", "abc", false],
    ["*.log", "a\nb.log", true],
    ["*", "🔑", true],
    ["🔑*", "🔑/", false],
  ])("%j on %j: %s", (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it("says the same as the regular expression that it stands for", () => {
    const patterns = fc.string({ unit: fc.constantFrom("a", "b", "/", "*"), maxLength: 8 });
    const texts = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 10 });
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        const source = pattern.replaceAll(/\*+/g, (run) => (run.length > 1 ? "[^]*" : "[^/]*"));
        expect(matchesGlob(pattern, text)).toBe(new RegExp(`^(?:${source})$`).test(text));
      }),
      { numRuns: 1000 },
    );
  });

  it("cannot be made slow", () => {
    const took = cpuSeconds(() => {
      expect(matchesGlob("*a".repeat(250), `${"a".repeat(499)}b`)).toBe(false);
    });
    expect(took).toBeLessThan(3);
  });
});

describe("a glob lies within another", () => {
  it.each([
    ["2026/11/**", "2026/**"],
    ["2026/11/*", "2026/**"],
    ["2026/*/x", "2026/*/*"],
    ["a*c", "a*"],
    ["a**", "a**"],
    ["abc", "a*c"],
    ["*", "*"],
    ["*", "**"],
    ["", "**"],
  ])("%j within %j", (inner, outer) => {
    expect(liesWithin(inner, outer)).toBe(true);
  });

  it.each([
    ["2026/**", "2026/11/**"],
    ["2026/**", "2026/*"],
    ["**", "*"],
    ["a**b", "a*b"],
    ["*", "a*"],
    ["*/x", "a/x"],
    ["a*", "a?"],
  ])("%j not within %j", (inner, outer) => {
    expect(liesWithin(inner, outer)).toBe(false);
  });

  it("property: whatever the inner one matches, the outer one matches", () => {
    const parts = fc.constantFrom("a", "b", "/", "*", "**");
    const globs = fc.array(parts, { maxLength: 6 }).map((list) => list.join(""));
    const texts = fc.array(fc.constantFrom("a", "b", "/"), { maxLength: 6 }).map((list) => list.join(""));
    fc.assert(
      fc.property(globs, globs, fc.array(texts, { minLength: 20, maxLength: 20 }), (inner, outer, list) => {
        fc.pre(liesWithin(inner, outer));
        for (const text of list) if (matchesGlob(inner, text)) expect(matchesGlob(outer, text)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("two globs", () => {
  const texts = (alphabet: string, most: number): readonly string[] =>
    most === 0
      ? [""]
      : ["", ...Array.from(alphabet).flatMap((one) => texts(alphabet, most - 1).map((rest) => one + rest))];
  const known = [...new Set(texts("a/", 5))];
  const patterns = [...new Set(texts("a/*", 3))];

  it("may match the same text exactly where there is one", () => {
    for (const one of patterns) {
      for (const other of patterns) {
        const isThere = known.some((text) => matchesGlob(one, text) && matchesGlob(other, text));
        expect(mayMatchSame(one, other), `${one} and ${other}`).toBe(isThere);
      }
    }
  });
});
