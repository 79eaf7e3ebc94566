import { sameAccount } from "./actor.ts";
import type { Comment } from "./comments.ts";
import { commentsOn } from "./comments.ts";
import { connection } from "./connection.ts";
import type { Args, Graph, GraphNode } from "./graph.ts";
import type { Issue } from "./issues.ts";
import { associationOf } from "./json-account.ts";
import { labelNamed } from "./labels.ts";
import { nodeId } from "./node-id.ts";
import type { Pull } from "./pulls.ts";
import { Refusal } from "./refusal.ts";

/** Fields that an issue and a pull request share. */
export function threadFields(graph: Graph, thread: Issue | Pull): Record<string, unknown> {
  const { world } = graph;
  const folder = thread.kind === "pull" ? "pull" : "issues";
  const path = `/${world.org.login}/${world.repo.name}/${folder}/${thread.number}`;
  return {
    databaseId: thread.id,
    fullDatabaseId: String(thread.id),
    number: thread.number,
    title: thread.title,
    body: thread.body ?? "",
    bodyText: thread.body ?? "",
    url: `${world.url}${path}`,
    resourcePath: path,
    createdAt: thread.createdAt,
    publishedAt: thread.createdAt,
    updatedAt: thread.updatedAt,
    closed: thread.state === "closed",
    closedAt: thread.closedAt ?? null,
    locked: false,
    author: graph.account(thread.author),
    authorAssociation: associationOf(world, thread.author),
    viewerDidAuthor: sameAccount(graph.actor.account, thread.author),
    repository: () => graph.repository(),
    labels: (args: Args) => connection("labels", thread.labels, args, (name) => labelNode(graph, name)),
    comments: (args: Args) => {
      const found = commentsOn(world, thread.number);
      const order = args.orderBy;
      const newestFirst =
        typeof order === "object" && order !== null && "direction" in order && order.direction === "DESC";
      return connection("comments", newestFirst ? found.reverse() : found, args, (one) => graph.comment(one));
    },
  };
}

/** `Label`. */
export function labelNode(graph: Graph, name: string): GraphNode {
  const label = labelNamed(graph.world, name);
  return {
    __typename: "Label",
    id: nodeId("Label", label.id),
    name: label.name,
    color: label.color,
    description: null,
    isDefault: false,
    url: `${graph.world.url}/${graph.world.org.login}/${graph.world.repo.name}/labels/${encodeURIComponent(name)}`,
  };
}

/** `Issue`. */
export function issueNode(graph: Graph, issue: Issue): GraphNode {
  return {
    __typename: "Issue",
    id: nodeId("Issue", issue.number),
    ...threadFields(graph, issue),
    state: issue.state.toUpperCase(),
    stateReason: issue.stateReason?.toUpperCase() ?? null,
    lastEditedAt: issue.editedAt ?? null,
    includesCreatedEdit: issue.editedAt !== undefined,
    editor: issue.editor === undefined ? null : graph.account(issue.editor),
    timelineItems: (args: Args) => {
      const items = closingsOf(graph, issue, args);
      const list = connection("timelineItems", items, args, (item) => item);
      return { ...list, filteredCount: items.length, pageCount: items.length, updatedAt: issue.updatedAt };
    },
  };
}

/** The only events of an issue's timeline that the sandbox keeps; asking for others is an error. */
function closingsOf(graph: Graph, issue: Issue, args: Args): GraphNode[] {
  const wanted = Array.isArray(args.itemTypes) ? args.itemTypes.map(String) : [];
  if (wanted.length !== 1 || wanted[0] !== "CLOSED_EVENT") {
    throw new Refusal(422, "The sandbox models no timelineItems of issues but CLOSED_EVENT.");
  }
  return issue.closings.map(({ by, at }, index) => ({
    __typename: "ClosedEvent",
    id: nodeId("ClosedEvent", `${issue.number}:${index}`),
    actor: graph.account(by),
    createdAt: at,
    closable: () => graph.issue(issue),
    closer: null,
    stateReason: null,
  }));
}

/** `IssueComment`, with who changed it last: an edited comment is no command. */
export function commentNode(graph: Graph, comment: Comment): GraphNode {
  const { world } = graph;
  const pull = world.pulls.get(comment.number);
  const folder = pull === undefined ? "issues" : "pull";
  const path = `/${world.org.login}/${world.repo.name}/${folder}/${comment.number}#issuecomment-${comment.id}`;
  const issue = world.issues.get(comment.number);
  return {
    __typename: "IssueComment",
    id: nodeId("IssueComment", comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    body: comment.body,
    bodyText: comment.body,
    author: graph.account(comment.author),
    authorAssociation: associationOf(world, comment.author),
    viewerDidAuthor: sameAccount(graph.actor.account, comment.author),
    createdAt: comment.createdAt,
    publishedAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    lastEditedAt: comment.editedAt ?? null,
    includesCreatedEdit: comment.editedAt !== undefined,
    editor: comment.editor === undefined ? null : graph.account(comment.editor),
    createdViaEmail: false,
    isMinimized: false,
    minimizedReason: null,
    url: `${world.url}${path}`,
    resourcePath: path,
    repository: () => graph.repository(),
    pullRequest: () => (pull === undefined ? null : graph.pull(pull)),
    ...(issue === undefined ? {} : { issue: () => graph.issue(issue) }),
  };
}
