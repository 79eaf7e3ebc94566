/**
 * Types and costs of a CEL expression over a request. The library evaluates CEL and has no type checker to speak of
 * (0.6.1 knows literals and names only), so a misspelt label or `duration > 4` would be found by the first request that
 * meets it. Here each part of an expression gets a type, and an upper bound of the steps that evaluating it takes: what
 * could take longer than `costLimit` is refused when the rules are read, never while a request waits.
 */
import type { parse } from "@bufbuild/cel";
import { didYouMean, nearest } from "./nearest.ts";
import { quoted } from "./yaml.ts";

/** A parsed expression; the library's own type, which it does not export. */
export type Expr = NonNullable<ReturnType<typeof parse>["expr"]>;

/** The most items that a list or a map of a request may have; `evaluate` refuses a larger one. */
const listLimit = 100;
/** A step takes well under a microsecond (measured: 0.2 to 0.9), so an expression ends within about a second. */
export const costLimit = 1_000_000;
/** No constant is longer than the expression that holds it. */
const expressionLength = 2000;
/** How deep an expression may nest; bounds the recursion here and in the library. */
const depthLimit = 100;

export interface ExpressionProblem {
  readonly message: string;
  readonly hint?: string;
  /** Offset into the text of the expression. */
  readonly offset: number;
}

/** A CEL type; `size` is the most characters or items that a value of it can have. */
export type Type =
  | { readonly is: "bool" | "int" | "uint" | "double" | "null" | "duration" | "timestamp" }
  | { readonly is: "string" | "bytes"; readonly size: number }
  | { readonly is: "list"; readonly of: Type; readonly size: number }
  | { readonly is: "map"; readonly key: Type; readonly value: Type; readonly size: number }
  /** An object with known fields; a field may be absent, and a name on the top level may be null. */
  | { readonly is: "struct"; readonly name: string; readonly fields: Readonly<Record<string, Type>> }
  | { readonly is: "nullable"; readonly of: Type }
  /** What only the request knows: a field of a scope. */
  | { readonly is: "dyn" };

const bool: Type = { is: "bool" };
const int: Type = { is: "int" };
const double: Type = { is: "double" };
const dyn: Type = { is: "dyn" };
const duration: Type = { is: "duration" };
const timestamp: Type = { is: "timestamp" };
/** A name or number of something: a login, a case, an action. */
const word: Type = { is: "string", size: 200 };
/** A link, a path, the id of a resource. */
const line: Type = { is: "string", size: 1000 };
const text: Type = { is: "string", size: 4096 };
const words: Type = { is: "list", of: word, size: listLimit };
/** What a value that only the request knows may be at most. */
export const unknownSizes = { text: 1000, items: listLimit } as const;

/**
 * The names that an expression may use, as `RequestView` has them, with the most that each can hold. The limits are
 * above what the shipped schemas allow; `evaluate` refuses a request that goes beyond them.
 */
export const requestType: Type & { readonly is: "struct" } = {
  is: "struct",
  name: "the request",
  fields: {
    requester: word,
    subject: word,
    case: { is: "struct", name: "case", fields: { system: word, id: word, severity: int, url: line } },
    resource: {
      is: "struct",
      name: "resource",
      fields: {
        type: word,
        id: line,
        listed: bool,
        labels: { is: "map", key: word, value: line, size: listLimit },
      },
    },
    access: {
      is: "struct",
      name: "access",
      fields: { actions: words, scope: { is: "map", key: word, value: dyn, size: listLimit } },
    },
    justification: text,
    duration,
    notBefore: { is: "nullable", of: timestamp },
    emergency: bool,
    constraints: {
      is: "struct",
      name: "constraints",
      fields: { locations: words, networks: words, mfa: bool },
    },
  },
};

type Struct = Type & { readonly is: "struct" };

/** The names of an expression about what a request needs, as `Demand` has them. */
export const demandType: Struct = {
  is: "struct",
  name: "what a request needs",
  fields: {
    approvals: int,
    codeowner: bool,
    teams: words,
    maxDuration: duration,
    mfa: bool,
    signedCommits: bool,
    caseOpen: bool,
  },
};

/** What a constant argument must be, beyond its type; null when it is right. The library knows. */
export type ConstantCheck = (kind: "duration" | "timestamp" | "pattern", value: string) => string | null;

