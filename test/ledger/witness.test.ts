import { describe, expect, it } from "vitest";
import { printWitnessText, type WitnessNote, witnessName } from "../../src/domain/witness-note.ts";
import { type Lines, witnessFindings } from "../../src/ledger/witness.ts";
import { readAllowedSigners } from "../../src/signatures/allowed-signers.ts";
import { printNote, signNote } from "../../src/signatures/note.ts";
import { at, oidOf } from "../domain/builders.ts";
import { KEY, lineFor, OTHER_KEY } from "../signatures/keys.ts";

const main = [oidOf("a1"), oidOf("a2"), oidOf("a3")];
const journal = [oidOf("b1"), oidOf("b2")];
const numbered = (commits: readonly (typeof main)[number][]) =>
  new Map(commits.map((commit, index) => [commit, index + 1]));
const now: Lines = { main: numbered(main), journal: numbered(journal) };

/** A note of the second commit of main and the first of the journal, as a witness kept it. */
function kept({ key = KEY, ...parts }: Partial<WitnessNote> & { key?: typeof KEY } = {}): string {
  const note: WitnessNote = {
    repository: "acme/lockbox",
    main: { commit: oidOf("a2"), size: 2 },
    journal: { commit: oidOf("b1"), size: 1 },
    at: at("2026-11-24T10:02:11Z"),
    ...parts,
  };
  const name = witnessName(note.repository);
  const text = printWitnessText(note);
  return printNote(text, name, signNote(text, name, key));
}

const judge = (
  text: string,
  lines: Lines = now,
  keys = lineFor(KEY),
  repositories: readonly string[] = ["acme/lockbox"],
) =>
  witnessFindings([{ name: "notes", text }], lines, {
    allowed: readAllowedSigners(keys, "allowed_signers"),
    repositories: new Set(repositories),
    tip: oidOf("a3"),
  });
const said = (found: ReturnType<typeof judge>) => found.map(({ code, message }) => `${code}: ${message}`);

describe("a history that still has what a witness was told of", () => {
  it.each([
    ["and more", now],
    ["and nothing more", { main: numbered(main.slice(0, 2)), journal: numbered(journal.slice(0, 1)) }],
  ])("is fine: %s", (_, lines) => {
    expect(judge(kept(), lines)).toEqual([]);
  });

  it("is fine when there was no journal yet", () => {
    expect(judge(kept({ journal: null }))).toEqual([]);
  });

  it("is fine whatever the case of the repository's name, or when nobody knows it", () => {
    expect(judge(kept({ repository: "Acme/Lockbox" }))).toEqual([]);
    expect(judge(kept(), now, lineFor(KEY), [])).toEqual([]);
  });
});

describe("a history that lacks it was rewritten", () => {
  const told = "HISTORY_REWRITTEN: at 2026-11-24T10:02:11Z a witness was told that";
  it.each([
    [
      "main was cut off before",
      { ...now, main: numbered(main.slice(0, 1)) },
      [`${told} main had 2 commits up to ${oidOf("a2")}, and it no longer has that commit`],
    ],
    [
      "main was written anew from there on",
      { ...now, main: numbered([oidOf("a1"), oidOf("c2"), oidOf("c3")]) },
      [`${told} main had 2 commits up to ${oidOf("a2")}, and it no longer has that commit`],
    ],
    [
      "the line of main goes another way to the same commit",
      { ...now, main: numbered([oidOf("a1"), oidOf("c1"), oidOf("a2")]) },
      [`${told} main had 2 commits up to ${oidOf("a2")}, and up to there it has 3`],
    ],
    [
      "the journal is gone",
      { ...now, journal: new Map() },
      [`${told} journal had 1 commits up to ${oidOf("b1")}, and it no longer has that commit`],
    ],
  ])("%s", (_, lines, expected) => {
    const found = judge(kept(), lines);
    expect(said(found)).toEqual(expected);
    expect(found[0]?.commit).not.toBe(oidOf("a3"));
  });

  it("and every note that it contradicts says so", () => {
    const text = `${kept()}\n${kept({ main: { commit: oidOf("c9"), size: 3 } })}`;
    expect(said(judge(text))).toHaveLength(1);
  });
});

describe("a note that proves nothing is said to", () => {
  const signed = kept();
  it.each([
    [
      "by a key that nobody trusts",
      kept({ key: OTHER_KEY }),
      "no key of the allowed signers signed the note of 2026-11-24T10:02:11Z",
    ],
    [
      "with another commit in it",
      signed.replace(oidOf("a2"), oidOf("a1")),
      "the note of 2026-11-24T10:02:11Z is not the one that was signed",
    ],
    ["that is none", "hello\n", "this is no note of where main and journal were"],
    [
      "of something else",
      printNote("hello\n", "x", signNote("hello\n", "x", KEY)),
      "this is no note of where main and journal were",
    ],
    [
      "of another repository",
      kept({ repository: "acme/other" }),
      "none of its notes is about this repository",
    ],
    ["that was lost", "", "there is no note in it"],
  ])("%s", (_, text, expected) => {
    expect(said(judge(text))).toContain(`WITNESS_NOTE_INVALID: ${expected}`);
    expect(judge(text)[0]).toMatchObject({ at: { file: "notes", line: 1 }, commit: oidOf("a3") });
  });

  it.each([
    ["before its key was valid", 'valid-after="20261124100212Z"'],
    ["after its key was retired", 'valid-before="20261124100210Z"'],
    ["by a key for other things", 'namespaces="git"'],
  ])("signed %s", (_, options) => {
    expect(said(judge(kept(), now, lineFor(KEY, options)))).toEqual([
      "WITNESS_NOTE_INVALID: the key that signed the note of 2026-11-24T10:02:11Z was not valid then",
    ]);
  });

  it("but notes of other repositories in the same file are none of our business", () => {
    expect(judge(`${kept({ repository: "acme/other" })}\n${kept()}`)).toEqual([]);
  });
});
