import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { policyAsking } from "./conditions.ts";
import { grantFile, grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

const askingForSignatures = { seedFiles: policyAsking("{ signedCommits: true }") };
const words = { justification: "Checkout times out for tenant 88; need the gateway logs of that day." };

async function bothApprove({ bob, carol }: World, pull: number): Promise<void> {
  await bob.approves(pull);
  await carol.approves(pull);
}

test("a commit that was made on the site is signed by GitHub, and gets in", async () => {
  const world = await newWorld(askingForSignatures);
  await bothApprove(world, await world.alice.opens());
  expect(world.grantsOnMain()).toEqual([grantPath()]);
});

test("a commit that was pushed without a signature does not, and is named", async () => {
  const world = await newWorld(askingForSignatures);
  const pull = await world.alice.opens();
  const pushed = await world.alice.pushes(pull, { [grantPath()]: grantFile(words) });
  await bothApprove(world, pull);
  expect(world.grantsOnMain()).toEqual([]);
  const check = await world.alice.visitor.seesCheck(pull);
  expect(check).toMatchObject({ conclusion: "failure" });
  expect(check?.summary).toContain(pushed.slice(0, 12));
});

test("nor does one with a signature that GitHub cannot verify: no account has the key", async () => {
  const key = join(mkdtempSync(join(tmpdir(), "grantbox-key-")), "key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  const world = await newWorld(askingForSignatures);
  const pull = await world.alice.opens();
  const pushed = await world.alice.pushes(pull, { [grantPath()]: grantFile(words) }, { signingKey: key });
  expect(world.git("cat-file", "commit", pushed)).toContain("\ngpgsig -----BEGIN SSH SIGNATURE-----");
  await bothApprove(world, pull);
  expect(world.grantsOnMain()).toEqual([]);
  expect((await world.alice.visitor.seesCheck(pull))?.summary).toContain(pushed.slice(0, 12));
});

test("where no policy asks, a commit needs no signature", async () => {
  const world = await newWorld();
  const pull = await world.alice.opens();
  await world.alice.pushes(pull, { [grantPath()]: grantFile(words) });
  await bothApprove(world, pull);
  expect(world.grantsOnMain()).toEqual([grantPath()]);
});
