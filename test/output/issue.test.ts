import { expect, test } from "vitest";
import { issueOf } from "../../src/output/issue.ts";
import type { Report } from "../../src/ports/forge.ts";
import { GRANT_PATH, report } from "./decisions.ts";

test("an issue about a grant file without a record", () => {
  const subject: Report = { record: report(), path: GRANT_PATH, because: "no decision record names it" };
  expect(issueOf(subject)).toMatchInlineSnapshot(`
    {
      "body": "**What to do: it is not in force; remove the file and find out who put it there.**

    \`grants/azure.storage/cs-41207-checkout-logs.yaml\`: a grant file on the default branch without a valid decision record. Why: no decision record names it.

    - Finding: \`GRANT_WITHOUT_RECORD\`
    - Commit: \`abcdef0123456789abcdef0123456789abcdef01\`
    - Grant: \`cs-41207-checkout-logs\`
    - Found at: 2026-11-24T10:02:11Z

    Grantbox has written this to the journal and will not report it again. Close the issue when it is settled.",
      "title": "GRANT_WITHOUT_RECORD: grants/azure.storage/cs-41207-checkout-logs.yaml (abcdef012345)",
    }
  `);
});

test("an issue about a finding of another version, and about no grant", () => {
  const record = report({ code: "toString", grant: null });
  const { title, body } = issueOf({ record, path: "main", because: "somebody force-pushed it" });
  expect(title).toBe("toString: main (abcdef012345)");
  expect(body).toContain("**What to do: look at the commit below.**");
  expect(body).not.toContain("Grant:");
});
