import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprintOf } from "../../src/domain/fingerprint.ts";

describe("a fingerprint", () => {
  it("is 16 hex digits, the same for the same value", () => {
    expect(fingerprintOf({ a: 1 })).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintOf({ a: 1 })).toBe(fingerprintOf({ a: 1 }));
    expect(fingerprintOf("")).toMatch(/^[0-9a-f]{16}$/);
  });

  it("differs where values differ", () => {
    const values = fc.uniqueArray(fc.jsonValue(), {
      maxLength: 20,
      selector: (value) => JSON.stringify(value),
    });
    fc.assert(
      fc.property(values, (list) => {
        expect(new Set(list.map(fingerprintOf)).size).toBe(list.length);
      }),
    );
  });

  it.each<[unknown, string]>([
    [{ a: 1 }, "8b9e451147d1e7de"],
    [["ab", "a"], "d8030135d39fae54"],
    ["x328", "05202e7c080fa305"],
  ])(
    "of %j is the same from one version to the next: GitHub shows what an earlier one wrote",
    (value, known) => {
      expect(fingerprintOf(value)).toBe(known);
    },
  );

  it("differs by the place of equal parts", () => {
    expect(fingerprintOf(["ab", "a"])).not.toBe(fingerprintOf(["a", "ab"]));
  });
});
