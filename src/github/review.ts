import { parseGrantId } from "../domain/oid.ts";
import type { Instant } from "../domain/time.ts";
import { reviewIssueOf } from "../output/review.ts";
import type { ReviewIssue, ReviewToOpen } from "../ports/forge.ts";
import { accountOf } from "./account.ts";
import { instant } from "./facts.ts";
import { type Nodes, present, type Who } from "./facts-answer.ts";
import { findInIssues } from "./found-issues.ts";
import { issueNumber } from "./issue.ts";
import { isUntouched } from "./marker.ts";
import { expect, understand } from "./outcome.ts";
import { saidIn } from "./saying.ts";
import { place, type Target } from "./target.ts";

/** How an issue of a review is found among others, by people; the app finds it by its marker. */
export const REVIEW_LABEL = "grantbox: emergency review";
const MARKER = /^<!-- grantbox review (\S{1,100}) -->/;
const LIMIT = 65_536;

export const REVIEW_ISSUES_QUERY = `query ReviewIssues($owner: String!, $name: String!, $since: DateTime!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    issues(first: 50, after: $after, filterBy: { since: $since }, orderBy: { field: CREATED_AT, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes {
        number state body viewerDidAuthor lastEditedAt editor { login }
        timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) {
          nodes { ... on ClosedEvent { createdAt actor { __typename login ... on User { databaseId } } } }
        }
        comments(last: 100) { nodes { body viewerDidAuthor lastEditedAt editor { login } } }
      }
    }
  }
}`;

interface Written {
  readonly body: string;
  readonly viewerDidAuthor: boolean;
  readonly lastEditedAt: string | null;
  readonly editor: { readonly login: string } | null;
}

interface IssueNode extends Written {
  readonly number: number;
  readonly state: "OPEN" | "CLOSED";
  readonly timelineItems: Nodes<{ readonly createdAt?: string; readonly actor?: Who | null }> | null;
  readonly comments: Nodes<Written> | null;
}

/**
 * The issues that the app opened for reviews of emergencies, of those on which something happened since an instant,
 * oldest first. One whose text somebody else has edited is none: it could be made to be about another grant.
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function reviewIssues(since: Instant, target: Target): Promise<readonly ReviewIssue[]> {
  const doing = "look for the issues of emergency reviews";
  return findInIssues(doing, REVIEW_ISSUES_QUERY, { since }, reviewIssueIn, target);
}

function reviewIssueIn(node: IssueNode, viewer: string): ReviewIssue[] {
  const [, id = ""] = node.viewerDidAuthor && isUntouched(node, viewer) ? (MARKER.exec(node.body) ?? []) : [];
  const grant = parseGrantId(id);
  if (grant === null) return [];
  const [closing] = present(node.timelineItems);
  return [
    {
      issue: issueNumber(node.number),
      grant,
      closed:
        node.state === "CLOSED"
          ? { by: accountOf(closing?.actor), at: instant(closing?.createdAt ?? null) }
          : null,
      said: saidIn(present(node.comments), viewer),
    },
  ];
}

/**
 * Opens the issue in which an emergency is reviewed. https://docs.github.com/rest/issues/issues#create-an-issue
 *
 * @throws ForgeError when it is unknown whether it was opened; then the next look finds it
 */
export async function openReview(review: ReviewToOpen, target: Target): Promise<ReviewIssue> {
  const { title, body } = reviewIssueOf(review, target.owner);
  const { grant } = review.history.activation;
  const doing = `open the issue for the review of ${grant}`;
  const opened = await expect(doing, () =>
    target.clients.calls.rest.issues.create({
      ...place(target),
      title,
      body: `<!-- grantbox review ${grant} -->\n${body}`.slice(0, LIMIT),
      labels: [REVIEW_LABEL],
    }),
  );
  const issue = understand(doing, () => issueNumber(opened.number));
  return { issue, grant, closed: null, said: new Set() };
}

/** https://docs.github.com/rest/issues/issues#update-an-issue */
export async function reopenIssue(issue: number, target: Target): Promise<void> {
  await expect(`open issue #${issue} again`, () =>
    target.clients.calls.rest.issues.update({ ...place(target), issue_number: issue, state: "open" }),
  );
}
