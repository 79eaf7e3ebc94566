/**
 * What rules look at in a request. A rule that compares fields with constants, asks whether they are there and goes
 * through lists can be told by samples (samples.ts): linting and analysing try it on a request for each of them. What a
 * rule asks beyond that (a pattern, arithmetic, two fields with one another) is named, and nothing is claimed of it.
 */
import type { MatchClause } from "../domain/policy.ts";
import { isViewField } from "../domain/view.ts";
import { constantOf, constantsOf, type Value } from "./constant.ts";
import { parseExpression } from "./expression.ts";
import type { Expr } from "./expression-check.ts";

export interface Looks {
  readonly fields: ReadonlyMap<string, Look>;
  /** Expressions that ask more than samples can tell, each with what that is. */
  readonly unclear: ReadonlyMap<string, string>;
}

/** How rules look at one field. */
export interface Look {
  readonly comparisons: readonly Comparison[];
  /** What expressions take it for; to `match` a value is a list of one. */
  readonly form: "any" | "value" | "list";
  /** Lists with so many items answer all that is asked of items in every way. */
  readonly items: number;
  /** So many items of one kind are told apart from fewer. */
  readonly many: number;
}

/** Values, or globs, of which one has to fit. Of two values that fit the same ones no rule can tell which it is. */
export interface Comparison {
  readonly values: readonly Value[];
  readonly isGlob: boolean;
}

/** How rules look at a field; none does that is not gathered. */
export function lookAt({ fields }: Looks, field: string): Look {
  return fields.get(field) ?? { comparisons: [], form: "any", items: 0, many: 1 };
}

/** Gathers what lines of `match`, limits and expressions look at. */
export class LooksGatherer {
  readonly #fields = new Map<string, Draft>();
  readonly #unclear = new Map<string, string>();

  looks(): Looks {
    return { fields: this.#fields, unclear: this.#unclear };
  }

  match(clauses: readonly MatchClause[]): void {
    for (const clause of clauses) {
      if ("anyOf" in clause) for (const alternative of clause.anyOf) this.match(alternative);
      else this.fits(clause.field, clause.values);
    }
  }

  /** Some value of a field, or every one, has to fit one of these, of which texts are globs. */
  fits(field: string, values: readonly Value[]): void {
    const look = this.#draftOf(field);
    look.comparisons.push({ values, isGlob: true });
    look.items += 1;
  }

  expression(text: string): void {
    const parsed = parseExpression(text);
    if ("message" in parsed) this.#cannot(parsed.message, text);
    else this.#truth(parsed.expr, { text, names: new Map(), times: 1 });
  }

  /** Takes in an expression that gives a truth value. */
  #truth(expr: Expr | undefined, scope: Scope): void {
    const kind = expr?.exprKind;
    if (kind?.case === "constExpr" || isAccumulator(expr)) return;
    if (kind?.case === "comprehensionExpr") this.#loop(kind.value, scope);
    else if (kind?.case === "callExpr" && kind.value.function !== "_[_]") this.#call(kind.value, scope);
    else if (kind?.case === "selectExpr" && kind.value.testOnly) {
      this.#lookAt(fieldOf(kind.value.operand, scope, [kind.value.field]), scope.text);
    } else this.#compare(fieldOf(expr, scope), [true], scope.text);
  }

  #loop({ iterRange, iterVar, loopStep }: Loop, scope: Scope): void {
    const constants = constantsOf(iterRange);
    const within = fieldOf(iterRange, scope);
    // each question whether there is such an item takes one to be true; `exists_one`, a choice, takes two to be false
    const items = callOf(loopStep)?.function === "_?_:_" ? 2 : 1;
    const bound = constants === null ? { ...within, isItem: true } : { constants };
    if (constants === null && !this.#goThrough(within, items, scope.text, scope.times)) return;
    const times = scope.times * (constants?.length ?? 1);
    this.#truth(loopStep, { ...scope, times, names: new Map([...scope.names, [iterVar, bound]]) });
  }