/** All that is wrong with an expression that has been parsed; none when it gives a truth value at a bounded cost. */
export function checkExpression(
  expr: Expr,
  offsetOf: (id: bigint) => number,
  constant: ConstantCheck,
  about: Struct = requestType,
): readonly ExpressionProblem[] {
  const checker = new Checker(offsetOf, constant, about);
  const { type, cost } = checker.check(expr, { names: about.fields, depth: 0 });
  const { problems } = checker;
  if (problems.length === 0 && !is(type, "bool")) {
    checker.say(expr, `the expression gives ${wordFor(type)}, and \`true\` or \`false\` is needed`);
  }
  if (problems.length === 0 && cost > costLimit) {
    const message = `the expression may take ${Math.ceil(cost)} steps on a large request, and at most ${costLimit} are allowed`;
    checker.say(expr, message, "use fewer loops inside loops, and shorter patterns");
  }
  return problems;
}

/** A part of an expression: what it gives, and how many steps that takes at most. */
interface Part {
  readonly type: Type;
  readonly cost: number;
}

interface Scope {
  readonly names: Readonly<Record<string, Type>>;
  readonly depth: number;
}

class Checker {
  readonly problems: ExpressionProblem[] = [];
  #tooDeep = false;
  readonly #offsetOf: (id: bigint) => number;
  readonly #constant: ConstantCheck;
  readonly #about: Struct;

  constructor(offsetOf: (id: bigint) => number, constant: ConstantCheck, about: Struct) {
    this.#offsetOf = offsetOf;
    this.#constant = constant;
    this.#about = about;
  }

  say(at: Expr, message: string, hint?: string): void {
    this.problems.push({ message, offset: this.#offsetOf(at.id), ...(hint ? { hint } : {}) });
  }

  /** After a problem the type is `dyn`, which fits everywhere, so that one mistake is told once. */
  check(expr: Expr | undefined, outer: Scope): Part {
    if (expr === undefined) return { type: dyn, cost: 0 };
    const scope = { ...outer, depth: outer.depth + 1 };
    if (scope.depth > depthLimit) {
      if (!this.#tooDeep) this.say(expr, `the expression nests more than ${depthLimit} levels deep`);
      this.#tooDeep = true;
      return { type: dyn, cost: 0 };
    }
    const { exprKind } = expr;
    switch (exprKind.case) {
      case "constExpr":
        return { type: typeOfConstant(exprKind.value.constantKind), cost: 1 };
      case "identExpr":
        return { type: this.#name(expr, exprKind.value.name, scope), cost: 1 };
      case "selectExpr": {
        const operand = this.check(exprKind.value.operand, scope);
        const type = this.#field(expr, operand.type, exprKind.value.field);
        return { type: exprKind.value.testOnly ? bool : type, cost: operand.cost + 1 };
      }
      case "listExpr": {
        const items = exprKind.value.elements.map((element) => this.check(element, scope));
        const of = joinAll(items.map((item) => item.type));
        return { type: { is: "list", of, size: items.length }, cost: costOf(items) };
      }
      case "structExpr":
        return this.#map(expr, exprKind.value, scope);
      case "callExpr": {
        const { target, args } = exprKind.value;
        const nodes = target === undefined ? args : [target, ...args];
        const before = this.problems.length;
        const parts = nodes.map((node) => this.check(node, scope));
        // Of what is not known itself, it is no news that it has no such function.
        const isOperator = !/^[a-zA-Z]/.test(exprKind.value.function);
        if (!isOperator && this.problems.length > before) return { type: dyn, cost: 0 };
        const result = this.#call(
          expr,
          exprKind.value.function,
          target !== undefined,
          nodes,
          parts.map((part) => part.type),
        );
        return { type: result.type, cost: costOf(parts) + result.cost };
      }
      case "comprehensionExpr":
        return this.#loop(expr, exprKind.value, scope);
      default:
        this.say(expr, "the expression is not complete");
        return { type: dyn, cost: 0 };
    }
  }

  #name(expr: Expr, name: string, scope: Scope): Type {
    const type = own(scope.names, name);
    if (type !== undefined) return type;
    const hint = didYouMean(nearest(name, Object.keys(scope.names).filter(isWritable)));
    this.say(
      expr,
      `there is no ${quoted(name)} in ${this.#about === requestType ? "a request" : this.#about.name}`,
      hint ?? `the names are ${listed(Object.keys(this.#about.fields))}`,
    );
    return dyn;
  }

  #field(expr: Expr, operand: Type, field: string): Type {
    switch (operand.is) {
      case "struct": {
        const type = own(operand.fields, field);
        if (type !== undefined) return type;
        const names = Object.keys(operand.fields);
        const hint = didYouMean(nearest(field, names)) ?? `its fields are ${listed(names)}`;
        this.say(expr, `\`${operand.name}\` has no field ${quoted(field)}`, hint);
        return dyn;
      }
      case "map":
        return operand.value;
      case "dyn":
        return dyn;
      default:
        this.say(expr, `${wordFor(operand)} has no fields, so it has no ${quoted(field)}`);
        return dyn;
    }
  }

  #map(expr: Expr, struct: Extract<Expr["exprKind"], { case: "structExpr" }>["value"], scope: Scope): Part {
    if (struct.messageName !== "") {
      this.say(expr, `there is no type ${quoted(struct.messageName)}`);
      return { type: dyn, cost: 0 };
    }
    const keys = struct.entries.map(({ keyKind }) =>
      this.check(keyKind.case === "mapKey" ? keyKind.value : undefined, scope),
    );
    const values = struct.entries.map((entry) => this.check(entry.value, scope));
    const key = joinAll(keys.map((part) => part.type));
    const value = joinAll(values.map((part) => part.type));
    return { type: { is: "map", key, value, size: values.length }, cost: costOf(keys) + costOf(values) };
  }

