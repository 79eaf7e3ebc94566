import { describe, expect, it } from "vitest";
import { clausesOf } from "../../src/domain/clause.ts";
import { coverageOf, percentOf } from "../../src/domain/coverage.ts";
import { decide } from "../../src/domain/decision.ts";
import { expecting } from "../../src/domain/expectation.ts";
import { explain } from "../../src/domain/explanation.ts";
import { finding } from "../../src/domain/finding.ts";
import type { ApproverPolicy } from "../../src/domain/policy.ts";
import { runTests } from "../../src/domain/policy-test.ts";
import { hours } from "../../src/domain/time.ts";
import {
  approves,
  at,
  condition,
  facts,
  failing,
  fieldMatch,
  lasting,
  NOW,
  owners,
  place,
  policy,
  privacy,
  request,
  requirement,
  rules,
} from "./builders.ts";

const line = (number: number) => place(number, 3, "policies/all.yaml");
const securityWay = { ...requirement("two of security", { teams: ["security"] }, 2), at: line(21) };
const privacyWay = { ...privacy, at: line(20) };

/** A policy with a clause of every kind. */
const all: ApproverPolicy = policy({
  name: "all",
  match: [
    fieldMatch("resource.type", ["azure.storage"]),
    { anyOf: [[fieldMatch("case.severity", [1, 2])], [fieldMatch("emergency", [true])]], at: line(4) },
  ],
  when: condition((view) => view.requester !== "erin"),
  limits: {
    ...policy().limits,
    maxDuration: hours(4),
    minJustification: 10,
    maxActivePerSubject: 1,
    actions: ["read", "list"],
  },
  conditions: { mfa: true, signedCommits: false, caseOpen: true },
  require: [{ ...owners, at: line(19) }, { anyOf: [privacyWay, { allOf: [securityWay] }] }],
  deny: [{ when: condition((view) => view.access.actions.includes("delete")), message: "never" }],
  pending: { expiresAfter: hours(48), remindAfter: [hours(2)], escalation: null },
  emergency: {
    count: 1,
    from: { ...owners.from, codeowners: false, teams: ["security"] },
    maxDuration: hours(1),
    reviewWithin: hours(24),
    at: line(30),
  },
  positions: Object.fromEntries(
    [
      "limits.maxDuration",
      "limits.minJustification",
      "limits.maxActivePerSubject",
      "limits.actions",
      "pending.expiresAfter",
      "pending.remindAfter",
    ].map((name, index) => [name, line(10 + index)]),
  ),
});
const under = rules({ policies: [all] });

/** The outcome of each clause, by name. */
function outcomes(asked: Parameters<typeof request>[0], told: Parameters<typeof facts>[0] = {}, of = under) {
  const [explained] = explain(request(asked), of, facts(told), NOW).policies;
  return Object.fromEntries((explained?.clauses ?? []).map(({ clause, outcome }) => [clause.name, outcome]));
}

it("a policy has a clause for everything that it says, in its order", () => {
  expect(clausesOf(all).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "match match.resource.type",
    "match match.anyOf.0",
    "match match.anyOf.0.case.severity",
    "match match.anyOf.1",
    "match match.anyOf.1.emergency",
    "when when",
    "limit limits.maxDuration",
    "limit limits.minJustification",
    "limit limits.maxActivePerSubject",
    "limit limits.actions",
    "condition conditions.mfa",
    "condition conditions.caseOpen",
    "requirement require.0",
    "way require.1.anyOf.0",
    "requirement require.1.anyOf.0",
    "way require.1.anyOf.1",
    "requirement require.1.anyOf.1.allOf.0",
    "deny deny.0",
    "time pending.expiresAfter",
    "time pending.remindAfter",
    "requirement emergency",
    "limit emergency.maxDuration",
    "time emergency.reviewWithin",
  ]);
});

