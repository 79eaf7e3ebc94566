import { ForgeError } from "../ports/forge.ts";
import { REPOSITORY_QUERY } from "./facts.graphql.ts";
import type { RepositoryNode } from "./facts-answer.ts";
import { askWhole } from "./graphql.ts";
import type { RepositorySighting } from "./memory.ts";
import type { Target } from "./target.ts";

/**
 * Node id and default branch of the repository, as an earlier answer said or, where there was none, as one query says.
 *
 * @throws ForgeError when the repository cannot be read
 */
export async function repositoryOf(target: Target): Promise<RepositorySighting> {
  if (target.memory.repository !== null) return target.memory.repository;
  const doing = `read the repository ${target.owner}/${target.repo}`;
  const { repository } = await askWhole<{ readonly repository: RepositoryNode | null }>(
    target.clients.queries,
    doing,
    REPOSITORY_QUERY,
    { owner: target.owner, name: target.repo },
  );
  const defaultBranch = repository?.defaultBranchRef?.name;
  if (repository === null || defaultBranch === undefined) {
    throw new ForgeError(`could not ${doing}: GitHub shows no default branch of it`);
  }
  target.memory.repository = { id: repository.id, defaultBranch };
  return target.memory.repository;
}
