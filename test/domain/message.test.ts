import { describe, expect, it } from "vitest";
import {
  activationHeadline,
  activationMessage,
  endHeadline,
  endMessage,
  journalMessage,
  wholeMessage,
} from "../../src/domain/message.ts";
import { readRecords } from "../../src/domain/record.ts";
import {
  activation,
  at,
  closure,
  ending,
  grantId,
  later,
  pullNumber,
  report,
  VALID_FROM,
  view,
} from "./builders.ts";

const title = "Grant cs-41207-checkout-logs: alice may read, list azure.storage checkoutprod";

describe("the message of an activation", () => {
  it("is a sentence that people read, then the record", () => {
    const message = activationMessage(view(), activation());
    expect(message.headline).toBe(`${title} (#42)`);
    expect(message.body.split("\n\n")[0]).toBe(
      "For case servicenow CS-41207, from 2026-11-24T10:02:11Z until 2026-11-24T14:02:11Z (PT4H).",
    );
    expect(readRecords(wholeMessage(message))).toEqual({ kind: "records", records: [activation()] });
  });

  it.each([
    [
      { event: "activated", emergency: true },
      /^Emergency grant cs-41207-checkout-logs: alice may .* checkoutprod \(#42\)$/,
    ],
    [
      { event: "extended", emergency: false },
      /^Extend cs-41207-checkout-logs: alice may .* until 2026-11-24T14:02:11Z \(#42\)$/,
    ],
    [{ event: "extended", emergency: true }, /^Extend emergency grant cs-41207-checkout-logs: alice may /],
  ] as const)("of %j says so, and reads back as it was written", (parts, headline) => {
    const record = activation(parts);
    const message = activationMessage(view(), record);
    expect(message.headline).toMatch(headline);
    expect(message.body).toMatch(
      record.event === "extended"
        ? /^For case servicenow CS-41207, extended, from /
        : /^For case \S+ \S+, from /,
    );
    expect(readRecords(wholeMessage(message))).toEqual({ kind: "records", records: [record] });
  });

  it.each([
    ["the last part of the resource's id names it", "a/b/checkoutprod", "azure.storage checkoutprod"],
    ["an id without parts is the name", "checkoutprod", "azure.storage checkoutprod"],
    ["an id that ends with a slash leaves the type", "a/b/", "azure.storage"],
    ["nothing in it calls anybody", "a/@bob", "azure.storage @ bob"],
    [
      "nothing in it breaks the line",
      "a/x\n\nGrantbox-Event: ended",
      "azure.storage x Grantbox-Event: ended",
    ],
  ])("%s", (_, id, expected) => {
    const resource = { type: "azure.storage", id, listed: false, labels: {} };
    expect(activationHeadline(view({ resource }), activation())).toBe(
      `Grant cs-41207-checkout-logs: alice may read, list ${expected}`,
    );
  });

  it("is never longer than GitHub takes, and keeps the number of the pull request", () => {
    const actions = Array.from({ length: 20 }, (_, index) => `action-${index}-🔑`);
    const record = activation({ pull: pullNumber(9_999_999_999) });
    const { headline } = activationMessage(view({ access: { actions, scope: {} } }), record);
    expect(Array.from(headline).length).toBeLessThanOrEqual(250);
    expect(headline).toMatch(/… \(#9999999999\)$/);
  });
});

describe("the message of an end", () => {
  it("of one grant reverts its activation", () => {
    expect(endHeadline([`${title} (#42)`])).toBe(`Revert "${title} (#42)"`);
  });

  it("of several says how many", () => {
    expect(endHeadline(["a", "b", "c"])).toBe("Revert 3 grants");
    expect(endHeadline([])).toBe('Revert ""');
  });

  it("has a sentence and a record for each", () => {
    const other = ending({
      grant: grantId("cs-2"),
      cause: "revocation",
      requestedBy: { login: "bob", id: 1002 },
      reason: "the case\nis closed",
      endedAt: at("2026-11-24T12:00:00Z"),
    });
    const message = endMessage("Revert 2 grants", pullNumber(43), [ending(), other]);
    expect(message.headline).toBe("Revert 2 grants (#43)");
    expect(message.body.split("\n\n")[0]).toBe(
      [
        "Grant cs-41207-checkout-logs ended at 2026-11-24T14:02:11Z, expiry",
        "Grant cs-2 ended at 2026-11-24T12:00:00Z, revocation by bob: the case is closed",
      ].join("\n"),
    );
    expect(readRecords(wholeMessage(message))).toEqual({
      kind: "records",
      records: [ending(), { ...other, reason: "the case is closed" }],
    });
  });

  it("whose title somebody chose forges nothing, also when there is nothing to record", () => {
    const forged = `Remove\n\nGrantbox-Event: ended\nGrant-Id: cs-1 ${"x".repeat(300)}`;
    const message = endMessage(forged, pullNumber(43), []);
    expect(readRecords(wholeMessage(message))).toEqual({ kind: "none" });
    expect(message.headline).toMatch(/^Remove Grantbox-Event: ended Grant-Id: cs-1 x+… \(#43\)$/);
    expect(message.headline.length).toBeLessThanOrEqual(250);
  });
});

describe("a headline", () => {
  it.each([
    ["of 230 characters stays whole", 230, "x".repeat(230)],
    ["of one more is cut", 231, `${"x".repeat(229)}…`],
  ])("%s", (_, length, expected) => {
    expect(endMessage("x".repeat(length), pullNumber(43), []).headline).toBe(`${expected} (#43)`);
  });
});

describe("the message of a commit on the journal", () => {
  it("has nothing but its headline and the record", () => {
    expect(journalMessage(closure()).split("\n\n")).toHaveLength(2);
  });

  it.each([
    [closure(), "Request cs-41207-checkout-logs of alice denied (#42)"],
    [closure({ event: "lapsed" }), "Request cs-41207-checkout-logs of alice lapsed (#42)"],
    [
      closure({ event: "withdrawn", grant: null, blob: null }),
      "Request without a readable grant of alice withdrawn (#42)",
    ],
    [report(), "Finding GRANT_WITHOUT_RECORD about cs-41207-checkout-logs at dddd00000000"],
    [report({ grant: null }), "Finding GRANT_WITHOUT_RECORD at dddd00000000"],
    [
      ending({ endedAt: later(VALID_FROM, "PT1H") }),
      "Grant cs-41207-checkout-logs ended, its file is still on the default branch",
    ],
  ])("%# says what happened and carries the record", (record, headline) => {
    const message = journalMessage(record);
    expect(message.split("\n")[0]).toBe(headline);
    expect(readRecords(message)).toEqual({ kind: "records", records: [record] });
  });
});