describe("of each clause it is said by itself what came of it", () => {
  it.each<
    [string, Parameters<typeof request>[0], Parameters<typeof facts>[0], Readonly<Record<string, string>>]
  >([
    [
      "nothing stands against it",
      {},
      {},
      {
        "limits.maxDuration": "kept",
        "limits.actions": "kept",
        "conditions.mfa": "met",
        "deny.0": "silent",
        "require.0": "missing",
        "match.anyOf.0": "matched",
        "match.anyOf.1": "unmatched",
      },
    ],
    [
      "too long",
      { grant: { duration: hours(5) } },
      {},
      { "limits.maxDuration": "broken", "limits.minJustification": "kept" },
    ],
    [
      "too few words",
      { grant: { justification: "logs" } },
      {},
      { "limits.minJustification": "broken", "limits.maxDuration": "kept" },
    ],
    [
      "denied, and not allowed either",
      { grant: { access: { actions: ["delete"] } } },
      {},
      { "deny.0": "fired", "limits.actions": "broken" },
    ],
    [
      "without a second factor",
      {},
      { secondFactor: { read: true, without: ["alice"] } },
      { "conditions.mfa": "unmet", "conditions.caseOpen": "met" },
    ],
    [
      "of a case that is over",
      {},
      { case: { read: true, state: "resolved" } },
      { "conditions.mfa": "met", "conditions.caseOpen": "unmet" },
    ],
    [
      "one way taken",
      {},
      { reviews: [approves("bob"), approves("carol", { id: 9002 })] },
      { "require.0": "filled", "require.1.anyOf.0": "filled" },
    ],
    [
      "an emergency",
      { grant: { emergency: true, duration: hours(1) } },
      { reviews: [approves("dave")] },
      { emergency: "filled", "emergency.maxDuration": "kept", "match.anyOf.1": "matched" },
    ],
    [
      "an emergency that is too long",
      { grant: { emergency: true, duration: hours(2) } },
      {},
      { emergency: "missing", "emergency.maxDuration": "broken", "limits.maxDuration": "kept" },
    ],
  ])("%s", (_, asked, told, wanted) => {
    expect(outcomes(asked, told)).toMatchObject(wanted);
  });

  const results = (
    asked: Parameters<typeof request>[0],
    told: Parameters<typeof facts>[0] = {},
    of = under,
  ) => explain(request(asked), of, facts(told), NOW).policies.flatMap(({ clauses }) => clauses ?? []);

  it("what came of it has its findings, its people or its error beside it", () => {
    const of = (name: string, all: ReturnType<typeof results>) =>
      all.find(({ clause }) => clause.name === name && clause.kind !== "way");
    const long = of("limits.maxDuration", results({ grant: { duration: hours(5) } }));
    expect(long?.findings.map(({ code }) => code)).toEqual(["GRANT_DURATION_OVER_LIMIT"]);
    const without = { secondFactor: { read: true, without: ["alice"] } } as const;
    expect(of("conditions.mfa", results({}, without))?.findings.map(({ code }) => code)).toEqual([
      "SUBJECT_WITHOUT_MFA",
    ]);
    expect(of("require.0", results({}))?.result).toMatchObject({ missing: 1 });
    const failed = rules({
      policies: [policy({ deny: [{ when: failing("no such field"), message: "no" }] })],
    });
    expect(of("deny.0", results({}, {}, failed))?.error).toBe("no such field");
  });

  it("a way is taken where the decision takes it, and what another way asks for is told as well", () => {
    const ways = (...by: readonly string[]) => {
      const reviews = by.map((login, index) => approves(login, { id: 9001 + index }));
      const all = results(
        {},
        { reviews, teams: { ...facts().teams, security: { read: true, members: ["dave", "heidi"] } } },
      );
      return [
        all.flatMap(({ clause, outcome }) => (clause.kind === "way" ? [outcome] : [])),
        all.flatMap(({ clause, outcome }) =>
          clause.kind === "requirement" && clause.requirement.name === "two of security" ? [outcome] : [],
        ),
      ];
    };
    expect(ways()).toEqual([["not taken", "not taken"], ["missing"]]);
    expect(ways("bob", "carol")[0]).toEqual(["taken", "not taken"]);
    expect(ways("bob", "dave", "heidi")).toEqual([["not taken", "taken"], ["filled"]]);
    expect(ways("bob", "dave")[0]).toEqual(["not taken", "not taken"]);
  });

  it("a way with a choice inside is taken whichever is chosen", () => {
    const users = (login: string, number: number) => ({
      ...requirement(login, { users: [login] }),
      at: line(number),
    });
    const choice = { anyOf: [users("grace", 22), users("dave", 23)] };
    const nested = rules({
      policies: [policy({ require: [owners, { anyOf: [{ allOf: [privacyWay, choice] }, securityWay] }] })],
    });
    const reviews = ["bob", "carol", "dave"].map((login, index) => approves(login, { id: 9001 + index }));
    const ways = results({}, { reviews }, nested).flatMap(({ clause, outcome }) =>
      clause.kind === "way" ? [`${clause.name} ${outcome}`] : [],
    );
    expect(ways).toEqual([
      "require.1.anyOf.0 taken",
      "require.1.anyOf.0.allOf.1.anyOf.0 not taken",
      "require.1.anyOf.0.allOf.1.anyOf.1 taken",
      "require.1.anyOf.1 not taken",
    ]);
  });

  it("an alternative is matched where all of it is", () => {
    const alternative = [fieldMatch("resource.type", ["azure.storage"]), fieldMatch("emergency", [true])];
    const one = rules({ policies: [policy({ match: [{ anyOf: [alternative], at: line(4) }] })] });
    expect(outcomes({}, {}, one)).toMatchObject({ "match.anyOf.0": "unmatched" });
    expect(outcomes({ grant: { emergency: true } }, {}, one)).toMatchObject({ "match.anyOf.0": "matched" });
  });

  it("an emergency asks for nothing else", () => {
    expect(outcomes({ grant: { emergency: true } })).not.toHaveProperty("require.0");
    expect(outcomes({})).not.toHaveProperty("emergency");
    expect(Object.keys(outcomes({}))).not.toContain("emergency.maxDuration");
  });

  it("the limit of grants at a time says why, and the debt of an emergency is not its word", () => {
    const other = {
      id: request().content.kind === "grant" ? "cs-1" : "",
      subject: "alice",
      case: { system: "jira", id: "X-1" },
      emergency: true,
      reviewed: false,
      runsUntil: at("2026-11-24T12:00:00Z"),
    };
    const told = { grants: [other] } as unknown as Parameters<typeof facts>[0];
    expect(outcomes({}, told)).toMatchObject({ "limits.maxActivePerSubject": "broken" });
    const emergency = { grant: { emergency: true, duration: lasting("PT30M") } };
    expect(outcomes(emergency, told)).toMatchObject({
      "limits.maxDuration": "kept",
      "emergency.maxDuration": "kept",
    });
  });

  it("an expression that has no value is said to have failed", () => {
    const broken = rules({
      policies: [
        policy({ deny: [{ when: failing(), message: "never" }] }),
        policy({ name: "other", when: failing() }),
      ],
    });
    expect(outcomes({}, {}, broken)).toMatchObject({ "deny.0": "failed" });
  });

  it("of a policy that does not apply only why not", () => {
    expect(outcomes({ grant: { resource: { type: "azure.sql", id: "x" } } })).toEqual({
      "match.resource.type": "unmatched",
      "match.anyOf.0": "matched",
      "match.anyOf.0.case.severity": "matched",
      "match.anyOf.1": "unmatched",
      "match.anyOf.1.emergency": "unmatched",
      when: "true",
    });
  });
});

