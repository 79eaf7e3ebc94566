import { describe, expect, it, test } from "vitest";
import type { Discount } from "../../src/domain/approvals.ts";
import type { Decision } from "../../src/domain/decision.ts";
import { checkOf } from "../../src/output/check.ts";
import { discountWords } from "../../src/output/words.ts";
import { decision, discounted, HEAD, OLD_HEAD, owners, requirement, review } from "./decisions.ts";

const judged = (parts: Partial<Decision> = {}) => checkOf({ kind: "judged", decision: decision(parts) });
const met = requirement("resource owners", { filledBy: ["bob"] });

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