  /** `all`, `exists`, `exists_one`, `map` and `filter`, which the parser has written out as folds. */
  #loop(
    expr: Expr,
    fold: Extract<Expr["exprKind"], { case: "comprehensionExpr" }>["value"],
    scope: Scope,
  ): Part {
    const range = this.check(fold.iterRange, scope);
    const [item, size] = this.#itemsOf(fold.iterRange ?? expr, range.type);
    if (own(this.#about.fields, fold.iterVar) !== undefined) {
      this.say(
        expr,
        `\`${fold.iterVar}\` is a name of the request already`,
        "choose another name for the item",
      );
    }
    const start = this.check(fold.accuInit, scope);
    const inside = (accumulator: Type): Scope => ({
      depth: scope.depth,
      names: { ...scope.names, [fold.iterVar]: item, [fold.accuVar]: accumulator },
    });
    const step = this.check(fold.loopStep, inside(start.type));
    // A list grows by at most one item a step, and what the library builds for it takes longer the longer it is.
    const isList = step.type.is === "list";
    const result = this.check(fold.result, inside(isList ? { ...step.type, size } : start.type));
    const growth = isList ? size / 20 : 0;
    return { type: result.type, cost: range.cost + size * (2 + step.cost + growth) + result.cost };
  }

  #itemsOf(expr: Expr, range: Type): readonly [Type, number] {
    if (range.is === "list") return [range.of, range.size];
    if (range.is === "map") return [range.key, range.size];
    if (range.is !== "dyn") this.say(expr, `${wordFor(range)} is no list, so it has no items to go through`);
    return [dyn, unknownSizes.items];
  }

  #call(expr: Expr, name: string, isMethod: boolean, nodes: readonly Expr[], types: readonly Type[]): Part {
    const [left = dyn, right = dyn, third = dyn] = types;
    const nodeAt = (index: number) => nodes[index] ?? expr;
    const fixed = (type: Type, cost = 1): Part => ({ type, cost });
    switch (name) {
      case "_&&_":
      case "_||_":
      case "!_":
        for (const [index, type] of types.entries()) this.#condition(nodeAt(index), type);
        return fixed(bool);
      case "_?_:_":
        this.#condition(nodeAt(0), left);
        if (!comparable(right, third))
          this.say(expr, `one branch gives ${wordFor(right)}, the other ${wordFor(third)}`);
        return fixed(join(right, third));
      case "_==_":
      case "_!=_":
        this.#comparison(expr, left, right);
        return fixed(bool, 1 + Math.min(weightOf(left), weightOf(right)));
      case "_<_":
      case "_<=_":
      case "_>_":
      case "_>=_":
        this.#order(expr, left, right);
        return fixed(bool, 1 + Math.min(weightOf(left), weightOf(right)));
      case "@in":
        return this.#in(expr, left, right);
      case "_[_]":
        return fixed(this.#index(expr, left, right, nodeAt(1)));
      default: {
        const sign = own(signs, name);
        if (sign !== undefined) return this.#arithmetic(expr, sign, types);
        return this.#function(expr, name, isMethod, nodes, types);
      }
    }
  }

  #condition(expr: Expr, type: Type): void {
    if (!is(type, "bool")) this.say(expr, `${wordFor(type)} stands where \`true\` or \`false\` is needed`);
  }

  #comparison(expr: Expr, left: Type, right: Type): void {
    if (comparable(left, right)) return;
    const isNull = left.is === "null" || right.is === "null";
    const hint = isNull ? "to ask whether a field is there, write `has(…)`" : undefined;
    this.say(
      expr,
      `${wordFor(left)} is never equal to ${wordFor(right)}`,
      hint ?? conversionHint(left, right),
    );
  }

  #order(expr: Expr, left: Type, right: Type): void {
    const ordered = (type: Type) => !["list", "map", "struct", "null"].includes(type.is);
    if (ordered(left) && ordered(right) && comparable(left, right)) return;
    this.say(expr, `${wordFor(left)} and ${wordFor(right)} have no order`, conversionHint(left, right));
  }

  #in(expr: Expr, item: Type, container: Type): Part {
    switch (container.is) {
      case "list":
        if (!comparable(item, container.of)) {
          this.say(expr, `${wordFor(item)} is never in a list of ${wordFor(container.of, true)}`);
        }
        return {
          type: bool,
          cost: 1 + container.size * (0.2 + Math.min(weightOf(item), weightOf(container.of))),
        };
      case "map":
        if (!comparable(item, container.key)) this.say(expr, `${wordFor(item)} is never a key of this map`);
        return { type: bool, cost: 2 };
      case "dyn":
        return { type: bool, cost: 1 + unknownSizes.items * (0.2 + weightOf(item)) };
      case "struct":
        this.say(
          expr,
          `\`in\` looks into lists and maps, and \`${container.name}\` has fixed fields`,
          `write \`has(${container.name}.…)\``,
        );
        return { type: bool, cost: 1 };
      default:
        this.say(expr, `\`in\` looks into lists and maps, and this is ${wordFor(container)}`);
        return { type: bool, cost: 1 };
    }
  }

  #index(expr: Expr, container: Type, index: Type, node: Expr): Type {
    switch (container.is) {
      case "list":
        if (!is(index, "int")) this.say(node, `${wordFor(index)} stands where a place in a list is needed`);
        return container.of;
      case "map":
        if (!comparable(index, container.key)) this.say(node, `${wordFor(index)} is never a key of this map`);
        return container.value;
      case "dyn":
        return dyn;
      case "struct":
        this.say(expr, `\`${container.name}\` has fixed fields`, `write \`${container.name}.field\``);
        return dyn;
      default:
        this.say(expr, `${wordFor(container)} has no items`);
        return dyn;
    }
  }

  #arithmetic(expr: Expr, sign: string, types: readonly Type[]): Part {
    const result = resultOf(sign, types);
    if (result === null) {
      const [left = dyn, right] = types;
      const message =
        right === undefined
          ? `${wordFor(left)} has no opposite`
          : `\`${sign}\` does not go with ${wordFor(left)} and ${wordFor(right)}`;
      this.say(expr, message, right && conversionHint(left, right));
      return { type: dyn, cost: 1 };
    }
    return { type: result, cost: 1 + weightOf(result) };
  }

  #function(
    expr: Expr,
    name: string,
    isMethod: boolean,
    nodes: readonly Expr[],
    types: readonly Type[],
  ): Part {
    const shown = isMethod ? `….${name}()` : `${name}()`;
    const known = own(functions, name);
    if (name === "has") {
      this.say(expr, "`has()` takes a field, such as `has(case.url)`");
      return { type: bool, cost: 1 };
    }
    const forms = (known ?? []).filter((form) => form.method === isMethod);
    const [first] = forms;
    if (first === undefined) {
      const other = known && (isMethod ? `write \`${name}(…)\`` : `write \`….${name}(…)\``);
      this.say(
        expr,
        `there is no function ${quoted(shown)}`,
        other ?? didYouMean(nearest(name, Object.keys(functions))),
      );
      return { type: dyn, cost: 1 };
    }
    const form = forms.find(
      ({ takes }) =>
        takes.length === types.length && types.every((type, index) => fits(type, takes[index] as TakenKind)),
    );
    if (form === undefined) {
      const given = types.length === 0 ? "nothing" : types.map((type) => wordFor(type)).join(" and ");
      this.say(expr, `${quoted(shown)} does not take ${given}`);
      return { type: first.gives, cost: 1 };
    }
    const sizes = types.reduce((sum, type) => sum + weightOf(type), 0);
    if (form.constant === undefined) return { type: form.gives, cost: form.cost?.(types) ?? 1 + sizes };
    // A form with a constant takes an argument, so there is a last one.
    const argument = nodes.at(-1) as Expr;
    return { type: form.gives, cost: this.#constantArgument(expr, name, form.constant, argument, types) };
  }

  /** The cost of a call with an argument that is judged now when it is written out. */
  #constantArgument(
    expr: Expr,
    name: string,
    kind: Parameters<ConstantCheck>[0],
    node: Expr,
    types: readonly Type[],
  ): number {
    const { exprKind } = node;
    const value = exprKind.case === "constExpr" ? exprKind.value.constantKind : undefined;
    const written = value?.case === "stringValue" ? value.value : null;
    if (written === null) {
      // A pattern from a request could be anything, so its cost is not known.
      if (kind === "pattern") this.say(expr, `the pattern of \`${name}\` must be written out as text`);
      return 10;
    }
    const problem = this.#constant(kind, written);
    if (problem !== null) {
      this.say(node, `${quoted(written)} is not a ${kind}: ${problem}`, constantHints[kind]);
      return 10;
    }
    if (kind !== "pattern") return 10;
    // The library builds the automaton at each call (measured: up to 90 steps a character) and walks through the text
    // with it (up to 0.2 µs for each character and state).
    const size = statesOf(written);
    const subject = types[0]?.is === "string" ? types[0].size : unknownSizes.text;
    return size * 50 + (size * subject) / 10;
  }
}

