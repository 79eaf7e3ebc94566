import { optionalObject, pathText, text } from "./body-fields.ts";
import { accountJson, type Json } from "./json-account.ts";
import { commitJson } from "./json-git.ts";
import { pullSummaryJson } from "./json-pull.ts";
import { repositoryJson } from "./json-repository.ts";
import { nodeId } from "./node-id.ts";
import { page } from "./paging.ts";
import { roleIncludes } from "./people.ts";
import { listRefs } from "./refs.ts";
import { notFound, Refusal } from "./refusal.ts";
import { noContent, ok, type Route, repoPath } from "./route.ts";
import { type Ruleset, rulesetsOf } from "./rulesets.ts";
import { announce } from "./webhook-payloads.ts";
import { branchTip, fullName, repoApi, repoPage, resolveCommit, type World } from "./world.ts";

const anybody = { app: ["metadata:read"], user: "read" } as const;
const contentReads = { app: ["contents:read"], user: "read" } as const;

function rulesetJson(world: World, ruleset: Ruleset, withBypass: boolean): Json {
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: "branch",
    source_type: "Repository",
    source: fullName(world),
    enforcement: "active",
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    rules: ruleset.rules,
    node_id: nodeId("RepositoryRuleset", ruleset.id),
    created_at: world.repo.createdAt,
    updated_at: world.repo.createdAt,
    _links: {
      self: { href: `${repoApi(world)}/rulesets/${ruleset.id}` },
      html: { href: `${repoPage(world)}/rules/${ruleset.id}` },
    },
    ...(withBypass ? { bypass_actors: ruleset.bypass } : {}),
  };
}

async function branchJson(world: World, branch: string): Promise<Json> {
  const tip = branchTip(world, branch);
  const commit = tip === undefined ? undefined : await world.objects.commit(tip);
  if (commit === undefined) throw notFound("Branch not found");
  const url = `${repoApi(world)}/branches/${encodeURIComponent(branch)}`;
  return {
    name: branch,
    commit: commitJson(world, commit),
    _links: { self: url, html: `${repoPage(world)}/tree/${branch}` },
    protected: branch === world.defaultBranch,
    protection: {
      enabled: false,
      required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
    },
    protection_url: `${url}/protection`,
  };
}

