/**
 * What an expression gave is remembered: it has no clock and no input but the request, so that it gives the same
 * whenever the fields that it names say the same. Most requests differ only in what no rule asks about.
 */
import type { Evaluation } from "../domain/policy.ts";
import type { RequestView } from "../domain/view.ts";
import { type Expr, requestType, type Type, unknownSizes } from "./expression-check.ts";

/** A field by the names that lead to it, e.g. `resource`, `labels`, `environment`. */
type Field = readonly string[];

/** Answers beyond these are forgotten; a field as long as this is no key. */
const MOST_ANSWERS = 500;
const LONGEST_KEY = 2000;

/** The same evaluation, which remembers its answers. */
export function remembering(
  expr: Expr,
  evaluate: (view: RequestView) => Evaluation,
): (view: RequestView) => Evaluation {
  const fields = fieldsIn(expr);
  if (fields === null) return evaluate;
  const answers = new Map<string, Evaluation>();
  return (view) => {
    // what makes an evaluation fail wherever it stands in the request is for the evaluation to find
    if (!isOrdinary(view)) return evaluate(view);
    const key = JSON.stringify(fields.map((field) => lookUp(view, field)));
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = evaluate(view);
    if (answers.size >= MOST_ANSWERS) answers.clear();
    if (key.length <= LONGEST_KEY) answers.set(key, answer);
    return answer;
  };
}

/** How many of a field's names were found, and then what stands there, unless it is absent. */
function lookUp(view: RequestView, field: Field): readonly [number, unknown] | readonly [number] {
  let value: unknown = view;
  let depth = 0;
  for (const name of field) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [depth, value];
    const next: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
    if (next === undefined) return [depth];
    value = next;
    depth += 1;
  }
  return [depth, value];
}

/** Every field that an expression may look at; null when it has a part that is not known here. */
function fieldsIn(expr: Expr): readonly Field[] | null {
  const fields = new Map<string, Field>();
  const look = (part: Expr | undefined, below: Field = []): boolean => {
    const kind = part?.exprKind;
    const all = (parts: readonly (Expr | undefined)[]) => parts.every((one) => look(one));
    switch (kind?.case) {
      case "constExpr":
        return true;
      case "identExpr": {
        // a name that a loop gives to its items may be one of these as well: it is then one field too many
        const field = [kind.value.name, ...below];
        fields.set(field.join("\0"), field);
        return true;
      }
      case "selectExpr":
        return look(kind.value.operand, [kind.value.field, ...below]);
      case "listExpr":
        return all(kind.value.elements);
      case "callExpr":
        return all([...(kind.value.target ? [kind.value.target] : []), ...kind.value.args]);
      case "comprehensionExpr": {
        const { iterRange, accuInit, loopCondition, loopStep, result } = kind.value;
        return all([iterRange, accuInit, loopCondition, loopStep, result]);
      }
      default:
        return false;
    }
  };
  return look(expr) ? [...fields.values()] : null;
}

/** All expressions of a rule set are asked about one request before another one comes. */
let last: { readonly view: RequestView; readonly isOrdinary: boolean } | null = null;

/** Whether a request has nothing in it at which an evaluation could fail before it looks at any field. */
function isOrdinary(view: RequestView): boolean {
  if (last?.view === view) return last.isOrdinary;
  const { duration, notBefore, ...rest } = view;
  const isOne = isTime(duration) && (notBefore === undefined || isTime(notBefore)) && fits(rest, requestType);
  last = { view, isOrdinary: isOne };
  return isOne;
}

/** Between 1970 and the year 9999, in milliseconds. */
function isTime(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value < Date.UTC(9999, 0);
}

function fits(value: unknown, type: Type | undefined): boolean {
  switch (typeof value) {
    case "string":
      return value.length <= (type?.is === "string" ? type.size : unknownSizes.text);
    case "number":
      return Number.isFinite(value);
    case "boolean":
      return true;
    case "object": {
      if (value === null) return true;
      const names = Object.keys(value);
      return (
        isPlain(value) &&
        names.length <= unknownSizes.items &&
        names.every((name) => {
          const item: unknown = Reflect.get(value, name);
          return (item === undefined && !Array.isArray(value)) || fits(item, typeOfItem(type, name));
        })
      );
    }
    default:
      return false;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Array.isArray(value);
}

/** The type of a field, an item or a value of something that has this type; absent where it is not known. */
export function typeOfItem(type: Type | undefined, name: string): Type | undefined {
  if (type?.is === "struct") return type.fields[name];
  return type?.is === "list" ? type.of : type?.is === "map" ? type.value : undefined;
}
