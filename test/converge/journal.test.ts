import { describe, expect, it } from "vitest";
import { isRecorded } from "../../src/converge/journal.ts";
import type { LedgerState } from "../../src/converge/ledger.ts";
import { type CaseRecord, type CaseState, caseKey } from "../../src/domain/record.ts";
import { BASE, later, NOW, said } from "../domain/builders.ts";

/** A ledger in which this was the last word on a case. */
function knowing(record: CaseRecord): LedgerState {
  return {
    main: BASE,
    journal: null,
    histories: new Map(),
    closures: new Map(),
    findings: [],
    reviews: new Map(),
    cases: new Map([[caseKey(record.case), record]]),
    files: [],
    strays: [],
    rewritten: [],
    forged: [],
    unproven: [],
    unsigned: new Set(),
    since: NOW,
  };
}

describe("what is said of a case is news", () => {
  it.each<[string, CaseState, string, CaseState, boolean]>([
    ["resolved later than it was opened", "open", "PT1S", "resolved", true],
    ["opened again later", "resolved", "PT1S", "open", true],
    ["resolved again later", "resolved", "PT1S", "resolved", true],
    ["resolved in the second in which it was opened", "open", "PT0S", "resolved", true],
    ["opened in the second in which it was resolved", "resolved", "PT0S", "open", false],
    ["the same once more", "resolved", "PT0S", "resolved", false],
    ["open once more", "open", "PT0S", "open", false],
  ])("when it is %s", (_, before, after, state, isNews) => {
    const known = knowing(said({ state: before, at: NOW }));
    expect(isRecorded(said({ state, at: later(NOW, after) }), known)).toBe(!isNews);
  });

  it.each<CaseState>(["open", "resolved"])("not when it is older and says %s", (state) => {
    const known = knowing(said({ state: "resolved", at: later(NOW, "PT1S") }));
    expect(isRecorded(said({ state, at: NOW }), known)).toBe(true);
  });

  it("when it is about a case of which nothing was said, and not when only its letters differ", () => {
    const known = knowing(said());
    expect(isRecorded(said({ case: { system: "servicenow", id: "CS-7" } }), known)).toBe(false);
    expect(isRecorded(said({ case: { system: "servicenow", id: "cs-41207" } }), known)).toBe(true);
    expect(isRecorded(said({ case: { system: "servicenow", id: "#CS-41207" } }), known)).toBe(true);
  });
});
