import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneLine, readTrailers, withTrailers } from "../../src/domain/trailer.ts";

describe("the trailers of a message", () => {
  it.each<[string, string, [string, string][]]>([
    [
      "its last paragraph",
      "subject\n\nbody\n\nA: 1\nB: 2\n",
      [
        ["A", "1"],
        ["B", "2"],
      ],
    ],
    [
      "whatever blanks stand around a value",
      "subject\n\nA:   1  \nB: 2",
      [
        ["A", "1"],
        ["B", "2"],
      ],
    ],
    [
      "also with carriage returns",
      "subject\r\n\r\nA: 1\r\nB: 2\r\n",
      [
        ["A", "1"],
        ["B", "2"],
      ],
    ],
    ["also behind several empty lines", "subject\n\n\nA: 1", [["A", "1"]]],
    ["a blank line at the start ends no paragraph", " \nA: 1", []],
    ["also behind a line of blanks", "subject\n \t\nA: 1", [["A", "1"]]],
    [
      "one key several times",
      "subject\n\nA: 1\nA: 2",
      [
        ["A", "1"],
        ["A", "2"],
      ],
    ],
    ["a value with a colon", "subject\n\nA: b: c", [["A", "b: c"]]],
    ["an empty value", "subject\n\nA:", [["A", ""]]],
    ["an earlier paragraph is none", "subject\n\nA: 1\n\nB: 2", [["B", "2"]]],
    ["a subject is never a trailer", "Grantbox-Event: activated", []],
    ["a paragraph with one other line is none", "subject\n\nA: 1\nsee above\nB: 2", []],
    ["a continued line is none", "subject\n\nA: 1\n  and more", []],
    ["a key with a blank is none", "subject\n\nA b: 1", []],
    ["a key that begins with a digit is none", "subject\n\n1a: 1", []],
    ["a line separator inside a value makes it none", "subject\n\nA: 1\u{2028}B: 2", []],
    ["nothing", "", []],
    ["a body without trailers", "subject\n\nbody", []],
  ])("%s", (_, message, trailers) => {
    expect(readTrailers(message)).toEqual(trailers);
  });

  it("are written as the last paragraph, each on one line whatever it holds", () => {
    const message = withTrailers("subject", "", [
      ["A", "one\nB: two\r\n\r\nC: three"],
      ["D", " \u{2029}x\u{85}y\u{202e}z "],
    ]);
    expect(readTrailers(message)).toEqual([
      ["A", "one B: two C: three"],
      ["D", "x y z"],
    ]);
  });

  it("parts that are empty leave no blank line", () => {
    expect(withTrailers("", "body", [["A", "1"]])).toBe("body\n\nA: 1");
    expect(withTrailers("subject", "body", [])).toBe("subject\n\nbody");
  });

  it("any values come back as many as they went in", () => {
    const trailers = fc.array(
      fc.tuple(fc.stringMatching(/^[A-Z][a-z-]{0,9}$/), fc.string({ unit: "binary" })),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(trailers, (list) => {
        const read = readTrailers(withTrailers("subject", "", list));
        expect(read.map(([key]) => key)).toEqual(list.map(([key]) => key));
      }),
    );
  });
});

describe("free text on one line", () => {
  it.each([
    ["white space becomes single blanks", "  a \t b\n\nc\u{a0}d ", "a b c d"],
    ["control and invisible characters vanish", "a\u{0}b\u{200b}c\u{202e}d\u{feff}", "a b c d"],
    ["half a character is replaced", "a\u{d800}b", "a\u{fffd}b"],
    ["a trailer is only text", "fine\n\nGrantbox-Event: activated", "fine Grantbox-Event: activated"],
    ["nobody is called", "ask @bob, @acme/security and (@carol)", "ask @ bob, @ acme/security and (@ carol)"],
    ["a mail address is none", "ask bob@acme.example", "ask bob@acme.example"],
    ["no issue is closed", "Fixes #12, closes: acme/shop#3", 'Fixes "#12," closes: "acme/shop#3"'],
    ["by no name of it", "resolved GH-4", 'resolved "GH-4"'],
    [
      "nor by its address",
      "fix https://github.com/acme/shop/issues/4",
      'fix "https://github.com/acme/shop/issues/4"',
    ],
    ["a mere reference stays", "see #12 and acme/shop#3", "see #12 and acme/shop#3"],
    ["so does a word that only looks alike", "prefixes #12, fixes nothing", "prefixes #12, fixes nothing"],
    ["nothing", " \n ", ""],
  ])("%s", (_, text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });

  it("is at most 500 characters long, whole characters", () => {
    expect(oneLine("🔑".repeat(500))).toBe("🔑".repeat(500));
    expect(oneLine("🔑".repeat(501))).toBe(`${"🔑".repeat(499)}…`);
  });

  it("stays as it is when written again", () => {
    const words = fc.constantFrom(
      "fixes",
      "close:",
      "#1",
      "@bob",
      "GH-2",
      '"',
      "x",
      "\n",
      "\u{200b}",
      "a".repeat(490),
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(words).map((list) => list.join(" ")),
      fc.array(words).map((list) => list.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(oneLine(oneLine(text))).toBe(oneLine(text));
      }),
      { numRuns: 2000 },
    );
  });
});
