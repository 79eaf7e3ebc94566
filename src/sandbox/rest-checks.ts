import {
  integer,
  optionalInteger,
  optionalObject,
  optionalObjects,
  optionalText,
  optionalWord,
  pathNumber,
  pathText,
  text,
  word,
} from "./body-fields.ts";
import {
  type Annotation,
  type CheckChange,
  createRun,
  findRun,
  rerequestRun,
  runsOn,
  updateRun,
} from "./checks.ts";
import { accountJson, type Json } from "./json-account.ts";
import { checkRunJson } from "./json-check.ts";
import { repositoryJson } from "./json-repository.ts";
import { nodeId } from "./node-id.ts";
import { page } from "./paging.ts";
import { ok, type Route, repoPath } from "./route.ts";
import { type CommitStatus, setStatus, statusesOn } from "./statuses.ts";
import { repoApi, repoPage, resolveCommit, type World } from "./world.ts";

const statusWords = ["queued", "in_progress", "completed", "waiting", "requested", "pending"] as const;
const conclusionWords = [
  "action_required",
  "cancelled",
  "failure",
  "neutral",
  "success",
  "skipped",
  "stale",
  "timed_out",
] as const;

function annotation(fields: Record<string, unknown>): Annotation {
  return {
    path: text(fields, "path"),
    start_line: integer(fields, "start_line"),
    end_line: integer(fields, "end_line"),
    start_column: optionalInteger(fields, "start_column") ?? null,
    end_column: optionalInteger(fields, "end_column") ?? null,
    annotation_level: word(fields, "annotation_level", ["notice", "warning", "failure"]),
    message: text(fields, "message"),
    title: optionalText(fields, "title") ?? null,
    raw_details: optionalText(fields, "raw_details") ?? null,
  };
}

function change(body: Record<string, unknown>): CheckChange {
  const status = optionalWord(body, "status", statusWords);
  const conclusion = optionalWord(body, "conclusion", conclusionWords);
  const output = optionalObject(body, "output");
  const members = {
    externalId: optionalText(body, "external_id"),
    detailsUrl: optionalText(body, "details_url"),
    startedAt: optionalText(body, "started_at"),
    completedAt: optionalText(body, "completed_at"),
  };
  const found: CheckChange = {};
  if (status !== undefined) found.status = status;
  if (conclusion !== undefined) found.conclusion = conclusion;
  for (const name of ["externalId", "detailsUrl", "startedAt", "completedAt"] as const) {
    const value = members[name];
    if (value !== undefined) found[name] = value;
  }
  if (output !== undefined) {
    found.output = { annotations: (optionalObjects(output, "annotations") ?? []).map(annotation) };
    for (const name of ["title", "summary", "text"] as const) {
      const value = optionalText(output, name);
      if (value !== undefined) found.output[name] = value;
    }
  }
  return found;
}

