/**
 * A quick reader of the plainest YAML, which nearly every grant file is: block mappings, lists of scalars, and flow
 * collections on one line. A hundred thousand files are read in one verification, and the library takes ten times as
 * long. It reads what it is sure of and leaves everything else to the library, by giving null: comments behind a
 * value, escapes, block scalars, numbers other than plain whole ones, any character that is not a letter of Europe,
 * and all that is wrong. That both read alike is a property that the tests check.
 */
import type { YamlValue } from "./yaml.ts";

/** Nothing invisible, no tab, no line end but a line feed. */
const PLAIN_TEXT = /^[\n\x20-\x7e\u00a1-\u00ac\u00ae-\u024f]*$/;
const ENTRY = /^( *)([A-Za-z][A-Za-z0-9_-]{0,99}):(?: +([^ ].*))?$/;
const ITEM = /^( *)- +([^ ].*)$/;
/** How a scalar may begin and which characters it may have, outside and inside of brackets. */
const BLOCK_SCALAR = /^[A-Za-z0-9/_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f](?:[^:#]|:(?=[^ ])|(?<=[^ ])#)*$/;
const FLOW_SCALAR = /[A-Za-z0-9/_][A-Za-z0-9/._*-]*(?: +[A-Za-z0-9/._*-]+)*/y;
const FLOW_KEY = /([A-Za-z][A-Za-z0-9_-]{0,99}): +/y;
const QUOTED = /"[^"\\]*"|'[^']*'/y;
const SPACES = / */y;

/** Words that are no text. Source: YAML 1.2.2, "10.3.2. Tag Resolution" of the core schema. */
const words: ReadonlyMap<string, null | boolean> = new Map([
  ...["null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);

/** The library has bounds for the length of a line with a key, and of nesting: both are further away. */
const LONGEST_LINE = 1000;
const DEEPEST = 8;

/** What a file says; null when this reader leaves it to the library, whatever the reason. */
export function readPlainYaml(text: string): YamlValue | null {
  return PLAIN_TEXT.test(text) ? new PlainReader(text).read() : null;
}

type Mapping = Record<string, YamlValue>;

/** Something that is not plain: thrown and caught in this file, since it may come from deep inside. */
const NOT_PLAIN = Symbol("not plain");

function leave(): never {
  throw NOT_PLAIN;
}

class PlainReader {
  readonly #lines: readonly string[];
  #next = 0;

  constructor(text: string) {
    this.#lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  }

  read(): YamlValue | null {
    try {
      return this.#lines.length === 0 ? null : this.#mapping(0, 1);
    } catch {
      return null;
    }
  }

  /** The entries from here on that are indented like this one. */
  #mapping(indent: number, depth: number): Mapping {
    if (depth > DEEPEST) leave();
    const mapping: Mapping = Object.create(null);
    for (let line = this.#lines[this.#next]; line !== undefined; line = this.#lines[this.#next]) {
      const [, spaces = "", key, value] = ENTRY.exec(line) ?? leave();
      if (spaces.length < indent) break;
      if (key === undefined || spaces.length > indent || line.length > LONGEST_LINE) leave();
      if (key in mapping || words.has(key)) leave();
      this.#next += 1;
      mapping[key] = value === undefined ? this.#block(indent, depth + 1) : scalarOrFlow(value, depth);
    }
    return mapping;
  }

  /** What stands on the lines below a key. */
  #block(indent: number, depth: number): YamlValue {
    const line = this.#lines[this.#next] ?? leave();
    const inside = line.search(/[^ ]/);
    if (ITEM.test(line)) return inside >= indent ? this.#list(inside, depth) : leave();
    return inside > indent ? this.#mapping(inside, depth) : leave();
  }

  #list(indent: number, depth: number): YamlValue {
    if (depth > DEEPEST) leave();
    const items: YamlValue[] = [];
    for (let line = this.#lines[this.#next]; line !== undefined; line = this.#lines[this.#next]) {
      const [, spaces = "", value] = ITEM.exec(line) ?? [];
      // what follows belongs to a mapping around the list
      if (value === undefined) break;
      if (spaces.length !== indent || line.length > LONGEST_LINE) leave();
      this.#next += 1;
      items.push(scalarOrFlow(value, depth));
    }
    return items;
  }
}

/** The value on the rest of a line. */
function scalarOrFlow(source: string, depth: number): YamlValue {
  const [first] = source;
  if (first === "[" || first === "{" || first === '"' || first === "'") {
    const flow = new FlowReader(source);
    const value = flow.value(depth + 1);
    return flow.isOver ? value : leave();
  }
  return BLOCK_SCALAR.test(source) && !source.endsWith(" ") ? scalar(source) : leave();
}

/** A scalar without quotes, by the core schema. */
function scalar(source: string): YamlValue {
  const word = words.get(source);
  if (word !== undefined) return word;
  if (!/^\d/.test(source)) return source;
  if (/^(?:0|[1-9]\d{0,14})$/.test(source)) return Number(source);
  // it may be a number that is written otherwise
  return /^[-+.\da-fox]+$/i.test(source) ? leave() : source;
}

class FlowReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isOver(): boolean {
    return this.#at === this.#source.length;
  }

  value(depth: number): YamlValue {
    if (depth > DEEPEST) leave();
    switch (this.#source[this.#at]) {
      case "[":
        return this.#list(depth);
      case "{":
        return this.#mapping(depth);
      case '"':
      case "'":
        return this.#take(QUOTED).slice(1, -1);
      default:
        return scalar(this.#take(FLOW_SCALAR));
    }
  }

  #list(depth: number): YamlValue {
    const items: YamlValue[] = [];
    this.#at += 1;
    this.#take(SPACES);
    if (this.#takes("]")) return items;
    for (;;) {
      items.push(this.value(depth + 1));
      this.#take(SPACES);
      if (this.#takes("]")) return items;
      if (!this.#takes(",")) leave();
      this.#take(SPACES);
    }
  }

  #mapping(depth: number): YamlValue {
    const mapping: Mapping = Object.create(null);
    this.#at += 1;
    this.#take(SPACES);
    if (this.#takes("}")) return mapping;
    for (;;) {
      const key = this.#take(FLOW_KEY).replace(/: +/, "");
      if (key in mapping || words.has(key)) leave();
      mapping[key] = this.value(depth + 1);
      this.#take(SPACES);
      if (this.#takes("}")) return mapping;
      if (!this.#takes(",")) leave();
      this.#take(SPACES);
    }
  }

  #takes(character: string): boolean {
    if (this.#source[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [taken = leave()] = pattern.exec(this.#source) ?? [];
    this.#at += taken.length;
    return taken;
  }
}
