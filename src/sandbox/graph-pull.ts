import { commentsOn } from "./comments.ts";
import { connection } from "./connection.ts";
import type { Args, Graph, GraphNode } from "./graph.ts";
import { rollupState } from "./graph-check.ts";
import { reviewRequestNodes, timelineOf } from "./graph-review.ts";
import { threadFields } from "./graph-thread.ts";
import { mergeableState, violationsOfMerge } from "./mergeable.ts";
import { nodeId } from "./node-id.ts";
import { roleIncludes } from "./people.ts";
import type { Pull } from "./pulls.ts";
import { reviewsOf, standingReviews } from "./standing-reviews.ts";

const changeTypes = {
  added: "ADDED",
  removed: "DELETED",
  modified: "MODIFIED",
  renamed: "RENAMED",
  changed: "CHANGED",
} as const;

/** `PullRequest`. https://docs.github.com/graphql/reference/objects#pullrequest */
export function pullNode(graph: Graph, pull: Pull): GraphNode {
  const { world } = graph;
  const files = () => world.compare.changedFiles(pull.base.sha, pull.head.sha);
  return {
    __typename: "PullRequest",
    id: nodeId("PullRequest", pull.number),
    ...threadFields(graph, pull),
    permalink: `${world.url}/${world.org.login}/${world.repo.name}/pull/${pull.number}`,
    state: pull.mergedAt === undefined ? pull.state.toUpperCase() : "MERGED",
    isDraft: pull.draft,
    isCrossRepository: false,
    isInMergeQueue: false,
    autoMergeRequest: null,
    maintainerCanModify: false,
    merged: pull.mergedAt !== undefined,
    mergedAt: pull.mergedAt ?? null,
    mergedBy: pull.mergedBy === undefined ? null : graph.account(pull.mergedBy),
    mergeCommit: () => (pull.mergeCommit === undefined ? null : graph.commit(pull.mergeCommit)),
    headRefName: pull.head.ref,
    headRefOid: pull.head.sha,
    baseRefName: pull.base.ref,
    baseRefOid: pull.base.sha,
    headRef: () => graph.ref(`refs/heads/${pull.head.ref}`),
    baseRef: () => graph.ref(`refs/heads/${pull.base.ref}`),
    headRepository: () => graph.repository(),
    baseRepository: () => graph.repository(),
    headRepositoryOwner: () => graph.organization(),
    editor: null,
    lastEditedAt: null,
    includesCreatedEdit: false,
    additions: async () => (await files()).reduce((sum, file) => sum + file.additions, 0),
    deletions: async () => (await files()).reduce((sum, file) => sum + file.deletions, 0),
    changedFiles: async () => (await files()).length,
    totalCommentsCount: commentsOn(world, pull.number).length,
    mergeable: async () => {
      const { mergeable } = await mergeableState(world, pull);
      return mergeable === null ? "UNKNOWN" : mergeable ? "MERGEABLE" : "CONFLICTING";
    },
    mergeStateStatus: async () => (await mergeableState(world, pull)).state.toUpperCase(),
    viewerCanMergeAsAdmin: async () =>
      graph.actor.kind === "user" &&
      roleIncludes(graph.actor.account.role, "admin") &&
      (await violationsOfMerge(world, graph.actor, pull)).length === 0,
    reviewDecision: () => decision(graph, pull),
    statusCheckRollup: () => {
      const state = rollupState(graph, pull.head.sha);
      return state === undefined ? null : { __typename: "StatusCheckRollup", state };
    },
    files: async (args: Args) =>
      connection("files", await files(), args, (file) => ({
        __typename: "PullRequestChangedFile",
        path: file.path,
        additions: file.additions,
        deletions: file.deletions,
        changeType: changeTypes[file.status],
      })),
    commits: async (args: Args) =>
      connection("commits", await world.compare.commits(pull.base.sha, pull.head.sha), args, (oid) => ({
        __typename: "PullRequestCommit",
        id: nodeId("Commit", `${pull.number}:${oid}`),
        commit: () => graph.commit(oid),
        pullRequest: () => graph.pull(pull),
        resourcePath: `/${world.org.login}/${world.repo.name}/pull/${pull.number}/commits/${oid}`,
        url: `${world.url}/${world.org.login}/${world.repo.name}/pull/${pull.number}/commits/${oid}`,
      })),
    reviews: (args: Args) => {
      const states = Array.isArray(args.states) ? args.states : undefined;
      const author = typeof args.author === "string" ? args.author.toLowerCase() : undefined;
      const found = reviewsOf(world, pull)
        .filter((review) => states === undefined || states.includes(review.state))
        .filter((review) => author === undefined || review.author.login.toLowerCase() === author);
      return connection("reviews", found, args, (review) => graph.review(review));
    },
    latestReviews: (args: Args) => {
      const all = reviewsOf(world, pull);
      const latest = all.filter(
        (one) => all.findLast((other) => other.author.login === one.author.login) === one,
      );
      return connection("latestReviews", latest, args, (review) => graph.review(review));
    },
    latestOpinionatedReviews: (args: Args) =>
      connection("latestOpinionatedReviews", standingReviews(world, pull), args, (review) =>
        graph.review(review),
      ),
    reviewRequests: (args: Args) => {
      const requests = reviewRequestNodes(graph, pull);
      return connection("reviewRequests", requests, args, (request) => request);
    },
    timelineItems: (args: Args) => {
      const items = timelineOf(graph, pull, args);
      const list = connection("timelineItems", items, args, (item) => item);
      return { ...list, filteredCount: items.length, pageCount: items.length, updatedAt: pull.updatedAt };
    },
  };
}

function decision(graph: Graph, pull: Pull): string | null {
  const standing = standingReviews(graph.world, pull);
  if (standing.some((review) => review.state === "CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  if (pull.base.ref !== graph.world.defaultBranch) return null;
  return standing.some((review) => review.state === "APPROVED") ? "APPROVED" : "REVIEW_REQUIRED";
}
