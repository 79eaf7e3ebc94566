import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JudgeThreads } from "../../src/cli/judge-threads.ts";
import { instantOf } from "../../src/domain/time.ts";
import type { Verification } from "../../src/domain/verification.ts";
import type { VerifyOptions } from "../../src/ledger/verify.ts";
import { newRepository, type Repository } from "../git/repository.ts";
import { verified } from "../ledger/verified.ts";
import { minutes, WrittenLedger } from "../ledger/written-ledger.ts";

const START = instantOf(Date.parse("2026-11-24T08:00:00Z"));

let repository: Repository;
let ledger: WrittenLedger;

/** Grants under two sets of rules, a request that was withdrawn, and a grant that somebody removed by hand. */
beforeAll(async () => {
  repository = newRepository();
  ledger = new WrittenLedger(START);
  for (let at = 1; at < 40; at++) ledger.activates({ id: `cs-${at}` }, minutes(START, at));
  const catalog = ledger.files.get("policies/catalog.yaml")?.text ?? "";
  ledger.changes({ "policies/catalog.yaml": `${catalog}# new\n` }, "Change the catalog", minutes(START, 41));
  for (let at = 50; at < 90; at++) ledger.activates({ id: `cs-${at}` }, minutes(START, at));
  ledger.withdraws(minutes(START, 91));
  ledger.changes({ "grants/azure.storage/cs-7.yaml": null }, "Tidy up", minutes(START, 92));
  await ledger.into(repository.path);
});
afterAll(() => repository.remove());

function verify(performer: VerifyOptions["performer"], trusted: string | null): Promise<Verification> {
  const allowedSigners = trusted === null ? null : Buffer.from(trusted);
  return verified(repository.path, ledger.tips, { now: minutes(START, 95), allowedSigners, performer });
}

describe("judging in several threads", () => {
  const stranger = new WrittenLedger(START).files.get("policies/keys/allowed_signers")?.text ?? "";
  const threads = (settings: ConstructorParameters<typeof JudgeThreads>[1]) => (bytes: Uint8Array | null) =>
    new JudgeThreads(bytes, settings);

  describe.each([0, 1, 2])("beside %i others", (count) => {
    it.each<[string, string | null, number]>([
      ["only what was done by hand, under the keys of the ledger", null, 1],
      ["every record, under the key of a stranger", stranger, 81],
    ])("finds what one thread finds, in the same order: %s", async (_, trusted, findings) => {
      const alone = await verify(null, trusted);
      expect(alone.findings).toHaveLength(findings);
      const lost: Error[] = [];
      const performer = threads({ worthwhile: 0, count, lost: (error) => lost.push(error) });
      expect(await verify(performer, trusted)).toEqual(alone);
      expect(lost).toEqual([]);
    });
  });

  it.each([1, 2])("is done in this thread as well when %i others have enough to do", async (count) => {
    const alone = await verify(null, stranger);
    const lost: Error[] = [];
    const performer = threads({ worthwhile: 0, count, mostOpen: 1, lost: (error) => lost.push(error) });
    expect(await verify(performer, stranger)).toEqual(alone);
    expect(lost).toEqual([]);
  });

  it.each([1, 2])("is done in this thread when none of %i others starts", async (count) => {
    const code = new URL("no-such-thread.ts", import.meta.url);
    const alone = await verify(null, stranger);
    const lost: Error[] = [];
    const performer = threads({ worthwhile: 0, count, code, lost: (error) => lost.push(error) });
    expect(await verify(performer, stranger)).toEqual(alone);
    expect(lost).toHaveLength(count);
  });
});
