/**
 * Regular expressions in linear time. JavaScript's own engine backtracks: one pattern such as `^(a+)+$` in a schema and
 * forty characters in a grant would stop the process, and a length limit does not help (ajv reports all errors, so it
 * runs the pattern of a text that is too long as well). Here a pattern becomes a nondeterministic automaton whose
 * states advance together, so a text costs at most (length of text × size of pattern) steps.
 *
 * The syntax and meaning are those of JavaScript with the `u` flag, as JSON Schema asks (draft 2020-12, core 6.4):
 * JavaScript checks the syntax and decides about single characters. What an automaton cannot do (back references) and
 * what no schema of ours needs (look-behind, word boundaries, inline flags) is refused.
 */

import { Memory, type Program, run, type Step } from "./automaton.ts";

/** Longer texts match nothing: it bounds what look-ahead costs, which is the square of the length. */
export const patternTextLimit = 4096;
/** Bounds how deep a pattern can nest, and so the recursion here. */
export const patternLengthLimit = 2000;
/** The most states a pattern may have; counted repetition multiplies (`[a-z]{1,500}` has about a thousand). */
export const patternSizeLimit = 5000;

export type CompiledPattern =
  | { readonly ok: true; readonly test: (text: string) => boolean }
  | { readonly ok: false; readonly problem: string };

/** A pattern as a test of whether it matches somewhere in a text, or why it is refused. Never throws. */
export function compilePattern(source: string): CompiledPattern {
  if (source.length > patternLengthLimit) {
    return { ok: false, problem: `is longer than ${patternLengthLimit} characters` };
  }
  try {
    new RegExp(source, "u");
  } catch (error) {
    return { ok: false, problem: `is not a regular expression: ${(error as Error).message}` };
  }
  const parsed = new PatternReader(source).read();
  if (typeof parsed === "string") return { ok: false, problem: parsed };
  if (sizeOf(parsed) > patternSizeLimit)
    return { ok: false, problem: "is too large when its repetitions are counted out" };
  const program = programOf(parsed);
  // what has to stand at the start is looked for nowhere else
  const anywhere = program.steps[0]?.do !== "start";
  const memory = program.steps.some((step) => step.do === "ahead") ? null : new Memory(program, anywhere);
  const test = (text: string) =>
    text.length <= patternTextLimit && (memory?.accepts(text) ?? run(program, Array.from(text), 0, anywhere));
  return { ok: true, test };
}

type Node =
  | { readonly is: "character"; readonly fits: (character: string) => boolean }
  | { readonly is: "sequence"; readonly parts: readonly Node[] }
  | { readonly is: "choice"; readonly options: readonly Node[] }
  | { readonly is: "repeat"; readonly node: Node; readonly min: number; readonly max: number }
  | { readonly is: "start" | "end" }
  | { readonly is: "ahead"; readonly node: Node; readonly wanted: boolean };

/** One character of the text: an escape, a class, a dot or a literal. The syntax is known to be right. */
const single =
  /\\(?:u\{[^}]*\}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[a-zA-Z]|[pP]\{[^}]*\}|.)|\[(?:\\.|[^\]\\])*\]|./suy;
const quantifier = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y;

