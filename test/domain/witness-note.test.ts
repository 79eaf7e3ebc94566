import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instantOf } from "../../src/domain/time.ts";
import { printWitnessText, readWitnessText, type WitnessNote } from "../../src/domain/witness-note.ts";
import { at, oidOf } from "./builders.ts";

const note: WitnessNote = {
  repository: "acme/lockbox",
  main: { commit: oidOf("a1"), size: 7 },
  journal: { commit: oidOf("b2"), size: 2 },
  at: at("2026-11-24T10:02:11Z"),
};

describe("the text of a witness note", () => {
  it("says in four lines which repository, how far main and journal had come, and when", () => {
    expect(printWitnessText(note).split("\n")).toEqual([
      "grantbox/acme/lockbox",
      `main ${oidOf("a1")} 7`,
      `journal ${oidOf("b2")} 2`,
      "2026-11-24T10:02:11Z",
      "",
    ]);
  });

  it("is read back, with and without a journal", () => {
    const reaches = fc.record({
      commit: fc.stringMatching(/^[0-9a-f]{40}$/).map((text) => oidOf(text)),
      size: fc.nat({ max: 999_999_999 }),
    });
    const notes = fc.record({
      repository: fc.constantFrom("acme/lockbox", "Acme-2/lock.box_1"),
      main: reaches,
      journal: fc.option(reaches),
      at: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => instantOf(seconds * 1000)),
    });
    fc.assert(
      fc.property(notes, (one) => {
        expect(readWitnessText(printWitnessText(one))).toEqual(one);
      }),
    );
  });

  const text = printWitnessText(note);
  it.each([
    ["nothing", ""],
    ["another first line", text.replace("grantbox/", "other/")],
    ["a repository without an owner", text.replace("acme/lockbox", "lockbox")],
    ["a commit that is none", text.replace(oidOf("a1"), "a1")],
    ["a journal that is neither there nor missing", text.replace(oidOf("b2"), "some")],
    ["a missing journal with commits", text.replace(oidOf("b2"), "none")],
    ["a size that is written otherwise", text.replace(" 7\n", " 07\n")],
    ["a time that is none", text.replace("T10", "T25")],
    ["a time that is written otherwise", text.replace("Z\n", "+00:00\n")],
    ["a line more", `${text}and more\n`],
    ["no end of the last line", text.trimEnd()],
  ])("with %s is none", (_, changed) => {
    expect(readWitnessText(changed)).toBeNull();
  });
});
