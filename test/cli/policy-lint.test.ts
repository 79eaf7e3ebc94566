import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { starterText } from "../ledger/past-requests.ts";
import { checkout, grantbox } from "./program.ts";

const logs = "policies/pci-payment-logs.yaml";

it("`policy lint` finds nothing in the starter content, and says what it could not decide", async () => {
  const folder = checkout();
  const { code, out } = await grantbox(["policy", "lint", "--repo", folder, "--organization", "acme"]);
  expect(out).toMatch(/^Not decided:\n.*it calls `matches` \(constantExpression\)\n.*Nothing found\.\n$/s);
  expect(code).toBe(0);
});

it("`policy lint` tells what it finds as text and as JSON, and leaves out what is skipped", async () => {
  const folder = checkout({ [logs]: starterText(logs, "maxDuration: PT4H", "maxDuration: PT9H") });
  const facts = join(folder, "teams.yaml");
  writeFileSync(facts, "teams: { storage-owners: [bob], privacy: [] }\n");
  const text = await grantbox(["policy", "lint", "--repo", folder]);
  expect(text.out).toMatch(
    /^policies\/pci-payment-logs\.yaml:13:3 {2}LIMIT_NEVER_BINDS {2}.* \(limitNeverBinds\)\n {2}hint: .*1 thing to look at\.\n$/s,
  );
  expect(text.code).toBe(1);
  const words = [
    "--organization",
    "acme",
    "--facts",
    facts,
    "--skip",
    "limitNeverBinds",
    "needsRequester",
    "--json",
  ];
  const json = await grantbox(["policy", "lint", "--repo", folder, ...words]);
  const { clean, findings } = JSON.parse(json.out);
  expect(clean).toBe(false);
  expect(new Set(findings.map(({ lint }: { lint: string }) => lint))).toEqual(new Set(["emptyGroup"]));
  expect(findings[0]).toMatchObject({ code: "GROUP_EMPTY", message: "the team `privacy` has no members" });
  expect(json.code).toBe(1);
});

it.each([
  [["--skip", "nonsense"], "--skip: there is no check `nonsense`"],
  [["--facts", "nowhere.yaml"], "--facts: nowhere.yaml cannot be read"],
])("`policy lint` tells what is wrong with the call %j", async (words, message) => {
  const { code, err } = await grantbox(["policy", "lint", ...words]);
  expect(err).toContain(message);
  expect(code).toBe(2);
});
