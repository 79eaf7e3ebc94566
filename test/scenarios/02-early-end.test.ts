import { describe, expect, test } from "vitest";
import { grantFile, grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

/** A world in which alice's grant is in force, approved by bob and carol. */
async function inForce(): Promise<{ world: World; pull: number }> {
  const world = await newWorld();
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  expect(world.grantsOnMain()).toEqual([grantPath()]);
  return { world, pull };
}

describe("a grant ends early", () => {
  test("when an approver revokes it in a comment, with the reason in the record", async () => {
    const { world, pull } = await inForce();
    await world.carol.comments(pull, "/revoke the case was solved by phone");
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords().at(-1)).toMatchObject({
      event: "ended",
      cause: "revocation",
      requestedBy: { login: "carol", id: 1003 },
      reason: "the case was solved by phone",
    });
    // and only once, whatever is said afterwards and however late it gets
    await world.bob.comments(pull, "/revoke me too");
    await world.clockMoves("PT5H");
    expect(world.mainRecords()).toHaveLength(2);
  });

  test("when a code owner revokes it", async () => {
    const { world, pull } = await inForce();
    await world.bob.comments(pull, "/revoke wrong container");
    expect(world.mainRecords().at(-1)).toMatchObject({ cause: "revocation", requestedBy: { login: "bob" } });
  });

  test("when an administrator revokes it", async () => {
    const { world, pull } = await inForce();
    await world.grace.comments(pull, "/revoke");
    expect(world.mainRecords().at(-1)).toMatchObject({
      cause: "revocation",
      requestedBy: { login: "grace" },
    });
  });

  test("when the subject releases it", async () => {
    const { world, pull } = await inForce();
    await world.alice.comments(pull, "/release");
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords().at(-1)).toMatchObject({ cause: "release", requestedBy: { login: "alice" } });
  });

  test("when somebody with write access opens a pull request that only removes the file", async () => {
    const { world } = await inForce();
    const removal = await world.dave.opensFiles({ [grantPath()]: null }, { title: "This was a mistake" });
    expect(await world.dave.visitor.sees(removal)).toMatchObject({ merged: true });
    expect(world.mainRecords().at(-1)).toMatchObject({
      event: "ended",
      cause: "revocation",
      requestedBy: { login: "dave" },
      reason: "This was a mistake",
    });
  });
});

describe("a grant does not end", () => {
  test.each([
    ["erin", "/revoke I want it gone", "who neither approves nor owns nor administers"],
    ["bob", "/release", "who is not the subject"],
    ["bob", "please do not /revoke this", "whose command is not at the beginning"],
    ["bob", "> /revoke as dave said", "who quotes a command"],
  ])("at the word of %s: %j, %s", async (login, words) => {
    const { world, pull } = await inForce();
    await world.person(login).comments(pull, words);
    expect(world.grantsOnMain()).toEqual([grantPath()]);
    expect(world.mainRecords()).toHaveLength(1);
  });

  test("at a comment that was edited into a command: somebody else may have edited it", async () => {
    const { world, pull } = await inForce();
    const comment = await world.bob.comments(pull, "looks fine");
    await world.grace.visitor.editsComment(comment, "/revoke");
    await world.settles();
    expect(world.grantsOnMain()).toEqual([grantPath()]);
  });

  test("before its time: the end of an overlapping grant leaves it", async () => {
    const { world } = await inForce();
    const { alice, bob, carol } = world;
    const second = { id: "cs-41207-checkout-logs-again", duration: "PT1H" };
    const pull = await alice.opens(second);
    await bob.approves(pull);
    await carol.approves(pull);
    expect(world.grantsOnMain()).toEqual([grantPath(second), grantPath()].sort());
    await world.clockMoves("PT1H");
    expect(world.grantsOnMain()).toEqual([grantPath()]);
  });
});

test("grants that are due in the same sweep end in one revert pull request, each with its record", async () => {
  const world = await newWorld();
  const { alice, bob, carol } = world;
  for (const id of ["cs-1", "cs-2", "cs-3"]) {
    const pull = await alice.opens({ id });
    await bob.approves(pull);
    await carol.approves(pull);
  }
  await world.clockMoves("PT5H");
  expect(world.grantsOnMain()).toEqual([]);
  expect(world.mainReads().at(-1)).toMatch(/^Revert 3 grants \(#4\)$/);
  expect(world.mainRecords().slice(3)).toMatchObject([
    { event: "ended", grant: "cs-1", cause: "expiry" },
    { event: "ended", grant: "cs-2", cause: "expiry" },
    { event: "ended", grant: "cs-3", cause: "expiry" },
  ]);
});

test("a grant with notBefore lasts its full time from then on", async () => {
  const world = await newWorld();
  const notBefore = new Date(world.sandbox.now().getTime() + 2 * 3600_000).toISOString().replace(/\.\d+/, "");
  const pull = await world.alice.opensFiles({ [grantPath()]: grantFile({ notBefore, duration: "PT1H" }) });
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  const [record] = world.mainRecords();
  expect(record).toMatchObject({
    validFrom: Date.parse(notBefore),
    validUntil: Date.parse(notBefore) + 3600_000,
  });
  await world.clockMoves("PT2H30M");
  expect(world.grantsOnMain()).toEqual([grantPath()]);
  await world.clockMoves("PT30M");
  expect(world.grantsOnMain()).toEqual([]);
});

describe("when GitHub refuses to merge the end", () => {
  test("the grant counts as ended, the pull request stays open, labelled and announced, until an owner merges it", async () => {
    const { world, pull } = await inForce();
    world.sandbox.setRules({ appBypass: false });
    await world.clockMoves("PT4H");
    const [revert] = await world.bob.visitor.seesPulls();
    expect(revert?.title).toMatch(/^Revert "Grant cs-41207/);
    const number = revert?.number ?? 0;
    expect(await world.bob.visitor.seesLabels(number)).toEqual(["grantbox: merge refused"]);
    expect((await world.bob.visitor.seesComments(number)).map(({ by }) => by)).toEqual(["grantbox[bot]"]);
    expect(world.journalRecords()).toMatchObject([{ event: "ended", cause: "expiry" }]);
    expect((await world.bob.visitor.seesComments(pull)).at(-1)?.body).toMatch(/ended/i);

    // sweeps try again, and say nothing twice
    await world.clockMoves("PT20M");
    expect(await world.bob.visitor.seesComments(number)).toHaveLength(1);
    expect(world.journalRecords()).toHaveLength(1);

    world.sandbox.setRules({ appBypass: true });
    await world.clockMoves("PT10M");
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords().at(-1)).toMatchObject({ event: "ended", cause: "expiry" });
  });
});
