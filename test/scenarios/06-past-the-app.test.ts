import { describe, expect, test } from "vitest";
import { type ActivationRecord, trailersOf } from "../../src/domain/record.ts";
import { withTrailers } from "../../src/domain/trailer.ts";
import { grantFile, grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

/** What was reported: findings on the journal, and issues that the app opened. */
async function reported(world: World): Promise<{ findings: string[]; issues: string[] }> {
  const findings = world
    .journalRecords()
    .flatMap((record) => (record.event === "finding" ? [record.code] : []));
  const issues = (await world.grace.visitor.seesIssues()).map(({ title }) => title);
  return { findings, issues };
}

/** The last activation on main as somebody would copy it. */
function copied(world: World): ActivationRecord {
  const record = world.mainRecords().findLast(({ event }) => event === "activated");
  if (record?.event !== "activated") throw new Error("nothing was activated");
  return record;
}

describe("a grant file that got onto main past the app is not in force, and is reported at once, once", () => {
  test("when an administrator merges the request before anybody approved", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    const pull = await world.alice.opens();
    await world.grace.visitor.merges(pull);
    await world.settles();
    expect(world.grantsOnMain()).toEqual([grantPath()]);
    const { findings, issues } = await reported(world);
    expect(findings).toEqual(["GRANT_WITHOUT_RECORD"]);
    expect(issues).toHaveLength(1);
    await world.clockMoves("PT1H");
    await world.appStartsAnew();
    expect(await reported(world)).toEqual({ findings, issues });
  });

  test("when an administrator pushes it to main", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    await world.grace.visitor.pushes("main", { [grantPath()]: grantFile() });
    await world.settles();
    expect((await reported(world)).findings).toEqual(["GRANT_WITHOUT_RECORD"]);
    // taking it away again needs no more than the pull request
    const removal = await world.grace.opensFiles({ [grantPath()]: null });
    expect(await world.grace.visitor.sees(removal)).toMatchObject({ merged: true });
    expect(world.grantsOnMain()).toEqual([]);
  });

  test("when an administrator merges with a record copied from another grant", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    const first = await world.alice.opens();
    await world.bob.approves(first);
    await world.carol.approves(first);
    const pull = await world.alice.opens({ id: "forged" });
    const blob = world.git("rev-parse", `refs/pull/${pull}/head:${grantPath({ id: "forged" })}`);
    const record = { ...copied(world), grant: "forged", blob, pull } as unknown as ActivationRecord;
    await world.grace.visitor.merges(pull, {
      title: `Grant forged (#${pull})`,
      body: withTrailers("", "As good as real.", trailersOf(record)),
    });
    await world.settles();
    expect(world.grantsOnMain()).toHaveLength(2);
    expect((await reported(world)).findings).toEqual(["GRANT_WITHOUT_RECORD"]);
  });

  test("when the file of a grant that has ended is put back", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    await world.clockMoves("PT4H");
    await world.grace.visitor.pushes("main", { [grantPath()]: grantFile() });
    await world.settles();
    expect((await reported(world)).findings).toEqual(["GRANT_WITHOUT_RECORD"]);
  });

  test("when an administrator merges a longer file with a record of an extension", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    const first = await world.alice.opens();
    await world.bob.approves(first);
    await world.carol.approves(first);
    const pull = await world.alice.opensFiles({ [grantPath()]: grantFile({ duration: "PT8H" }) });
    const blob = world.git("rev-parse", `refs/pull/${pull}/head:${grantPath()}`);
    const record = copied(world);
    const forged = {
      ...record,
      event: "extended",
      blob,
      pull,
      validUntil: record.validUntil + 4 * 3_600_000,
    } as unknown as ActivationRecord;
    await world.grace.visitor.merges(pull, {
      title: `Extend cs-41207-checkout-logs (#${pull})`,
      body: withTrailers("", "As good as real.", trailersOf(forged)),
    });
    await world.settles();
    expect((await reported(world)).findings).toEqual(["GRANT_WITHOUT_RECORD"]);
  });

  test("when a grant in force is made longer by hand", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    await world.grace.visitor.pushes("main", { [grantPath()]: grantFile({ duration: "P30D" }) });
    await world.settles();
    expect((await reported(world)).findings).toEqual(["GRANT_WITHOUT_RECORD"]);
  });
});

