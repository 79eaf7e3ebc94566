import { describe, expect, it, test } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import { finding } from "../../src/domain/finding.ts";
import type { RequestStanding } from "../../src/domain/plan.ts";
import { commentOf } from "../../src/output/comment.ts";
import {
  account,
  activation,
  approved,
  closure,
  decision,
  end,
  history,
  place,
  privacy,
  requirement,
} from "./decisions.ts";

const judged = (parts: Partial<Decision> = {}): RequestStanding => ({
  kind: "judged",
  decision: decision(parts),
});
const over = finding(
  "GRANT_DURATION_OVER_LIMIT",
  "`PT8H` is longer than `PT4H`",
  place(12, 11),
  "ask for `PT4H`",
);
const unreadable = finding("RULES_UNREADABLE", "2 findings in the rules on the default branch");
const draft = finding("REQUEST_IS_DRAFT", "a draft waits, whatever its reviews say");
const refused = finding("MERGE_REFUSED", "GitHub says: no");
const met = requirement("resource owners", { filledBy: ["bob"] });
const revoked = end({
  cause: "revocation",
  requestedBy: { login: "bob", id: 1002 },
  reason: "the case is closed",
});

test("a request that waits", () => {
  expect(commentOf(judged({ requirements: [met, privacy] }))).toMatchInlineSnapshot(`
    "**Waiting for privacy (1).** Approvers: review the file, then *Approve*, or *Request changes* to deny the request and close it.

    An approval would allow \`alice\` \`read\` and \`list\` on \`azure.storage\` \`checkoutprod\`, for case \`servicenow CS-41207\`, for 4 hours (\`PT4H\`) from the merge.

    - resource owners: yes from \`bob\`
    - privacy: 1 missing, could come from \`carol\` (team \`privacy\`)

    Without a decision it lapses at 2026-11-28T09:00:00Z.

    The check \`grantbox\` on this pull request has the details."
  `);
});

test("a request with something to mend", () => {
  expect(commentOf(judged({ verdict: "invalid", findings: [over] }))).toMatchInlineSnapshot(`
    "**1 thing to mend: longer than the policies allow.** Mend it and push to this branch; it is judged again at once, and nobody is asked before that.

    - \`GRANT_DURATION_OVER_LIMIT\` at \`grants/azure.storage/cs-41207-checkout-logs.yaml:12:11\`: \`PT8H\` is longer than \`PT4H\`. **To do:** ask for \`PT4H\`

    The check \`grantbox\` on this pull request has the details."
  `);
});

test("a request that is approved", () => {
  expect(commentOf({ kind: "judged", decision: approved })).toMatchInlineSnapshot(`
    "**Approved: merging.** Nothing to do: Grantbox merges it now.

    It allows \`alice\` \`read\` and \`list\` on \`azure.storage\` \`checkoutprod\`, for case \`servicenow CS-41207\`, for 4 hours (\`PT4H\`) from the merge.

    Approved by \`bob\` (resource owners) and \`carol\` (privacy).

    The check \`grantbox\` on this pull request has the details."
  `);
});

test("a request that was denied", () => {
  expect(commentOf({ kind: "closed", record: closure(), decision: decision() })).toMatchInlineSnapshot(`
    "**Denied by \`bob\`: ask for the logs only.** This request for \`cs-41207-checkout-logs\` is closed for good and nothing is granted. Whoever still needs access opens a new pull request.

    The check \`grantbox\` on this pull request has the details."
  `);
});

test("a grant in force", () => {
  expect(commentOf({ kind: "in-force", history: history() })).toMatchInlineSnapshot(`
    "**In force from 2026-11-24T10:02:11Z until 2026-11-24T14:02:11Z.** Nothing to do: the access ends by itself at that time.

    Grant \`cs-41207-checkout-logs\` was approved by \`bob\` (resource owners) and \`carol\` (privacy).

    To end it early, any of these:

    - \`/revoke <reason>\` as a comment here, by an approver, a code owner or an administrator;
    - \`/release\` as a comment here, by the subject;
    - a pull request that removes the file, by anybody who may write to this repository."
  `);
});

