import { describe, expect, it } from "vitest";
import { differencesFrom, type Expectation, expecting } from "../../src/domain/expectation.ts";
import { hours } from "../../src/domain/time.ts";
import { approves, at, judge, policy, review } from "./builders.ts";

const opened = at("2026-11-24T09:00:00Z");
const differences = (wanted: Expectation, decision = judge({ told: { reviews: [approves("bob")] } })) =>
  differencesFrom(wanted, decision, opened);

describe("a decision is as expected", () => {
  it.each<[string, Expectation]>([
    ["by its verdict alone", expecting("approved")],
    ["by all policies that apply", expecting("approved", { policies: ["storage"] })],
    [
      "by what is filled and what is missing",
      expecting("approved", { filled: ["resource owners"], missing: [] }),
    ],
    ["by when it lapses", expecting("approved", { lapsesAfter: hours(96) })],
    ["by that nobody is reminded", expecting("approved", { remindsAfter: [], escalatesTo: [] })],
  ])("%s", (_, wanted) => {
    expect(differences(wanted)).toEqual([]);
  });
});

describe("a difference is told", () => {
  it.each<[string, Expectation, unknown]>([
    ["another verdict", expecting("pending"), [{ of: "verdict", wanted: "pending", got: "approved" }]],
    [
      "a policy that does not apply",
      expecting("approved", { policies: ["storage", "other"] }),
      [{ of: "policies", absent: ["other"], surplus: [] }],
    ],
    [
      "a policy that nobody named",
      expecting("approved", { policies: [] }),
      [{ of: "policies", absent: [], surplus: ["storage"] }],
    ],
    [
      "a finding that is not there",
      expecting("approved", { findings: ["GRANT_DURATION_OVER_LIMIT"] }),
      [{ of: "findings", absent: ["GRANT_DURATION_OVER_LIMIT"], surplus: [] }],
    ],
    [
      "another time",
      expecting("approved", { lapsesAfter: hours(1), escalatesAfter: hours(1), reviewWithin: hours(1) }),
      [
        { of: "lapsesAfter", wanted: hours(1), got: hours(96) },
        { of: "escalatesAfter", wanted: hours(1), got: null },
        { of: "reviewWithin", wanted: hours(1), got: null },
      ],
    ],
    [
      "a reminder that nobody gives",
      expecting("approved", { remindsAfter: [hours(1)] }),
      [{ of: "remindsAfter", wanted: [hours(1)], got: [] }],
    ],
    [
      "a review that counts",
      expecting("approved", { notCounted: { BOB: "is-subject" } }),
      [{ of: "notCounted", login: "BOB", wanted: "is-subject", got: "counts" }],
    ],
    [
      "a review that is not there",
      expecting("approved", { notCounted: { carol: "is-subject" } }),
      [{ of: "notCounted", login: "carol", wanted: "is-subject", got: "no-review" }],
    ],
  ])("%s", (_, wanted, told) => {
    expect(differences(wanted)).toEqual(told);
  });

  it("a finding that nobody expects, also where none are named", () => {
    const long = judge({ asked: { grant: { duration: hours(9) } } });
    expect(differences(expecting("invalid"), long)).toEqual([
      { of: "findings", absent: [], surplus: ["GRANT_DURATION_OVER_LIMIT"] },
    ]);
  });

  it("a warning only where it is named", () => {
    const draft = judge({ asked: { draft: true } });
    expect(differences(expecting("pending"), draft)).toEqual([]);
    expect(differences(expecting("pending", { findings: ["REQUEST_IS_DRAFT"] }), draft)).toEqual([]);
  });
});

describe("denials are compared one by one", () => {
  const none = { kind: "policy", policy: null, says: null, by: null } as const;
  const vetoed = judge({ told: { reviews: [review("bob", "changes-requested")] } });
  const uncovered = judge({
    under: {
      policies: [
        policy({
          match: [],
          when: { text: "", at: policy().at, evaluate: () => ({ ok: true, value: false }) },
        }),
      ],
    },
  });

  it("by who said no, however the login is written", () => {
    expect(
      differences(expecting("denied", { denials: [{ ...none, kind: "person", by: "Bob" }] }), vetoed),
    ).toEqual([]);
    expect(
      differences(expecting("denied", { denials: [{ ...none, kind: "person", by: "carol" }] }), vetoed),
    ).toMatchObject([{ of: "denials", absent: [{ by: "carol" }], surplus: [{ kind: "veto" }] }]);
  });

  it("by that no policy covers it", () => {
    expect(
      differences(expecting("denied", { denials: [{ ...none, kind: "no-policy" }] }), uncovered),
    ).toEqual([]);
    expect(differences(expecting("denied"), uncovered)).toMatchObject([{ of: "denials", absent: [] }]);
  });

  it("each used once: two that are expected are not the one that is there", () => {
    const twice = [
      { ...none, kind: "person", by: "bob" } as const,
      { ...none, kind: "person", by: "bob" } as const,
    ];
    expect(differences(expecting("denied", { denials: twice }), vetoed)).toMatchObject([
      { of: "denials", absent: [{ by: "bob" }], surplus: [] },
    ]);
  });
});
