import { execFile } from "node:child_process";
import fs, { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import isomorphic from "isomorphic-git";
import http from "isomorphic-git/http/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { as, asInstallation, at, Clone, openSandbox } from "./visitor.ts";

const run = promisify(execFile);

let sandbox: Sandbox;
let alice: Clone;
let grace: Clone;

beforeAll(async () => {
  sandbox = await openSandbox();
  alice = await Clone.of(sandbox, "alice");
  grace = await Clone.of(sandbox, "grace");
});

afterAll(async () => {
  alice.remove();
  grace.remove();
  await sandbox.close();
});

test("a person clones and pushes a branch", async () => {
  expect(await alice.push("one", "grants/a.yaml", "id: a\n")).toMatchObject({ ok: true });
  expect(sandbox.tip("one")).toMatch(/^[0-9a-f]{40}$/);
});

test("nobody pushes to the protected branch, and is told why", async () => {
  for (const clone of [alice, grace]) {
    const before = sandbox.tip("main");
    const pushed = await clone.git("push", "origin", "HEAD:refs/heads/main", "--force");
    const same = pushed.text.includes("Everything up-to-date");
    if (!same) {
      expect(pushed.ok).toBe(false);
      expect(pushed.text).toContain("GH013: Repository rule violations found for refs/heads/main");
      expect(pushed.text).toContain("Changes must be made through a pull request");
    }
    expect(sandbox.tip("main")).toBe(before);
  }
  const deleted = await alice.git("push", "origin", ":main");
  expect(deleted.text).toContain("refusing to delete the current branch: refs/heads/main");
});

test("with the bypass an administrator pushes to main, and it is seen who did", async () => {
  sandbox.setRules({ adminBypass: true });
  expect(await grace.push("main", "notes.md", "By hand\n")).toMatchObject({ ok: true });
  sandbox.setRules({ adminBypass: false });
  const activity = await as(sandbox, "otto").repo("GET", "/activity?ref=main&activity_type=push");
  expect(activity.list[0]).toMatchObject({ activity_type: "push", after: sandbox.tip("main") });
  expect(at(activity.list[0], "actor", "login")).toBe("grace");
});

test("an auditor reads but does not push", async () => {
  const otto = await Clone.of(sandbox, "otto");
  expect((await otto.push("two", "x", "x")).text).toContain("403");
  otto.remove();
});

test("isomorphic-git fetches with an installation token", async () => {
  const token = (await asInstallation(sandbox)).authorization.replace("token ", "");
  const dir = mkdtempSync(path.join(tmpdir(), "grantbox-mirror-"));
  const onAuth = () => ({ username: "x-access-token", password: token });
  await isomorphic.init({ fs, dir, bare: true, gitdir: dir });
  await isomorphic.addRemote({ fs, gitdir: dir, remote: "origin", url: sandbox.git });
  await isomorphic.fetch({ fs, http, gitdir: dir, url: sandbox.git, ref: "main", onAuth, tags: false });
  const log = await isomorphic.log({ fs, gitdir: dir, ref: String(sandbox.tip("main")) });
  expect(log.at(-1)?.commit.message.trim()).toBe("Start the lockbox");
  expect(sandbox.gitCalls().at(-1)).toMatchObject({ operation: "git:upload-pack", status: 200 });
  expect(sandbox.calls().every((call) => !call.operation.startsWith("git:"))).toBe(true);
  rmSync(dir, { recursive: true });
});

test("a wrong token opens nothing", async () => {
  const url = sandbox.git.replace("http://", "http://alice:wrong@");
  await expect(
    run("git", ["ls-remote", url], { env: { ...process.env, GIT_TERMINAL_PROMPT: "0" } }),
  ).rejects.toThrow();
});

test("a push to the head of a pull request moves it, by force too, and its head can be fetched", async () => {
  const opened = await as(sandbox, "alice").repo("POST", "/pulls", {
    title: "One",
    head: "one",
    base: "main",
  });
  const number = Number(opened.body.number);
  const events: string[] = [];
  const stop = sandbox.onEvent((event, payload) => events.push(`${event}.${String(payload.action ?? "")}`));
  await alice.git("commit", "--quiet", "--amend", "--message", "Rewritten");
  expect((await alice.git("push", "origin", "one")).ok).toBe(false);
  expect((await alice.git("push", "--force", "origin", "one")).ok).toBe(true);
  stop();
  expect(events).toEqual(["push.", "pull_request.synchronize"]);
  const pull = await as(sandbox, "alice").repo("GET", `/pulls/${number}`);
  expect(at(pull.body, "head", "sha")).toBe(sandbox.tip("one"));
  const listed = await alice.git("ls-remote", "origin", `refs/pull/${number}/head`);
  expect(listed.text).toContain(String(sandbox.tip("one")));
  const forced = await as(sandbox, "otto").repo("GET", "/activity?activity_type=force_push");
  expect(forced.list).toHaveLength(1);
});

test("a pull request's own ref cannot be pushed to", async () => {
  expect((await alice.git("push", "origin", "HEAD:refs/pull/9/head")).ok).toBe(false);
});

test("a deleted head branch closes its pull request", async () => {
  await alice.git("push", "origin", ":one");
  const pulls = await as(sandbox, "alice").repo("GET", "/pulls?state=closed");
  expect(pulls.list[0]).toMatchObject({ state: "closed", merged_at: null });
});

test("what the stand-in has written, git finds sound", async () => {
  const checked = await run("git", ["--git-dir", sandbox.gitDir, "fsck", "--strict", "--no-dangling"]);
  expect(checked.stdout + checked.stderr).not.toMatch(/error|warning|missing/);
});
