import { sameAccount } from "./actor.ts";
import { connection } from "./connection.ts";
import type { Args, Graph, GraphNode } from "./graph.ts";
import { associationOf } from "./json-account.ts";
import { nodeId } from "./node-id.ts";
import { roleIncludes } from "./people.ts";
import { findPull, type Pull } from "./pulls.ts";
import { Refusal } from "./refusal.ts";
import type { Review } from "./reviews.ts";

/** `PullRequestReview`. */
export function reviewNode(graph: Graph, review: Review): GraphNode {
  const { world } = graph;
  const pull = findPull(world, review.number);
  const path = `/${world.org.login}/${world.repo.name}/pull/${review.number}#pullrequestreview-${review.id}`;
  const { author } = review;
  return {
    __typename: "PullRequestReview",
    id: nodeId("PullRequestReview", review.id),
    databaseId: review.id,
    fullDatabaseId: String(review.id),
    state: review.state,
    body: review.body,
    bodyText: review.body,
    author: graph.account(author),
    authorAssociation: associationOf(world, author),
    authorCanPushToRepository: author.kind === "User" && roleIncludes(author.role, "write"),
    viewerDidAuthor: sameAccount(graph.actor.account, author),
    commit: () => graph.commit(review.commit),
    createdAt: review.submittedAt,
    publishedAt: review.submittedAt,
    submittedAt: review.submittedAt,
    updatedAt: review.updatedAt,
    lastEditedAt: null,
    includesCreatedEdit: false,
    editor: null,
    createdViaEmail: false,
    isMinimized: false,
    url: `${world.url}${path}`,
    resourcePath: path,
    pullRequest: () => graph.pull(pull),
    repository: () => graph.repository(),
    onBehalfOf: (args: Args) => {
      const teams = author.kind === "User" ? world.people.teamsOf(author) : [];
      const asked = teams.filter((team) => pull.askedAsOwners.has(`@${world.org.login}/${team.slug}`));
      return connection("onBehalfOf", asked, args, (team) => graph.team(team));
    },
  };
}

/** Who is still asked for a review. */
export function reviewRequestNodes(graph: Graph, pull: Pull): GraphNode[] {
  const { world } = graph;
  const request = (key: string, owner: string, reviewer: GraphNode): GraphNode => ({
    __typename: "ReviewRequest",
    id: nodeId("ReviewRequest", `${pull.number}:${key}`),
    asCodeOwner: pull.askedAsOwners.has(owner),
    pullRequest: () => graph.pull(pull),
    requestedReviewer: reviewer,
  });
  const users = pull.askedUsers.map((login) => request(login, login, graph.account(world.people.get(login))));
  const teams = pull.askedTeams.map((slug) =>
    request(`@${slug}`, `@${world.org.login}/${slug}`, graph.team(world.people.team(slug))),
  );
  return [...users, ...teams];
}

const modelled = new Set(["CLOSED_EVENT", "MERGED_EVENT", "HEAD_REF_FORCE_PUSHED_EVENT"]);

/** The events of a pull request's timeline that the sandbox keeps; asking for others is an error. */
export function timelineOf(graph: Graph, pull: Pull, args: Args): GraphNode[] {
  const { world } = graph;
  const wanted: string[] = Array.isArray(args.itemTypes) ? args.itemTypes.map(String) : [];
  const unknown = wanted.filter((type) => !modelled.has(type));
  if (wanted.length === 0 || unknown.length > 0) {
    const named = wanted.length === 0 ? "all item types" : unknown.join(", ");
    throw new Refusal(422, `The sandbox does not model timelineItems of ${named}.`);
  }
  const ref = `refs/heads/${pull.head.ref}`;
  const events: GraphNode[] = world.activity
    .filter((entry) => entry.type === "force_push" && entry.ref === ref && entry.timestamp >= pull.createdAt)
    .map((entry) => ({
      __typename: "HeadRefForcePushedEvent",
      id: nodeId("Push", entry.id),
      actor: graph.account(entry.actor),
      createdAt: entry.timestamp,
      beforeCommit: () => graph.commit(entry.before),
      afterCommit: () => graph.commit(entry.after),
      pullRequest: () => graph.pull(pull),
      ref: () => graph.ref(ref),
    }));
  if (pull.mergedAt !== undefined && pull.mergedBy !== undefined) {
    const { mergeCommit } = pull;
    events.push({
      __typename: "MergedEvent",
      id: nodeId("MergedEvent", pull.number),
      actor: graph.account(pull.mergedBy),
      createdAt: pull.mergedAt,
      commit: () => (mergeCommit === undefined ? null : graph.commit(mergeCommit)),
      mergeRefName: pull.base.ref,
      mergeRef: () => graph.ref(`refs/heads/${pull.base.ref}`),
      pullRequest: () => graph.pull(pull),
    });
  }
  if (pull.closedAt !== undefined && pull.closedBy !== undefined) {
    events.push({
      __typename: "ClosedEvent",
      id: nodeId("ClosedEvent", pull.number),
      actor: graph.account(pull.closedBy),
      createdAt: pull.closedAt,
      closable: () => graph.pull(pull),
      closer: null,
      stateReason: null,
    });
  }
  const typeOf: Record<string, string> = {
    HeadRefForcePushedEvent: "HEAD_REF_FORCE_PUSHED_EVENT",
    MergedEvent: "MERGED_EVENT",
    ClosedEvent: "CLOSED_EVENT",
  };
  return events.filter((event) => wanted.includes(typeOf[event.__typename] ?? ""));
}
