import { describe, expect, it } from "vitest";
import { journalMessage } from "../../src/domain/message.ts";
import {
  type ActivationRecord,
  asWritten,
  caseKey,
  type DecisionRecord,
  endCauses,
  readRecords,
  trailersOf,
} from "../../src/domain/record.ts";
import { withTrailers } from "../../src/domain/trailer.ts";
import {
  activation,
  at,
  BASE,
  BLOB,
  closure,
  DIGEST,
  ending,
  HEAD,
  report,
  reviewed,
  said,
} from "./builders.ts";

const messageOf = (...records: readonly DecisionRecord[]) =>
  withTrailers("subject", "", records.flatMap(trailersOf));

const isActivation = (record: DecisionRecord): record is ActivationRecord =>
  record.event === "activated" || record.event === "extended";

const read = (lines: string) => readRecords(`subject\n\n${lines}`);
const malformed = (because: string) => ({ kind: "malformed", because });

describe("a record is the last paragraph of a commit message", () => {
  it("an activation", () => {
    expect(
      messageOf(
        activation({
          approvedBy: [
            { login: "bob", id: 1002, review: 9001, requirement: "resource owners" },
            { login: "carol", id: 1003, review: 9002, requirement: "privacy" },
          ],
          policies: ["customer-data-read", "storage-default"],
        }),
      ),
    ).toBe(`subject

Grantbox-Event: activated
Grant-Id: cs-41207-checkout-logs
Grant-Blob: ${BLOB}
Subject: alice
Actions: read, list
Resource: azure.storage shop/checkoutprod
Case: servicenow CS-41207
Request: #42
Requested-By: alice (id 1001)
Approved-By: bob (id 1002) review 9001 for "resource owners"
Approved-By: carol (id 1003) review 9002 for "privacy"
Policies: customer-data-read, storage-default
Rules: ${DIGEST}
Base: ${BASE}
Head: ${HEAD}
Valid-From: 2026-11-24T10:02:11Z
Valid-Until: 2026-11-24T14:02:11Z`);
  });

  it("an end", () => {
    expect(
      messageOf(
        ending({ cause: "revocation", requestedBy: { login: "bob", id: 1002 }, reason: "case closed" }),
      ),
    ).toBe(`subject

Grantbox-Event: ended
Grant-Id: cs-41207-checkout-logs
Grant-Blob: ${BLOB}
Ended-By: revocation
Requested-By: bob (id 1002)
Reason: case closed
Ended-At: 2026-11-24T14:02:11Z`);
  });

  it("a request that was denied", () => {
    expect(messageOf(closure())).toBe(`subject

Grantbox-Event: denied
Request: #42
Grant-Id: cs-41207-checkout-logs
Grant-Blob: ${BLOB}
Requested-By: alice (id 1001)
Head: ${HEAD}
Rules: ${DIGEST}
Closed-By: bob (id 1002)
Reason: ask for the logs only
Closed-At: 2026-11-24T10:00:00Z`);
  });

  it("a finding", () => {
    expect(messageOf(report({ grant: null }))).toBe(`subject

Grantbox-Event: finding
Finding: GRANT_WITHOUT_RECORD
Commit: dddd000000000000000000000000000000000000
Reason: it stands there without a record
Found-At: 2026-11-24T10:00:00Z`);
  });

  it.each<[string, DecisionRecord]>([
    ["an activation", activation()],
    ["an activation without approvals", activation({ approvedBy: [] })],
    ...endCauses.map((cause): [string, DecisionRecord] => [`an end by ${cause}`, ending({ cause })]),
    ["a denial", closure()],
    [
      "a lapse of a request without a readable file",
      closure({ event: "lapsed", grant: null, blob: null, rules: null, closedBy: null, reason: "" }),
    ],
    ["a withdrawal", closure({ event: "withdrawn" })],
    ["an emergency", activation({ emergency: true })],
    ["an extension", activation({ event: "extended" })],
    ["a review of an emergency", reviewed()],
    ["the state of a case", said()],
    ["a finding", report()],
    ["a finding about no grant", report({ grant: null, reason: "" })],
  ])("%s is read back as it was", (_, record) => {
    expect(readRecords(messageOf(record))).toEqual({ kind: "records", records: [record] });
  });

  it("several records in one message, in their order", () => {
    const records = [ending(), ending({ cause: "release", requestedBy: { login: "alice", id: 1001 } })];
    expect(readRecords(messageOf(...records))).toEqual({ kind: "records", records });
  });

  it("what somebody appends to the paragraph changes nothing", () => {
    expect(readRecords(`${messageOf(ending())}\nCo-authored-by: mallory <m@example.com>`)).toEqual({
      kind: "records",
      records: [ending()],
    });
  });
});

