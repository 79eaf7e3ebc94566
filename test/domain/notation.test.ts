import { describe, expect, it } from "vitest";
import {
  always,
  byName,
  either,
  flag,
  instant,
  list,
  type Notation,
  nullable,
  number,
  object,
  oneOf,
  parsed,
  printLine,
  text,
  Unreadable,
  usually,
} from "../../src/domain/notation.ts";
import { parseOid } from "../../src/domain/oid.ts";
import { at, oidOf } from "./builders.ts";

const oids = parsed("commit", parseOid);
const yes = object({ read: always(true), members: list(text) });
const no = object({ read: always(false), because: text });
const pair = object({ login: text, id: usually(7, number) });

/** A value with its notation, whose type is known only here. */
function sample<T>(name: string, notation: Notation<T>, value: T, json: unknown) {
  return [name, () => [notation.write(value), notation.read(json)], [json, value]] as const;
}

describe("a value is written and read back", () => {
  it.each([
    sample("a text", text, "a", "a"),
    sample("a number", number, 7, 7),
    sample("a truth value", flag, false, false),
    sample("a word", oneOf("open", "resolved"), "open", "open"),
    sample("an id", oids, oidOf("a1"), oidOf("a1")),
    sample(
      "an instant, to the millisecond",
      instant,
      at("2026-11-24T10:00:00.007Z"),
      "2026-11-24T10:00:00.007Z",
    ),
    sample("nothing", nullable(text), null, null),
    sample("something that may be nothing", nullable(text), "a", "a"),
    sample("a list", list(number), [1, 2], [1, 2]),
    sample("values by name", byName(number), { a: 1 }, { a: 1 }),
    sample("an object without what is usual", pair, { login: "bob", id: 7 }, { login: "bob" }),
    sample("an object with what is not", pair, { login: "bob", id: 8 }, { login: "bob", id: 8 }),
    sample(
      "one of two objects",
      either("read", yes, no),
      { read: true, members: [] },
      { read: true, members: [] },
    ),
    sample(
      "the other of two objects",
      either("read", yes, no),
      { read: false, because: "x" },
      { read: false, because: "x" },
    ),
  ])("%s", (_, actual, expected) => {
    expect(actual()).toEqual(expected);
  });
});

describe("what cannot be read is refused in words", () => {
  it.each<[string, Notation<unknown>, unknown, string]>([
    ["a number for a text", text, 7, "7 is no text"],
    ["half a number", number, 1.5, "1.5 is no whole number"],
    ["a number too large to be exact", number, 2 ** 53, "9007199254740992 is no whole number"],
    ["a word for a truth value", flag, "yes", '"yes" is no truth value'],
    [
      "a word that is not among those",
      oneOf("open", "resolved"),
      "closed",
      '"closed" is no one of open, resolved',
    ],
    ["a text that is no id", oids, "a1", '"a1" is no commit'],
    ["a number for an id", oids, 7, "7 is no text"],
    ["a day that there is not", instant, "2026-02-30T10:00:00Z", '"2026-02-30T10:00:00Z" is no time'],
    ["one value for a list", list(text), "a", "a list is missing"],
    ["a list for an object", byName(text), [], "an object is missing"],
    ["a text for an object", byName(text), "a", "an object is missing"],
    ["a number for an object", object({ id: usually(7, number) }), 7, "an object is missing"],
    ["nothing for an object", pair, null, "an object is missing"],
    ["an object without a field", pair, { id: 7 }, "`login` is missing"],
    [
      "an object of a later version",
      pair,
      { login: "bob", age: 9 },
      "`age` is a field that this version does not know",
    ],
    ["an object that is neither of two", either("read", yes, no), { because: "x" }, "`read` is missing"],
    ["another truth value than there is", always(true), false, "false is no true"],
  ])("%s", (_, notation, json, because) => {
    expect(() => notation.read(json)).toThrow(new Unreadable(because));
  });

  it("a field that every object inherits is none of its own", () => {
    expect(() => object({ toString: text }).read({})).toThrow(new Unreadable("`toString` is missing"));
  });
});

describe("a line for a commit message", () => {
  it.each([
    ["letters of other scripts", "zo\u00eb", '"zo\\u00eb"'],
    ["line breaks", "a\nb", '"a\\nb"'],
    ["a run of spaces", "a  b", '"a\\u0020 b"'],
    ["a mention", "@bob", '"\\u0040bob"'],
    ["an issue", "closes #7", '"closes \\u00237"'],
    ["an issue in the old way", "GH-7", '"GH\\u002d7"'],
    ["an address of an issue", "acme/a/issues/7", '"acme/a\\u002fissues/7"'],
  ])("spells out %s, and says the same", (_, value, line) => {
    expect(printLine(value)).toBe(line);
    expect(JSON.parse(printLine(value))).toBe(value);
  });

  it("leaves a mail address as it is", () => {
    expect(printLine("bob@acme.example")).toBe('"bob@acme.example"');
  });
});
