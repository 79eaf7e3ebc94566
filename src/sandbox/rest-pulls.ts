import {
  nullableText,
  optionalFlag,
  optionalText,
  optionalTexts,
  optionalWord,
  pathNumber,
  text,
} from "./body-fields.ts";
import { commitJson, fileJson } from "./json-git.ts";
import { pullJson, pullSummaryJson } from "./json-pull.ts";
import { mergePull } from "./merge.ts";
import { page } from "./paging.ts";
import { closePull, editPull, findPull, openPull, type Pull, reopenPull } from "./pulls.ts";
import { Refusal } from "./refusal.ts";
import { requestReviews } from "./review-requests.ts";
import { ok, type RestRequest, type Route, repoPath } from "./route.ts";

const onePull = `${repoPath}/pulls/{pull_number}`;
const reads = { app: ["pull_requests:read"], user: "read" } as const;
const writes = { app: ["pull_requests:write"], user: "read" } as const;

/** The pull request that a request's path names. */
export function pullOf(request: RestRequest): Pull {
  return findPull(request.world, pathNumber(request.params, "pull_number"));
}

function selected(request: RestRequest): Pull[] {
  const { query, world } = request;
  const state = query.get("state") ?? "open";
  const head = query.get("head")?.replace(`${world.org.login}:`, "");
  const base = query.get("base");
  const pulls = [...world.pulls.values()].filter(
    (pull) =>
      (state === "all" || pull.state === state) &&
      (head === undefined || pull.head.ref === head) &&
      (base === null || pull.base.ref === base),
  );
  const byUpdate = query.get("sort") === "updated";
  const key = (pull: Pull) => (byUpdate ? pull.updatedAt : pull.createdAt);
  const newestFirst = (query.get("direction") ?? (query.has("sort") ? "asc" : "desc")) === "desc";
  const order = newestFirst ? -1 : 1;
  return pulls.sort((a, b) => order * (key(a).localeCompare(key(b)) || a.number - b.number));
}

/** https://docs.github.com/rest/pulls/pulls */
export const pullRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${repoPath}/pulls`,
    operation: "pulls/list",
    needs: reads,
    handle: (request) => page(request, selected(request), (pull) => pullSummaryJson(request.world, pull)),
  },
  {
    method: "POST",
    path: `${repoPath}/pulls`,
    operation: "pulls/create",
    needs: writes,
    creating: true,
    handle: async (request) => {
      const { world, actor, body } = request;
      const pull = await openPull(world, actor, {
        title: text(body, "title"),
        body: optionalText(body, "body") ?? null,
        head: text(body, "head"),
        base: text(body, "base"),
        draft: optionalFlag(body, "draft") ?? false,
      });
      return ok(await pullJson(world, pull), 201);
    },
  },
  {
    method: "GET",
    path: onePull,
    operation: "pulls/get",
    needs: { app: ["pull_requests:read", "contents:read"], user: "read" },
    handle: async (request) => ok(await pullJson(request.world, pullOf(request))),
  },
  {
    method: "PATCH",
    path: onePull,
    operation: "pulls/update",
    needs: writes,
    handle: async (request) => {
      const { world, actor, body } = request;
      const pull = pullOf(request);
      const title = optionalText(body, "title");
      const base = optionalText(body, "base");
      const prose = nullableText(body, "body");
      const state = optionalWord(body, "state", ["open", "closed"]);
      await editPull(world, actor, pull, {
        ...(title === undefined ? {} : { title }),
        ...(base === undefined ? {} : { base }),
        ...(prose === undefined ? {} : { body: prose }),
      });
      if (state === "closed") await closePull(world, actor, pull);
      if (state === "open") await reopenPull(world, actor, pull);
      return ok(await pullJson(world, pull));
    },
  },
  {
    method: "PUT",
    path: `${onePull}/merge`,
    operation: "pulls/merge",
    needs: { app: ["contents:write"], user: "write" },
    creating: true,
    handle: async (request) => {
      const { world, actor, body } = request;
      const sha = await mergePull(world, actor, pullOf(request), {
        sha: optionalText(body, "sha"),
        method: optionalWord(body, "merge_method", ["merge", "squash", "rebase"]) ?? "merge",
        title: optionalText(body, "commit_title"),
        message: optionalText(body, "commit_message"),
      });
      return ok({ sha, merged: true, message: "Pull Request successfully merged" });
    },
  },
  {
    method: "GET",
    path: `${onePull}/merge`,
    operation: "pulls/check-if-merged",
    needs: reads,
    handle: (request) => {
      if (pullOf(request).mergedAt === undefined) throw new Refusal(404, "Not Found");
      return { status: 204 };
    },
  },
  {
    method: "GET",
    path: `${onePull}/files`,
    operation: "pulls/list-files",
    needs: reads,
    handle: async (request) => {
      const { base, head } = pullOf(request);
      const files = await request.world.compare.changedFiles(base.sha, head.sha);
      return page(request, files.slice(0, 3000), (file) => fileJson(request.world, base.sha, head.sha, file));
    },
  },
  {
    method: "GET",
    path: `${onePull}/commits`,
    operation: "pulls/list-commits",
    needs: reads,
    handle: async (request) => {
      const { base, head } = pullOf(request);
      const oids = (await request.world.compare.commits(base.sha, head.sha)).slice(0, 250);
      return page(request, oids, async (oid) => {
        const commit = await request.world.objects.commit(oid);
        return commit === undefined ? null : commitJson(request.world, commit);
      });
    },
  },
  {
    method: "POST",
    path: `${onePull}/requested_reviewers`,
    operation: "pulls/request-reviewers",
    needs: { app: ["pull_requests:write"], user: "write" },
    creating: true,
    handle: async (request) => {
      const { world, actor, body } = request;
      const pull = pullOf(request);
      const users = optionalTexts(body, "reviewers") ?? [];
      const teams = optionalTexts(body, "team_reviewers") ?? [];
      await requestReviews(world, actor, pull, users, teams);
      return ok(pullSummaryJson(world, pull), 201);
    },
  },
];
