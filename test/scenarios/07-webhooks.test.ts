import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

/** One whole lifecycle; `later` is what has to pass before the app sees what happened. */
async function lifecycle(world: World, later: () => Promise<void>): Promise<void> {
  const { alice, bob, carol } = world;
  const pull = await alice.opens();
  await later();
  await bob.approves(pull);
  await later();
  await carol.approves(pull);
  await later();
  expect(world.grantsOnMain()).toEqual([grantPath()]);
  await world.clockMoves("PT4H");
  expect(world.grantsOnMain()).toEqual([]);
  expect(world.mainRecords()).toMatchObject([{ event: "activated" }, { event: "ended", cause: "expiry" }]);
  expect(await alice.visitor.seesComments(pull)).toHaveLength(1);
}

describe("a lifecycle is the same", () => {
  test("when every webhook is lost: the sweep every five minutes finds everything", async () => {
    const world = await newWorld();
    world.sandbox.setFaults({ webhooks: { drop: true } });
    await lifecycle(world, () => world.clockMoves("PT5M"));
  });

  test("when every webhook is delivered twice", async () => {
    const world = await newWorld();
    world.sandbox.setFaults({ webhooks: { duplicate: true } });
    await lifecycle(world, () => world.settles());
  });

  test("when webhooks arrive late and in the wrong order", async () => {
    const world = await newWorld();
    world.sandbox.setFaults({ webhooks: { reverse: true, delayMs: 30 } });
    await lifecycle(world, () => world.settles());
  });

  test("when every delivery is sent again at the end", async () => {
    const world = await newWorld();
    await lifecycle(world, () => world.settles());
    for (const delivery of [...world.sandbox.deliveries()]) world.sandbox.redeliver(delivery);
    await world.settles();
    expect(world.mainRecords()).toHaveLength(2);
    expect(world.journalRecords()).toEqual([]);
  });
});

describe("the webhook address", () => {
  async function send(
    world: World,
    body: string,
    change: { secret?: string; headers?: Record<string, string> } = {},
  ): Promise<number> {
    const { secret = world.sandbox.app.webhookSecret, headers = {} } = change;
    const response = await fetch(`${world.appUrl}/api/github/webhooks`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-github-delivery": "d-1",
        "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
        ...headers,
      },
      body,
    });
    await response.text();
    return response.status;
  }

  const ping = JSON.stringify({ action: "opened", zen: "all is well" });

  test.each([
    ["a good delivery", ping, {}, 202],
    ["a forged signature", ping, { secret: "not the secret at all" }, 401],
    ["a body that is no JSON", "{", {}, 400],
    ["a body that is no object", "[]", {}, 400],
    ["no event name", ping, { headers: { "x-github-event": "" } }, 400],
    ["a form", ping, { headers: { "content-type": "application/x-www-form-urlencoded" } }, 415],
  ])("answers %s", async (_, body, change, status) => {
    const world = await newWorld();
    expect(await send(world, body, change)).toBe(status);
    expect(await (await fetch(`${world.appUrl}/health`)).json()).toMatchObject({ status: "ok" });
  });

  test("answers 413 to a body over GitHub's own limit, without reading it to its end", async () => {
    const world = await newWorld();
    const status = await send(world, "x".repeat(26 * 1024 * 1024)).catch(() => 413);
    expect(status).toBe(413);
  });

  test("does not learn from a late or repeated delivery which branch is the default one", async () => {
    const weak = `apiVersion: grantbox/v1
kind: ApproverPolicy
name: pci-payment-logs
description: An owner is enough here.
require:
  - { name: owners, count: 1, from: { codeowners: true } }
`;
    const world = await newWorld();
    await world.grace.visitor.call("POST", "git/refs", {
      ref: "refs/heads/staging",
      sha: world.sandbox.tip("main"),
    });
    await world.grace.visitor.pushes("staging", { "policies/pci-payment-logs.yaml": weak });
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    const { payload } = world.sandbox.deliveries().find(({ action }) => action === "opened") ?? {};
    const { repository } = payload as { repository: object };
    const old = { ...payload, repository: { ...repository, default_branch: "staging" } };
    expect(await send(world, JSON.stringify(old))).toBe(202);
    await world.settles();
    expect(world.mainRecords()).toEqual([]);
    await world.carol.approves(pull);
    expect(world.mainRecords()).toMatchObject([{ event: "activated" }]);
  });

  test("survives every example that GitHub publishes, and does nothing for repositories it does not know", async () => {
    const world = await newWorld();
    world.sandbox.clearCalls();
    const examples: { name: string; examples: unknown[] }[] = JSON.parse(
      readFileSync(
        createRequire(import.meta.url).resolve("@octokit/webhooks-examples/api.github.com/index.json"),
        "utf8",
      ),
    );
    let sent = 0;
    for (const { name, examples: payloads } of examples) {
      for (const payload of payloads) {
        const status = await send(world, JSON.stringify(payload), { headers: { "x-github-event": name } });
        expect(status, name).toBeLessThan(300);
        sent += 1;
      }
    }
    expect(sent).toBeGreaterThan(300);
    expect(world.sandbox.calls().filter(({ creating }) => creating)).toEqual([]);
    expect(world.mainRecords()).toEqual([]);
  });
});
