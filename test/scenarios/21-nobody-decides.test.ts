import { describe, expect, test } from "vitest";
import { grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

/** What the starter policies ask for, and in a hurry: reminders after two hours and a day, security told after four. */
const hurry = `apiVersion: grantbox/v1
kind: ApproverPolicy
name: hurry
description: Nobody lets a request wait for long.
match: { resource.type: azure.storage }
require:
  - { name: resource owners, count: 1, from: { codeowners: true } }
pending: { expiresAfter: P2D, remindAfter: [PT2H, P1D], escalateAfter: PT4H, escalateTo: { teams: [security] } }
`;
const patient = hurry
  .replace("name: hurry", "name: patient")
  .replace(/pending:.*/, "pending: { expiresAfter: PT30H }");

const hurried = (files: Readonly<Record<string, string>> = {}) =>
  newWorld({ seedFiles: { "policies/hurry.yaml": hurry, ...files } });

/** What the app said in comments of its own, oldest first, each by its first line. */
async function said(world: World, pull: number): Promise<string[]> {
  const comments = await world.alice.visitor.seesComments(pull);
  return comments
    .filter(({ by, body }) => by === "grantbox[bot]" && body.startsWith("<!-- grantbox says "))
    .map(({ body }) => body.split("\n")[1] ?? "");
}

const reminder = (called: string) =>
  expect.stringContaining(`${called}: **this request still waits for you.**`);
const escalation = expect.stringMatching(
  /^@acme\/security: \*\*nobody has decided this request by .*being told lets nobody approve/,
);

describe("while nobody decides", () => {
  test("those who still could are reminded, others are told, and at last the request lapses", async () => {
    const world = await hurried();
    const pull = await world.alice.opens();
    await world.clockMoves("PT1H59M");
    expect(await said(world, pull)).toEqual([]);
    await world.clockMoves("PT1M");
    expect(await said(world, pull)).toEqual([reminder("@acme/privacy and @acme/storage-owners")]);
    await world.bob.approves(pull);
    await world.clockMoves("PT2H");
    expect((await said(world, pull)).slice(1)).toEqual([escalation]);
    await world.clockMoves("PT20H");
    expect((await said(world, pull)).slice(2)).toEqual([reminder("@acme/privacy")]);
    await world.clockMoves("P1D");
    expect(await said(world, pull)).toHaveLength(3);
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "closed", merged: false });
    expect(world.journalRecords()).toMatchObject([{ event: "lapsed", grant: "cs-41207-checkout-logs" }]);
  });

  test("the shortest hold of all policies counts", async () => {
    const world = await hurried({ "policies/patient.yaml": patient });
    const pull = await world.alice.opens();
    await world.clockMoves("PT29H59M");
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "open" });
    await world.clockMoves("PT1M");
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "closed" });
    expect(world.journalRecords()).toMatchObject([{ event: "lapsed" }]);
  });

  test("being told gives nobody the right to approve", async () => {
    const world = await hurried();
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    await world.clockMoves("PT4H");
    await world.dave.approves(pull);
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ merged: false });
    expect((await world.alice.visitor.seesCheck(pull))?.summary).toContain(
      "no requirement names this person",
    );
    await world.carol.approves(pull);
    expect(world.grantsOnMain()).toEqual([grantPath()]);
  });

  test("only the last of several reminders is sent when the app was dead meanwhile, and none twice", async () => {
    const world = await hurried();
    const pull = await world.alice.opens();
    await world.appDies();
    await world.clockMoves("PT30H");
    await world.appStartsAnew();
    expect(await said(world, pull)).toEqual([reminder("@acme/privacy and @acme/storage-owners"), escalation]);
    await world.appStartsAnew();
    await world.clockMoves("PT1H");
    expect(await said(world, pull)).toHaveLength(2);
  });

  test("a call that failed after its work is not made again", async () => {
    const world = await hurried();
    const pull = await world.alice.opens();
    world.sandbox.setFaults({ calls: [{ operation: "issues/create-comment", when: "after", status: 502 }] });
    await world.clockMoves("PT2H");
    await world.clockMoves("PT10M");
    expect(await said(world, pull)).toHaveLength(1);
  });

  test("somebody who copies or edits a reminder keeps none from being sent", async () => {
    const world = await hurried();
    const pull = await world.alice.opens();
    await world.erin.comments(
      pull,
      "<!-- grantbox says reminder 2999-01-01T00:00:00Z -->\nNothing to see here.",
    );
    await world.clockMoves("PT2H");
    const sent = async () =>
      (await said(world, pull)).filter((line) => line.includes("this request still waits for you")).length;
    expect(await sent()).toBe(1);
    const comments = await world.grace.visitor.call("GET", `issues/${pull}/comments`);
    const mine = (Array.isArray(comments) ? comments : []).find(({ body }) =>
      String(body).includes("still waits for you"),
    );
    await world.grace.visitor.editsComment(
      Number(mine?.id),
      "<!-- grantbox says reminder 2999-01-01T00:00:00Z -->",
    );
    await world.clockMoves("PT5M");
    expect(await sent()).toBe(1);
  });
});

describe("nobody is reminded", () => {
  test("of a draft", async () => {
    const world = await hurried();
    const pull = await world.alice.opens({}, { draft: true });
    await world.clockMoves("PT6H");
    expect(await said(world, pull)).toEqual([]);
  });

  test("of a request that has something to mend", async () => {
    const world = await hurried();
    const pull = await world.alice.opens({ duration: "PT9H" });
    await world.clockMoves("PT6H");
    expect(await said(world, pull)).toEqual([]);
  });

  test("of a request that was withdrawn, or is in force", async () => {
    const world = await hurried();
    const withdrawn = await world.alice.opens({ id: "cs-1" });
    await world.alice.closes(withdrawn);
    const pull = await world.alice.opens({ id: "cs-2" });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    await world.clockMoves("PT3H");
    expect(await said(world, withdrawn)).toEqual([]);
    expect(await said(world, pull)).toEqual([]);
  });
});

test("rules that tighten while a request waits hold for it: who is asked, how long it may last, when it lapses", async () => {
  const world = await newWorld();
  world.sandbox.setRules({ adminBypass: true });
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  const tight = hurry
    .replace("expiresAfter: P2D", "expiresAfter: PT3H")
    .replace("require:", "limits: { maxDuration: PT2H }\nrequire:");
  await world.grace.visitor.pushes("main", { "policies/hurry.yaml": tight });
  await world.settles();
  const check = await world.alice.visitor.seesCheck(pull);
  expect(check).toMatchObject({ conclusion: "failure" });
  expect(check?.title).toBe("1 thing to mend: longer than the policies allow");
  await world.carol.approves(pull);
  expect(world.grantsOnMain()).toEqual([]);
  await world.clockMoves("PT3H");
  expect(world.journalRecords()).toMatchObject([{ event: "lapsed" }]);
});
