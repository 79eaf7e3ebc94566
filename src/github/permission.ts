import { attempt } from "./outcome.ts";
import { place, type Target } from "./target.ts";

/**
 * Whether a login may write to the repository. GitHub words `maintain` as `write` and `triage` as `read` here.
 * https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function mayWrite(login: string, target: Target): Promise<boolean> {
  return ["admin", "write", "maintain"].includes(await permissionOf(login, target));
}

/**
 * Whether a login may read the repository; of a public one everybody may.
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function mayRead(login: string, target: Target): Promise<boolean> {
  return ["admin", "write", "maintain", "triage", "read"].includes(await permissionOf(login, target));
}

async function permissionOf(login: string, target: Target): Promise<string> {
  const answer = await attempt("permission", "read what somebody may do in the repository", () =>
    target.clients.queries.rest.repos.getCollaboratorPermissionLevel({ ...place(target), username: login }),
  );
  return answer.ok ? answer.data.permission : "none";
}

/**
 * Whether a login is in a team of the organisation; an invitation that waits is no membership.
 * https://docs.github.com/rest/teams/members#get-team-membership-for-a-user
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function isInTeam(login: string, slug: string, target: Target): Promise<boolean> {
  const answer = await attempt("membership", "read who is in a team", () =>
    target.clients.queries.rest.teams.getMembershipForUserInOrg({
      org: target.owner,
      team_slug: slug,
      username: login,
    }),
  );
  return answer.ok && answer.data.state === "active";
}
