import { describe, expect, it } from "vitest";
import { decide } from "../../src/domain/decision.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { type FindingCode, finding } from "../../src/domain/finding.ts";
import { noConditions, noLimits } from "../../src/domain/policy.ts";
import {
  compare,
  decidedAt,
  givesNewAccess,
  isDifferent,
  isGranted,
  outcomeOf,
  type Past,
} from "../../src/domain/replay.ts";
import type { RuleSet } from "../../src/domain/rule-set.ts";
import { hours } from "../../src/domain/time.ts";
import {
  activation,
  closure,
  condition,
  facts,
  fieldMatch,
  from,
  NOW,
  oidOf,
  owners,
  place,
  policy,
  privacy,
  pullNumber,
  request,
  review,
  rules,
} from "./builders.ts";

const past: Past = { kind: "granted", grant: null, pull: pullNumber(42), at: NOW, commit: oidOf("1") };
const approved = facts({ reviews: [review("bob", "approved")] });
const nobodySpoke = facts({ reviews: [] });
const two = rules({ policies: [policy({ require: [owners, privacy] })] });
const denying = rules({ policies: [policy({ deny: [{ when: condition(true), message: "never" }] })] });
const asksMfa = rules({ policies: [policy({ conditions: { ...noConditions, mfa: true } })] });
const other = rules({
  policies: [policy({ require: [owners, { ...privacy, from: { ...privacy.from, teams: ["dpo"] } }] })],
});
const lapsing = rules({ settings: { ...rules().settings, pendingExpiresAfter: hours(1) } });
const unread = { read: false, because: "it was not asked for" } as const;

function under(old: RuleSet, now: RuleSet, known: Facts = approved) {
  const judged = { request: request(), facts: known, now: NOW };
  const actions = { before: [], after: [] };
  return compare(past, [judged, judged], [old, now], actions);
}

