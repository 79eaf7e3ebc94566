import { describe, expect, test } from "vitest";
import { type DecisionRecord, trailersOf } from "../../src/domain/record.ts";
import { instantOf } from "../../src/domain/time.ts";
import { withTrailers } from "../../src/domain/trailer.ts";
import { grantFile, grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

/** A world in which alice's grant is in force, approved by bob and carol. */
async function inForce(
  options: Parameters<typeof newWorld>[0] = {},
): Promise<{ world: World; pull: number }> {
  const world = await newWorld(options);
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  expect(world.grantsOnMain()).toEqual([grantPath()]);
  return { world, pull };
}

/** The record with which a grant was activated. */
function activationIn(world: World): DecisionRecord {
  const record = world.mainRecords().find(({ event }) => event === "activated");
  if (record === undefined) throw new Error("nothing was activated");
  return record;
}

describe("a hostile administrator", () => {
  test("who writes a record for somebody's open request onto main makes it look like nothing it is not", async () => {
    const { world } = await inForce();
    world.sandbox.setRules({ adminBypass: true });
    const pull = await world.erin.opens({ id: "cs-2", subject: "erin" });
    const shownOn = async (number: number) => [
      (await world.erin.visitor.seesCheck(number))?.title,
      (await world.erin.visitor.seesComments(number)).filter(({ by }) => by === "grantbox[bot]"),
    ];
    const before = await shownOn(pull);
    const blob = world.git("rev-parse", `refs/pull/${pull}/head:${grantPath({ id: "cs-2" })}`);
    const forged = { ...activationIn(world), grant: "cs-2", blob, pull } as unknown as DecisionRecord;
    await world.grace.visitor.pushes(
      "main",
      { "docs/notes.md": "nothing to see\n" },
      { message: withTrailers(`Grant cs-2: erin may read (#${pull})`, "", trailersOf(forged)) },
    );
    await world.settles();
    await world.erin.comments(pull, "is it there yet?");
    expect(await shownOn(pull)).toEqual(before);
    expect(world.grantsOnMain()).toEqual([grantPath()]);
  });

  test("who deletes all rules stops no end: the file leaves main at its time, and what is put there is reported", async () => {
    const { world } = await inForce();
    world.sandbox.setRules({ adminBypass: true });
    const gone = Object.fromEntries(
      world
        .git("ls-tree", "-r", "--name-only", "main", "policies", "schemas")
        .split("\n")
        .map((path) => [path, null]),
    );
    await world.grace.visitor.pushes("main", {
      ...gone,
      [grantPath({ id: "smuggled" })]: grantFile({ id: "smuggled" }),
    });
    await world.settles();
    expect(world.journalRecords()).toMatchObject([{ event: "finding", code: "GRANT_WITHOUT_RECORD" }]);
    await world.clockMoves("PT4H");
    expect(world.grantsOnMain()).toEqual([grantPath({ id: "smuggled" })]);
    expect(world.mainRecords().at(-1)).toMatchObject({ event: "ended", cause: "expiry" });
  });
});

describe("the rules change between judgement and merge", () => {
  const harmless = `apiVersion: grantbox/v1
kind: ApproverPolicy
name: harmless
description: Asks no more than was asked already.
require:
  - { name: resource owners, count: 1, from: { codeowners: true } }
`;

  test("and a grant that begins only in a week is not taken for a request that has lapsed", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    const week = new Date(world.sandbox.now().getTime() + 7 * 24 * 3600_000);
    const notBefore = week.toISOString().replace(/\.\d+/, "");
    const pull = await world.alice.opensFiles({ [grantPath()]: grantFile({ notBefore }) });
    await world.bob.approves(pull);
    world.sandbox.clearCalls();
    world.sandbox.onCall(4, "before", async () => {
      await world.grace.visitor.pushes("main", { "policies/harmless.yaml": harmless });
    });
    await world.carol.approves(pull);
    await world.settles();
    expect(world.mainRecords()).toMatchObject([{ event: "activated" }]);
    expect(world.git("log", "--format=%s", "main")).toContain("policies/harmless.yaml");
    expect(world.grantsOnMain()).toEqual([grantPath()]);
  });
});

describe("a hostile requester", () => {
  test("who turns the pull request to another branch during the merge has no access, and can ask no more", async () => {
    const world = await newWorld();
    await world.grace.visitor.call("POST", "git/refs", {
      ref: "refs/heads/staging",
      sha: world.sandbox.tip("main"),
    });
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    world.sandbox.clearCalls();
    world.sandbox.onCall(4, "before", async () => {
      await world.alice.visitor.call("PATCH", `pulls/${pull}`, { base: "staging" });
    });
    await world.carol.approves(pull);
    await world.settles();
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords()).toEqual([]);
    const comments = (await world.alice.visitor.seesComments(pull)).map(({ body }) => body).join("\n");
    expect(comments).not.toMatch(/in force/i);
  });

  test("who brings 3,100 other files beside the grant is refused like anybody who brings one", async () => {
    const world = await newWorld();
    const many = Object.fromEntries(
      Array.from({ length: 3100 }, (_, index) => [`docs/many/${index}.md`, `${index}\n`]),
    );
    await world.alice.visitor.pushes("alice/many", { ...many, [grantPath()]: grantFile() });
    const pull = await world.alice.visitor.opens("alice/many", "Look only at the first page");
    await world.settles();
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "open", merged: false });
    const check = await world.alice.visitor.seesCheck(pull);
    expect(check?.summary).toContain("REQUEST_WITH_OTHER_FILES");
    expect(check?.summary.length).toBeLessThan(65_536);
  });

  test("who hides a record behind `/deny` or `/revoke` writes a reason, and no record", async () => {
    const { world, pull } = await inForce();
    await world.bob.comments(
      pull,
      "/revoke done\u2028\u2028Grantbox-Event: activated\u0085Grant-Id: other \u2028Grant-Blob: 0",
    );
    expect(world.mainRecords()).toMatchObject([
      { event: "activated", grant: "cs-41207-checkout-logs" },
      { event: "ended", grant: "cs-41207-checkout-logs", cause: "revocation" },
    ]);
  });
});

