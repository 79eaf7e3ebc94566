import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import { finding } from "../../src/domain/finding.ts";
import { checkOf } from "../../src/output/check.ts";
import { approved, at, closure, decision, place, requirement } from "./decisions.ts";

const judged = (parts: Partial<Decision> = {}) => checkOf({ kind: "judged", decision: decision(parts) });
const over = finding(
  "GRANT_DURATION_OVER_LIMIT",
  "`PT8H` is longer than `PT4H`",
  place(12, 11),
  "ask for `PT4H`",
);
const short = finding("GRANT_JUSTIFICATION_TOO_SHORT", "4 characters of 40", place(11, 16));
const unreadable = finding("RULES_UNREADABLE", "2 findings in the rules on the default branch");
const broken = finding(
  "POLICY_FIELD_UNKNOWN",
  "`resource.colour` is no field",
  place(8, 3, "policies/a.yaml"),
);
const refused = finding("MERGE_REFUSED", "GitHub says: Changes must be made through a pull request");
const draft = finding("REQUEST_IS_DRAFT", "a draft waits, whatever its reviews say");
const pusher = finding("PUSHER_UNKNOWN", "whoever pushed it must not approve it");
const met = requirement("resource owners", { filledBy: ["bob"] });

describe("the title and the conclusion", () => {
  const many = ["a", "b", "c", "d", "e"].map((name) => requirement(name));
  it.each<[string, Partial<Decision>, string, string | null]>([
    ["pending", {}, "Waiting for resource owners (1) and privacy (1)", null],
    [
      "one left",
      { requirements: [met, requirement("security", { count: 2 })] },
      "Waiting for security (2)",
      null,
    ],
    ["many left", { requirements: many }, "Waiting for a (1), b (1), c (1) and 2 more", null],
    ["a draft", { requirements: [met], findings: [draft] }, "Waiting: the pull request is a draft", null],
    [
      "an unknown pusher",
      { requirements: [met], findings: [draft, pusher] },
      "Waiting: GitHub did not say who pushed the head commit",
      null,
    ],
    ["nothing else", { requirements: [met] }, "Waiting to be judged again", null],
    ["approved", approved, "Approved: merging", "success"],
    ["refused", { ...approved, findings: [refused] }, "Approved, but GitHub refuses the merge", "success"],
    [
      "one finding",
      { verdict: "invalid", findings: [draft, over] },
      "1 thing to mend: longer than the policies allow",
      "failure",
    ],
    [
      "the requester's findings first",
      { verdict: "invalid", findings: [unreadable, short, over] },
      "2 things to mend: the justification is too short and 1 more",
      "failure",
    ],
    [
      "an administrator's",
      { verdict: "invalid", findings: [unreadable, broken] },
      "2 things for an administrator to mend: the rules on the default branch cannot be read and 1 more",
      "failure",
    ],
    ["invalid without a finding", { verdict: "invalid" }, "Nothing to mend", "failure"],
    [
      "no policy",
      { verdict: "denied", denials: [{ kind: "no-policy" }] },
      "Denied: no approver policy covers this request",
      "failure",
    ],
    [
      "nothing but office hours",
      {
        requirements: [met],
        opensAt: at("2026-11-25T08:00:00Z"),
        findings: [finding("GRANT_OUTSIDE_OFFICE_HOURS", "policy `a` keeps to them")],
      },
      "Approved: begins at 2026-11-25T08:00:00Z, when office hours let it",
      null,
    ],
    [
      "office hours, and more than that",
      {
        requirements: [met],
        opensAt: at("2026-11-25T08:00:00Z"),
        findings: [pusher, finding("GRANT_OUTSIDE_OFFICE_HOURS", "policy `a` keeps to them")],
      },
      "Waiting: GitHub did not say who pushed the head commit",
      null,
    ],
    [
      "office hours before everybody has said yes",
      {
        opensAt: at("2026-11-25T08:00:00Z"),
        findings: [finding("GRANT_OUTSIDE_OFFICE_HOURS", "policy `a` keeps to them")],
      },
      "Waiting for resource owners (1) and privacy (1)",
      null,
    ],
    ["denied without a reason", { verdict: "denied" }, "Denied", "failure"],
  ])("say it: %s", (_, parts, title, conclusion) => {
    expect(judged(parts)).toMatchObject({ title, conclusion });
  });

  it.each([
    [closure(), "Denied by bob: ask for the logs only"],
    [closure({ reason: " " }), "Denied by bob"],
    [closure({ closedBy: null, reason: "policy a: never" }), "Denied: policy a: never"],
    [closure({ event: "lapsed", closedBy: null, reason: "x" }), "Lapsed: nobody decided it in time"],
    [closure({ event: "withdrawn", reason: "" }), "Withdrawn by bob"],
    [closure({ event: "withdrawn", closedBy: null, reason: "" }), "Withdrawn"],
  ])("say how a request was closed: $event", (record, title) => {
    const check = checkOf({ kind: "closed", record, decision: decision() });
    expect(check).toMatchObject({ title, conclusion: "failure" });
    expect(check.summary).toContain("closed for good");
  });

  it("never exceed what GitHub shows", () => {
    const long = checkOf({
      kind: "closed",
      record: closure({ reason: "é".repeat(500) }),
      decision: decision(),
    });
    expect(long.title).toHaveLength(120);
  });
});