/** An upper bound of the states of a pattern: repeating one character adds, repeating a group multiplies. */
function statesOf(pattern: string): number {
  const repeats = [...pattern.matchAll(/(\)?)\{(\d+)(?:,(\d*))?\}/g)].map(([, group, least, most]) => ({
    isGroup: group === ")",
    count: Math.max(1, Number(least), Number(most ?? 0)),
  }));
  const added = repeats.reduce((sum, { isGroup, count }) => sum + (isGroup ? 0 : count), pattern.length);
  return repeats.reduce((product, { isGroup, count }) => product * (isGroup ? count : 1), added);
}

/** The operators that reckon, as the parser calls them. */
const signs: Readonly<Record<string, string>> = {
  "_+_": "+",
  "_-_": "-",
  "_*_": "*",
  "_/_": "/",
  "_%_": "%",
  "-_": "-",
};

const constantHints: Readonly<Record<Parameters<ConstantCheck>[0], string>> = {
  duration: "write hours, minutes and seconds, for example `4h` or `1h30m`",
  timestamp: "write it with an offset, for example `2026-11-24T12:00:00Z`",
  pattern: "patterns are those of RE2: no look-around and no back references",
};

/** What an argument must be: a type, any number, or anything that has a size. */
type TakenKind = Type["is"] | "sized" | "number";