describe("a request of the past under new rules", () => {
  it.each([
    ["passes as before", rules(), rules(), approved, "passes", "passes", []],
    ["waits where more approvals are asked for", rules(), two, approved, "passes", "waits", []],
    ["is refused by a denial", rules(), denying, approved, "passes", "refused", []],
    [
      "is refused where no policy covers it any more",
      rules(),
      rules({ policies: [] }),
      approved,
      "passes",
      "refused",
      [],
    ],
    ["would have lapsed", rules(), lapsing, approved, "passes", "lapses", []],
    ["passes where it was refused", denying, rules(), approved, "refused", "passes", ["passes"]],
    [
      "comes to its approvers where it was refused",
      denying,
      rules(),
      nobodySpoke,
      "refused",
      "waits",
      ["passes"],
    ],
    [
      "passes with the approvals that were not enough",
      two,
      rules(),
      approved,
      "waits",
      "passes",
      ["passes", "approvals"],
    ],
    ["needs fewer approvals", two, rules(), nobodySpoke, "waits", "waits", ["approvals"]],
    [
      "cannot be judged without a fact that was not recorded",
      rules(),
      asksMfa,
      { ...approved, secondFactor: unread },
      "passes",
      "unknown",
      [],
    ],
    [
      "cannot be judged without a team that was not read",
      denying,
      other,
      approved,
      "refused",
      "unknown",
      ["passes"],
    ],
    [
      "is refused for certain, whatever is not known",
      asksMfa,
      denying,
      { ...approved, secondFactor: unread },
      "unknown",
      "refused",
      [],
    ],
  ] as const)("%s", (_, old, now, known, before, after, less) => {
    const comparison = under(old, now, known);
    expect([comparison.before.kind, comparison.after.kind]).toEqual([before, after]);
    expect(comparison.less.map(({ kind }) => kind)).toEqual(less);
    expect(isDifferent(comparison)).toBe(before !== after || less.length > 0);
    expect(givesNewAccess({ differences: [comparison] })).toBe(less.length > 0);
  });

  it("is not compared in what it needs where its file could not be read", () => {
    const unreadable = { kind: "refused", findings: [finding("YAML_SYNTAX", "a quote is missing")] } as const;
    const judged = { request: request({ content: unreadable }), facts: approved, now: NOW };
    const readable = { ...judged, request: request() };
    const actions = { before: [], after: [] };
    const { before, after, less } = compare(past, [judged, judged], [rules(), rules()], actions);
    expect([before.kind, after.kind, less]).toEqual(["refused", "refused", []]);
    expect(compare(past, [judged, readable], [rules(), rules()], actions).less).toEqual([
      { kind: "passes", surely: true },
    ]);
    expect(compare(past, [readable, judged], [rules(), rules()], actions).less).toEqual([]);
  });

  it("needs nothing less where the new rules refuse it, whatever they would ask for", () => {
    const refusing = rules({
      policies: [policy({ deny: [{ when: condition(true), message: "never" }], require: [owners] })],
    });
    expect(
      under(
        two,
        refusing,
        facts({ reviews: [review("bob", "approved"), review("carol", "approved", { id: 9002 })] }),
      ).less,
    ).toEqual([]);
  });

  it("needs no less by a policy that was never about it", () => {
    const elsewhere = policy({
      name: "elsewhere",
      match: [fieldMatch("resource.type", ["azure.sql"])],
      require: [owners, privacy],
    });
    expect(under(rules({ policies: [policy(), elsewhere] }), rules()).less).toEqual([]);
  });

  it("in an emergency, needs less where the clause for that asks for less", () => {
    const offering = (count: number) =>
      rules({
        policies: [
          policy({
            emergency: {
              count,
              from: from({ teams: ["privacy"] }),
              maxDuration: hours(4),
              reviewWithin: hours(24),
              at: place(1),
            },
          }),
        ],
      });
    const judged = { request: request({ grant: { emergency: true } }), facts: nobodySpoke, now: NOW };
    const actions = { before: [], after: [] };
    const less = (old: RuleSet, now: RuleSet) =>
      compare(past, [judged, judged], [old, now], actions).less.map(({ kind }) => kind);
    expect(less(offering(2), offering(1))).toEqual(["approvals"]);
    expect(less(offering(1), offering(2))).toEqual([]);
    expect(under(offering(2), offering(1)).less).toEqual([]);
  });

  it("says whether it would surely pass, or might", () => {
    expect(under(denying, rules()).less[0]).toEqual({ kind: "passes", surely: true });
    expect(under(denying, other).less[0]).toEqual({ kind: "passes", surely: false });
  });

  it("is not refused by what a team that cannot be listed might allow", () => {
    const settings = {
      ...rules().settings,
      eligibility: [{ teams: ["support"], users: [], resourceTypes: null, onBehalf: false }],
    };
    const decision = decide(request(), rules({ settings }), approved, NOW);
    expect(decision.verdict).toBe("invalid");
    expect(outcomeOf(decision, NOW).kind).toBe("unknown");
  });

  it.each<[string, readonly FindingCode[], string]>([
    ["only something that is not known", ["MFA_UNKNOWN"], "unknown"],
    ["a warning is nothing that is not known", ["REQUIREMENT_UNFILLABLE"], "waits"],
    [
      "what may come of a team that is not known, beside another doubt",
      ["MFA_UNKNOWN", "TEAM_UNREADABLE", "REQUESTER_NOT_ELIGIBLE"],
      "unknown",
    ],
    ["the same where every team is known", ["MFA_UNKNOWN", "REQUESTER_NOT_ELIGIBLE"], "refused"],
    ["what no team could change", ["TEAM_UNREADABLE", "GRANT_DURATION_OVER_LIMIT"], "refused"],
  ])("with findings: %s", (_, found, kind) => {
    const decision = decide(request(), rules(), nobodySpoke, NOW);
    const findings = found.map((code) => finding(code, "so it is"));
    expect(outcomeOf({ ...decision, findings }, NOW).kind).toBe(kind);
  });

  it("is refused by a denial, also where no finding says so", () => {
    const decision = decide(request(), denying, nobodySpoke, NOW);
    expect(outcomeOf({ ...decision, findings: [] }, NOW).kind).toBe("refused");
  });

  it("one difference that gives access is enough", () => {
    const [same, more] = [under(rules(), two), under(denying, rules())];
    expect(givesNewAccess({ differences: [same, more] })).toBe(true);
    expect(givesNewAccess({ differences: [same] })).toBe(false);
  });

  it("names what stands against it", () => {
    const { after } = under(
      rules(),
      rules({ policies: [policy({ limits: { ...noLimits, maxDuration: hours(1) } })] }),
    );
    expect(after).toMatchObject({ kind: "refused", because: [{ code: "GRANT_DURATION_OVER_LIMIT" }] });
  });
});

describe("a request of the past", () => {
  it.each([
    ["was decided when its access began", activation(), activation().validFrom, true],
    ["was decided when it was extended", activation({ event: "extended" }), activation().validFrom, true],
    ["was decided when it was closed", closure({ at: NOW }), NOW, false],
  ])("%s", (_, record, instant, granted) => {
    expect(decidedAt({ record, commit: null, extended: null })).toBe(instant);
    expect(isGranted(record)).toBe(granted);
  });
});