  #call({ function: name, args }: Call, scope: Scope): void {
    const [left, right] = args;
    if (connectives.has(name)) for (const node of args) this.#truth(node, scope);
    else if (comparisons.has(name)) this.#compareSides(left, right, orders.has(name), scope);
    else if (name === "@in") this.#contains(left, right, scope);
    // `exists_one` adds one to what it has counted
    else if (!args.some(isAccumulator)) this.#cannot(`it calls \`${name.replaceAll("_", "")}\``, scope.text);
  }

  #compareSides(left: Expr | undefined, right: Expr | undefined, isOrder: boolean, scope: Scope): void {
    const [lefts, rights] = [constantsIn(left, scope), constantsIn(right, scope)];
    const constants = lefts ?? rights;
    if (constants === null) this.#cannot(betweenFields(left, right, scope), scope.text);
    else if (isOrder && constants.some((one) => typeof one === "string"))
      this.#cannot("it compares texts by their order", scope.text);
    else if (lefts === null) this.#compareWith(constants, left, scope);
    else if (rights === null) this.#compareWith(constants, right, scope);
  }

  #compareWith(constants: readonly Value[], node: Expr | undefined, scope: Scope): void {
    const counted = countedBy(node);
    const most = Math.max(...constants.map(Number));
    if (counted === undefined)
      for (const one of constants) this.#compare(fieldOf(node, scope), [one], scope.text);
    else if (this.#goThrough(fieldOf(counted, scope), most + 1, scope.text) && most > 3)
      this.#cannot("it counts further than 3", scope.text);
  }

  #contains(item: Expr | undefined, container: Expr | undefined, scope: Scope): void {
    const [items, within] = [constantsIn(item, scope), constantsOf(container)];
    if (within !== null) {
      if (items === null) this.#compare(fieldOf(item, scope), within, scope.text);
    } else if (items === null) this.#cannot(betweenFields(item, container, scope), scope.text);
    else for (const one of items) this.#containsOne(one, fieldOf(container, scope), scope);
  }

  #containsOne(item: Value, at: Field, { text }: Scope): void {
    if ("field" in at && maps.has(at.field)) this.#lookAt({ field: `${at.field}.${item}` }, text);
    else if (this.#goThrough(at, 1, text)) this.#compare(at, [item], text);
  }

  /** Looks at so many items of a field, for each of so many questions; false where it is no list. */
  #goThrough(at: Field, items: number, text: string, times = 1): boolean {
    const isList = "because" in at || (mayBeList(at.field) && at.isItem !== true);
    const look = this.#lookAt(isList ? at : { because: `it goes through \`${at.field}\`` }, text);
    if (look === null) return false;
    look.form = "list";
    look.items += items * times;
    look.many = Math.max(look.many, items);
    return true;
  }

  #compare(at: Field, values: readonly Value[], text: string): void {
    const look = this.#lookAt(at, text);
    if (look === null) return;
    if (look.form === "any") look.form = "value";
    look.comparisons.push({ values, isGlob: false });
  }

  #lookAt(at: Field, text: string): Draft | null {
    if ("because" in at || !isTold(at.field)) {
      this.#cannot("because" in at ? at.because : `it looks at \`${at.field}\``, text);
      return null;
    }
    return this.#draftOf(at.field);
  }

  #draftOf(field: string): Draft {
    const known = this.#fields.get(field) ?? { comparisons: [], form: "any", items: 0, many: 1 };
    this.#fields.set(field, known);
    return known;
  }

  #cannot(because: string, text: string): void {
    if (!this.#unclear.has(text)) this.#unclear.set(text, because);
  }
}

/** What is known of a field so far. */
interface Draft {
  readonly comparisons: Comparison[];
  form: Look["form"];
  items: number;
  many: number;
}

