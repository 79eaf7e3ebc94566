import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { instantOf } from "../../src/domain/time.ts";
import { minutes, WrittenLedger } from "../ledger/written-ledger.ts";
import { type Figure, median } from "./figure.ts";

const sizes = [1000, 10_000, 100_000];
/** How many grants are in force at once: one begins every two minutes and lasts four hours. */
const OPEN = 120;
const runner = new URL("history-run.ts", import.meta.url).pathname;

/**
 * `verify`, `state` and `history` over ledgers of real, signed records, against `git log` printing the same commits,
 * all in the same run; each in a process of its own, whose start is not counted and whose peak of memory is told.
 */
export async function history(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) {
    const dir = mkdtempSync(join(tmpdir(), "grantbox-bench-"));
    try {
      execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", dir]);
      const began = performance.now();
      await ledgerOf(size).into(dir);
      const seconds = Number(((performance.now() - began) / 1000).toFixed(1));
      figures.push({ name: `ledger-of-${size}-commits-written`, value: seconds, unit: "seconds" });
      figures.push(...(await measure(dir, size)));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
  return figures;
}

/** A ledger in which grants begin and end all the time, requests are withdrawn, and the catalog is changed at times. */
function ledgerOf(size: number): WrittenLedger {
  let at = instantOf(Date.parse("2026-01-01T00:00:00Z"));
  const ledger = new WrittenLedger(at);
  const id = (grant: number) => `cs-${String(grant).padStart(6, "0")}-logs`;
  const actions = ["[read, list]", "[read]", "[list]"];
  for (let written = 1, grant = 0; written < size; grant++) {
    at = minutes(at, 2);
    const about = ["servicenow", `CS-${grant + 10_000}`] as const;
    const justification = `Checkout times out for tenant ${grant % 700}; need the logs of request ${grant}.`;
    ledger.activates({ id: id(grant), about, justification, actions: actions[grant % 3] ?? "[read]" }, at);
    written += 1;
    if (grant >= OPEN) {
      ledger.ends([id(grant - OPEN)], "expiry", minutes(at, 1));
      written += 1;
    }
    if (grant % 5 === 0) {
      ledger.withdraws(at);
      written += 1;
    }
    if (grant % 1000 === 999) {
      const catalog = ledger.files.get("policies/catalog.yaml")?.text ?? "";
      ledger.changes(
        { "policies/catalog.yaml": `${catalog}# ${grant}\n` },
        "Change the catalog",
        minutes(at, 1),
      );
      written += 1;
    }
  }
  return ledger;
}

async function measure(dir: string, size: number): Promise<readonly Figure[]> {
  const runs = size >= 100_000 ? 1 : 3;
  const figures: Figure[] = [];
  const cold = { ms: 0 };
  for (const [what, target] of [
    ["history", 2],
    ["verify", 10],
    ["state", null],
    ["state-after-one-commit", null],
  ] as const) {
    const measured: Measured[] = [];
    const logs: number[] = [];
    for (let run = 0; run < runs; run++) {
      // right before and after, so that both see the same machine
      const before = await log(dir);
      measured.push(runOf(what, dir));
      logs.push((before + (await log(dir))) / 2);
    }
    const ms = median(measured.map((one) => one.ms));
    const gitLogMs = median(logs);
    const ratio = ms / gitLogMs;
    const details = {
      ms: Math.round(ms),
      gitLogMs: Math.round(gitLogMs),
      cpuMs: Math.round(median(measured.map(({ cpuMs }) => cpuMs))),
      peakMegabytes: Math.max(...measured.map(({ peakMegabytes }) => peakMegabytes)),
    };
    if (what === "state") cold.ms = ms;
    figures.push({
      name: `${what}-of-${size}-commits`,
      value: Number(ratio.toFixed(2)),
      unit: "times git log",
      ...(target !== null && size >= 100_000 ? { target: { atMost: target } } : {}),
      details,
    });
    if (what === "state-after-one-commit") {
      figures.push({
        name: `state-after-one-commit-against-cold-of-${size}-commits`,
        value: Number((ms / cold.ms).toFixed(4)),
        unit: "of cold",
        ...(size >= 100_000 ? { target: { atMost: 1 / 50 } } : {}),
      });
    }
  }
  return figures;
}

interface Measured {
  readonly ms: number;
  /** What all threads of the process took, without the git programs that it asked. */
  readonly cpuMs: number;
  readonly peakMegabytes: number;
}

function runOf(what: string, dir: string): Measured {
  const { status, stdout, stderr } = spawnSync(process.execPath, [runner, what, dir], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${what} failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

/** Milliseconds that `git log` takes to print main and journal into a pipe that is read. */
async function log(dir: string): Promise<number> {
  const began = performance.now();
  for (const branch of ["main", "grantbox-journal"]) {
    const git = spawn("git", [`--git-dir=${dir}`, "log", "--first-parent", branch], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let size = 0;
    for await (const chunk of git.stdout as AsyncIterable<Buffer>) size += chunk.length;
    if (size === 0) throw new Error("git log printed nothing");
  }
  return performance.now() - began;
}
