import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  grantId,
  oid,
  parseGrantId,
  parseOid,
  parsePullNumber,
  parseRulesDigest,
} from "../../src/domain/oid.ts";
import { cpuSeconds } from "../cpu-time.ts";

const hex40 = "0123456789abcdef0123456789abcdef01234567";

describe("a Git object id", () => {
  it("is 40 lower-case hex digits", () => {
    expect(parseOid(hex40)).toBe(hex40);
    expect(oid(hex40)).toBe(hex40);
  });

  it.each([
    ["short", "0123456"],
    ["in capitals", hex40.toUpperCase()],
    ["of SHA-256", hex40.padEnd(64, "0")],
    ["with a line break", `${hex40}\n`],
    ["a name", "refs/heads/main"],
    ["nothing", ""],
  ])("%s is none", (_, text) => {
    expect(parseOid(text)).toBeNull();
    expect(() => oid(text)).toThrow("not a Git object id");
  });
});

describe("a digest of rules", () => {
  it.each(["a".repeat(63), "a".repeat(65), `x${"a".repeat(64)}`, `${"a".repeat(64)}x`])(
    "%s is none",
    (text) => {
      expect(parseRulesDigest(text)).toBeNull();
    },
  );

  it("is 64 lower-case hex digits", () => {
    expect(parseRulesDigest("ab".repeat(32))).toBe("ab".repeat(32));
    expect(parseRulesDigest("AB".repeat(32))).toBeNull();
    expect(parseRulesDigest("ab")).toBeNull();
  });
});

describe("an id of a grant", () => {
  it.each(["a", "7", "cs-41207-checkout-logs", "a-b-c", "a".repeat(80), `${"a-".repeat(39)}ab`])(
    "%s is one",
    (text) => {
      expect(parseGrantId(text)).toBe(text);
      expect(grantId(text)).toBe(text);
    },
  );

  it.each([
    ["nothing", ""],
    ["capitals, which case-fold to another", "Cs-41207"],
    ["a look-alike alphabet", "сs-41207"],
    ["digits of another alphabet", "cs-４１２０７"],
    ["a long s, which case-folds to s", "cſ-41207"],
    ["81 characters", "a".repeat(81)],
    ["81 characters with hyphens", `${"a-".repeat(40)}a`],
    ["two hyphens in a row", "cs--41207"],
    ["a hyphen in front", "-cs"],
    ["a hyphen behind", "cs-"],
    ["a path upwards", ".."],
    ["a dot", "cs.41207"],
    ["a slash", "cs/41207"],
    ["an underscore", "cs_41207"],
    ["a space", "cs 41207"],
    ["a line break behind", "cs-41207\n"],
    ["a zero-width space", "cs\u{200b}41207"],
    ["a NUL", "cs\u{0}41207"],
  ])("%s is none", (_, text) => {
    expect(parseGrantId(text)).toBeNull();
    expect(() => grantId(text)).toThrow("not the id of a grant");
  });

  it("is decided quickly for any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseGrantId(text)));
    expect(cpuSeconds(() => expect(parseGrantId(`${"a".repeat(50_000)}!`)).toBeNull())).toBeLessThan(3);
  });
});

describe("a pull request's number", () => {
  it.each([
    [1, 1],
    ["42", 42],
    ["9999999999", 9999999999],
  ])("%j is %i", (value, number) => {
    expect(parsePullNumber(value)).toBe(number);
  });

  it.each([
    0,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    "0",
    "012",
    "+1",
    "1e3",
    " 1",
    "1\n",
    "",
    "99999999999",
  ])("%j is none", (value) => {
    expect(parsePullNumber(value)).toBeNull();
  });
});
