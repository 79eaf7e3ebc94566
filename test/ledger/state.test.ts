import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { inForce } from "../../src/domain/lifecycle.ts";
import type { Oid } from "../../src/domain/oid.ts";
import type { ActivationRecord } from "../../src/domain/record.ts";
import { type Instant, instantOf } from "../../src/domain/time.ts";
import { findRepository, openLocal, type Reader } from "../../src/git/local.ts";
import { type Checkpoint, parseCheckpoint, printCheckpoint } from "../../src/ledger/checkpoint.ts";
import { readLedger } from "../../src/ledger/read.ts";
import { readState } from "../../src/ledger/state.ts";
import type { History } from "../../src/ports/history.ts";
import { newRepository, type Repository } from "../git/repository.ts";
import { minutes, WrittenLedger } from "./written-ledger.ts";

const START = instantOf(Date.parse("2026-11-24T08:00:00Z"));
const LATER = minutes(START, 100_000);

/** One step of a random life: wait, then begin a grant, end one early, or let those end whose time is over. */
const step = fc.record({
  wait: fc.integer({ min: 1, max: 120 }),
  act: fc.constantFrom("activate", "activate", "revoke", "sweep", "journal"),
  which: fc.nat({ max: 5 }),
  hours: fc.integer({ min: 1, max: 4 }),
});

interface Life {
  readonly ledger: WrittenLedger;
  /** What the app knew: which grants had been activated and not ended at each instant at which something happened. */
  readonly moments: readonly { readonly at: Instant; readonly open: readonly ActivationRecord[] }[];
}

/** Plays the steps, and notes after each what the app held to be running. */
function live(steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]): Life {
  const ledger = new WrittenLedger(START);
  const open = new Map<string, ActivationRecord>();
  const moments: { at: Instant; open: readonly ActivationRecord[] }[] = [{ at: START, open: [] }];
  let at = START;
  steps.forEach(({ wait, act, which, hours }, index) => {
    at = minutes(at, wait);
    const chosen = [...open.keys()][which % Math.max(1, open.size)];
    if (act === "activate") {
      const id = `cs-${index}`;
      open.set(id, ledger.activates({ id, duration: `PT${hours}H` }, at));
    } else if (act === "journal") ledger.withdraws(at);
    else if (act === "revoke" && chosen !== undefined) {
      ledger.ends([chosen], "revocation", at);
      open.delete(chosen);
    } else if (act === "sweep") {
      const due = [...open].filter(([, { validUntil }]) => validUntil <= at).map(([id]) => id);
      if (due.length > 0) ledger.ends(due, "expiry", at);
      for (const id of due) open.delete(id);
    }
    moments.push({ at, open: [...open.values()] });
  });
  return { ledger, moments };
}

async function written(ledger: WrittenLedger): Promise<Repository> {
  const repository = newRepository();
  onTestFinished(() => repository.remove());
  await ledger.into(repository.path);
  return repository;
}

async function withHistory<T>(
  repository: Repository,
  reader: Reader,
  use: (history: History) => Promise<T>,
): Promise<T> {
  const found = findRepository(repository.path);
  if (found === null) throw new Error("the repository is not found");
  const { history, close } = openLocal(found, reader);
  try {
    return await use(history);
  } finally {
    await close();
  }
}

const tipsOf = ({ tips }: WrittenLedger) => ({
  branch: "main",
  main: tips.main as Oid,
  journal: tips.journal,
});

describe("the state at an instant", () => {
  it("is what the app held to be in force at that instant, for random lives", {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const { ledger, moments } = live(steps);
        const repository = await written(ledger);
        await withHistory(repository, "git", async (history) => {
          for (const [index, { at, open }] of moments.entries()) {
            const next = moments[index + 1]?.at ?? minutes(at, 500);
            // at the moment itself, just before the next one, and in between
            for (const instant of [at, instantOf((at + next) / 2), instantOf(next - 1)]) {
              const { state } = await readState(history, tipsOf(ledger), instant);
              const seen = state.standings
                .filter(({ kind }) => kind === "in-force")
                .map(({ file }) => file.id);
              const held = open.filter((record) =>
                inForce({ id: record.grant, blob: record.blob }, record, instant),
              );
              expect(seen.toSorted()).toEqual(held.map(({ grant }) => grant).toSorted());
            }
          }
        });
      }),
      { numRuns: 15 },
    );
  });

  it("is nothing before the first commit", async () => {
    const ledger = new WrittenLedger(START);
    const repository = await written(ledger);
    const { state } = await withHistory(repository, "git", (history) =>
      readState(history, tipsOf(ledger), minutes(START, -1)),
    );
    expect(state).toEqual({ at: minutes(START, -1), commit: null, standings: [] });
  });
});