interface Form {
  readonly method: boolean;
  readonly takes: readonly TakenKind[];
  readonly gives: Type;
  /** The last argument, when written out, must be one of these. */
  readonly constant?: Parameters<ConstantCheck>[0];
  readonly cost?: (types: readonly Type[]) => number;
}

const search = (types: readonly Type[]) => types.reduce((product, type) => product * (1 + weightOf(type)), 1);
const calendar = (): readonly Form[] => [
  { method: true, takes: ["timestamp"], gives: int },
  { method: true, takes: ["timestamp", "string"], gives: int },
];
const clockPart = (): readonly Form[] => [...calendar(), { method: true, takes: ["duration"], gives: int }];

/** The functions that an expression may call: those of the standard whose result does not depend on the machine. */
const functions: Readonly<Record<string, readonly Form[]>> = {
  size: [
    { method: false, takes: ["sized"], gives: int },
    { method: true, takes: ["sized"], gives: int },
  ],
  contains: [{ method: true, takes: ["string", "string"], gives: bool, cost: search }],
  startsWith: [{ method: true, takes: ["string", "string"], gives: bool }],
  endsWith: [{ method: true, takes: ["string", "string"], gives: bool }],
  matches: [{ method: true, takes: ["string", "string"], gives: bool, constant: "pattern" }],
  duration: [
    { method: false, takes: ["string"], gives: duration, constant: "duration" },
    { method: false, takes: ["duration"], gives: duration },
  ],
  timestamp: [
    { method: false, takes: ["string"], gives: timestamp, constant: "timestamp" },
    { method: false, takes: ["timestamp"], gives: timestamp },
  ],
  int: [
    { method: false, takes: ["number"], gives: int },
    { method: false, takes: ["string"], gives: int },
  ],
  double: [
    { method: false, takes: ["number"], gives: double },
    { method: false, takes: ["string"], gives: double },
  ],
  string: [
    { method: false, takes: ["string"], gives: text },
    { method: false, takes: ["number"], gives: text },
    { method: false, takes: ["bool"], gives: text },
    { method: false, takes: ["timestamp"], gives: text },
    { method: false, takes: ["duration"], gives: text },
  ],
  getFullYear: calendar(),
  getMonth: calendar(),
  getDate: calendar(),
  getDayOfMonth: calendar(),
  getDayOfWeek: calendar(),
  getDayOfYear: calendar(),
  getHours: clockPart(),
  getMinutes: clockPart(),
  getSeconds: clockPart(),
};

