import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { instantOf } from "../../src/domain/time.ts";
import { git } from "../git/git-program.ts";
import { minutes, WrittenLedger } from "../ledger/written-ledger.ts";
import { blocksOf, root } from "./documents.ts";

const DOCUMENT = "docs/audit.md";
const START = instantOf(Date.parse("2026-11-24T10:00:00Z"));

/** A lockbox repository with a day of history, in which everything is over. */
async function lockbox(stage: string): Promise<string> {
  const path = join(stage, "origin.git");
  git(stage, ["init", "--quiet", "--bare", "--initial-branch=main", path]);
  const ledger = new WrittenLedger(START);
  ledger.activates({}, minutes(START, 2));
  ledger.withdraws(minutes(START, 30));
  ledger.ends(["cs-41207-checkout-logs"], "expiry", minutes(START, 242));
  ledger.activates({ id: "cs-41210-logs", duration: "PT1H" }, minutes(START, 300));
  ledger.ends(["cs-41210-logs"], "release", minutes(START, 320), { login: "alice", id: 1001 });
  await ledger.into(path);
  return path;
}

test("an auditor can do everything that the guide says, in the order in which it says it", {
  timeout: 600_000,
}, async () => {
  const stage = mkdtempSync(join(tmpdir(), "grantbox-audit-"));
  onTestFinished(() => rmSync(stage, { recursive: true, force: true }));
  const program = join(stage, "grantbox");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(root, "src/cli/index.ts")}" "$@"\n`);
  chmodSync(program, 0o755);
  const origin = await lockbox(stage);
  const script = blocksOf(DOCUMENT)
    .filter(({ language }) => language === "sh")
    .map(({ text }) => text)
    .join("\n");
  const { status, stdout } = spawnSync("bash", ["-euo", "pipefail", "-c", `exec 2>&1\n${script}`], {
    cwd: stage,
    encoding: "utf8",
    env: { PATH: [stage, process.env.PATH].join(delimiter), HOME: stage, LOCKBOX: origin, NO_COLOR: "1" },
  });
  expect(status, stdout).toBe(0);
  const shown = blocksOf(DOCUMENT).flatMap(({ language, text }) =>
    language === "text" ? text.split("\n") : [],
  );
  expect(shown.length).toBeGreaterThan(10);
  for (const line of shown) expect(stdout).toMatch(patternOf(line));

  expect(JSON.parse(readFileSync(join(stage, "verification.json"), "utf8"))).toMatchObject({ clean: true });
  expect(JSON.parse(readFileSync(join(stage, "verification.sarif"), "utf8")).runs[0].results).toEqual([]);
  expect(readFileSync(join(stage, "verification.xml"), "utf8")).toContain('failures="0"');
  expect(readFileSync(join(stage, "approved-by-bob.csv"), "utf8").trimEnd().split("\r\n")).toHaveLength(5);
  expect(JSON.parse(readFileSync(join(stage, "alice.json"), "utf8"))).toHaveLength(4);
  expect(JSON.parse(readFileSync(join(stage, "report", "report.json"), "utf8"))).toMatchObject({
    outcomes: { activated: 2, extended: 0, denied: 0, lapsed: 0, withdrawn: 1 },
    ends: [
      { grant: "cs-41207-checkout-logs", cause: "expiry" },
      { grant: "cs-41210-logs", cause: "release" },
    ],
  });
  const lines = (name: string) => readFileSync(join(stage, name), "utf8").trimEnd().split("\n");
  expect(["events.jsonl", "ocsf.jsonl", "events.cef"].map((name) => lines(name).length)).toEqual([6, 6, 6]);
  // two requests, of which the records say when they were opened
  expect(lines("activity-log.jsonl")).toHaveLength(8);
});

/** A line that the guide shows, as a pattern: `…` stands for what differs from run to run. */
function patternOf(shown: string): RegExp {
  const parts = shown.split("…").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")} *$`, "m");
}
