import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { BYTE_LIMIT, byteLength, joined, within } from "../../src/output/bytes.ts";

test("property: bytes are counted as UTF-8 has them", () => {
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(byteLength(text)).toBe(encoder.encode(text).length);
    }),
  );
});

describe("within", () => {
  it("joins what fits", () => {
    expect(within(["a", "", "b"], "c")).toBe("a\n\nb\n\nc");
    expect(joined([])).toBe("");
  });

  it("leaves out whole lines from the end, says so, and keeps the last block", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
    expect(within(["head", lines], "last", 110)).toMatchInlineSnapshot(`
      "head

      line 0
      line 1
      line 2
      line 3
      line 4
      line 5
      line 6
      line 7
      line 8

      *There is more than fits here.*

      last"
    `);
  });

  test("property: never more than the limit", () => {
    const block = fc.array(fc.string({ unit: fc.constantFrom("a", "é", "漢", "😀", " "), maxLength: 60 }));
    fc.assert(
      fc.property(fc.array(block), fc.integer({ min: 120, max: 400 }), (blocks, limit) => {
        const texts = blocks.map((lines) => lines.join("\n"));
        const fitted = within(texts, "last", limit);
        expect(byteLength(fitted)).toBeLessThanOrEqual(limit);
        expect(fitted.endsWith("last")).toBe(true);
      }),
    );
    expect(byteLength(within(["漢\n".repeat(100_000)], "last"))).toBeLessThanOrEqual(BYTE_LIMIT);
  });
});
