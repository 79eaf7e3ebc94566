import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Codeowners,
  codeownersLimit,
  codeownersLocations,
  type Owner,
  ownersOf,
  parseCodeowners,
} from "../../src/domain/codeowners.ts";
import { cpuSeconds } from "../cpu-time.ts";

const file = ".github/CODEOWNERS";
const fixtures = new URL("../fixtures/codeowners/", import.meta.url);

function read(name: string): string {
  return readFileSync(new URL(name, fixtures), "utf8");
}

function show(owner: Owner): string {
  switch (owner.kind) {
    case "user":
      return `@${owner.login}`;
    case "team":
      return `@${owner.organization}/${owner.slug}`;
    case "email":
      return owner.email;
  }
}

/** The owners of a path in one line; `-` for no line, `cleared` for a line without owners. */
function owners(path: string, codeowners: Codeowners): string {
  const ownership = ownersOf(path, codeowners);
  if (ownership.kind === "owned") return ownership.owners.map(show).join(" ");
  return ownership.because === "cleared" ? "cleared" : "-";
}

function owns(pattern: string, path: string): boolean {
  return owners(path, parseCodeowners(`${pattern} @x`, file)) === "@x";
}

interface Row {
  readonly pattern: string;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

describe("patterns", () => {
  const { patterns } = JSON.parse(read("patterns.json")) as { patterns: readonly Row[] };
  it.each(patterns)("$pattern", ({ pattern, yes, no }) => {
    expect(parseCodeowners(`${pattern} @x`, file).findings).toEqual([]);
    expect(yes.filter((path) => !owns(pattern, path))).toEqual([]);
    expect(no.filter((path) => owns(pattern, path))).toEqual([]);
  });
});

describe("the example in GitHub's documentation", () => {
  const codeowners = parseCodeowners(read("github-docs.CODEOWNERS"), file);
  it("has no line that is skipped", () => expect(codeowners.findings).toEqual([]));
  it.each([
    ["README.md", "@global-owner1 @global-owner2"],
    ["src/deep/README.md", "@global-owner1 @global-owner2"],
    ["a.js", "@js-owner"],
    ["src/a.js", "@js-owner"],
    ["src/a.JS", "@global-owner1 @global-owner2"],
    ["cmd/main.go", "docs@example.com"],
    ["notes.txt", "@octo-org/octocats"],
    ["build/logs/a.txt", "@octocat"],
    ["build/a.bin", "@global-owner1 @global-owner2"],
    ["deeply/build/logs/x.bin", "@octocat"],
    ["docs/getting-started.md", "@doctocat"],
    ["docs/build-app/troubleshooting.md", "@doctocat"],
    ["src/docs/x.md", "@global-owner1 @global-owner2"],
    ["src/apps/x.md", "@octocat"],
    ["scripts/run.sh", "@doctocat @octocat"],
    ["scripts/logs", "@octocat"],
    ["apps/a/b.js", "@octocat"],
    ["apps/github", "cleared"],
    ["apps/github/x.js", "cleared"],
    ["src/apps/github/x.js", "@octocat"],
  ])("%s belongs to %s", (path, expected) => {
    expect(owners(path, codeowners)).toBe(expected);
  });
  it("`docs/*` alone is one level deep", () => {
    const one = parseCodeowners("docs/* docs@example.com", file);
    expect(owners("docs/getting-started.md", one)).toBe("docs@example.com");
    expect(owners("docs/build-app/troubleshooting.md", one)).toBe("-");
  });
});

describe("lines", () => {
  it("reads users, teams and e-mail addresses, comments, blanks and either line end", () => {
    const text =
      "\r\n# comment\r\n  # indented\r\n\t \r\n a.txt\t@al_ice  @acme/storage-team bob+x@mail.example.com # why\r\nb.txt";
    const codeowners = parseCodeowners(text, file);
    expect(codeowners.findings).toEqual([]);
    expect(codeowners.lines).toEqual([
      {
        line: 5,
        pattern: "a.txt",
        owners: [
          { kind: "user", login: "al_ice" },
          { kind: "team", organization: "acme", slug: "storage-team" },
          { kind: "email", email: "bob+x@mail.example.com" },
        ],
      },
      { line: 6, pattern: "b.txt", owners: [] },
    ]);
  });

  it("tells a path that no line names from one whose owners were taken away", () => {
    const codeowners = parseCodeowners("/grants/ @a\n/grants/open/ # nobody\n", file);
    expect(ownersOf("src/a", codeowners)).toEqual({ kind: "unowned", because: "no-line" });
    expect(ownersOf("grants/open/a", codeowners)).toEqual({
      kind: "unowned",
      because: "cleared",
      line: { line: 2, pattern: "/grants/open/", owners: [] },
    });
    expect(ownersOf("grants/a", codeowners)).toMatchObject({ kind: "owned", line: { line: 1 } });
  });

  it("lets the last line that matches decide alone", () => {
    const codeowners = parseCodeowners("* @all\na @one\na @two\n", file);
    expect(owners("a", codeowners)).toBe("@two");
  });

  it.each([
    ["/ @a", 1, "the pattern `/` matches nothing", "did you mean `*`?"],
    ["!a @a", 1, "`!a` begins with `!`, and CODEOWNERS has no negation", "later line"],
    ["a*** @a", 2, "`a***` has three asterisks in a row", "did you mean `**/*`?"],
    ["  a[bc] @a", 4, "`a[bc]` has an unescaped `[`", "escape the bracket"],
    ["a\\[b] @a", 5, "`a\\[b]` has an unescaped `]`", "escape the bracket"],
    ["\\#a @a", 1, "`\\#a` has a `#` inside the pattern", "a space before `#`"],
    ["a#b @a", 2, "`a#b` has a `#` inside the pattern", "a space before `#`"],
    ["a\\", 2, "`a\\` ends with a backslash", "remove it"],
    ["a @b c", 6, "`c` is not an owner", "`@organization/team`"],
    ["a @b,@c", 3, "`@b,@c` is not an owner", "spaces between"],
    ["a @dependabot[bot]", 3, "`@dependabot[bot]` is not an owner", "`@user`"],
    ["a @acme/", 3, "`@acme/` is not an owner", "`@user`"],
    ["a x@acme/team", 3, "`x@acme/team` is not an owner", "`@organization/team`"],
    ["a @acme/team/x", 3, "`@acme/team/x` is not an owner", "`@organization/team`"],
    ["a mail.example.com", 3, "`mail.example.com` is not an owner", "e-mail"],
    ["a <x@example.com", 3, "`<x@example.com` is not an owner", "e-mail"],
    ["a x@example.com>", 3, "`x@example.com>` is not an owner", "e-mail"],
    ["a x@localhost", 3, "`x@localhost` is not an owner", "e-mail"],
    ["a x@.com", 3, "`x@.com` is not an owner", "e-mail"],
    ["a @b#c", 3, "`@b#c` is not an owner", "`@user`"],
    ["a\u200bb @a", 2, "an invisible character, U+200B", "delete"],
    ["\ufeff* @a", 1, "an invisible character, U+FEFF", "delete"],
    ["a\u00a0@a", 2, "an invisible character, U+00A0", "delete"],
  ])("reports and skips %j", (line, column, message, hint) => {
    const codeowners = parseCodeowners(`* @all\n${line}\n`, file);
    expect(codeowners.lines).toHaveLength(1);
    expect(codeowners.findings).toEqual([
      {
        code: "CODEOWNERS_INVALID",
        message,
        at: { file, line: 2, column },
        hint: expect.stringContaining(hint),
      },
    ]);
  });

  it("lets an invisible character stand in a comment line", () => {
    expect(parseCodeowners("# a\u00a0b", file).findings).toEqual([]);
  });
});

describe("size", () => {
  it("counts bytes, not characters", () => {
    const under = `* @a\n#${"€".repeat((codeownersLimit - 9) / 3)}`;
    expect(new TextEncoder().encode(under).length).toBe(codeownersLimit - 3);
    expect(parseCodeowners(under, file).lines).toHaveLength(1);
    for (const more of ["€", "éx", "xxx", "😀", "xxxx"]) {
      const codeowners = parseCodeowners(under + more, file);
      expect(codeowners.lines).toEqual([]);
      expect(codeowners.findings).toEqual([
        expect.objectContaining({ code: "CODEOWNERS_TOO_LARGE", at: { file, line: 1, column: 1 } }),
      ]);
    }
    expect(parseCodeowners(`${under}xé`.slice(0, -1), file).lines).toHaveLength(1);
  });

  it("does not count a text that is too long whatever it holds", () => {
    expect(parseCodeowners("a".repeat(codeownersLimit), file).lines).toEqual([]);
  });
});

describe("whatever the file says", () => {
  const character = fc.constantFrom("*", "?", "/", "\\", "[", " ", "#", "@", "!", "a", "b", "\t", "\n", "\r");
  const text = fc.string({
    unit: fc.oneof({ weight: 9, arbitrary: character }, { weight: 1, arbitrary: fc.string() }),
  });

  it("never throws, and every line is obeyed, reported or empty", () => {
    fc.assert(
      fc.property(text, text, (content, path) => {
        const codeowners = parseCodeowners(content, file);
        ownersOf(path, codeowners);
        const spoken = [
          ...codeowners.lines.map((l) => l.line),
          ...codeowners.findings.map((f) => f.at?.line),
        ];
        expect(new Set(spoken).size).toBe(spoken.length);
        const silent = content
          .split("\n")
          .filter((line, index) => !spoken.includes(index + 1) && /^[ \t]*[^ \t#\r]/.test(line));
        expect(silent).toEqual([]);
      }),
    );
  });

  it("a plain path owns itself and what is below it, and nothing beside it", () => {
    const name = fc.stringMatching(/^[a-z0-9._-]{1,8}$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), name, (parts, other) => {
        const path = parts.join("/");
        expect(owns(`/${path}`, path)).toBe(true);
        expect(owns(`/${path}/`, `${path}/${other}`)).toBe(true);
        expect(owns(`/${path}/`, path)).toBe(false);
        expect(owns(`/${path}`, `${path}${other}`)).toBe(false);
        expect(owns(path.slice(path.lastIndexOf("/") + 1), path)).toBe(true);
      }),
    );
  });

  it.each([
    ["*a".repeat(2000), "a".repeat(4000)],
    [`${"*a".repeat(2000)}b`, "a".repeat(4000)],
    [`${"**/a/".repeat(500)}b`, "a/".repeat(2000)],
    [`${"**/*a*a*/".repeat(200)}b`, "aaaa/".repeat(800)],
  ])("a pattern made to be slow is not (%#)", (pattern, path) => {
    const codeowners = parseCodeowners(`${pattern} @x\n`, file);
    // Measured: 1 to 40 ms. A backtracking regular expression would not come back.
    expect(cpuSeconds(() => void ownersOf(path, codeowners))).toBeLessThan(5);
  });
});

it("names the places where GitHub looks, in GitHub's order", () => {
  expect(codeownersLocations).toEqual([".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"]);
});
