/**
 * CODEOWNERS as GitHub resolves it: who owns a path. The last line that matches decides, whole; a line without
 * owners takes the ownership away. The npm packages for it match without regard to case, read `docs/*` too deep and
 * `[ab]` as a range, so this is our own.
 *
 * Source of the rules: docs.github.com, "About code owners"; the reading of patterns follows hmarr/codeowners (MIT),
 * the one implementation that was checked against GitHub, except for `[` and `]`, which GitHub refuses.
 * Where GitHub's behaviour is not documented, the line is reported and skipped: the caller fails closed on a finding.
 */
import { type Finding, finding } from "./finding.ts";

/** Who is named on a line. Logins and slugs are as written; GitHub compares them without regard to case. */
export type Owner =
  | { readonly kind: "user"; readonly login: string }
  | { readonly kind: "team"; readonly organization: string; readonly slug: string }
  | { readonly kind: "email"; readonly email: string };

/** A line that GitHub obeys; no owners means that it takes ownership away. */
export interface CodeownersLine {
  readonly line: number;
  readonly pattern: string;
  readonly owners: readonly Owner[];
}

export interface Codeowners {
  readonly file: string;
  readonly lines: readonly CodeownersLine[];
  /** Lines that GitHub skips (`CODEOWNERS_INVALID`), or the file being too large to be loaded at all. */
  readonly findings: readonly Finding[];
}

export type Ownership =
  | { readonly kind: "owned"; readonly owners: readonly Owner[]; readonly line: CodeownersLine }
  | { readonly kind: "unowned"; readonly because: "no-line" }
  | { readonly kind: "unowned"; readonly because: "cleared"; readonly line: CodeownersLine };

/** Where GitHub looks, in this order; the first file found counts whole and the others not at all. */
export const codeownersLocations = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

/** "CODEOWNERS files must be under 3 MB": GitHub does not say whether it counts in thousands, so the smaller reading. */
export const codeownersLimit = 3_000_000;

/**
 * The lines of a CODEOWNERS file that GitHub obeys, and a finding with line and column for each that it skips.
 * A file of 3 MB or more gives no lines at all, as on GitHub. Never throws.
 */
export function parseCodeowners(text: string, file: string): Codeowners {
  if (new TextEncoder().encode(text).length >= codeownersLimit) {
    const message = `\`${file}\` has 3 MB or more, so GitHub loads none of it and nobody owns anything`;
    return {
      file,
      lines: [],
      findings: [finding("CODEOWNERS_TOO_LARGE", message, { file, line: 1, column: 1 })],
    };
  }
  const lines: CodeownersLine[] = [];
  const findings: Finding[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const parsed = parseLine(raw.endsWith("\r") ? raw.slice(0, -1) : raw);
    if (parsed === "nothing") continue;
    if ("mistake" in parsed) {
      const at = { file, line: index + 1, column: parsed.column + 1 };
      findings.push(finding("CODEOWNERS_INVALID", parsed.mistake, at, parsed.hint));
    } else {
      lines.push({ line: index + 1, ...parsed });
    }
  }
  return { file, lines, findings };
}

/** Who owns a path (`a/b.yaml`, from the root, no leading slash): the last line that matches says so. Never throws. */
export function ownersOf(path: string, codeowners: Codeowners): Ownership {
  const last = lastAsked.get(codeowners);
  if (last?.path === path) return last.ownership;
  const ownership = ownershipOf(path, codeowners);
  lastAsked.set(codeowners, { path, ownership });
  return ownership;
}

/** A decision asks several times about the one path that it is about. */
const lastAsked = new WeakMap<Codeowners, { readonly path: string; readonly ownership: Ownership }>();

function ownershipOf(path: string, codeowners: Codeowners): Ownership {
  const segments = path.split("/");
  const line = codeowners.lines.findLast((candidate) => matches(candidate, segments));
  if (line === undefined) return { kind: "unowned", because: "no-line" };
  if (line.owners.length === 0) return { kind: "unowned", because: "cleared", line };
  return { kind: "owned", owners: line.owners, line };
}

type ParsedLine = { pattern: string; owners: Owner[] };
type Mistake = { mistake: string; column: number; hint?: string };

