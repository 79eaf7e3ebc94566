import type { Position } from "./finding.ts";
import type {
  ApproverPolicy,
  Condition,
  Conditions,
  Limits,
  MatchClause,
  Requirement,
  RequirementClause,
} from "./policy.ts";
import { placeOf, requirementOfEmergency } from "./policy.ts";

/** What can come of each kind of clause: each of it has to be seen before a policy counts as tested. */
export const clauseOutcomes = {
  match: ["matched", "unmatched"],
  when: ["true", "false"],
  limit: ["kept", "broken"],
  condition: ["met", "unmet"],
  requirement: ["filled", "missing"],
  way: ["taken"],
  deny: ["fired", "silent"],
  time: ["expected"],
} as const satisfies Record<string, readonly string[]>;

export type ClauseKind = keyof typeof clauseOutcomes;
/** `not taken` and `failed` are told to a reader, and no test has to bring them about. */
export type Outcome = (typeof clauseOutcomes)[ClauseKind][number] | "not taken" | "failed";

/** The times that a policy sets: no request shows whether they are right, so a test has to name them. */
export type TimeClause = "expiresAfter" | "remindAfter" | "escalateAfter" | "escalateTo" | "reviewWithin";

/** One clause of a policy: what it is called there, where it is written, and what it says. */
export type Clause = {
  readonly name: string;
  readonly at: Position;
} & (
  | { readonly kind: "match"; readonly all: readonly MatchClause[] }
  | { readonly kind: "when"; readonly condition: Condition }
  | { readonly kind: "limit"; readonly limit: keyof Limits | "emergency" }
  | { readonly kind: "condition"; readonly condition: keyof Conditions }
  | { readonly kind: "requirement"; readonly requirement: Requirement; readonly isEmergency: boolean }
  | { readonly kind: "way"; readonly way: RequirementClause }
  | { readonly kind: "deny"; readonly condition: Condition; readonly message: string }
  | { readonly kind: "time"; readonly time: TimeClause }
);

/** Every clause of a policy, in the order in which a policy is written. */
export function clausesOf(policy: ApproverPolicy): readonly Clause[] {
  const { when, deny, emergency } = policy;
  const place = (name: string): Position => placeOf(policy, name);
  const written = (part: string) =>
    Object.keys(policy.positions).flatMap((name) =>
      name.startsWith(`${part}.`) ? [name.slice(part.length + 1)] : [],
    );
  return [
    ...matchClauses(policy.match, "match"),
    ...(when === null ? [] : [{ kind: "when", name: "when", at: when.at, condition: when } as const]),
    ...written("limits")
      .filter((limit): limit is keyof Limits => limit in policy.limits)
      .map(
        (limit): Clause => ({ kind: "limit", name: `limits.${limit}`, at: place(`limits.${limit}`), limit }),
      ),
    ...conditionNames
      .filter((condition) => policy.conditions[condition])
      .map(
        (condition): Clause => ({
          kind: "condition",
          name: `conditions.${condition}`,
          at: place(`conditions.${condition}`),
          condition,
        }),
      ),
    ...policy.require.flatMap((clause, index) => requirementClauses(clause, `require.${index}`, policy)),
    ...deny.map(
      ({ when: condition, message }, index): Clause => ({
        kind: "deny",
        name: `deny.${index}`,
        at: condition.at,
        condition,
        message,
      }),
    ),
    ...written("pending")
      .filter((time): time is TimeClause => timeNames.has(time))
      .map((time): Clause => ({ kind: "time", name: `pending.${time}`, at: place(`pending.${time}`), time })),
    ...(emergency === null
      ? []
      : ([
          {
            kind: "requirement",
            name: "emergency",
            at: emergency.at,
            requirement: requirementOfEmergency(emergency),
            isEmergency: true,
          },
          {
            kind: "limit",
            name: "emergency.maxDuration",
            at: place("emergency.maxDuration"),
            limit: "emergency",
          },
          {
            kind: "time",
            name: "emergency.reviewWithin",
            at: place("emergency.reviewWithin"),
            time: "reviewWithin",
          },
        ] as const)),
  ];
}

const conditionNames = ["mfa", "signedCommits", "caseOpen"] as const satisfies readonly (keyof Conditions)[];
const timeNames: ReadonlySet<string> = new Set<TimeClause>([
  "expiresAfter",
  "remindAfter",
  "escalateAfter",
  "escalateTo",
]);

function matchClauses(clauses: readonly MatchClause[], path: string): readonly Clause[] {
  return clauses.flatMap((clause): readonly Clause[] => {
    if ("field" in clause) {
      return [{ kind: "match", name: `${path}.${clause.field}`, at: clause.at, all: [clause] }];
    }
    return clause.anyOf.flatMap((all, index) => {
      const name = `${path}.anyOf.${index}`;
      return [{ kind: "match", name, at: all[0]?.at ?? clause.at, all } as const, ...matchClauses(all, name)];
    });
  });
}

function requirementClauses(
  clause: RequirementClause,
  name: string,
  policy: ApproverPolicy,
): readonly Clause[] {
  if ("allOf" in clause) {
    return clause.allOf.flatMap((one, index) => requirementClauses(one, `${name}.allOf.${index}`, policy));
  }
  if ("anyOf" in clause) {
    return clause.anyOf.flatMap((way, index) => {
      const inner = requirementClauses(way, `${name}.anyOf.${index}`, policy);
      return [
        { kind: "way", name: `${name}.anyOf.${index}`, at: inner[0]?.at ?? policy.at, way } as const,
        ...inner,
      ];
    });
  }
  return [{ kind: "requirement", name, at: clause.at ?? policy.at, requirement: clause, isEmergency: false }];
}
