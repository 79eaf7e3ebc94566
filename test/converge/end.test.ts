import { describe, expect, it } from "vitest";
import type { Lockbox } from "../../src/converge/context.ts";
import { type Ending, endGrants, endingOf } from "../../src/converge/end.ts";
import { type CommitMessage, wholeMessage } from "../../src/domain/message.ts";
import type { PullNumber } from "../../src/domain/oid.ts";
import { readRecords } from "../../src/domain/record.ts";
import { ForgeError, type Removal } from "../../src/ports/forge.ts";
import { activation, BASE, grantId, HEAD, NOW, oidOf, pullNumber } from "../domain/builders.ts";

/** What GitHub has been seen to take (docs/decisions/0011). */
const GITHUB_TAKES = 16_383;

function ending(number: number, reason: string): Ending {
  const id = `cs-${String(number).padStart(5, "0")}`;
  const file = { path: `grants/azure.storage/${id}.yaml`, type: "azure.storage", id: grantId(id) };
  const history = {
    activation: activation({ grant: file.id, pull: pullNumber(number + 1) }),
    commit: oidOf("a1"),
    earlier: [],
    headline: `Grant ${id}: alice may read azure.storage checkout`,
    end: null,
  };
  const by = { requestedBy: null, reason };
  return endingOf(history, { ...file, blob: history.activation.blob }, "revocation", NOW, by);
}

/** A lockbox with these grants on main, in which one merge may fail; what was opened and merged. */
function holding(endings: readonly Ending[], failing: number | null = null) {
  const present = new Map(endings.map(({ file }) => [file.path, file]));
  const removals: Removal[] = [];
  const merged: CommitMessage[] = [];
  let merges = 0;
  const lockbox = {
    owner: "acme",
    name: "lockbox",
    signer: { sign: async () => "U1NIU0lH".repeat(50) },
    clock: { now: () => NOW },
    history: { refresh: async () => undefined },
    ledger: { read: async () => ({ main: BASE, files: [...present.values()] }) },
    log: () => undefined,
    forge: {
      publish: async () => undefined,
      async openRemoval(removal: Removal) {
        removals.push(removal);
        return { pull: pullNumber(5000 + removals.length), head: HEAD };
      },
      async squashMerge(_pull: PullNumber, _head: unknown, message: CommitMessage) {
        merges += 1;
        if (merges === failing) throw new ForgeError("GitHub is away");
        merged.push(message);
        for (const path of removals.at(-1)?.paths ?? []) present.delete(path);
        return { kind: "merged", commit: oidOf("b1") };
      },
    },
  };
  const left = () => endings.filter(({ file }) => present.has(file.path));
  return { lockbox: lockbox as unknown as Lockbox, removals, merged, left };
}

const endsIn = (message: CommitMessage) => {
  const reading = readRecords(wholeMessage(message));
  return reading.kind === "records"
    ? reading.records.flatMap((one) => ("grant" in one ? [one.grant] : []))
    : [];
};
const ids = (endings: readonly Ending[]) => endings.map(({ file }) => file.id).sort();

describe("grants that are due at once", () => {
  it.each([
    ["one", 1, "", 1],
    ["a few, together", 20, "", 1],
    ["120, in portions", 120, "", 4],
    ["40, each with a long reason", 40, "no longer needed ".repeat(25), 4],
  ])("end with messages that GitHub takes: %s", async (_, count, reason, most) => {
    const endings = Array.from({ length: count }, (_one, index) => ending((index * 7919) % 99_991, reason));
    const { lockbox, removals, merged } = holding(endings);
    await endGrants(endings, lockbox);
    expect(merged.flatMap(endsIn)).toEqual(ids(endings));
    expect(removals.flatMap(({ paths }) => paths)).toHaveLength(count);
    expect(removals.map(({ branch }) => branch)).toEqual(
      merged.map((message) => `grantbox/revoke/${endsIn(message)[0]}`),
    );
    for (const message of merged) expect(wholeMessage(message).length).toBeLessThan(GITHUB_TAKES);
    expect(merged.length).toBeLessThanOrEqual(most);
  });

  it("are cut at the same places by a pass that goes on after one that died", async () => {
    const endings = Array.from({ length: 120 }, (_, index) => ending(index, ""));
    const whole = holding(endings);
    await endGrants(endings, whole.lockbox);
    const { lockbox, removals, merged, left } = holding(endings, 2);
    await expect(endGrants(left(), lockbox)).rejects.toThrow("GitHub is away");
    await endGrants([...left()].reverse(), lockbox);
    expect(merged.map(endsIn)).toEqual(whole.merged.map(endsIn));
    expect(new Set(removals.map(({ branch }) => branch))).toEqual(
      new Set(whole.removals.map(({ branch }) => branch)),
    );
    expect(left()).toEqual([]);
  });

  it("are none: nothing is opened", async () => {
    const { lockbox, removals } = holding([]);
    await endGrants([], lockbox);
    expect(removals).toEqual([]);
  });
});
