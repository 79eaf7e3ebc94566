import { nullableText, optionalText, optionalWord, pathNumber, text } from "./body-fields.ts";
import { addComment, commentsOn, deleteComment, editComment, findComment } from "./comments.ts";
import { editIssue, findThread, type Issue, labelIssue, openIssue } from "./issues.ts";
import { commentJson, issueJson, labelsJson } from "./json-issue.ts";
import { page } from "./paging.ts";
import { closePull, labelPull, type Pull, reopenPull } from "./pulls.ts";
import { invalid } from "./refusal.ts";
import { noContent, ok, type RestRequest, type Route, repoPath } from "./route.ts";

const issues = `${repoPath}/issues`;
const reads = { app: ["issues:read"], user: "read" } as const;
const eitherReads = { app: ["issues:read", "pull_requests:read"], user: "read" } as const;
const eitherWrites = { app: ["issues:write", "pull_requests:write"], user: "read" } as const;

function threadOf(request: RestRequest): Issue | Pull {
  return findThread(request.world, pathNumber(request.params, "issue_number"));
}

function selected(request: RestRequest): (Issue | Pull)[] {
  const { query, world } = request;
  const state = query.get("state") ?? "open";
  const labels = (query.get("labels") ?? "").split(",").filter(Boolean);
  return [...world.issues.values(), ...world.pulls.values()]
    .filter((thread) => state === "all" || thread.state === state)
    .filter((thread) => labels.every((label) => thread.labels.includes(label)))
    .sort((a, b) => b.number - a.number);
}

/** Labels of a request: a bare array, or an object with `labels`; each a name or an object with one. */
function labelNames(body: Record<string, unknown>): string[] {
  const list = Array.isArray(body.labels) ? body.labels : [];
  return list.map((item: unknown) => {
    if (typeof item === "string") return item;
    if (typeof item === "object" && item !== null && "name" in item && typeof item.name === "string")
      return item.name;
    throw invalid("Label", "invalid", undefined, "name");
  });
}

/** https://docs.github.com/rest/issues */
export const issueRoutes: readonly Route[] = [
  {
    method: "GET",
    path: issues,
    operation: "issues/list-for-repo",
    needs: reads,
    handle: (request) => page(request, selected(request), (thread) => issueJson(request.world, thread)),
  },
  {
    method: "POST",
    path: issues,
    operation: "issues/create",
    needs: { app: ["issues:write"], user: "read" },
    creating: true,
    handle: async ({ world, actor, body }) => {
      const issue = await openIssue(world, actor, {
        title: text(body, "title"),
        body: optionalText(body, "body") ?? null,
        labels: labelNames(body),
      });
      return ok(issueJson(world, issue), 201);
    },
  },
  {
    method: "GET",
    path: `${issues}/{issue_number}`,
    operation: "issues/get",
    needs: eitherReads,
    handle: (request) => ok(issueJson(request.world, threadOf(request))),
  },
  {
    method: "PATCH",
    path: `${issues}/{issue_number}`,
    operation: "issues/update",
    needs: eitherWrites,
    handle: async (request) => {
      const { world, actor, body } = request;
      const thread = threadOf(request);
      const state = optionalWord(body, "state", ["open", "closed"]);
      if (thread.kind === "pull") {
        if (state === "closed") await closePull(world, actor, thread);
        if (state === "open") await reopenPull(world, actor, thread);
        return ok(issueJson(world, thread));
      }
      const title = optionalText(body, "title");
      const prose = nullableText(body, "body");
      const reason = optionalWord(body, "state_reason", ["completed", "not_planned", "reopened"]);
      const labels = body.labels === undefined ? undefined : labelNames(body);
      await editIssue(world, actor, thread, {
        ...(title === undefined ? {} : { title }),
        ...(prose === undefined ? {} : { body: prose }),
        ...(state === undefined ? {} : { state }),
        ...(reason === undefined ? {} : { stateReason: reason }),
        ...(labels === undefined ? {} : { labels }),
      });
      return ok(issueJson(world, thread));
    },
  },
  {
    method: "GET",
    path: `${issues}/{issue_number}/comments`,
    operation: "issues/list-comments",
    needs: eitherReads,
    handle: (request) =>
      page(request, commentsOn(request.world, threadOf(request).number), (comment) =>
        commentJson(request.world, comment),
      ),
  },
  {
    method: "POST",
    path: `${issues}/{issue_number}/comments`,
    operation: "issues/create-comment",
    needs: eitherWrites,
    creating: true,
    handle: async (request) => {
      const { world, actor, body } = request;
      const comment = await addComment(world, actor, threadOf(request).number, text(body, "body"));
      return ok(commentJson(world, comment), 201);
    },
  },
  {
    method: "GET",
    path: `${issues}/comments/{comment_id}`,
    operation: "issues/get-comment",
    needs: eitherReads,
    handle: ({ world, params }) =>
      ok(commentJson(world, findComment(world, pathNumber(params, "comment_id")))),
  },
  {
    method: "PATCH",
    path: `${issues}/comments/{comment_id}`,
    operation: "issues/update-comment",
    needs: eitherWrites,
    handle: async ({ world, actor, params, body }) => {
      const comment = findComment(world, pathNumber(params, "comment_id"));
      return ok(commentJson(world, await editComment(world, actor, comment, text(body, "body"))));
    },
  },
  {
    method: "DELETE",
    path: `${issues}/comments/{comment_id}`,
    operation: "issues/delete-comment",
    needs: eitherWrites,
    handle: async ({ world, actor, params }) => {
      await deleteComment(world, actor, findComment(world, pathNumber(params, "comment_id")));
      return noContent;
    },
  },
  {
    method: "POST",
    path: `${issues}/{issue_number}/labels`,
    operation: "issues/add-labels",
    needs: { app: ["issues:write", "pull_requests:write"], user: "write" },
    handle: async (request) => {
      const { world, actor, body } = request;
      const thread = threadOf(request);
      const names = labelNames(body);
      if (thread.kind === "pull") await labelPull(world, actor, thread, names);
      else await labelIssue(world, actor, thread, names);
      return ok(labelsJson(world, thread.labels));
    },
  },
];