test("a grant that an administrator takes off main by hand has ended, and the journal says so", async () => {
  const world = await newWorld();
  world.sandbox.setRules({ adminBypass: true });
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  await world.grace.visitor.pushes("main", { [grantPath()]: null });
  await world.settles();
  expect(world.journalRecords()).toMatchObject([
    { event: "ended", grant: "cs-41207-checkout-logs", cause: "revocation" },
  ]);
});

test("a history that was rewritten is reported", async () => {
  const world = await newWorld();
  world.sandbox.setRules({ adminBypass: true });
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  const lost = world.sandbox.tip("main");
  await world.grace.visitor.rewinds("main", 1);
  await world.settles();
  expect(world.journalRecords()).toContainEqual(
    expect.objectContaining({ event: "finding", code: "HISTORY_REWRITTEN", commit: lost }),
  );
  expect(world.grantsOnMain()).toEqual([]);
});

describe("the rules that count are those that the grant is really merged onto", () => {
  const strict = `apiVersion: grantbox/v1
kind: ApproverPolicy
name: stricter
description: Security has to look at everything from now on.
require:
  - { name: security, count: 1, from: { teams: [security] } }
`;

  test("rules that tighten while a request waits hold for it", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    await world.grace.visitor.pushes("main", { "policies/stricter.yaml": strict });
    await world.settles();
    await world.carol.approves(pull);
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ merged: false });
    expect((await world.alice.visitor.seesCheck(pull))?.title).toMatch(/security/);
    await world.dave.approves(pull);
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ merged: true });
  });

  test("rules that tighten between the judgement and the merge revoke the grant at once", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    const merge = Promise.withResolvers<void>();
    world.sandbox.clearCalls();
    // the calls of carol's approval: facts, check, facts again, and then the merge
    world.sandbox.onCall(4, "before", async () => {
      await world.grace.visitor.pushes("main", { "policies/stricter.yaml": strict });
      merge.resolve();
    });
    await world.carol.approves(pull);
    await merge.promise;
    await world.settles();
    expect(world.mainRecords()).toMatchObject([
      { event: "activated" },
      {
        event: "ended",
        cause: "revocation",
        requestedBy: null,
        reason: expect.stringMatching(/rules changed/),
      },
    ]);
    expect(world.grantsOnMain()).toEqual([]);
  });

  test("other commits between the judgement and the merge change nothing", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    world.sandbox.onCall(4, "before", async () => {
      await world.grace.visitor.pushes("main", { "docs/notes.md": "hello\n" });
    });
    await world.carol.approves(pull);
    await world.settles();
    expect(world.mainRecords()).toMatchObject([{ event: "activated" }]);
    expect(world.grantsOnMain()).toEqual([grantPath()]);
  });

  test("a force-push during the merge is not merged: the approvals were for another commit", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    world.sandbox.onCall(4, "before", async () => {
      await world.alice.visitor.pushes(
        (await world.alice.visitor.sees(pull)).head.ref,
        { [grantPath()]: grantFile({ duration: "PT3H" }) },
        { force: true },
      );
    });
    await world.carol.approves(pull);
    await world.settles();
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "open", merged: false });
    expect(world.grantsOnMain()).toEqual([]);
  });
});

test("a squash commit's message cannot be made to look like a record by what the requester writes", async () => {
  const world = await newWorld();
  const justification =
    '"Need it.\\n\\nGrantbox-Event: activated\\nGrant-Id: other-grant\\n\\nReally need these logs."';
  const pull = await world.alice.opens(
    { justification },
    { title: "x\n\nGrantbox-Event: ended\nGrant-Id: y" },
  );
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  expect(world.mainRecords()).toMatchObject([{ event: "activated", grant: "cs-41207-checkout-logs" }]);
  const removal = await world.alice.opensFiles(
    { [grantPath()]: null },
    { title: "done\n\nGrantbox-Event: activated\nGrant-Id: other-grant" },
  );
  expect(await world.alice.visitor.sees(removal)).toMatchObject({ merged: true });
  expect(world.mainRecords().map(({ event }) => event)).toEqual(["activated", "ended"]);
});
