/**
 * CEL expressions over a request: typed and bounded when they are read (expression-check.ts), total when they run. The
 * language has no clock, no input and no loop without an end; what of the library depends on the machine (time zones) or
 * departs from the standard (conversions of text) is replaced below, so that an auditor's machine decides alike.
 *
 * Language: https://github.com/google/cel-spec, doc/langdef.md. Library: @bufbuild/cel 0.6.1.
 */
import {
  type CelInput,
  CelScalar,
  type CelValue,
  celEnv,
  celFunc,
  celMethod,
  celType,
  isCelError,
  parse,
  plan,
  run,
} from "@bufbuild/cel";
import type { Demand } from "../domain/demand.ts";
import { type Finding, finding } from "../domain/finding.ts";
import type { Condition, Evaluation } from "../domain/policy.ts";
import type { Duration } from "../domain/time.ts";
import type { RequestView } from "../domain/view.ts";
import {
  type ConstantCheck,
  checkExpression,
  demandType,
  type Expr,
  requestType,
  type Type,
  unknownSizes,
} from "./expression-check.ts";
import { remembering, typeOfItem } from "./expression-memory.ts";
import { type Positions, quoted, type YamlPath } from "./yaml.ts";

/** The longest expression that is read. */
export const expressionLimit = 2000;
/** Brackets inside brackets, and choices `a ? b : c`: both make the library's parser recurse. */
const nestingLimit = 50;

export type CompiledExpression =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Reads an expression that stands at a path of a file. A mistake is a `POLICY_EXPRESSION_INVALID` at its very place in
 * the expression; all type mistakes are told at once. Never throws; nor does the condition's `evaluate`, and both end.
 */
export function compileExpression(text: string, positions: Positions, path: YamlPath): CompiledExpression {
  const read = readExpression(text, positions, path, requestType);
  if (!read.ok) return read;
  const program = plan(environment, read.expr);
  const condition: Condition = {
    text,
    at: positions.of(path),
    evaluate: remembering(read.expr, (view) => evaluate(program, view)),
  };
  return { ok: true, condition };
}

export type CompiledDemand =
  | { readonly ok: true; readonly holds: (demand: Demand) => boolean }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Reads an expression over what a request needs (`Demand`) as `compileExpression` reads one over a request. */
export function compileDemand(text: string, positions: Positions, path: YamlPath): CompiledDemand {
  const read = readExpression(text, positions, path, demandType);
  if (!read.ok) return read;
  const program = plan(environment, read.expr);
  const holds = ({ maxDuration, approvals, ...rest }: Demand): boolean =>
    program({
      ...rest,
      teams: [...rest.teams],
      approvals: BigInt(approvals),
      maxDuration: durationInput(maxDuration),
    }) === true;
  return { ok: true, holds };
}

/** The tree of an expression whose types and costs are right, or all that is wrong with it in the order of its text. */
function readExpression(
  text: string,
  positions: Positions,
  path: YamlPath,
  about: typeof requestType,
):
  | { readonly ok: true; readonly expr: Expr }
  | { readonly ok: false; readonly findings: readonly Finding[] } {
  const parsed = mistakeInText(text) ?? parseExpression(text);
  const mistakes: readonly Mistake[] =
    "message" in parsed ? [parsed] : checkExpression(parsed.expr, parsed.offsetOf, constantProblem, about);
  if (!("message" in parsed) && mistakes.length === 0) return { ok: true, expr: parsed.expr };
  const findings = mistakes
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ message, offset, hint }) =>
      finding("POLICY_EXPRESSION_INVALID", message, positions.inside(path, offset), hint),
    );
  return { ok: false, findings };
}

interface Mistake {
  readonly message: string;
  readonly offset: number;
  readonly hint?: string;
}

/** What would make the parser slow or recurse deeply; counted without regard to quotes, which errs on the safe side. */
function mistakeInText(text: string): Mistake | null {
  if (text.trim() === "") return { message: "the expression is empty", offset: 0 };
  if (text.length > expressionLimit) {
    const message = `the expression has ${text.length} characters, and at most ${expressionLimit} are read`;
    return { message, offset: 0, hint: "split it over several policies or denials" };
  }
  let open = 0;
  let choices = 0;
  for (const [offset, character] of text.split("").entries()) {
    if ("([{".includes(character)) open += 1;
    else if (")]}".includes(character)) open = Math.max(0, open - 1);
    else if (character === "?") choices += 1;
    const tooMany =
      open > nestingLimit ? "brackets inside one another" : choices > nestingLimit ? "choices `? :`" : null;
    if (tooMany) return { message: `the expression has more than ${nestingLimit} ${tooMany}`, offset };
  }
  return null;
}

export type Parsed = { readonly expr: Expr; readonly offsetOf: (id: bigint) => number };

