import { JudgeThreads } from "../../src/cli/judge-threads.ts";
import { findRepository, openLocal } from "../../src/git/local.ts";
import { parseCheckpoint, printCheckpoint } from "../../src/ledger/checkpoint.ts";
import { type LedgerTips, walkLedger } from "../../src/ledger/read.ts";
import { readState } from "../../src/ledger/state.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { eventLine } from "../../src/output/event.ts";

/** Does one thing to a ledger, and prints how long that took and how much memory this process had at its peak. */
const [what = "", dir = ""] = process.argv.slice(2);
const found = findRepository(dir);
if (found === null) throw new Error(`no repository in ${dir}`);
const { history, close } = openLocal(found);
const main = await history.resolve("refs/heads/main");
if (main === null) throw new Error("the ledger has no main");
const tips: LedgerTips = {
  branch: "main",
  main,
  journal: await history.resolve("refs/heads/grantbox-journal"),
};
const { committedAt: now, parents } = await history.commit(main);

const work: Readonly<Record<string, () => Promise<unknown>>> = {
  async history() {
    let size = 0;
    for await (const events of walkLedger(history, tips)) {
      size += events.map((event) => `${eventLine(event)}\n`).join("").length;
    }
    return size;
  },
  async verify() {
    const options = {
      anchors: [],
      since: null,
      repositories: [],
      allowedSigners: null,
      witness: [],
      performer: (allowedSigners: Uint8Array | null) => new JudgeThreads(allowedSigners),
      seen: () => undefined,
    };
    const { findings } = await verifyLedger(history, tips, { ...options, now });
    if (findings.length > 0) throw new Error(`${findings.length} findings: ${findings[0]?.message}`);
  },
  state: () => readState(history, tips, now),
  "state-after-one-commit": () => readState(history, tips, now, parseCheckpoint(kept)),
};

// what an earlier `state` left behind, one commit ago
const [before] = parents;
const earlier =
  what === "state-after-one-commit" && before !== undefined
    ? await readState(history, { ...tips, main: before }, now)
    : null;
const kept = earlier?.checkpoint ? printCheckpoint(earlier.checkpoint) : "";

const began = performance.now();
const used = process.cpuUsage();
await work[what]?.();
const ms = performance.now() - began;
await close();
const { user, system } = process.cpuUsage(used);
process.stdout.write(
  JSON.stringify({
    ms,
    cpuMs: (user + system) / 1000,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
