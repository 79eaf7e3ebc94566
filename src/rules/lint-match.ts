import { finding, type Position } from "../domain/finding.ts";
import { matchesGlob, mayMatchSame } from "../domain/glob.ts";
import {
  type ApproverPolicy,
  type Condition,
  clauseMatches,
  type FieldMatch,
  type MatchClause,
  type MatchValue,
  placeOf,
} from "../domain/policy.ts";
import { finiteViews } from "./finite-views.ts";
import type { Lint, LintResult, LintSubject } from "./lint-check.ts";
import { mayBeList } from "./looks.ts";
import { didYouMean, nearest } from "./nearest.ts";
import type { Schemas } from "./schema.ts";

/** A resource as far as rules know it. */
interface Known {
  readonly type: string;
  /** An id or a glob; null for any that the catalog does not list. */
  readonly id: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** Everything there is: what the catalog lists, and of each type something that it does not. */
function resourcesOf({ rules, schemas }: LintSubject): readonly Known[] {
  const unlisted = [...schemas.resourceTypes].map((type): Known => ({ type, id: null, labels: {} }));
  return [...rules.catalog, ...unlisted];
}

/** Whether some request for a resource may fit a line of `match`. */
function couldFit(clause: MatchClause, resource: Known, schemas: Schemas): boolean {
  if ("anyOf" in clause)
    return clause.anyOf.some((all) => all.every((one) => couldFit(one, resource, schemas)));
  const { field, values } = clause;
  const { id } = resource;
  const fits = (text: string) => values.some((value) => valueFits(value, text));
  switch (field) {
    case "resource.type":
      return fits(resource.type);
    case "resource.id":
      return id === null || values.some((value) => mayMatchSame(String(value), id));
    case "resource.listed":
      return values.includes(id !== null);
    case "access.actions":
      return schemas.actionsOf(resource.type).some(fits);
    default: {
      if (!field.startsWith("resource.labels.")) return true;
      const label = resource.labels[field.slice("resource.labels.".length)];
      return label !== undefined && fits(label);
    }
  }
}

function valueFits(wanted: MatchValue, text: string): boolean {
  return typeof wanted === "string" && matchesGlob(wanted, text);
}

export const unreachablePolicy: Lint = {
  name: "unreachablePolicy",
  code: "POLICY_NEVER_MATCHES",
  about:
    "A policy whose `match` fits no resource of any schema or of the catalog, or whose `when` is never true.",
  check(subject) {
    const results = subject.rules.policies.map((policy): LintResult => {
      const resources = resourcesOf(subject);
      const { name, match, when } = policy;
      if (
        match.length > 0 &&
        !resources.some((one) => match.every((clause) => couldFit(clause, one, subject.schemas)))
      ) {
        const at = placeOf(policy, "match");
        return found(
          finding(
            "POLICY_NEVER_MATCHES",
            `no resource that there is fits all of \`match\` of \`${name}\``,
            at,
          ),
        );
      }
      if (when === null) return nothing;
      const values = valuesOf(when, match);
      if (values.kind === "undecided")
        return { findings: [], undecided: [{ at: when.at, because: values.because }] };
      return values.all.every((value) => value === false)
        ? found(
            finding(
              "POLICY_NEVER_MATCHES",
              `\`when\` of \`${name}\` is true for no request that fits its \`match\``,
              when.at,
            ),
          )
        : nothing;
    });
    return joined(results);
  },
};

export const constantExpression: Lint = {
  name: "constantExpression",
  code: "EXPRESSION_CONSTANT",
  about: "A `when` that is true for every request that fits `match`, or a denial that is true for none.",
  check({ rules }) {
    const results = rules.policies.flatMap(({ name, match, when, deny }) => {
      const parts: LintResult[] = [];
      // that it cannot be decided is said by the check of policies that never match
      if (when !== null && areAll(true, valuesOf(when, match))) {
        const message = `\`when\` of \`${name}\` is true for every request that fits its \`match\``;
        parts.push(found(finding("EXPRESSION_CONSTANT", message, when.at)));
      }
      for (const denial of deny) {
        const { at } = denial.when;
        const values = valuesOf(denial.when, match, when);
        if (values.kind === "undecided")
          parts.push({ findings: [], undecided: [{ at, because: values.because }] });
        else if (areAll(false, values)) {
          const message = `this denial of \`${name}\` is true for no request that the policy matches`;
          parts.push(found(finding("EXPRESSION_CONSTANT", message, at)));
        }
      }
      return parts;
    });
    return joined(results);
  },
};

export const denyAlways: Lint = {
  name: "denyAlways",
  code: "POLICY_DENIES_ALWAYS",
  about: "A policy of which some denial is true for every request that it matches.",
  check({ rules }) {
    return rules.policies.flatMap(({ name, match, when, deny }) => {
      const always = deny.find((denial) => areAll(true, valuesOf(denial.when, match, when)));
      if (always === undefined) return [];
      return [
        finding(
          "POLICY_DENIES_ALWAYS",
          `\`${name}\` matches no request that it does not deny`,
          always.when.at,
        ),
      ];
    });
  },
};

export const unknownValue: Lint = {
  name: "unknownValue",
  code: "POLICY_VALUE_UNKNOWN",
  about:
    "A resource type or action that no schema has, or a label that no entry of the catalog has: all values of the line, or one that looks like a known one.",
  check(subject) {
    const { rules, schemas } = subject;
    const actions = [...schemas.resourceTypes].flatMap((type) => schemas.actionsOf(type));
    const knownTo = (field: string): readonly string[] | null => {
      if (field === "resource.type") return [...schemas.resourceTypes];
      if (field === "access.actions") return actions;
      if (!field.startsWith("resource.labels.")) return null;
      const label = field.slice("resource.labels.".length);
      return rules.catalog.map(({ labels }) => labels[label]).filter((value) => value !== undefined);
    };
    return rules.policies.flatMap(({ match }) =>
      linesIn(match).flatMap(({ field, values, at }) => {
        const known = knownTo(field);
        if (known === null) return [];
        const unknown = values.filter((value) => !known.some((one) => valueFits(value, one)));
        const isStrict = !field.startsWith("resource.labels.");
        return unknown.flatMap((value) => {
          const near = nearest(String(value), known);
          if (!isStrict && near === null && unknown.length < values.length) return [];
          const message = `nothing has \`${field}: ${String(value)}\``;
          return [finding("POLICY_VALUE_UNKNOWN", message, at, didYouMean(near))];
        });
      }),
    );
  },
};

/** Every line of `match`, also those inside `anyOf`. */
function linesIn(match: readonly MatchClause[]): readonly FieldMatch[] {
  return match.flatMap((clause) => ("anyOf" in clause ? linesIn(clause.anyOf.flat()) : [clause]));
}

type Values =
  | { readonly kind: "decided"; readonly all: readonly (boolean | "fails")[] }
  | { readonly kind: "undecided"; readonly because: string };

/** What an expression gives over all requests that fit `match`, and for which `given` is true. */
function valuesOf(
  condition: Condition,
  match: readonly MatchClause[],
  given: Condition | null = null,
): Values {
  const found = finiteViews([...(given === null ? [] : [given.text]), condition.text], match);
  if (found.kind === "undecided") return found;
  const views = found.views.filter((view) => {
    if (!match.every((clause) => clauseMatches(clause, view))) return false;
    const outcome = given?.evaluate(view);
    return outcome === undefined || (outcome.ok && outcome.value);
  });
  const all = views.map((view) => {
    const outcome = condition.evaluate(view);
    return outcome.ok ? outcome.value : "fails";
  });
  return { kind: "decided", all };
}

/** Whether an expression gives the same over all requests; not where there are none. */
function areAll(truth: boolean, values: Values): boolean {
  return values.kind === "decided" && values.all.length > 0 && values.all.every((value) => value === truth);
}

const nothing: LintResult = { findings: [], undecided: [] };
const found = (one: ReturnType<typeof finding>): LintResult => ({ findings: [one], undecided: [] });

function joined(results: readonly LintResult[]): LintResult {
  const undecided: { at: Position; because: string }[] = results.flatMap((one) => one.undecided);
  return { findings: results.flatMap((one) => one.findings), undecided };
}

/** Whether two policies may match one request, as far as that can be told. */
export function mayOverlap(one: ApproverPolicy, other: ApproverPolicy): boolean {
  const disjoint = one.match.some(
    (line) =>
      "field" in line &&
      !mayBeList(line.field) &&
      other.match.some(
        (against) =>
          "field" in against &&
          against.field === line.field &&
          !line.values.some((value) => against.values.some((wanted) => meet(value, wanted))),
      ),
  );
  if (disjoint) return false;
  const texts = [one.when?.text, other.when?.text].flatMap((text) => text ?? []);
  const views = finiteViews(texts, [...one.match, ...other.match]);
  if (views.kind === "undecided") return true;
  const isTrue = (policy: ApproverPolicy, view: (typeof views.views)[number]) => {
    const outcome = policy.when?.evaluate(view);
    const holds = outcome === undefined || (outcome.ok && outcome.value);
    return holds && policy.match.every((clause) => clauseMatches(clause, view));
  };
  return views.views.some((view) => isTrue(one, view) && isTrue(other, view));
}

/** Whether some value fits both; logins are the same in either case. */
function meet(one: MatchValue, other: MatchValue): boolean {
  return mayMatchSame(String(one).toLowerCase(), String(other).toLowerCase());
}
