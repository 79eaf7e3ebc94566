import { type Owner, ownersOf } from "./codeowners.ts";
import type { Facts } from "./facts.ts";
import { type Finding, finding } from "./finding.ts";
import { type Directory, managersOf, type Person, personOf, personOfEmail, teamOf } from "./person.ts";
import type { RuleSet } from "./rule-set.ts";

/** Teams, by slug, and single people, by login. */
export interface Group {
  readonly teams: readonly string[];
  readonly users: readonly string[];
}

/** The roles of the lockbox itself (`Settings.roles`). */
export const roleNames = ["request", "approve", "audit", "administer"] as const;
export type RoleName = (typeof roleNames)[number];

/** Whose approval counts: the union of all that is named, without those whom `not` names. */
export interface ApproverSource extends Group {
  readonly codeowners: boolean;
  readonly roles: readonly RoleName[];
  readonly requesterManagers: boolean;
  readonly not: Group;
}

export const nobody: Group = { teams: [], users: [] };

/** A source of which only some parts are named. */
export function sourceOf(parts: Partial<ApproverSource>): ApproverSource {
  return { codeowners: false, ...nobody, roles: [], requesterManagers: false, not: nobody, ...parts };
}

/** Everybody of a group. */
export function sourceOfGroup(group: Group): ApproverSource {
  const source = ofGroups.get(group) ?? sourceOf({ teams: group.teams, users: group.users });
  ofGroups.set(group, source);
  return source;
}

/** The groups of the settings are asked about in every decision. */
const ofGroups = new WeakMap<Group, ApproverSource>();

/** A source's identity: requirements of different policies with the same source ask for the same people. */
export function sourceKey(source: ApproverSource): string {
  const key = keys.get(source) ?? keyOf(source);
  keys.set(source, key);
  return key;
}

const keys = new WeakMap<ApproverSource, string>();

function keyOf({ codeowners, teams, users, roles, requesterManagers, not }: ApproverSource): string {
  const sorted = (names: readonly string[]) => [...new Set(names.map((name) => name.toLowerCase()))].sort();
  const excluded = [sorted(not.teams), sorted(not.users)];
  return JSON.stringify([
    codeowners,
    sorted(teams),
    sorted(users),
    sorted(roles),
    requesterManagers,
    excluded,
  ]);
}

/** Whom to ask for a review: slugs of teams, logins of users. */
export interface Ask {
  readonly teams: readonly string[];
  readonly users: readonly string[];
}

/** Everybody whom groups name, as GitHub can be asked for them: it does not know the teams of the directory. */
export function askOf(groups: readonly Group[], directory: Directory): Ask {
  const slugs = groups.flatMap(({ teams }) => teams);
  const logins = [
    ...groups.flatMap(({ users }) => users),
    ...slugs.flatMap((slug) => teamOf(slug, directory)?.members ?? []),
  ];
  const names = (of: readonly string[]) => [...new Set(of.map((name) => name.toLowerCase()))].sort();
  return { teams: names(slugs.filter((slug) => teamOf(slug, directory) === null)), users: names(logins) };
}

/** The people a source names at this moment, and what could not be found out about them. */
export interface Approvers {
  readonly persons: ReadonlySet<Person>;
  /** The same people as GitHub can be asked for them. */
  readonly ask: Ask;
  readonly findings: readonly Finding[];
}

/** Where people are looked up. */
export interface Lookup {
  /** Path of the grant file, for its code owners. */
  readonly path: string;
  readonly organization: string;
  /** Login of who asks, for their managers. */
  readonly requester: string;
  readonly rules: RuleSet;
  readonly facts: Pick<Facts, "teams">;
}

/** The people of a source: all whom it names, as directory, teams and CODEOWNERS say now. */
export function approversOf(source: ApproverSource, lookup: Lookup): Approvers {
  const { rules, organization } = lookup;
  const gathered = new Gathering(lookup);
  gathered.group(source);
  for (const role of source.roles) for (const group of groupsOfRole(role, rules)) gathered.group(group);
  if (source.requesterManagers) {
    for (const login of managersOf(lookup.requester, rules.directory)) gathered.user(login);
  }
  if (source.codeowners && rules.codeowners !== null) {
    const ownership = ownersOf(lookup.path, rules.codeowners);
    for (const owner of ownership.kind === "owned" ? ownership.owners : [])
      gathered.owner(owner, organization);
  }
  return without(source.not, gathered.result(), lookup);
}

/** Those who stay when a group is taken out. INVARIANT 4: while the group cannot be listed, anybody may be of it. */
function without(group: Group, approvers: Approvers, lookup: Lookup): Approvers {
  if (group.teams.length + group.users.length === 0) return approvers;
  const gathered = new Gathering(lookup);
  gathered.group(group);
  const excluded = gathered.result();
  const findings = [...approvers.findings, ...excluded.findings];
  if (excluded.findings.length > 0) return { persons: new Set(), ask: nobody, findings };
  const { directory } = lookup.rules;
  const users = approvers.ask.users.filter((login) => !excluded.persons.has(personOf(login, directory)));
  const persons = new Set([...approvers.persons].filter((person) => !excluded.persons.has(person)));
  return { persons, ask: { ...approvers.ask, users }, findings };
}

/** The groups that hold a role; none where the settings do not give it to anybody by name. */
export function groupsOfRole(role: RoleName, { settings }: Pick<RuleSet, "settings">): readonly Group[] {
  switch (role) {
    case "request":
      return settings.eligibility ?? [];
    case "approve":
      return settings.approvers === null ? [] : [settings.approvers];
    case "audit":
      return [settings.auditors];
    case "administer":
      return [settings.administrators];
  }
}

class Gathering {
  readonly #persons = new Set<Person>();
  readonly #findings: Finding[] = [];
  readonly #teams = new Set<string>();
  readonly #users = new Set<string>();
  readonly #lookup: Lookup;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  group({ teams, users }: Group): void {
    for (const slug of teams) this.#team(slug);
    for (const login of users) this.user(login);
  }

  user(login: string): void {
    this.#persons.add(personOf(login, this.#lookup.rules.directory));
    this.#users.add(login.toLowerCase());
  }

  owner(owner: Owner, organization: string): void {
    if (owner.kind === "user") this.user(owner.login);
    else if (owner.kind === "email") {
      const person = personOfEmail(owner.email, this.#lookup.rules.directory);
      if (person !== null) this.user(person);
    } else if (owner.organization.toLowerCase() === organization.toLowerCase()) this.#githubTeam(owner.slug);
    else {
      this.#findings.push(
        finding("TEAM_UNREADABLE", `the team \`${owner.slug}\` belongs to another organisation`),
      );
    }
  }

  /** A team that the directory defines is what the directory says; GitHub is asked for all others. */
  #team(slug: string): void {
    const defined = teamOf(slug, this.#lookup.rules.directory);
    if (defined === null) this.#githubTeam(slug);
    else for (const login of defined.members) this.user(login);
  }

  #githubTeam(slug: string): void {
    const team = this.#lookup.facts.teams[slug.toLowerCase()];
    if (team?.read) {
      this.#teams.add(slug.toLowerCase());
      for (const login of team.members) this.#persons.add(personOf(login, this.#lookup.rules.directory));
      return;
    }
    this.#findings.push(
      finding(
        "TEAM_UNREADABLE",
        `the team \`${slug}\` cannot be listed: ${team?.because ?? "it was not read"}`,
      ),
    );
  }

  result(): Approvers {
    return {
      persons: this.#persons,
      ask: { teams: [...this.#teams].sort(), users: [...this.#users].sort() },
      findings: this.#findings,
    };
  }
}
