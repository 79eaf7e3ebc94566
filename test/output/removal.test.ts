import { expect, test } from "vitest";
import { refusalComment, removalBody } from "../../src/output/removal.ts";
import { activation, end, grantId, history, pullNumber } from "./decisions.ts";

const other = grantId("cs-41300-orders");
const bob = { login: "bob", id: 1002 };

test("the pull request that ends one grant", () => {
  expect(removalBody({ histories: [history()], records: [end()] })).toMatchInlineSnapshot(`
    "Nothing to do here: Grantbox merges this pull request by itself. It takes a grant that has ended off the default branch.

    - \`cs-41207-checkout-logs\` (asked for in #42): ended at 2026-11-24T14:02:11Z, because its time was over

    The access ended at the time named, whether or not this pull request is merged. Only if GitHub refuses the merge does somebody have to act: a comment here will say so."
  `);
});

test("the pull request that ends several", () => {
  const second = { ...history(), activation: { ...activation, grant: other, pull: pullNumber(43) } };
  const body = removalBody({
    histories: [history(), second],
    records: [end(), end({ grant: other, cause: "revocation", requestedBy: bob, reason: "ask @carol" })],
  });
  expect(body).toContain("It takes grants that have ended off the default branch.");
  expect(body).toContain(
    "- `cs-41300-orders` (asked for in #43): ended at 2026-11-24T14:02:11Z, because `bob` revoked it: ask `@carol`",
  );
});

test("a sweep that ends very many stays within what GitHub takes", () => {
  const records = Array.from({ length: 300 }, () => end({ cause: "revocation", reason: "a`b ".repeat(150) }));
  const body = removalBody({ histories: [], records });
  expect(body.length).toBeLessThan(65_536);
  expect(body).toMatch(/^Nothing to do here/);
  expect(body).toContain("- `cs-41207-checkout-logs`: ended");
});

test("a refusal says what it means and who has to act", () => {
  expect(
    refusalComment("At least 1 approving review is required by @acme/storage-owners"),
  ).toMatchInlineSnapshot(`
    "**A code owner has to merge this pull request: GitHub refused the merge by Grantbox.**

    GitHub says: At least 1 approving review is required by \`@acme/storage-owners\`

    The grants it names count as ended all the same: the end is on the journal, and the files give no access although they are still on the default branch.

    So that this does not happen again, an administrator gives the app a bypass in the ruleset of the default branch; \`docs/operating.md\` says how."
  `);
});
