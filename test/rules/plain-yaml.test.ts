import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPlainYaml } from "../../src/rules/plain-yaml.ts";
import { readByLibrary } from "../../src/rules/yaml.ts";
import { grantFile } from "../scenarios/grant.ts";

/** What the library reads; `refused` where it refuses the text. */
function byLibrary(text: string): unknown {
  const reading = readByLibrary(text, "a.yaml");
  return reading.ok ? reading.value : "refused";
}

/** Texts that look like a grant, and what stands in the way of reading them quickly. */
const key = fc.constantFrom(
  "a",
  "b",
  "id",
  "kind",
  "sub-key",
  "true",
  "null",
  "No",
  "k_1",
  "a:b",
  "é",
  '"q"',
);
const words = fc.constantFrom(
  ...["x", "alice", "PT4H", "true", "False", "null", "~", "0", "7", "007", "-1", "+1", "1.5", "1e3", "0x1f"],
  ...["0o17", ".5", ".inf", "-.INF", ".nan", "123456789012345", "1234567890123456", "2026-11-24", "12:30"],
  ...["/a/b", "a:b", "a: b", "a:", "a #b", "a#b", "don't", 'say "x"', "a, b", "a]", "a}", "- a", "-a", "*a"],
  ...[
    "&a b",
    "!t b",
    "%x",
    "@x",
    "`x",
    "? a",
    "|",
    ">",
    "|-",
    "ü",
    "für",
    "a\u00a0b",
    "a\u00adb",
    "a\u200bb",
  ],
  ...['"x"', '"a: b # c"', '"\\n"', '"a', "'x'", "'a''b'", "'a", '"x" y', "[]", "{}", "[a, b]", "[ a , b ]"],
  ...[
    "[a b, 1, true]",
    '["2026/**"]',
    "[a,]",
    "[a",
    "[a: b]",
    "{ a: b }",
    "{a: 1, b: [x, {c: null}]}",
    "{a}",
  ],
  ...[
    "{a: }",
    '{"a": 1}',
    "{ a: b, a: c }",
    "{true: 1}",
    "[a - b]",
    "[- a]",
    "[a #b]",
    "[a] b",
    "<<",
    "=",
    "...",
  ],
  ...["---", "a  b", "x ", " x", "", "_", "1_000", "6f1d", "[[[[[[[[[[a]]]]]]]]]]"],
);
const line = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(key, words).map(([name, value]) => `${name}: ${value}`) },
  { weight: 2, arbitrary: key.map((name) => `${name}:`) },
  { weight: 3, arbitrary: words.map((value) => `- ${value}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", " ", "# note", " # note", "---", "...", "%YAML 1.2", "word", "\t"),
  },
);
const indented = fc
  .tuple(fc.constantFrom("", "", "", "  ", "  ", "    ", " ", "\t"), line)
  .map(([space, rest]) => space + rest);
const chaos = fc
  .tuple(fc.array(indented, { maxLength: 8 }), fc.constantFrom("\n", "\n", "\n", "", "\r\n"))
  .map(([lines, end]) => lines.join("\n") + end);

/** Mappings and lists as they should be, with any value in them. */
const plain = fc.constantFrom(
  "x",
  "alice",
  "PT4H",
  "7",
  "true",
  "/a/b",
  "[a, b]",
  "{ a: b }",
  '"a: b"',
  "für",
);
const value = fc.oneof({ weight: 9, arbitrary: plain }, { weight: 1, arbitrary: words });
type Lines = readonly string[];
const inside = (lines: Lines, space: string): Lines => lines.map((one) => space + one);
const { mapping } = fc.letrec<{ mapping: Lines; entry: Lines }>((tie) => ({
  mapping: fc
    .array(tie("entry"), { minLength: 1, maxLength: 4 })
    .map((entries) =>
      entries.flatMap(([first = "", ...rest], index) => [first.replace("key", `key${index}`), ...rest]),
    ),
  entry: fc.oneof(
    { maxDepth: 3 },
    value.map((one) => [`key: ${one}`]),
    fc
      .tuple(fc.array(value, { minLength: 1, maxLength: 3 }), fc.constantFrom("", "  "))
      .map(([items, space]) => ["key:", ...items.map((one) => `${space}- ${one}`)]),
    fc
      .tuple(tie("mapping"), fc.constantFrom("  ", "    ", " "))
      .map(([lines, space]) => ["key:", ...inside(lines, space)]),
  ),
}));

/** Mappings in one another, so many. */
const nested = (depth: number) =>
  Array.from({ length: depth }, (_, index) => `${" ".repeat(index)}a:\n`).join("");

describe("the quick reader", () => {
  it("reads whatever it reads exactly as the library does, and nothing that the library refuses", () => {
    let read = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          chaos,
          mapping.map((lines) => `${lines.join("\n")}\n`),
        ),
        (input) => {
          const quickly = readPlainYaml(input);
          if (quickly === null) return;
          read += 1;
          expect(quickly).toStrictEqual(byLibrary(input));
        },
      ),
      { numRuns: 10_000 },
    );
    // the property says nothing when nothing is read
    expect(read).toBeGreaterThan(1000);
  });

  it("keeps to that when a character of a grant file is another", () => {
    const file = grantFile({
      extra: "constraints: { locations: [DE, FR], networks: [10.8.0.0/16], mfa: true }\n",
    });
    const characters = Array.from(" \n\t:#-,[]{}\"'\\|>&*!%@`~?.0aé\u00ad\u200b\r");
    fc.assert(
      fc.property(
        fc.nat({ max: file.length }),
        fc.nat({ max: 2 }),
        fc.constantFrom("", ...characters),
        (at, removed, put) => {
          const input = file.slice(0, at) + put + file.slice(at + removed);
          const quickly = readPlainYaml(input);
          if (quickly !== null) expect(quickly).toStrictEqual(byLibrary(input));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it.each([
    ["a grant file as people write it", grantFile()],
    ["lists in blocks, under their key or deeper", "a:\n- x\n- y\nb:\n  - z\nc: 1\n"],
    ["a comment on a line of its own", "# yaml-language-server: $schema=../x.json\na: b\n"],
    ["a mapping in a mapping", "a:\n  b:\n    c: d\n  e: f\ng: h"],
    ["letters with accents", "a: für José\n"],
    ["text in quotes", 'a: "x: y"\nb: \'don"t\'\nc: ["x", \'y\']\n'],
    ["brackets with spaces or without", "a: [ x , y ]\nb: [x,y]\nc: { x:  y , z: 1 }\nd: {x: y,z: 1}\n"],
    ["brackets with nothing in them", "a: []\nb: [ ]\nc: {}\nd: { }\n"],
    ["whole numbers", "a: 0\nb: 120\nc: 123456789012345\n"],
    ["words with digits, and digits with words", "a: cafe1\nb: 7 of face\nc: 2026-11-24T12:00:00Z\n"],
    ["mappings eight deep", `${nested(7)}       b: c\n`],
    ["a list eight deep", `${nested(7)}       - c\n`],
    ["brackets eight deep", "a: [[[[[[x]]]]]]\nb: {a: {a: {a: {a: {a: {a: x}}}}}}\nc:\n  - [[[[[x]]]]]\n"],
    ["lines of a thousand characters", `a: ${"x".repeat(997)}\nb:\n  - ${"x".repeat(996)}\n`],
  ])("reads %s", (_, input) => {
    expect(readPlainYaml(input)).toStrictEqual(byLibrary(input));
    expect(readPlainYaml(input)).not.toBeNull();
  });

  it.each([
    ["an anchor", "a: &x b\n"],
    ["an alias", "a: *x\n"],
    ["a tag", "a: !!str b\n"],
    ["a key written twice", "a: b\na: c\n"],
    ["a block scalar", "a: |\n  b\n"],
    ["an escape", 'a: "\\u200b"\n'],
    ["an invisible character", "a: b\u200bc\n"],
    ["a second document", "a: b\n---\nc: d\n"],
    ["a value that goes on in the next line", "a: b\n  c\n"],
    ["a number that is written otherwise", "a: 0x1f\n"],
    ["a key of several words", "a:\n  b c: d\n"],
    ["a list that is less indented than its key", "a:\n  b:\n- x\n"],
    ["a list whose items are not in line", "a:\n  - x\n    - y\n"],
    ["mappings that are nested deep", `${nested(9)}         b: c\n`],
    ["a list that lies deep", `${nested(8)}        - c\n`],
    ["lists in brackets that lie deep", "a: [[[[[[[x]]]]]]]\n"],
    ["mappings in brackets that lie deep", "a: {a: {a: {a: {a: {a: {a: {a: x}}}}}}}\n"],
    ["a longer line", `a: ${"x".repeat(998)}\n`],
    ["a longer line of a list", `a:\n  - ${"x".repeat(997)}\n`],
    ["nothing at all", ""],
  ])("leaves %s to the library", (_, input) => {
    expect(readPlainYaml(input)).toBeNull();
  });
});
