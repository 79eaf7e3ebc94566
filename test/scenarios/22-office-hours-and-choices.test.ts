import { expect, test } from "vitest";
import { grantPath } from "./grant.ts";
import { newWorld } from "./world.ts";

const policy = (rest: string) => ({
  "policies/hours.yaml": `apiVersion: grantbox/v1
kind: ApproverPolicy
name: hours
description: Somebody is at work while the access lasts.
match: { resource.type: azure.storage }
${rest}`,
});

const owners = "  - { name: resource owners, count: 1, from: { codeowners: true } }\n";
const allDays = "[mon, tue, wed, thu, fri, sat, sun]";

test("a request that everybody has approved waits for office hours, says until when, and begins then by itself", async () => {
  const world = await newWorld({
    seedFiles: policy(
      `limits: { officeHours: { timeZone: UTC, days: ${allDays}, from: "08:00", until: "18:00" } }\nrequire:\n${owners}`,
    ),
  });
  // to six in the morning of tomorrow, whatever time it is
  const now = world.sandbox.now();
  const six = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1, 6);
  await world.clockMoves(`PT${Math.round((six - now.getTime()) / 1000)}S`);
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  const eight = `${new Date(six + 2 * 3600_000).toISOString().slice(0, 13)}:00:00Z`;
  const { title, conclusion } = (await world.alice.visitor.seesCheck(pull)) ?? {};
  expect(title).toBe(`Approved: begins at ${eight}, when office hours let it`);
  expect(conclusion).toBeNull();
  await world.clockMoves("PT1H58M");
  expect(world.grantsOnMain()).toEqual([]);
  await world.clockMoves("PT2M5S");
  expect(world.grantsOnMain()).toEqual([grantPath()]);
  const [record] = world.mainRecords();
  expect(record?.event === "activated" && record.validFrom >= Date.parse(eight)).toBe(true);
});

test("where a policy leaves a choice, either is enough, and the check says what could be filled instead", async () => {
  const choice = `require:
${owners}  - anyOf:
      - { name: on-call manager, count: 1, from: { teams: [oncall-managers] } }
      - { name: security, count: 1, from: { teams: [security] } }
`;
  const world = await newWorld({ seedFiles: policy(choice) });
  const pull = await world.alice.opens();
  const { summary = "" } = (await world.alice.visitor.seesCheck(pull)) ?? {};
  expect(summary).toContain("Or instead of on-call manager: security, 1 missing: `dave` (team `security`)");
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  expect(world.grantsOnMain()).toEqual([]);
  await world.dave.approves(pull);
  expect(world.mainRecords()).toMatchObject([{ event: "activated" }]);
});