function typeOfConstant(constant: { readonly case?: string | undefined; readonly value?: unknown }): Type {
  switch (constant.case) {
    case "boolValue":
      return bool;
    case "int64Value":
      return int;
    case "uint64Value":
      return { is: "uint" };
    case "doubleValue":
      return double;
    case "nullValue":
      return { is: "null" };
    case "stringValue":
      return { is: "string", size: String(constant.value).length };
    default:
      return { is: "bytes", size: expressionLength };
  }
}

function isNumber(type: Type): boolean {
  return type.is === "int" || type.is === "uint" || type.is === "double";
}

/** Whether a value of this type may be of a kind. */
function is(type: Type, kind: Type["is"]): boolean {
  return type.is === "dyn" || type.is === kind;
}

function fits(type: Type, kind: TakenKind): boolean {
  if (type.is === "dyn") return true;
  if (type.is === "nullable") return fits(type.of, kind);
  if (kind === "number") return isNumber(type);
  if (kind === "sized") return ["string", "bytes", "list", "map"].includes(type.is);
  return type.is === kind;
}

/** Whether two values can ever be equal. Numbers of different types can; a name that may be absent can be null. */
function comparable(left: Type, right: Type): boolean {
  if (left.is === "dyn" || right.is === "dyn") return true;
  if (left.is === "nullable") return right.is === "null" || comparable(left.of, right);
  if (right.is === "nullable") return comparable(right, left);
  if (isNumber(left) && isNumber(right)) return true;
  if (left.is === "list" && right.is === "list") return comparable(left.of, right.of);
  if (left.is === "map" && right.is === "map")
    return comparable(left.key, right.key) && comparable(left.value, right.value);
  if (left.is === "struct" && right.is === "struct") return left.name === right.name;
  return left.is === right.is;
}

/** The type of a value that may be of either; `dyn` where they have nothing in common. */
function join(left: Type, right: Type): Type {
  if (left.is === "string" && right.is === "string") {
    return { is: "string", size: Math.max(left.size, right.size) };
  }
  if (left.is === "list" && right.is === "list") {
    return { is: "list", of: join(left.of, right.of), size: Math.max(left.size, right.size) };
  }
  if (left.is === "map" && right.is === "map") {
    const size = Math.max(left.size, right.size);
    return { is: "map", key: join(left.key, right.key), value: join(left.value, right.value), size };
  }
  return left.is === right.is && comparable(left, right) ? left : dyn;
}

