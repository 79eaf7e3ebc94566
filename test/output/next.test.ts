import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import { finding } from "../../src/domain/finding.ts";
import { checkOf } from "../../src/output/check.ts";
import { approved, at, decision, place, requirement } from "./decisions.ts";

const judged = (parts: Partial<Decision> = {}) => checkOf({ kind: "judged", decision: decision(parts) });
const over = finding(
  "GRANT_DURATION_OVER_LIMIT",
  "`PT8H` is longer than `PT4H`",
  place(12, 11),
  "ask for `PT4H`",
);
const unreadable = finding("RULES_UNREADABLE", "2 findings in the rules on the default branch");
const refused = finding("MERGE_REFUSED", "GitHub says: Changes must be made through a pull request");
const draft = finding("REQUEST_IS_DRAFT", "a draft waits, whatever its reviews say");
const met = requirement("resource owners", { filledBy: ["bob"] });

describe("what happens next", () => {
  it.each<[string, Partial<Decision>, RegExp]>([
    [
      "to a requester",
      { verdict: "invalid", findings: [over] },
      /\*\*Requester:\*\* mend.*push to the same branch/,
    ],
    [
      "to administrators",
      { verdict: "invalid", findings: [unreadable] },
      /\*\*Administrators:\*\* mend the rules/,
    ],
    ["to approvers", {}, /\*Approve\* says yes to commit `abcdef0123`/],
    ["after a veto", {}, /\*Request changes\*.*denies the request and closes it/],
    ["without a decision", {}, /lapses: this one at 2026-11-28T09:00:00Z/],
    [
      "before others are told",
      { escalation: { at: at("2026-11-24T13:00:00Z"), to: { teams: ["security"], users: [] } } },
      /still undecided at 2026-11-24T13:00:00Z, team `security` will be told; being told lets nobody approve/,
    ],
    [
      "while office hours stand against it",
      { opensAt: at("2026-11-25T08:00:00Z") },
      /Office hours keep it from being merged before 2026-11-25T08:00:00Z/,
    ],
    ["when all have said yes", { requirements: [met], findings: [draft] }, /Every approval is there/],
    ["after approval", approved, /merges this pull request now/],
    ["after a refusal", { ...approved, findings: [refused] }, /\*\*Administrators:\*\* see what GitHub says/],
    ["after a denial", { verdict: "denied" }, /opens a new pull request/],
  ])("%s", (_, parts, expected) => {
    expect(judged(parts).summary.split("### What happens next")[1]).toMatch(expected);
  });

  it("says nothing of a lapse or of access when neither is known", () => {
    const { summary, text } = judged({
      verdict: "invalid",
      file: null,
      access: null,
      lapsesAt: null,
      rules: null,
    });
    expect(summary).not.toMatch(/lapse|What it would allow|asks to allow/);
    expect(text).toContain("they were not read");
    expect(judged({ access: null }).summary).not.toContain("begins");
  });
});
