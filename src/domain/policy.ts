import type { ApproverSource, Group } from "./approver-source.ts";
import type { Position } from "./finding.ts";
import { matchesGlob } from "./glob.ts";
import type { OfficeHours } from "./office-hours.ts";
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

/** A line of `match`, or alternatives of which one must fit as a whole. */
export type MatchClause = FieldMatch | AnyOfMatch;

export interface AnyOfMatch {
  readonly anyOf: readonly (readonly MatchClause[])[];
  readonly at: Position;
}

/** One line of `require`: `count` different people out of a source. */
export interface Requirement {
  readonly name: string;
  readonly count: number;
  readonly from: ApproverSource;
  /** Where it is written; null for the code owner that every request needs. */
  readonly at: Position | null;
}

/** A requirement, or a choice among several (`anyOf`), or several that are needed together (`allOf`). */
export type RequirementClause =
  | Requirement
  | { readonly anyOf: readonly RequirementClause[] }
  | { readonly allOf: readonly RequirementClause[] };

/** Every requirement in a clause, whichever way is taken. */
export function requirementsIn(clause: RequirementClause): readonly Requirement[] {
  if ("anyOf" in clause) return clause.anyOf.flatMap(requirementsIn);
  if ("allOf" in clause) return clause.allOf.flatMap(requirementsIn);
  return [clause];
}

export interface DenyRule {
  readonly when: Condition;
  readonly message: string;
}

/** What a request may ask for at most; null and empty where the policy says nothing. */
export interface Limits {
  readonly maxDuration: Duration | null;
  readonly minDuration: Duration | null;
  /** From the activation to the end of the last extension. */
  readonly maxTotalDuration: Duration | null;
  /** Characters of the justification without surrounding white space. */
  readonly minJustification: number | null;
  readonly maxActivePerSubject: number | null;
  readonly maxPerCase: number | null;
  readonly officeHours: OfficeHours | null;
  /** Globs over the label `region`. */
  readonly regions: readonly string[] | null;
  /** Countries from which the access may be used. */
  readonly locations: readonly string[] | null;
  /** Globs over actions. */
  readonly actions: readonly string[] | null;
  /** Globs by field of the scope, within which each of its values lies. */
  readonly scope: Readonly<Record<string, readonly string[]>>;
  readonly narrow: boolean;
}

export const noLimits: Limits = {
  maxDuration: null,
  minDuration: null,
  maxTotalDuration: null,
  minJustification: null,
  maxActivePerSubject: null,
  maxPerCase: null,
  officeHours: null,
  regions: null,
  locations: null,
  actions: null,
  scope: {},
  narrow: false,
};

/** What must be true beside the approvals. */
export interface Conditions {
  readonly mfa: boolean;
  readonly signedCommits: boolean;
  readonly caseOpen: boolean;
}

export const noConditions: Conditions = { mfa: false, signedCommits: false, caseOpen: false };

/** What happens while nobody has decided; times count from the opening of the request. */
export interface Pending {
  readonly expiresAfter: Duration | null;
  readonly remindAfter: readonly Duration[];
  readonly escalation: { readonly after: Duration; readonly to: Group } | null;
}

export const noPending: Pending = { expiresAfter: null, remindAfter: [], escalation: null };

/** Break-glass: what an emergency takes instead of the requirements. */
export interface Emergency {
  readonly count: number;
  readonly from: ApproverSource;
  readonly maxDuration: Duration;
  readonly reviewWithin: Duration;
  readonly at: Position;
}

/** The clause as a requirement; it has the same name in every policy, so that a record says what it was. */
export function requirementOfEmergency({ count, from, at }: Emergency): Requirement {
  return { name: "emergency", count, from, at };
}

export interface ApproverPolicy {
  readonly name: string;
  readonly description: string;
  readonly at: Position;
  readonly match: readonly MatchClause[];
  readonly when: Condition | null;
  readonly limits: Limits;
  readonly conditions: Conditions;
  readonly require: readonly RequirementClause[];
  readonly deny: readonly DenyRule[];
  readonly pending: Pending;
  /** Null where the policy offers no emergency. */
  readonly emergency: Emergency | null;
  /** Where each clause is written, by dotted name: `limits.maxDuration`, `conditions.mfa`, `require.0`, `deny.1`. */
  readonly positions: Readonly<Record<string, Position>>;
}

/** Where a clause of a policy is written, by its dotted name; the policy itself where it is not written at all. */
export function placeOf(
  { positions, at }: Pick<ApproverPolicy, "positions" | "at">,
  clause: string,
): Position {
  return positions[clause] ?? at;
}

/** Whether a policy applies to a request, and what decided it. */
export type Applicability =
  | { readonly applies: true }
  | { readonly applies: false; readonly because: { readonly clause: string; readonly at: Position } }
  /** `when` could not be evaluated: the policy neither applies nor not, and the request is denied. */
  | { readonly applies: "unknown"; readonly error: string; readonly at: Position };

/** A policy applies when each line of its `match` holds and its `when`, if any, is true. */
export function applicabilityOf(policy: ApproverPolicy, view: RequestView): Applicability {
  for (const clause of policy.match) {
    if (!clauseMatches(clause, view)) {
      return {
        applies: false,
        because: { clause: "field" in clause ? clause.field : "anyOf", at: clause.at },
      };
    }
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
  const could = (clause: MatchClause): boolean =>
    "anyOf" in clause
      ? clause.anyOf.some((clauses) => clauses.every(could))
      : clause.field === "requester" || fieldMatches(clause, view);
  return policy.match.every(could);
}

/** Whether a line of `match` fits a request. */
export function clauseMatches(clause: MatchClause, view: RequestView): boolean {
  return "anyOf" in clause
    ? clause.anyOf.some((clauses) => clauses.every((one) => clauseMatches(one, view)))
    : fieldMatches(clause, view);
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
