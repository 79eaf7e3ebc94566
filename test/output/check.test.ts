import { describe, expect, it, test } from "vitest";
import type { Discount } from "../../src/domain/approvals.ts";
import type { Decision } from "../../src/domain/decision.ts";
import { type Finding, finding } from "../../src/domain/finding.ts";
import { BYTE_LIMIT, byteLength } from "../../src/output/bytes.ts";
import { checkOf } from "../../src/output/check.ts";
import { discountWords } from "../../src/output/words.ts";
import {
  account,
  applies,
  approved,
  closure,
  decision,
  discounted,
  HEAD,
  OLD_HEAD,
  owners,
  place,
  policy,
  privacy,
  requirement,
  review,
  unfit,
} from "./decisions.ts";

const judged = (parts: Partial<Decision> = {}) => checkOf({ kind: "judged", decision: decision(parts) });
const invalid = (...findings: readonly Finding[]) => judged({ verdict: "invalid", findings });
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

test("an approver can decide from the summary alone", () => {
  expect(
    judged({ reviews: [discounted("not-this-commit", review("bob", { commit: OLD_HEAD }))] }).summary,
  ).toMatchInlineSnapshot(`
    "**Waiting for resource owners (1) and privacy (1).** It asks to allow \`alice\` \`read\` and \`list\` on \`azure.storage\` \`checkoutprod\`, for case \`servicenow CS-41207\`, for 4 hours (\`PT4H\`) from the merge.

    ### What it would allow

    | Who | \`alice\` |
    | --- | --- |
    | May do | \`read\` and \`list\` |
    | On | \`azure.storage\` \`/subscriptions/s1/storageAccounts/checkoutprod\` |
    | Which is | classification \`pii\` and environment \`prod\` |
    | Scope | \`container\`: \`logs\`; \`paths\`: \`2026/11/**\` |
    | When | for 4 hours (\`PT4H\`) from the merge |
    | Case | \`servicenow\` \`CS-41207\`, severity 2, \`https://servicenow.acme.example/CS-41207\` |
    | Justification | Checkout times out for tenant 88; need the gateway logs of 23 November. |

    ### Who has to say yes

    | Requirement | Missing | Said yes | Could say yes | Asked for by |
    | --- | --- | --- | --- | --- |
    | resource owners | **1 of 1** | nobody yet | \`bob\` or \`dave\` (the code owners) | \`customer-data-read\` |
    | privacy | **1 of 1** | nobody yet | \`carol\` (team \`privacy\`) | \`customer-data-read\` |

    ### Reviews that do not count

    - \`bob\` approved at \`9999999999\`: it was given at another commit than the present head; approve again to make it count

    ### What each policy said

    - \`customer-data-read\` applies: Reading personal data takes an owner and the privacy team.
    - \`production-debugging\` does not apply: its \`resource.type\` does not fit (\`policies/other.yaml:7:3\`)

    ### What happens next

    - **Approvers:** *Approve* says yes to commit \`abcdef0123\`. With the last approval that is missing, Grantbox merges this pull request at once.
    - *Request changes*, by anybody who may approve or by an administrator, denies the request and closes it for good.
    - The access begins with the merge and ends by itself after 4 hours.
    - A push to the branch makes the approvals so far void: they are bound to the commit.
    - A request that nobody decides lapses: this one at 2026-11-28T09:00:00Z."
  `);
});

test("the text has what was judged and every policy", () => {
  expect(judged().text).toMatchInlineSnapshot(`
    "### What was judged

    - Grant file: \`grants/azure.storage/cs-41207-checkout-logs.yaml\`, blob \`5f0c000000000000000000000000000000000000\`
    - Head commit: \`abcdef0123456789abcdef0123456789abcdef01\`
    - Rules on the default branch: digest \`83ab83ab83ab83ab83ab83ab83ab83ab83ab83ab83ab83ab83ab83ab83ab83ab\`
    - Lapses at: 2026-11-28T09:00:00Z

    ### Policies

    - \`customer-data-read\` (\`policies/customer-data-read.yaml:3:1\`): Reading personal data takes an owner and the privacy team.
    - \`production-debugging\` (\`policies/production-debugging.yaml:3:1\`): Reading personal data takes an owner and the privacy team."
  `);
});

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

