import { attempt } from "./outcome.ts";
import { place, type Target } from "./target.ts";

/**
 * Whether a login may write to the repository. GitHub words `maintain` as `write` and `triage` as `read` here.
 * https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function mayWrite(login: string, target: Target): Promise<boolean> {
  const answer = await attempt("permission", "read what somebody may do in the repository", () =>
    target.clients.queries.rest.repos.getCollaboratorPermissionLevel({ ...place(target), username: login }),
  );
  return answer.ok && ["admin", "write", "maintain"].includes(answer.data.permission);
}
