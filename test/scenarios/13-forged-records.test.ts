import { describe, expect, test } from "vitest";
import type { DecisionRecord, JournalRecord } from "../../src/domain/record.ts";
import { readRecords, trailersOf } from "../../src/domain/record.ts";
import { instantOf } from "../../src/domain/time.ts";
import { withTrailers } from "../../src/domain/trailer.ts";
import { grantId, oidOf, pullNumber } from "../domain/builders.ts";
import { grantFile, grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

const ID = grantId("cs-41207-checkout-logs");
const nobody = { login: "erin", id: 1005 };

const breakGlass = {
  "policies/pci-payment-logs.yaml": `apiVersion: grantbox/v1
kind: ApproverPolicy
name: pci-payment-logs
description: Payment logs at night.
match: { resource.type: azure.storage }
require:
  - { name: resource owners, count: 1, from: { codeowners: true } }
emergency: { count: 1, from: { teams: [oncall-managers] }, maxDuration: PT1H, reviewWithin: P2D }
`,
};
const withoutKeys = { "policies/keys/allowed_signers": "" };

/** Erin pushes a commit with a record to the journal. */
async function forges(world: World, record: JournalRecord): Promise<string> {
  const message = withTrailers(`Forged: ${record.event}`, "", trailersOf(record));
  const commit = await world.erin.visitor.pushes(
    "grantbox-journal",
    { [`${crypto.randomUUID()}.md`]: "nothing to see\n" },
    { message },
  );
  await world.settles();
  return commit;
}

const now = (world: World) => instantOf(world.sandbox.now().getTime());

function ended(world: World): JournalRecord {
  const record = world.mainRecords().find(({ event }) => event === "activated");
  if (record?.event !== "activated") throw new Error("nothing was activated");
  const { grant, blob } = record;
  const cause = "revocation";
  return { event: "ended", grant, blob, cause, requestedBy: null, reason: "forged", endedAt: now(world) };
}

const denied = (world: World, pull: number): JournalRecord => ({
  event: "denied",
  pull: pullNumber(pull),
  requestedBy: nobody,
  head: oidOf("a"),
  grant: null,
  blob: null,
  rules: null,
  closedBy: nobody,
  reason: "forged",
  at: now(world),
});

const found = (world: World, commit: string): JournalRecord => ({
  event: "finding",
  code: "GRANT_WITHOUT_RECORD",
  commit: oidOf(commit),
  grant: grantId("smuggled"),
  reason: "forged",
  at: now(world),
});

const reports = async (world: World, code: string) =>
  (await world.grace.visitor.seesIssues()).filter(({ title }) => title.startsWith(`${code}: `)).length;

/** What the app itself wrote on the journal. */
const written = (world: World): readonly DecisionRecord[] =>
  world
    .git("log", "--first-parent", "--reverse", "-z", "--format=%B", "main..grantbox-journal")
    .split("\0")
    .filter((message) => message.includes("\nGrantbox-Signature: "))
    .flatMap((message) => {
      const reading = readRecords(message);
      return reading.kind === "records" ? reading.records : [];
    });

async function emergency(seedFiles: Readonly<Record<string, string>> = {}): Promise<World> {
  const world = await newWorld({ seedFiles: { ...breakGlass, ...seedFiles }, withoutApp: true });
  if ("policies/keys/allowed_signers" in seedFiles) world.signing = {};
  await world.appStarts();
  const pull = await world.alice.opens({ duration: "PT1H", extra: "emergency: true\n" });
  await world.grace.approves(pull);
  expect(world.grantsOnMain()).toEqual([grantPath()]);
  return world;
}

/** The title of the check when alice asks for another emergency. */
async function another(world: World, id: string): Promise<string | undefined> {
  const pull = await world.alice.opens({ id, duration: "PT1H", extra: "emergency: true\n" });
  return (await world.alice.visitor.seesCheck(pull))?.title;
}
const owed = "1 thing to mend: an earlier emergency has not been reviewed";

describe("where the repository lists keys, a record that somebody else pushed to the journal", () => {
  test("ends nothing, denies nothing, opens and resolves no case and reviews no emergency, and is reported once", async () => {
    const world = await emergency();
    const pull = await world.alice.opens({ id: "cs-2" });
    await forges(world, ended(world));
    await forges(world, denied(world, pull));
    const about = { system: "servicenow", id: "CS-41207" };
    await forges(world, {
      event: "case",
      case: about,
      state: "resolved",
      at: now(world),
      seal: "0".repeat(64),
    });
    const last = await forges(world, {
      event: "reviewed",
      grant: ID,
      issue: 1,
      reviewedBy: nobody,
      at: now(world),
    });
    expect(world.grantsOnMain()).toEqual([grantPath()]);
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "open" });
    expect(await another(world, "cs-3")).toBe(owed);
    await world.clockMoves("PT5M");
    const before = written(world);
    expect(before.at(-1)).toMatchObject({ event: "finding", code: "JOURNAL_RECORD_FORGED", commit: last });
    const issues = await reports(world, "JOURNAL_RECORD_FORGED");
    await world.clockMoves("PT5M");
    await world.appStartsAnew();
    expect(written(world)).toEqual(before);
    expect(await reports(world, "JOURNAL_RECORD_FORGED")).toBe(issues);
    await world.bob.approves(pull);
    expect(world.grantsOnMain()).toContain(grantPath({ id: "cs-2" }));
  });

  test("keeps no alarm quiet", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    await world.appDies();
    const smuggled = await world.grace.visitor.pushes("main", {
      [grantPath({ id: "smuggled" })]: grantFile({ id: "smuggled" }),
    });
    await world.erin.visitor.pushes(
      "grantbox-journal",
      { "a.md": "a\n" },
      { message: withTrailers("Forged", "", trailersOf(found(world, smuggled))) },
    );
    await world.appStarts();
    expect(await reports(world, "GRANT_WITHOUT_RECORD")).toBe(1);
    expect(await reports(world, "JOURNAL_RECORD_FORGED")).toBe(1);
  });
});

describe("where the repository lists no keys, a record that somebody else pushed to the journal", () => {
  test("can end what whoever may push could end by a pull request anyway, and it stays ended", async () => {
    const world = await emergency(withoutKeys);
    await forges(world, ended(world));
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords().map(({ event }) => event)).toEqual(["activated", "ended"]);
  });

  test("reviews no emergency; whoever closes the issue does, also after a start, and it is written once", async () => {
    const world = await emergency(withoutKeys);
    await forges(world, { event: "reviewed", grant: ID, issue: 1, reviewedBy: nobody, at: now(world) });
    expect(await another(world, "cs-2")).toBe(owed);
    const [review] = await world.grace.visitor.seesIssues();
    await world.bob.visitor.call("PATCH", `issues/${review?.number}`, { state: "closed" });
    await world.settles();
    const before = world.journalRecords().length;
    await world.clockMoves("PT5M");
    await world.appStartsAnew();
    expect(world.journalRecords()).toHaveLength(before);
    expect(await another(world, "cs-3")).toBe("Waiting for emergency (1)");
    expect(await reports(world, "JOURNAL_RECORD_FORGED")).toBe(0);
  });
});
