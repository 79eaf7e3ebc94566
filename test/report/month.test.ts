import { describe, expect, it } from "vitest";
import { minutes } from "../../src/domain/time.ts";
import { spread } from "../../src/report/month.ts";
import {
  activation,
  at,
  closure,
  ending,
  grantId,
  lasting,
  report,
  reviewed,
  VALID_FROM,
  VALID_UNTIL,
} from "../domain/builders.ts";
import { decided, figuresOf, fullMonth, historyOf, told } from "./period.ts";

describe("a spread", () => {
  it("is a value that occurred, and counts what is not known", () => {
    const lengths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(minutes);
    expect(spread([...lengths, null])).toEqual({
      known: 10,
      unknown: 1,
      median: minutes(5),
      p90: minutes(9),
    });
  });

  it("of nothing is nothing, not zero", () => {
    expect(spread([null])).toEqual({ known: 0, unknown: 1, median: null, p90: null });
  });
});

describe("the figures of a month", () => {
  it("count requests by outcome", () => {
    const requests = [
      decided(activation()),
      decided(activation({ event: "extended" })),
      decided(closure()),
      decided(closure({ event: "lapsed" })),
      decided(closure({ event: "withdrawn" })),
      decided(closure()),
    ];
    expect(figuresOf({ requests }).outcomes).toEqual({
      activated: 1,
      extended: 1,
      denied: 2,
      lapsed: 1,
      withdrawn: 1,
    });
  });

  it("measure from the opening that the facts name to the first review and to activation", () => {
    const { toFirstReview, toActivation } = figuresOf({
      requests: [decided(activation(), { opened: 600, reviewedAfter: 300 })],
    });
    expect(toFirstReview.median).toBe(minutes(5));
    expect(toActivation.median).toBe(minutes(10));
  });

  it("do not guess where no facts were kept", () => {
    const requests = [decided(activation(), { more: { facts: null, classification: null, teams: [] } })];
    const figures = figuresOf({ requests });
    expect(figures.toFirstReview).toEqual({ known: 0, unknown: 1, median: null, p90: null });
    expect(figures.rubberStamps).toEqual([]);
    expect([figures.byClassification, figures.byTeam].map(([one]) => one?.name)).toEqual([
      "unknown",
      "unknown",
    ]);
  });

  it("say how long access was asked for and used, by type, classification, team and case", () => {
    const record = activation();
    const end = ending({ cause: "release", endedAt: at("2026-11-24T11:02:11Z") });
    const figures = figuresOf({ requests: [decided(record)], histories: historyOf(record, end) });
    const share = { grants: 1, asked: lasting("PT4H"), used: lasting("PT1H") };
    expect(figures.byResourceType).toEqual([{ name: "azure.storage", ...share }]);
    expect(figures.byClassification).toEqual([{ name: "pii", ...share }]);
    expect(figures.byTeam).toEqual([{ name: "support", ...share }]);
    expect(figures.byCase).toEqual([{ name: "servicenow CS-41207", ...share }]);
  });

  it("name who approved a long request in under a minute, and nobody who took one", () => {
    const approvedBy = [{ login: "bob", id: 1002, review: 9001, requirement: "resource owners" }];
    const at59 = figuresOf({ requests: [decided(activation({ approvedBy }), { reviewedAfter: 59 })] });
    expect(at59.rubberStamps).toMatchObject([
      { login: "bob", grant: "cs-41207-checkout-logs", after: 59_000 },
    ]);
    expect(at59.approvers).toEqual([{ login: "bob", approvals: 1, atOnce: 1 }]);
    expect(
      figuresOf({ requests: [decided(activation({ approvedBy }), { reviewedAfter: 60 })] }).rubberStamps,
    ).toEqual([]);
    const short = activation({ approvedBy, validUntil: at("2026-11-24T14:02:10Z") });
    expect(figuresOf({ requests: [decided(short, { reviewedAfter: 5 })] }).rubberStamps).toEqual([]);
  });

  it("count one person once for each grant, under whatever case of the login", () => {
    const by = (login: string, review: number) => ({ login, id: 1002, review, requirement: "x" });
    const requests = [
      decided(activation({ approvedBy: [by("bob", 1), by("carol", 2)] })),
      decided(activation({ grant: grantId("cs-2"), approvedBy: [by("Bob", 3)] })),
    ];
    expect(figuresOf({ requests }).approvers.map(({ login, approvals }) => [login, approvals])).toEqual([
      ["bob", 2],
      ["carol", 1],
    ]);
  });

  it("say of each emergency who reviewed it", () => {
    const requests = [decided(activation({ emergency: true }))];
    expect(figuresOf({ requests }).emergencies).toMatchObject([{ review: null }]);
    const events = [told(reviewed())];
    expect(figuresOf({ requests, events }).emergencies).toMatchObject([{ review: { by: "grace" } }]);
  });

  it.each([
    [
      "ends early by its record",
      ending({ cause: "revocation", endedAt: at("2026-11-24T12:00:00Z") }),
      "2026-11-25T00:00:00Z",
      "2026-11-24T12:00:00Z",
      "revocation",
    ],
    [
      "never lasts longer than it was given, however late its end is recorded",
      ending({ cause: "revocation", endedAt: at("2026-11-24T18:00:00Z") }),
      "2026-11-25T00:00:00Z",
      "2026-11-24T14:02:11Z",
      "revocation",
    ],
    [
      "ends with its time where no end is recorded",
      null,
      "2026-11-25T00:00:00Z",
      "2026-11-24T14:02:11Z",
      "no record",
    ],
    ["runs", null, "2026-11-24T12:00:00Z", null, null],
  ])("a grant %s", (_, end, now, actual, cause) => {
    const { ends } = figuresOf({ histories: historyOf(activation(), end) }, at(now));
    expect(ends).toMatchObject([
      { from: VALID_FROM, planned: VALID_UNTIL, actual: actual === null ? null : at(actual), cause },
    ]);
  });

  it("leave out a grant that was over before the month, and one that began after it", () => {
    const old = activation({ validFrom: at("2026-10-01T00:00:00Z"), validUntil: at("2026-10-01T04:00:00Z") });
    const next = activation({
      validFrom: at("2026-12-01T00:00:00Z"),
      validUntil: at("2026-12-01T04:00:00Z"),
    });
    expect([old, next].flatMap((record) => figuresOf({ histories: historyOf(record) }).ends)).toEqual([]);
  });

  it("list what the app found past the process, and changes of the rules", () => {
    expect(figuresOf({ events: [told(report())] }).outOfBand).toMatchObject([
      { code: "GRANT_WITHOUT_RECORD" },
    ]);
    expect(fullMonth("x").rulesChanged).toHaveLength(1);
  });
});
