import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AllowedSigner, objection, readAllowedSigners } from "../../src/signatures/allowed-signers.ts";
import { isOnPatternList } from "../../src/signatures/pattern-list.ts";
import { armor, signText } from "../../src/signatures/sshsig.ts";
import { sshStrings } from "../../src/signatures/wire.ts";
import { at } from "../domain/builders.ts";
import { KEY, lineFor, OPENSSH_PUBLIC } from "./keys.ts";
import { hasSshKeygen, sshKeygenVerifies } from "./ssh-keygen.ts";

const KEY_WORDS = `ssh-ed25519 ${OPENSSH_PUBLIC}`;
const read = (text: string) => readAllowedSigners(text, "allowed_signers");

/** The one signer of a text that must be fine. */
function signerOf(text: string): AllowedSigner {
  const { signers, findings } = read(text);
  const [signer] = signers;
  if (signer === undefined || findings.length > 0) throw new TypeError(JSON.stringify(findings));
  return signer;
}

describe("a line of allowed signers", () => {
  it.each([
    ["a key alone may sign for anything, for ever", `grantbox ${KEY_WORDS}`, {}],
    ["a comment behind the key says nothing", `grantbox ${KEY_WORDS} made by grace`, {}],
    ["spaces and tabs part the words", `  grantbox \t ${KEY_WORDS}`, {}],
    ["several principals", `a@x,*@y,!b@y ${KEY_WORDS}`, { principals: "a@x,*@y,!b@y" }],
    ["a principal with spaces", `"the app" ${KEY_WORDS}`, { principals: "the app" }],
    ["a purpose", `grantbox namespaces="grantbox-*,git" ${KEY_WORDS}`, { namespaces: "grantbox-*,git" }],
    ["options in any case", `grantbox NameSpaces="x" ${KEY_WORDS}`, { namespaces: "x" }],
    [
      "a first day",
      `grantbox valid-after="20261124Z" ${KEY_WORDS}`,
      { validAfter: at("2026-11-24T00:00:00Z") },
    ],
    [
      "a first and a last instant",
      `grantbox valid-after="202611241002Z",valid-before="20261124100211Z" ${KEY_WORDS}`,
      { validAfter: at("2026-11-24T10:02:00Z"), validBefore: at("2026-11-24T10:02:11Z") },
    ],
  ])("%s", (_, line, expected) => {
    const unbounded = { principals: "grantbox", namespaces: null, validAfter: null, validBefore: null };
    expect(signerOf(line)).toMatchObject({ ...unbounded, ...expected, line: 1 });
  });

  it("may be empty or a comment, and each key knows its line", () => {
    const text = `# keys\n\n  # more\ngrantbox ${KEY_WORDS}\n\nother ${KEY_WORDS}\n`;
    expect(read(text).signers.map(({ line }) => line)).toEqual([4, 6]);
  });

  it("that is broken allows nobody, and the others still count", () => {
    const { signers, findings } = read(`grantbox\nother ${KEY_WORDS}`);
    expect(signers.map(({ principals }) => principals)).toEqual(["other"]);
    expect(findings).toHaveLength(1);
  });

  const rsa = sshStrings("ssh-rsa", "x", "y").toString("base64");
  it.each([
    ["a name alone", "grantbox", 1, "SYNTAX", "a line is: principals [options] key-type key"],
    ["no key type", 'grantbox namespaces="x"', 24, "SYNTAX", "a key type"],
    ["no key", "grantbox ssh-ed25519", 21, "SYNTAX", "the key is missing"],
    ["a key that is cut", `grantbox ${KEY_WORDS.slice(0, -4)}`, 22, "SYNTAX", "this is no ssh-ed25519 key"],
    ["a key that is no Base64", "grantbox ssh-ed25519 AAAA*", 22, "SYNTAX", "this is no ssh-ed25519 key"],
    [
      "a key of another type than it says",
      `grantbox ssh-ed25519 ${rsa}`,
      22,
      "SYNTAX",
      "this is no ssh-ed25519 key",
    ],
    ["an RSA key", `grantbox ssh-rsa ${rsa}`, 10, "KEY_UNUSED", "a ssh-rsa key signs no record"],
    [
      "an authority",
      `grantbox cert-authority ${KEY_WORDS}`,
      25,
      "KEY_UNUSED",
      "a certificate authority signs no record",
    ],
    [
      "an option nobody knows",
      `grantbox namespaces="x",expires="y" ${KEY_WORDS}`,
      25,
      "SYNTAX",
      '`expires="y"` is no option',
    ],
    ["an option without quotes", `grantbox namespaces=x ${KEY_WORDS}`, 10, "SYNTAX", "is no option"],
    ["an option without a value", `grantbox valid-after ${KEY_WORDS}`, 10, "SYNTAX", "is written as"],
    [
      "an option twice",
      `grantbox namespaces="x",namespaces="y" ${KEY_WORDS}`,
      25,
      "SYNTAX",
      "is written twice",
    ],
    [
      "a time of day that there is not",
      `grantbox valid-after="20261124250000Z" ${KEY_WORDS}`,
      10,
      "SYNTAX",
      "is no time",
    ],
    ["a day that there is not", `grantbox valid-after="20260230Z" ${KEY_WORDS}`, 10, "SYNTAX", "is no time"],
    ["words for a time", `grantbox valid-before="tomorrow" ${KEY_WORDS}`, 10, "SYNTAX", "is no time"],
    [
      "a time without zone",
      `grantbox valid-before="20261124" ${KEY_WORDS}`,
      10,
      "LOCAL_TIME",
      "another instant on every machine",
    ],
    [
      "an end before the beginning",
      `grantbox valid-after="20261124Z",valid-before="20261124Z" ${KEY_WORDS}`,
      10,
      "SYNTAX",
      "`valid-before` is not later than `valid-after`",
    ],
    [
      "an open quotation mark",
      `grantbox namespaces="x ${KEY_WORDS}`,
      21,
      "SYNTAX",
      "a quotation mark is left open",
    ],
    ["a look-alike letter", `grаntbox ${KEY_WORDS}`, 3, "SYNTAX", "no plain ASCII"],
    ["a carriage return", `grantbox ${KEY_WORDS}\r`, 90, "SYNTAX", "no plain ASCII"],
  ])("with %s is refused at its column", (_, line, column, code, message) => {
    const { signers, findings } = read(`# first line\n${line}`);
    expect(signers).toEqual([]);
    expect(findings).toMatchObject([
      { code: `ALLOWED_SIGNERS_${code}`, at: { file: "allowed_signers", line: 2, column } },
    ]);
    expect(findings[0]?.message).toContain(message);
  });

  it("never makes the reader fail, whatever it is", () => {
    const words = fc.constantFrom(
      "grantbox",
      '"',
      "namespaces=",
      ",",
      KEY_WORDS,
      "cert-authority",
      " ",
      "\t",
      "#",
      "Z",
      "\n",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(words).map((list) => list.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { signers, findings } = read(text);
        const lines = text.split("\n").filter((line) => !/^[ \t]*(?:#.*)?$/.test(line));
        expect(signers.length + findings.length).toBe(lines.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a pattern list, as ssh_config(5) has them", () => {
  it.each([
    ["grantbox-record", "grantbox-record", true],
    ["grantbox-record", "git,grantbox-record", true],
    ["grantbox-record", "grantbox-*", true],
    ["grantbox-record", "*", true],
    ["grantbox-record", "grantbox?record", true],
    ["grantbox-record", "*,!grantbox-*", false],
    ["grantbox-record", "!grantbox-record,*", false],
    ["grantbox-record", "!git", false],
    ["grantbox-record", "grantbox", false],
    ["grantbox-record", "grantbox-record2", false],
    ["grantbox-record", "", false],
    ["grantbox-record", "*r*r*d*", true],
    ["grantbox-record", "*r*r*e", false],
    ["", "*", true],
  ])("%s on %s: %s", (word, list, expected) => {
    expect(isOnPatternList(word, list)).toBe(expected);
  });

  it("takes no longer for stars upon stars", () => {
    expect(isOnPatternList("a".repeat(2000), `${"*a".repeat(500)}*b`)).toBe(false);
  });
});

describe("a key is valid from its first to its last second, both included", () => {
  const options = 'valid-after="20261124100211Z",valid-before="20261124140211Z"';
  it.each([
    ["a second before", "2026-11-24T10:02:10Z", "not-yet-valid"],
    ["at its first second", "2026-11-24T10:02:11Z", null],
    ["within its last second", "2026-11-24T14:02:11.900Z", null],
    ["a second after", "2026-11-24T14:02:12Z", "retired"],
  ])("%s", (_, time, expected) => {
    const signer = signerOf(lineFor(KEY, options));
    expect(objection(signer, "grantbox-record", at(time))).toBe(expected);
  });
});

describe.skipIf(!hasSshKeygen)("ssh-keygen judges the same line the same way (needs openssh-client)", () => {
  const text = "text\n";
  const armored = armor(signText(text, "grantbox-record", KEY));
  const dates = 'valid-after="20261124100211Z",valid-before="20261124140211Z"';
  it.each([
    ["no options", "", "20261124100211Z"],
    ["its purpose", 'namespaces="grantbox-record"', "20261124100211Z"],
    ["a pattern of purposes", 'namespaces="git,grantbox-*"', "20261124100211Z"],
    ["another purpose", 'namespaces="git"', "20261124100211Z"],
    ["a purpose that is excluded", 'namespaces="*,!grantbox-record"', "20261124100211Z"],
    ["a second before it is valid", dates, "20261124100210Z"],
    ["at its first second", dates, "20261124100211Z"],
    ["at its last second", dates, "20261124140211Z"],
    ["a second after", dates, "20261124140212Z"],
    ["within a day", 'valid-after="20261124Z",valid-before="20261125Z"', "20261124235959Z"],
  ])("%s", (_, options, time) => {
    const line = lineFor(KEY, options);
    const instant = at(time.replace(/^(....)(..)(..)(..)(..)/, "$1-$2-$3T$4:$5:"));
    const ours = objection(signerOf(line), "grantbox-record", instant) === null;
    expect(sshKeygenVerifies(text, armored, line, { time })).toBe(ours);
  });
});
