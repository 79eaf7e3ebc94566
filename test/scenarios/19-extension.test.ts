import { describe, expect, test } from "vitest";
import { type ActivationRecord, trailersOf } from "../../src/domain/record.ts";
import { withTrailers } from "../../src/domain/trailer.ts";
import { grantFile, grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

const why = "The gateway vendor calls back tomorrow; need the logs of this night as well.";

/** Alice's grant of four hours, three of which have passed. */
async function threeHoursLater(): Promise<{ world: World; pull: number }> {
  const world = await newWorld();
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  await world.clockMoves("PT3H");
  return { world, pull };
}

/** Alice asks for more time by changing her file. */
const extend = (world: World, words: Parameters<typeof grantFile>[0] = {}) =>
  world.alice.opensFiles(
    { [grantPath()]: grantFile({ justification: why, ...words }) },
    { title: "More time for CS-41207" },
  );

async function extended(world: World, words: Parameters<typeof grantFile>[0] = {}): Promise<number> {
  const pull = await extend(world, words);
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  expect(world.mainRecords().at(-1)).toMatchObject({ event: "extended", pull });
  return pull;
}

const titleOf = async (world: World, pull: number) => (await world.alice.visitor.seesCheck(pull))?.title;

const livingComment = async (world: World, pull: number) =>
  (await world.alice.visitor.seesComments(pull)).find(({ body }) => body.startsWith("<!-- grantbox {"))
    ?.body ?? "";

describe("a grant in force is extended", () => {
  test("by a pull request on the same file, judged afresh, and ends at its new end", async () => {
    const { world, pull } = await threeHoursLater();
    const [activated] = world.mainRecords();
    if (activated?.event !== "activated") throw new Error("nothing is in force");
    const extension = await extend(world);
    const { summary = "" } = (await world.bob.visitor.seesCheck(extension)) ?? {};
    expect(summary).toContain("| Extends | the access that began at ");
    expect(summary).toContain("| Was asked for | 4 hours (`PT4H`) |");
    await world.bob.approves(extension);
    expect(world.mainRecords()).toHaveLength(1);
    await world.carol.approves(extension);

    const record = world.mainRecords().at(-1);
    expect(record).toMatchObject({ event: "extended", grant: activated.grant, pull: extension });
    if (record?.event !== "extended") throw new Error("it was not extended");
    expect(record.validUntil - record.validFrom).toBe(4 * 3600_000);
    expect(world.mainReads().at(-1)).toMatch(
      /^Extend cs-41207-checkout-logs: alice may read, list azure\.storage checkoutprod until \S+Z \(#2\)$/,
    );
    for (const one of [pull, extension]) {
      expect(await livingComment(world, one)).toContain("It has been extended once");
    }

    // nothing happens at the old end
    await world.clockMoves("PT1H");
    expect(world.grantsOnMain()).toEqual([grantPath()]);
    expect(world.mainRecords()).toHaveLength(2);
    await world.clockMoves("PT3H");
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords().at(-1)).toMatchObject({
      event: "ended",
      cause: "expiry",
      endedAt: record.validUntil,
    });
    for (const one of [pull, extension]) {
      expect(await livingComment(world, one)).toMatch(/\*\*Ended at .* its time was over/);
    }
    expect(world.journalRecords()).toEqual([]);
  });

  test("again and again, within the total that the settings allow", async () => {
    const { world } = await threeHoursLater();
    for (let times = 0; times < 5; times++) {
      await extended(world, { justification: `${why} (${times})` });
      await world.clockMoves("PT3H30M");
    }
    // 20.5 hours have passed since the beginning: four more would be over a day
    const more = await extend(world, { justification: `${why} (once more)` });
    expect(await titleOf(world, more)).toBe(
      "1 thing to mend: longer than the policies allow with all extensions",
    );
  });

  test.each(["the pull request that began it", "the one that extended it"])(
    "and revoked by a word on %s",
    async (where) => {
      const { world, pull } = await threeHoursLater();
      const extension = await extended(world);
      await world.carol.comments(where.includes("began") ? pull : extension, "/revoke solved by phone");
      expect(world.grantsOnMain()).toEqual([]);
      expect(world.mainRecords()).toMatchObject([
        { event: "activated" },
        { event: "extended" },
        { event: "ended", cause: "revocation", requestedBy: { login: "carol" }, reason: "solved by phone" },
      ]);
      for (const one of [pull, extension]) {
        expect(await livingComment(world, one)).toMatch(/\*\*Ended at .*`carol` revoked it/);
      }
    },
  );

  test("and both pull requests say so, also when the app died right after the merge", async () => {
    const { world, pull } = await threeHoursLater();
    const extension = await extend(world);
    await world.bob.approves(extension);
    world.sandbox.clearCalls();
    // the calls of carol's approval: facts, check, facts again, and then the merge
    world.sandbox.onCall(4, "after", () => world.appDies());
    await world.carol.visitor.approves(extension);
    await world.settles();
    expect(world.mainRecords().at(-1)).toMatchObject({ event: "extended" });
    await world.appStartsAnew();
    for (const one of [pull, extension]) {
      expect(await livingComment(world, one)).toContain("It has been extended once");
    }
    await world.clockMoves("PT4H");
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords()).toMatchObject([
      { event: "activated" },
      { event: "extended" },
      { event: "ended" },
    ]);
  });
});

