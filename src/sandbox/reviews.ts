import { type Actor, sameAccount } from "./actor.ts";
import { pullSummaryJson, reviewJson } from "./json-pull.ts";
import { type Account, roleIncludes } from "./people.ts";
import type { Pull } from "./pulls.ts";
import { notFound, Refusal } from "./refusal.ts";
import { answerRequests } from "./review-requests.ts";
import { announce } from "./webhook-payloads.ts";
import { nextId, type World } from "./world.ts";

type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";

export type ReviewEvent = "APPROVE" | "REQUEST_CHANGES" | "COMMENT";

/** A review is of one commit, and stays of that commit whatever is pushed later. */
export type Review = {
  id: number;
  number: number;
  author: Account;
  state: ReviewState;
  body: string;
  commit: string;
  submittedAt: string;
  updatedAt: string;
};

const stateOf: Record<ReviewEvent, ReviewState> = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
};

export function findReview(world: World, pull: Pull, id: number): Review {
  const review = world.reviews.get(id);
  if (review?.number !== pull.number) throw notFound();
  return review;
}

/**
 * Reviews. Nobody may approve or turn down what is their own; anybody who can read may review.
 * https://docs.github.com/rest/pulls/reviews#create-a-review-for-a-pull-request
 */
export async function submitReview(
  world: World,
  actor: Actor,
  pull: Pull,
  said: { event: ReviewEvent; body: string; commit: string | undefined },
): Promise<Review> {
  const own = sameAccount(actor.account, pull.author);
  if (own && said.event === "APPROVE") {
    throw new Refusal(422, "Unprocessable Entity", ["Review Can not approve your own pull request"]);
  }
  if (own && said.event === "REQUEST_CHANGES") {
    throw new Refusal(422, "Unprocessable Entity", [
      "Review Can not request changes on your own pull request",
    ]);
  }
  if (said.body === "" && said.event !== "APPROVE") {
    throw new Refusal(422, "Unprocessable Entity", ["Review body is required"]);
  }
  const commit = said.commit ?? pull.head.sha;
  if (commit !== pull.head.sha && (await world.objects.commit(commit)) === undefined) {
    throw new Refusal(422, "Unprocessable Entity", ["The commit_id is not part of the pull request"]);
  }
  const at = world.clock.stamp();
  const review: Review = {
    id: nextId(world),
    number: pull.number,
    author: actor.account,
    state: stateOf[said.event],
    body: said.body,
    commit,
    submittedAt: at,
    updatedAt: at,
  };
  world.reviews.set(review.id, review);
  answerRequests(world, pull, actor.account.login);
  pull.updatedAt = at;
  tell(world, actor, pull, review, "submitted");
  return review;
}

/** Changes a review's text; only its author may. https://docs.github.com/rest/pulls/reviews#update-a-review-for-a-pull-request */
export async function editReview(
  world: World,
  actor: Actor,
  pull: Pull,
  review: Review,
  body: string,
): Promise<void> {
  if (!sameAccount(actor.account, review.author)) throw new Refusal(403, "Must be the author of the review");
  const from = review.body;
  review.body = body;
  review.updatedAt = world.clock.stamp();
  tell(world, actor, pull, review, "edited", { changes: { body: { from } } });
}

/**
 * Dismisses an approval or a refusal. An older review of the same person does not count again by it: GitHub
 * keeps each as it is. https://docs.github.com/rest/pulls/reviews#dismiss-a-review-for-a-pull-request
 */
export async function dismissReview(
  world: World,
  actor: Actor,
  pull: Pull,
  review: Review,
  message: string,
): Promise<void> {
  if (actor.kind === "user" && !roleIncludes(actor.account.role, "write")) {
    throw new Refusal(403, "Must have push access to repository");
  }
  if (message === "") throw new Refusal(422, "Unprocessable Entity", ["Message can't be blank"]);
  if (review.state === "COMMENTED") throw new Refusal(422, "Can not dismiss a commented pull request review");
  if (review.state === "DISMISSED") throw new Refusal(422, "Can not dismiss a dismissed pull request review");
  review.state = "DISMISSED";
  review.updatedAt = world.clock.stamp();
  pull.updatedAt = review.updatedAt;
  tell(world, actor, pull, review, "dismissed");
}

function tell(
  world: World,
  actor: Actor,
  pull: Pull,
  review: Review,
  action: "submitted" | "edited" | "dismissed",
  more: Record<string, unknown> = {},
): void {
  announce(world, actor.account, "pull_request_review", action, {
    review: { ...reviewJson(world, review), state: review.state.toLowerCase() },
    pull_request: pullSummaryJson(world, pull),
    ...more,
  });
}
