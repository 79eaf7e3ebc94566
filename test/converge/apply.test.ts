import { describe, expect, it } from "vitest";
import { applyEffect } from "../../src/converge/apply.ts";
import type { Lockbox } from "../../src/converge/context.ts";
import { type CommitMessage, wholeMessage } from "../../src/domain/message.ts";
import type { Effect } from "../../src/domain/plan.ts";
import { readRecordedFacts, recordFacts } from "../../src/domain/recorded-facts.ts";
import { readSignature } from "../../src/domain/signature.ts";
import type { MergeOutcome, PullReading } from "../../src/ports/forge.ts";
import type { RecordKeys } from "../../src/ports/record-keys.ts";
import { SigningError } from "../../src/ports/signer.ts";
import { approved, approves, directory, facts, HEAD, NOW, oidOf, request } from "../domain/builders.ts";

/** A lockbox that can merge and nothing else, and what it was asked to merge. */
function merging(
  sign: (text: string) => Promise<string>,
  outcome: MergeOutcome = { kind: "merged", commit: oidOf("a1") },
  keys: RecordKeys | null = null,
): { readonly lockbox: Lockbox; readonly merged: CommitMessage[] } {
  const merged: CommitMessage[] = [];
  const squashMerge = async (_pull: unknown, _head: unknown, message: CommitMessage) => {
    merged.push(message);
    return outcome;
  };
  const parts = {
    owner: "acme",
    name: "lockbox",
    clock: { now: () => NOW },
    signer: { sign },
    forge: { squashMerge },
    ledger: { keys: async () => keys },
  };
  return { lockbox: parts as unknown as Lockbox, merged };
}

const reading = { pull: request().pull, head: HEAD } as PullReading;
const merge: Effect = { kind: "merge", head: HEAD, decision: approved() };
const basis = (reviewers: number) => {
  const reviews = Array.from({ length: reviewers }, (_, index) =>
    approves(`reviewer-${index}`, { id: index }),
  );
  return recordFacts(request(), facts({ reviews }), directory, NOW);
};

describe("a merge", () => {
  it("carries the record, the facts behind it and the signature over both", async () => {
    const { lockbox, merged } = merging(async () => "U1NIU0lH");
    const applied = await applyEffect(merge, reading, basis(1), lockbox);
    expect(applied).toMatchObject({ kind: "merge", outcome: { kind: "merged" } });
    const message = merged.map(wholeMessage).join("");
    expect(readRecordedFacts(message, HEAD)).toEqual({ kind: "facts", recorded: basis(1) });
    expect(readSignature(message)).toMatchObject({
      kind: "signed",
      signedFor: { repository: "acme/lockbox", branch: "main", at: NOW },
    });
  });

  it("is not made when there is no signature", async () => {
    const { lockbox, merged } = merging(async () => {
      throw new SigningError("the vault is sealed");
    });
    await expect(applyEffect(merge, reading, basis(1), lockbox)).rejects.toThrow("the vault is sealed");
    expect(merged).toEqual([]);
  });

  it("is not made when its signature would count for nothing", async () => {
    const keys: RecordKeys = { check: async () => ({ kind: "not-valid", because: "its key was retired" }) };
    const { lockbox, merged } = merging(async () => "U1NIU0lH", undefined, keys);
    const applied = applyEffect(merge, reading, basis(1), lockbox);
    await expect(applied).rejects.toThrow("a record of this app would not count: its key was retired");
    expect(merged).toEqual([]);
  });

  it("is not made when the record would be longer than GitHub takes", async () => {
    const { lockbox, merged } = merging(async () => "U1NIU0lH");
    const applied = await applyEffect(merge, reading, basis(150), lockbox);
    expect(applied).toMatchObject({ kind: "merge", outcome: { kind: "refused" } });
    expect(JSON.stringify(applied)).toMatch(/its record would have \d+ characters, and GitHub takes 15500/);
    expect(merged).toEqual([]);
  });

  it("that GitHub refuses says so in GitHub's words", async () => {
    const { lockbox } = merging(async () => "U1NIU0lH", { kind: "refused", because: "Merge queue required" });
    const applied = await applyEffect(merge, reading, basis(1), lockbox);
    expect(applied).toMatchObject({
      outcome: { kind: "refused", because: "GitHub says: Merge queue required" },
    });
  });

  it("is never made without the facts behind it", async () => {
    const { lockbox, merged } = merging(async () => "U1NIU0lH");
    await expect(applyEffect(merge, reading, null, lockbox)).rejects.toThrow("INVARIANT");
    expect(merged).toEqual([]);
  });
});