class PatternReader {
  readonly #source: string;
  #at = 0;
  #problem: string | null = null;
  #insideAhead = false;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Node | string {
    const node = this.#choice();
    return this.#problem ?? node;
  }

  #takes(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #choice(): Node {
    const options = [this.#sequence()];
    while (this.#takes("|")) options.push(this.#sequence());
    return { is: "choice", options };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    // behind the end there is an empty text, which is part of every text
    while (!"|)".includes(this.#source.charAt(this.#at))) {
      parts.push(this.#quantified(this.#atom()));
    }
    return { is: "sequence", parts };
  }

  #quantified(node: Node): Node {
    quantifier.lastIndex = this.#at;
    const match = quantifier.exec(this.#source);
    if (match === null) return node;
    this.#at = quantifier.lastIndex;
    const [, sign, least, comma, most] = match;
    if (sign !== undefined) {
      return {
        is: "repeat",
        node,
        min: sign === "+" ? 1 : 0,
        max: sign === "?" ? 1 : Number.POSITIVE_INFINITY,
      };
    }
    const min = Number(least);
    const max = comma === "" ? min : most === "" ? Number.POSITIVE_INFINITY : Number(most);
    return { is: "repeat", node, min, max };
  }

  #atom(): Node {
    if (this.#takes("^")) return { is: "start" };
    if (this.#takes("$")) return { is: "end" };
    if (this.#takes("(")) return this.#group();
    single.lastIndex = this.#at;
    // It always matches: the last alternative takes any character, and there is one.
    const [text] = single.exec(this.#source) as RegExpExecArray;
    this.#at += text.length;
    if (/^\\[1-9k]/.test(text)) {
      this.#problem ??= "has a back reference, which cannot be matched in linear time";
    } else if (/^\\[bB]/.test(text)) {
      this.#problem ??= "has a word boundary, which is not supported";
    } else {
      return { is: "character", fits: characterTest(text) };
    }
    return { is: "sequence", parts: [] };
  }

  #group(): Node {
    const wanted = this.#takes("?=");
    const ahead = wanted || this.#takes("?!");
    if (!ahead && !this.#takes("?:") && this.#source.charAt(this.#at) === "?") {
      const name = /\?<[^=!>][^>]*>/uy;
      name.lastIndex = this.#at;
      if (name.test(this.#source)) this.#at = name.lastIndex;
      else this.#problem ??= "has look-behind or inline flags, which are not supported";
    }
    // Each level of look-ahead multiplies the cost by the length of the text.
    if (ahead && this.#insideAhead)
      this.#problem ??= "has a look-ahead inside a look-ahead, which is not supported";
    const outside = this.#insideAhead;
    this.#insideAhead ||= ahead;
    const node = this.#choice();
    this.#insideAhead = outside;
    this.#takes(")");
    return ahead ? { is: "ahead", node, wanted } : node;
  }
}

/** JavaScript itself says whether one character fits: classes, escapes and Unicode properties mean what they mean there. */
function characterTest(text: string): (character: string) => boolean {
  if (!/[\\[.]/.test(text)) return (character) => character === text;
  const alone = new RegExp(`^${text}$`, "u");
  // what was said of the characters that nearly every text is made of: 0 not asked yet, 1 no, 2 yes
  const said = new Uint8Array(ASCII);
  return (character) => {
    const code = character.charCodeAt(0);
    if (code >= ASCII) return alone.test(character);
    if (said[code] === 0) said[code] = alone.test(character) ? 2 : 1;
    return said[code] === 2;
  };
}

const ASCII = 128;

/** How many states a node becomes: what `emit` will write, counted before it writes it. */
function sizeOf(node: Node): number {
  switch (node.is) {
    case "sequence":
      return node.parts.reduce((sum, part) => sum + sizeOf(part), 0);
    case "choice":
      return node.options.reduce((sum, option) => sum + sizeOf(option) + 1, 1);
    case "repeat": {
      const size = sizeOf(node.node);
      const most = Number.isFinite(node.max) ? (node.max - node.min) * (size + 1) : size + 2;
      // An empty node costs time as well when it is written out often.
      return node.min * Math.max(size, 1) + most;
    }
    case "ahead":
      return sizeOf(node.node) + 2;
    default:
      return 1;
  }
}

function programOf(node: Node): Program {
  const steps: Step[] = [];
  emit(node, steps);
  steps.push({ do: "accept" });
  return { steps, reached: new Float64Array(steps.length) };
}

function emit(node: Node, program: Step[]): void {
  switch (node.is) {
    case "character":
      program.push({ do: "take", fits: node.fits });
      return;
    case "sequence":
      for (const part of node.parts) emit(part, program);
      return;
    case "choice": {
      const [only, ...others] = node.options;
      if (only !== undefined && others.length === 0) {
        emit(only, program);
        return;
      }
      const fork = { do: "go" as const, to: [] as number[] };
      const begin = program.push(fork) - 1;
      const exits = node.options.map((option) => {
        fork.to.push(program.length - begin);
        emit(option, program);
        const exit = { do: "go" as const, to: [] as number[] };
        return { exit, at: program.push(exit) - 1 };
      });
      for (const { exit, at } of exits) exit.to.push(program.length - at);
      return;
    }
    case "repeat": {
      for (let count = 0; count < node.min; count += 1) emit(node.node, program);
      if (Number.isFinite(node.max)) {
        for (let count = node.min; count < node.max; count += 1) optional(node.node, program, false);
      } else {
        optional(node.node, program, true);
      }
      return;
    }
    case "ahead": {
      program.push({ do: "ahead", program: programOf(node.node), wanted: node.wanted });
      return;
    }
    default:
      program.push({ do: node.is });
  }
}

/** The node once or not at all; with `again`, any number of times. */
function optional(node: Node, program: Step[], again: boolean): void {
  const fork = { do: "go" as const, to: [1] };
  const begin = program.push(fork) - 1;
  emit(node, program);
  if (again) program.push({ do: "go", to: [begin - program.length] });
  fork.to.push(program.length - begin);
}
