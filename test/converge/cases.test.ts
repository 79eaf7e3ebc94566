import { describe, expect, it } from "vitest";
import { caseOf, resolvedCases } from "../../src/converge/cases.ts";
import type { Lockbox } from "../../src/converge/context.ts";
import type { LedgerState } from "../../src/converge/ledger.ts";
import { noNeeds } from "../../src/domain/needs.ts";
import { noConditions } from "../../src/domain/policy.ts";
import { type ActivationRecord, type CaseRecord, caseKey } from "../../src/domain/record.ts";
import { instantOf } from "../../src/domain/time.ts";
import { type CaseReading, unread } from "../../src/ports/cases.ts";
import { activation, BASE, file, later, oidOf, policy, said, VALID_FROM } from "../domain/builders.ts";

const COMMIT = oidOf("a1");
const open: CaseReading = { fact: { read: true, state: "open" }, resolvedAt: null };
const missing: CaseReading = { fact: { read: true, state: "missing" }, resolvedAt: null };
const resolved = (resolvedAt: CaseReading["resolvedAt"] = null): CaseReading => ({
  fact: { read: true, state: "resolved" },
  resolvedAt,
});
const before = instantOf(VALID_FROM - 60_000);
const after = instantOf(VALID_FROM + 60_000);

interface Scene {
  /** What its system says of the case; left out, nobody is connected to it. */
  readonly told?: CaseReading;
  /** What the journal has of it. */
  readonly announced?: Partial<CaseRecord>;
  /** Whether a policy asks for an open case; `unreadable`: the rules cannot be read. */
  readonly asks?: boolean | "unreadable";
  readonly record?: Partial<ActivationRecord>;
  readonly system?: string;
}

/** One grant that was merged at VALID_FROM, looked at an hour later. */
function stage({ told, announced, asks = false, record = {}, system = "servicenow" }: Scene) {
  const about = { system, id: "CS-41207" };
  const grant = activation({ policies: ["storage"], case: about, ...record });
  const heard = announced === undefined ? [] : [said({ case: about, ...announced })];
  const history = { activation: grant, commit: COMMIT, earlier: [], headline: "Grant", end: null };
  const state: Partial<LedgerState> = {
    main: BASE,
    histories: new Map([[file.id, history]]),
    files: [file],
    cases: new Map(heard.map((one) => [caseKey(one.case), one])),
  };
  const asked: string[] = [];
  const logged: string[] = [];
  const read = async (id: string) => {
    asked.push(id);
    return told ?? open;
  };
  const policies = [policy({ name: "storage", conditions: { ...noConditions, caseOpen: asks === true } })];
  const rules =
    asks === "unreadable" ? { ok: false, findings: [] } : { ok: true, loaded: { rules: { policies } } };
  const parts = {
    cases: new Map(told === undefined ? [] : [[system, { read }]]),
    clock: { now: () => later(VALID_FROM, "PT1H") },
    rules: { at: async () => rules },
    history: { commit: async () => ({ oid: COMMIT, parents: [], committedAt: VALID_FROM }) },
    merges: { vouched: new Set([COMMIT]) },
    log: (message: string) => logged.push(message),
  };
  return { state: state as LedgerState, lockbox: parts as unknown as Lockbox, asked, logged };
}

async function ends(scene: Scene): Promise<boolean> {
  const { state, lockbox } = stage(scene);
  const endings = await resolvedCases(state, lockbox);
  for (const { record } of endings) {
    expect(record).toMatchObject({
      cause: "case-resolved",
      reason: expect.stringContaining("CS-41207 is resolved"),
    });
  }
  return endings.length > 0;
}

describe("a grant in force ends with its case", () => {
  it.each<[string, Scene]>([
    ["a policy asks, and its system says that it is resolved", { asks: true, told: resolved() }],
    ["a policy asks, and its system has a clock that is behind", { asks: true, told: resolved(before) }],
    [
      "the rules cannot be read, and its system says that it is resolved",
      { asks: "unreadable", told: resolved() },
    ],
    [
      "a policy asks, and it was announced, perhaps with a clock behind",
      { asks: true, announced: { at: before } },
    ],
    ["nobody asks, and it was announced afterwards", { announced: { at: after } }],
    ["it was announced in the second of the merge", { announced: { at: VALID_FROM } }],
    [
      "its system is away, and it was announced afterwards",
      { asks: true, told: unread("away"), announced: { at: after } },
    ],
    ["it is an issue that was closed afterwards", { system: "github", told: resolved(after) }],
    [
      "the grant has not even begun",
      {
        asks: true,
        told: resolved(),
        record: { validFrom: later(VALID_FROM, "PT2H"), validUntil: later(VALID_FROM, "PT3H") },
      },
    ],
  ])("when %s", async (_, scene) => {
    expect(await ends(scene)).toBe(true);
  });
});

describe("a grant in force does not end with its case", () => {
  it.each<[string, Scene]>([
    ["it is open", { asks: true, told: open }],
    ["nobody has said anything of it", { asks: true }],
    ["it was announced as open", { asks: true, announced: { state: "open", at: after } }],
    ["its system does not know it any more", { asks: true, told: missing }],
    ["its system is away", { asks: true, told: unread("away") }],
    [
      "its system is away, and it was resolved once before",
      { asks: true, told: unread("away"), announced: { at: before } },
    ],
    [
      "its system says that it is open again, after it was announced",
      { asks: true, told: open, announced: { at: after } },
    ],
    ["nobody asks, and it was resolved before the merge", { announced: { at: before } }],
    ["it is an issue that was closed before, and nobody asks", { system: "github", told: resolved(before) }],
    [
      "a policy asks that it was not activated under",
      { asks: true, told: resolved(), record: { policies: ["other"] } },
    ],
    ["another case was announced", { announced: { case: { system: "servicenow", id: "CS-1" }, at: after } }],
  ])("when %s", async (_, scene) => {
    expect(await ends(scene)).toBe(false);
  });

  it("when nobody asks and it is in a system: that is not even asked", async () => {
    const { state, lockbox, asked } = stage({ told: resolved(after) });
    expect(await resolvedCases(state, lockbox)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it.each([missing, unread("it answered 503")])(
    "and operators hear of it, when its state is unknown",
    async (told) => {
      const { state, lockbox, logged } = stage({ asks: true, told });
      await resolvedCases(state, lockbox);
      expect(logged).toEqual(["a case of a grant in force is unknown"]);
    },
  );
});

describe("the case that a decision needs", () => {
  const needs = { ...noNeeds, case: { system: "ServiceNow", id: "CS-41207" } };

  it.each<[string, Scene, unknown]>([
    ["is asked of its system, also where something was announced", { told: open, announced: {} }, open.fact],
    [
      "is unread while its system is, whatever was announced",
      { told: unread("away"), announced: { state: "open" } },
      unread("away").fact,
    ],
    ["is what was announced where no system is connected", { announced: { state: "open" } }, open.fact],
    [
      "is unread where nobody has said anything",
      {},
      { read: false, because: expect.stringContaining("`ServiceNow`") },
    ],
  ])("%s", async (_, scene, fact) => {
    const { state, lockbox } = stage(scene);
    expect(await caseOf(needs, state, lockbox)).toEqual(fact);
  });

  it("is not looked at where no rule asks", async () => {
    const { state, lockbox, asked } = stage({ told: open });
    expect(await caseOf(noNeeds, state, lockbox)).toMatchObject({ read: false });
    expect(asked).toEqual([]);
  });
});
