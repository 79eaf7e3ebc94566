import { expect, test } from "vitest";
import { finding } from "../../src/domain/finding.ts";
import { hours } from "../../src/domain/time.ts";
import { jsonOf } from "../../src/output/json.ts";
import { grant } from "../domain/builders.ts";
import {
  access,
  account,
  applies,
  at,
  decision,
  discounted,
  GRANT_PATH,
  place,
  policy,
  requirement,
  review,
  unfit,
} from "./decisions.ts";

test("a decision", () => {
  const at = place(4, 7, "policies/c.yaml");
  const json = jsonOf({
    file: GRANT_PATH,
    decision: decision({
      verdict: "denied",
      policies: [
        policy("a", applies),
        policy("b", unfit("when")),
        policy("c", { applies: "unknown", error: "no such key", at }),
      ],
      requirements: [requirement("security", { count: 2, filledBy: ["Bob"], candidates: ["dave"] })],
      reviews: [
        { review: review("Bob"), counts: true, fills: ["security"] },
        discounted("account-is-gone", review(null, { id: 9002 })),
      ],
      denials: [
        { kind: "rule-failed", policy: "c", error: "no such key", at },
        { kind: "veto", by: account("bob"), review: 9003, reason: "too broad" },
      ],
      findings: [finding("GRANT_DURATION_OVER_LIMIT", "`PT8H` is longer", place(12, 11), "ask for less")],
    }),
  });
  expect(json).toMatchInlineSnapshot(`
    {
      "denials": [
        {
          "by": null,
          "kind": "rule-failed",
          "message": "policy c could not be evaluated: no such key",
          "policy": "c",
        },
        {
          "by": "bob",
          "kind": "veto",
          "message": "bob requested changes: too broad",
          "policy": null,
        },
      ],
      "emergency": null,
      "escalatesAt": null,
      "extension": null,
      "file": "grants/azure.storage/cs-41207-checkout-logs.yaml",
      "findings": [
        {
          "code": "GRANT_DURATION_OVER_LIMIT",
          "column": 11,
          "file": "grants/azure.storage/cs-41207-checkout-logs.yaml",
          "hint": "ask for less",
          "line": 12,
          "message": "\`PT8H\` is longer",
          "severity": "error",
        },
      ],
      "grant": "cs-41207-checkout-logs",
      "lapsesAt": "2026-11-28T09:00:00Z",
      "opensAt": null,
      "otherWays": [],
      "policies": [
        {
          "applies": true,
          "because": null,
          "name": "a",
        },
        {
          "applies": false,
          "because": "when",
          "name": "b",
        },
        {
          "applies": null,
          "because": "no such key",
          "name": "c",
        },
      ],
      "remindsAt": [],
      "requirements": [
        {
          "candidates": [
            "dave",
          ],
          "count": 2,
          "filledBy": [
            "Bob",
          ],
          "missing": 1,
          "name": "security",
          "policies": [
            "customer-data-read",
          ],
        },
      ],
      "reviews": [
        {
          "because": null,
          "by": "Bob",
          "counts": true,
          "fills": [
            "security",
          ],
          "id": 9001,
          "state": "approved",
        },
        {
          "because": "account-is-gone",
          "by": null,
          "counts": false,
          "fills": [],
          "id": 9002,
          "state": "approved",
        },
      ],
      "verdict": "denied",
    }
  `);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
});

test("what is special about a request, and what happens while it waits", () => {
  const runsUntil = at("2026-11-24T14:02:11Z");
  const json = jsonOf({
    file: GRANT_PATH,
    decision: decision({
      remindsAt: [at("2026-11-24T11:00:00Z")],
      escalation: { at: at("2026-11-24T13:00:00Z"), to: { teams: ["security"], users: [] } },
      opensAt: at("2026-11-25T08:00:00Z"),
      otherWays: [[requirement("security", { count: 2 })]],
      access: {
        ...access({ emergency: true }),
        skipped: ["privacy"],
        reviewWithin: hours(48),
        extension: { before: grant(), begun: at("2026-11-24T10:02:11Z"), runsUntil, current: true },
      },
    }),
  });
  expect(json).toMatchObject({
    remindsAt: ["2026-11-24T11:00:00Z"],
    escalatesAt: "2026-11-24T13:00:00Z",
    lapsesAt: "2026-11-28T09:00:00Z",
    opensAt: "2026-11-25T08:00:00Z",
    otherWays: [[{ name: "security", count: 2 }]],
    emergency: { skipped: ["privacy"], reviewWithin: "P2D" },
    extension: { begun: "2026-11-24T10:02:11Z", runsUntil: "2026-11-24T14:02:11Z" },
  });
});

test("a grant that cannot be read, and a file that is no grant", () => {
  const unread = jsonOf({
    file: GRANT_PATH,
    decision: decision({ verdict: "invalid", file: null, lapsesAt: null }),
  });
  expect(unread).toMatchObject({ verdict: "invalid", grant: null, lapsesAt: null });
  expect(
    jsonOf({ file: "policies/a.yaml", findings: [finding("YAML_EMPTY", "it is empty")] }),
  ).toMatchInlineSnapshot(`
    {
      "denials": [],
      "emergency": null,
      "escalatesAt": null,
      "extension": null,
      "file": "policies/a.yaml",
      "findings": [
        {
          "code": "YAML_EMPTY",
          "column": null,
          "file": null,
          "hint": "start from the template in docs/quickstart.md",
          "line": null,
          "message": "it is empty",
          "severity": "error",
        },
      ],
      "grant": null,
      "lapsesAt": null,
      "opensAt": null,
      "otherWays": [],
      "policies": [],
      "remindsAt": [],
      "requirements": [],
      "reviews": [],
      "verdict": "invalid",
    }
  `);
  expect(jsonOf({ file: "policies/a.yaml", findings: [] }).verdict).toBe("valid");
});
