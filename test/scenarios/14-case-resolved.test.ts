import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { policyAsking } from "./conditions.ts";
import { grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

const askingForOpen = { seedFiles: policyAsking("{ caseOpen: true }") };

async function bothApprove({ bob, carol }: World, pull: number): Promise<void> {
  await bob.approves(pull);
  await carol.approves(pull);
}

/** A Jira with one issue, whose status category is what `category` says; it can be out of order. */
async function jiraWith(
  category: string,
): Promise<{ category: string; isDown: boolean; asked: number; url: string }> {
  const jira = { category, isDown: false, asked: 0, url: "" };
  const server: Server = createServer((request, response) => {
    jira.asked++;
    const isKnown = request.url?.startsWith("/rest/api/2/issue/SUP-882?") === true;
    response.writeHead(jira.isDown ? 503 : isKnown ? 200 : 404, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ key: "SUP-882", fields: { status: { statusCategory: { key: jira.category } } } }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  jira.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return jira;
}

describe("a case that is an issue of this repository", () => {
  test("ends the access when it is closed, and does not bring it back when it is opened again", async () => {
    const world = await newWorld(askingForOpen);
    const issue = await world.erin.visitor.opensIssue("Checkout times out");
    const about = ["github", `${issue}`] as const;
    const first = await world.alice.opens({ about });
    await bothApprove(world, first);
    const second = { id: "cs-41207-more-logs", about };
    await bothApprove(world, await world.alice.opens(second));
    expect(world.grantsOnMain()).toHaveLength(2);

    await world.erin.visitor.closesIssue(issue);
    await world.settles();
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainReads().at(-1)).toMatch(/^Revert 2 grants/);
    expect(world.mainRecords().slice(2)).toMatchObject([
      {
        event: "ended",
        grant: "cs-41207-checkout-logs",
        cause: "case-resolved",
        reason: `github ${issue} is resolved`,
      },
      { event: "ended", grant: "cs-41207-more-logs", cause: "case-resolved" },
    ]);
    expect((await world.alice.visitor.seesComments(first)).at(-1)?.body).toContain("resolved");

    await world.erin.visitor.reopensIssue(issue);
    await world.clockMoves("PT10M");
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords()).toHaveLength(4);
  });

  test("ends the access in the next sweep when its webhook is lost, also where no policy asks for an open case", async () => {
    const world = await newWorld();
    const issue = await world.erin.visitor.opensIssue("Checkout times out");
    await bothApprove(world, await world.alice.opens({ about: ["github", `#${issue}`] }));
    expect(world.grantsOnMain()).toEqual([grantPath()]);
    await world.clockMoves("PT1M");
    world.sandbox.setFaults({ webhooks: { drop: true } });
    await world.erin.visitor.closesIssue(issue);
    await world.clockMoves("PT5M");
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords().at(-1)).toMatchObject({ event: "ended", cause: "case-resolved" });
  });

  test("may have been closed before, where no policy asks: who approved knew", async () => {
    const world = await newWorld();
    const issue = await world.erin.visitor.opensIssue("Checkout timed out");
    await world.erin.visitor.closesIssue(issue);
    await world.clockMoves("PT1H");
    await bothApprove(world, await world.alice.opens({ about: ["github", `${issue}`] }));
    await world.clockMoves("PT10M");
    expect(world.grantsOnMain()).toEqual([grantPath()]);
  });

  test.each<[string, (world: World) => Promise<readonly [string, string]>, RegExp]>([
    [
      "is closed",
      async ({ erin }) => {
        const issue = await erin.visitor.opensIssue("Solved");
        await erin.visitor.closesIssue(issue);
        return ["github", `${issue}`];
      },
      /is resolved/,
    ],
    ["does not exist", async () => ["github", "4711"], /does not exist/],
    [
      "is a pull request",
      async ({ erin }) => ["github", `${await erin.opens({ id: "mine", subject: "erin" })}`],
      /does not exist/,
    ],
    [
      "lies with somebody else",
      async () => ["github", "mallory/cases#1"],
      /issues of `mallory` are not read/,
    ],
    [
      "is kept by a system that nobody connected",
      async () => ["zendesk", "7"],
      /does not know the system `zendesk`/,
    ],
  ])("does not let anybody in when it %s", async (_, find, says) => {
    const world = await newWorld(askingForOpen);
    const pull = await world.alice.opens({ about: await find(world) });
    await bothApprove(world, pull);
    expect(world.grantsOnMain()).toEqual([]);
    expect((await world.alice.visitor.seesCheck(pull))?.summary).toMatch(says);
  });
});

describe("a case in Jira", () => {
  test("lets in while it is open, waits while Jira is down, and ends the access when it is done", async () => {
    const jira = await jiraWith("indeterminate");
    const world = await newWorld({ ...askingForOpen, withoutApp: true });
    world.environment = { GRANTBOX_JIRA_URL: jira.url, GRANTBOX_JIRA_TOKEN: "a-token" };
    await world.appStarts();
    jira.isDown = true;
    const pull = await world.alice.opens({ about: ["jira", "SUP-882"] });
    await bothApprove(world, pull);
    expect(world.grantsOnMain()).toEqual([]);
    expect((await world.alice.visitor.seesCheck(pull))?.summary).toContain("503");

    jira.isDown = false;
    await world.clockMoves("PT5M");
    expect(world.grantsOnMain()).toEqual([grantPath()]);

    jira.isDown = true;
    await world.clockMoves("PT5M");
    expect(world.grantsOnMain()).toEqual([grantPath()]);

    jira.isDown = false;
    jira.category = "done";
    await world.clockMoves("PT5M");
    expect(world.mainRecords().at(-1)).toMatchObject({ event: "ended", cause: "case-resolved" });
  });

  test("is not asked about where no policy asks for an open case", async () => {
    const jira = await jiraWith("new");
    const world = await newWorld({ withoutApp: true });
    world.environment = { GRANTBOX_JIRA_URL: jira.url, GRANTBOX_JIRA_TOKEN: "a-token" };
    await world.appStarts();
    await bothApprove(world, await world.alice.opens({ about: ["jira", "SUP-882"] }));
    await world.clockMoves("PT30M");
    expect(jira.asked).toBe(0);
    expect(world.grantsOnMain()).toEqual([grantPath()]);
  });
});
