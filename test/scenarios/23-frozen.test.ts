import { expect, test } from "vitest";
import { grantbox } from "../cli/program.ts";
import { resultsOf, starterRules } from "../rules/starter.ts";
import { newWorld, type World } from "./world.ts";

async function frozen(pull: number, world: World, token = "ghp_sandbox_grace") {
  const { sandbox } = world;
  return grantbox(["policy", "freeze", `acme/lockbox#${pull}`], {
    env: {
      GITHUB_TOKEN: token,
      GHE_HOST: new URL(sandbox.url).host,
      GHE_PROTOCOL: "http",
      GRANTBOX_CLOCK: `${sandbox.control.clock}/stream`,
    },
  });
}

test("a pull request becomes a test that expects what is decided about it, without mail addresses", async () => {
  const world = await newWorld();
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  await world.alice.comments(pull, "please, it is urgent");
  await world.dave.approves(pull);

  const { code, out, err } = await frozen(pull, world);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).not.toContain("@");
  expect(out).not.toContain("urgent");
  const file = `policies/tests/pull-${pull}.yaml`;
  const [result] = resultsOf(out, starterRules(), { file });
  expect(result?.differences).toEqual([]);
  expect(result?.case.expect).toMatchObject({
    verdict: "pending",
    policies: ["pci-payment-logs"],
    filled: ["resource owners"],
    missing: ["privacy"],
    notCounted: { dave: "not-an-approver" },
  });

  // somebody who may say no does, and is heard although the test is made with their own token
  await world.grace.comments(pull, "/deny not today");
  const denied = await frozen(pull, world);
  expect(denied.out).toContain("by: grace");
  expect(denied.out).not.toContain("not today");
  expect(resultsOf(denied.out, starterRules(), { file })[0]?.case.expect.verdict).toBe("denied");
});

test("a request that was granted is seen as it was before", async () => {
  const world = await newWorld();
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  expect(world.grantsOnMain()).toHaveLength(1);
  const { code, out } = await frozen(pull, world);
  expect(code).toBe(0);
  const [result] = resultsOf(out, starterRules(), { file: `policies/tests/pull-${pull}.yaml` });
  expect(result?.case.expect).toMatchObject({ verdict: "approved", filled: ["resource owners", "privacy"] });
});

test("what cannot be a test is told in a sentence", async () => {
  const world = await newWorld();
  const other = await world.alice.opensFiles({ "README.md": "hello\n" });
  expect(await frozen(other, world)).toMatchObject({
    code: 1,
    err: expect.stringContaining("is no request for access"),
  });
  expect(await frozen(99, world)).toMatchObject({ code: 1 });
  const { code, err } = await grantbox(["policy", "freeze", "acme/lockbox"]);
  expect(code).toBe(2);
  expect(err).toContain("write OWNER/REPO#N");
  const without = await grantbox(["policy", "freeze", "acme/lockbox#1"]);
  expect(without.code).toBe(2);
  expect(without.err).toContain("set GITHUB_TOKEN or GH_TOKEN");
});
