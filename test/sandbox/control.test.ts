import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { as, asApp, asInstallation, at, openSandbox, request } from "./visitor.ts";

type Heard = { event: string; guid: string; signature: string; body: string };

let sandbox: Sandbox;
let app: Server;
let heard: Heard[];
let health: Record<string, unknown>;

beforeEach(async () => {
  sandbox = await openSandbox();
  heard = [];
  health = { status: "ok", queued: 0, running: 0, due: 0, clockOffsetMs: 0 };
  app = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    if (incoming.method === "POST") {
      heard.push({
        event: String(incoming.headers["x-github-event"]),
        guid: String(incoming.headers["x-github-delivery"]),
        signature: String(incoming.headers["x-hub-signature-256"]),
        body: Buffer.concat(chunks).toString("utf8"),
      });
    }
    response.end(JSON.stringify(health));
  });
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  const { port } = app.address() as AddressInfo;
  sandbox.connectApp({ webhook: `http://127.0.0.1:${port}/hook`, health: `http://127.0.0.1:${port}/health` });
});

afterEach(async () => {
  app.closeAllConnections();
  await new Promise((resolve) => app.close(resolve));
  await sandbox.close();
});

async function control(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${sandbox.url}/sandbox${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

const issue = (title: string) => as(sandbox, "alice").repo("POST", "/issues", { title });

test("events arrive signed, each once", async () => {
  await issue("One");
  await sandbox.idle();
  expect(heard.map((one) => one.event)).toEqual(["issues"]);
  const expected = createHmac("sha256", sandbox.app.webhookSecret)
    .update(heard[0]?.body ?? "")
    .digest("hex");
  expect(heard[0]?.signature).toBe(`sha256=${expected}`);
  expect(at(JSON.parse(heard[0]?.body ?? ""), "installation", "id")).toBe(sandbox.app.installationId);
});

test("a plan drops, doubles and reverses events; a dropped one can be redelivered under its GUID", async () => {
  await control("POST", "/faults", { webhooks: { drop: ["issues.opened"] } });
  await issue("Lost");
  await sandbox.idle();
  expect(heard).toEqual([]);
  const list = await asApp(sandbox).rest("GET", "/app/hook/deliveries?status=failure");
  await asApp(sandbox).rest("GET", `/app/hook/deliveries/${list.list[0]?.id}`);
  await asApp(sandbox).rest("POST", `/app/hook/deliveries/${list.list[0]?.id}/attempts`);
  await sandbox.idle();
  expect(heard.map((one) => one.guid)).toEqual([list.list[0]?.guid]);

  heard.length = 0;
  await control("POST", "/faults", { webhooks: { duplicate: true } });
  await issue("Twice");
  await sandbox.idle();
  expect(heard).toHaveLength(2);
  expect(heard[0]?.guid).toBe(heard[1]?.guid);

  heard.length = 0;
  await control("POST", "/faults", { webhooks: { reverse: true } });
  await issue("First");
  await issue("Second");
  await sandbox.idle();
  expect(heard.map((one) => at(JSON.parse(one.body), "issue", "title")).sort()).toEqual(["First", "Second"]);
  await control("DELETE", "/faults");
});

test("an app that is not there loses its events, and nobody waits for it", async () => {
  sandbox.connectApp({ webhook: "http://127.0.0.1:9/hook", health: "http://127.0.0.1:9/health" });
  await issue("Unheard");
  await sandbox.idle();
  expect(sandbox.deliveries().at(-1)).toMatchObject({ status: "failed to connect to host", statusCode: 0 });
});

test("idle waits for the app's work and for its clock", async () => {
  health.queued = 1;
  expect((await control("GET", "/idle?timeout=60")).status).toBe(504);
  health.queued = 0;
  expect((await control("GET", "/idle")).status).toBe(200);
  await sandbox.advance("PT4H");
  expect((await control("GET", "/idle?timeout=60")).status).toBe(504);
  health.clockOffsetMs = 4 * 3_600_000;
  expect((await control("GET", "/idle")).status).toBe(200);
});

test("the clock moves for all, and says so before the order is answered", async () => {
  const stream = await fetch(`${sandbox.control.clock}/stream`);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('data: {"offsetMs":0}\n\n');
  const moved = await control("POST", "/clock", { advance: "P1DT2H" });
  expect(at(moved.json, "offsetMs")).toBe(26 * 3_600_000);
  expect((await reader?.read())?.value).toBe('data: {"offsetMs":93600000}\n\n');
  await reader?.cancel();
  const made = await issue("Tomorrow");
  const made_at = Date.parse(String(made.body.created_at));
  expect(Math.abs(made_at - sandbox.now().getTime())).toBeLessThan(5000);
  await control("POST", "/clock", { set: "2030-01-01T00:00:00Z" });
  expect(sandbox.now().getUTCFullYear()).toBe(2030);
  expect((await control("POST", "/clock", { advance: "P1M" })).status).toBe(422);
});

test("a fault strikes the call it names, before or after the work", async () => {
  const bot = await asInstallation(sandbox);
  await control("POST", "/faults", {
    calls: [
      { call: 2, when: "before", status: 502 },
      { operation: "issues/create", nth: 2, when: "after", status: 500 },
      { operation: "git/get-ref", when: "after", status: "reset" },
    ],
  });
  sandbox.clearCalls();
  const make = (title: string) =>
    bot.repo("POST", "/issues", { title }).then(
      (reply) => reply.status,
      () => 0,
    );
  const fails = async (title: string) => {
    const response = await fetch(`${sandbox.api}/repos/acme/lockbox/issues`, {
      method: "POST",
      headers: { authorization: bot.authorization },
      body: JSON.stringify({ title }),
    });
    return response.status;
  };
  expect(await make("one")).toBe(201);
  expect(await fails("never made")).toBe(502);
  expect(await fails("made all the same")).toBe(500);
  await expect(bot.repo("GET", "/git/ref/heads/main")).rejects.toThrow();
  const issues = await as(sandbox, "alice").repo("GET", "/issues");
  expect(issues.list.map((one) => one.title)).toEqual(["made all the same", "one"]);
  const { json } = await control("GET", "/calls");
  expect(json).toMatchObject([
    { n: 1, operation: "issues/create", status: 201, creating: true },
    { n: 2, operation: "issues/create", status: 502, fault: "before 502" },
    { n: 3, operation: "issues/create", status: 500, fault: "after 500" },
    { n: 4, operation: "git/get-ref", status: 0, fault: "after reset", creating: false },
  ]);
  await control("DELETE", "/calls");
  expect(sandbox.calls()).toEqual([]);
  expect((await control("POST", "/faults", { calls: [{ when: "before", typo: 1 }] })).status).toBe(422);
});

test("a test is called at the very call it asked for", async () => {
  const bot = await asInstallation(sandbox);
  const seen: string[] = [];
  sandbox.onCall(1, "before", () => {
    seen.push(`before ${sandbox.tip("ref") === undefined}`);
  });
  sandbox.onCall(1, "after", () => {
    seen.push(`after ${sandbox.tip("ref") === undefined}`);
  });
  await bot.repo("POST", "/git/refs", { ref: "refs/heads/ref", sha: sandbox.tip("main") });
  expect(seen).toEqual(["before true", "after false"]);
});

test("who leaves a team leaves it at once, and the app hears of it", async () => {
  sandbox.removeMember("privacy", "carol");
  sandbox.addUser("zoe", { permission: "write", teams: ["privacy"] });
  await sandbox.idle();
  expect(heard.map((one) => one.event)).toEqual(["membership"]);
  const bot = await asInstallation(sandbox);
  const members = await bot.rest("GET", "/orgs/acme/teams/privacy/members");
  expect(members.list.map((one) => one.login)).toEqual(["zoe"]);
});

test("every answer has rate-limit headers, lists have links, and what has not changed is a 304", async () => {
  const bot = await asInstallation(sandbox);
  for (const title of ["a", "b", "c"]) await issue(title);
  const first = await bot.repo("GET", "/issues?per_page=2");
  expect(first.headers.get("link")).toContain('rel="next"');
  expect(first.headers.get("x-ratelimit-limit")).toBe("5000");
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
  const second = await bot.rest("GET", next.replace(sandbox.api, ""));
  expect(second.list).toHaveLength(1);
  const etag = first.headers.get("etag") ?? "";
  const again = await bot.rest("GET", "/repos/acme/lockbox/issues?per_page=2", undefined, {
    "if-none-match": etag,
  });
  expect(again.status).toBe(304);
  expect(again.headers.get("x-ratelimit-used")).toBe(second.headers.get("x-ratelimit-used"));
  await issue("d");
  const changed = await bot.rest("GET", "/repos/acme/lockbox/issues?per_page=2", undefined, {
    "if-none-match": etag,
  });
  expect(changed.status).toBe(200);
});

test("nobody and false keys are 401, permissions that an app lacks are 403", async () => {
  const stranger = await fetch(`${sandbox.api}/repos/acme/lockbox`);
  expect(stranger.status).toBe(401);
  const forged = await fetch(`${sandbox.api}/app`, { headers: { authorization: "bearer a.b.c" } });
  expect(forged.status).toBe(401);
  const reader = await asInstallation(sandbox, { contents: "read" });
  const refused = await reader.repo("POST", "/git/refs", { ref: "refs/heads/x", sha: sandbox.tip("main") });
  expect(refused).toMatchObject({ status: 403, body: { message: "Resource not accessible by integration" } });
  const otto = await as(sandbox, "otto").repo("POST", "/git/refs", {
    ref: "refs/heads/x",
    sha: sandbox.tip("main"),
  });
  expect(otto.status).toBe(403);
});

test("drafts, base changes, reopening and labels are announced as GitHub describes them", async () => {
  const alice = as(sandbox, "alice");
  const pull = await request(alice, "noisy");
  await alice.repo("POST", "/git/refs", { ref: "refs/heads/elsewhere", sha: sandbox.tip("main") });
  await alice.repo("PATCH", `/pulls/${pull.number}`, { base: "elsewhere" });
  await alice.repo("POST", `/issues/${pull.number}/labels`, { labels: ["urgent"] });
  await alice.repo("PATCH", `/pulls/${pull.number}`, { state: "closed" });
  await alice.repo("PATCH", `/pulls/${pull.number}`, { state: "open" });
  const found = await alice.graphql(
    `query { repository(owner: "acme", name: "lockbox") { pullRequest(number: ${pull.number}) { id } } }`,
  );
  const id = at(found.data, "repository", "pullRequest", "id");
  for (const act of ["convertPullRequestToDraft", "markPullRequestReadyForReview"]) {
    const reply = await alice.graphql(
      `mutation ($id: ID!) { ${act}(input: { pullRequestId: $id }) { pullRequest { isDraft } } }`,
      { id },
    );
    expect(reply.errors).toEqual([]);
  }
  await sandbox.idle();
  const actions = sandbox
    .deliveries()
    .filter((one) => one.event === "pull_request")
    .map((one) => one.action);
  expect(actions).toEqual(
    expect.arrayContaining([
      "opened",
      "review_requested",
      "edited",
      "labeled",
      "closed",
      "reopened",
      "converted_to_draft",
      "ready_for_review",
    ]),
  );
});
