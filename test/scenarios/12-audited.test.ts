import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { grantFile, grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

const program = new URL("../../src/cli/index.ts", import.meta.url).pathname;

/** Runs the command line as an auditor does: over the bare repository, without a network. */
function grantbox(...words: string[]): {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

/** A grant that ran its course, one that is in force, and a request that was denied. */
async function played(): Promise<{ readonly world: World; readonly dir: string }> {
  const world = await newWorld();
  const first = await world.alice.opens();
  await world.bob.approves(first);
  await world.carol.approves(first);
  const denied = await world.alice.opens({ id: "cs-3" });
  await world.bob.requestsChanges(denied, "not without the customer");
  await world.clockMoves("PT4H");
  const second = await world.erin.opens({ id: "cs-2", subject: "erin" });
  await world.bob.approves(second);
  await world.carol.approves(second);
  return { world, dir: world.sandbox.gitDir };
}

describe("an auditor with nothing but the repository", () => {
  test("sees that everything holds, who had access when, and why", async () => {
    const { world, dir } = await played();

    const verified = grantbox("verify", dir);
    expect(verified.out).toMatch(
      /^Everything holds\. Looked at 5 commits: 2 activations, 1 end, 1 commit of the journal\./,
    );
    expect(verified.code).toBe(0);

    const history = grantbox("history", dir).out.trimEnd().split("\n");
    expect(history.map((line) => line.split(/ {2,}/)[1])).toEqual([
      "no record",
      "activated",
      "denied",
      "ended",
      "activated",
    ]);
    expect(
      grantbox("history", dir, "--grant", "cs-41207-checkout-logs").out.trimEnd().split("\n"),
    ).toHaveLength(2);
    expect(grantbox("history", dir, "--subject", "ALICE").out.trimEnd().split("\n")).toHaveLength(3);

    const [activated] = world.mainRecords();
    const then = activated?.event === "activated" ? activated.validFrom + 60_000 : 0;
    const at = new Date(then).toISOString();
    expect(grantbox("state", dir, "--at", at).out).toMatch(
      /^cs-41207-checkout-logs {2}alice may read and list .*1 grant in force at /s,
    );
    expect(grantbox("why", "alice", "checkoutprod", "--repo", dir, "--at", at)).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^Yes, at .*approved by bob for "resource owners" .*approved by carol for "privacy"/s,
      ),
    });
    const later = new Date(then + 8 * 3600_000).toISOString();
    expect(grantbox("why", "alice", "checkoutprod", "--repo", dir, "--at", later)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^No, not at .*ended .*its time was over/s),
    });
  });

  test("sees that an extension and an early end hold as well", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    await world.clockMoves("PT3H");
    const longer = grantFile({ justification: "The vendor calls back at night; need its logs too." });
    const extension = await world.alice.opensFiles({ [grantPath()]: longer });
    await world.bob.approves(extension);
    await world.carol.approves(extension);
    await world.clockMoves("PT2H");
    await world.bob.comments(extension, "/revoke the vendor has called");
    const [first] = world.mainRecords();
    const { gitDir } = world.sandbox;
    expect(grantbox("verify", gitDir).out).toMatch(/^Everything holds\. .* 2 activations, 1 end/);
    // later than its first end, and so only by its extension
    const at = first?.event === "activated" ? new Date(first.validUntil + 1800_000).toISOString() : "";
    expect(grantbox("state", gitDir, "--at", at).out).toContain("1 grant in force");
  });

  test("finds what somebody pushed past the app", async () => {
    const { world, dir } = await played();
    world.sandbox.setRules({ adminBypass: true });
    await world.grace.visitor.pushes("main", { "grants/azure.storage/cs-9.yaml": "kind: Grant\n" });
    await world.settles();
    const verified = grantbox("verify", dir, "--json");
    expect(verified.code).toBe(1);
    const { clean, findings } = JSON.parse(verified.out);
    expect(clean).toBe(false);
    expect(findings).toMatchObject([{ code: "GRANT_WITHOUT_RECORD", grant: "cs-9", branch: "main" }]);
  });

  test.each([
    [["verify", "/nonexistent"], "no Git repository in or around /nonexistent"],
    [["verify", ".", "--anchor", "HEAD"], "is no commit"],
    [["verify", ".", "--json", "--sarif"], "choose one of"],
    [["state", ".", "--at", "yesterday"], "is no time"],
    [["state", ".", "--branch", "nowhere"], "has no branch nowhere"],
    [["history", ".", "--csv", "--json"], "choose one of"],
    [["why", "alice"], "missing required argument"],
  ])("is told what is wrong with the call %j", (words, message) => {
    const { code, err } = grantbox(...words);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
