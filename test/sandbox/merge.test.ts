import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { as, asInstallation, at, openSandbox, request, type Visitor } from "./visitor.ts";

let sandbox: Sandbox;
let app: Visitor;

beforeAll(async () => {
  sandbox = await openSandbox();
  app = await asInstallation(sandbox);
});

afterAll(() => sandbox.close());

function green(head: string): Promise<unknown> {
  const output = { title: "Approved", summary: "" };
  return app.repo("POST", "/check-runs", { name: "grantbox", head_sha: head, conclusion: "success", output });
}

function merge(who: Visitor, number: number, more: Record<string, unknown> = {}) {
  return who.repo("PUT", `/pulls/${number}/merge`, { merge_method: "squash", ...more });
}

test("people never merge: they are told every rule that is in the way", async () => {
  const pull = await request(as(sandbox, "alice"), "people");
  const refused = await merge(as(sandbox, "bob"), pull.number);
  expect(refused.status).toBe(405);
  expect(refused.body.message).toBe(
    [
      "Repository rule violations found",
      "At least 1 approving review is required by reviewers with write access.",
      "Waiting on code owner review.",
      'Required status check "grantbox" is expected.',
      "Cannot update this protected ref.",
      "",
    ].join("\n\n"),
  );
});

test("the app merges when its check is green: one commit, its message as given, the branch gone", async () => {
  const pull = await request(as(sandbox, "alice"), "squash");
  expect((await merge(app, pull.number)).status).toBe(405);
  await green(pull.head);
  const base = sandbox.tip("main");
  const done = await merge(app, pull.number, {
    sha: pull.head,
    commit_title: "Grant squash",
    commit_message: "For a while.\n\nGrantbox-Event: activated\nGrant-Id: squash",
  });
  expect(done).toMatchObject({ status: 200, body: { merged: true, sha: sandbox.tip("main") } });
  const commit = await app.repo("GET", `/git/commits/${done.body.sha}`);
  expect(commit.body.message).toBe(
    "Grant squash\n\nFor a while.\n\nGrantbox-Event: activated\nGrant-Id: squash",
  );
  expect(commit.body.author).toMatchObject({ name: "alice" });
  expect(commit.body.committer).toMatchObject({ name: "GitHub", email: "noreply@github.com" });
  expect(at(commit.body, "parents", 0, "sha")).toBe(base);
  expect(sandbox.tip("squash")).toBeUndefined();
  const activity = await app.repo("GET", "/activity?activity_type=pr_merge");
  expect(at(activity.list[0], "actor", "login")).toBe("grantbox[bot]");
  expect((await merge(app, pull.number)).status).toBe(405);
});

test("a head that is not the expected one is a conflict", async () => {
  const pull = await request(as(sandbox, "alice"), "moved");
  await green(pull.head);
  expect(await merge(app, pull.number, { sha: sandbox.tip("main") })).toMatchObject({
    status: 409,
    body: { message: "Head branch was modified. Review and try the merge again." },
  });
});

test("of two merges at once one wins", async () => {
  const pull = await request(as(sandbox, "alice"), "twice");
  await green(pull.head);
  const both = await Promise.all([
    merge(app, pull.number, { sha: pull.head }),
    merge(app, pull.number, { sha: pull.head }),
  ]);
  expect(both.map((one) => one.status).sort()).toEqual([200, 405]);
});

test("drafts, conflicts and other merge methods are refused", async () => {
  const alice = as(sandbox, "alice");
  const pull = await request(alice, "method");
  await green(pull.head);
  for (const method of ["merge", "rebase"]) {
    expect((await merge(app, pull.number, { merge_method: method })).status).toBe(405);
  }
  const clash = await request(alice, "clash", "grants/azure.storage/method.yaml");
  await app.repo("PUT", "/contents/grants/azure.storage/method.yaml", {
    message: "Differ",
    content: Buffer.from("kind: Other\n").toString("base64"),
    branch: "clash",
    sha: at((await app.repo("GET", "/contents/grants/azure.storage/method.yaml?ref=clash")).body, "sha"),
  });
  await merge(app, pull.number);
  const head = String(sandbox.tip("clash"));
  await green(head);
  expect(await merge(app, clash.number)).toMatchObject({
    status: 405,
    body: { message: "Pull Request is not mergeable" },
  });
});

test("the app merges its own branch without a check, and without bypass nobody's", async () => {
  const pull = await request(app, "grants-revert");
  sandbox.setRules({ appBypass: false });
  const refused = await merge(app, pull.number);
  expect(refused.status).toBe(405);
  expect(refused.body.message).toContain("Waiting on code owner review.");
  sandbox.setRules({ appBypass: true });
  expect((await merge(app, pull.number)).status).toBe(200);
});

test("an administrator with bypass merges past the app", async () => {
  const pull = await request(as(sandbox, "alice"), "past");
  expect((await merge(as(sandbox, "grace"), pull.number)).status).toBe(405);
  sandbox.setRules({ adminBypass: true });
  expect((await merge(as(sandbox, "grace"), pull.number)).status).toBe(200);
  sandbox.setRules({ adminBypass: false });
});

test("the app does not push to main, whatever it may merge", async () => {
  const main = sandbox.tip("main");
  const tree = at((await app.repo("GET", `/git/commits/${main}`)).body, "tree", "sha");
  const commit = await app.repo("POST", "/git/commits", { message: "Sneak", tree, parents: [main] });
  const moved = await app.repo("PATCH", "/git/refs/heads/main", { sha: commit.body.sha });
  expect(moved.status).toBe(422);
  expect(moved.body.message).toContain("Cannot update this protected ref.");
  expect(sandbox.tip("main")).toBe(main);
});

test("a dismissed approval counts no more, and an older one does not come back", async () => {
  const pull = await request(as(sandbox, "alice"), "dismissed");
  const bob = as(sandbox, "bob");
  await bob.repo("POST", `/pulls/${pull.number}/reviews`, { event: "APPROVE" });
  const second = await bob.repo("POST", `/pulls/${pull.number}/reviews`, { event: "APPROVE" });
  sandbox.setRules({ appBypass: false, restrictUpdates: false });
  await green(pull.head);
  await app.repo("PUT", `/pulls/${pull.number}/reviews/${second.body.id}/dismissals`, { message: "Stale" });
  expect((await merge(app, pull.number)).body.message).toContain("Waiting on code owner review.");
  await bob.repo("POST", `/pulls/${pull.number}/reviews`, { event: "APPROVE" });
  expect((await merge(app, pull.number)).status).toBe(200);
  sandbox.setRules({ appBypass: true, restrictUpdates: true });
});

test("base.sha stays where the base was when the head last moved, as GitHub has it", async () => {
  const first = await request(as(sandbox, "alice"), "stale-base");
  const before = sandbox.tip("main");
  const other = await request(as(sandbox, "alice"), "other");
  await green(other.head);
  await merge(app, other.number);
  const pull = await app.repo("GET", `/pulls/${first.number}`);
  expect(at(pull.body, "base", "sha")).toBe(before);
  expect(sandbox.tip("main")).not.toBe(before);
});
