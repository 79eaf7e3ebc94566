import { notFound } from "./refusal.ts";

/** What a person may do in the repository. https://docs.github.com/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization */
export type RepositoryRole = "none" | "read" | "write" | "admin";

const roleOrder: readonly RepositoryRole[] = ["none", "read", "write", "admin"];

/** Whether one role holds everything another does. */
export function roleIncludes(role: RepositoryRole, needed: RepositoryRole): boolean {
  return roleOrder.indexOf(role) >= roleOrder.indexOf(needed);
}

export type User = {
  kind: "User";
  id: number;
  login: string;
  role: RepositoryRole;
  token: string;
  /** Whether the account has two-factor authentication. */
  secondFactor: boolean;
};

/** The account an app acts as: `name[bot]`, never a member of anything. */
export type Bot = { kind: "Bot"; id: number; login: string; slug: string };

export type Account = User | Bot;

export type Team = { id: number; slug: string; members: Set<string> };

export type PersonSeed = {
  login: string;
  id: number;
  role: RepositoryRole;
  teams: string[];
  /** Left out, the person has one. */
  secondFactor?: boolean;
};

/** The people of the sandbox, as docs/sandbox.md names them. */
export const defaultPeople: readonly PersonSeed[] = [
  { login: "alice", id: 1001, role: "write", teams: ["support"] },
  { login: "bob", id: 1002, role: "write", teams: ["storage-owners"] },
  { login: "carol", id: 1003, role: "write", teams: ["privacy"] },
  { login: "dave", id: 1004, role: "write", teams: ["security"] },
  { login: "erin", id: 1005, role: "write", teams: ["support"] },
  { login: "grace", id: 1006, role: "admin", teams: ["administrators", "oncall-managers"] },
  { login: "otto", id: 1007, role: "read", teams: ["auditors"] },
];

export const defaultTeams: readonly string[] = [
  "support",
  "storage-owners",
  "privacy",
  "security",
  "oncall-managers",
  "administrators",
  "auditors",
];

/** GitHub's own account, which commits what is made on the site. It is nobody here. */
export const webFlow = { name: "GitHub", email: "noreply@github.com" } as const;

/** The users and teams of the organisation. Logins and slugs are found whatever their case, as GitHub does. */
export class People {
  readonly users: User[] = [];
  readonly teams: Team[] = [];
  readonly bot: Bot;

  constructor(bot: Bot, people: readonly PersonSeed[], teams: readonly string[]) {
    this.bot = bot;
    for (const slug of teams) this.team(slug);
    for (const person of people) this.add(person);
  }

  add(person: PersonSeed): User {
    const { login, id, role } = person;
    const { secondFactor = true } = person;
    const user: User = { kind: "User", id, login, role, token: `ghp_sandbox_${login}`, secondFactor };
    this.users.push(user);
    for (const slug of person.teams) this.team(slug).members.add(login);
    return user;
  }

  /** The team of that slug, founded when there is none yet. */
  team(slug: string): Team {
    const known = this.findTeam(slug);
    if (known !== undefined) return known;
    const team: Team = { id: 2001 + this.teams.length, slug, members: new Set() };
    this.teams.push(team);
    return team;
  }

  findTeam(slug: string): Team | undefined {
    return this.teams.find((team) => team.slug === slug.toLowerCase());
  }

  find(login: string): User | undefined {
    return this.users.find((user) => user.login.toLowerCase() === login.toLowerCase());
  }

  get(login: string): User {
    const user = this.find(login);
    if (user === undefined) throw notFound();
    return user;
  }

  members(team: Team): User[] {
    return this.users.filter((user) => team.members.has(user.login));
  }

  teamsOf(user: User): Team[] {
    return this.teams.filter((team) => team.members.has(user.login));
  }

  /** The account that a commit's e-mail address belongs to, if any. */
  byEmail(email: string): Account | undefined {
    const wanted = email.toLowerCase();
    return [this.bot, ...this.users].find((account) => emailsOf(account).includes(wanted));
  }
}

/** The address GitHub signs an account's commits with. https://docs.github.com/account-and-profile/reference/email-addresses-reference */
export function noreplyEmail(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}

function emailsOf(account: Account): string[] {
  const noreply = noreplyEmail(account).toLowerCase();
  return account.kind === "Bot" ? [noreply] : [noreply, `${account.login.toLowerCase()}@acme.example`];
}
