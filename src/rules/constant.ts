import type { Expr } from "./expression-check.ts";

export type Value = string | number | boolean;

/** What a list of constants in an expression holds; null for anything else. */
export function constantsOf(expr: Expr | undefined): readonly Value[] | null {
  if (expr?.exprKind.case !== "listExpr") return null;
  const constants = expr.exprKind.value.elements.map(constantOf);
  return constants.every((one) => one !== null) ? constants : null;
}

/** What a constant in an expression stands for, durations in milliseconds; null for anything else. */
export function constantOf(expr: Expr | undefined): Value | null {
  const kind = expr?.exprKind;
  if (kind?.case === "constExpr") {
    const { constantKind: constant } = kind.value;
    switch (constant.case) {
      case "boolValue":
      case "stringValue":
      case "doubleValue":
        return constant.value;
      case "int64Value":
      case "uint64Value":
        return Number(constant.value);
    }
  }
  const isDuration = kind?.case === "callExpr" && kind.value.function === "duration";
  const text = isDuration ? constantOf(kind.value.args[0]) : null;
  return typeof text === "string" ? millisecondsOf(text) : null;
}

const units = new Map([
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
]);

/** A duration as CEL writes it: `1h30m`; null where it has a part that a request's cannot have. */
function millisecondsOf(text: string): number | null {
  const parts = [...text.matchAll(/(\d+)(h|ms|m|s)/g)];
  if (parts.map(([part]) => part).join("") !== text) return null;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * Number(units.get(String(unit))), 0);
}
