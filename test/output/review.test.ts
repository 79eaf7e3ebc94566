import { describe, expect, it, test } from "vitest";
import { reviewIssueOf } from "../../src/output/review.ts";
import { sayingText } from "../../src/output/saying.ts";
import { activation, at, history } from "./decisions.ts";
import { hostile, livingParts } from "./inert.ts";

const running = { ...history(), activation: { ...activation, emergency: true } };
const due = at("2026-11-26T10:02:11Z");
const to = { teams: ["administrators"], users: ["bob"] };

test("the issue says what was allowed, by whom, what is to be looked at, and who cannot close it", () => {
  expect(reviewIssueOf({ history: running, due, to }, "acme")).toMatchInlineSnapshot(`
    {
      "body": "@acme/administrators and @bob: **please review this by 2026-11-26T10:02:11Z, and close this issue when you have.**

    In an emergency \`alice\` was allowed \`read\` and \`list\` on \`azure.storage\` \`shop/checkoutprod\`, with fewer approvals than usual. The request with all its reasons is #42.

    - Asked for by \`alice\`, for case \`servicenow CS-41207\`
    - Approved by \`bob\` and \`carol\`
    - From 2026-11-24T10:02:11Z until 2026-11-24T14:02:11Z, unless it was ended or extended since

    Was it an emergency? Was the access used for this case and nothing else? Say in a comment what you found.

    Whoever had the access or asked for it cannot close this for themselves: then it is opened again. Until somebody else has, \`alice\` gets no other emergency access. Leave this text as it is: by it Grantbox finds the issue again.",
      "title": "Review of emergency grant cs-41207-checkout-logs",
    }
  `);
});

test("the word on the pull request is loud, and says where and until when", () => {
  expect(
    sayingText({ kind: "emergency", history: running, issue: 43, due, to }, "acme"),
  ).toMatchInlineSnapshot(
    `"@acme/administrators and @bob: **EMERGENCY ACCESS WAS GIVEN, with fewer approvals than usual:** to \`alice\`, from 2026-11-24T10:02:11Z until 2026-11-24T14:02:11Z. Somebody who neither had it nor asked for it has to review it by 2026-11-26T10:02:11Z, in #43. To end it now, comment \`/revoke <reason>\` here."`,
  );
});

test("an overdue review says since when", () => {
  expect(sayingText({ kind: "review-overdue", due, to }, "acme")).toMatchInlineSnapshot(
    `"@acme/administrators and @bob: **this review was due at 2026-11-26T10:02:11Z, and nobody has closed the issue yet.**"`,
  );
});

describe("an issue that is opened again says why", () => {
  it.each([
    [
      "is-subject",
      "alice",
      "**Opened again:** `alice` closed it, and whoever had the access cannot review it. Somebody else has to.",
    ],
    [
      "is-requester",
      "erin",
      "**Opened again:** `erin` closed it, and whoever asked for the access cannot review it. Somebody else has to.",
    ],
    [
      "is-bot",
      "x[bot]",
      "**Opened again:** `x[bot]` closed it, and no bot or app can review it. Somebody else has to.",
    ],
    ["account-is-gone", null, "**Opened again:** it is not known who closed it. Somebody else has to."],
  ] as const)("%s", (because, by, words) => {
    expect(sayingText({ kind: "review-refused", closedAt: due, by, because }, "acme")).toBe(words);
  });
});

it.each(hostile)("whatever a record holds, it is shown and nothing more: %s", (_, text) => {
  const record = {
    ...activation,
    subject: text,
    actions: [text],
    resource: { type: text, id: text },
    case: { system: text, id: text },
    requestedBy: { login: text, id: 1 },
    approvedBy: [{ login: text, id: 2, review: 1, requirement: text }],
  };
  const nobody = { teams: [], users: [] };
  const { body } = reviewIssueOf({ history: { ...running, activation: record }, due, to: nobody }, "acme");
  expect(livingParts(body.replace("#42", ""))).toEqual([]);
});
