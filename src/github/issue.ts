import { parsePullNumber } from "../domain/oid.ts";
import { issueOf } from "../output/issue.ts";
import type { Report } from "../ports/forge.ts";
import { type Connection, present } from "./facts-answer.ts";
import { askWhole } from "./graphql.ts";
import { expect } from "./outcome.ts";
import { place, type Target } from "./target.ts";

export const OPEN_ISSUES_QUERY = `query OpenIssues($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: 100, after: $after, states: [OPEN], orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes { title viewerDidAuthor }
    }
  }
}`;

interface OpenIssuesAnswer {
  readonly repository: {
    readonly issues: Connection<{ readonly title: string; readonly viewerDidAuthor: boolean }> | null;
  } | null;
}

/** 100 issues a page; beyond, an issue may be opened a second time rather than not at all. */
const PAGES = 20;

/**
 * Opens an issue about a finding unless the app has opened one of the same title that is still open. Somebody else's
 * issue of that title does not keep the finding quiet.
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function openIssue(report: Report, target: Target): Promise<void> {
  const { title, body } = issueOf(report);
  if (await isOpen(title, target)) return;
  await expect("open an issue", () =>
    target.clients.calls.rest.issues.create({ ...place(target), title, body }),
  );
}

async function isOpen(title: string, target: Target): Promise<boolean> {
  let after: string | null = null;
  for (let page = 0; page < PAGES; page++) {
    const answer: OpenIssuesAnswer = await askWhole<OpenIssuesAnswer>(
      target.clients.queries,
      "look for an open issue",
      OPEN_ISSUES_QUERY,
      { owner: target.owner, name: target.repo, after },
    );
    const issues = answer.repository?.issues ?? null;
    if (present(issues).some((issue) => issue.viewerDidAuthor && issue.title === title)) return true;
    after = issues?.pageInfo.hasNextPage ? (issues.pageInfo.endCursor ?? null) : null;
    if (after === null) return false;
  }
  return false;
}

/** The number of an issue, as GitHub gave it. */
export function issueNumber(value: number): number {
  const number = parsePullNumber(value);
  if (number === null) throw new TypeError("an issue without a number");
  return number;
}
