import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import { type Finding, finding } from "../../src/domain/finding.ts";
import { checkOf } from "../../src/output/check.ts";
import { decision, place } from "./decisions.ts";

const judged = (parts: Partial<Decision> = {}) => checkOf({ kind: "judged", decision: decision(parts) });
const invalid = (...findings: readonly Finding[]) => judged({ verdict: "invalid", findings });
const over = finding(
  "GRANT_DURATION_OVER_LIMIT",
  "`PT8H` is longer than `PT4H`",
  place(12, 11),
  "ask for `PT4H`",
);
const unreadable = finding("RULES_UNREADABLE", "2 findings in the rules on the default branch");
const broken = finding(
  "POLICY_FIELD_UNKNOWN",
  "`resource.colour` is no field",
  place(8, 3, "policies/a.yaml"),
);

describe("annotations", () => {
  it("stand where the findings do, errors first", () => {
    const warning = finding("GRANT_EMERGENCY_NOT_OFFERED", "it is marked\nas an emergency", place(20, 12));
    expect(invalid(warning, broken, over, unreadable).annotations).toMatchInlineSnapshot(`
      [
        {
          "column": 12,
          "level": "failure",
          "line": 20,
          "message": "it is marked as an emergency; remove \`emergency: true\`; the usual approvals apply, so call the approvers",
          "path": "grants/azure.storage/cs-41207-checkout-logs.yaml",
          "title": "GRANT_EMERGENCY_NOT_OFFERED",
        },
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
      ]
    `);
  });

  it("are at most 50", () => {
    const findings = Array.from({ length: 70 }, (_, line) => finding("YAML_SYNTAX", "x", place(line + 1)));
    const { annotations } = invalid(...findings);
    expect(annotations).toHaveLength(50);
  });
});