test("a grant that has ended", () => {
  expect(
    commentOf({ kind: "ended", history: history({ record: revoked, on: "main" }) }),
  ).toMatchInlineSnapshot(`
    "**Ended at 2026-11-24T14:02:11Z: \`bob\` revoked it.** Whoever still needs access opens a new pull request.

    Grant \`cs-41207-checkout-logs\` gave access from 2026-11-24T10:02:11Z. The file is off the default branch. The reason given: the case is closed"
  `);
});

describe("the next step comes first", () => {
  const ended = (parts: Parameters<typeof end>[0], on: "main" | "journal" = "main"): RequestStanding => ({
    kind: "ended",
    history: history({ record: end(parts), on }),
  });
  const alice = { login: "alice", id: 1001 };
  const bob = { login: "bob", id: 1002 };
  it.each<[string, RequestStanding, RegExp]>([
    [
      "administrators",
      judged({ verdict: "invalid", findings: [unreadable] }),
      /^\*\*1 thing for an administrator.*An administrator has to mend/,
    ],
    ["unreadable", judged({ access: null }), /^\*\*Waiting for/],
    [
      "draft",
      judged({ requirements: [met], findings: [draft] }),
      /^\*\*Waiting: the pull request is a draft\.\*\* Every approval is there\.\n\n.*\n\n- Warning/,
    ],
    ["no lapse", judged({ lapsesAt: null }), /privacy: 1 missing.*\n\nThe check/],
    [
      "denied",
      judged({
        verdict: "denied",
        denials: [{ kind: "veto", by: account("bob"), review: 1, reason: "no!" }],
      }),
      /^\*\*Denied: `bob` requested changes: no!\*\* This request for `cs-/,
    ],
    [
      "denied, no file",
      judged({ verdict: "denied", file: null }),
      /^\*\*Denied\.\*\* This request is closed/,
    ],
    [
      "refused",
      judged({ ...approved, findings: [refused] }),
      /^\*\*Approved, but GitHub.*An administrator has to look/,
    ],
    [
      "nobody needed",
      judged({ verdict: "approved", requirements: [] }),
      /^\*\*Approved: merging\.\*\*(?!.*Approved by)/s,
    ],
    [
      "lapsed",
      { kind: "closed", record: closure({ event: "lapsed", closedBy: null }), decision: decision() },
      /^\*\*Lapsed: .*opens a new pull request/,
    ],
    [
      "withdrawn",
      { kind: "closed", record: closure({ event: "withdrawn", closedBy: alice }), decision: decision() },
      /^\*\*Withdrawn by `alice`\.\*\*/,
    ],
    [
      "in force without approvals",
      { kind: "in-force", history: { ...history(), activation: { ...activation, approvedBy: [] } } },
      /approved by nobody/,
    ],
    ["expiry", ended({}), /^\*\*Ended at 2026-11-24T14:02:11Z: its time was over\.\*\*(?!.*reason)/s],
    ["revocation by nobody", ended({ cause: "revocation" }), /: it was revoked\./],
    ["release", ended({ cause: "release" }), /: the subject released it\./],
    ["release by", ended({ cause: "release", requestedBy: alice }), /: `alice`, the subject, released it\./],
    ["case", ended({ cause: "case-resolved", requestedBy: bob }), /: its case was resolved\./],
    ["on the journal", ended({}, "journal"), /an owner has to merge the open removal/],
    ["an end that is not there", { kind: "ended", history: history() }, /^\*\*In force from/],
  ])("%s", (_, standing, expected) => {
    expect(commentOf(standing)).toMatch(expected);
  });
});

test("never more than 15 lines", () => {
  const many = Array.from({ length: 12 }, (_, index) => requirement(`r${index}`));
  const findings = Array.from({ length: 12 }, (_, line) => finding("YAML_SYNTAX", "x", place(line + 1)));
  const standings: readonly RequestStanding[] = [
    judged({ requirements: many }),
    judged({ requirements: [met], findings }),
    judged({ verdict: "invalid", findings }),
    { kind: "in-force", history: history() },
    { kind: "ended", history: history({ record: revoked, on: "journal" }) },
  ];
  for (const standing of standings) expect(commentOf(standing).split("\n").length).toBeLessThanOrEqual(15);
});
