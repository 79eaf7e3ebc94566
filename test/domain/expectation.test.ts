import { describe, expect, it } from "vitest";
import { applying, differencesFrom, type Expectation, expecting } from "../../src/domain/expectation.ts";
import { noPending } from "../../src/domain/policy.ts";
import { hours } from "../../src/domain/time.ts";
import { approves, at, comment, condition, failing, fieldMatch, judge, policy, review } from "./builders.ts";

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

  it("one that is absent and one that nobody named, of one list", () => {
    const pending = judge();
    expect(differences(expecting("pending", { filled: ["privacy"], missing: ["privacy"] }), pending)).toEqual(
      [
        { of: "filled", absent: ["privacy"], surplus: [] },
        { of: "missing", absent: ["privacy"], surplus: ["resource owners"] },
      ],
    );
  });

  it("a policy that does not apply is not among those that do", () => {
    const elsewhere = policy({ name: "elsewhere", match: [fieldMatch("resource.type", ["azure.sql"])] });
    const decision = judge({ under: { policies: [policy(), elsewhere] } });
    expect(applying(decision)).toEqual(["storage"]);
  });

  it("reminders are compared in order, however the test lists them", () => {
    const pending = { ...noPending, remindAfter: [hours(2), hours(9)] };
    const decision = judge({ under: { policies: [policy({ pending })] } });
    expect(differences(expecting("pending", { remindsAfter: [hours(9), hours(2)] }), decision)).toEqual([]);
    expect(differences(expecting("pending", { remindsAfter: [hours(2)] }), decision)).toHaveLength(1);
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

  it("and each is of its own kind", () => {
    const person = { ...none, kind: "person", by: "bob" } as const;
    const noPolicy = { ...none, kind: "no-policy" } as const;
    const ofPolicy = { ...none, policy: "storage" } as const;
    const refused = judge({
      under: { policies: [policy({ deny: [{ when: condition(true), message: "no" }] })] },
    });
    const broken = judge({ under: { policies: [policy({ deny: [{ when: failing(), message: "no" }] })] } });
    const isThere = (wanted: Expectation["denials"][number], decision: typeof refused) =>
      differences(expecting(decision.verdict, { denials: [wanted] }), decision).length === 0;
    const all = [person, noPolicy, { ...person, policy: "storage" }, { ...noPolicy, policy: "storage" }];
    for (const wanted of all) {
      expect(isThere(wanted, refused), "by a policy").toBe(false);
      expect(isThere(wanted, broken), "by a policy that failed").toBe(false);
    }
    for (const wanted of [noPolicy, { ...noPolicy, by: "bob" }, { ...ofPolicy, by: "bob" }])
      expect(isThere(wanted, vetoed), "by a person").toBe(false);
    for (const wanted of [person, ofPolicy]) expect(isThere(wanted, uncovered), "by none").toBe(false);
    expect([
      isThere(ofPolicy, refused),
      isThere(ofPolicy, broken),
      isThere(person, vetoed),
      isThere(noPolicy, uncovered),
    ]).toEqual([true, true, true, true]);
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

  const about = { ...none, kind: "policy", policy: "storage" } as const;
  const forbidden = judge({
    under: { policies: [policy({ deny: [{ when: condition(true), message: "never of production" }] })] },
  });
  const broken = judge({
    under: { policies: [policy({ deny: [{ when: failing("no such field"), message: "never" }] })] },
  });
  const commanded = judge({ told: { comments: [comment("bob", "/deny ask for less")] } });

  it.each([
    ["by the policy that denies", forbidden, about, true],
    ["by a part of what the policy says", forbidden, { ...about, says: "production" }, true],
    ["not by what the policy does not say", forbidden, { ...about, says: "staging" }, false],
    ["not by another policy", forbidden, { ...about, policy: "other" }, false],
    [
      "not by a person where a policy denies",
      forbidden,
      { ...none, kind: "person", by: "bob" } as const,
      false,
    ],
    ["by the policy whose expression failed", broken, about, true],
    ["by a part of why it failed", broken, { ...about, says: "such field" }, true],
    ["not by another reason", broken, { ...about, says: "too long" }, false],
    ["not by another policy's failure", broken, { ...about, policy: "other" }, false],
    [
      "not by a person where an expression failed",
      broken,
      { ...none, kind: "person", by: "bob" } as const,
      false,
    ],
    ["by who wrote a command", commanded, { ...none, kind: "person", by: "bob" } as const, true],
    ["not by a policy where a person said no", commanded, about, false],
    ["not by nobody in particular", commanded, { ...none, kind: "person" } as const, false],
  ])("%s", (_, decision, denial, isExpected) => {
    const told = differences(expecting("denied", { denials: [denial] }), decision);
    expect(told.map(({ of }) => of)).toEqual(isExpected ? [] : ["denials"]);
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

describe("why a review does not count", () => {
  const own = judge({ told: { reviews: [approves("alice")] } });

  it("is as expected, or told", () => {
    expect(differences(expecting("pending", { notCounted: { alice: "is-requester" } }), own)).toEqual([]);
    expect(differences(expecting("pending", { notCounted: { alice: "is-bot" } }), own)).toEqual([
      { of: "notCounted", login: "alice", wanted: "is-bot", got: "is-requester" },
    ]);
  });

  it("is asked of a login, and a ghost has none", () => {
    const ghost = judge({ told: { reviews: [review(null, "approved")] } });
    expect(differences(expecting("pending", { notCounted: { alice: "is-bot" } }), ghost)).toMatchObject([
      { of: "notCounted", got: "no-review" },
    ]);
  });
});

describe("whom a request escalates to", () => {
  const escalation = { after: hours(8), to: { teams: ["security"], users: ["grace"] } };
  const escalating = judge({
    under: { policies: [policy({ pending: { ...noPending, escalation } })] },
  });

  it("and when is as expected, in any order and spelling", () => {
    const wanted = expecting("pending", { escalatesAfter: hours(8), escalatesTo: ["Grace", "security"] });
    expect(differences(wanted, escalating)).toEqual([]);
  });

  it("and when is told where it is not", () => {
    const wanted = expecting("pending", { escalatesAfter: hours(9), escalatesTo: ["security"] });
    expect(differences(wanted, escalating)).toEqual([
      { of: "escalatesAfter", wanted: hours(9), got: hours(8) },
      { of: "escalatesTo", absent: [], surplus: ["grace"] },
    ]);
  });
});