/** A field by its dotted name, or an item of its list; or why something is neither. */
type Field = { readonly field: string; readonly isItem?: boolean } | { readonly because: string };
/** Where a part of an expression stands: names inside loops are items of a field, or constants. */
interface Scope {
  readonly text: string;
  readonly names: ReadonlyMap<string, Field | { readonly constants: readonly Value[] }>;
  /** How often it is asked: once for each of the constants that loops around it go through. */
  readonly times: number;
}
type Call = Extract<Expr["exprKind"], { case: "callExpr" }>["value"];
type Loop = Extract<Expr["exprKind"], { case: "comprehensionExpr" }>["value"];

const connectives: ReadonlySet<string> = new Set(["_&&_", "_||_", "!_", "_?_:_"]);
const orders: ReadonlySet<string> = new Set(["_<_", "_<=_", "_>_", "_>=_"]);
const comparisons: ReadonlySet<string> = new Set(["_==_", "_!=_", ...orders]);
/** Their items have names, which rules can ask for. */
const maps: ReadonlySet<string> = new Set(["resource.labels", "access.scope"]);
const lists: ReadonlySet<string> = new Set([
  "access.actions",
  "constraints.locations",
  "constraints.networks",
]);

/** Whether a field holds a list, or may: what a scope holds the resource type says. */
export function mayBeList(field: string): boolean {
  return lists.has(field) || scopeFieldIn(field) !== null;
}

/** The name that a field has inside the scope; null for any other field. */
export function scopeFieldIn(field: string): string | null {
  return /^access\.scope\.([^.]+)$/.exec(field)?.[1] ?? null;
}

/** Whether samples can be made of a field. */
function isTold(field: string): boolean {
  if (field.startsWith("access.scope.")) return scopeFieldIn(field) !== null;
  return field === "duration" || isViewField(field);
}

/** The field that an expression is; with `inside`, a field in it. The items of a list go by its name. */
function fieldOf(expr: Expr | undefined, scope: Scope, inside: readonly string[] = []): Field {
  const kind = expr?.exprKind;
  if (kind?.case === "identExpr") {
    const bound = scope.names.get(kind.value.name);
    if (bound === undefined) return { field: [kind.value.name, ...inside].join(".") };
    return "constants" in bound || inside.length > 0
      ? { because: "it looks into the items of a list" }
      : bound;
  }
  if (kind?.case === "selectExpr") return fieldOf(kind.value.operand, scope, [kind.value.field, ...inside]);
  if (kind?.case === "callExpr" && kind.value.function === "_[_]") {
    const [container, index] = kind.value.args;
    const key = constantOf(index);
    if (typeof key === "string") return fieldOf(container, scope, [key, ...inside]);
    return { because: "it looks at an item by its place" };
  }
  return { because: "it compares more than fields and constants" };
}

/** Why two parts cannot be compared by samples, of which neither is a constant. */
function betweenFields(one: Expr | undefined, other: Expr | undefined, scope: Scope): string {
  const unclear = [fieldOf(one, scope), fieldOf(other, scope)].find((field) => "because" in field);
  return unclear?.because ?? "it compares two fields with one another";
}

/** Names that CEL gives to what a loop has come to so far; nobody can write them. */
function isAccumulator(expr: Expr | undefined): boolean {
  return expr?.exprKind.case === "identExpr" && expr.exprKind.value.name.startsWith("@");
}

function callOf(expr: Expr | undefined): Call | null {
  return expr?.exprKind.case === "callExpr" ? expr.exprKind.value : null;
}

/** What is counted by `size(…)`, in either form; nothing for anything else. */
function countedBy(expr: Expr | undefined): Expr | undefined {
  const call = callOf(expr);
  return call?.function === "size" ? (call.target ?? call.args[0]) : undefined;
}

/** The constants that an expression stands for: one, or those that a loop goes through; null for anything else. */
function constantsIn(expr: Expr | undefined, scope: Scope): readonly Value[] | null {
  const bound = expr?.exprKind.case === "identExpr" ? scope.names.get(expr.exprKind.value.name) : undefined;
  if (bound !== undefined && "constants" in bound) return bound.constants;
  const constant = constantOf(expr);
  return constant === null ? null : [constant];
}
