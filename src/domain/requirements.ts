import { type ApproverSource, groupsOfRole, sourceKey, sourceOf } from "./approver-source.ts";
import { ownersOf } from "./codeowners.ts";
import { teamOf } from "./person.ts";
import {
  type ApproverPolicy,
  type Requirement,
  type RequirementClause,
  requirementOfEmergency,
  requirementsIn,
} from "./policy.ts";
import type { RuleSet } from "./rule-set.ts";

/** A requirement that a request must meet, with every policy that asks for it. */
export interface RequestRequirement extends Requirement {
  readonly policies: readonly string[];
}

/** One way to meet all that is asked: every requirement of it has to be filled. */
export type Way = readonly RequestRequirement[];

/** More ways than this are not tried: no reader could say any more what a request needs. */
export const waysLimit = 256;

/** INVARIANT 11: what every request needs, whatever the policies ask. */
export const CODE_OWNER: Requirement = {
  name: "code owner",
  count: 1,
  from: sourceOf({ codeowners: true }),
  at: null,
};

/** The ways that a list of clauses leaves open: one choice of every `anyOf`, in the order of the file. */
export function waysThrough(clauses: readonly RequirementClause[]): readonly (readonly Requirement[])[] {
  return clauses.reduce<readonly (readonly Requirement[])[]>(
    (ways, clause) => product(ways, waysOfClause(clause)),
    [[]],
  );
}

function waysOfClause(clause: RequirementClause): readonly (readonly Requirement[])[] {
  if ("anyOf" in clause) return clause.anyOf.flatMap(waysOfClause);
  if ("allOf" in clause) return waysThrough(clause.allOf);
  return [[clause]];
}

function product<T>(ones: readonly (readonly T[])[], others: readonly (readonly T[])[]): readonly T[][] {
  return ones.flatMap((one) => others.map((other) => [...one, ...other]));
}

/** How many ways a list of clauses leaves open, counted without walking them. */
export function countWays(clauses: readonly RequirementClause[]): number {
  return clauses.reduce((count, clause) => count * waysInClause(clause), 1);
}

function waysInClause(clause: RequirementClause): number {
  if ("anyOf" in clause) return clause.anyOf.reduce((sum, one) => sum + waysInClause(one), 0);
  return "allOf" in clause ? countWays(clause.allOf) : 1;
}

/**
 * Every way to meet what all policies that match ask for together; null when there are too many. In an emergency each
 * policy asks for what its `emergency` clause says instead. Requirements add up; where two policies name the very same
 * people, the one that asks for more of them covers the other (docs/decisions/0003). INVARIANT 11: whatever the
 * policies ask, one code owner is among it; an emergency is the one exception.
 */
export function combineRequirements(
  policies: readonly ApproverPolicy[],
  isEmergency: boolean,
): readonly Way[] | null {
  const [first] = policies;
  const last = first && lastCombined.get(first);
  if (last?.isEmergency === isEmergency && isSameList(last.policies, policies)) return last.ways;
  const ways = combine(policies, isEmergency);
  if (first !== undefined) lastCombined.set(first, { policies: [...policies], isEmergency, ways });
  return ways;
}

/** Most requests match the policies that another one has matched. */
const lastCombined = new WeakMap<
  ApproverPolicy,
  {
    readonly policies: readonly ApproverPolicy[];
    readonly isEmergency: boolean;
    readonly ways: readonly Way[] | null;
  }
>();

function isSameList<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

function combine(policies: readonly ApproverPolicy[], isEmergency: boolean): readonly Way[] | null {
  const asked = [...policies]
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((policy) => ({ policy: policy.name, clauses: clausesOf(policy, isEmergency) }));
  const count = asked.reduce((product, { clauses }) => product * countWays(clauses), 1);
  if (count > waysLimit) return null;
  const choices = asked.reduce<readonly (readonly Choice[])[]>(
    (ways, { policy, clauses }) =>
      product(
        ways,
        waysThrough(clauses).map((requirements) => [{ policy, requirements }]),
      ),
    [[]],
  );
  return choices.map((choice) => together(choice, isEmergency));
}

/** Every way to meet what a policy asks for by itself; whoever read it has counted them. */
export function waysOf({ name, require }: ApproverPolicy): readonly Way[] {
  return waysThrough(require).map((requirements) => together([{ policy: name, requirements }], false));
}

function clausesOf(policy: ApproverPolicy, isEmergency: boolean): readonly RequirementClause[] {
  return isEmergency && policy.emergency !== null
    ? [requirementOfEmergency(policy.emergency)]
    : policy.require;
}

/** What one policy asks for once every choice in it has been made. */
interface Choice {
  readonly policy: string;
  readonly requirements: readonly Requirement[];
}

function together(choices: readonly Choice[], isEmergency: boolean): Way {
  const asked = new Map<
    string,
    { total: number; requirements: readonly Requirement[]; policies: string[] }
  >();
  const ask = (policy: string | null, requirements: readonly Requirement[]) => {
    for (const [key, same] of Map.groupBy(requirements, ({ from }) => sourceKey(from))) {
      const total = same.reduce((sum, { count }) => sum + count, 0);
      const earlier = asked.get(key);
      const names = [...(earlier?.policies ?? []), ...(policy === null ? [] : [policy])];
      const covers = earlier === undefined || total > earlier.total;
      asked.set(
        key,
        covers ? { total, requirements: same, policies: names } : { ...earlier, policies: names },
      );
    }
  };
  for (const { policy, requirements } of choices) ask(policy, requirements);
  if (!isEmergency) ask(null, [CODE_OWNER]);
  return [...asked.values()].flatMap(({ requirements, policies: names }) =>
    requirements.map((requirement) => ({ ...requirement, policies: names })),
  );
}

/** Every source that any requirement of these policies names, whichever way is taken; code owners always. */
export function sourcesOf(policies: readonly ApproverPolicy[]): readonly ApproverSource[] {
  const named = policies.flatMap(({ require, emergency }) => [
    ...require.flatMap(requirementsIn),
    ...(emergency === null ? [] : [requirementOfEmergency(emergency)]),
  ]);
  return [...named, CODE_OWNER].map(({ from }) => from);
}

/** Slugs of all teams of GitHub whose members decide about a request to this path: what has to be asked of it. */
export function teamsToRead(
  path: string,
  policies: readonly ApproverPolicy[],
  rules: RuleSet,
  organization: string,
): readonly string[] {
  const { settings, codeowners, directory } = rules;
  const sources = sourcesOf(policies);
  const groups = [
    settings.administrators,
    ...(settings.eligibility ?? []),
    ...groupsOfRole("approve", rules),
    ...sources.flatMap((source) => [
      source,
      source.not,
      ...source.roles.flatMap((role) => groupsOfRole(role, rules)),
    ]),
  ];
  const slugs = new Set(
    groups
      .flatMap(({ teams }) => teams)
      .filter((slug) => teamOf(slug, directory) === null)
      .map((slug) => slug.toLowerCase()),
  );
  const ownership = codeowners === null ? null : ownersOf(path, codeowners);
  for (const owner of ownership?.kind === "owned" ? ownership.owners : []) {
    if (owner.kind === "team" && owner.organization.toLowerCase() === organization.toLowerCase()) {
      slugs.add(owner.slug.toLowerCase());
    }
  }
  return [...slugs].sort();
}
