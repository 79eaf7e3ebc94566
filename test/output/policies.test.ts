import { expect, test } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import { finding } from "../../src/domain/finding.ts";
import { checkOf } from "../../src/output/check.ts";
import { account, applies, decision, place, policy, privacy, unfit } from "./decisions.ts";

const judged = (parts: Partial<Decision> = {}) => checkOf({ kind: "judged", decision: decision(parts) });
const draft = finding("REQUEST_IS_DRAFT", "a draft waits, whatever its reviews say");

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

test("policies that do not apply are only numbered when there are many", () => {
  const idle = Array.from({ length: 20 }, (_, index) => policy(`p${index}`, unfit("when")));
  expect(judged({ policies: idle, requirements: [privacy] }).summary).toContain("\n- and 5 more");
});
