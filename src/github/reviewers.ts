import type { Ask } from "../domain/approver-source.ts";
import { ask as query } from "./graphql.ts";
import type { Part } from "./mutation.ts";
import type { Target } from "./target.ts";

export const reviewPart = {
  field: "requestReviews",
  inputType: "RequestReviewsInput",
  selection: "pullRequest { id }",
} as const satisfies Omit<Part, "input" | "alias">;

/** Names of those to ask, as they are remembered: `team:<slug>`, `user:<login>`. */
export function namesOf({ teams, users }: Ask): readonly string[] {
  return [
    ...teams.map((slug) => `team:${slug.toLowerCase()}`),
    ...users.map((login) => `user:${login.toLowerCase()}`),
  ];
}

/** One write for each of whom a review is asked, and whom each is about. */
export interface ReviewRequests {
  readonly parts: readonly Part[];
  readonly names: ReadonlyMap<string, string>;
  /** Whom GitHub does not know. */
  readonly lost: readonly string[];
}

/**
 * Asks each by a write of its own: GitHub refuses a whole request when one of those named may not be asked (no
 * collaborator, or the author). `union` keeps those who were asked before.
 * https://docs.github.com/graphql/reference/mutations#requestreviews
 *
 * @throws ForgeError when their ids cannot be read
 */
export async function reviewRequests(
  names: readonly string[],
  pullId: string,
  target: Target,
): Promise<ReviewRequests> {
  await learnIds(names, target);
  const parts: Part[] = [];
  const aliases = new Map<string, string>();
  const lost: string[] = [];
  for (const name of names) {
    const id = target.memory.nodeId(name);
    if (id === null) {
      lost.push(name);
      continue;
    }
    const alias = `ask${parts.length}`;
    aliases.set(alias, name);
    const whom = name.startsWith("team:") ? { teamIds: [id] } : { userIds: [id] };
    parts.push({ ...reviewPart, alias, input: { pullRequestId: pullId, union: true, ...whom } });
  }
  return { parts, names: aliases, lost };
}

interface IdsAnswer {
  readonly [user: `u${number}`]: { readonly id: string } | null;
  readonly organization?: Readonly<Record<string, { readonly id: string } | null>> | null;
}

/** Reads the node ids of those that no earlier answer has named: a user need not be in any team. */
async function learnIds(names: readonly string[], target: Target): Promise<void> {
  const unknown = names.filter((name) => target.memory.nodeId(name) === null);
  if (unknown.length === 0) return;
  const users = unknown.filter((name) => name.startsWith("user:"));
  const teams = unknown.filter((name) => name.startsWith("team:"));
  const value = (name: string) => name.slice(5);
  const { data } = await query<IdsAnswer>(
    target.clients.queries,
    "find whom to ask for a review",
    idsQuery(users.length, teams.length),
    {
      ...Object.fromEntries(users.map((name, index) => [`u${index}`, value(name)])),
      ...Object.fromEntries(teams.map((name, index) => [`t${index}`, value(name)])),
      ...(teams.length === 0 ? {} : { owner: target.owner }),
    },
  );
  for (const [index, name] of users.entries()) {
    const id = data[`u${index}`]?.id;
    if (id !== undefined) target.memory.sawNodeId(name, id);
  }
  for (const [index, name] of teams.entries()) {
    const id = data.organization?.[`t${index}`]?.id;
    if (id !== undefined) target.memory.sawNodeId(name, id);
  }
}

/** Node ids of users and teams, by the variables `u0`, … and `t0`, …. */
export function idsQuery(users: number, teams: number): string {
  const count = (length: number) => Array.from({ length }, (_, index) => index);
  const variables = [
    ...(teams === 0 ? [] : ["$owner: String!"]),
    ...count(users).map((index) => `$u${index}: String!`),
    ...count(teams).map((index) => `$t${index}: String!`),
  ];
  const asked = count(users).map((index) => `u${index}: user(login: $u${index}) { id }`);
  const inside = count(teams).map((index) => `t${index}: team(slug: $t${index}) { id }`);
  const organization = teams === 0 ? [] : [`organization(login: $owner) { ${inside.join(" ")} }`];
  return `query Ids(${variables.join(", ")}) { ${[...asked, ...organization].join("\n")} }`;
}
