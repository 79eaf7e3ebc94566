import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../src/sandbox/rest.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { describedOperations } from "./description.ts";
import { as, asApp, asInstallation, at, openSandbox, request, type Visitor } from "./visitor.ts";

let sandbox: Sandbox;
let alice: Visitor;
let bob: Visitor;
let grace: Visitor;
let app: Visitor;

beforeAll(async () => {
  sandbox = await openSandbox();
  [alice, bob, grace] = [as(sandbox, "alice"), as(sandbox, "bob"), as(sandbox, "grace")];
  app = await asInstallation(sandbox);
});

afterAll(() => sandbox.close());

test("every operation of the sandbox is one of GitHub's, and described in the fixture", () => {
  expect(routes.map((route) => route.operation).sort()).toEqual([...describedOperations].sort());
});

/** Each line is a call that must be answered so; the visitor judges both sides by GitHub's description. */
type Line = [who: () => Visitor, method: string, route: string, status: number, body?: unknown];

async function play(lines: readonly Line[]): Promise<void> {
  for (const [who, method, route, status, body] of lines) {
    const reply = await who().rest(method, route, body);
    expect({ method, route, status: reply.status, message: reply.body.message }).toMatchObject({
      method,
      route,
      status,
    });
  }
}

const repo = "/repos/acme/lockbox";

