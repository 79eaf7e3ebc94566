import { Refusal } from "./refusal.ts";

/** Reads members of a request body, refusing what GitHub's description of the operation refuses. */
type Body = Record<string, unknown>;

function wrong(name: string, expected: string): Refusal {
  return new Refusal(422, `Invalid request.\n\nFor 'properties/${name}', the value is not ${expected}.`);
}

function missing(name: string): Refusal {
  return new Refusal(422, `Invalid request.\n\n"${name}" wasn't supplied.`);
}

export function optionalText(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw wrong(name, "a string");
  return value;
}

/** A text that may also be null, which is not the same as being left out. */
export function nullableText(body: Body, name: string): string | null | undefined {
  return body[name] === null ? null : optionalText(body, name);
}

export function text(body: Body, name: string): string {
  const value = optionalText(body, name);
  if (value === undefined) throw missing(name);
  return value;
}

export function optionalFlag(body: Body, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw wrong(name, "a boolean");
  return value;
}

export function optionalInteger(body: Body, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value)) throw wrong(name, "an integer");
  return value;
}

export function integer(body: Body, name: string): number {
  const value = optionalInteger(body, name);
  if (value === undefined) throw missing(name);
  return value;
}

export function optionalTexts(body: Body, name: string): string[] | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrong(name, "an array");
  return value.map((item: unknown) => {
    if (typeof item !== "string") throw wrong(`${name}/items`, "a string");
    return item;
  });
}

export function optionalObject(body: Body, name: string): Body | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) throw wrong(name, "an object");
  return { ...value };
}

export function optionalObjects(body: Body, name: string): Body[] | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrong(name, "an array");
  return value.map((item: unknown) => {
    if (typeof item !== "object" || item === null || Array.isArray(item))
      throw wrong(`${name}/items`, "an object");
    return { ...item };
  });
}

/** One word of a fixed set. */
export function optionalWord<Word extends string>(
  body: Body,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = optionalText(body, name);
  if (value === undefined) return undefined;
  const found = words.find((word) => word === value);
  if (found === undefined) throw wrong(name, `one of ${words.join(", ")}`);
  return found;
}

export function word<Word extends string>(body: Body, name: string, words: readonly Word[]): Word {
  const value = optionalWord(body, name, words);
  if (value === undefined) throw missing(name);
  return value;
}

/** A number that is part of the path; anything else is simply not there. */
export function pathNumber(params: Record<string, string>, name: string): number {
  const value = params[name] ?? "";
  if (!/^\d{1,15}$/.test(value)) throw new Refusal(404, "Not Found");
  return Number(value);
}

/** A parameter of the path. */
export function pathText(params: Record<string, string>, name: string): string {
  const value = params[name];
  if (value === undefined) throw new Error(`the route has no parameter ${name}`);
  return value;
}
