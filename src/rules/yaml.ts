/**
 * Strict YAML with positions: the subset of YAML 1.2 (core schema) that every reader understands alike. What could
 * mean two things, hide something or cost time is refused: aliases, tags, duplicate keys, several documents, invisible
 * characters, numbers that do not survive. `no`, `on` and dates are text, as the core schema has it.
 */
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  Parser,
  type Scalar,
  stringify,
} from "yaml";
import { type Finding, type FindingCode, finding, type Position } from "../domain/finding.ts";
import { readPlainYaml } from "./plain-yaml.ts";

/** What a file says. Objects have no prototype, so a key such as `__proto__` is a key like any other. */
export type YamlValue =
  | null
  | boolean
  | number
  | string
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };

export type YamlPath = readonly (string | number)[];

/** Where things stand in the file. Total: for a path that the file does not have, the nearest place that it has. */
export interface Positions {
  /** The place of a value. */
  of(path: YamlPath): Position;
  /** The place of the key that names a value; of the value itself for an item of a list. */
  ofKey(path: YamlPath): Position;
  /**
   * The place of a character of a text value, counted in UTF-16 units of the value: exact in every style of scalar,
   * but for white space about the end of a line, whose place is counted from the text on its left.
   */
  inside(path: YamlPath, offset: number): Position;
}

export type YamlReading =
  | { readonly ok: true; readonly value: YamlValue; readonly positions: Positions }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** The largest file that is read. Measured: no file of this size takes more than about a second, whatever it says. */
export const yamlLimit = 64 * 1024;
/** The deepest nesting that is read; bounds the recursion here and in the library. */
export const yamlDepthLimit = 32;
/** More findings than GitHub shows (50 annotations a request) help nobody. */
const findingsLimit = 100;

/**
 * Reads one file. All that is wrong with it is reported at once, in the order of the file, with line and column; of
 * mistakes in one line that have the same code only the first, since the others mostly follow from it. Never throws.
 */
export function readYaml(bytes: Uint8Array, file: string): YamlReading {
  if (bytes.length > yamlLimit) {
    const message = `the file has ${bytes.length} bytes, and at most ${yamlLimit} are read`;
    return { ok: false, findings: [finding("YAML_TOO_LARGE", message, { file, line: 1, column: 1 })] };
  }
  const text = decode(bytes);
  if (text === null) {
    const message = "a byte that is not UTF-8 text";
    return { ok: false, findings: [finding("YAML_NOT_UTF8", message, firstBrokenByte(bytes, file))] };
  }
  if (text.startsWith("\ufeff")) {
    const message = "the file begins with a byte order mark";
    return { ok: false, findings: [finding("YAML_NOT_UTF8", message, { file, line: 1, column: 1 })] };
  }
  const plain = readPlainYaml(text);
  if (plain === null) return readByLibrary(text, file);
  // most files have no mistake, and then nobody asks where anything stands
  let known: Positions | null = null;
  const positions = (): Positions => {
    known ??= positionsByLibrary(text, file);
    return known;
  };
  return {
    ok: true,
    value: plain,
    positions: {
      of: (path) => positions().of(path),
      ofKey: (path) => positions().ofKey(path),
      inside: (path, offset) => positions().inside(path, offset),
    },
  };
}

/** The same without the quick reader: it says what is wrong, and where everything stands. */
export function readByLibrary(text: string, file: string): YamlReading {
  return new Reader(text, file).read();
}

function positionsByLibrary(text: string, file: string): Positions {
  const reading = readByLibrary(text, file);
  return reading.ok ? reading.positions : positionsOfText(file);
}

/** Places in a text of one line that stands in no file, such as an expression on the command line. */
export function positionsOfText(name: string): Positions {
  const at = (offset: number): Position => ({ file: name, line: 1, column: offset + 1 });
  return { of: () => at(0), ofKey: () => at(0), inside: (_, offset) => at(offset) };
}