/**
 * Characters that no reader of the file sees (controls, zero-width, bidirectional, odd spaces, a byte order mark).
 * A tab or a space separates words; any other of these would end up in a name that looks like another one.
 */
const invisible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000a-\u001f\u007f-\u00a0\u00ad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/;

function parseLine(line: string): ParsedLine | Mistake | "nothing" {
  const start = skipBlanks(line, 0);
  if (start === line.length || line[start] === "#") return "nothing";
  const hidden = invisible.exec(line);
  if (hidden) {
    const mistake = `an invisible character, ${codePointName(hidden[0])}`;
    return { mistake, column: hidden.index, hint: "delete the character" };
  }
  const end = endOfPattern(line, start);
  const pattern = line.slice(start, end);
  const mistake = mistakeInPattern(pattern);
  if (mistake) return { ...mistake, column: start + mistake.column };

  const owners: Owner[] = [];
  let at = skipBlanks(line, end);
  // `*.js @js-owner # why`: an inline comment ends the line.
  while (at < line.length && line[at] !== "#") {
    const next = endOfWord(line, at);
    const word = line.slice(at, next);
    const owner = parseOwner(word);
    if (owner === null) {
      return {
        mistake: `\`${word}\` is not an owner`,
        column: at,
        hint: "name a `@user`, an `@organization/team` or an e-mail address, with spaces between them",
      };
    }
    owners.push(owner);
    at = skipBlanks(line, next);
  }
  return { pattern, owners };
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (isBlank(line[at])) at += 1;
  return at;
}

function endOfWord(line: string, from: number): number {
  let at = from;
  while (at < line.length && !isBlank(line[at])) at += 1;
  return at;
}

/** A backslash keeps the character after it, a space too, inside the pattern. */
function endOfPattern(line: string, from: number): number {
  let at = from;
  while (at < line.length && !isBlank(line[at])) at += line[at] === "\\" ? 2 : 1;
  return Math.min(at, line.length);
}

/** Why GitHub would skip a line with this pattern, or null. */
function mistakeInPattern(pattern: string): Mistake | null {
  if (pattern === "/") {
    return { mistake: "the pattern `/` matches nothing", column: 0, hint: "did you mean `*`?" };
  }
  if (pattern.startsWith("!")) {
    const hint = "to take ownership away, write the path without owners on a later line";
    return { mistake: `\`${pattern}\` begins with \`!\`, and CODEOWNERS has no negation`, column: 0, hint };
  }
  if (pattern.includes("***")) {
    const hint = "did you mean `**/*`?";
    return { mistake: `\`${pattern}\` has three asterisks in a row`, column: pattern.indexOf("***"), hint };
  }
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === "\\") {
      if (at + 1 === pattern.length) {
        return { mistake: `\`${pattern}\` ends with a backslash`, column: at, hint: "remove it" };
      }
      if (pattern[at + 1] === "#") return hashIn(pattern, at);
      at += 1;
    } else if (character === "#") {
      return hashIn(pattern, at);
    } else if (character === "[" || character === "]") {
      const hint =
        "CODEOWNERS has no character ranges; write each case on a line of its own, or escape the bracket with `\\`";
      return { mistake: `\`${pattern}\` has an unescaped \`${character}\``, column: at, hint };
    }
  }
  return null;
}

/** GitHub documents that `\#` does not work; what `a#b` means is not documented, and readers differ. */
function hashIn(pattern: string, column: number): Mistake {
  const hint = "put a space before `#` if a comment begins there; a path with `#` cannot be named";
  return { mistake: `\`${pattern}\` has a \`#\` inside the pattern`, column, hint };
}

