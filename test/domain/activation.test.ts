import { describe, expect, it } from "vitest";
import { activationOf } from "../../src/domain/activation.ts";
import { inForce } from "../../src/domain/lifecycle.ts";
import { wholeMessage } from "../../src/domain/message.ts";
import { readRecords } from "../../src/domain/record.ts";
import { instantOf } from "../../src/domain/time.ts";
import {
  activation,
  approved,
  approves,
  at,
  condition,
  content,
  DIGEST,
  fieldMatch,
  file,
  grant,
  judge,
  later,
  NOW,
  owners,
  policy,
  privacy,
  VALID_FROM,
} from "./builders.ts";

const yes = { reviews: [approves("bob")] };

describe("the record of an activation", () => {
  it("says who asked, who approved as what, under which rules, from when to when", () => {
    expect(activationOf(approved(), VALID_FROM)?.record).toEqual(activation());
  });

  it("is what its message is read back as", () => {
    const made = activationOf(approved(), instantOf(VALID_FROM + 789));
    expect(made && readRecords(wholeMessage(made.message))).toEqual({
      kind: "records",
      records: [activation()],
    });
  });

  it("of an extension is one while the access lasts, and none from its end on, however it was judged before", () => {
    const extension = { before: grant(), begun: NOW, runsUntil: later(NOW, "PT1H"), current: true };
    const decision = judge({ asked: { content: { ...content(), extension } }, told: yes });
    expect(decision.verdict).toBe("approved");
    expect(activationOf(decision, instantOf(later(NOW, "PT1H") - 1))?.record.event).toBe("extended");
    expect(activationOf(decision, later(NOW, "PT1H"))).toBeNull();
    const { access } = decision;
    if (access === null) throw new TypeError("the decision has no access");
    const over = { ...decision, access: { ...access, extension: { ...extension, runsUntil: null } } };
    expect(activationOf(over, NOW)).toBeNull();
  });

  it("names each approval with the requirement that it filled, and each policy that applied", () => {
    const sql = policy({ name: "sql", match: [fieldMatch("resource.type", ["azure.sql"])] });
    const off = policy({ name: "off", when: condition(false) });
    const decision = judge({
      under: { policies: [policy({ require: [owners, privacy] }), sql, off] },
      told: { reviews: [approves("bob"), approves("carol", { id: 9002 })] },
    });
    expect(activationOf(decision, NOW)?.record).toMatchObject({
      policies: ["storage"],
      approvedBy: [
        { login: "bob", id: 1002, review: 9001, requirement: "resource owners" },
        { login: "carol", id: 1003, review: 9002, requirement: "privacy" },
      ],
    });
  });

  it.each([
    ["starts at the merge", null, "2026-11-24T10:02:11.900Z", "2026-11-24T10:02:11Z"],
    [
      "starts at `notBefore`, when that is later",
      "2026-11-24T12:00:00Z",
      "2026-11-24T10:02:11Z",
      "2026-11-24T12:00:00Z",
    ],
    [
      "never before a `notBefore` between two seconds",
      "2026-11-24T12:00:00.5Z",
      "2026-11-24T10:02:11Z",
      "2026-11-24T12:00:01Z",
    ],
    [
      "at the merge, when `notBefore` is over",
      "2026-11-24T09:00:00Z",
      "2026-11-24T10:02:11Z",
      "2026-11-24T10:02:11Z",
    ],
  ])("%s", (_, notBefore, now, from) => {
    const decision = judge({
      asked: { grant: { notBefore: notBefore === null ? null : at(notBefore) } },
      told: yes,
    });
    const record = activationOf(decision, at(now))?.record;
    expect(record).toMatchObject({ validFrom: at(from), validUntil: later(at(from), "PT4H") });
  });

  it("gives access for exactly as long as was asked", () => {
    const record = activationOf(approved(), VALID_FROM)?.record;
    if (record === undefined) throw new TypeError("it was approved");
    expect(inForce(file, record, VALID_FROM)).toBe(true);
    expect(inForce(file, record, later(VALID_FROM, "PT4H"))).toBe(false);
    expect(record.rules).toBe(DIGEST);
  });
});

describe("nothing else can be written as an activation", () => {
  it.each([
    ["a pending decision", judge()],
    ["a denied one", judge({ under: { policies: [] }, told: yes })],
    ["an invalid one", judge({ asked: { fork: true }, told: yes })],
    ["one without a file", { ...approved(), file: null }],
    ["one without a grant that could be read", { ...approved(), access: null }],
    ["one without rules", { ...approved(), rules: null }],
  ])("%s", (_, decision) => {
    expect(activationOf(decision, NOW)).toBeNull();
  });
});