test("denials are told with their reasons and places, and not again as findings", () => {
  const at = place(9, 3, "policies/a.yaml");
  const denials = [
    { kind: "policy", policy: "a", message: "Nobody writes to production data.", at },
    { kind: "rule-failed", policy: "b", error: "no such key: owner", at: place(4, 7, "policies/b.yaml") },
    { kind: "veto", by: account("bob"), review: 1, reason: "too broad" },
    { kind: "command", by: account("carol"), comment: 2, reason: "" },
    { kind: "no-policy" },
  ] as const;
  const { summary } = judged({
    verdict: "denied",
    denials,
    policies: [
      policy("a", applies),
      policy("b", { applies: "unknown", error: "no such key: owner", at }),
      policy("c", applies),
    ],
    findings: [finding("POLICY_DENIES", "policy `a`: told above"), draft],
  });
  const section = (name: string) => summary.split(`### ${name}\n\n`)[1]?.split("\n\n")[0];
  expect(section("Why it is denied")).toMatchInlineSnapshot(`
    "- policy \`a\`: Nobody writes to production data. (\`policies/a.yaml:9:3\`). **To do:** read the policy's message; a different request may be allowed
    - policy \`b\` could not be evaluated: no such key: owner (\`policies/b.yaml:4:7\`). **To do:** make the expression total, for example with \`has(…)\`; until then the request is denied
    - \`bob\` requested changes: too broad. **To do:** talk to the approver, then open a new pull request
    - \`carol\` wrote \`/deny\`. **To do:** talk to the approver, then open a new pull request
    - no approver policy covers this request. **To do:** ask for what a policy covers, or ask an administrator for a policy"
  `);
  expect(section("What each policy said")).toMatchInlineSnapshot(`
    "- \`a\` **denies**: Nobody writes to production data.
    - \`b\` could not be evaluated, which denies the request: no such key: owner
    - \`c\` applies: Reading personal data takes an owner and the privacy team."
  `);
  expect(section("Findings")).toMatch(/^- Warning: `REQUEST_IS_DRAFT`.*$/);
});

test("a policy that applies and cannot evaluate its own refusal denies", () => {
  const at = place(4, 7, "policies/a.yaml");
  const { summary } = judged({
    policies: [policy("a", applies), policy("b", applies)],
    denials: [{ kind: "rule-failed", policy: "a", error: "no such key", at }],
  });
  expect(summary).toContain("- `a` **denies**: no such key\n- `b` applies: Reading personal data");
});

test.each(Object.entries(discountWords))("a review that does not count says why: %s", (because, words) => {
  const of = review("bob", { commit: because === "not-this-commit" ? OLD_HEAD : HEAD });
  const { summary } = judged({ reviews: [discounted(because as Discount, of)] });
  expect(summary).toContain(words);
});

test("reviews that do not count name who gave them, as far as is known", () => {
  const { summary } = judged({
    reviews: [
      { review: review("bob"), counts: true, fills: ["resource owners"] },
      discounted("account-is-gone", review(null, { commit: null })),
      discounted("not-an-approval", review("dave", { state: "commented" })),
      discounted("not-an-approval", review("dave", { state: "changes-requested" })),
      discounted("dismissed", review("dave", { state: "dismissed" })),
    ],
  });
  expect(summary.split("### Reviews that do not count\n\n")[1]?.split("\n\n")[0]).toMatchInlineSnapshot(`
    "- An account that is gone approved: the account no longer exists
    - \`dave\` commented at \`abcdef0123\`: it is no approval
    - \`dave\` requested changes at \`abcdef0123\`: it is no approval
    - \`dave\` reviewed at \`abcdef0123\`: it was dismissed"
  `);
});

