import { expect, test } from "vitest";
import { policyAsking } from "./conditions.ts";
import { grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

const askingForMfa = { seedFiles: policyAsking("{ mfa: true }") };
const permissions = { metadata: "read", contents: "write", pull_requests: "write", checks: "write" } as const;

async function approved({ alice, bob, carol }: World): Promise<number> {
  const pull = await alice.opens();
  await bob.approves(pull);
  await carol.approves(pull);
  return pull;
}

test("who has a second factor gets in where a policy asks for one", async () => {
  const world = await newWorld(askingForMfa);
  await approved(world);
  expect(world.grantsOnMain()).toEqual([grantPath()]);
});

test("who has none does not, and gets in once there is one", async () => {
  const world = await newWorld(askingForMfa);
  world.sandbox.setSecondFactor("alice", false);
  const pull = await approved(world);
  expect(world.grantsOnMain()).toEqual([]);
  const check = await world.alice.visitor.seesCheck(pull);
  expect(check).toMatchObject({ conclusion: "failure" });
  expect(check?.summary).toContain("`alice` has none");

  world.sandbox.setSecondFactor("alice", true);
  await world.clockMoves("PT5M");
  expect(world.grantsOnMain()).toEqual([grantPath()]);
});

test("while GitHub does not tell the app, nobody is thought to have one; the request waits", async () => {
  const world = await newWorld(askingForMfa);
  world.sandbox.setAppPermissions({ ...permissions, issues: "write" });
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  expect(world.grantsOnMain()).toEqual([]);
  expect((await world.alice.visitor.seesCheck(pull))?.summary).toContain("GitHub does not tell the app");

  world.sandbox.setAppPermissions({ ...permissions, issues: "write", members: "read" });
  await world.clockMoves("PT5M");
  expect(world.grantsOnMain()).toEqual([grantPath()]);
});

test("where no policy asks, no call is made about it", async () => {
  const world = await newWorld();
  world.sandbox.setSecondFactor("alice", false);
  world.sandbox.clearCalls();
  await approved(world);
  expect(world.grantsOnMain()).toEqual([grantPath()]);
  expect(world.sandbox.calls().filter(({ path }) => path.includes("/members"))).toEqual([]);
});