it("the decision is the one that decide gives", () => {
  expect(explain(request(), under, facts(), NOW).decision).toEqual(decide(request(), under, facts(), NOW));
});

describe("coverage", () => {
  const testOf = (...expectations: readonly Parameters<typeof expecting>[]) => [
    {
      name: "example",
      file: "policies/tests/example.yaml",
      cases: expectations.map((expectation, index) => ({
        name: String(index),
        at: place(1),
        request: request(),
        facts: facts(),
        now: NOW,
        expect: expecting(...expectation),
        expectedAt: place(2),
      })),
    },
  ];
  const coverage = (...expectations: readonly Parameters<typeof expecting>[]) =>
    coverageOf([all], runTests(testOf(...expectations), under));

  it("counts a time only where a test names it", () => {
    const unseen = (covered: ReturnType<typeof coverage>) =>
      covered.policies.flatMap(({ clauses }) =>
        clauses.filter(({ unseen: left }) => left.length > 0).map(({ clause }) => clause.name),
      );
    expect(unseen(coverage(["pending"]))).toContain("pending.expiresAfter");
    const named = unseen(coverage(["pending", { lapsesAfter: hours(48), remindsAfter: [] }]));
    expect(named).not.toContain("pending.expiresAfter");
    expect(named).not.toContain("pending.remindAfter");
    expect(named).toContain("emergency.reviewWithin");
  });

  it("counts each time by itself", () => {
    const unseen = (covered: ReturnType<typeof coverage>) =>
      covered.policies.flatMap(({ clauses }) =>
        clauses.filter(({ unseen: left }) => left.length > 0).map(({ clause }) => clause.name),
      );
    const lapses = unseen(coverage(["pending", { lapsesAfter: hours(48) }]));
    expect([lapses.includes("pending.expiresAfter"), lapses.includes("pending.remindAfter")]).toEqual([
      false,
      true,
    ]);
    const reminds = unseen(coverage(["pending", { remindsAfter: [] }]));
    expect([reminds.includes("pending.expiresAfter"), reminds.includes("pending.remindAfter")]).toEqual([
      true,
      false,
    ]);
  });

  it("sums up what was seen of every clause", () => {
    const { seen, all, policies } = coverage(["pending"]);
    const clauses = policies.flatMap((one) => one.clauses);
    expect(seen).toBe(clauses.flatMap((one) => one.seen).length);
    expect(all - seen).toBe(clauses.flatMap((one) => one.unseen).length);
    expect(seen).toBeGreaterThan(0);
  });

  it("adds cases up, and is whole only when all of it is", () => {
    const one = coverage(["pending"]);
    expect(coverage(["pending"], ["pending"])).toEqual(one);
    expect(one.seen).toBeLessThan(one.all);
    expect(percentOf({ seen: 199, all: 200 })).toBe(99);
    expect(percentOf({ seen: 0, all: 0 })).toBe(100);
  });

  it.each<[string, Parameters<typeof expecting>[1]]>([
    ["pending.escalateAfter", { escalatesAfter: hours(8) }],
    ["pending.escalateTo", { escalatesTo: ["security"] }],
    ["emergency.reviewWithin", { reviewWithin: hours(24) }],
  ])("counts %s where a test says what it is", (name, parts) => {
    const escalating = policy({
      ...all,
      positions: { "pending.escalateAfter": line(20), "pending.escalateTo": line(21) },
    });
    const escalates = rules({ policies: [escalating] });
    const seen = (...expectation: Parameters<typeof expecting>) =>
      coverageOf([escalating], runTests(testOf(expectation), escalates)).policies.flatMap(({ clauses }) =>
        clauses.filter(({ seen: happened }) => happened.length > 0).map(({ clause }) => clause.name),
      );
    expect(seen("pending", parts)).toContain(name);
    expect(seen("pending")).not.toContain(name);
  });

  it("of a policy that does not apply has no time, though a test names one", () => {
    const elsewhere = policy({ ...all, match: [fieldMatch("resource.type", ["aws.s3"])] });
    const results = runTests(
      testOf(["denied", { lapsesAfter: hours(48) }]),
      rules({ policies: [elsewhere] }),
    );
    const [covered] = coverageOf([elsewhere], results).policies;
    expect(covered?.clauses.filter(({ clause, seen }) => clause.kind === "time" && seen.length > 0)).toEqual(
      [],
    );
  });

  it("of a policy of other rules than the tests ran under is nothing", () => {
    expect(coverageOf([policy({ ...all })], runTests(testOf(["pending"]), under))).toMatchObject({ seen: 0 });
  });

  it("of rules without tests is nothing", () => {
    expect(coverageOf([all], [])).toMatchObject({ seen: 0 });
  });
});

it("a request that could not be read has no policies to explain, and says why", () => {
  const refused = finding("YAML_SYNTAX", "a quote is missing");
  const about = request({ content: { kind: "refused", findings: [refused] } });
  const { decision, policies } = explain(about, under, facts(), NOW);
  expect(policies).toEqual([]);
  expect(decision.findings).toContainEqual(refused);
});
