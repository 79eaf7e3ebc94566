import type { Comment, OwnerError, Review } from "../domain/facts.ts";
import { oid, parseOid } from "../domain/oid.ts";
import type { Account } from "../domain/person.ts";
import type { Shown } from "../domain/plan.ts";
import { type Instant, parseInstant } from "../domain/time.ts";
import type { PullReading } from "../ports/forge.ts";
import { accountOf, isViewer } from "./account.ts";
import {
  type CommentNode,
  type FactsAnswer,
  type PullNode,
  present,
  type ReviewNode,
  type RunNode,
} from "./facts-answer.ts";
import { type GraphError, touches } from "./graphql.ts";
import type { Living } from "./marker.ts";

const states = {
  APPROVED: "approved",
  CHANGES_REQUESTED: "changes-requested",
  COMMENTED: "commented",
  DISMISSED: "dismissed",
} as const;

/** Submitted reviews; a draft of a review (`PENDING`) is nobody's word yet. Throws on one without a number or a time. */
export function reviewsOf(nodes: readonly ReviewNode[]): readonly Review[] {
  return nodes.flatMap(({ state, fullDatabaseId, author, commit, submittedAt, body }) =>
    state === "PENDING"
      ? []
      : [
          {
            id: numberOf(fullDatabaseId),
            author: accountOf(author),
            state: states[state],
            commit: commit === null ? null : parseOid(commit.oid),
            submittedAt: instant(submittedAt),
            body,
          },
        ],
  );
}

/** The conversation without the app's own part: what it says itself is never a command. */
export function commentsOf(nodes: readonly CommentNode[], isApp: boolean): readonly Comment[] {
  return nodes
    .filter(({ viewerDidAuthor }) => !(isApp && viewerDidAuthor))
    .map(({ fullDatabaseId, author, body, createdAt, lastEditedAt }) => ({
      id: numberOf(fullDatabaseId),
      author: accountOf(author),
      body,
      createdAt: instant(createdAt),
      edited: lastEditedAt !== null,
    }));
}

/** What GitHub says is wrong with CODEOWNERS; when it cannot say, that is what is wrong (invariant 4). */
export function ownerErrorsOf(
  { repository }: FactsAnswer,
  errors: readonly GraphError[],
): readonly OwnerError[] {
  const unread = errors.find((one) => touches(one, ["repository", "codeowners"]));
  if (unread !== undefined) {
    const message = `GitHub could not say whether CODEOWNERS is valid: ${unread.message}`;
    return [{ line: 1, column: 1, kind: "Unreadable", message, path: ".github/CODEOWNERS" }];
  }
  return (repository?.codeowners?.errors ?? []).map(({ line, column, kind, message, path }) => ({
    line,
    column,
    kind,
    message,
    path,
  }));
}

/** When and by what it was merged; throws when GitHub calls it merged and names no commit. */
export function mergeOf({ state, mergedBy, mergeCommit }: PullNode, viewer: string): PullReading["merge"] {
  if (state !== "MERGED") return null;
  if (mergeCommit === null) throw new TypeError("merged, but by no commit");
  return { commit: oid(mergeCommit.oid), byApp: isViewer(mergedBy, viewer) };
}

/** The app's own check run on the head; whoever else uses the name is in another app's suite. */
export function ownRun({ tip, headRefOid }: PullNode): RunNode | null {
  const [last] = present(tip);
  const commit = last?.commit ?? null;
  if (commit === null || commit.oid !== headRefOid) return null;
  return present(commit.checkSuites).flatMap(({ checkRuns }) => present(checkRuns))[0] ?? null;
}

/** What is shown already. A run that waits to be made again (`QUEUED`, by "re-run") shows nothing. */
export function shownOf(
  pull: PullNode,
  living: Living | null,
  said: ReadonlySet<string>,
): PullReading["shown"] {
  const run = ownRun(pull);
  const isShown = run !== null && (run.status === "COMPLETED" || run.status === "IN_PROGRESS");
  return {
    state: pull.state === "OPEN" ? "open" : pull.state === "MERGED" ? "merged" : "closed",
    closedBy: closedBy(pull),
    check: isShown ? run.externalId : null,
    comment: living?.fingerprint ?? null,
    asked: new Set([...(living?.asked ?? []), ...askedNow(pull)]),
    said,
  } satisfies Omit<Shown, "closure">;
}

function closedBy({ state, timelineItems }: PullNode): Account | null {
  return state === "CLOSED" ? accountOf(present(timelineItems)[0]?.actor) : null;
}

/** Whose review is asked for at this moment; GitHub takes a request away once it is answered. */
function askedNow({ reviewRequests }: PullNode): readonly string[] {
  return present(reviewRequests).flatMap(({ requestedReviewer }) => {
    if (requestedReviewer?.slug !== undefined) return [`team:${requestedReviewer.slug.toLowerCase()}`];
    if (requestedReviewer?.login !== undefined) return [`user:${requestedReviewer.login.toLowerCase()}`];
    return [];
  });
}

export function instant(text: string | null): Instant {
  const parsed = text === null ? null : parseInstant(text);
  if (parsed === null) throw new TypeError("no time where there must be one");
  return parsed;
}

function numberOf(text: string | null): number {
  const number = Number(text ?? Number.NaN);
  if (!Number.isSafeInteger(number)) throw new TypeError("no number where there must be one");
  return number;
}
