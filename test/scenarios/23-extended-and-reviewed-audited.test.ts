import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { breakGlass } from "./break-glass.ts";
import { grantFile, grantPath } from "./grant.ts";
import { newWorld } from "./world.ts";

const program = new URL("../../src/cli/index.ts", import.meta.url).pathname;

test("an auditor with nothing but the repository finds that an emergency, its extension and its review hold", async () => {
  const world = await newWorld({
    seedFiles: { "policies/pci-payment-logs.yaml": breakGlass("pci-payment-logs") },
  });
  const { alice, grace, carol } = world;
  const words = { duration: "PT1H", extra: "emergency: true\n" } as const;
  const pull = await alice.opens(words);
  await grace.approves(pull);
  await world.clockMoves("PT30M");
  const extension = await alice.opensFiles({
    [grantPath()]: grantFile({
      ...words,
      justification: "The vendor needs another hour, see the case for why.",
    }),
  });
  await grace.approves(extension);
  await world.clockMoves("PT1H");
  const [issue] = await grace.visitor.seesIssues();
  await carol.visitor.call("PATCH", `issues/${issue?.number}`, { state: "closed" });
  await world.settles();
  await world.secondMachineWorks();

  expect(world.mainReads().map((line) => line.replace(/ may .*/, " may …"))).toEqual([
    "Emergency grant cs-41207-checkout-logs: alice may …",
    "Extend emergency grant cs-41207-checkout-logs: alice may …",
    expect.stringMatching(/^Revert "Emergency grant cs-41207-checkout-logs: alice may …$/),
  ]);
  expect(world.journalRecords()).toMatchObject([{ event: "reviewed", reviewedBy: { login: "carol" } }]);
  expect(await grace.visitor.seesIssues()).toHaveLength(1);

  const { status, stdout } = spawnSync(process.execPath, [program, "verify", world.sandbox.gitDir], {
    encoding: "utf8",
  });
  expect(stdout).toMatch(/^Everything holds\./);
  expect(status).toBe(0);
});
