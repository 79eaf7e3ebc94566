import { type Instant, printInstant } from "../domain/time.ts";
import { ForgeError } from "../ports/forge.ts";
import { type Connection, present } from "./facts-answer.ts";
import { askWhole } from "./graphql.ts";
import { understand } from "./outcome.ts";
import type { Target } from "./target.ts";

/** An answer about issues, and who asked: what the app wrote itself is told by that. */
interface IssuesAnswer<Node> {
  readonly viewer: { readonly login: string } | null;
  readonly repository: { readonly issues: Connection<Node> | null } | null;
}

/** 50 issues a page. Beyond, an issue may be opened a second time rather than not at all. */
const PAGES = 40;

/**
 * What a query over the issues on which something happened since an instant finds, page by page, in GitHub's order.
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function findInIssues<Node, Found>(
  doing: string,
  query: string,
  { since, ...variables }: { readonly since: Instant; readonly labels?: readonly string[] | null },
  read: (node: Node, viewer: string) => readonly Found[],
  target: Target,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  let after: string | null = null;
  for (let page = 0; page < PAGES; page++) {
    const answer: IssuesAnswer<Node> = await askWhole<IssuesAnswer<Node>>(
      target.clients.queries,
      doing,
      query,
      {
        owner: target.owner,
        name: target.repo,
        since: printInstant(since),
        ...variables,
        after,
      },
    );
    const viewer = answer.viewer?.login;
    const issues: Connection<Node> | null = answer.repository?.issues ?? null;
    if (viewer === undefined || issues === null)
      throw new ForgeError(`could not ${doing}: GitHub shows none`);
    found.push(...understand(doing, () => present(issues).flatMap((node) => read(node, viewer))));
    after = issues.pageInfo.hasNextPage ? (issues.pageInfo.endCursor ?? null) : null;
    if (after === null) break;
  }
  return found;
}
