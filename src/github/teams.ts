import type { Team } from "../domain/facts.ts";
import { MEMBERS_QUERY } from "./facts.graphql.ts";
import { type MemberNode, type MembersAnswer, present, type TeamNode, whole } from "./facts-answer.ts";
import { ask, type GraphError, touches } from "./graphql.ts";
import type { Target } from "./target.ts";

/** 100 members a page: a team of 5,000 is listed whole, a larger one approves nothing. */
const PAGES = 50;

/**
 * The members of one team of the one query's answer. A team that is null, that an error is about, or that cannot be
 * listed whole is unread, and its members' approvals do not count (invariant 4).
 */
export async function readTeam(
  slug: string,
  alias: string,
  node: TeamNode | null,
  errors: readonly GraphError[],
  target: Target,
): Promise<Team> {
  const error = errors.find((one) => touches(one, ["organization", alias]));
  if (error !== undefined) return { read: false, because: `GitHub says: ${error.message}` };
  if (node === null)
    return { read: false, because: "GitHub knows no such team, or does not show it to the app" };
  target.memory.sawNodeId(`team:${slug}`, node.id);
  const members: MemberNode[] = [];
  let page = node.members;
  for (let count = 0; ; count++) {
    if (page === null || page.nodes === null || page.nodes.includes(null)) {
      return { read: false, because: "GitHub did not list all its members" };
    }
    members.push(...present(page));
    if (whole(page)) break;
    if (count === PAGES) return { read: false, because: "it has more members than Grantbox reads" };
    const after = page.pageInfo.endCursor ?? null;
    const more = await ask<MembersAnswer>(
      target.clients.queries,
      "list the members of a team",
      MEMBERS_QUERY,
      {
        owner: target.owner,
        slug,
        after,
      },
    );
    if (more.errors[0] !== undefined)
      return { read: false, because: `GitHub says: ${more.errors[0].message}` };
    page = more.data.organization?.team?.members ?? null;
  }
  for (const { login, id } of members) target.memory.sawNodeId(`user:${login.toLowerCase()}`, id);
  return { read: true, members: members.map(({ login }) => login) };
}
