import { expect, test } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import { finding } from "../../src/domain/finding.ts";
import { BYTE_LIMIT, byteLength } from "../../src/output/bytes.ts";
import { checkOf } from "../../src/output/check.ts";
import { applies, decision, discounted, OLD_HEAD, policy, requirement, review, unfit } from "./decisions.ts";

const judged = (parts: Partial<Decision> = {}) => checkOf({ kind: "judged", decision: decision(parts) });

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