describe("no text of a record can add a trailer of its own", () => {
  const forged =
    'x"\n\nGrantbox-Event: activated\nGrant-Id: mine\r\nApproved-By: bob (id 1002) review 1 for "owners"';
  it.each<[string, DecisionRecord]>([
    ["the reason of an end", ending({ cause: "revocation", reason: forged })],
    ["the reason of a denial", closure({ reason: forged })],
    ["the reason of a finding", report({ reason: forged })],
    ["the code of a finding", report({ code: forged })],
    [
      "the name of a requirement",
      activation({ approvedBy: [{ login: "bob", id: 1, review: 2, requirement: forged }] }),
    ],
    ["a policy", activation({ policies: [forged] })],
    ["the subject", activation({ subject: forged })],
    ["an action", activation({ actions: [forged] })],
    ["the id of the resource", activation({ resource: { type: "azure.storage", id: forged } })],
    ["the case of an extension", activation({ event: "extended", case: { system: forged, id: forged } })],
    ["the case that another system spoke of", said({ case: { system: forged, id: forged } })],
    ["the requester's login", activation({ requestedBy: { login: forged, id: 1 } })],
    [
      "an approver's login",
      activation({ approvedBy: [{ login: forged, id: 1, review: 2, requirement: "owners" }] }),
    ],
  ])("%s", (_, record) => {
    const message = isActivation(record) ? messageOf(record) : journalMessage(record);
    const reading = readRecords(message);
    expect(reading).toMatchObject({ kind: "records", records: [{ event: record.event }] });
    const keys = message.split("\n").filter((line) => /^(?:Grantbox-Event|Approved-By):/.test(line));
    expect(keys).toHaveLength(isActivation(record) ? 1 + record.approvedBy.length : 1);
  });

  it("the name of a requirement stays what it is, quotation marks and all", () => {
    const requirement = 'a review 5 for "b"';
    const record = activation({ approvedBy: [{ login: "bob", id: 1, review: 2, requirement }] });
    expect(readRecords(messageOf(record))).toEqual({ kind: "records", records: [record] });
  });

  it("an account without a readable login is a ghost", () => {
    const record = closure({ requestedBy: { login: "\u{200b} ", id: 7 } });
    expect(asWritten(record).requestedBy).toEqual({ login: "ghost", id: 7 });
  });
});

describe("a message without the event has no record", () => {
  it.each([
    ["free text", "Merge pull request #42\n\nalice may read"],
    ["other trailers", "subject\n\nSigned-off-by: alice <alice@acme.example>\nGrant-Id: cs-1"],
    ["a record in the middle", `${messageOf(activation())}\n\nand more`],
    ["a record as the subject", messageOf(activation()).split("\n\n")[1] ?? ""],
    ["the event in small letters", "subject\n\ngrantbox-event: activated"],
    ["nothing", ""],
  ])("%s", (_, message) => {
    expect(readRecords(message)).toEqual({ kind: "none" });
  });
});

