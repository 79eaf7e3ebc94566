import { describe, expect, test } from "vitest";
import { grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

/** Settings under which these people may ask and approve. */
const settings = (request: string, more = "") => `apiVersion: grantbox/v1
kind: Settings
roles:
  request:
${request}
${more}  administer: { teams: [administrators] }
`;

const under = (request: string, more = "") =>
  newWorld({ seedFiles: { "policies/settings.yaml": settings(request, more) } });

const titleOf = async (world: World, pull: number) => (await world.alice.visitor.seesCheck(pull))?.title;

describe("who may ask", () => {
  test("only those whom the settings name, and nobody is asked to approve for anybody else", async () => {
    const world = await newWorld();
    const pull = await world.dave.opens({ subject: "dave" });
    expect(await titleOf(world, pull)).toBe("1 thing to mend: the requester may not ask for this");
    expect((await world.alice.visitor.seesCheck(pull))?.conclusion).toBe("failure");
    expect(await world.alice.visitor.seesRequested(pull)).not.toContain("team:privacy");
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    expect(world.grantsOnMain()).toEqual([]);
  });

  test("only for the types of resources that they are named for", async () => {
    const world = await under("    - { teams: [support], resourceTypes: [ssh.*], onBehalf: false }");
    const pull = await world.alice.opens();
    expect(await titleOf(world, pull)).toBe("1 thing to mend: the requester may not ask for this");
  });

  test("one who joins the team may ask from then on", async () => {
    const world = await under("    - { users: [erin] }");
    world.sandbox.setRules({ adminBypass: true });
    const pull = await world.alice.opens();
    expect(await titleOf(world, pull)).toMatch(/may not ask for this/);
    await world.grace.visitor.pushes("main", {
      "policies/settings.yaml": settings("    - { users: [erin, alice] }"),
    });
    await world.settles();
    expect(await titleOf(world, pull)).toBe("Waiting for resource owners (1) and privacy (1)");
  });
});

describe("for somebody else", () => {
  test("those may ask whom the settings let do so, and the subject approves nothing", async () => {
    const world = await newWorld();
    const pull = await world.erin.opens({ subject: "alice" });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    expect(world.grantsOnMain()).toEqual([grantPath()]);
    expect(world.mainRecords()).toMatchObject([{ subject: "alice", requestedBy: { login: "erin" } }]);
    // the requester neither releases nor revokes it: it is alice's
    await world.erin.comments(pull, "/release");
    expect(world.grantsOnMain()).toEqual([grantPath()]);
    await world.alice.comments(pull, "/release");
    expect(world.grantsOnMain()).toEqual([]);
  });

  test("nobody asks where the settings say only for themselves", async () => {
    const world = await under("    - { teams: [support] }");
    const pull = await world.erin.opens({ subject: "alice" });
    expect(await titleOf(world, pull)).toBe("1 thing to mend: asked for on behalf of somebody else");
  });

  test("nobody asks for one who may not have it", async () => {
    const world = await newWorld();
    const pull = await world.erin.opens({ subject: "otto" });
    expect(await titleOf(world, pull)).toMatch(/^1 thing to mend: the subject may not/);
  });
});

test("an approval counts only from those to whom the settings give that role", async () => {
  const world = await under("    - { teams: [support] }", "  approve: { users: [bob, dave] }\n");
  const pull = await world.alice.opens();
  const { summary = "", title } = (await world.alice.visitor.seesCheck(pull)) ?? {};
  expect(title).toBe("Waiting for resource owners (1) and privacy (1)");
  expect(summary).toMatch(/`REQUIREMENT_UNFILLABLE`: nobody is left who could fill `privacy`/);
  await world.carol.approves(pull);
  expect((await world.alice.visitor.seesCheck(pull))?.summary).toContain(
    "the settings do not let this person approve",
  );
  expect(world.grantsOnMain()).toEqual([]);
});
