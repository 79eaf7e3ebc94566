import { optionalText, optionalWord, pathNumber, text } from "./body-fields.ts";
import { accountJson, teamJson } from "./json-account.ts";
import { reviewJson } from "./json-pull.ts";
import { page } from "./paging.ts";
import { Refusal } from "./refusal.ts";
import { pullOf } from "./rest-pulls.ts";
import { dismissReview, editReview, findReview, type Review, submitReview } from "./reviews.ts";
import { ok, type RestRequest, type Route, repoPath } from "./route.ts";
import { reviewsOf } from "./standing-reviews.ts";

const reviews = `${repoPath}/pulls/{pull_number}/reviews`;
const reads = { app: ["pull_requests:read"], user: "read" } as const;
const writes = { app: ["pull_requests:write"], user: "read" } as const;

function reviewOf(request: RestRequest): Review {
  return findReview(request.world, pullOf(request), pathNumber(request.params, "review_id"));
}

/** https://docs.github.com/rest/pulls/reviews */
export const reviewRoutes: readonly Route[] = [
  {
    method: "GET",
    path: reviews,
    operation: "pulls/list-reviews",
    needs: reads,
    handle: (request) =>
      page(request, reviewsOf(request.world, pullOf(request)), (review) => reviewJson(request.world, review)),
  },
  {
    method: "POST",
    path: reviews,
    operation: "pulls/create-review",
    needs: writes,
    creating: true,
    handle: async (request) => {
      const { world, actor, body } = request;
      const event = optionalWord(body, "event", ["APPROVE", "REQUEST_CHANGES", "COMMENT"]);
      if (event === undefined) throw new Refusal(422, "The sandbox knows no pending reviews: give an event.");
      const review = await submitReview(world, actor, pullOf(request), {
        event,
        body: optionalText(body, "body") ?? "",
        commit: optionalText(body, "commit_id"),
      });
      return ok(reviewJson(world, review));
    },
  },
  {
    method: "GET",
    path: `${reviews}/{review_id}`,
    operation: "pulls/get-review",
    needs: reads,
    handle: (request) => ok(reviewJson(request.world, reviewOf(request))),
  },
  {
    method: "PUT",
    path: `${reviews}/{review_id}`,
    operation: "pulls/update-review",
    needs: writes,
    handle: async (request) => {
      const review = reviewOf(request);
      await editReview(request.world, request.actor, pullOf(request), review, text(request.body, "body"));
      return ok(reviewJson(request.world, review));
    },
  },
  {
    method: "PUT",
    path: `${reviews}/{review_id}/dismissals`,
    operation: "pulls/dismiss-review",
    needs: writes,
    handle: async (request) => {
      const review = reviewOf(request);
      await dismissReview(
        request.world,
        request.actor,
        pullOf(request),
        review,
        text(request.body, "message"),
      );
      return ok(reviewJson(request.world, review));
    },
  },
  {
    method: "GET",
    path: `${repoPath}/pulls/{pull_number}/requested_reviewers`,
    operation: "pulls/list-requested-reviewers",
    needs: reads,
    handle: (request) => {
      const { world } = request;
      const pull = pullOf(request);
      return ok({
        users: pull.askedUsers.map((login) => accountJson(world, world.people.get(login))),
        teams: pull.askedTeams.map((slug) => teamJson(world, world.people.team(slug))),
      });
    },
  },
];