describe("half a record is malformed, never a record", () => {
  const whole = messageOf(activation());
  const without = (key: string) => whole.replace(new RegExp(`\n${key}: .*`), "");
  const having = (key: string, value: string) =>
    whole.replace(new RegExp(`\n${key}: .*`), `\n${key}: ${value}`);

  it.each([
    "Grant-Id",
    "Grant-Blob",
    "Request",
    "Requested-By",
    "Policies",
    "Rules",
    "Base",
    "Head",
    "Valid-From",
    "Valid-Until",
  ])("an activation without %s", (key) => {
    expect(readRecords(without(key))).toEqual(malformed(`\`${key}\` is missing`));
  });

  it.each([
    ["Grant-Id", "CS-1"],
    ["Grant-Blob", "5f0c"],
    ["Request", "42"],
    ["Request", "#0"],
    ["Requested-By", "alice"],
    ["Requested-By", "alice smith (id 1001)"],
    ["Requested-By", "alice (id 1001) and bob"],
    ["Approved-By", "bob"],
    ["Approved-By", 'bob (id 1002) review x for "owners"'],
    ["Approved-By", "bob (id 1002) review 9001 for owners"],
    ["Approved-By", 'bob smith (id 1002) review 9001 for "owners"'],
    ["Resource", "azure.storage"],
    ["Case", "CS-41207"],
    ["Emergency", "no"],
    ["Rules", "83ab"],
    ["Head", HEAD.toUpperCase()],
    ["Valid-From", "2026-11-24T10:02:11"],
    ["Valid-Until", "tomorrow"],
  ])("an activation with %s: %s", (key, value) => {
    const message = key === "Emergency" ? `${whole}\n${key}: ${value}` : having(key, value);
    expect(readRecords(message)).toEqual(malformed(`\`${key}: ${value}\` cannot be read`));
  });

  it("one with a trailer written twice", () => {
    const twice = `${whole}\nValid-Until: 2027-11-24T14:02:11Z`;
    expect(readRecords(twice)).toEqual(malformed("`Valid-Until` is written twice"));
    expect(readRecords(`${messageOf(ending())}\nReason: a\nReason: b`)).toEqual(
      malformed("`Reason` is written twice"),
    );
  });

  it.each([
    ["an unknown event", "Grantbox-Event: approved", "`Grantbox-Event: approved` is no event"],
    ["no event", "Grantbox-Event:", "`Grantbox-Event: ` is no event"],
    [
      "an end of no known cause",
      messageOf(ending()).replace("expiry", "boredom"),
      "`Ended-By: boredom` cannot be read",
    ],
    ["an end without an instant", messageOf(ending()).replace(/\nEnded-At.*/, ""), "`Ended-At` is missing"],
    [
      "a closure by nobody readable",
      messageOf(closure()).replace(/Closed-By: .*/, "Closed-By: bob"),
      "`Closed-By: bob` cannot be read",
    ],
    [
      "a case in no known state",
      messageOf(said()).replace("resolved", "closed"),
      "`Case-State: closed` cannot be read",
    ],
    [
      "a case whose seal is cut off",
      messageOf(said()).replace(/5e5e$/m, ""),
      `\`Seal: ${"5e".repeat(30)}\` cannot be read`,
    ],
    ["a finding without a code", messageOf(report()).replace(/\nFinding: .*/, ""), "`Finding` is missing"],
    ["a finding without a commit", messageOf(report()).replace(/\nCommit: .*/, ""), "`Commit` is missing"],
  ])("%s", (_, message, because) => {
    expect(message.startsWith("subject") ? readRecords(message) : read(message)).toEqual(malformed(because));
  });

  it("one bad record among several spoils the message", () => {
    const bad = messageOf(ending(), ending()).replace(/Ended-At: [^\n]*$/, "Ended-At: late");
    expect(readRecords(bad)).toEqual(malformed("`Ended-At: late` cannot be read"));
  });
});

describe("what a case is known by", () => {
  it("has no case, and no sign in front of its number", () => {
    const key = caseKey({ system: "GitHub", id: "#7a" });
    expect(caseKey({ system: "github", id: "7A" })).toBe(key);
    expect(caseKey({ system: "github", id: "7#A" })).not.toBe(key);
    expect(caseKey({ system: "jira", id: "7a" })).not.toBe(key);
    expect(caseKey({ system: "github", id: "17a" })).not.toBe(key);
  });
});

describe("texts that are too long or empty", () => {
  it("a login is cut where reading would refuse it", () => {
    const record = closure({ requestedBy: { login: "x".repeat(150), id: 1 } });
    expect(readRecords(messageOf(record))).toMatchObject({
      records: [{ requestedBy: { login: "x".repeat(100) } }],
    });
  });

  it("a reason that nobody gave is not written", () => {
    expect(trailersOf(closure({ reason: "" })).filter(([, value]) => value === "")).toEqual([]);
    expect(trailersOf(closure({ reason: "" }))).toHaveLength(
      trailersOf(closure({ reason: "no" })).length - 1,
    );
  });

  it.each(["Subject", "Actions", "Policies"])("%s without a text is missing", (key) => {
    const empty = messageOf(activation()).replace(new RegExp(`\n${key}: .*`), `\n${key}:`);
    expect(readRecords(empty)).toEqual(malformed(`\`${key}\` is missing`));
  });

  it.each(["0".repeat(63), "0".repeat(65), `x${"0".repeat(64)}`, `${"0".repeat(64)}x`])(
    "a seal is 64 hex digits, and not %s",
    (seal) => {
      const message = messageOf(said()).replace(/\nSeal: .*/, `\nSeal: ${seal}`);
      expect(readRecords(message)).toEqual(malformed(`\`Seal: ${seal}\` cannot be read`));
    },
  );
});

describe("a record as it will be read back", () => {
  it("has whole seconds and one-line texts, and names without anything else", () => {
    const by = { login: "bob", id: 1002, kind: "user" } as const;
    const record = ending({
      cause: "revocation",
      requestedBy: by,
      reason: "case\nclosed",
      endedAt: at("2026-11-24T12:00:00.9Z"),
    });
    expect(asWritten(record)).toStrictEqual(
      ending({
        cause: "revocation",
        requestedBy: { login: "bob", id: 1002 },
        reason: "case closed",
        endedAt: at("2026-11-24T12:00:00Z"),
      }),
    );
  });

  it("one that could not be read is left alone", () => {
    const record = ending({ requestedBy: { login: "bob", id: -1 } });
    expect(asWritten(record)).toBe(record);
  });
});
