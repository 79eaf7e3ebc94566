/** The automaton that a pattern becomes (pattern.ts), and the two ways in which it reads a text. */

export type Step =
  | { readonly do: "take"; readonly fits: (character: string) => boolean }
  /** Go on at each of these places at once, relative to this one. */
  | { readonly do: "go"; to: number[] }
  | { readonly do: "start" | "end" | "accept" }
  | { readonly do: "ahead"; readonly program: Program; readonly wanted: boolean };

/** Steps, and for each of them when it was last reached: a mark that no other place of any text has. */
export interface Program {
  readonly steps: readonly Step[];
  readonly reached: Float64Array;
}

let mark = 0;

/** Whether the program accepts what begins at `from`, or, when it may begin `anywhere`, at any later place. */
export function run(
  { steps, reached }: Program,
  text: readonly string[],
  from: number,
  anywhere: boolean,
): boolean {
  let open: number[] = [0];
  for (let at = from; at <= text.length; at += 1) {
    mark += 1;
    const here = mark;
    const next: number[] = [];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (reached[place] === here) continue;
      reached[place] = here;
      const step = steps[place] as Step;
      switch (step.do) {
        case "accept":
          return true;
        case "take":
          if (at < text.length && step.fits(text[at] as string)) next.push(place + 1);
          break;
        case "go":
          for (const to of step.to) open.push(place + to);
          break;
        case "start":
          if (at === 0) open.push(place + 1);
          break;
        case "end":
          if (at === text.length) open.push(place + 1);
          break;
        case "ahead":
          if (run(step.program, text, at, false) === step.wanted) open.push(place + 1);
          break;
      }
    }
    if (anywhere) next.push(0);
    else if (next.length === 0) return false;
    open = next;
  }
  return false;
}

const ASCII = 128;
/** Where no step is known yet. */
const UNKNOWN = -1;
/** Beyond this the steps are walked anew for every text; a pattern that somebody writes needs a few dozen. */
const MOST_STATES = 500;
const MOST_PLACES = 50_000;

/** A set of places that stand open together, with all that follows from it. */
interface State {
  /** Places that take a character. */
  readonly takes: readonly number[];
  readonly accepts: boolean;
  readonly acceptsAtEnd: boolean;
  /** The state after each character of ASCII. */
  readonly after: Int16Array;
}

/**
 * The same for a program without look-ahead: which places stand open together is worked out once, and then remembered,
 * so that a character of a text costs one look into a table.
 */
export class Memory {
  readonly #program: Program;
  readonly #anywhere: boolean;
  readonly #states: State[] = [];
  readonly #known = new Map<string, number>();
  #places = 0;

  constructor(program: Program, anywhere: boolean) {
    this.#program = program;
    this.#anywhere = anywhere;
    this.#stateOf([0], true);
  }

  accepts(text: string): boolean {
    let state = this.#states[0] as State;
    for (let at = 0; at < text.length; at += 1) {
      if (state.accepts) return true;
      const code = text.charCodeAt(at);
      // beyond ASCII the table has nothing, and keeps nothing
      let next = state.after[code] ?? UNKNOWN;
      if (next === UNKNOWN) {
        const character = String.fromCodePoint(text.codePointAt(at) as number);
        next = this.#step(state, character);
        if (next === UNKNOWN) return run(this.#program, Array.from(text), 0, this.#anywhere);
        state.after[code] = next;
        at += character.length - 1;
      }
      state = this.#states[next] as State;
    }
    return state.acceptsAtEnd;
  }

  /** The state after a character; `UNKNOWN` when there are too many. */
  #step({ takes }: State, character: string): number {
    const next = takes.flatMap((place) => {
      const step = this.#program.steps[place];
      return step?.do === "take" && step.fits(character) ? [place + 1] : [];
    });
    return this.#stateOf(this.#anywhere ? [...next, 0] : next, false);
  }

  #stateOf(places: readonly number[], isStart: boolean): number {
    const name = `${isStart}${places}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#states.length >= MOST_STATES || this.#places > MOST_PLACES) return UNKNOWN;
    const inside = this.#follow(places, isStart, false);
    const atEnd = this.#follow(places, isStart, true);
    const takes = inside.filter((place) => this.#program.steps[place]?.do === "take");
    const accepts = (open: readonly number[]) =>
      open.some((place) => this.#program.steps[place]?.do === "accept");
    const after = new Int16Array(ASCII).fill(UNKNOWN);
    const state = { takes, accepts: accepts(inside), acceptsAtEnd: accepts(atEnd), after };
    this.#places += places.length + takes.length;
    this.#known.set(name, this.#states.push(state) - 1);
    return this.#states.length - 1;
  }

  /** Every place that is reached without a character, in their order. */
  #follow(places: readonly number[], isStart: boolean, isEnd: boolean): readonly number[] {
    const reached = new Set<number>();
    const open = [...places];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (reached.has(place)) continue;
      reached.add(place);
      const step = this.#program.steps[place];
      if (step?.do === "go") for (const to of step.to) open.push(place + to);
      else if ((step?.do === "start" && isStart) || (step?.do === "end" && isEnd)) open.push(place + 1);
    }
    return [...reached].sort((one, other) => one - other);
  }
}