describe("nothing is extended", () => {
  test.each<[string, Parameters<typeof grantFile>[0], string]>([
    [
      "that would change more than the time",
      { actions: "[list]" },
      "an extension changes more than the time",
    ],
    ["that would end no later", { duration: "PT30M" }, "an extension that would not end later"],
    ["that is too long at once", { duration: "PT8H" }, "longer than the policies allow"],
  ])("%s", async (_, words, title) => {
    const { world } = await threeHoursLater();
    const pull = await extend(world, words);
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    expect(await titleOf(world, pull)).toBe(`1 thing to mend: ${title}`);
    expect(world.mainRecords()).toHaveLength(1);
    await world.clockMoves("PT1H");
    expect(world.grantsOnMain()).toEqual([]);
  });

  test("after its end, however well it is approved then", async () => {
    const { world } = await threeHoursLater();
    const pull = await extend(world);
    await world.bob.approves(pull);
    await world.clockMoves("PT1H");
    await world.carol.approves(pull);
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords()).toMatchObject([{ event: "activated" }, { event: "ended" }]);
    expect((await world.alice.visitor.seesCheck(pull))?.conclusion).toBe("failure");
  });

  test("by a branch that began before the last extension", async () => {
    const { world } = await threeHoursLater();
    const late = await extend(world, { justification: `${why} And for erin's part of it.` });
    await extended(world);
    await world.bob.approves(late);
    await world.carol.approves(late);
    expect((await world.alice.visitor.seesCheck(late))?.conclusion).toBe("failure");
    expect(world.mainRecords()).toHaveLength(2);
  });

  test("on the strength of a record that somebody else wrote", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    const real = await world.alice.opens();
    await world.bob.approves(real);
    await world.carol.approves(real);
    const [record] = world.mainRecords();
    const forged = await world.alice.opens({ id: "forged" });
    const blob = world.git("rev-parse", `refs/pull/${forged}/head:${grantPath({ id: "forged" })}`);
    const copy = { ...record, grant: "forged", blob, pull: forged } as unknown as ActivationRecord;
    await world.grace.visitor.merges(forged, {
      title: `Grant forged (#${forged})`,
      body: withTrailers("", "As good as real.", trailersOf(copy)),
    });
    await world.settles();
    await world.clockMoves("PT1H");
    const pull = await world.alice.opensFiles({
      [grantPath({ id: "forged" })]: grantFile({ id: "forged", justification: why }),
    });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    expect((await world.alice.visitor.seesCheck(pull))?.conclusion).toBe("failure");
    expect(world.mainRecords().filter(({ event }) => event === "extended")).toEqual([]);
  });

  test("when an administrator merges it past the app: it is reported, and gives nothing", async () => {
    const { world } = await threeHoursLater();
    world.sandbox.setRules({ adminBypass: true });
    const pull = await extend(world);
    await world.grace.visitor.merges(pull);
    await world.settles();
    expect(world.mainRecords()).toHaveLength(1);
    expect(world.journalRecords()).toMatchObject([{ event: "finding", code: "GRANT_WITHOUT_RECORD" }]);
  });
});
