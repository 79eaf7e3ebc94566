import { owedReviews, reviewDue, reviewersToCall, reviewRefusal } from "../domain/emergency-review.ts";
import { beginningOf, type GrantHistory } from "../domain/lifecycle.ts";
import { type Saying, sayingKey } from "../domain/saying.ts";
import { hours, type Instant, instantOf } from "../domain/time.ts";
import type { ReviewIssue, ReviewToOpen } from "../ports/forge.ts";
import type { LoadedRules } from "../rules/load.ts";
import type { Lockbox } from "./context.ts";
import { recordOnce } from "./journal.ts";
import type { LedgerState } from "./ledger.ts";

/** Issues are looked for from a little before the activation on: clocks differ. */
const MARGIN = hours(1);

/**
 * Every emergency that nobody has reviewed has an issue for that, and a loud word on its pull request; whoever closes
 * the issue has reviewed it, unless they may not: then it is opened again. Needs no memory, and costs nothing where
 * there is no such grant.
 */
export async function convergeReviews(state: LedgerState, lockbox: Lockbox): Promise<void> {
  const owed = owedReviews(state.histories, state.reviews).filter(
    ({ activation }) => !lockbox.merges.reviewed.has(activation.grant),
  );
  if (owed.length === 0) return;
  const since = await Promise.all(owed.map((history) => openedAfter(history, lockbox)));
  const issues = await lockbox.forge.reviewIssues(instantOf(Math.min(...since)));
  const reading = await lockbox.rules.at(state.main);
  for (const history of owed) {
    const { grant } = history.activation;
    const review = await reviewOf(history, reading.ok ? reading.loaded : null, lockbox);
    const known = issues.find((issue) => issue.grant === grant);
    const issue = known ?? (await lockbox.forge.openReview(review));
    if (known === undefined) lockbox.log("opened the review of an emergency", { grant, issue: issue.issue });
    await announce(review, issue, lockbox);
    if (issue.closed !== null && reading.ok) await settle(review, issue, reading.loaded, lockbox);
    else if (issue.closed === null) await remind(review, issue, lockbox);
  }
}

/** No later than the issue can have been opened: the commit that was judged is older than the activation. */
async function openedAfter(history: GrantHistory, lockbox: Lockbox): Promise<Instant> {
  const { base, validFrom } = beginningOf(history);
  const { committedAt } = await lockbox.history.commit(base);
  return instantOf(Math.min(committedAt, validFrom) - MARGIN);
}

async function reviewOf(
  history: GrantHistory,
  loaded: LoadedRules | null,
  { rules, owner }: Lockbox,
): Promise<ReviewToOpen> {
  const under = await rules.at(beginningOf(history).base);
  return {
    history,
    due: reviewDue(history, under.ok ? under.loaded.rules.policies : []),
    to: loaded === null ? { teams: [], users: [] } : reviewersToCall(history, owner, loaded.rules),
  };
}

/** The loud word on the pull request, once. */
async function announce(review: ReviewToOpen, { issue }: ReviewIssue, lockbox: Lockbox): Promise<void> {
  const { forge, merges } = lockbox;
  const { grant } = review.history.activation;
  if (merges.announced.has(grant)) return;
  const { pull } = beginningOf(review.history);
  const saying: Saying = { kind: "emergency", ...review, issue };
  const reading = await forge.read(pull, []);
  if (reading !== null && !reading.shown.said.has(sayingKey(saying))) await forge.say(pull, saying);
  merges.announced.add(grant);
}

/** What a closed issue means: the review is on record, or it is opened again. */
async function settle(
  { history }: ReviewToOpen,
  { issue, closed, said, grant }: ReviewIssue,
  { rules }: LoadedRules,
  lockbox: Lockbox,
): Promise<void> {
  if (closed === null) return;
  const { by, at } = closed;
  const because = reviewRefusal(by, history, rules.directory);
  if (because === null && by !== null) {
    const reviewedBy = { login: by.login, id: by.id };
    await recordOnce(lockbox, { event: "reviewed", grant, issue, reviewedBy, at });
    lockbox.merges.reviewed.add(grant);
    // a request of the subject may have waited for this
    lockbox.again({ kind: "sweep" });
    return;
  }
  const saying: Saying = {
    kind: "review-refused",
    closedAt: at,
    by: by?.login ?? null,
    because: because ?? "account-is-gone",
  };
  if (!said.has(sayingKey(saying))) await lockbox.forge.say(issue, saying);
  await lockbox.forge.reopenIssue(issue);
  lockbox.log("opened the review of an emergency again", { grant, issue, because });
}

/** Says once that a review is overdue. */
async function remind(review: ReviewToOpen, { issue, said }: ReviewIssue, lockbox: Lockbox): Promise<void> {
  if (lockbox.clock.now() < review.due) {
    lockbox.again({ kind: "grants" }, review.due);
    return;
  }
  const saying: Saying = { kind: "review-overdue", due: review.due, to: review.to };
  if (!said.has(sayingKey(saying))) await lockbox.forge.say(issue, saying);
}
