import type { Finding, Position } from "../domain/finding.ts";
import { overlappingCatalog, unknownCatalogType } from "./lint-catalog.ts";
import type { Lint, LintSubject } from "./lint-check.ts";
import {
  contradictingLimits,
  emergencyNotEasier,
  lateEscalation,
  lateReminder,
  limitNeverBinds,
} from "./lint-limits.ts";
import { constantExpression, denyAlways, unknownValue, unreachablePolicy } from "./lint-match.ts";
import { emptyGroup, lockedOut, needsRequester, ownerlessPath, unprotectedRules } from "./lint-people.ts";
import { shadowedPolicy } from "./lint-shadow.ts";

/** Every check on rules that are valid and may be unwise, in the order in which docs/policy.md tells of them. */
export const lints = [
  unreachablePolicy,
  unknownValue,
  shadowedPolicy,
  constantExpression,
  denyAlways,
  contradictingLimits,
  limitNeverBinds,
  lateReminder,
  lateEscalation,
  emergencyNotEasier,
  emptyGroup,
  needsRequester,
  lockedOut,
  ownerlessPath,
  unprotectedRules,
  overlappingCatalog,
  unknownCatalogType,
] as const satisfies readonly Lint[];

/** What linting a set of rules has come to. */
export interface Linting {
  /** In the order of the checks. */
  readonly findings: readonly (Finding & { readonly lint: string })[];
  readonly undecided: readonly { readonly lint: string; readonly at: Position; readonly because: string }[];
}

/** Runs every check but those that are skipped by name. */
export function lint(subject: LintSubject, skipped: ReadonlySet<string> = new Set()): Linting {
  const results = lints
    .filter(({ name }) => !skipped.has(name))
    .map(({ name, check }) => {
      const result = check(subject);
      return { name, ...("findings" in result ? result : { findings: result, undecided: [] }) };
    });
  return {
    findings: results.flatMap(({ name, findings }) => findings.map((one) => ({ ...one, lint: name }))),
    undecided: results.flatMap(({ name, undecided }) => undecided.map((one) => ({ ...one, lint: name }))),
  };
}