/** https://docs.github.com/rest/repos */
export const repositoryRoutes: readonly Route[] = [
  {
    method: "GET",
    path: repoPath,
    operation: "repos/get",
    needs: anybody,
    handle: ({ world }) => ok(repositoryJson(world)),
  },
  {
    method: "GET",
    path: `${repoPath}/collaborators/{username}/permission`,
    operation: "repos/get-collaborator-permission-level",
    needs: anybody,
    handle: ({ world, params }) => {
      const user = world.people.get(pathText(params, "username"));
      const may = (role: "read" | "write" | "admin") => roleIncludes(user.role, role);
      return ok({
        permission: user.role,
        role_name: user.role,
        user: {
          ...accountJson(world, user),
          role_name: user.role,
          permissions: {
            pull: may("read"),
            triage: may("write"),
            push: may("write"),
            maintain: may("admin"),
            admin: may("admin"),
          },
        },
      });
    },
  },
  {
    method: "GET",
    path: `${repoPath}/activity`,
    operation: "repos/list-activities",
    needs: contentReads,
    handle: (request) => {
      const { world, query } = request;
      const ref = query.get("ref");
      const wanted = ref === null || ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
      const actor = query.get("actor");
      const type = query.get("activity_type");
      const found = world.activity
        .filter((entry) => entry.ref.startsWith("refs/heads/"))
        .filter((entry) => wanted === null || entry.ref === wanted)
        .filter((entry) => actor === null || entry.actor.login === actor)
        .filter((entry) => type === null || entry.type === type);
      if (query.get("direction") !== "asc") found.reverse();
      return page(request, found, (entry) => ({
        id: entry.id,
        node_id: nodeId("Push", entry.id),
        before: entry.before,
        after: entry.after,
        ref: entry.ref,
        timestamp: entry.timestamp,
        activity_type: entry.type,
        actor: accountJson(world, entry.actor),
      }));
    },
  },
  {
    method: "GET",
    path: `${repoPath}/branches`,
    operation: "repos/list-branches",
    needs: contentReads,
    handle: (request) => {
      const { world } = request;
      return page(request, listRefs(world.gitDir, "refs/heads/"), ({ ref, oid }) => ({
        name: ref.slice("refs/heads/".length),
        commit: { sha: oid, url: `${repoApi(world)}/commits/${oid}` },
        protected: ref === `refs/heads/${world.defaultBranch}`,
      }));
    },
  },
  {
    method: "GET",
    path: `${repoPath}/branches/{branch}`,
    operation: "repos/get-branch",
    needs: contentReads,
    handle: async ({ world, params }) => ok(await branchJson(world, pathText(params, "branch"))),
  },
  {
    method: "GET",
    path: `${repoPath}/branches/{branch}/protection`,
    operation: "repos/get-branch-protection",
    needs: { app: ["administration:read"], user: "admin" },
    handle: () => {
      throw notFound("Branch not protected");
    },
  },
  {
    method: "GET",
    path: `${repoPath}/rules/branches/{branch}`,
    operation: "repos/get-branch-rules",
    needs: anybody,
    handle: (request) => {
      const { world, params } = request;
      const ruled = pathText(params, "branch") === world.defaultBranch;
      const rules = ruled ? rulesetsOf(world).flatMap((set) => set.rules.map((rule) => ({ rule, set }))) : [];
      return page(request, rules, ({ rule, set }) => ({
        ...rule,
        ruleset_source_type: "Repository",
        ruleset_source: fullName(world),
        ruleset_id: set.id,
      }));
    },
  },
  {
    method: "GET",
    path: `${repoPath}/rulesets`,
    operation: "repos/get-repo-rulesets",
    needs: anybody,
    handle: (request) =>
      page(request, rulesetsOf(request.world), (set) => rulesetJson(request.world, set, false)),
  },
  {
    method: "GET",
    path: `${repoPath}/rulesets/{ruleset_id}`,
    operation: "repos/get-repo-ruleset",
    needs: anybody,
    handle: ({ world, params, actor }) => {
      const set = rulesetsOf(world).find((one) => String(one.id) === params.ruleset_id);
      if (set === undefined) throw notFound();
      // Bypass actors are shown to whoever may change the ruleset (github.md §2, "ruleset").
      const mayWrite =
        actor.kind === "user"
          ? roleIncludes(actor.account.role, "admin")
          : actor.permissions.administration === "write";
      return ok(rulesetJson(world, set, mayWrite));
    },
  },
  {
    method: "POST",
    path: `${repoPath}/dispatches`,
    operation: "repos/create-dispatch-event",
    needs: { app: ["contents:write"], user: "write" },
    handle: ({ world, actor, body }) => {
      const action = text(body, "event_type");
      if (action.length > 100) throw new Refusal(422, "event_type is too long (maximum is 100 characters)");
      const payload = optionalObject(body, "client_payload") ?? {};
      if (Object.keys(payload).length > 10) {
        throw new Refusal(422, "No more than 10 properties are allowed; more were supplied.");
      }
      announce(world, actor.account, "repository_dispatch", action, {
        branch: world.defaultBranch,
        client_payload: payload,
      });
      return noContent;
    },
  },
  {
    method: "GET",
    path: `${repoPath}/commits/{ref}/pulls`,
    operation: "repos/list-pull-requests-associated-with-commit",
    needs: { app: ["pull_requests:read", "contents:read"], user: "read" },
    handle: async (request) => {
      const { world, params } = request;
      const sha = await resolveCommit(world, pathText(params, "ref"));
      const found = [...world.pulls.values()].filter(
        (pull) => pull.mergeCommit === sha || pull.head.sha === sha,
      );
      return page(request, found, (pull) => pullSummaryJson(world, pull));
    },
  },
];