/** A value as a file that people read. */
export function printYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

/** User input as it stands in a message: in backticks, on one line, nothing invisible, not too long. */
export function quoted(input: string): string {
  const shown = input
    .replace(forbidden, (character) => `<${codePointName(character)}>`)
    .replace(/[`\s]+/g, " ");
  return `\`${shown.length > 80 ? `${shown.slice(0, 79).trimEnd()}…` : shown}\``;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

function firstBrokenByte(bytes: Uint8Array, file: string): Position {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let before = "";
  try {
    for (const byte of bytes) before += decoder.decode(Uint8Array.of(byte), { stream: true });
  } catch {
    // What has been read until now is text.
  }
  return { file, line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
}

/**
 * Characters that a reader of the file does not see, or that change how it looks: controls other than tab and line
 * end, and what Unicode calls default-ignorable (zero-width, bidirectional, variation selectors, tags, fillers), line
 * and paragraph separators and noncharacters. A carriage return is right before a line feed only.
 */
const forbidden =
  /(?![\t\n\r])\p{Cc}|\r(?!\n)|\p{Default_Ignorable_Code_Point}|[\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;

function codePointName(character: string): string {
  return `U+${Number(character.codePointAt(0)).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** A value's place: offsets into the text, and the places inside it. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly scalar?: Scalar.Parsed;
  readonly fields?: ReadonlyMap<string, { readonly key: Place; readonly value: Place }>;
  readonly items?: readonly Place[];
}

type Reported = {
  readonly code: FindingCode;
  readonly message: string;
  readonly offset: number;
  readonly hint?: string;
};

class Reader {
  readonly #text: string;
  readonly #file: string;
  readonly #lineStarts: readonly number[];
  readonly #reported: Reported[] = [];

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
    const starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
  }

  read(): YamlReading {
    for (const match of this.#text.matchAll(forbidden)) {
      this.#report("YAML_FORBIDDEN_CHARACTER", `the character ${codePointName(match[0])}`, match.index);
    }
    const tokens = [...new Parser().parse(this.#text)];
    if (!this.#checkTokens(tokens)) return this.#refuse();

    const composer = new Composer({
      version: "1.2",
      schema: "core",
      strict: true,
      merge: false,
      resolveKnownTags: false,
      // Duplicates are found below: the library compares every pair of keys.
      uniqueKeys: false,
    });
    // The second argument makes the library give a document even where the file has none.
    const [document] = [...composer.compose(tokens, true, this.#text.length)] as [Document.Parsed];
    for (const error of document.errors) {
      const known = syntaxWords[error.code];
      const message = known?.message ?? sentence(error.message);
      this.#report("YAML_SYNTAX", message, error.pos[0], known?.hint);
    }
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.source === "" && contents.type === "PLAIN")) {
      // What made the file unreadable has been said; that nothing is left is no news then.
      if (this.#reported.length === 0) this.#report("YAML_EMPTY", "the file says nothing", 0);
      return this.#refuse();
    }
    const { value, place } = this.#node(contents);
    if (this.#reported.length > 0) return this.#refuse();
    return { ok: true, value, positions: this.#positions(place) };
  }

  /**
   * Refuses what the token stream shows before anything is built from it: a bomb of aliases is a list of tokens here.
   * False when the nesting is too deep to go on. A loop with its own stack, so that depth cannot exhaust the call stack.
   */
  #checkTokens(tokens: readonly CST.Token[]): boolean {
    let documents = 0;
    const open = tokens.map((token) => ({ token, depth: 0 })).reverse();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { token, depth } = next;
      if (depth > yamlDepthLimit) {
        const message = `more than ${yamlDepthLimit} levels, one inside the other`;
        this.#report("YAML_TOO_DEEP", message, token.offset);
        return false;
      }
      const within: (CST.Token | null | undefined)[] = [];
      switch (token.type) {
        case "directive":
          this.#report(
            "YAML_SYNTAX",
            `the directive ${quoted(token.source)}`,
            token.offset,
            "remove the line",
          );
          break;
        case "document":
          documents += 1;
          if (documents === 2) {
            this.#report("YAML_SEVERAL_DOCUMENTS", "a second document begins here", token.offset);
          }
          within.push(...token.start, token.value);
          break;
        case "anchor":
          this.#report("YAML_ALIAS", `the anchor ${quoted(token.source)}`, token.offset);
          break;
        case "alias":
          this.#report("YAML_ALIAS", `the alias ${quoted(token.source)}`, token.offset);
          break;
        case "tag":
          this.#report("YAML_TAG", `the tag ${quoted(token.source)}`, token.offset);
          break;
        case "block-map":
        case "block-seq":
        case "flow-collection":
          for (const { start, key, sep, value } of token.items as readonly CST.CollectionItem[]) {
            within.push(...start, key, ...(sep ?? []), value);
          }
          break;
        default:
        // Everything else holds no tokens of interest: scalars, comments, white space, errors (the composer tells those).
      }
      const deeper = token.type === "document" ? depth : depth + 1;
      for (const part of within.reverse()) if (part) open.push({ token: part, depth: deeper });
    }
    return true;
  }

  #node(node: ParsedNode): { value: YamlValue; place: Place } {
    const [start, end] = node.range;
    if (isMap(node)) return this.#map(node.items, { start, end });
    if (isSeq(node)) {
      const read = node.items.map((item) => this.#node(item as ParsedNode));
      return {
        value: read.map((item) => item.value),
        place: { start, end, items: read.map((item) => item.place) },
      };
    }
    // An alias has been reported; what it stands for is not looked up.
    if (isAlias(node)) return { value: null, place: { start, end } };
    const scalar = node as Scalar.Parsed;
    const place = { start, end, scalar };
    return { value: this.#scalar(scalar, place), place };
  }

  #map(pairs: readonly Pair[], at: Place): { value: YamlValue; place: Place } {
    const value: Record<string, YamlValue> = Object.create(null);
    const fields = new Map<string, { key: Place; value: Place }>();
    for (const pair of pairs as readonly Pair<ParsedNode, ParsedNode | null>[]) {
      const key = this.#node(pair.key);
      const read = pair.value
        ? this.#node(pair.value)
        : { value: null, place: { start: key.place.end, end: key.place.end } };
      const name = key.value;
      if (typeof name !== "string") {
        if (isAlias(pair.key)) continue;
        const source = this.#text.slice(key.place.start, key.place.end);
        const shown = key.place.scalar ? (source === "" ? "nothing" : quoted(source)) : "a list or a mapping";
        // Where the syntax is broken, an empty key is what the library makes of it, not what somebody wrote.
        if (source !== "" || !this.#reported.some((other) => other.code === "YAML_SYNTAX")) {
          this.#report("YAML_KEY_NOT_TEXT", `${shown} as a key`, key.place.start);
        }
        continue;
      }
      if (name === "<<") {
        const message = "the merge key `<<`";
        this.#report("YAML_ALIAS", message, key.place.start, "write the fields out where they are needed");
      }
      const first = fields.get(name);
      if (first) {
        const message = `the key ${quoted(name)} stands on line ${this.#at(first.key.start).line} already`;
        this.#report("YAML_DUPLICATE_KEY", message, key.place.start);
        continue;
      }
      fields.set(name, { key: key.place, value: read.place });
      value[name] = read.value;
    }
    return { value, place: { ...at, fields } };
  }

  #scalar(scalar: Scalar.Parsed, place: Place): YamlValue {
    const { value } = scalar;
    if (typeof value === "string") {
      // An escape in double quotes (`"\u200b"`) can hide what the text of the file does not show. The first one in a
      // value is enough: looking up the place of every one would take the square of the length.
      const at = value.search(forbidden);
      if (at >= 0) {
        const character = codePointName(value.slice(at));
        this.#report("YAML_FORBIDDEN_CHARACTER", `the character ${character}`, this.#offsetInside(place, at));
      }
      return value;
    }
    if (typeof value === "number") {
      const source = this.#text.slice(place.start, place.end);
      const mistake = mistakeInNumber(value, source);
      if (mistake) this.#report("YAML_NUMBER_INEXACT", `${quoted(source)} ${mistake}`, place.start);
      // No zero with a sign: nobody means it, and `Object.is` would tell the two apart.
      return value === 0 ? 0 : value;
    }
    // The core schema has no other kind of scalar.
    return value as boolean | null;
  }

  #report(code: FindingCode, message: string, offset: number, hint?: string): void {
    this.#reported.push({ code, message, offset, ...(hint ? { hint } : {}) });
  }

  #refuse(): YamlReading {
    const seen = new Set<string>();
    const findings: Finding[] = [];
    let left = 0;
    for (const { code, message, offset, hint } of this.#reported.toSorted((a, b) => a.offset - b.offset)) {
      const at = this.#at(offset);
      const place = `${code} ${at.line}`;
      if (seen.has(place)) continue;
      seen.add(place);
      if (findings.length < findingsLimit) findings.push(finding(code, message, at, hint));
      else left += 1;
    }
    const last = findings.at(-1);
    if (left > 0 && last)
      findings[findings.length - 1] = { ...last, message: `${last.message}, and ${left} more after it` };
    return { ok: false, findings };
  }

  #at(offset: number): Position {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (Number(this.#lineStarts[middle]) <= offset) low = middle;
      else high = middle;
    }
    return { file: this.#file, line: low + 1, column: offset - Number(this.#lineStarts[low]) + 1 };
  }

  /** An end only for what stands on one line: an annotation over a whole block points at nothing. */
  #span(place: Place): Position {
    const start = this.#at(place.start);
    const end = this.#at(place.end);
    if (end.line !== start.line || end.column === start.column) return start;
    return { ...start, endLine: end.line, endColumn: end.column };
  }

  #positions(root: Place): Positions {
    const find = (path: YamlPath): { key: Place; value: Place } => {
      let at = { key: root, value: root };
      for (const step of path) {
        const item = typeof step === "number" ? at.value.items?.[step] : undefined;
        const next = item ? { key: item, value: item } : at.value.fields?.get(String(step));
        if (next === undefined) break;
        at = next;
      }
      return at;
    };
    return {
      of: (path) => this.#span(find(path).value),
      ofKey: (path) => this.#span(find(path).key),
      inside: (path, offset) => this.#at(this.#offsetInside(find(path).value, offset)),
    };
  }

  /**
   * Where a character of a text value stands in the file. Folding, chomping and indentation only ever change white
   * space, so the n-th other character of the value is the n-th other character of the source.
   */
  #offsetInside(place: Place, offset: number): number {
    const { scalar } = place;
    if (typeof scalar?.value !== "string") return place.start;
    const { value } = scalar;
    const wanted = Math.min(offset, value.length);
    // White space is placed from the character on its left, which is exact where nothing is folded.
    let anchor = wanted;
    while (anchor > 0 && (anchor === value.length || isSpace(value.charAt(anchor)))) anchor -= 1;
    const onText = !isSpace(value.charAt(anchor));
    let before = 0;
    for (let at = 0; at < anchor; at += 1) if (!isSpace(value.charAt(at))) before += 1;
    const source = this.#text.slice(place.start, place.end);
    for (const [character, at] of charactersOf(source, scalar.type)) {
      if (onText && isSpace(character)) continue;
      if (before === 0) return Math.min(place.start + at + wanted - anchor, place.end);
      before -= 1;
    }
    return place.start;
  }
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t" || character === "\n" || character === "\r";
}

