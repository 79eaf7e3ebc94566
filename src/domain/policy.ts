import type { Position } from "./finding.ts";
import { matchesGlob } from "./glob.ts";
import type { Duration } from "./time.ts";
import { type RequestView, valuesOf } from "./view.ts";

/** What evaluating an expression gave: a truth value, or why there is none. */
export type Evaluation =
  | { readonly ok: true; readonly value: boolean }
  | { readonly ok: false; readonly error: string };

/** A compiled CEL expression. `evaluate` never throws and always ends. */
export interface Condition {
  readonly text: string;
  readonly at: Position;
  evaluate(view: RequestView): Evaluation;
}

export type MatchValue = string | number | boolean;

/** One line of `match`: some value of the field is listed (`any`), or every value is (`only`). */
export interface FieldMatch {
  readonly field: string;
  readonly test: "any" | "only";
  readonly values: readonly MatchValue[];
  readonly at: Position;
}

/** Whose approval counts: the union of all that is named. */
export interface ApproverSource {
  readonly codeowners: boolean;
  readonly teams: readonly string[];
  readonly users: readonly string[];
}

/** One line of `require`: `count` different people out of a source. */
export interface Requirement {
  readonly name: string;
  readonly count: number;
  readonly from: ApproverSource;
}

export interface DenyRule {
  readonly when: Condition;
  readonly message: string;
}

export interface Limits {
  readonly maxDuration: Duration | null;
  /** Characters of the justification without surrounding white space. */
  readonly minJustification: number | null;
}

export interface ApproverPolicy {
  readonly name: string;
  readonly description: string;
  readonly at: Position;
  readonly match: readonly FieldMatch[];
  readonly when: Condition | null;
  readonly limits: Limits;
  readonly require: readonly Requirement[];
  readonly deny: readonly DenyRule[];
}

/** Whether a policy applies to a request, and what decided it. */
export type Applicability =
  | { readonly applies: true }
  | { readonly applies: false; readonly because: { readonly clause: string; readonly at: Position } }
  /** `when` could not be evaluated: the policy neither applies nor not, and the request is denied. */
  | { readonly applies: "unknown"; readonly error: string; readonly at: Position };

/** A policy applies when each line of its `match` holds and its `when`, if any, is true. */
export function applicabilityOf(policy: ApproverPolicy, view: RequestView): Applicability {
  for (const line of policy.match) {
    if (!fieldMatches(line, view)) return { applies: false, because: { clause: line.field, at: line.at } };
  }
  if (policy.when === null) return { applies: true };
  const outcome = policy.when.evaluate(view);
  if (!outcome.ok) return { applies: "unknown", error: outcome.error, at: policy.when.at };
  return outcome.value
    ? { applies: true }
    : { applies: false, because: { clause: "when", at: policy.when.at } };
}

/** Whether a policy may apply once it is known who asks: all that `match` says of anything else holds. */
export function couldApply(policy: ApproverPolicy, view: RequestView): boolean {
  return policy.match.every((line) => line.field === "requester" || fieldMatches(line, view));
}

function fieldMatches({ field, test, values }: FieldMatch, view: RequestView): boolean {
  const found = valuesOf(view, field);
  if (found.length === 0) return false;
  const fits = loginFields.has(field) ? loginFits : valueFits;
  const listed = (value: unknown) => values.some((wanted) => fits(wanted, value));
  return test === "only" ? found.every(listed) : found.some(listed);
}

/** Fields that hold a login, which a view has in lower case. */
const loginFields: ReadonlySet<string> = new Set(["requester", "subject"]);

function valueFits(wanted: MatchValue, value: unknown): boolean {
  return typeof wanted === "string" && typeof value === "string"
    ? matchesGlob(wanted, value)
    : wanted === value;
}

function loginFits(wanted: MatchValue, value: unknown): boolean {
  return valueFits(typeof wanted === "string" ? wanted.toLowerCase() : wanted, value);
}

/** A source's identity: requirements of different policies with the same source ask for the same people. */
export function sourceKey(source: ApproverSource): string {
  const sorted = (names: readonly string[]) => [...new Set(names.map((name) => name.toLowerCase()))].sort();
  return JSON.stringify([source.codeowners, sorted(source.teams), sorted(source.users)]);
}
