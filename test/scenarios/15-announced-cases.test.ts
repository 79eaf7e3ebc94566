import { execFile, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { type CaseRecord, trailersOf } from "../../src/domain/record.ts";
import { instantOf } from "../../src/domain/time.ts";
import { withTrailers } from "../../src/domain/trailer.ts";
import { policyAsking } from "./conditions.ts";
import { grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

const program = new URL("../../src/cli/index.ts", import.meta.url).pathname;
const secret = "a secret that the desk and Grantbox share";
const about = ["zendesk", "812"] as const;

/** A world in which another system may announce its cases. */
async function worldWithSecret(options: Parameters<typeof newWorld>[0] = {}): Promise<World> {
  const world = await newWorld({ ...options, withoutApp: true });
  world.environment = { GRANTBOX_CASE_SECRET: secret };
  await world.appStarts();
  return world;
}

/** What the desk would send of its case 812 at this moment, or some minutes away from it. */
function says(
  world: World,
  state: string,
  { minutes = 0, key = secret, repository = "acme/lockbox" } = {},
): Record<string, string> {
  const at = `${new Date(world.sandbox.now().getTime() + minutes * 60_000).toISOString().slice(0, 19)}Z`;
  const text = `grantbox-case\n${repository}\nzendesk\n812\n${state}\n${at}\n`;
  return {
    system: "zendesk",
    id: "812",
    state,
    at,
    signature: createHmac("sha256", key).update(text).digest("hex"),
  };
}

async function announce(world: World, said: Record<string, unknown>): Promise<void> {
  await world.dave.visitor.dispatches("grantbox-case", said);
  await world.settles();
}

async function inForce(world: World): Promise<void> {
  const pull = await world.alice.opens({ about });
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  expect(world.grantsOnMain()).toEqual([grantPath()]);
  await world.clockMoves("PT1M");
}

describe("a case that another system announces", () => {
  test("lets in where a policy asks for an open case, ends the access when it is resolved, and is on record", async () => {
    const world = await worldWithSecret({ seedFiles: policyAsking("{ caseOpen: true }") });
    const pull = await world.alice.opens({ about });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    expect(world.grantsOnMain()).toEqual([]);
    await announce(world, says(world, "open"));
    expect(world.grantsOnMain()).toEqual([grantPath()]);

    await world.clockMoves("PT1H");
    await announce(world, says(world, "resolved"));
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords().at(-1)).toMatchObject({
      event: "ended",
      cause: "case-resolved",
      reason: "zendesk 812 is resolved",
    });
    expect(world.journalRecords()).toMatchObject([
      { event: "case", case: { system: "zendesk", id: "812" }, state: "open" },
      { event: "case", case: { system: "zendesk", id: "812" }, state: "resolved" },
    ]);
    expect(world.git("log", "-1", "--format=%B", "grantbox-journal")).toMatch(/^Grantbox-Signature: /m);

    await world.clockMoves("PT1H");
    await announce(world, says(world, "open"));
    expect(world.grantsOnMain()).toEqual([]);

    const verified = spawnSync(process.execPath, [program, "verify", world.sandbox.gitDir], {
      encoding: "utf8",
    });
    expect(verified.stdout).toMatch(/^Everything holds\. .*1 activation, 1 end, 3 commits of the journal/);
  });

  test("ends the access also where no policy asks about the case", async () => {
    const world = await worldWithSecret();
    await inForce(world);
    await announce(world, says(world, "resolved"));
    expect(world.mainRecords().at(-1)).toMatchObject({ event: "ended", cause: "case-resolved" });
  });

  test("is known when the app begins anew: the journal has it", async () => {
    const world = await worldWithSecret();
    await inForce(world);
    world.sandbox.setRules({ appBypass: false });
    await announce(world, says(world, "resolved"));
    expect(world.grantsOnMain()).toEqual([grantPath()]);
    world.sandbox.setRules({ appBypass: true });
    await world.appStartsAnew();
    expect(world.grantsOnMain()).toEqual([]);
  });
});

test("an announcement that comes before the app knows where it is installed is not lost", async () => {
  const world = await newWorld({ withoutApp: true });
  world.environment = { GRANTBOX_CASE_SECRET: secret };
  world.sandbox.setFaults({
    calls: [{ operation: "apps/list-installations", when: "before", status: 502, times: 2 }],
  });
  await world.appStarts();
  await announce(world, says(world, "resolved"));
  expect(world.journalRecords()).toEqual([]);
  await world.clockMoves("PT10S");
  expect(world.journalRecords()).toMatchObject([{ event: "case", state: "resolved" }]);
});

const haveTools = ["curl --version", "openssl version"].every((command) => {
  const [program = "", ...words] = command.split(" ");
  return spawnSync(program, words).status === 0;
});

test.skipIf(!haveTools)("the commands of the operator's guide announce a case", async () => {
  const guide = readFileSync(new URL("../../docs/operating.md", import.meta.url), "utf8");
  const commands = /```console\n(REPOSITORY=[\s\S]+?)\n```/.exec(guide)?.[1] ?? "";
  const world = await worldWithSecret();
  const token = world.sandbox.users.find(({ login }) => login === "dave")?.token ?? "";
  const { PATH = "" } = process.env;
  const environment = { PATH, GRANTBOX_CASE_SECRET: secret, TOKEN: token, API: world.sandbox.api };
  await promisify(execFile)("sh", ["-ec", commands], { env: environment });
  await world.settles();
  expect(world.journalRecords()).toMatchObject([
    { event: "case", case: { system: "zendesk", id: "812" }, state: "resolved" },
  ]);
});

describe("the journal, written to by somebody with push rights", () => {
  test("opens no case: a record of it needs the seal of its system, and an old one counts no more", async () => {
    const world = await worldWithSecret({ seedFiles: policyAsking("{ caseOpen: true }") });
    const { erin } = world;
    const forges = async (record: CaseRecord): Promise<void> => {
      const message = withTrailers("Forged", "", trailersOf(record));
      await erin.visitor.pushes("grantbox-journal", { "journal.md": `${message}\n` }, { message });
      await world.clockMoves("PT5M");
    };
    const once = says(world, "open");
    await announce(world, once);
    await world.clockMoves("PT1M");
    await announce(world, says(world, "resolved"));
    const [opened] = world.journalRecords();
    if (opened?.event !== "case") throw new Error("nothing was recorded");

    const pull = await world.alice.opens({ about });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    await forges({ ...opened, at: instantOf(world.sandbox.now().getTime()) });
    await forges(opened);
    expect(world.grantsOnMain()).toEqual([]);
    expect((await world.alice.visitor.seesCheck(pull))?.summary).toContain("is resolved");

    // nor does it keep the true word from being heard
    await announce(world, says(world, "open"));
    expect(world.grantsOnMain()).toEqual([grantPath()]);
  });
});

describe("an announcement changes nothing", () => {
  test("when it is not what the other system signed for this lockbox, as a case now", async () => {
    const world = await worldWithSecret();
    await inForce(world);
    const wrong: Readonly<Record<string, Record<string, unknown>>> = {
      "signed with another secret": says(world, "resolved", { key: "guessed" }),
      "not signed": { ...says(world, "resolved"), signature: "" },
      "with a signature that is no text": { ...says(world, "resolved"), signature: 7 },
      "signed for another lockbox": says(world, "resolved", { repository: "acme/vault" }),
      "with a word that was changed": { ...says(world, "open"), state: "resolved" },
      "about a time to come": says(world, "resolved", { minutes: 10 }),
      "with a state that nobody knows": says(world, "closed"),
      "with nothing in it": {},
    };
    for (const [what, said] of Object.entries(wrong)) {
      world.logged.length = 0;
      await announce(world, said);
      expect([what, world.grantsOnMain(), world.journalRecords()]).toEqual([what, [grantPath()], []]);
      expect([what, world.logged.join("")]).toEqual([what, expect.stringMatching(/announced .*ignored/)]);
    }
  });

  test("when it is sent a second time, after the case was opened again", async () => {
    const world = await worldWithSecret();
    const first = says(world, "resolved");
    await announce(world, first);
    await world.clockMoves("PT1M");
    await announce(world, says(world, "open"));
    await inForce(world);
    await announce(world, first);
    expect(world.grantsOnMain()).toEqual([grantPath()]);
    expect(world.journalRecords()).toHaveLength(2);
  });

  test("when no secret is agreed on, and it says so to the operator", async () => {
    const world = await newWorld();
    await inForce(world);
    await announce(world, says(world, "resolved"));
    expect(world.grantsOnMain()).toEqual([grantPath()]);
    expect(world.logged.join("")).toContain("GRANTBOX_CASE_SECRET");
  });
});
