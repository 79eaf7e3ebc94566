import { describe, expect, test } from "vitest";
import { breakGlass } from "./break-glass.ts";
import { grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

const ID = "cs-41207-checkout-logs";

/** The one policy of the scenarios stands where the starter content has its own for this resource. */
const newNight = () =>
  newWorld({ seedFiles: { "policies/pci-payment-logs.yaml": breakGlass("pci-payment-logs") } });

const emergency = { duration: "PT1H", extra: "emergency: true\n" } as const;

/** Alice's emergency, approved by grace alone. */
async function emergencyInForce(): Promise<{ world: World; pull: number; review: number }> {
  const world = await newNight();
  const pull = await world.alice.opens(emergency);
  await world.grace.approves(pull);
  expect(world.grantsOnMain()).toEqual([grantPath()]);
  const review = await reviewOf(world);
  return { world, pull, review };
}

async function reviewOf(world: World, id: string = ID): Promise<number> {
  const issues = (await world.grace.visitor.seesIssues()).filter(
    ({ title }) => title === `Review of emergency grant ${id}`,
  );
  expect(issues).toHaveLength(1);
  return issues[0]?.number ?? 0;
}

const closes = async (world: World, login: string, issue: number) => {
  await world.person(login).visitor.call("PATCH", `issues/${issue}`, { state: "closed" });
  await world.settles();
};

async function isOpen(world: World, issue: number): Promise<boolean> {
  const seen = await world.grace.visitor.call("GET", `issues/${issue}`);
  return typeof seen === "object" && seen !== null && "state" in seen && seen.state === "open";
}

const spoken = async (world: World, thread: number) =>
  (await world.grace.visitor.seesComments(thread))
    .filter(({ body }) => body.startsWith("<!-- grantbox says "))
    .map(({ body }) => body.split("\n")[1] ?? "");

const reviewed = (world: World) => world.journalRecords().filter(({ event }) => event === "reviewed");

describe("an emergency", () => {
  test("takes one approval, says loudly what is skipped, and is reviewed afterwards by somebody else", async () => {
    const world = await newNight();
    const pull = await world.alice.opens(emergency);
    const { summary = "" } = (await world.grace.visitor.seesCheck(pull)) ?? {};
    expect(summary).toContain("**EMERGENCY: not asked for are resource owners, privacy and code owner.**");
    expect(summary).toMatch(/has to review it afterwards within 2 days/);
    await world.grace.approves(pull);
    expect(world.mainReads().at(-1)).toMatch(/^Emergency grant cs-41207-checkout-logs: alice may /);
    expect(world.mainRecords()).toMatchObject([{ event: "activated", emergency: true }]);

    const review = await reviewOf(world);
    expect(await world.grace.visitor.seesLabels(review)).toEqual(["grantbox: emergency review"]);
    expect(await spoken(world, pull)).toEqual([
      expect.stringMatching(
        /^@acme\/administrators and @acme\/storage-owners: \*\*EMERGENCY ACCESS WAS GIVEN/,
      ),
    ]);
    expect((await spoken(world, pull))[0]).toContain(`in #${review}`);

    await world.clockMoves("PT1H");
    expect(world.grantsOnMain()).toEqual([]);
    expect(await isOpen(world, review)).toBe(true);
    await closes(world, "bob", review);
    expect(reviewed(world)).toMatchObject([
      { event: "reviewed", grant: ID, issue: review, reviewedBy: { login: "bob", id: 1002 } },
    ]);
    expect(await isOpen(world, review)).toBe(false);
  });

  test("may not last longer than the policy says, and is not offered where a policy is silent", async () => {
    const world = await newNight();
    const long = await world.alice.opens({ ...emergency, id: "cs-1", duration: "PT2H" });
    expect((await world.alice.visitor.seesCheck(long))?.title).toBe(
      "1 thing to mend: longer than the policies allow",
    );
    const starter = await newWorld();
    const silent = await starter.alice.opens(emergency);
    expect((await starter.alice.visitor.seesCheck(silent))?.title).toMatch(/offers no emergency access/);
  });

  test("may be reviewed by whoever approved it", async () => {
    const { world, review } = await emergencyInForce();
    await closes(world, "grace", review);
    expect(reviewed(world)).toMatchObject([{ reviewedBy: { login: "grace" } }]);
  });
});

describe("whoever had the access or asked for it does not review it", () => {
  test("closed by the subject, the issue is opened again with a word why, each time", async () => {
    const { world, review } = await emergencyInForce();
    for (const times of [1, 2]) {
      await closes(world, "alice", review);
      expect(await isOpen(world, review)).toBe(true);
      const words = (await spoken(world, review)).filter((line) =>
        line.startsWith("**Opened again:** `alice`"),
      );
      expect(words).toHaveLength(times);
      await world.clockMoves("PT1M");
    }
    expect(reviewed(world)).toEqual([]);
  });

  test("nor does the requester, nor does a later closing undo a review", async () => {
    const world = await newNight();
    const pull = await world.erin.opens({ ...emergency, subject: "alice" });
    await world.grace.approves(pull);
    const review = await reviewOf(world);
    await closes(world, "erin", review);
    expect(await isOpen(world, review)).toBe(true);
    await closes(world, "carol", review);
    expect(reviewed(world)).toMatchObject([{ reviewedBy: { login: "carol" } }]);
    await world.alice.visitor.call("PATCH", `issues/${review}`, { state: "open" });
    await world.settles();
    await closes(world, "alice", review);
    expect(reviewed(world)).toHaveLength(1);
  });
});

describe("until it is reviewed", () => {
  test("its subject gets no other emergency, also after its end; then again", async () => {
    const { world, review } = await emergencyInForce();
    await world.clockMoves("PT1H");
    const again = await world.alice.opens({ ...emergency, id: "cs-2" });
    expect((await world.alice.visitor.seesCheck(again))?.title).toBe(
      "1 thing to mend: an earlier emergency has not been reviewed",
    );
    await world.grace.approves(again);
    expect(world.grantsOnMain()).toEqual([]);
    // others may, and so may alice in the usual way
    const other = await world.erin.opens({ ...emergency, id: "cs-3", subject: "erin" });
    expect((await world.erin.visitor.seesCheck(other))?.title).toBe("Waiting for emergency (1)");
    const usual = await world.alice.opens({ id: "cs-4" });
    expect((await world.alice.visitor.seesCheck(usual))?.title).toMatch(/^Waiting for /);

    await closes(world, "bob", review);
    await world.settles();
    expect(world.grantsOnMain()).toEqual([grantPath({ id: "cs-2" })]);
  });

  test("an overdue review is announced, once", async () => {
    const { world, review } = await emergencyInForce();
    await world.clockMoves("PT47H");
    expect(await spoken(world, review)).toEqual([]);
    await world.clockMoves("PT1H");
    const overdue = expect.stringMatching(
      /^@acme\/administrators and @acme\/storage-owners: \*\*this review was due at/,
    );
    expect(await spoken(world, review)).toEqual([overdue]);
    await world.clockMoves("P3D");
    await world.appStartsAnew();
    expect(await spoken(world, review)).toEqual([overdue]);
  });
});

describe("whatever goes wrong", () => {
  test.each([
    ["the issue", "issues/create"],
    ["the word on the pull request", "issues/create-comment"],
  ])(
    "there is one issue and one word, when %s is written and GitHub says it was not",
    async (_, operation) => {
      const world = await newNight();
      const pull = await world.alice.opens(emergency);
      world.sandbox.setFaults({ calls: [{ operation, when: "after", status: 502 }] });
      await world.grace.approves(pull);
      await world.clockMoves("PT5M");
      await reviewOf(world);
      expect(await spoken(world, pull)).toHaveLength(1);
    },
  );

  test("a closing that no webhook told of is found by the sweep, and an app started anew opens no second issue", async () => {
    const { world, review } = await emergencyInForce();
    await world.appDies();
    await world.carol.visitor.call("PATCH", `issues/${review}`, { state: "closed" });
    await world.appStartsAnew();
    expect(await reviewOf(world)).toBe(review);
    expect(reviewed(world)).toMatchObject([{ reviewedBy: { login: "carol" } }]);
  });

  test("an issue whose text somebody edited is none, and another is opened", async () => {
    const { world, review } = await emergencyInForce();
    await world.grace.visitor.call("PATCH", `issues/${review}`, { body: "Nothing to see here." });
    await world.clockMoves("PT5M");
    const issues = await world.grace.visitor.seesIssues();
    expect(issues.map(({ body }) => body.startsWith(`<!-- grantbox review ${ID} -->`))).toContain(true);
    await closes(world, "bob", review);
    expect(reviewed(world)).toEqual([]);
  });
});