const escapes: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** The UTF-16 units that the source of a scalar stands for, each with its offset in that source. */
function* charactersOf(source: string, style: Scalar.Type | undefined): Generator<readonly [string, number]> {
  const isBlock = style === "BLOCK_LITERAL" || style === "BLOCK_FOLDED";
  const isQuoted = style === "QUOTE_SINGLE" || style === "QUOTE_DOUBLE";
  // Before the text of a block stands a header (`|-`), perhaps with a comment.
  let at = isBlock ? source.indexOf("\n") + 1 : isQuoted ? 1 : 0;
  const end = source.length - (isQuoted ? 1 : 0);
  while (at < end) {
    const character = source.charAt(at);
    if (style === "QUOTE_SINGLE" && character === "'") {
      yield [character, at];
      at += 2;
    } else if (style === "QUOTE_DOUBLE" && character === "\\") {
      const letter = source.charAt(at + 1);
      const digits = escapes[letter];
      if (digits !== undefined) {
        const point = Number.parseInt(source.slice(at + 2, at + 2 + digits), 16);
        // A number that is no character has been reported; it only must not stop us here.
        const units = point <= 0x10ffff ? String.fromCodePoint(point) : letter;
        for (const unit of units.split("")) yield [unit, at];
      } else {
        // Which character a letter stands for matters only in so far as it is white space (`\n`, `\t`, `\r`, a line end).
        yield ["ntr \t\r\n".includes(letter) ? " " : letter, at];
      }
      at += 2 + (digits ?? 0);
    } else {
      yield [character, at];
      at += 1;
    }
  }
}