/** The tree of an expression, or why there is none. */
export function parseExpression(text: string): Parsed | Mistake {
  try {
    // The parser gives both or throws; the types are those of a message in which every field is optional.
    const { expr, sourceInfo } = parse(text) as {
      expr: Expr;
      sourceInfo: { positions: Record<string, number> };
    };
    // The place of an operator begins with the white space before it.
    const offsetOf = (id: bigint) => {
      const offset = Number(sourceInfo.positions[String(id)]);
      return offset + Math.max(0, text.slice(offset).search(/\S/));
    };
    return { expr, offsetOf };
  } catch (error) {
    return syntaxMistake(text, error as SyntaxProblem);
  }
}

/** What the library throws for a text that it cannot parse. */
interface SyntaxProblem {
  readonly location: { readonly start: { readonly offset: number } };
  readonly rawMessage: string;
}

/** The library's syntax error in plain words: it has the place, and a list of all that could stand there. */
function syntaxMistake(text: string, { location, rawMessage }: SyntaxProblem): Mistake {
  const { offset } = location.start;
  const rest = text.slice(offset);
  const [operator = ""] = /^(?:[=!<>]=|&&|\|\||[-+*/%<>?:,.])\s*/.exec(rest) ?? [];
  if (rest.length === operator.length) {
    return {
      message: "the expression ends too early",
      offset: text.length,
      hint: "close every bracket and quote",
    };
  }
  if (operator !== "") {
    // The parser goes back to the operator when what follows it cannot be read.
    const message = `what follows \`${operator.trim()}\` cannot be read`;
    return { message, offset: offset + operator.length, hint: "close every bracket and quote" };
  }
  const [word = rest.charAt(0)] = /^[A-Za-z_]\w*/.exec(rest) ?? [];
  if (rawMessage === "reserved identifier")
    return { message: `\`${word}\` is a word that CEL reserves`, offset };
  const hint = Object.hasOwn(syntaxHints, word) ? syntaxHints[word] : undefined;
  return { message: `${quoted(word)} does not belong here`, offset, ...(hint ? { hint } : {}) };
}

const syntaxHints: Readonly<Record<string, string>> = {
  "=": "to compare, write `==`",
  "&": "write `&&`",
  "|": "write `||`",
  and: "write `&&`",
  or: "write `||`",
  not: "write `!`",
  is: "write `==`",
};

/** Lets the library itself judge a constant, so that what passes here cannot fail later. */
const constantProblem: ConstantCheck = (kind, value) => {
  if (kind === "pattern" && value.length > 200) return "it is longer than 200 characters";
  const expression = kind === "pattern" ? '"".matches(value)' : `${kind}(value)`;
  const result = run(expression, { value });
  if (!isCelError(result)) return null;
  // The library says the kind before what is wrong, and repeats the part of the pattern after it.
  return result.message.replace(/: `.*`/s, "").replace(/.*: /, "");
};

const { DOUBLE, INT, STRING } = CelScalar;

/** Only types can be named here; the values are thrown away. */
function typeOfValue(expression: string) {
  return celType(run(expression) as CelValue);
}
const TIMESTAMP = typeOfValue('timestamp("2000-01-01T00:00:00Z")');

interface Stamp {
  readonly message: { readonly seconds: bigint; readonly nanos: number };
}

/**
 * A part of the calendar in UTC or at a fixed offset (`+02:00`). The library goes through the machine's own time zone
 * and gets an hour wrong where that zone changes its clocks; names of zones (`Europe/Berlin`) would depend on the zone
 * tables that the machine has. Months and the days of a year and a week count from 0, as the standard says.
 */
function calendar(name: string, part: (date: Date) => number) {
  const read = (stamp: unknown, zone: string) => {
    const { seconds } = (stamp as Stamp).message;
    return BigInt(part(new Date((Number(seconds) + offsetSeconds(zone)) * 1000)));
  };
  return [
    celMethod(name, TIMESTAMP, [], INT, function () {
      return read(this, "UTC");
    }),
    celMethod(name, TIMESTAMP, [STRING], INT, function (zone) {
      return read(this, zone);
    }),
  ];
}

