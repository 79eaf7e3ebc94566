import { expect, test } from "vitest";
import { grantPath } from "./grant.ts";
import { newWorld } from "./world.ts";

test("a request is corrected, approved by two people, in force for four hours, and ended by itself", async () => {
  const world = await newWorld();
  const { alice, bob, carol } = world;

  const pull = await alice.opens({ duration: "PT12H" });
  const refused = await alice.visitor.seesCheck(pull);
  expect(refused).toMatchObject({ status: "completed", conclusion: "failure" });
  expect(refused?.annotations).toMatchObject([{ path: grantPath(), line: 13 }]);
  expect(await alice.visitor.seesRequested(pull)).toEqual(["team:storage-owners"]);

  await alice.pushes(pull, { [grantPath()]: (await import("./grant.ts")).grantFile() });
  expect(await alice.visitor.seesCheck(pull)).toMatchObject({ status: "in_progress", conclusion: null });
  expect(await alice.visitor.seesRequested(pull)).toEqual(["team:privacy", "team:storage-owners"]);

  await bob.approves(pull);
  expect(world.mainReads()).toEqual([]);

  await carol.approves(pull);
  expect(await alice.visitor.sees(pull)).toMatchObject({ merged: true });
  expect(await alice.visitor.seesCheck(pull)).toMatchObject({ conclusion: "success" });
  expect(world.grantsOnMain()).toEqual([grantPath()]);
  expect(world.mainRecords()).toMatchObject([
    {
      event: "activated",
      grant: "cs-41207-checkout-logs",
      requestedBy: { login: "alice", id: 1001 },
      approvedBy: [
        { login: "bob", requirement: "resource owners" },
        { login: "carol", requirement: "privacy" },
      ],
      policies: ["pci-payment-logs"],
    },
  ]);
  const comments = await alice.visitor.seesComments(pull);
  expect(comments).toHaveLength(1);

  await world.clockMoves("PT3H59M");
  expect(world.grantsOnMain()).toEqual([grantPath()]);
  await world.clockMoves("PT1M");
  expect(world.grantsOnMain()).toEqual([]);
  expect(world.mainReads()).toEqual([
    `Grant cs-41207-checkout-logs: alice may read, list azure.storage checkoutprod (#${pull})`,
    `Revert "Grant cs-41207-checkout-logs: alice may read, list azure.storage checkoutprod (#${pull})" (#${pull + 1})`,
  ]);
  expect(world.mainRecords()[1]).toMatchObject({ event: "ended", cause: "expiry" });
  expect(await alice.visitor.seesComments(pull)).toHaveLength(1);
  world.git("fsck", "--strict");
});
