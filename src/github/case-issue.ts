import { type CaseReading, unread } from "../ports/cases.ts";
import { instant } from "./facts.ts";
import { attempt, understand } from "./outcome.ts";
import type { Target } from "./target.ts";

/**
 * An issue of a repository of the lockbox's owner as a case. However it was closed, it is resolved; a pull request is
 * no case. In another repository GitHub says the same of an issue that is not there and of one that it does not show.
 * https://docs.github.com/rest/issues/issues#get-an-issue
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function readIssue(repository: string, number: number, target: Target): Promise<CaseReading> {
  const doing = `read issue ${repository}#${number}`;
  const answer = await attempt("issue", doing, () =>
    target.clients.queries.rest.issues.get({ owner: target.owner, repo: repository, issue_number: number }),
  );
  const isOwn = repository.toLowerCase() === target.repo.toLowerCase();
  if (!answer.ok) {
    if (answer.means === "none" && isOwn) return missing;
    const because = answer.means === "none" ? "GitHub shows the app no such issue" : answer.because;
    return unread(`${because} (\`${target.owner}/${repository}#${number}\`)`);
  }
  return understand(doing, () => {
    const { state, closed_at: closedAt, pull_request: pull } = answer.data;
    if (pull !== undefined) return missing;
    if (state === "open") return { fact: { read: true, state: "open" }, resolvedAt: null };
    if (state !== "closed") throw new TypeError("an issue is open or closed");
    return { fact: { read: true, state: "resolved" }, resolvedAt: instant(closedAt) };
  });
}

const missing: CaseReading = { fact: { read: true, state: "missing" }, resolvedAt: null };