/** Of an empty list nothing is known; it goes with every other. */
function joinAll(types: readonly Type[]): Type {
  return types.length === 0 ? dyn : types.reduce(join);
}

/** The result of an operator on these types; null when it has none. */
function resultOf(sign: string, types: readonly Type[]): Type | null {
  const [left = dyn, right] = types.map((type) => (type.is === "nullable" ? type.of : type));
  if (right === undefined) return is(left, "int") || is(left, "double") ? left : null;
  if (left.is === "dyn" || right.is === "dyn") {
    // Whatever it is, it is not larger than the two together.
    const known = left.is === "dyn" ? right : left;
    return sign === "+" && (known.is === "string" || known.is === "list") ? grown(known, dyn) : dyn;
  }
  const pair = `${left.is} ${sign} ${right.is}`;
  switch (pair) {
    case "string + string":
    case "list + list":
    case "bytes + bytes":
      return grown(left, right);
    case "duration + duration":
    case "duration - duration":
    case "timestamp - timestamp":
      return duration;
    case "timestamp + duration":
    case "duration + timestamp":
    case "timestamp - duration":
      return timestamp;
    default:
      return isNumber(left) && left.is === right.is && !(sign === "%" && left.is === "double") ? left : null;
  }
}

/** The type of two texts or lists put together. */
function grown(left: Type, right: Type): Type {
  if (left.is === "list") {
    const more = right.is === "list" ? right : { of: dyn, size: unknownSizes.items };
    return {
      is: "list",
      of: left.size === 0 ? more.of : more.size === 0 ? left.of : join(left.of, more.of),
      size: left.size + more.size,
    };
  }
  const sizeOf = (type: Type) =>
    type.is === "string" || type.is === "bytes" ? type.size : unknownSizes.text;
  return { is: left.is === "bytes" ? "bytes" : "string", size: sizeOf(left) + sizeOf(right) };
}

/** Steps that reading a value through takes: a hundred characters are one step, an item is one more. */
function weightOf(type: Type): number {
  switch (type.is) {
    case "string":
    case "bytes":
      return type.size / 100;
    case "list":
      return type.size * (1 + weightOf(type.of));
    case "map":
      return type.size * (1 + weightOf(type.key) + weightOf(type.value));
    case "struct":
      return Object.values(type.fields).reduce((sum, field) => sum + weightOf(field), 1);
    case "nullable":
      return weightOf(type.of);
    case "dyn":
      return unknownSizes.text / 100;
    default:
      return 0.1;
  }
}

function costOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.cost, 1);
}

const typeWords: Readonly<Record<Type["is"], readonly [string, string]>> = {
  bool: ["`true` or `false`", "`true` and `false`"],
  int: ["a whole number", "whole numbers"],
  uint: ["a whole number", "whole numbers"],
  double: ["a number", "numbers"],
  null: ["`null`", "`null`"],
  duration: ["a duration", "durations"],
  timestamp: ["a timestamp", "timestamps"],
  string: ["text", "text"],
  bytes: ["bytes", "bytes"],
  list: ["a list", "lists"],
  map: ["a map", "maps"],
  struct: ["an object", "objects"],
  nullable: ["a value that may be absent", "values"],
  dyn: ["any value", "any values"],
};

function wordFor(type: Type, several = false): string {
  if (type.is === "nullable") return wordFor(type.of, several);
  if (type.is === "struct") return `\`${type.name}\``;
  return typeWords[type.is][several ? 1 : 0];
}

/** How two types that people mix can meet. */
function conversionHint(left: Type, right: Type): string | undefined {
  const kinds = [left, right].map((type) => (type.is === "nullable" ? type.of.is : type.is));
  if (kinds.includes("duration")) return 'write a duration as `duration("4h")`';
  if (kinds.includes("timestamp")) return 'write a timestamp as `timestamp("2026-11-24T12:00:00Z")`';
  return undefined;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

/** A name of the parser's own (`@result`) cannot be meant. */
function isWritable(name: string): boolean {
  return !name.startsWith("@");
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