/** The owner that a word names, or null. Every pattern here is linear: no two neighbouring parts can match the same text. */
function parseOwner(word: string): Owner | null {
  // An underscore occurs in logins of managed users (`alice_acme`).
  if (/^@[A-Za-z0-9_-]+$/.test(word)) return { kind: "user", login: word.slice(1) };
  if (/^@[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+$/.test(word)) {
    const slash = word.indexOf("/");
    return { kind: "team", organization: word.slice(1, slash), slug: word.slice(slash + 1) };
  }
  if (/^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$/.test(word)) {
    const labels = word.slice(word.indexOf("@") + 1).split(".");
    if (labels.length > 1 && !labels.includes("")) return { kind: "email", email: word };
  }
  return null;
}

function codePointName(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** One step of a pattern: a segment with wildcards in it, or any number of whole segments. */
type Step = { readonly kind: "segment"; readonly tokens: readonly Token[] } | { readonly kind: "any" };

const any: Step = { kind: "any" };
/** Exactly one segment, whatever its name. */
const one: Step = { kind: "segment", tokens: [{ kind: "star" }] };

/**
 * A pattern as steps that must use up the whole path.
 * Without a slash in front or in the middle it may begin anywhere; with a slash behind it means what is inside.
 */
function stepsOf(pattern: string): readonly Step[] {
  const parts = pattern.split("/");
  if (parts[0] === "") parts.shift();
  else if (!/\/./.test(pattern)) parts.unshift("**");
  const last = parts.length - 1;
  if (parts[last] === "") parts[last] = "**";
  return parts.flatMap((part, index): Step[] => {
    if (part === "**") return index === last ? [one, any] : [any];
    const segment: Step = { kind: "segment", tokens: tokensOf(part) };
    // A name covers what is below it; a `*` that stands alone at the end covers one level only (`docs/*`).
    return index === last && part !== "*" ? [segment, any] : [segment];
  });
}

/** A line is asked about many paths. */
const stepsOfLine = new WeakMap<CodeownersLine, readonly Step[]>();

/** Whether the pattern of a line matches a path. At most (length of pattern × length of path) steps: no recursion, no regular expression. */
function matches(line: CodeownersLine, path: readonly string[]): boolean {
  const steps = stepsOfLine.get(line) ?? stepsOf(line.pattern);
  stepsOfLine.set(line, steps);
  return matchesRun(
    steps,
    path,
    (step) => step.kind === "any",
    (step, segment) => step.kind === "segment" && matchesSegment(step.tokens, segment),
  );
}

type Token =
  | { readonly kind: "star" }
  | { readonly kind: "one" }
  | { readonly kind: "text"; readonly text: string };

function tokensOf(glob: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob.charAt(at);
    if (character === "*") tokens.push({ kind: "star" });
    else if (character === "?") tokens.push({ kind: "one" });
    else if (character === "\\") {
      at += 1;
      tokens.push({ kind: "text", text: glob.charAt(at) });
    } else tokens.push({ kind: "text", text: character });
  }
  return tokens;
}

function matchesSegment(tokens: readonly Token[], segment: string): boolean {
  // A `*` alone stands for a name, and a name is not empty.
  if (segment === "" && tokens.length === 1 && tokens[0]?.kind === "star") return false;
  return matchesRun(
    tokens,
    segment,
    (token) => token.kind === "star",
    (token, character) => token.kind === "one" || (token.kind === "text" && token.text === character),
  );
}

/**
 * Wildcard matching by two cursors: after a mismatch only the latest "any number" step takes one item more. It is
 * enough to go back to the latest one, since an earlier one that took more would leave less for what follows.
 */
function matchesRun<Pattern, Item>(
  pattern: readonly Pattern[],
  items: ArrayLike<Item>,
  isAny: (part: Pattern) => boolean,
  fits: (part: Pattern, item: Item) => boolean,
): boolean {
  let inPattern = 0;
  let inItems = 0;
  // 0 as long as there was none
  let afterAny = 0;
  let retryAt = 0;
  while (inItems < items.length) {
    const part = pattern[inPattern];
    const item = items[inItems] as Item;
    if (part !== undefined && isAny(part)) {
      inPattern += 1;
      afterAny = inPattern;
      retryAt = inItems;
    } else if (part !== undefined && fits(part, item)) {
      inPattern += 1;
      inItems += 1;
    } else if (afterAny > 0) {
      retryAt += 1;
      inItems = retryAt;
      inPattern = afterAny;
    } else {
      return false;
    }
  }
  return pattern.every((part, index) => index < inPattern || isAny(part));
}