describe("the REST surface is as GitHub describes it", () => {
  test("app, installation, organisation and people", async () => {
    await play([
      [() => asApp(sandbox), "GET", "/app", 200],
      [() => asApp(sandbox), "GET", "/app/installations", 200],
      [() => asApp(sandbox), "GET", `/app/installations/${sandbox.app.installationId}`, 200],
      [() => asApp(sandbox), "GET", "/app/installations/1", 404],
      [() => asApp(sandbox), "GET", `${repo}/installation`, 200],
      [() => asApp(sandbox), "GET", "/app/hook/deliveries", 200],
      [() => app, "GET", "/installation/repositories", 200],
      [() => app, "GET", "/orgs/acme/teams/privacy", 200],
      [() => app, "GET", "/orgs/acme/teams/privacy/members", 200],
      [() => app, "GET", "/orgs/acme/teams/privacy/memberships/carol", 200],
      [() => app, "GET", "/orgs/acme/teams/privacy/memberships/bob", 404],
      [() => app, "GET", "/orgs/acme/teams/nobodies/members", 404],
      [() => app, "GET", "/orgs/acme/members", 200],
      [() => app, "GET", "/orgs/acme/members?filter=2fa_disabled", 200],
      [() => alice, "GET", "/orgs/acme/members?filter=2fa_disabled", 422],
      [() => grace, "GET", "/orgs/acme/members?filter=2fa_disabled", 200],
      [() => alice, "GET", "/orgs/acme/members/bob", 204],
      [() => alice, "GET", "/user", 200],
      [() => alice, "GET", "/users/bob", 200],
      [() => alice, "GET", "/users/nobody", 404],
      [() => app, "GET", "/rate_limit", 200],
      [() => app, "GET", "/meta", 200],
    ]);
  });

  test("repository, rules and contents", async () => {
    await play([
      [() => app, "GET", repo, 200],
      [() => app, "GET", `${repo}/collaborators/otto/permission`, 200],
      [() => app, "GET", `${repo}/collaborators/nobody/permission`, 404],
      [() => app, "GET", `${repo}/activity?ref=main`, 200],
      [() => app, "GET", `${repo}/branches`, 200],
      [() => app, "GET", `${repo}/branches/main`, 200],
      [() => app, "GET", `${repo}/branches/none`, 404],
      [() => app, "GET", `${repo}/branches/main/protection`, 404],
      [() => app, "GET", `${repo}/rules/branches/main`, 200],
      [() => app, "GET", `${repo}/rulesets`, 200],
      [() => app, "GET", `${repo}/rulesets/3001`, 200],
      [() => app, "GET", `${repo}/rulesets/1`, 404],
      [() => app, "GET", `${repo}/codeowners/errors`, 200],
      [() => app, "GET", `${repo}/contents/`, 200],
      [() => app, "GET", `${repo}/contents/policies`, 200],
      [() => app, "GET", `${repo}/contents/policies/settings.yaml?ref=main`, 200],
      [() => app, "GET", `${repo}/contents/none.yaml`, 404],
      [() => app, "GET", `${repo}/commits`, 200],
      [() => app, "GET", `${repo}/commits/main`, 200],
      [() => app, "GET", `${repo}/commits/main/pulls`, 200],
      [() => app, "GET", `${repo}/commits/main/status`, 200],
      [() => app, "GET", `${repo}/compare/main...main`, 200],
      [() => app, "GET", `${repo}/git/ref/heads/main`, 200],
      [() => app, "GET", `${repo}/git/ref/heads/none`, 404],
      [() => app, "GET", `${repo}/git/matching-refs/heads/`, 200],
      [() => app, "GET", `${repo}/git/trees/main?recursive=1`, 200],
      [
        () => app,
        "POST",
        `${repo}/dispatches`,
        204,
        { event_type: "case-resolved", client_payload: { case: "CS-1" } },
      ],
      [() => app, "POST", `${repo}/dispatches`, 422, { client_payload: {} }],
      [() => app, "GET", "/repos/acme/other", 404],
    ]);
  });

  test("Git objects and refs", async () => {
    const main = sandbox.tip("main");
    const blob = await app.repo("POST", "/git/blobs", { content: "kind: Grant\n", encoding: "utf-8" });
    const entry = { path: "grants/a/b.yaml", mode: "100644", type: "blob", sha: blob.body.sha };
    const tree = await app.repo("POST", "/git/trees", { base_tree: main, tree: [entry] });
    const gone = { path: "policies/none.yaml", mode: "100644", type: "blob", sha: null };
    const commit = await app.repo("POST", "/git/commits", {
      message: "One",
      tree: tree.body.sha,
      parents: [main],
    });
    const empty = { message: "Nothing", tree: "4b825dc642cb6eb9a060e54bf8d69288fbee4904", parents: [] };
    const record = await app.repo("POST", "/git/commits", empty);
    expect(commit.body.author).toMatchObject({
      name: "grantbox[bot]",
      email: "8001+grantbox[bot]@users.noreply.github.com",
    });
    await play([
      [() => app, "GET", `${repo}/git/blobs/${blob.body.sha}`, 200],
      [() => app, "GET", `${repo}/git/trees/${tree.body.sha}`, 200],
      [() => app, "POST", `${repo}/git/trees`, 422, { base_tree: main, tree: [gone] }],
      [() => app, "POST", `${repo}/git/trees`, 422, { tree: [{ ...entry, path: "a/../b" }] }],
      [() => app, "GET", `${repo}/git/commits/${commit.body.sha}`, 200],
      [() => app, "POST", `${repo}/git/commits`, 422, { ...empty, tree: "0".repeat(40) }],
      [() => app, "POST", `${repo}/git/refs`, 201, { ref: "refs/heads/journal", sha: record.body.sha }],
      [() => app, "POST", `${repo}/git/refs`, 422, { ref: "refs/heads/journal", sha: record.body.sha }],
      [() => app, "POST", `${repo}/git/refs`, 422, { ref: "journal", sha: record.body.sha }],
      [() => app, "PATCH", `${repo}/git/refs/heads/journal`, 422, { sha: commit.body.sha, force: false }],
      [() => app, "PATCH", `${repo}/git/refs/heads/journal`, 200, { sha: commit.body.sha, force: true }],
      [() => app, "DELETE", `${repo}/git/refs/heads/journal`, 204],
      [() => app, "DELETE", `${repo}/git/refs/heads/journal`, 422],
    ]);
  });

  test("pull requests, reviews, checks and merge", async () => {
    const pull = await request(alice, "one");
    const at1 = `${repo}/pulls/${pull.number}`;
    const review = await bob.rest("POST", `${at1}/reviews`, { event: "REQUEST_CHANGES", body: "Why?" });
    await play([
      [() => app, "GET", `${repo}/pulls?state=all&head=acme:one&base=main&sort=updated&direction=desc`, 200],
      [() => app, "GET", at1, 200],
      [() => app, "GET", `${at1}/files`, 200],
      [() => app, "GET", `${at1}/commits`, 200],
      [() => app, "GET", `${at1}/merge`, 404],
      [() => app, "GET", `${at1}/requested_reviewers`, 200],
      [
        () => app,
        "POST",
        `${at1}/requested_reviewers`,
        201,
        { reviewers: ["dave"], team_reviewers: ["privacy"] },
      ],
      [() => app, "POST", `${at1}/requested_reviewers`, 422, { reviewers: ["nobody"] }],
      [() => alice, "PATCH", at1, 200, { title: "Better title", body: "Because." }],
      [() => alice, "PATCH", at1, 200, { state: "closed" }],
      [() => alice, "PATCH", at1, 200, { state: "open" }],
      [() => alice, "POST", `${repo}/pulls`, 422, { title: "Again", head: "one", base: "main" }],
      [() => alice, "POST", `${repo}/pulls`, 422, { title: "Nothing", head: "main", base: "main" }],
      [() => alice, "POST", `${repo}/pulls`, 422, { title: "No branch", head: "none", base: "main" }],
      [() => app, "GET", `${at1}/reviews`, 200],
      [() => app, "GET", `${at1}/reviews/${review.body.id}`, 200],
      [() => bob, "PUT", `${at1}/reviews/${review.body.id}`, 200, { body: "Why so long?" }],
      [() => grace, "PUT", `${at1}/reviews/${review.body.id}/dismissals`, 200, { message: "Answered" }],
      [() => grace, "PUT", `${at1}/reviews/${review.body.id}/dismissals`, 422, { message: "Again" }],
      [() => alice, "POST", `${at1}/reviews`, 422, { event: "APPROVE" }],
      [() => bob, "POST", `${at1}/reviews`, 200, { event: "APPROVE", commit_id: pull.head }],
      [() => bob, "POST", `${at1}/reviews`, 422, { event: "COMMENT" }],
      [() => app, "PUT", `${at1}/merge`, 405, { sha: pull.head, merge_method: "squash" }],
      [() => app, "PUT", `${at1}/merge`, 409, { sha: "0".repeat(40), merge_method: "squash" }],
    ]);
    const output = { title: "Pending", summary: "Two approvals are missing.", annotations: [annotation] };
    const check = await app.repo("POST", "/check-runs", {
      name: "grantbox",
      head_sha: pull.head,
      external_id: "x",
      output,
    });
    const run = `${repo}/check-runs/${check.body.id}`;
    await play([
      [() => app, "GET", run, 200],
      [() => app, "GET", `${run}/annotations`, 200],
      [() => alice, "POST", `${run}/rerequest`, 201],
      [
        () => app,
        "PATCH",
        run,
        200,
        { conclusion: "success", output: { title: "Yes", summary: "All agree." } },
      ],
      [() => app, "PATCH", run, 422, { output: { title: "Yes", summary: "é".repeat(32_768) } }],
      [
        () => app,
        "PATCH",
        run,
        422,
        { output: { title: "Y", summary: "", annotations: Array(51).fill(annotation) } },
      ],
      [
        () => app,
        "GET",
        `${repo}/commits/${pull.head}/check-runs?check_name=grantbox&app_id=${sandbox.app.id}`,
        200,
      ],
      [() => alice, "POST", `${repo}/check-runs`, 403, { name: "grantbox", head_sha: pull.head }],
      [() => alice, "POST", `${repo}/statuses/${pull.head}`, 201, { state: "success", context: "grantbox" }],
      [() => app, "GET", `${repo}/commits/${pull.head}/status`, 200],
      [
        () => app,
        "PUT",
        `${at1}/merge`,
        200,
        { sha: pull.head, merge_method: "squash", commit_title: "Grant one" },
      ],
      [() => app, "GET", `${at1}/merge`, 204],
      [() => app, "GET", `${at1}`, 200],
    ]);
  });

  test("issues and comments", async () => {
    const issue = await app.repo("POST", "/issues", {
      title: "Found",
      body: "A finding",
      labels: ["finding", "urgent"],
    });
    const one = `${repo}/issues/${issue.body.number}`;
    const comment = await app.rest("POST", `${one}/comments`, { body: "Look at this" });
    const said = `${repo}/issues/comments/${comment.body.id}`;
    await play([
      [() => app, "GET", `${repo}/issues?state=all&labels=finding`, 200],
      [() => app, "GET", one, 200],
      [() => app, "POST", `${repo}/issues`, 422, { body: "no title" }],
      [() => app, "PATCH", one, 200, { title: "Found it", state: "closed", state_reason: "completed" }],
      [() => app, "PATCH", one, 200, { state: "open" }],
      [() => alice, "POST", `${one}/labels`, 200, { labels: ["seen"] }],
      [() => app, "GET", `${one}/comments`, 200],
      [() => app, "POST", `${one}/comments`, 422, { body: "" }],
      [() => app, "GET", said, 200],
      [() => alice, "PATCH", said, 200, { body: "Edited by somebody else" }],
      [() => as(sandbox, "otto"), "PATCH", said, 403, { body: "Auditors only read" }],
      [() => app, "DELETE", said, 204],
      [() => app, "GET", said, 404],
    ]);
    expect(at(comment.body, "performed_via_github_app", "slug")).toBe("grantbox");
  });
});

const annotation = {
  path: "grants/a.yaml",
  start_line: 1,
  end_line: 1,
  annotation_level: "failure",
  message: "too long",
};
