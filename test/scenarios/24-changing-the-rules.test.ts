import { describe, expect, test } from "vitest";
import { starterText } from "../ledger/past-requests.ts";
import { grantFile, grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

const logs = "policies/pci-payment-logs.yaml";

/** A grant of four hours, and a request that a rule denied. */
async function played(): Promise<World> {
  const world = await newWorld();
  const granted = await world.alice.opens();
  await world.bob.approves(granted);
  await world.carol.approves(granted);
  await world.alice.opens({ id: "cs-2", actions: "[write]" });
  return world;
}

/** A change of one policy, whose tests go with it: what they expect is not what these scenarios are about. */
const proposed = (world: World, text: string) =>
  world.grace.opensFiles({ [logs]: text, "policies/tests/pci-payment-logs.yaml": null });

describe("a pull request that changes the rules", () => {
  test("says which grants of the past it would have refused, and the app does not merge it", async () => {
    const world = await played();
    const pull = await proposed(world, starterText(logs, "maxDuration: PT4H", "maxDuration: PT2H"));
    const check = await world.grace.visitor.seesCheck(pull);
    expect(check).toMatchObject({
      conclusion: "success",
      title: "A change of the rules that can be read; it concerns 1 past request",
    });
    expect(check?.summary).toMatch(
      /\*\*1 of 1 past grant would now be refused:\*\*\n\n- `cs-41207-checkout-logs` of pull request 1,/,
    );
    // the tests of the other policies
    expect(check?.summary).toMatch(/Judged again: 1 past grant, 1 closed request and \d\d test requests\.\n/);
    await world.dave.approves(pull);
    expect(await world.grace.visitor.sees(pull)).toMatchObject({ merged: false, state: "open" });
  });

  test("says what could now be had that was refused", async () => {
    const world = await played();
    const pull = await proposed(
      world,
      starterText(logs, '!(action in ["list", "read"])', '!(action in ["list", "read", "write"])'),
    );
    const check = await world.grace.visitor.seesCheck(pull);
    expect(check?.summary).toContain(
      "1 of 1 closed request would now pass, or come before approvers, and not under the old rules",
    );
    expect(check?.summary).toContain("the action `write` besides");
  });

  test("says how the policy tests come out under it", async () => {
    const world = await newWorld();
    const shorter = starterText(logs, "maxDuration: PT4H", "maxDuration: PT2H");
    const pull = await world.grace.opensFiles({ [logs]: shorter });
    const check = await world.grace.visitor.seesCheck(pull);
    expect(check?.conclusion).toBe("failure");
    expect(check?.summary).toMatch(/Policy tests: \d+ cases, \d+ failed\./);
    expect(check?.summary).toMatch(/\*\*\d+ of \d+ test requests would now be refused/);
    expect(check?.annotations.map(({ path }) => path)).toContain("policies/tests/pci-payment-logs.yaml");
  });

  test("knows of a closed request what was known when it was closed", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.carol.approves(pull);
    await world.bob.comments(pull, "/deny not this week");
    const easier = starterText(
      logs,
      "from: { codeowners: true }",
      "from: { codeowners: true, teams: [privacy] }",
    );
    const check = await world.grace.visitor.seesCheck(await proposed(world, easier));
    expect(check?.summary).toMatch(/Judged again: .*1 closed request/);
    expect(check?.summary).not.toContain("facts that were not recorded");
  });

  test("is judged anew when it is pushed to", async () => {
    const world = await played();
    const pull = await proposed(world, starterText(logs, "maxDuration: PT4H", "maxDuration: PT2H"));
    await world.grace.writes(pull, {
      [logs]: starterText(logs, "minJustification: 40", "minJustification: 41"),
    });
    const check = await world.grace.visitor.seesCheck(pull);
    expect(check?.title).toBe("A change of the rules that can be read");
    expect(check?.summary).toContain("Nothing would have been decided otherwise.");
  });

  test("marks at its line what is unwise about it", async () => {
    const world = await newWorld();
    const pull = await proposed(world, starterText(logs, "maxDuration: PT4H", "maxDuration: PT9H"));
    const check = await world.grace.visitor.seesCheck(pull);
    expect(check?.conclusion).toBe("success");
    expect(check?.annotations).toMatchObject([{ path: logs, line: 13, title: "LIMIT_NEVER_BINDS" }]);
  });

  test.each([
    "policies/tests/README.md",
    "policies/keys/allowed_signers",
    "policies/README.md",
    "schemas/x.txt",
  ])("is one that touches %s, alone and beside a grant", async (path) => {
    const world = await newWorld();
    const alone = await world.grace.opensFiles({ [path]: "# nothing\n" });
    expect((await world.grace.visitor.seesCheck(alone))?.title).toBe(
      "A change of the rules that can be read",
    );
    const mixed = await world.alice.opensFiles({ [path]: "# nothing\n", [grantPath()]: grantFile() });
    await world.bob.approves(mixed);
    await world.carol.approves(mixed);
    expect(await world.alice.visitor.sees(mixed)).toMatchObject({ merged: false });
    expect((await world.alice.visitor.seesCheck(mixed))?.annotations.map(({ title }) => title)).toEqual([]);
    expect((await world.alice.visitor.seesCheck(mixed))?.summary).toContain("REQUEST_WITH_OTHER_FILES");
  });
});
