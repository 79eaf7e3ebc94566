import { describe, expect, it } from "vitest";
import { applyDelta } from "../../src/git/delta.ts";

describe("deltas", () => {
  const base = Buffer.from("0123456789");

  it.each<[string, number[], string]>([
    ["insert", [10, 2, 2, 0x61, 0x62], "ab"],
    ["copy", [10, 3, 0x91, 4, 3], "456"],
    ["copy from the start", [10, 3, 0x90, 3], "012"],
    ["do both", [10, 4, 0x91, 8, 2, 2, 0x61, 0x62], "89ab"],
    ["make nothing", [10, 0], ""],
  ])("%s", (_, delta, result) => {
    expect(applyDelta(base, Buffer.from(delta)).toString()).toBe(result);
  });

  it.each<[string, number[]]>([
    ["is for a base of another length", [9, 1, 1, 0x61]],
    ["copies beyond the base", [10, 3, 0x91, 9, 3]],
    ["copies 65,536 bytes of a short base", [10, 3, 0x80]],
    ["makes more than it says", [10, 1, 2, 0x61, 0x62]],
    ["makes less than it says", [10, 3, 2, 0x61, 0x62]],
    ["inserts what is not there", [10, 3, 3, 0x61]],
    ["is cut within an instruction", [10, 3, 0x91, 4]],
    ["has a reserved instruction", [10, 1, 0]],
    ["is empty", []],
    ["says it makes too much", [10, 0xff, 0xff, 0xff, 0xff, 0x7f]],
  ])("%s: is refused", (_, delta) => {
    expect(() => applyDelta(base, Buffer.from(delta))).toThrow(
      expect.objectContaining({ name: "MalformedObject" }),
    );
  });
});