function statusJson(world: World, status: CommitStatus): Json {
  return {
    url: `${repoApi(world)}/statuses/${status.sha}`,
    avatar_url: null,
    id: status.id,
    node_id: nodeId("Status", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: accountJson(world, status.creator),
  };
}

/** https://docs.github.com/rest/checks/runs and https://docs.github.com/rest/commits/statuses */
export const checkRoutes: readonly Route[] = [
  {
    method: "POST",
    path: `${repoPath}/check-runs`,
    operation: "checks/create",
    needs: { app: ["checks:write"], user: "write" },
    handle: async ({ world, actor, body }) => {
      const run = await createRun(world, actor, text(body, "name"), text(body, "head_sha"), change(body));
      return ok(checkRunJson(world, run, "rest"), 201);
    },
  },
  {
    method: "GET",
    path: `${repoPath}/check-runs/{check_run_id}`,
    operation: "checks/get",
    needs: { app: ["checks:read"], user: "read" },
    handle: ({ world, params }) =>
      ok(checkRunJson(world, findRun(world, pathNumber(params, "check_run_id")), "rest")),
  },
  {
    method: "PATCH",
    path: `${repoPath}/check-runs/{check_run_id}`,
    operation: "checks/update",
    needs: { app: ["checks:write"], user: "write" },
    handle: async ({ world, actor, params, body }) => {
      const run = findRun(world, pathNumber(params, "check_run_id"));
      const name = optionalText(body, "name");
      await updateRun(world, actor, run, { ...change(body), ...(name === undefined ? {} : { name }) });
      return ok(checkRunJson(world, run, "rest"));
    },
  },
  {
    method: "GET",
    path: `${repoPath}/check-runs/{check_run_id}/annotations`,
    operation: "checks/list-annotations",
    needs: { app: ["checks:read"], user: "read" },
    handle: (request) => {
      const { world, params } = request;
      const run = findRun(world, pathNumber(params, "check_run_id"));
      const blobs = `${repoPage(world)}/blob/${run.suite.sha}`;
      return page(request, run.annotations, (one) => ({
        ...one,
        blob_href: `${blobs}/${encodeURI(one.path)}`,
      }));
    },
  },
  {
    method: "POST",
    path: `${repoPath}/check-runs/{check_run_id}/rerequest`,
    operation: "checks/rerequest-run",
    needs: { app: ["checks:write"], user: "write" },
    handle: async ({ world, actor, params }) => {
      await rerequestRun(world, actor, findRun(world, pathNumber(params, "check_run_id")));
      return ok({}, 201);
    },
  },
  {
    method: "GET",
    path: `${repoPath}/commits/{ref}/check-runs`,
    operation: "checks/list-for-ref",
    needs: { app: ["checks:read"], user: "read" },
    handle: async (request) => {
      const { world, params, query } = request;
      const sha = await resolveCommit(world, pathText(params, "ref"));
      const appId = query.get("app_id");
      const runs = runsOn(world, sha)
        .filter((run) => query.get("check_name") === null || run.name === query.get("check_name"))
        .filter((run) => query.get("status") === null || run.status === query.get("status"))
        .filter(() => appId === null || Number(appId) === world.app.id);
      const latest = runs.filter((run) => runs.findLast((other) => other.name === run.name) === run);
      const shown = query.get("filter") === "all" ? runs : latest;
      const wrap = (rendered: unknown[]) => ({ total_count: shown.length, check_runs: rendered });
      return page(request, shown, (run) => checkRunJson(world, run, "rest"), wrap);
    },
  },
  {
    method: "POST",
    path: `${repoPath}/statuses/{sha}`,
    operation: "repos/create-commit-status",
    needs: { app: ["statuses:write"], user: "write" },
    handle: async ({ world, actor, params, body }) => {
      const status = await setStatus(world, actor, pathText(params, "sha"), {
        state: word(body, "state", ["error", "failure", "pending", "success"]),
        context: optionalText(body, "context") ?? "default",
        description: optionalText(body, "description") ?? null,
        targetUrl: optionalText(body, "target_url") ?? null,
      });
      return ok(statusJson(world, status), 201);
    },
  },
  {
    method: "GET",
    path: `${repoPath}/commits/{ref}/status`,
    operation: "repos/get-combined-status-for-ref",
    needs: { app: ["statuses:read"], user: "read" },
    handle: async ({ world, params }) => {
      const sha = await resolveCommit(world, pathText(params, "ref"));
      const statuses = statusesOn(world, sha);
      const bad = statuses.some((status) => status.state === "failure" || status.state === "error");
      const good = statuses.length > 0 && statuses.every((status) => status.state === "success");
      return ok({
        state: bad ? "failure" : good ? "success" : "pending",
        statuses: statuses.map((status) => statusJson(world, status)),
        sha,
        total_count: statuses.length,
        repository: repositoryJson(world),
        commit_url: `${repoApi(world)}/commits/${sha}`,
        url: `${repoApi(world)}/commits/${sha}/status`,
      });
    },
  },
];
