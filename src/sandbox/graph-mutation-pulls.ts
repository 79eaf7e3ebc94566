import { optionalFlag, optionalText, text } from "./body-fields.ts";
import type { Graph } from "./graph.ts";
import { keysIn, pullIn, repositoryIn } from "./graph-input.ts";
import type { Mutation } from "./graph-mutation.ts";
import { mergePull } from "./merge.ts";
import { parseNodeId } from "./node-id.ts";
import { closePull, editPull, openPull, type Pull, reopenPull, setDraft } from "./pulls.ts";
import { notFound } from "./refusal.ts";
import { requestReviews } from "./review-requests.ts";
import { dismissReview, findReview, submitReview } from "./reviews.ts";

const methods = { MERGE: "merge", SQUASH: "squash", REBASE: "rebase" } as const;

function change(act: (graph: Graph, pull: Pull) => Promise<void>): Mutation {
  return {
    app: ["pull_requests:write"],
    user: "read",
    run: async (graph, input) => {
      const pull = pullIn(graph.world, input, "pullRequestId");
      await act(graph, pull);
      return { pullRequest: graph.pull(pull) };
    },
  };
}

/** https://docs.github.com/graphql/reference/mutations */
export const pullMutations: Readonly<Record<string, Mutation>> = {
  createPullRequest: {
    app: ["pull_requests:write"],
    user: "read",
    creating: true,
    run: async (graph, input) => {
      repositoryIn(graph.world, input);
      const pull = await openPull(graph.world, graph.actor, {
        title: text(input, "title"),
        body: optionalText(input, "body") ?? null,
        head: text(input, "headRefName"),
        base: text(input, "baseRefName").replace(/^refs\/heads\//, ""),
        draft: optionalFlag(input, "draft") ?? false,
      });
      return { pullRequest: graph.pull(pull) };
    },
  },
  updatePullRequest: {
    app: ["pull_requests:write"],
    user: "read",
    run: async (graph, input) => {
      const { world, actor } = graph;
      const pull = pullIn(world, input, "pullRequestId");
      const title = optionalText(input, "title");
      const body = optionalText(input, "body");
      const base = optionalText(input, "baseRefName");
      await editPull(world, actor, pull, {
        ...(title === undefined ? {} : { title }),
        ...(body === undefined ? {} : { body }),
        ...(base === undefined ? {} : { base }),
      });
      if (input.state === "CLOSED") await closePull(world, actor, pull);
      if (input.state === "OPEN") await reopenPull(world, actor, pull);
      return { pullRequest: graph.pull(pull), actor: graph.account(actor.account) };
    },
  },
  mergePullRequest: {
    app: ["contents:write"],
    user: "write",
    creating: true,
    run: async (graph, input) => {
      const pull = pullIn(graph.world, input, "pullRequestId");
      const method = optionalText(input, "mergeMethod");
      await mergePull(graph.world, graph.actor, pull, {
        sha: optionalText(input, "expectedHeadOid"),
        method: method === "SQUASH" || method === "REBASE" ? methods[method] : methods.MERGE,
        title: optionalText(input, "commitHeadline"),
        message: optionalText(input, "commitBody"),
      });
      return { pullRequest: graph.pull(pull), actor: graph.account(graph.actor.account) };
    },
  },
  closePullRequest: change((graph, pull) => closePull(graph.world, graph.actor, pull)),
  reopenPullRequest: change((graph, pull) => reopenPull(graph.world, graph.actor, pull)),
  convertPullRequestToDraft: change((graph, pull) => setDraft(graph.world, graph.actor, pull, true)),
  markPullRequestReadyForReview: change((graph, pull) => setDraft(graph.world, graph.actor, pull, false)),
  requestReviews: {
    app: ["pull_requests:write"],
    user: "write",
    creating: true,
    run: async (graph, input) => {
      const { world, actor } = graph;
      const pull = pullIn(world, input, "pullRequestId");
      const users = keysIn(input, "userIds", "User").map((id) =>
        world.people.users.find((one) => one.id === Number(id)),
      );
      const teams = keysIn(input, "teamIds", "Team").map((id) =>
        world.people.teams.find((one) => one.id === Number(id)),
      );
      // Without `union` the ones named replace the ones asked before.
      if (optionalFlag(input, "union") !== true) {
        pull.askedUsers = [];
        pull.askedTeams = [];
      }
      const logins = users.flatMap((user) => (user === undefined ? [] : [user.login]));
      const slugs = teams.flatMap((team) => (team === undefined ? [] : [team.slug]));
      if (logins.length + slugs.length < users.length + teams.length)
        throw notFound("Could not resolve to a node.");
      await requestReviews(world, actor, pull, logins, slugs);
      return {
        pullRequest: graph.pull(pull),
        actor: graph.account(actor.account),
        requestedReviewersEdge: null,
      };
    },
  },
  addPullRequestReview: {
    app: ["pull_requests:write"],
    user: "read",
    creating: true,
    run: async (graph, input) => {
      const pull = pullIn(graph.world, input, "pullRequestId");
      const event = optionalText(input, "event");
      const review = await submitReview(graph.world, graph.actor, pull, {
        event: event === "APPROVE" || event === "REQUEST_CHANGES" ? event : "COMMENT",
        body: optionalText(input, "body") ?? "",
        commit: optionalText(input, "commitOID"),
      });
      return { pullRequestReview: graph.review(review) };
    },
  },
  dismissPullRequestReview: {
    app: ["pull_requests:write"],
    user: "write",
    run: async (graph, input) => {
      const id = Number(parseNodeId(text(input, "pullRequestReviewId"))?.key);
      const pull = graph.world.pulls.get(graph.world.reviews.get(id)?.number ?? 0);
      if (pull === undefined) throw notFound("Could not resolve to a node with the global id.");
      const review = findReview(graph.world, pull, id);
      await dismissReview(graph.world, graph.actor, pull, review, text(input, "message"));
      return { pullRequestReview: graph.review(review) };
    },
  },
};
