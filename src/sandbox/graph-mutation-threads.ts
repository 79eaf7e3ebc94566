import { nullableText, optionalText, text } from "./body-fields.ts";
import { addComment, commentsOn, deleteComment, editComment } from "./comments.ts";
import type { Graph } from "./graph.ts";
import { commentIn, issueIn, keysIn, repositoryIn, threadIn } from "./graph-input.ts";
import type { Mutation } from "./graph-mutation.ts";
import { editIssue, labelIssue, openIssue } from "./issues.ts";
import { labelPull } from "./pulls.ts";
import { notFound } from "./refusal.ts";

const eitherWrites = ["issues:write", "pull_requests:write"] as const;

function labelNames(graph: Graph, input: Record<string, unknown>): string[] {
  const labels = [...graph.world.labels.values()];
  return keysIn(input, "labelIds", "Label").map((id) => {
    const label = labels.find((one) => one.id === Number(id));
    if (label === undefined) throw notFound("Could not resolve to a node with the global id of the label.");
    return label.name;
  });
}

/** https://docs.github.com/graphql/reference/mutations */
export const threadMutations: Readonly<Record<string, Mutation>> = {
  addComment: {
    app: eitherWrites,
    user: "read",
    creating: true,
    run: async (graph, input) => {
      const thread = threadIn(graph.world, input, "subjectId");
      const comment = await addComment(graph.world, graph.actor, thread.number, text(input, "body"));
      const edge = {
        __typename: "IssueCommentEdge",
        cursor: String(commentsOn(graph.world, thread.number).length),
      };
      const subject = thread.kind === "pull" ? graph.pull(thread) : graph.issue(thread);
      return { commentEdge: { ...edge, node: graph.comment(comment) }, subject };
    },
  },
  updateIssueComment: {
    app: eitherWrites,
    user: "read",
    run: async (graph, input) => {
      const comment = commentIn(graph.world, input, "id");
      await editComment(graph.world, graph.actor, comment, text(input, "body"));
      return { issueComment: graph.comment(comment) };
    },
  },
  deleteIssueComment: {
    app: eitherWrites,
    user: "read",
    run: async (graph, input) => {
      await deleteComment(graph.world, graph.actor, commentIn(graph.world, input, "id"));
      return {};
    },
  },
  createIssue: {
    app: ["issues:write"],
    user: "read",
    creating: true,
    run: async (graph, input) => {
      repositoryIn(graph.world, input);
      const issue = await openIssue(graph.world, graph.actor, {
        title: text(input, "title"),
        body: optionalText(input, "body") ?? null,
        labels: labelNames(graph, input),
      });
      return { issue: graph.issue(issue) };
    },
  },
  updateIssue: {
    app: ["issues:write"],
    user: "read",
    run: async (graph, input) => {
      const issue = issueIn(graph.world, input, "id");
      const title = optionalText(input, "title");
      const body = nullableText(input, "body");
      const state = optionalText(input, "state");
      await editIssue(graph.world, graph.actor, issue, {
        ...(title === undefined ? {} : { title }),
        ...(body === undefined ? {} : { body }),
        ...(state === undefined ? {} : { state: state === "CLOSED" ? "closed" : "open" }),
      });
      return { issue: graph.issue(issue), actor: graph.account(graph.actor.account) };
    },
  },
  closeIssue: {
    app: ["issues:write"],
    user: "read",
    run: async (graph, input) => {
      const issue = issueIn(graph.world, input, "issueId");
      const reason = input.stateReason === "NOT_PLANNED" ? "not_planned" : "completed";
      await editIssue(graph.world, graph.actor, issue, { state: "closed", stateReason: reason });
      return { issue: graph.issue(issue) };
    },
  },
  reopenIssue: {
    app: ["issues:write"],
    user: "read",
    run: async (graph, input) => {
      const issue = issueIn(graph.world, input, "issueId");
      await editIssue(graph.world, graph.actor, issue, { state: "open" });
      return { issue: graph.issue(issue) };
    },
  },
  addLabelsToLabelable: {
    app: eitherWrites,
    user: "write",
    run: async (graph, input) => {
      const thread = threadIn(graph.world, input, "labelableId");
      const names = labelNames(graph, input);
      if (thread.kind === "pull") await labelPull(graph.world, graph.actor, thread, names);
      else await labelIssue(graph.world, graph.actor, thread, names);
      return { labelable: thread.kind === "pull" ? graph.pull(thread) : graph.issue(thread) };
    },
  },
};