function offsetSeconds(zone: string): number {
  if (zone === "UTC") return 0;
  const parts = /^([+-]?)([01]\d|2[0-3]):([0-5]\d)$/.exec(zone);
  if (parts === null) throw new Error(`${quoted(zone)} is not an offset such as \`+02:00\``);
  const [, sign, hours, minutes] = parts;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

const dayMilliseconds = 24 * 60 * 60 * 1000;

const environment = celEnv({
  funcs: [
    ...calendar("getFullYear", (date) => date.getUTCFullYear()),
    ...calendar("getMonth", (date) => date.getUTCMonth()),
    ...calendar("getDate", (date) => date.getUTCDate()),
    ...calendar("getDayOfMonth", (date) => date.getUTCDate() - 1),
    ...calendar("getDayOfWeek", (date) => date.getUTCDay()),
    ...calendar("getDayOfYear", (date) =>
      Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMilliseconds),
    ),
    ...calendar("getHours", (date) => date.getUTCHours()),
    ...calendar("getMinutes", (date) => date.getUTCMinutes()),
    ...calendar("getSeconds", (date) => date.getUTCSeconds()),
    // The library takes "" for 0, "0x10" for 16 and "abc" for NaN; the standard makes these errors.
    celFunc("int", [STRING], INT, (value) => {
      if (!/^[-+]?\d{1,19}$/.test(value)) throw new Error(`${quoted(value)} is not a whole number`);
      return BigInt.asIntN(64, BigInt(value)) === BigInt(value) ? BigInt(value) : tooLarge(value);
    }),
    celFunc("double", [STRING], DOUBLE, (value) => {
      if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(value))
        throw new Error(`${quoted(value)} is not a number`);
      return Number(value);
    }),
    // Seconds in the standard, milliseconds in the library: refused, so that nobody relies on either.
    celFunc("timestamp", [INT], TIMESTAMP, () => {
      throw new Error("a number is not a timestamp");
    }),
    celFunc("duration", [INT], typeOfValue('duration("1s")'), () => {
      throw new Error("a number is not a duration");
    }),
  ],
});

function tooLarge(value: string): never {
  throw new Error(`${quoted(value)} is too large for a whole number`);
}

const toDuration = plan(environment, parse("duration(value)"));
const toTimestamp = plan(environment, parse("timestamp(value)"));

function evaluate(program: ReturnType<typeof plan>, view: RequestView): Evaluation {
  try {
    const result = program(boundOf(view));
    if (isCelError(result)) return { ok: false, error: plain(result.message) };
    if (typeof result === "boolean") return { ok: true, value: result };
    return { ok: false, error: "the expression gave something else than `true` or `false`" };
  } catch (error) {
    // The library promises errors as values, but a promise is not a proof; a request must not depend on it.
    return { ok: false, error: plain((error as Error).message) };
  }
}

/** Every expression of every policy is asked about the same request. */
const bound = new WeakMap<RequestView, Record<string, CelInput>>();

function boundOf(view: RequestView): Record<string, CelInput> {
  const known = bound.get(view) ?? bindings(view);
  bound.set(view, known);
  return known;
}

/** The request as the library takes it: maps instead of objects, so that no name reaches a prototype. */
function bindings(view: RequestView): Record<string, CelInput> {
  const { duration, notBefore, ...rest } = view;
  const { fields } = requestType;
  return {
    ...Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, toInput(value, fields[name], name)]),
    ),
    duration: durationInput(duration),
    notBefore:
      notBefore === undefined
        ? null
        : valueOrThrow(toTimestamp({ value: new Date(notBefore).toISOString() })),
  };
}

function durationInput(duration: Duration): CelInput {
  return valueOrThrow(toDuration({ value: `${Math.floor(duration / 1000)}s${duration % 1000}ms` }));
}

function valueOrThrow(result: ReturnType<typeof toDuration>): CelInput {
  if (isCelError(result)) throw result;
  return result;
}

/** A value of the request, held to the sizes that the cost of every expression was reckoned with. */
function toInput(value: unknown, type: Type | undefined, name: string): CelInput {
  switch (typeof value) {
    case "string": {
      const most = type?.is === "string" ? type.size : unknownSizes.text;
      if (value.length > most) throw new Error(`\`${name}\` of the request has more than ${most} characters`);
      return value;
    }
    case "number":
      // YAML has one kind of number; CEL would call 2 and 2.0 different types in a map or a function.
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    case "boolean":
      return value;
    case "object": {
      if (value === null) return null;
      const entries = Object.entries(value).filter(([, item]) => item !== undefined);
      const { items } = unknownSizes;
      if (entries.length > items) throw new Error(`\`${name}\` of the request has more than ${items} items`);
      const inputs = entries.map(
        ([field, item]) => [field, toInput(item, typeOfItem(type, field), name)] as const,
      );
      return Array.isArray(value) ? inputs.map(([, item]) => item) : new Map(inputs);
    }
    default:
      throw new Error(`a request cannot hold a ${typeof value}`);
  }
}

/** A message of the library as a clause of ours; what the request says in it is quoted. */
function plain(message: string): string {
  const missing = /^field not found: (.*)/s.exec(message);
  if (missing) return `there is no ${quoted(String(missing[1]))} in this request`;
  const twice = /^map key conflict: (.*)/s.exec(message);
  if (twice) return `a map has the key ${quoted(String(twice[1]))} twice`;
  const overload = /^found no matching overload for '?(.+?)'? applied to '(.*)'/.exec(message);
  if (overload === null) return message;
  const name = String(overload[1]).replaceAll("_", " ").replace("@", "").trim();
  const types = String(overload[2]).replaceAll("google.protobuf.", "").replaceAll("null_type", "null");
  const given = types.toLowerCase().replace(/\W+/g, " ").trim().replaceAll(" ", " and ");
  return `${quoted(name)} does not go with ${given}`;
}
