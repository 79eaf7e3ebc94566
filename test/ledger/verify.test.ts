import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instantOf } from "../../src/domain/time.ts";
import type { History } from "../../src/ports/history.ts";
import { newRepository, type Repository } from "../git/repository.ts";
import { verified } from "./verified.ts";
import { minutes, WrittenLedger } from "./written-ledger.ts";

const START = instantOf(Date.parse("2026-11-24T08:00:00Z"));

let repository: Repository;
let ledger: WrittenLedger;

beforeAll(async () => {
  repository = newRepository();
  ledger = new WrittenLedger(START);
  for (let at = 1; at < 20; at++) {
    ledger.activates({ id: `cs-${at}` }, minutes(START, at));
    ledger.withdraws(minutes(START, at));
  }
  await ledger.into(repository.path);
});
afterAll(() => repository.remove());

/** Verifies under the key of a stranger, so that every commit has a finding, with a history as `changed` makes it. */
function verify(changed: (history: History) => History) {
  const stranger = new WrittenLedger(START).files.get("policies/keys/allowed_signers")?.text ?? "";
  const options = { now: minutes(START, 30), allowedSigners: Buffer.from(stranger) };
  return verified(repository.path, ledger.tips, options, changed);
}

describe("reading main and the journal at once", () => {
  it.each([0, 1, 7, 19])("finds the same when main comes after %i commits of the journal", async (after) => {
    const plain = await verify((history) => history);
    expect(plain.findings).toHaveLength(38);
    let heard = 0;
    let come: () => void = () => undefined;
    const isDue = new Promise<void>((resolve) => (come = resolve));
    const single = await verify((history) => ({
      ...history,
      async *walkChanges(tip, until) {
        const isMain = tip === ledger.tips.main;
        if (isMain && after > 0) await isDue;
        for await (const commits of history.walkChanges(tip, until)) {
          for (const commit of commits) {
            yield [commit];
            if (!isMain) heard += 1;
            if (heard === after) come();
          }
        }
      },
    }));
    expect(single).toEqual(plain);
  });

  it.each(["main", "journal"] as const)("ends both walks when %s cannot be read", async (branch) => {
    const ended: string[] = [];
    const verified = verify((history) => ({
      ...history,
      async *walkChanges(tip, until) {
        const isMain = tip === ledger.tips.main;
        try {
          if (isMain === (branch === "main")) throw new Error(`no ${branch}`);
          for await (const commits of history.walkChanges(tip, until)) yield commits;
        } finally {
          ended.push(isMain ? "main" : "journal");
        }
      },
    }));
    await expect(verified).rejects.toThrow(`no ${branch}`);
    expect(ended.sort()).toEqual(["journal", "main"]);
  });
});
