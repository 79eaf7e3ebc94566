import { describe, expect, test } from "vitest";
import { oid } from "../../src/domain/oid.ts";
import { readRecordedFacts } from "../../src/domain/recorded-facts.ts";
import { grantFile, grantPath } from "./grant.ts";
import { newWorld } from "./world.ts";

describe("a request is denied, closed with the reason, and recorded on the journal", () => {
  test("when a policy denies it", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens({ actions: "[read, write]" });
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "closed", merged: false });
    const comments = await world.alice.visitor.seesComments(pull);
    expect(comments.map(({ body }) => body).join()).toMatch(/never written or deleted through a grant/);
    expect(world.journalRecords()).toMatchObject([
      {
        event: "denied",
        pull,
        grant: "cs-41207-checkout-logs",
        requestedBy: { login: "alice" },
        closedBy: null,
      },
    ]);
  });

  test("when no policy covers it: the resource is not in the catalog", async () => {
    const world = await newWorld();
    const resource =
      "/subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/elsewhere";
    const pull = await world.alice.opens({ resource });
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "closed", merged: false });
    expect(world.journalRecords()).toMatchObject([{ event: "denied" }]);
  });

  test("when an approver requests changes: a veto", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.carol.requestsChanges(pull, "this tenant has opted out");
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "closed", merged: false });
    expect(world.journalRecords()).toMatchObject([
      { event: "denied", closedBy: { login: "carol" }, reason: "this tenant has opted out" },
    ]);
    // an approval afterwards changes nothing: terminal states never reopen
    await world.bob.approves(pull);
    await world.alice.reopens(pull);
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "closed", merged: false });
    expect(world.journalRecords()).toHaveLength(1);
  });

  test("when an approver writes /deny", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.bob.comments(pull, "/deny use the metrics instead");
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "closed", merged: false });
    expect(world.journalRecords()).toMatchObject([
      { event: "denied", closedBy: { login: "bob" }, reason: "use the metrics instead" },
    ]);
  });

  test("but not when somebody without a say requests changes or writes /deny", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.erin.requestsChanges(pull, "I do not like it");
    await world.erin.comments(pull, "/deny");
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "open" });
  });

  test("when a rule cannot be evaluated: it counts against the request, and administrators are told", async () => {
    const broken = `apiVersion: grantbox/v1
kind: ApproverPolicy
name: broken
description: Reads a label that this resource does not have.
match: { resource.type: azure.storage }
when: resource.labels.nowhere == "x"
require:
  - { name: security, count: 1, from: { teams: [security] } }
`;
    const world = await newWorld({ seedFiles: { "policies/broken.yaml": broken } });
    const pull = await world.alice.opens();
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "closed", merged: false });
    expect((await world.alice.visitor.seesCheck(pull))?.annotations.map(({ title }) => title)).toContain(
      "RULE_EVALUATION_FAILED",
    );
  });
});

describe("a request that nobody decides", () => {
  test("lapses after four days and is closed", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    await world.clockMoves("P3DT23H");
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "open" });
    await world.clockMoves("PT1H");
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "closed", merged: false });
    expect(world.journalRecords()).toMatchObject([{ event: "lapsed", pull }]);
  });

  test("lapses even when it was never valid", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens({ duration: "PT12H" });
    await world.clockMoves("P4D");
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "closed", merged: false });
    expect(world.journalRecords()).toMatchObject([{ event: "lapsed", pull }]);
  });

  test("is withdrawn by closing it, for good", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.alice.closes(pull);
    expect(world.journalRecords()).toMatchObject([
      { event: "withdrawn", pull, closedBy: { login: "alice" } },
    ]);
    await world.alice.reopens(pull);
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "closed", merged: false });
    expect(world.journalRecords()).toHaveLength(1);
  });

  test("may be asked again under another id, but not under the id of a grant that has been", async () => {
    const world = await newWorld();
    const { alice, bob, carol } = world;
    const first = await alice.opens({ duration: "PT1H" });
    await bob.approves(first);
    await carol.approves(first);
    await world.clockMoves("PT1H");
    const again = await alice.opensFiles({ [grantPath()]: grantFile() });
    const check = await alice.visitor.seesCheck(again);
    expect(check?.conclusion).toBe("failure");
    expect(check?.annotations.map(({ title }) => title)).toEqual(["GRANT_ID_TAKEN"]);
  });
});

test("a denial keeps the facts that it rested on, without the words of anybody", async () => {
  const world = await newWorld();
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  await world.carol.requestsChanges(pull, "not for a case of this kind");
  const message = world.git("log", "-1", "--format=%B", "grantbox-journal");
  const { head } = await world.alice.visitor.sees(pull);
  const reading = readRecordedFacts(message, oid(head.sha));
  expect(
    reading.kind === "facts"
      ? reading.recorded.facts.reviews.map(({ author, state }) => [author?.login, state])
      : reading,
  ).toEqual([
    ["bob", "approved"],
    ["carol", "changes-requested"],
  ]);
  expect(message.match(/not for a case of this kind/g)).toHaveLength(1);
});
