import type { Condition, MatchClause } from "../domain/policy.ts";
import { type Expr, parsedExpression } from "./expression.ts";

/** What rules look at: by field the values that they compare it with, and what of them cannot be told apart by cases. */
export interface Looks {
  readonly fields: ReadonlyMap<string, ReadonlySet<Value>>;
  /** Lists of values that are used together: of two values that are in the same lists no rule can tell which it is. */
  readonly lists: readonly { readonly field: string; readonly values: ReadonlySet<Value> }[];
  /** Parts of expressions that ask more than which value it is; with their text. */
  readonly unclear: readonly string[];
}

export type Value = string | number | boolean;

/** Gathers what lines of `match` and expressions look at. */
export class LooksGatherer {
  readonly #fields = new Map<string, Set<Value>>();
  readonly #lists: { field: string; values: ReadonlySet<Value> }[] = [];
  readonly #unclear = new Set<string>();

  looks(): Looks {
    return { fields: this.#fields, lists: this.#lists, unclear: [...this.#unclear] };
  }

  /** A field is looked at, and compared with these. */
  compared(field: string, values: readonly Value[]): void {
    const known = this.#fields.get(field) ?? new Set();
    for (const value of values) known.add(value);
    this.#fields.set(field, known);
    if (values.length > 0) this.#lists.push({ field, values: new Set(values) });
  }

  match(clauses: readonly MatchClause[]): void {
    for (const clause of clauses) {
      if ("anyOf" in clause) for (const alternative of clause.anyOf) this.match(alternative);
      else this.compared(clause.field, clause.values);
    }
  }

  condition({ text }: Pick<Condition, "text">): void {
    const expr = parsedExpression(text);
    if (expr === null) this.#unclear.add(text);
    else this.#walk(expr, new Map(), text);
  }

  #walk(expr: Expr, names: Names, text: string): void {
    const { exprKind } = expr;
    switch (exprKind.case) {
      case "callExpr": {
        const { function: name, target, args } = exprKind.value;
        const nodes = target === undefined ? args : [target, ...args];
        if (connectives.has(name)) for (const node of nodes) this.#walk(node, names, text);
        else this.#atom(name, nodes, names, text);
        return;
      }
      case "comprehensionExpr": {
        const { iterRange, iterVar, accuVar, loopStep, result } = exprKind.value;
        const field = iterRange === undefined ? null : fieldOf(iterRange, names);
        if (field === null) this.#unclear.add(text);
        else this.compared(field, []);
        const inside = new Map([...names, [iterVar, field], [accuVar, null]] as const);
        if (loopStep !== undefined) this.#walk(loopStep, inside, text);
        if (result !== undefined) this.#walk(result, inside, text);
        return;
      }
      default: {
        // a field that is true or false itself, or `has(…)`
        const field = fieldOf(expr, names);
        if (field !== null) this.compared(field, []);
        return;
      }
    }
  }

  /** A comparison of fields with constants; anything else is more than can be told by cases. */
  #atom(name: string, nodes: readonly Expr[], names: Names, text: string): void {
    const fields = nodes.flatMap((node) => fieldOf(node, names) ?? sizeOf(node, names) ?? []);
    const constants = nodes.flatMap((node) => constantsOf(node) ?? []);
    for (const field of fields) this.compared(field, constants);
    const isClear =
      comparisons.has(name) &&
      fields.length === 1 &&
      nodes.every((node) => fieldOf(node, names) ?? sizeOf(node, names) ?? constantsOf(node));
    if (!isClear) {
      for (const node of nodes) this.#walk(node, names, text);
      this.#unclear.add(text);
    }
  }
}

/** The field behind each name: null for one that is no field of the request. */
type Names = ReadonlyMap<string, string | null>;

const connectives: ReadonlySet<string> = new Set(["_&&_", "_||_", "!_", "_?_:_", "@not_strictly_false"]);
const comparisons: ReadonlySet<string> = new Set(["_==_", "_!=_", "@in", "_<_", "_<=_", "_>_", "_>=_"]);

/** The field of the request that an expression is, dotted; the elements of a list go by the list's name. */
function fieldOf({ exprKind }: Expr, names: Names): string | null {
  switch (exprKind.case) {
    case "identExpr": {
      const { name } = exprKind.value;
      return names.has(name) ? (names.get(name) ?? null) : name;
    }
    case "selectExpr": {
      const { operand, field } = exprKind.value;
      const parent = operand === undefined ? null : fieldOf(operand, names);
      return parent === null ? null : `${parent}.${field}`;
    }
    case "callExpr": {
      const { function: name, args } = exprKind.value;
      const [operand, key] = args;
      if (name !== "_[_]" || operand === undefined || key === undefined) return null;
      const parent = fieldOf(operand, names);
      const [field] = constantsOf(key) ?? [];
      return parent === null || typeof field !== "string" ? null : `${parent}.${field}`;
    }
    default:
      return null;
  }
}

/** The field whose size is asked: how many there are is told by cases as well. */
function sizeOf({ exprKind }: Expr, names: Names): string | null {
  if (exprKind.case !== "callExpr" || exprKind.value.function !== "size") return null;
  const [of] = [exprKind.value.target, ...exprKind.value.args].filter((node) => node !== undefined);
  return of === undefined ? null : fieldOf(of, names);
}

/** The values of a constant, a list of constants, or a duration (in milliseconds); null for anything else. */
function constantsOf({ exprKind }: Expr): readonly Value[] | null {
  switch (exprKind.case) {
    case "constExpr": {
      const { constantKind: constant } = exprKind.value;
      if (constant.case === "int64Value" || constant.case === "uint64Value") return [Number(constant.value)];
      if (constant.case === "stringValue" || constant.case === "boolValue") return [constant.value];
      if (constant.case === "doubleValue") return [constant.value];
      return null;
    }
    case "listExpr": {
      const parts = exprKind.value.elements.map(constantsOf);
      return parts.every((part) => part !== null) ? parts.flat() : null;
    }
    case "callExpr": {
      const { function: name, args } = exprKind.value;
      const [text] = args[0] === undefined ? [] : (constantsOf(args[0]) ?? []);
      return name === "duration" && typeof text === "string" ? millisecondsOf(text) : null;
    }
    default:
      return null;
  }
}

/** A CEL duration of whole units: `4h`, `90m`, `1h30m`. */
function millisecondsOf(text: string): readonly number[] | null {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 };
  const parts = [...text.matchAll(/(\d+)([hms])/g)];
  if (parts.map(([part]) => part).join("") !== text) return null;
  return [parts.reduce((sum, [, count = "0", unit = ""]) => sum + Number(count) * (units[unit] ?? 0), 0)];
}