describe("who has to say yes", () => {
  it.each([
    [met, "| resource owners | met | `bob` |  | `customer-data-read` |"],
    [
      owners,
      "| resource owners | **1 of 1** | nobody yet | `bob` or `dave` (the code owners) | `customer-data-read` |",
    ],
    [
      requirement("security", {
        count: 2,
        filledBy: ["bob"],
        candidates: [],
        teams: ["security"],
        users: ["dave"],
      }),
      "| security | **1 of 2** | `bob` | **nobody that is left** (team `security` or `dave`) | `customer-data-read` |",
    ],
    [
      requirement("code owner", { policies: [], codeowners: true }),
      "| code owner | **1 of 1** | nobody yet | `bob` (the code owners) | every grant: a code owner always says yes |",
    ],
  ])("$requirement.name", (result, row) => {
    expect(judged({ requirements: [result] }).summary).toContain(row);
  });
});

test("nothing is said of requirements that are not known", () => {
  expect(judged({ requirements: [], verdict: "invalid" }).summary).not.toContain("Who has to say yes");
});

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

describe("annotations", () => {
  it("stand where the findings do, errors first", () => {
    const warning = finding("GRANT_EMERGENCY_NOT_OFFERED", "it is marked\nas an emergency", place(20, 12));
    expect(invalid(warning, broken, over, unreadable).annotations).toMatchInlineSnapshot(`
      [
        {
          "column": 3,
          "level": "failure",
          "line": 8,
          "message": "\`resource.colour\` is no field; use a field named in docs/policy.md",
          "path": "policies/a.yaml",
          "title": "POLICY_FIELD_UNKNOWN",
        },
        {
          "column": 11,
          "level": "failure",
          "line": 12,
          "message": "\`PT8H\` is longer than \`PT4H\`; ask for \`PT4H\`",
          "path": "grants/azure.storage/cs-41207-checkout-logs.yaml",
          "title": "GRANT_DURATION_OVER_LIMIT",
        },
        {
          "column": 12,
          "level": "warning",
          "line": 20,
          "message": "it is marked as an emergency; the usual approvals apply; call the approvers",
          "path": "grants/azure.storage/cs-41207-checkout-logs.yaml",
          "title": "GRANT_EMERGENCY_NOT_OFFERED",
        },
      ]
    `);
  });

  it("are at most 50", () => {
    const findings = Array.from({ length: 70 }, (_, line) => finding("YAML_SYNTAX", "x", place(line + 1)));
    const { annotations } = invalid(...findings);
    expect(annotations).toHaveLength(50);
  });
});

test("summary and text stay within GitHub's limit, and the summary keeps what happens next", () => {
  const long = "漢`".repeat(300);
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, i) => make(i));
  const { summary, text } = judged({
    policies: many(400, (i) => ({
      ...policy(`p${i}`, i < 250 ? applies : unfit("when")),
      description: long,
    })),
    requirements: many(300, (i) => requirement(`${i} ${long}`, { policies: many(20, () => long) })),
    reviews: many(100, () => discounted("is-bot", review(long))),
    findings: many(300, () => finding("TEAM_UNREADABLE", long)),
  });
  expect(byteLength(summary)).toBeLessThanOrEqual(BYTE_LIMIT);
  expect(byteLength(text)).toBeLessThanOrEqual(BYTE_LIMIT);
  expect(summary).toContain("There is more than fits here");
  expect(summary).toContain("### What happens next");
  expect(text).toContain("There is more than fits here");
});

test("policies that do not apply are only numbered when there are many", () => {
  const idle = Array.from({ length: 20 }, (_, index) => policy(`p${index}`, unfit("when")));
  expect(judged({ policies: idle, requirements: [privacy] }).summary).toContain("\n- and 5 more");
});
