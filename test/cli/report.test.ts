import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instantOf } from "../../src/domain/time.ts";
import { newRepository, type Repository } from "../git/repository.ts";
import { minutes, WrittenLedger } from "../ledger/written-ledger.ts";
import { grantbox } from "./program.ts";

const START = instantOf(Date.parse("2026-11-24T10:00:00Z"));

let repository: Repository;
beforeAll(async () => {
  repository = newRepository();
  const ledger = new WrittenLedger(START);
  ledger.activates({}, minutes(START, 2));
  ledger.withdraws(minutes(START, 30));
  ledger.ends(["cs-41207-checkout-logs"], "release", minutes(START, 62), { login: "alice", id: 1001 });
  await ledger.into(repository.path);
});
afterAll(() => repository.remove());

const report = (...words: readonly string[]) => grantbox(["report", repository.path, ...words]);

describe("grantbox report", () => {
  it("prints a month as Markdown", async () => {
    const { code, out } = await report("--month", "2026-11");
    expect(out).toMatch(/^# Access report 2026-11\n/);
    expect(out).toContain("| azure.storage | 1 | 4 hours | 1 hour |");
    expect(out).toContain("| Control | Asks that |");
    expect(code).toBe(0);
  });

  it("knows the classification by the catalog of the base, and the team by the facts", async () => {
    const out = join(repository.root, "report");
    const { code } = await report("--month", "2026-11", "--out", out);
    expect(code).toBe(0);
    expect(readdirSync(out).toSorted()).toEqual(["report.csv", "report.html", "report.json", "report.md"]);
    expect(JSON.parse(readFileSync(join(out, "report.json"), "utf8"))).toMatchObject({
      outcomes: { activated: 1, withdrawn: 1 },
      byClassification: [{ name: "pci", grants: 1, asked: "PT4H", used: "PT1H" }],
      byTeam: [{ name: "support", grants: 1 }],
      rulesChanged: [{ headline: "Start the lockbox" }],
      ends: [{ planned: "2026-11-24T14:02:00Z", actual: "2026-11-24T11:02:00Z", cause: "release" }],
    });
  });

  it("of a month before the first commit has nothing", async () => {
    expect((await report("--month", "2020-01")).out).toContain("| activated | 0 |");
  });

  it.each([
    [["--month", "2026-13"], "`2026-13` is no month; write 2026-11"],
    [[], "required option '--month <YYYY-MM>' not specified"],
  ])("tells what is wrong with the call %j", async (words, message) => {
    const { code, err } = await report(...words);
    expect(err).toContain(message);
    expect(code).toBe(2);
    expect(existsSync("report.html")).toBe(false);
  });
});