describe("both readers", () => {
  it("give the same ledger, byte for byte, for random lives", { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 15 }), async (steps) => {
        const { ledger } = live(steps);
        const repository = await written(ledger);
        const read = (reader: Reader) =>
          withHistory(repository, reader, async (history) => {
            const { events, histories } = await readLedger(history, tipsOf(ledger), { changes: true });
            return JSON.stringify({ events, histories: [...histories] });
          });
        expect(await read("git")).toBe(await read("isomorphic-git"));
      }),
      { numRuns: 10 },
    );
  });
});

describe("going on from an earlier reading", () => {
  const play = (ledger: WrittenLedger) => {
    ledger.activates({ id: "cs-1" }, minutes(START, 10));
    ledger.activates({ id: "cs-2" }, minutes(START, 20));
    ledger.withdraws(minutes(START, 30));
    ledger.ends(["cs-1"], "revocation", minutes(START, 40));
  };

  /** The state by a reading that goes on from where the ledger stood before `more`, and by one that reads all. */
  async function compared(
    more: (ledger: WrittenLedger) => void,
    tamper: (kept: Checkpoint) => Checkpoint | null = (kept) => kept,
  ) {
    const ledger = new WrittenLedger(START);
    play(ledger);
    const earlier = tipsOf(ledger);
    more(ledger);
    const repository = await written(ledger);
    return withHistory(repository, "git", async (history) => {
      const first = await readState(history, earlier, LATER);
      const kept = first.checkpoint === null ? null : parseCheckpoint(printCheckpoint(first.checkpoint));
      expect(kept).toEqual(first.checkpoint);
      const from = kept === null ? null : tamper(kept);
      return {
        onward: await readState(history, tipsOf(ledger), LATER, from),
        whole: await readState(history, tipsOf(ledger), LATER),
      };
    });
  }

  it.each<[string, (ledger: WrittenLedger) => void]>([
    ["nothing", () => undefined],
    ["a new grant", (ledger) => ledger.activates({ id: "cs-3" }, minutes(START, 50))],
    ["an end", (ledger) => ledger.ends(["cs-2"], "expiry", minutes(START, 270))],
    ["a withdrawn request", (ledger) => ledger.withdraws(minutes(START, 50))],
    [
      "an end on the journal",
      (ledger) => {
        const record = ledger.records.get("cs-2" as ActivationRecord["grant"]);
        if (record === undefined) return;
        const { grant, blob } = record;
        const at = minutes(START, 60);
        ledger.journals(
          { event: "ended", grant, blob, cause: "revocation", requestedBy: null, reason: "", endedAt: at },
          at,
        );
      },
    ],
    ["an id of the past once more", (ledger) => ledger.activates({ id: "cs-1" }, minutes(START, 60))],
    [
      "a file of the past put back",
      (ledger) =>
        ledger.changes(
          { "grants/azure.storage/cs-1.yaml": "kind: Grant\n" },
          "Put it back",
          minutes(START, 60),
        ),
    ],
  ])("gives what reading all gives, after %s", async (_, more) => {
    const { onward, whole } = await compared(more);
    expect(onward.state).toEqual(whole.state);
    expect(new Set(onward.checkpoint?.ids.split("\n"))).toEqual(new Set(whole.checkpoint?.ids.split("\n")));
  });

  it("does not trust a reading of another history", async () => {
    const { onward, whole } = await compared(
      (ledger) => ledger.activates({ id: "cs-3" }, minutes(START, 50)),
      (kept) => ({ ...kept, main: kept.journal ?? kept.main, open: [] }),
    );
    expect(onward.state).toEqual(whole.state);
    expect(whole.state.standings).toHaveLength(2);
  });

  it.each([
    ["nothing", ""],
    ["something else", "hello\n"],
    [
      "another version",
      printCheckpoint({
        main: "1".repeat(40) as Oid,
        journal: null,
        open: [],
        ends: [],
        ids: "\n\n",
      }).replace("1\n", "2\n"),
    ],
    [
      "a file cut short",
      printCheckpoint({ main: "1".repeat(40) as Oid, journal: null, open: [], ends: [], ids: "\na\n" }).slice(
        0,
        -2,
      ),
    ],
    [
      "a commit that is none",
      printCheckpoint({
        main: "1".repeat(40) as Oid,
        journal: null,
        open: [],
        ends: [],
        ids: "\n\n",
      }).replace("111", "xyz"),
    ],
  ])("reads no checkpoint from %s", (_, text) => {
    expect(parseCheckpoint(text)).toBeNull();
  });
});
