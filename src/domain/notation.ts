import { type Instant, parseInstant, printExactly } from "./time.ts";

/**
 * How a value is written into a record as JSON, and read back. A notation of an object names every field of its type:
 * a field that is added to the type and has no notation yet is a compile error, so that nothing is forgotten.
 */
export interface Notation<T> {
  write(value: T): unknown;
  /** @throws Unreadable when it was not written by `write`. */
  read(json: unknown): T;
}

/** Something in a record cannot be read; `because` is words for people. */
export class Unreadable extends Error {}

function refuse(what: string): never {
  throw new Unreadable(what);
}

function scalar<T>(name: string, is: (json: unknown) => json is T): Notation<T> {
  return {
    write: (value) => value,
    read: (json) => (is(json) ? json : refuse(`${JSON.stringify(json)} is no ${name}`)),
  };
}

export const text = scalar("text", (json) => typeof json === "string");
export const number = scalar("whole number", (json): json is number => Number.isSafeInteger(json));
export const flag = scalar("truth value", (json) => typeof json === "boolean");

/** One of some words. */
export function oneOf<Word extends string>(...words: readonly Word[]): Notation<Word> {
  return scalar(`one of ${words.join(", ")}`, (json): json is Word => words.some((word) => word === json));
}

/** A text of a kind of its own, such as an id. */
export function parsed<T extends string>(name: string, parse: (text: string) => T | null): Notation<T> {
  return {
    write: (value) => value,
    read: (json) => parse(text.read(json)) ?? refuse(`${JSON.stringify(json)} is no ${name}`),
  };
}

/** To the millisecond: a verdict may hang on it. */
export const instant: Notation<Instant> = {
  write: printExactly,
  read: (json) => parseInstant(text.read(json)) ?? refuse(`${JSON.stringify(json)} is no time`),
};

export function nullable<T>(of: Notation<T>): Notation<T | null> {
  return {
    write: (value) => (value === null ? null : of.write(value)),
    read: (json) => (json === null ? null : of.read(json)),
  };
}

export function list<T>(of: Notation<T>): Notation<readonly T[]> {
  return {
    write: (values) => values.map((value) => of.write(value)),
    read: (json) => (Array.isArray(json) ? json.map((item) => of.read(item)) : refuse("a list is missing")),
  };
}

/** A value for each name. */
export function byName<T>(of: Notation<T>): Notation<Readonly<Record<string, T>>> {
  return {
    write: (values) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, of.write(value)])),
    read: (json) =>
      Object.fromEntries(Object.entries(objectOf(json)).map(([name, value]) => [name, of.read(value)])),
  };
}

/** A notation that leaves a value out where it is the usual one. */
interface Omittable<T> extends Notation<T> {
  readonly usual: { readonly value: T };
}

/**
 * Leaves out the usual value. It is also what a record of an earlier version says that does not know the field yet: of
 * what was not read it has to be the one that counts against the request.
 */
export function usually<T>(value: T, of: Notation<T>): Omittable<T> {
  return { ...of, usual: { value } };
}

/** An object, field by field, in the order in which they are named here. */
export function object<T extends object>(
  fields: { readonly [Field in keyof T]-?: Notation<T[Field]> },
): Notation<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return {
    write(value) {
      const entries = names.map((name) => {
        const notation: Notation<T[typeof name]> = fields[name];
        const written = notation.write(value[name]);
        const isUsual = isOmittable(notation) && sameJson(notation.write(notation.usual.value), written);
        return isUsual ? [] : [[name, written] as const];
      });
      return Object.fromEntries(entries.flat());
    },
    read(json) {
      const given = objectOf(json);
      for (const name in given) {
        if (!Object.hasOwn(fields, name)) refuse(`\`${name}\` is a field that this version does not know`);
      }
      const value: Partial<T> = {};
      for (const name of names) {
        const notation: Notation<T[typeof name]> = fields[name];
        if (Object.hasOwn(given, name)) value[name] = notation.read(given[name]);
        else if (isOmittable(notation)) value[name] = notation.usual.value;
        else refuse(`\`${name}\` is missing`);
      }
      // every field of T has just been read by the notation of its own type
      return value as T;
    },
  };
}

/** One of two objects, told apart by a field that is true in the one and false in the other. */
export function either<Yes extends object, No extends object>(
  sign: keyof Yes & keyof No & string,
  yes: Notation<Yes>,
  no: Notation<No>,
): Notation<Yes | No> {
  const isYes = (value: Yes | No): value is Yes => Reflect.get(value, sign) === true;
  return {
    write: (value) => (isYes(value) ? yes.write(value) : no.write(value)),
    read: (json) => (objectOf(json)[sign] === true ? yes.read(json) : no.read(json)),
  };
}

/** A value that the type allows only once. */
export function always<T extends boolean>(value: T): Notation<T> {
  return scalar(String(value), (json): json is T => json === value);
}

function isOmittable<T>(notation: Notation<T>): notation is Omittable<T> {
  return "usual" in notation;
}

function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function objectOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? (json as Record<string, unknown>)
    : refuse("an object is missing");
}

/**
 * JSON on one line that can stand in a commit message: plain ASCII without runs of spaces, and nothing that GitHub
 * would take for a mention or for a word that closes an issue. What it says does not change.
 */
export function printLine(json: unknown): string {
  return JSON.stringify(json)
    .replaceAll(/[^ -~]/g, escaped)
    .replaceAll(/ (?= )|#|(?<=gh)-(?=\d)|\/(?=(?:issues|pull)\/)|(?<![\w.+-])@/gi, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