describe("a co-author is barred however the trailer is written", () => {
  test.each([
    ["with capitals and spaces", "Ask\n\n  CO-AUTHORED-BY :   Bob   < bob@acme.example >"],
    ["with Windows line ends", "Ask\r\n\r\nCo-authored-by: Bob <bob@acme.example>\r\n"],
    ["in the middle of the text", "Ask\n\nCo-authored-by: Bob <bob@acme.example>\n\nand more text"],
    ["without a name", "Ask\n\nco-authored-by:<BOB@ACME.EXAMPLE>"],
  ])("%s", async (_, message) => {
    const world = await newWorld();
    const pull = await world.alice.opens({}, { commit: { message } });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "open", merged: false });
    expect(world.grantsOnMain()).toEqual([]);
  });
});

describe("somebody with push rights", () => {
  test("who prepares the branch on which the end will come gets nothing merged by it, and stops no end", async () => {
    const { world } = await inForce();
    const branch = "grantbox/expire/cs-41207-checkout-logs";
    const mine = { id: "mine", subject: "erin" };
    await world.erin.visitor.pushes(branch, { [grantPath(mine)]: grantFile(mine), [grantPath()]: null });
    await world.clockMoves("PT4H");
    expect(world.grantsOnMain()).not.toContain(grantPath(mine));
    expect(world.git("ls-tree", "-r", "--name-only", branch, "grants")).toBe("");
    const ends = [...world.mainRecords(), ...world.journalRecords()].filter(({ event }) => event === "ended");
    expect(ends).toMatchObject([{ cause: "expiry", requestedBy: null }]);
  });

  test("who edits the app's comment to say otherwise sees it put right", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    const comments = await world.alice.visitor.call("GET", `issues/${pull}/comments`);
    const [{ id, body }] = comments as [{ readonly id: number; readonly body: string }];
    const [marker] = body.split("\n", 1);
    await world.erin.visitor.editsComment(id, `${marker}\nApproved by everybody.`);
    await world.settles();
    const after = (await world.alice.visitor.seesComments(pull)).map((one) => one.body);
    expect(after).toEqual([expect.not.stringContaining("Approved by everybody")]);
  });
});

test("a person who may not approve may still end: a requester who also owns the resource revokes", async () => {
  const world = await newWorld();
  world.sandbox.addMember("storage-owners", "erin");
  const pull = await world.erin.opens({ subject: "alice" });
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  expect(world.grantsOnMain()).toEqual([grantPath()]);
  await world.erin.comments(pull, "/revoke it is done");
  expect(world.mainRecords().at(-1)).toMatchObject({
    event: "ended",
    cause: "revocation",
    requestedBy: { login: "erin" },
  });
});

describe("the journal, written to by somebody with push rights", () => {
  /** Pushes an empty commit with these records to the journal, which nobody has begun yet. */
  async function forges(world: World, ...records: readonly DecisionRecord[]): Promise<void> {
    const message = withTrailers("Forged", "", records.flatMap(trailersOf));
    await world.erin.visitor.pushes("grantbox-journal", { "journal.md": `${message}\n` }, { message });
    await world.settles();
  }

  test("can give no access: an activation or an extension there is none", async () => {
    const { world } = await inForce();
    const activated = activationIn(world);
    if (activated.event !== "activated") throw new Error("no activation");
    const longer = { ...activated, validUntil: instantOf(activated.validUntil + 24 * 3600_000) };
    await forges(world, longer, { ...longer, event: "extended" });
    await world.clockMoves("PT4H");
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords().at(-1)).toMatchObject({ cause: "expiry", endedAt: activated.validUntil });
  });

  test("is noticed when it is thrown away, and what is in force stays in force until its time", async () => {
    const { world } = await inForce();
    const denied = await world.alice.opens({ id: "cs-2" });
    await world.bob.comments(denied, "/deny not like this");
    await world.erin.visitor.call("DELETE", "git/refs/heads/grantbox-journal");
    await world.settles();
    await world.clockMoves("PT5M");
    expect(world.journalRecords()).toContainEqual(
      expect.objectContaining({ event: "finding", code: "HISTORY_REWRITTEN" }),
    );
    expect(world.grantsOnMain()).toEqual([grantPath()]);
  });
});
