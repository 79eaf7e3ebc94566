import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { grantbox } from "../cli/program.ts";
import { fileWith } from "../signatures/ssh-keygen.ts";
import { newWorld, type World } from "./world.ts";

/** A lockbox whose app tells a file, every five minutes, where main and journal are. */
async function witnessed(): Promise<{ world: World; notes: string }> {
  const notes = fileWith("");
  const world = await newWorld({ withoutApp: true });
  world.signing = {
    ...world.signing,
    GRANTBOX_WITNESS: pathToFileURL(notes).href,
    GRANTBOX_WITNESS_EVERY: "PT5M",
  };
  await world.appStarts();
  return { world, notes };
}

/** A grant on main, and a withdrawn request on the journal. */
async function somethingHappens(world: World): Promise<void> {
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  await world.alice.closes(await world.alice.opens({ id: "cs-2" }));
  await world.clockMoves("PT5M");
}

/** The lines of each note about main and journal. */
const reaches = (notes: string) =>
  readFileSync(notes, "utf8")
    .split("\n")
    .filter((line) => /^(?:main|journal) /.test(line));

async function verify(world: World, notes: string) {
  const { code, out } = await grantbox([
    "verify",
    world.sandbox.gitDir,
    "--json",
    "--repository",
    "acme/lockbox",
    "--witness",
    notes,
  ]);
  const { findings } = JSON.parse(out) as {
    findings: readonly { code: string; message: string; branch: string }[];
  };
  return { code, findings: findings.map((one) => `${one.code} on ${one.branch}`) };
}

describe("a witness", () => {
  test("is told at the start, and of everything that is added", async () => {
    const { world, notes } = await witnessed();
    const [start = "", none = ""] = reaches(notes);
    expect([start, none]).toEqual([`main ${world.git("rev-parse", "main")} 1`, "journal none 0"]);
    await somethingHappens(world);
    expect(reaches(notes)).toEqual([
      start,
      none,
      `main ${world.git("rev-parse", "main")} 2`,
      `journal ${world.git("rev-parse", "grantbox-journal")} 1`,
    ]);
    await world.clockMoves("PT1H");
    expect(reaches(notes)).toHaveLength(4);
    expect(await verify(world, notes)).toEqual({ code: 0, findings: [] });
  });

  test.each([
    ["a grant is taken out of main", "main"],
    ["a record is taken out of the journal", "journal"],
  ])("shows that %s, which the history itself does not", async (_, branch) => {
    const { world, notes } = await witnessed();
    await somethingHappens(world);
    await world.appDies();
    if (branch === "main") world.git("update-ref", "refs/heads/main", world.git("rev-parse", "main~1"));
    else world.git("update-ref", "-d", "refs/heads/grantbox-journal");
    const { code, findings } = await verify(world, notes);
    expect(code).toBe(1);
    expect(findings).toContain(`HISTORY_REWRITTEN on ${branch}`);
  });

  test("that is away stops nothing", async () => {
    const world = await newWorld({ withoutApp: true });
    world.signing = { ...world.signing, GRANTBOX_WITNESS: "file:///nowhere/notes" };
    await world.appStarts();
    await somethingHappens(world);
    expect(world.grantsOnMain()).toHaveLength(1);
    expect(world.logged.join("")).toContain("the witness file /nowhere/notes cannot be written: ENOENT");
  });
});
