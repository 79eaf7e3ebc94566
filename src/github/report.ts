import type { Month } from "../domain/month.ts";
import type { Instant } from "../domain/time.ts";
import type { MonthlyReport } from "../ports/forge.ts";
import { findInIssues } from "./found-issues.ts";
import { issueNumber } from "./issue.ts";
import { isUntouched } from "./marker.ts";
import { expect, understand } from "./outcome.ts";
import { place, type Target } from "./target.ts";

/** How people find the issues of the reports among others; the app finds them by their marker. */
export const REPORT_LABEL = "grantbox: monthly report";
const MARKER = /^<!-- grantbox report (\d{4}-\d{2}) -->/;
const LIMIT = 65_536;

export const REPORT_ISSUES_QUERY = `query ReportIssues($owner: String!, $name: String!, $since: DateTime!, $labels: [String!], $after: String) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    issues(first: 50, after: $after, labels: $labels, filterBy: { since: $since }, orderBy: { field: CREATED_AT, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes { number body viewerDidAuthor lastEditedAt editor { login } }
    }
  }
}`;

interface IssueNode {
  readonly number: number;
  readonly body: string;
  readonly viewerDidAuthor: boolean;
  readonly lastEditedAt: string | null;
  readonly editor: { readonly login: string } | null;
}

type Found = ReadonlyMap<string, readonly number[]>;

/**
 * The issues that the app opened for the reports of these months, by month, oldest first. They are looked for by their
 * label, and where that finds none, since anybody who triages may take it off, among all issues on which something
 * happened since the month was over. One whose text somebody else has edited is no report any more.
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function reportIssues(months: readonly Month[], target: Target): Promise<Found> {
  const [oldest] = months;
  if (oldest === undefined) return new Map();
  const labelled = await issuesSince(oldest.to, [REPORT_LABEL], target);
  const missing = months.filter(({ name }) => !labelled.has(name));
  const [oldestMissing] = missing;
  if (oldestMissing === undefined) return labelled;
  const all = await issuesSince(oldestMissing.to, null, target);
  return new Map([
    ...labelled,
    ...missing.flatMap(({ name }): [string, readonly number[]][] => {
      const found = all.get(name);
      return found === undefined ? [] : [[name, found]];
    }),
  ]);
}

async function issuesSince(since: Instant, labels: readonly string[] | null, target: Target): Promise<Found> {
  const doing = "look for the issues of monthly reports";
  const found = await findInIssues(doing, REPORT_ISSUES_QUERY, { since, labels }, reportIn, target);
  const byMonth = Map.groupBy(found, ({ month }) => month);
  return new Map(
    [...byMonth].map(([month, its]) => [month, its.map(({ issue }) => issue).toSorted((a, b) => a - b)]),
  );
}

function reportIn(node: IssueNode, viewer: string) {
  const [, month] = node.viewerDidAuthor && isUntouched(node, viewer) ? (MARKER.exec(node.body) ?? []) : [];
  return month === undefined ? [] : [{ month, issue: issueNumber(node.number) }];
}

/**
 * Opens the issue with the report of a month. https://docs.github.com/rest/issues/issues#create-an-issue
 *
 * @throws ForgeError when it is unknown whether it was opened; then the next look finds it
 */
export async function openReport({ month, title, body }: MonthlyReport, target: Target): Promise<number> {
  const doing = `open the issue with the report of ${month}`;
  const opened = await expect(doing, () =>
    target.clients.calls.rest.issues.create({
      ...place(target),
      title,
      body: `<!-- grantbox report ${month} -->\n${body}`.slice(0, LIMIT),
      labels: [REPORT_LABEL],
    }),
  );
  return understand(doing, () => issueNumber(opened.number));
}

/**
 * Closes an issue that has the same report as another, and takes the report out of it, so that it is none any more.
 * https://docs.github.com/rest/issues/issues#update-an-issue
 */
export async function retireReport(issue: number, other: number, target: Target): Promise<void> {
  await expect(`close issue #${issue}, whose report is in #${other}`, () =>
    target.clients.calls.rest.issues.update({
      ...place(target),
      issue_number: issue,
      state: "closed",
      state_reason: "not_planned",
      body: `This report was opened twice in the same moment. It is in #${other}.`,
    }),
  );
}