/** What is wrong with a number as it is written, or null. */
function mistakeInNumber(value: number, source: string): string | null {
  if (!Number.isFinite(value)) return "is not a finite number";
  if (/^[-+]?0\d/.test(source)) return "begins with a zero, which would be lost";
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return "is too large to be kept exactly";
  // Hexadecimal and octal numbers are integers, so they are exact here.
  if (/[xo]/.test(source)) return null;
  const digits = source.replace(/e.*/i, "").replace(/[-+.]/g, "");
  const significant = digits.replace(/^0+/, "").replace(/0+$/, "");
  // A double keeps 15 decimal digits, whatever they are (IEEE 754, DBL_DIG).
  if (significant.length > 15) return "has more digits than can be kept exactly";
  return value === 0 && significant !== "" ? "is too small to be kept exactly" : null;
}

/** Plain words for the library's errors that people meet most. */
const syntaxWords: Readonly<Record<string, { readonly message: string; readonly hint: string }>> = {
  BLOCK_AS_IMPLICIT_KEY: {
    message: "a second `key: value` where only one can be",
    hint: "quote the value if the colon belongs to it, or give the line the indentation of its neighbours",
  },
  MULTILINE_IMPLICIT_KEY: {
    message: "a key that goes over more than one line",
    hint: "a `:` may be missing, or the line before is not indented like this one",
  },
  TAB_AS_INDENT: { message: "a tab as indentation", hint: "indent with spaces" },
  BAD_INDENT: {
    message: "the indentation does not fit, or a bracket is not closed",
    hint: "give all keys of a mapping the same indentation, and close every bracket",
  },
  MISSING_CHAR: {
    message: "a closing quote, a bracket or a `:` is missing",
    hint: "close every quote and bracket, and put a colon and a space behind a key",
  },
  UNEXPECTED_TOKEN: {
    message: "something that does not belong here",
    hint: "if it belongs to the value before it, quote the whole value",
  },
  BAD_DQ_ESCAPE: {
    message: "an escape sequence that YAML does not have",
    hint: "write `\\\\` for a backslash, or use single quotes",
  },
  BAD_SCALAR_START: { message: "a value that begins with a reserved character", hint: "quote the value" },
};

/** A message of the library in our style: lower case, one line, no full stop, not too long. */
function sentence(message: string): string {
  const line = message.replace(forbidden, " ").replace(/\s/g, " ").slice(0, 160);
  return line.charAt(0).toLowerCase() + line.slice(1).replace(/[.:]$/, "");
}
