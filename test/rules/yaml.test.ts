import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Positions,
  positionsOfText,
  printYaml,
  quoted,
  readYaml,
  type YamlPath,
  yamlDepthLimit,
  yamlLimit,
} from "../../src/rules/yaml.ts";
import { cpuSeconds } from "../cpu-time.ts";

const file = "policies/a.yaml";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The findings as `CODE line:column message`. */
function findingsOf(text: string | Uint8Array): readonly string[] {
  const reading = readYaml(typeof text === "string" ? bytes(text) : text, file);
  if (reading.ok) return [];
  return reading.findings.map(({ code, at, message }) => `${code} ${at?.line}:${at?.column} ${message}`);
}

function readValue(text: string): unknown {
  const reading = readYaml(bytes(text), file);
  expect(reading.ok ? [] : reading.findings).toEqual([]);
  return reading.ok ? reading.value : undefined;
}

function positionsOf(text: string): Positions {
  const reading = readYaml(bytes(text), file);
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings));
  return reading.positions;
}

describe("what is read", () => {
  it("reads the core schema: words and dates are text", () => {
    const text =
      "a: no\nb: yes\nc: on\nd: 2026-11-24\ne: 1_000\nf: true\ng: ~\nh:\ni: 0x1f\nj: 0o17\nk: 0.10\nl: -0\nm: 1e3\nn: +7\n";
    expect(readValue(text)).toEqual({
      a: "no",
      b: "yes",
      c: "on",
      d: "2026-11-24",
      e: "1_000",
      f: true,
      g: null,
      h: null,
      i: 31,
      j: 15,
      k: 0.1,
      l: 0,
      m: 1000,
      n: 7,
    });
  });

  it.each<[string, unknown]>([
    ["''", ""],
    ["text", "text"],
    ["0", 0],
    ["-0", 0],
    ["0.0", 0],
    ["0e5", 0],
    ["100", 100],
    ["1.05", 1.05],
    ["-0.5", -0.5],
    ["+1.5", 1.5],
    ["0x1fffffffffffff", 9_007_199_254_740_991],
    ["0o377777777777777777", 9_007_199_254_740_991],
    ["0x0000000000000000001", 1],
    ["0o0000000000000000001", 1],
    // as many digits as a double keeps, whatever they are
    ["0.123456789012345", 0.123_456_789_012_345],
    ["0.000123456789012345", 0.000_123_456_789_012_345],
    ["1.500000000000000000", 1.5],
    ["1.23456789012345e-12", 1.234_567_890_123_45e-12],
    ["-1.23456789012345E+3", -1234.567_890_123_45],
    ["-12345678901234500000e-5", -123_456_789_012_345],
  ])("reads %s alone", (text, value) => {
    expect(readValue(text)).toBe(value);
  });

  it("reads lists, flow and block, either line end and a `---` at the start", () => {
    expect(
      readValue(
        "---\r\na: [x, {y: z}, w: 1]\r\nb:\r\n  - |\r\n    1\r\n    2\r\n  - >-\r\n    3\r\n    4\r\n...\r\n",
      ),
    ).toEqual({
      a: ["x", { y: "z" }, { w: 1 }],
      b: ["1\n2\n", "3 4"],
    });
    expect(readValue("{a, ? b}")).toEqual({ a: null, b: null });
  });

  it("lets no key reach a prototype", () => {
    const value = readValue("__proto__: { polluted: true }\nconstructor: 1\n") as object;
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.keys(value)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("what is refused", () => {
  it.each([
    // size and encoding
    ["", "YAML_EMPTY 1:1 the file says nothing"],
    ["# only a comment\n", "YAML_EMPTY 1:1 the file says nothing"],
    ["---\n", "YAML_EMPTY 1:1 the file says nothing"],
    ["\ufeffa: 1", "YAML_NOT_UTF8 1:1 the file begins with a byte order mark"],
    // two readings
    ["a: 1\nb: 2\n'a': 3", "YAML_DUPLICATE_KEY 3:1 the key `a` stands on line 1 already"],
    ["x: {a: 1, a: 2}", "YAML_DUPLICATE_KEY 1:11 the key `a` stands on line 1 already"],
    ["a: 1\n---\nb: 1", "YAML_SEVERAL_DOCUMENTS 2:1 a second document begins here"],
    ["a: 1\n#c\n--- # d\nb: 1", "YAML_SEVERAL_DOCUMENTS 3:1 a second document begins here"],
    ["a: 1\n...\nb: 1", "YAML_SEVERAL_DOCUMENTS 3:1 a second document begins here"],
    ["%YAML 1.1\n---\na: 1", "YAML_SYNTAX 1:1 the directive `%YAML 1.1`"],
    ["a: !!binary aGk=", "YAML_TAG 1:4 the tag `!!binary`"],
    ["a: ! b", "YAML_TAG 1:4 the tag `!`"],
    ["- !x [a]", "YAML_TAG 1:3 the tag `!x`"],
    ["!!omap [{a: 1, b: 2}]", "YAML_TAG 1:1 the tag `!!omap`"],
    ["<<: {a: 1}", "YAML_ALIAS 1:1 the merge key `<<`"],
    ["1: a", "YAML_KEY_NOT_TEXT 1:1 `1` as a key"],
    ["true: a", "YAML_KEY_NOT_TEXT 1:1 `true` as a key"],
    [": a", "YAML_KEY_NOT_TEXT 1:1 nothing as a key"],
    ["{: a}", "YAML_KEY_NOT_TEXT 1:2 nothing as a key"],
    ["? [a]\n: 1", "YAML_KEY_NOT_TEXT 1:3 a list or a mapping as a key"],
    // an anchor, an alias or a tag, wherever it stands
    ["--- &a b", "YAML_ALIAS 1:5 the anchor `&a`"],
    ["--- # c\n&a\na: 1", "YAML_ALIAS 2:1 the anchor `&a`"],
    ["&a b: c", "YAML_ALIAS 1:1 the anchor `&a`"],
    ["? &a b\n: c", "YAML_ALIAS 1:3 the anchor `&a`"],
    ["b:\n  &a\n  c: 1", "YAML_ALIAS 2:3 the anchor `&a`"],
    ["- &a x", "YAML_ALIAS 1:3 the anchor `&a`"],
    ["[b, {c: &a d}]", "YAML_ALIAS 1:9 the anchor `&a`"],
    ["{*x : 1}", "YAML_ALIAS 1:2 the alias `*x`"],
    ["? *x\n: 1", "YAML_ALIAS 1:3 the alias `*x`"],
    [`${"[".repeat(32)}&a x${"]".repeat(32)}`, "YAML_ALIAS 1:33 the anchor `&a`"],
    ["!!str : a", "YAML_TAG 1:1 the tag `!!str`"],
    // levels
    [`${"[".repeat(33)}x${"]".repeat(33)}`, "YAML_TOO_DEEP 1:34 more than 32 levels, one inside the other"],
    [
      `---\n${"[".repeat(33)}x${"]".repeat(33)}`,
      "YAML_TOO_DEEP 2:34 more than 32 levels, one inside the other",
    ],
    [`${"- ".repeat(33)}x`, "YAML_TOO_DEEP 1:65 more than 32 levels, one inside the other"],
    // numbers
    ["a: .nan", "YAML_NUMBER_INEXACT 1:4 `.nan` is not a finite number"],
    ["a: -.inf", "YAML_NUMBER_INEXACT 1:4 `-.inf` is not a finite number"],
    ["a: 1e999", "YAML_NUMBER_INEXACT 1:4 `1e999` is not a finite number"],
    ["a: 1e-999", "YAML_NUMBER_INEXACT 1:4 `1e-999` is too small to be kept exactly"],
    ["a: 9007199254740993", "YAML_NUMBER_INEXACT 1:4 `9007199254740993` is too large to be kept exactly"],
    [
      "a: 0.12345678901234567",
      "YAML_NUMBER_INEXACT 1:4 `0.12345678901234567` has more digits than can be kept exactly",
    ],
    [
      "a: 1.234567890123456e5",
      "YAML_NUMBER_INEXACT 1:4 `1.234567890123456e5` has more digits than can be kept exactly",
    ],
    ["a: 9007199254740992", "YAML_NUMBER_INEXACT 1:4 `9007199254740992` is too large to be kept exactly"],
    ["a: 0x20000000000000", "YAML_NUMBER_INEXACT 1:4 `0x20000000000000` is too large to be kept exactly"],
    ["a: -012", "YAML_NUMBER_INEXACT 1:4 `-012` begins with a zero, which would be lost"],
    ["a: +012", "YAML_NUMBER_INEXACT 1:4 `+012` begins with a zero, which would be lost"],
    [
      "a: -1.000000000000001",
      "YAML_NUMBER_INEXACT 1:4 `-1.000000000000001` has more digits than can be kept exactly",
    ],
    ["a: 00417", "YAML_NUMBER_INEXACT 1:4 `00417` begins with a zero, which would be lost"],
    // what cannot be seen
    ["a: x\u200by", "YAML_FORBIDDEN_CHARACTER 1:5 the character U+200B"],
    ["a: \u202ey", "YAML_FORBIDDEN_CHARACTER 1:4 the character U+202E"],
    ["# \u2066", "YAML_FORBIDDEN_CHARACTER 1:3 the character U+2066"],
    ["a: \u{e0041}", "YAML_FORBIDDEN_CHARACTER 1:4 the character U+E0041"],
    ["a: \u2028", "YAML_FORBIDDEN_CHARACTER 1:4 the character U+2028"],
    ["a: \u0085x", "YAML_FORBIDDEN_CHARACTER 1:4 the character U+0085"],
    ["a: \u001b[31mx", "YAML_FORBIDDEN_CHARACTER 1:4 the character U+001B"],
    ["a: x\ry", "YAML_FORBIDDEN_CHARACTER 1:5 the character U+000D"],
    ['a: "x\\u200by"', "YAML_FORBIDDEN_CHARACTER 1:6 the character U+200B"],
    ['a: "x\\0"', "YAML_FORBIDDEN_CHARACTER 1:6 the character U+0000"],
    ['"\\u202e": 1', "YAML_FORBIDDEN_CHARACTER 1:2 the character U+202E"],
    // syntax
    ["a: b: c", "YAML_SYNTAX 1:4 a second `key: value` where only one can be"],
    ["a:\n\t- b", "YAML_SYNTAX 2:1 a tab as indentation"],
    ["a: [1, 2", "YAML_SYNTAX 1:9 the indentation does not fit, or a bracket is not closed"],
    ["a: 'x", "YAML_SYNTAX 1:6 a closing quote, a bracket or a `:` is missing"],
    ["a: 'x' y", "YAML_SYNTAX 1:8 something that does not belong here"],
    ["a: @x", "YAML_SYNTAX 1:4 a value that begins with a reserved character"],
    ['a: "\\q"', "YAML_SYNTAX 1:5 an escape sequence that YAML does not have"],
    ["a: &b\n", "YAML_ALIAS 1:4 the anchor `&b`"],
    ["\n\na: &b 1", "YAML_ALIAS 3:4 the anchor `&b`"],
    ["&b", "YAML_ALIAS 1:1 the anchor `&b`"],
    ["a\n---\nb\n---\nc", "YAML_SEVERAL_DOCUMENTS 2:1 a second document begins here"],
    ["{a: 1}: 2", "YAML_KEY_NOT_TEXT 1:1 a list or a mapping as a key"],
    ["?", "YAML_KEY_NOT_TEXT 1:2 nothing as a key"],
    [
      ":".repeat(2000),
      "YAML_SYNTAX 1:1 the : indicator must be at most 1024 chars after the start of an implicit block mapping key",
    ],
  ])("%j", (text, expected) => {
    expect(findingsOf(text)).toEqual([expected]);
  });

  it.each([
    ["%YAML 1.1\n---\na: 1", "remove the line"],
    ["<<: {a: 1}", "write the fields out where they are needed"],
    ["a:\n\t- b", "indent with spaces"],
    ["a: 'x", "close every quote and bracket, and put a colon and a space behind a key"],
    ["a: &b 1", undefined],
    ["a: [b: c: d]", undefined],
  ])("says what to do about %j", (text, hint) => {
    const reading = readYaml(bytes(text), file);
    expect(reading.ok ? [] : reading.findings.map((one) => one.hint)).toEqual([hint]);
  });

  it("looks no further than the first place that is too deep", () => {
    const deep = `${"[".repeat(40)}x${"]".repeat(40)}`;
    const line = (place: string) => `YAML_TOO_DEEP ${place} more than 32 levels, one inside the other`;
    const anchor = (place: string) => `YAML_ALIAS ${place} the anchor \`&a\``;
    expect(findingsOf(`- ${deep}\n- &a b`)).toEqual([line("1:35")]);
    expect(findingsOf(`- {a: 1, a: 2}\n- ${deep}`)).toEqual([line("2:35")]);
    expect(findingsOf(`- &a b\n- ${deep}`)).toEqual([anchor("1:3"), line("2:35")]);
    expect(findingsOf(`- [&a b, ${deep},\n  &c d]`)).toEqual([anchor("1:4"), line("1:41")]);
    expect(findingsOf(`${deep}\n---\na`)).toEqual([line("1:34")]);
    expect(findingsOf(`a\n---\n${deep}`)).toEqual([
      "YAML_SEVERAL_DOCUMENTS 2:1 a second document begins here",
      line("3:34"),
    ]);
  });

  it.each<[string, readonly number[], string]>([
    ["behind an empty line", [10, 0xff], "2:1"],
    ["at the very end", [97, 98, 0xff], "1:3"],
    ["behind a byte order mark, which is a character there", [0xef, 0xbb, 0xbf, 97, 0xff], "1:3"],
    ["behind a replacement character that does stand there", [0xef, 0xbf, 0xbd, 0xff], "1:2"],
    ["in the middle of a character", [97, 0xe2, 0x82, 97], "1:2"],
    ["where the last character is cut off", [97, 10, 0xe2, 0x82], "2:1"],
    ["in one of many lines", [97, 10, 98, 10, 99, 0xff, 10, 100], "3:2"],
  ])("finds a broken byte %s", (_name, input, place) => {
    expect(findingsOf(new Uint8Array(input))).toEqual([
      `YAML_NOT_UTF8 ${place} a byte that is not UTF-8 text`,
    ]);
  });

  it("refuses bytes that are not UTF-8, and says where", () => {
    expect(findingsOf(new Uint8Array([...bytes("a: ü\nbc: "), 0xff, ...bytes("\nd: 1")]))).toEqual([
      "YAML_NOT_UTF8 2:5 a byte that is not UTF-8 text",
    ]);
  });

  it("refuses a file over the limit without looking at it", () => {
    expect(findingsOf(`a: ${"x".repeat(yamlLimit - 3)}`)).toEqual([]);
    expect(findingsOf(`a: ${"x".repeat(yamlLimit - 2)}`)).toEqual([
      "YAML_TOO_LARGE 1:1 the file has 65537 bytes, and at most 65536 are read",
    ]);
  });

  it("counts levels in every style", () => {
    for (const [open, close] of [
      ["[", "]"],
      ["{a: ", "}"],
      ["- ", ""],
    ] as const) {
      const deep = (levels: number) => `${open.repeat(levels)}x${close.repeat(levels)}`;
      expect(findingsOf(deep(yamlDepthLimit))).toEqual([]);
      expect(findingsOf(deep(yamlDepthLimit + 1))[0]).toMatch(/^YAML_TOO_DEEP 1:\d+ more than 32 levels/);
    }
  });

  it("tells everything at once, in the order of the file, once a line and code", () => {
    expect(findingsOf("a: &x 1\nb: *x\nc: !t 012\na: \u200b\u200b\n*x : 1\n- d\n")).toEqual([
      "YAML_ALIAS 1:4 the anchor `&x`",
      "YAML_ALIAS 2:4 the alias `*x`",
      "YAML_TAG 3:4 the tag `!t`",
      "YAML_DUPLICATE_KEY 4:1 the key `a` stands on line 1 already",
      "YAML_FORBIDDEN_CHARACTER 4:4 the character U+200B",
      "YAML_ALIAS 5:1 the alias `*x`",
      "YAML_SYNTAX 6:1 a key that goes over more than one line",
    ]);
  });

  it.each([
    [
      "x: {a: 1, a: *b}",
      ["YAML_DUPLICATE_KEY 1:11 the key `a` stands on line 1 already", "YAML_ALIAS 1:14 the alias `*b`"],
    ],
    ["&a : b", ["YAML_ALIAS 1:1 the anchor `&a`", "YAML_KEY_NOT_TEXT 1:4 nothing as a key"]],
    // a tag is not looked up, nor another version of YAML followed: `no` stays text
    [
      "%YAML 1.1\n---\n<<: 1\nno: 1",
      ["YAML_SYNTAX 1:1 the directive `%YAML 1.1`", "YAML_ALIAS 3:1 the merge key `<<`"],
    ],
    [
      "1: @x",
      ["YAML_KEY_NOT_TEXT 1:1 `1` as a key", "YAML_SYNTAX 1:4 a value that begins with a reserved character"],
    ],
    // what is left when the syntax is broken is no mistake of its own
    ["{, : b, ]", ["YAML_SYNTAX 1:2 something that does not belong here"]],
    [
      "%FOO\n",
      [
        "YAML_SYNTAX 1:1 the directive `%FOO`",
        "YAML_SYNTAX 2:1 a closing quote, a bracket or a `:` is missing",
      ],
    ],
    ["\u200b", ["YAML_FORBIDDEN_CHARACTER 1:1 the character U+200B"]],
    ["# \u200b", ["YAML_FORBIDDEN_CHARACTER 1:3 the character U+200B"]],
  ])("tells each mistake: %j", (text, expected) => {
    expect(findingsOf(text)).toEqual(expected);
  });

  // what the library says, in our style: lower case, no full stop, not too long
  it.each([
    ["!<!> b", "verbatim tags aren't resolved, so !<!> is invalid"],
    ["!x!y: b", "could not resolve tag: !x!y"],
    [`!x!${"y".repeat(200)} b`, `could not resolve tag: !x!${"y".repeat(134)}`],
  ])("passes on what the library says: %j", (text, expected) => {
    const reading = readYaml(bytes(text), file);
    const syntax = reading.ok ? [] : reading.findings.filter(({ code }) => code === "YAML_SYNTAX");
    expect(syntax.map(({ message }) => message)).toEqual([expected]);
  });

  it("stops counting findings that nobody would read", () => {
    expect(findingsOf("- *a\n".repeat(100)).at(-1)).toBe("YAML_ALIAS 100:3 the alias `*a`");
    expect(findingsOf("- *a\n".repeat(101)).at(-1)).toBe(
      "YAML_ALIAS 100:3 the alias `*a`, and 1 more after it",
    );
    const lines = findingsOf("- *a\n".repeat(500));
    expect(lines).toHaveLength(100);
    expect(lines.at(-1)).toBe("YAML_ALIAS 100:3 the alias `*a`, and 400 more after it");
  });

  it("survives a number in an escape that is no character", () => {
    expect(findingsOf('a: "\\Uffffffff\\u200b"').map((line) => line.split(" ")[0])).toEqual([
      "YAML_FORBIDDEN_CHARACTER",
      "YAML_SYNTAX",
    ]);
  });
});

describe("what is made to be slow is not", () => {
  const bomb = `${"abcdefgh"
    .split("")
    .map((name, index, all) => `${name}: &${name} [${`*${all[index - 1] ?? "a"},`.repeat(9)}x]`)
    .join("\n")}\n`;
  it.each([
    ["aliases", bomb],
    ["open brackets", "[".repeat(yamlLimit)],
    ["stray brackets", "]".repeat(yamlLimit)],
    ["pairs of brackets", "[]".repeat(yamlLimit / 2)],
    ["lists in lists", "- ".repeat(yamlLimit / 2)],
    ["keys", Array.from({ length: 7000 }, (_, index) => `k${index}: 1`).join("\n")],
    ["equal keys", "a: 1\n".repeat(13_000)],
    ["documents", "---\n".repeat(16_000)],
    ["escapes", `a: "${"\\0".repeat(32_000)}"`],
    ["digits", `a: ${"9".repeat(65_000)}`],
    ["tags", "!a ".repeat(21_000)],
    ["quotes", '""'.repeat(32_000)],
  ])("%s", (_name, text) => {
    // Measured: at most 0.8 s; what is guarded against takes minutes or for ever.
    expect(cpuSeconds(() => void findingsOf(text))).toBeLessThan(10);
  });
});

describe("positions", () => {
  it("knows keys, values and items, and is total", () => {
    const positions = positionsOf("a: 1\nbb:\n  - x\n  - cc: 'd e'\nlong: |\n  1\n  2\nnone:\n");
    const at = (line: number, column: number, endColumn?: number) => ({
      file,
      line,
      column,
      ...(endColumn ? { endLine: line, endColumn } : {}),
    });
    expect(positions.of([])).toEqual(at(1, 1));
    expect(positions.ofKey([])).toEqual(at(1, 1));
    expect(positions.of(["a"])).toEqual(at(1, 4, 5));
    expect(positions.ofKey(["a"])).toEqual(at(1, 1, 2));
    expect(positions.ofKey(["bb"])).toEqual(at(2, 1, 3));
    expect(positions.of(["bb"])).toEqual(at(3, 3));
    expect(positions.of(["bb", 0])).toEqual(at(3, 5, 6));
    expect(positions.ofKey(["bb", 0])).toEqual(at(3, 5, 6));
    expect(positions.ofKey(["bb", 1, "cc"])).toEqual(at(4, 5, 7));
    expect(positions.of(["bb", 1, "cc"])).toEqual(at(4, 9, 14));
    expect(positions.of(["long"])).toEqual(at(5, 7));
    expect(positions.of(["none"])).toEqual(at(8, 6));
    // What is not there: the nearest place that is.
    expect(positions.of(["bb", 7])).toEqual(at(3, 3));
    expect(positions.of(["bb", "x"])).toEqual(at(3, 3));
    expect(positions.ofKey(["a", "x", "y"])).toEqual(at(1, 1, 2));
    expect(positions.of([0])).toEqual(at(1, 1));
  });

  it("knows them in a plain file as well, whatever a path is made of", () => {
    const positions = positionsOf("a: x y\n'12': 1\nlist:\n  - b\n");
    expect(positions.of(["a"])).toEqual({ file, line: 1, column: 4, endLine: 1, endColumn: 7 });
    expect(positions.ofKey(["list"])).toEqual({ file, line: 3, column: 1, endLine: 3, endColumn: 5 });
    expect(positions.inside(["a"], 2)).toEqual({ file, line: 1, column: 6 });
    expect(positions.of([12])).toMatchObject({ line: 2, column: 7 });
    expect(positions.of(["12"])).toMatchObject({ line: 2, column: 7 });
    expect(positions.of(["list", "0"])).toMatchObject({ line: 4, column: 3 });
  });

  it("takes text in quotes for something, even when it is empty", () => {
    expect(readValue('""')).toBe("");
    expect(readValue("''")).toBe("");
    expect(readValue("|\n")).toBe("");
  });

  it("gives a key without a value the place of the key's end", () => {
    expect(positionsOf("{a}").of(["a"])).toEqual({ file, line: 1, column: 3 });
  });

  const path: YamlPath = ["when"];
  /** The character of the file at the place that `inside` gives for each character of the value. */
  function seen(text: string): { value: string; shown: string } {
    const reading = readYaml(bytes(text), file);
    if (!reading.ok) throw new Error(JSON.stringify(reading.findings));
    const value = (reading.value as Record<string, string>).when ?? "";
    const lines = text.split("\n");
    const shown = Array.from({ length: value.length }, (_, offset) => {
      const { line, column } = reading.positions.inside(path, offset);
      return lines[line - 1]?.charAt(column - 1) ?? "";
    });
    return { value, shown: shown.join("") };
  }

  it.each([
    ["plain", "when: a == b && c\n"],
    ["single quotes", "when: '\"x\" in a'\n"],
    ["double quotes", 'when: "a == b"\n'],
    ["literal", "a: 1\nwhen: |  # why\n    a ==\n      b\n    && c"],
    ["folded", "when: >-\n  a\n  b\n"],
    ["plain over lines", "when: a ==\n  b &&\n  c\n"],
    ["flow", "{x: 1, when: a == b}"],
  ])("finds every character: %s", (_style, text) => {
    const { value, shown } = seen(text);
    expect(shown.replace(/\s/g, "")).toBe(value.replace(/\s/g, ""));
  });

  // what `inside` gives for each character of the value, and for its end
  it.each([
    ["plain", "when: a b", "1:7 1:8 1:9 1:10"],
    ["plain over lines", "when: a\n  b c\n", "1:7 1:8 2:3 2:4 2:5 2:6"],
    ["plain over lines that end with a carriage return", "when: a\r\n  b\r\n", "1:7 1:8 2:3 2:4"],
    ["plain with an empty line", "when: a\n\n  b\n", "1:7 1:8 3:3 3:4"],
    ["plain with an apostrophe", "when: it's", "1:7 1:8 1:9 1:10 1:11"],
    ["plain with a backslash", "when: a\\tb", "1:7 1:8 1:9 1:10 1:11"],
    ["single quotes", "when: 'a ''b'", "1:8 1:9 1:10 1:12 1:13"],
    ["single quotes over lines", "when: 'a\n  b'", "1:8 1:9 2:3 2:4"],
    ["nothing in quotes", "when: ''", "1:7"],
    ["white space only", "when: '  '", "1:8 1:9 1:10"],
    ["white space at the beginning", "when: '  x'", "1:8 1:9 1:10 1:11"],
    ["white space at the end", "when: 'x  '", "1:8 1:9 1:10 1:11"],
    ["double quotes", 'when: "a \\"b"', "1:8 1:9 1:10 1:12 1:13"],
    ["a tab in double quotes", 'when: "a\tb"', "1:8 1:9 1:10 1:11"],
    ["numbers in escapes", 'when: "a\\x62\\u0063\\U00000064e"', "1:8 1:9 1:13 1:19 1:29 1:30"],
    ["two units of one escape", 'when: "\\U0001F600\\t\\nx"', "1:8 1:8 1:9 1:10 1:22 1:23"],
    ["an escaped line end", 'when: "a\\\n  b"', "1:8 2:3 2:4"],
    ["escaped white space and letters", 'when: "a\\  b\\/c"', "1:8 1:9 1:10 1:12 1:13 1:15 1:16"],
    ["literal", "when: |  # why: a\n  a\n   b\n", "2:3 2:4 3:1 3:4 3:5 4:1"],
    ["literal with an empty line", "when: |-\n  a\n\n  b\n", "2:3 2:4 3:1 4:3 4:4"],
    ["folded", "when: >\n  a\n  b\n\n  c\n", "2:3 2:4 3:3 3:4 5:3 5:4 6:1"],
    ["folded around an indented line", "when: >-\n  a\n   b\n  c\n", "2:3 2:4 3:1 3:4 3:5 4:3 4:4"],
  ])("places every character: %s", (_style, text, expected) => {
    const reading = readYaml(bytes(text), file);
    if (!reading.ok) throw new Error(JSON.stringify(reading.findings));
    const value = (reading.value as Record<string, string>).when ?? "";
    const places = Array.from({ length: value.length + 1 }, (_, offset) => {
      const { line, column } = reading.positions.inside(path, offset);
      return `${line}:${column}`;
    });
    expect(places.join(" ")).toBe(expected);
  });

  it("counts columns in a text that stands in no file", () => {
    const positions = positionsOfText("EXPRESSION");
    expect(positions.of(["a"])).toEqual({ file: "EXPRESSION", line: 1, column: 1 });
    expect(positions.ofKey(["a"])).toEqual({ file: "EXPRESSION", line: 1, column: 1 });
    expect(positions.inside(["a"], 4)).toEqual({ file: "EXPRESSION", line: 1, column: 5 });
  });

  it("steps over doubled quotes and escapes", () => {
    const single = positionsOf("when: 'a ''b'' c'");
    // a=0 space=1 '=2 b=3 '=4 space=5 c=6
    expect([0, 2, 3, 4, 6].map((offset) => single.inside(path, offset).column)).toEqual([8, 10, 12, 13, 16]);
    const double = positionsOf('when: "a\\"\\x62\\u0063\\t\\U0001F600\\nz\\\n  y"');
    // a " b c tab, two units of one character, newline, z y
    expect([0, 1, 2, 3, 5, 6, 8].map((offset) => double.inside(path, offset).column)).toEqual([
      8, 9, 11, 15, 23, 23, 35,
    ]);
    expect(double.inside(path, 9)).toMatchObject({ line: 2, column: 3 });
  });

  it.each<[string, string, string]>([
    ["when: a  b", "a  b", "1:7 1:8 1:9 1:10 1:11"],
    ["when: 'a ''b'' c'", "a 'b' c", "1:8 1:9 1:10 1:12 1:13 1:14 1:16 1:17"],
    ["when: 'a\"\\b'", 'a"\\b', "1:8 1:9 1:10 1:11 1:12"],
    ["when: ' a '", " a ", "1:8 1:9 1:10 1:11"],
    ["when: '\n  a'", " a", "1:8 2:3 2:4"],
    ['when: "a\\tb\\x20c\\nd"', "a\tb c\nd", "1:8 1:9 1:11 1:12 1:16 1:17 1:19 1:20"],
    ['when: "\\u0041\\x42C\\U00000044e"', "ABCDe", "1:8 1:14 1:18 1:19 1:29 1:30"],
    ['when: "\\U0001F600x"', "\u{1f600}x", "1:8 1:8 1:18 1:19"],
    ["when: \"'a''b\"", "'a''b", "1:8 1:9 1:10 1:11 1:12 1:13"],
    ['when: "a\\\n  b"', "ab", "1:8 2:3 2:4"],
    ["when: a\n  b\n\n  c", "a b\nc", "1:7 1:8 2:3 2:4 4:3 4:4"],
    ["when: |  # why\n  a\n   b\n\n  c\n", "a\n b\n\nc\n", "2:3 2:4 3:1 3:4 3:5 4:1 5:3 5:4 6:1"],
    ["when: |\n\n  a", "\na\n", "2:1 3:3 3:4 3:4"],
    ["when: |+\n  a\n\n", "a\n\n", "2:3 2:4 3:1 4:1"],
    ["when: >-\n  a\n  b\n\n  c", "a b\nc", "2:3 2:4 3:3 3:4 5:3 5:4"],
  ])("gives each character of %j its place, and the end", (text, value, places) => {
    const reading = readYaml(bytes(text), file);
    expect(reading).toMatchObject({ ok: true, value: { when: value } });
    const { inside } = reading.ok ? reading.positions : positionsOf("a: 1");
    const shown = Array.from({ length: value.length + 1 }, (_, offset) => {
      const { line, column } = inside(path, offset);
      return `${line}:${column}`;
    });
    expect(shown.join(" ")).toBe(places);
  });

  it("is total: any offset, any kind of value", () => {
    const positions = positionsOf("when: ab\nn: 1\nl: [x]\ns: ''\nlead: '  x'\nblank: '  '\n");
    expect(positions.inside(path, 99)).toEqual({ file, line: 1, column: 9 });
    expect(positions.inside(path, 2)).toEqual({ file, line: 1, column: 9 });
    expect(positions.inside(["n"], 3)).toEqual({ file, line: 2, column: 4 });
    expect(positions.inside(["l"], 3)).toEqual({ file, line: 3, column: 4 });
    expect(positions.inside(["s"], 0)).toEqual({ file, line: 4, column: 4 });
    expect(positions.inside(["lead"], 1)).toEqual({ file, line: 5, column: 9 });
    expect(positions.inside(["lead"], 2)).toEqual({ file, line: 5, column: 10 });
    expect(positions.inside(["blank"], 1)).toEqual({ file, line: 6, column: 10 });
  });
});

describe("whatever the bytes", () => {
  it("never throws, and answers with a value or with findings that have a place", () => {
    const piece = fc.constantFrom(
      "a",
      ": ",
      "\n",
      "  ",
      "- ",
      "[",
      "]",
      "{",
      "}",
      ",",
      "'",
      '"',
      "|",
      ">",
      "&x ",
      "*x",
      "!t ",
      "#",
      "---\n",
      "...\n",
      "%Y\n",
      "\\",
      "? ",
      "1",
      "~",
      "\t",
      "\u200b",
      "\ufeff",
      "<<",
      "0",
      ".",
      "\r",
    );
    const likeYaml = fc.array(piece, { maxLength: 40 }).map((parts) => bytes(parts.join("")));
    fc.assert(
      fc.property(fc.oneof(likeYaml, fc.uint8Array(), fc.string().map(bytes)), (input) => {
        const reading = readYaml(input, file);
        if (reading.ok) {
          expect(reading.positions.inside([], 3).line).toBeGreaterThan(0);
        } else {
          expect(reading.findings.length).toBeGreaterThan(0);
          for (const { at, message } of reading.findings) {
            expect(at?.line).toBeGreaterThan(0);
            expect(at?.column).toBeGreaterThan(0);
            expect(message).toMatch(/^[^\n]+[^.\n]$/);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("reads back any JSON that is plain text and numbers", () => {
    const text = fc.string({ unit: "grapheme-ascii" });
    const leaf = fc.oneof(text, fc.boolean(), fc.constant(null), fc.integer());
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(
          text.filter((key) => key !== "<<"),
          tie("tree"),
          { maxKeys: 4 },
        ),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const reading = readYaml(bytes(JSON.stringify(value)), file);
        expect(reading.ok && JSON.stringify(reading.value)).toBe(JSON.stringify(value));
      }),
    );
  });
});

describe("printed", () => {
  it("keeps a long text on one line, and space inside of brackets", () => {
    const text = "word ".repeat(40).trim();
    expect(printYaml({ text, list: [], map: {} })).toBe(`text: ${text}\nlist: []\nmap: {}\n`);
  });
});

describe("quoted", () => {
  it.each([
    ["a`` \n\t`b\nc\u200bd", "`a b c<U+200B>d`"],
    ["x".repeat(80), `\`${"x".repeat(80)}\``],
    ["x".repeat(81), `\`${"x".repeat(79)}…\``],
    [`${"x".repeat(77)}  yy`, `\`${"x".repeat(77)} yy\``],
    [`${"x".repeat(78)} yyy`, `\`${"x".repeat(78)}…\``],
  ])("keeps input on one line, visible, short and inside its backticks: %j", (input, expected) => {
    expect(quoted(input)).toBe(expected);
  });
});
