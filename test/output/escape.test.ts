import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { bold, code, markdown, plain, plainly, sentence, text } from "../../src/output/escape.ts";
import { hostile, livingParts } from "./inert.ts";

const anything = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.string({ unit: fc.constantFrom(..."`|\\<>&@#*_[]()!~$:-+=. \n\tab1".split("")), maxLength: 40 }),
);

describe("plain", () => {
  it.each([
    ["a  b\r\n c ", "a b c"],
    ["a\u200bb", "a\u{fffd}b"],
    ["\u001b[31m", "\u{fffd}[31m"],
    ["ok \u2714\ufe0f", "ok \u2714"],
    ["\u202e\u3164", "\u{fffd}\u{fffd}"],
    ["", ""],
  ])("makes one visible line of %j", (from, to) => {
    expect(plain(from)).toBe(to);
  });

  it("cuts by characters, never through one", () => {
    expect(plain("😀".repeat(5), 3)).toBe("😀😀…");
    expect(plain("😀".repeat(3), 3)).toBe("😀😀😀");
    expect(Array.from(plain("a".repeat(1_000_000), 10))).toHaveLength(10);
  });

  test("property: one line, no invisible character, no longer than asked", () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 30 }), (from, limit) => {
        const line = plain(from, limit);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(Array.from(line).length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe("code", () => {
  it.each([
    ["logs", "`logs`"],
    ["a`b", "``a`b``"],
    ["`a``", "``` `a`` ```"],
    ["a\nb", "`a b`"],
    ["@bob #1 <b>", "`@bob #1 <b>`"],
    ["", "` `"],
  ])("holds %j", (from, to) => {
    expect(code(from)).toBe(to);
  });

  test("property: it is one piece of code and nothing else", () => {
    fc.assert(
      fc.property(anything, (from) => {
        const [, fence = "", inside = ""] = /^(`+)(.*?)\1$/s.exec(code(from)) ?? [];
        expect(fence).not.toBe("");
        expect(inside.match(/`+/g) ?? []).not.toContain(fence);
        expect(inside.trim()).toBe(plain(from, 200));
      }),
    );
  });
});

describe("text", () => {
  it.each([
    [
      "Nobody writes to production data, e.g. 4/5 of it (50%)!",
      "Nobody writes to production data, e.g. 4/5 of it (50%)!",
    ],
    ["Bitte prüfen — größer als üblich 😀", "Bitte prüfen — größer als üblich 😀"],
    ["ask @bob about #12", "ask `@bob` about `#12`"],
    ["see https://x.example now", "see `https://x.example` now"],
    ["mail bob@acme.example", "mail `bob@acme.example`"],
    ["a_b *c* `d`", "`a_b` `*c*` `` `d` ``"],
    ["GH-1 CVE-2026-1 0123456 CS-41207", "`GH-1` `CVE-2026-1` `0123456` CS-41207"],
    ["- one - two", "`-` one - two"],
    ["1. one", "`1.` one"],
    ["", ""],
  ])("shows %j", (from, to) => {
    expect(text(from)).toBe(to);
  });

  test("property: nothing in it lives", () => {
    fc.assert(
      fc.property(anything, (from) => {
        expect(livingParts(text(from))).toEqual([]);
      }),
    );
  });
});

describe("sentence", () => {
  it.each([
    ["`PT8H` is longer than `PT4H`", "`PT8H` is longer than `PT4H`"],
    ["the id `a` is taken, see #1", "the id `a` is taken, see `#1`"],
    ["open ` quotation", "open quotation"],
    ["`a``b`", "`a` `b`"],
    ["`a`*b*", "`a` `*b*`"],
    ["`a` `b`", "`a` `b`"],
    ["", ""],
  ])("shows %j", (from, to) => {
    expect(sentence(from)).toBe(to);
  });

  test("property: nothing in it lives", () => {
    fc.assert(
      fc.property(anything, (from) => {
        expect(livingParts(sentence(from))).toEqual([]);
      }),
    );
  });
});

describe.each(hostile)("%s", (_, from) => {
  it.each(Object.entries(markdown))("is inert as a %s", (_kind, print) => {
    expect(livingParts(print(from))).toEqual([]);
    expect(print(from).length).toBeLessThan(2000);
  });

  it.each(Object.entries(plainly))("is one bounded line as a plain %s", (_kind, print) => {
    expect(print(from)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(print(from).length).toBeLessThanOrEqual(600);
  });
});

test("a clause in bold ends with one full stop", () => {
  expect(bold("Approved: merging")).toBe("**Approved: merging.**");
  expect(bold("Denied: no!")).toBe("**Denied: no!**");
});
