import { type Owner, ownersOf } from "./codeowners.ts";
import type { Facts } from "./facts.ts";
import { type Finding, finding } from "./finding.ts";
import { type Person, personOf, personOfEmail } from "./person.ts";
import { type ApproverPolicy, type ApproverSource, type Requirement, sourceKey } from "./policy.ts";
import type { RuleSet } from "./rule-set.ts";

/** A requirement that a request must meet, with every policy that asks for it. */
export interface RequestRequirement extends Requirement {
  readonly policies: readonly string[];
}

const CODE_OWNER: Requirement = {
  name: "code owner",
  count: 1,
  from: { codeowners: true, teams: [], users: [] },
};

/**
 * What all policies that match ask for together. Requirements add up; where two policies name the very same
 * people, the one that asks for more of them covers the other (docs/decisions/0003). INVARIANT 11: whatever the
 * policies ask, one code owner is among it.
 */
export function combineRequirements(policies: readonly ApproverPolicy[]): readonly RequestRequirement[] {
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
  for (const policy of [...policies].sort((one, other) => (one.name < other.name ? -1 : 1))) {
    ask(policy.name, policy.require);
  }
  ask(null, [CODE_OWNER]);
  return [...asked.values()].flatMap(({ requirements, policies: names }) =>
    requirements.map((requirement) => ({ ...requirement, policies: names })),
  );
}

/** Whom to ask for a review: slugs of teams, logins of users. */
export interface Ask {
  readonly teams: readonly string[];
  readonly users: readonly string[];
}

/** The people a source names at this moment, and what could not be found out about them. */
export interface Approvers {
  readonly persons: ReadonlySet<Person>;
  /** The same people as GitHub can be asked for them. */
  readonly ask: Ask;
  readonly findings: readonly Finding[];
}

/** The people of a source: members of its teams, its users, and the owners of the path where it says so. */
export function approversOf(
  source: ApproverSource,
  path: string,
  organization: string,
  rules: RuleSet,
  facts: Facts,
): Approvers {
  const persons = new Set<Person>();
  const found: Finding[] = [];
  const ask = { teams: new Set<string>(), users: new Set<string>() };
  const addTeam = (slug: string) => {
    const team = facts.teams[slug.toLowerCase()];
    if (team?.read) {
      ask.teams.add(slug.toLowerCase());
      for (const login of team.members) persons.add(personOf(login, rules.directory));
    } else {
      found.push(
        finding(
          "TEAM_UNREADABLE",
          `the team \`${slug}\` cannot be listed: ${team?.because ?? "it was not read"}`,
        ),
      );
    }
  };
  for (const slug of source.teams) addTeam(slug);
  const addUser = (login: string) => {
    persons.add(personOf(login, rules.directory));
    ask.users.add(login.toLowerCase());
  };
  for (const login of source.users) addUser(login);
  const addOwner = (owner: Owner) => {
    if (owner.kind === "user") addUser(owner.login);
    else if (owner.kind === "email") {
      const person = personOfEmail(owner.email, rules.directory);
      if (person !== null) addUser(person);
    } else if (owner.organization.toLowerCase() === organization.toLowerCase()) addTeam(owner.slug);
    else {
      found.push(finding("TEAM_UNREADABLE", `the team \`${owner.slug}\` belongs to another organisation`));
    }
  };
  if (source.codeowners && rules.codeowners !== null) {
    const ownership = ownersOf(path, rules.codeowners);
    for (const owner of ownership.kind === "owned" ? ownership.owners : []) addOwner(owner);
  }
  return { persons, ask: { teams: [...ask.teams].sort(), users: [...ask.users].sort() }, findings: found };
}

/** Slugs of all teams whose members decide about a request to this path: what has to be asked of GitHub. */
export function teamsToRead(
  path: string,
  policies: readonly ApproverPolicy[],
  rules: RuleSet,
  organization: string,
): readonly string[] {
  const slugs = new Set(rules.settings.administrators.teams.map((slug) => slug.toLowerCase()));
  for (const { require } of policies) {
    for (const { from } of require) for (const slug of from.teams) slugs.add(slug.toLowerCase());
  }
  const ownership = rules.codeowners === null ? null : ownersOf(path, rules.codeowners);
  for (const owner of ownership?.kind === "owned" ? ownership.owners : []) {
    if (owner.kind === "team" && owner.organization.toLowerCase() === organization.toLowerCase()) {
      slugs.add(owner.slug.toLowerCase());
    }
  }
  return [...slugs].sort();
}
