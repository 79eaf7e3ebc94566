import { describe, expect, it } from "vitest";
import { sourceOf } from "../../src/domain/approver-source.ts";
import { applicabilityOf, noConditions, noLimits, noPending } from "../../src/domain/policy.ts";
import { hours, minutes } from "../../src/domain/time.ts";
import type { RequestView } from "../../src/domain/view.ts";
import { readPolicy } from "../../src/rules/policy.ts";
import { unwritten } from "../../src/rules/situation.ts";
import { loaded, policyText, ruleFiles, wrongWith } from "./rule-files.ts";

const view: RequestView = {
  requester: "alice",
  subject: "alice",
  case: { system: "servicenow", id: "CS-41207", severity: 2 },
  resource: { type: "azure.storage", id: "shop", listed: true, labels: { classification: "pii" } },
  access: { actions: ["read", "list"], scope: { container: "logs" } },
  justification: "Checkout times out.",
  duration: hours(4),
  emergency: false,
  constraints: { locations: [], networks: [], mfa: false },
};

/** The one policy that these lines make, in a file of its name. */
function policy(more: string) {
  const [only] = loaded(ruleFiles({ "policies/p.yaml": policyText("p", more) })).rules.policies;
  if (only === undefined) throw new Error("no policy");
  return only;
}

function wrong(more: string): readonly string[] {
  return wrongWith(ruleFiles({ "policies/p.yaml": policyText("p", more) }));
}

describe("a policy as its file says it", () => {
  it("has its name, what it protects, and where it stands", () => {
    const read = policy("");
    expect(read).toMatchObject({ name: "p", description: "An owner looks at it." });
    expect(read.at).toMatchObject({ file: "policies/p.yaml", line: 1, column: 1 });
  });

  it("without `match` and `when` is for every request", () => {
    expect(applicabilityOf(policy(""), view)).toEqual({ applies: true });
  });

  it.each([
    ["one value, as written alone", "match: { resource.type: azure.storage }", true],
    ["one value that is another", "match: { resource.type: azure.sql }", false],
    ["one of a list", "match: { resource.labels.classification: [phi, pii] }", true],
    ["none of a list", "match: { resource.labels.classification: [phi, pci] }", false],
    ["a number", "match: { case.severity: 2 }", true],
    ["a truth value", "match: { resource.listed: false }", false],
    ["a glob", "match: { resource.type: 'azure.*' }", true],
    ["any of the actions", "match: { access.actions: [list, delete] }", true],
    ["all of the actions, and they are", "match: { access.actions: { only: [read, list] } }", true],
    ["all of the actions, and one is not", "match: { access.actions: { only: [read] } }", false],
    ["a field of the scope", "match: { access.scope.container: logs }", true],
    ["two lines that both fit", "match: { subject: alice, case.system: servicenow }", true],
    ["two lines of which one does not fit", "match: { subject: alice, case.system: jira }", false],
    ["a condition that is true", "when: duration <= duration('4h')", true],
    ["a condition that is false", "when: duration < duration('4h')", false],
    ["a match that fits and a condition that is false", "match: { subject: alice }\nwhen: emergency", false],
  ])("matches by %s", (_, more, applies) => {
    expect(applicabilityOf(policy(more), view).applies).toBe(applies);
  });

  it("says at which line it did not match", () => {
    expect(applicabilityOf(policy("match:\n  subject: alice\n  case.system: jira\n"), view)).toMatchObject({
      because: { clause: "case.system", at: { file: "policies/p.yaml", line: 9, column: 3 } },
    });
  });

  it("bounds length and justification only where it says so", () => {
    expect(policy("").limits).toMatchObject({ maxDuration: null, minJustification: null });
    expect(policy("limits: { maxDuration: P1D }").limits).toMatchObject({
      maxDuration: hours(24),
      minJustification: null,
    });
    expect(policy("limits: { minJustification: 40 }").limits).toMatchObject({
      maxDuration: null,
      minJustification: 40,
    });
  });

  it.each([
    ["the owners of the path", "{ codeowners: true }", { codeowners: true, teams: [], users: [] }],
    ["a team", "{ teams: [privacy] }", { codeowners: false, teams: ["privacy"], users: [] }],
    ["named people", "{ users: [carol, dave] }", { codeowners: false, teams: [], users: ["carol", "dave"] }],
  ])("asks %s, and nobody whom it does not name", (_, from, source) => {
    const text = policyText("p").replace("{ codeowners: true }", from);
    const [read] = loaded(ruleFiles({ "policies/p.yaml": text })).rules.policies;
    expect(read?.require).toMatchObject([{ name: "owners", count: 1, from: source }]);
  });

  it("denies by each of its rules, with the message of that rule", () => {
    const { deny } = policy(
      "deny:\n  - { when: emergency, message: Never in a hurry. }\n  - { when: 'subject == \"alice\"', message: Not alice. }\n",
    );
    expect(deny.map(({ when, message }) => [message, when.evaluate(view)])).toEqual([
      ["Never in a hurry.", { ok: true, value: false }],
      ["Not alice.", { ok: true, value: true }],
    ]);
  });
});

describe("a policy is refused", () => {
  it("whose name is not its file's", () => {
    expect(wrongWith(ruleFiles({ "policies/q.yaml": policyText("p") }))).toEqual([
      "POLICY_NAME_MISMATCH policies/q.yaml:3:7 `p` stands in `policies/q.yaml`",
    ]);
  });

  it.each([
    [
      "whose limit has no length",
      "limits: { maxDuration: PT0S }",
      ["GRANT_DURATION_INVALID policies/p.yaml:7:24 `PT0S` is no length of time"],
    ],
    [
      "whose condition cannot be read",
      "when: requester ==",
      [expect.stringMatching(/^POLICY_EXPRESSION_INVALID policies\/p\.yaml:7:\d+ /)],
    ],
    [
      "whose condition names a field that no request has, at that name",
      "when: requestor == 'alice'",
      [
        expect.stringMatching(
          /^POLICY_EXPRESSION_INVALID policies\/p\.yaml:7:7 .*`requestor`.*did you mean `requester`/,
        ),
      ],
    ],
    [
      "whose second denial cannot be read",
      "deny:\n  - { when: emergency, message: No. }\n  - { when: '1 + ', message: No. }",
      [expect.stringMatching(/^POLICY_EXPRESSION_INVALID policies\/p\.yaml:9:\d+ /)],
    ],
    [
      "whose condition is no yes or no",
      "when: duration",
      [expect.stringMatching(/^POLICY_EXPRESSION_INVALID policies\/p\.yaml:7:7 /)],
    ],
  ])("%s", (_, more, findings) => {
    expect(wrong(more)).toEqual(findings);
  });

  it("as a whole, so that nobody judges by a part of it", () => {
    const document = {
      apiVersion: "grantbox/v1",
      kind: "ApproverPolicy",
      name: "p",
      description: "An owner looks at it.",
      require: [{ name: "owners", count: 1, from: { codeowners: true } }],
    } as const;
    const read = (file: string) => readPolicy(document, file, unwritten).policy?.name ?? null;
    expect([read("policies/p.yaml"), read("policies/q.yaml")]).toEqual(["p", null]);
  });

  it("with all that is wrong at once", () => {
    const found = wrong("limits: { maxDuration: PT0S }\nwhen: x\ndeny:\n  - { when: y, message: No. }\n");
    expect(found.map((line) => line.split(" ", 2).join(" "))).toEqual([
      "GRANT_DURATION_INVALID policies/p.yaml:7:24",
      "POLICY_EXPRESSION_INVALID policies/p.yaml:8:7",
      "POLICY_EXPRESSION_INVALID policies/p.yaml:10:13",
    ]);
  });

  it("that matches a field which a schema of one's own allows and no request has", () => {
    const files = ruleFiles({
      "policies/p.yaml": policyText(
        "p",
        "match: { resource.typ: azure.storage, colour: red, access.scopes.name: x }",
      ),
    });
    const path = "schemas/approver-policy.schema.json";
    const schema = JSON.parse(new TextDecoder().decode(files.get(path)));
    schema.properties.match = { type: "object" };
    files.set(path, new TextEncoder().encode(JSON.stringify(schema)));
    expect(wrongWith(files)).toEqual([
      "POLICY_FIELD_UNKNOWN policies/p.yaml:7:10 no request has a field `resource.typ` | did you mean `resource.type`?",
      "POLICY_FIELD_UNKNOWN policies/p.yaml:7:39 no request has a field `colour`",
      "POLICY_FIELD_UNKNOWN policies/p.yaml:7:52 no request has a field `access.scopes.name` | did you mean `access.scope.<name>`?",
    ]);
  });
});

describe("the clauses of a policy", () => {
  it("alternatives in `match`, again with alternatives", () => {
    const match =
      "match:\n  resource.listed: true\n  anyOf:\n    - { resource.type: azure.sql }\n    - { subject: alice, anyOf: [{ emergency: false }] }";
    expect(applicabilityOf(policy(match), view).applies).toBe(true);
    expect(applicabilityOf(policy(match), { ...view, emergency: true })).toEqual({
      applies: false,
      because: { clause: "anyOf", at: expect.objectContaining({ file: "policies/p.yaml", line: 9 }) },
    });
  });

  it("limits, each as a value", () => {
    const limits = `limits:
  maxDuration: PT4H
  minDuration: PT15M
  maxTotalDuration: PT12H
  minJustification: 40
  maxActivePerSubject: 2
  maxPerCase: 5
  officeHours: { timeZone: Europe/Berlin, days: [mon, fri], from: "08:30", until: "24:00" }
  regions: [west*]
  locations: [DE]
  actions: [read]
  scope: { paths: ["2026/**"] }
  narrow: true`;
    expect(policy(limits).limits).toEqual({
      maxDuration: hours(4),
      minDuration: minutes(15),
      maxTotalDuration: hours(12),
      minJustification: 40,
      maxActivePerSubject: 2,
      maxPerCase: 5,
      officeHours: { timeZone: "Europe/Berlin", days: ["mon", "fri"], from: 510, until: 1440 },
      regions: ["west*"],
      locations: ["DE"],
      actions: ["read"],
      scope: { paths: ["2026/**"] },
      narrow: true,
    });
    expect(policy("").limits).toEqual(noLimits);
  });

  it("conditions; what is not named is not asked for", () => {
    expect(policy("conditions: { mfa: true, caseOpen: false }").conditions).toEqual({
      ...noConditions,
      mfa: true,
    });
    expect(policy("").conditions).toEqual(noConditions);
  });

  it("choices among requirements, each with its place", () => {
    const text = policyText("p").replace(
      /require:[\s\S]*$/,
      `require:
  - { name: owners, count: 1, from: { codeowners: true } }
  - anyOf:
      - { name: manager, count: 1, from: { requesterManagers: true } }
      - allOf:
          - { name: role, count: 2, from: { roles: [audit], not: { users: [dave] } } }`,
    );
    const [read] = loaded(ruleFiles({ "policies/p.yaml": text })).rules.policies;
    const [, choice] = read?.require ?? [];
    expect(choice).toEqual({
      anyOf: [
        {
          name: "manager",
          count: 1,
          from: sourceOf({ requesterManagers: true }),
          at: expect.objectContaining({ file: "policies/p.yaml" }),
        },
        {
          allOf: [
            {
              name: "role",
              count: 2,
              from: sourceOf({ roles: ["audit"], not: { teams: [], users: ["dave"] } }),
              at: expect.objectContaining({ file: "policies/p.yaml" }),
            },
          ],
        },
      ],
    });
  });

  it("what happens while it waits", () => {
    const pending =
      "pending: { expiresAfter: P2D, remindAfter: [PT2H, P1D], escalateAfter: PT4H, escalateTo: { teams: [security] } }";
    expect(policy(pending).pending).toEqual({
      expiresAfter: hours(48),
      remindAfter: [hours(2), hours(24)],
      escalation: { after: hours(4), to: { teams: ["security"], users: [] } },
    });
    expect(policy("").pending).toEqual(noPending);
  });

  it("an emergency", () => {
    const emergency =
      "emergency: { count: 1, from: { teams: [oncall] }, maxDuration: PT1H, reviewWithin: P2D }";
    expect(policy(emergency).emergency).toEqual({
      count: 1,
      from: sourceOf({ teams: ["oncall"] }),
      maxDuration: hours(1),
      reviewWithin: hours(48),
      at: expect.objectContaining({ file: "policies/p.yaml", line: 7 }),
    });
    expect(policy("").emergency).toBeNull();
  });

  it("say where each of them is written, of lists each item", () => {
    const { positions } = policy(`match: { subject: alice }
when: resource.listed
limits: { narrow: true }
conditions: { mfa: true, caseOpen: true }
pending: { expiresAfter: P2D }
emergency: { count: 1, from: { teams: [oncall] }, maxDuration: PT1H, reviewWithin: P2D }
deny:
  - { when: emergency, message: No. }
  - { when: resource.listed, message: Never. }
`);
    const places = Object.entries(positions).map(([name, { line, column }]) => `${name} ${line}:${column}`);
    expect(places.sort()).toEqual([
      "conditions 10:1",
      "conditions.caseOpen 10:26",
      "conditions.mfa 10:15",
      "deny.0 14:5",
      "deny.1 15:5",
      "emergency 12:1",
      "emergency.count 12:14",
      "emergency.from 12:24",
      "emergency.maxDuration 12:51",
      "emergency.reviewWithin 12:70",
      "limits 9:1",
      "limits.narrow 9:11",
      "match 7:1",
      "match.subject 7:10",
      "pending 11:1",
      "pending.expiresAfter 11:12",
      "require.0 6:5",
      "when 8:1",
    ]);
  });

  it("are all that there is: what is left out denies nothing and stands nowhere", () => {
    const { deny, match, when, positions } = policy("# nothing more\n");
    expect({ deny, match, when }).toEqual({ deny: [], match: [], when: null });
    expect(Object.keys(positions)).toEqual(["require.0"]);
  });

  it("matches know where each line of an alternative stands", () => {
    const { match } = policy(`match:
  subject: alice
  anyOf:
    - { resource.type: azure.sql }
    - { subject: bob, anyOf: [{ emergency: { only: [false] } }] }
`);
    const at = (line: number, column: number) => expect.objectContaining({ line, column });
    expect(match).toEqual([
      { field: "subject", test: "any", values: ["alice"], at: at(8, 3) },
      {
        anyOf: [
          [{ field: "resource.type", test: "any", values: ["azure.sql"], at: at(10, 9) }],
          [
            { field: "subject", test: "any", values: ["bob"], at: at(11, 9) },
            {
              anyOf: [[{ field: "emergency", test: "only", values: [false], at: at(11, 33) }]],
              at: at(11, 23),
            },
          ],
        ],
        at: at(9, 3),
      },
    ]);
  });

  it("are read without the white space around a description, and with the place of each requirement", () => {
    const text = `apiVersion: grantbox/v1
kind: ApproverPolicy
name: p
description: "  An owner looks at it. "
require:
  - { name: owners, count: 1, from: { codeowners: true } }
  - allOf: [{ name: a, count: 1, from: { users: [a] } }, { anyOf: [{ name: b, count: 1, from: { users: [b] } }, { name: c, count: 1, from: { users: [c] } }] }]
`;
    const [read] = loaded(ruleFiles({ "policies/p.yaml": text })).rules.policies;
    expect(read?.description).toBe("An owner looks at it.");
    const of = (name: string, line: number, column: number) =>
      expect.objectContaining({ name, at: expect.objectContaining({ line, column }) });
    expect(read?.require).toEqual([
      of("owners", 6, 5),
      { allOf: [of("a", 7, 13), { anyOf: [of("b", 7, 68), of("c", 7, 113)] }] },
    ]);
  });
});

describe("a clause that the schema cannot see through is refused", () => {
  const choice = (index: number) =>
    `  - anyOf:\n      - { name: a, count: 1, from: { users: [a${index}] } }\n      - { name: b, count: 1, from: { users: [b${index}] } }\n`;
  it.each<[string, string, string]>([
    [
      "a time zone that does not exist",
      'limits: { officeHours: { timeZone: Europe/Atlantis, days: [mon], from: "08:00", until: "18:00" } }',
      "POLICY_TIME_ZONE_UNKNOWN policies/p.yaml:7:36 there is no time zone `Europe/Atlantis`",
    ],
    [
      "office hours over midnight",
      'limits: { officeHours: { timeZone: UTC, days: [mon], from: "22:00", until: "06:00" } }',
      "POLICY_OFFICE_HOURS_INVALID policies/p.yaml:7:76 `06:00` is not later than `22:00`",
    ],
    [
      "a source that only says who does not count",
      "emergency: { count: 1, from: { not: { users: [dave] } }, maxDuration: PT1H, reviewWithin: P2D }",
      "POLICY_SOURCE_EMPTY policies/p.yaml:7:30 it says whose approvals do not count, and not whose do",
    ],
    [
      "office hours of no length",
      'limits: { officeHours: { timeZone: UTC, days: [mon], from: "08:30", until: "08:30" } }',
      "POLICY_OFFICE_HOURS_INVALID policies/p.yaml:7:76 `08:30` is not later than `08:30`",
    ],
    [
      "an emergency of no length",
      "emergency: { count: 1, from: { users: [dave] }, maxDuration: PT0S, reviewWithin: PT0S }",
      "GRANT_DURATION_INVALID",
    ],
    ["a reminder at no time", "pending: { remindAfter: [PT0S] }", "GRANT_DURATION_INVALID"],
    [
      "an unknown field in an alternative",
      "match: { anyOf: [{ resource.labels.x: y }, { access.scope.z: 1 }] }\nlimits: { minDuration: PT0S }",
      "GRANT_DURATION_INVALID",
    ],
  ])("%s", (_, more, expected) => {
    expect(wrong(more)[0]).toContain(expected);
  });

  it.each<[string, readonly string[]]>([
    [
      "limits: { maxDuration: PT0S, minDuration: P0D, maxTotalDuration: PT0M }",
      ["7:24 `PT0S`", "7:43 `P0D`", "7:66 `PT0M`"],
    ],
    [
      "pending: { expiresAfter: PT0S, remindAfter: [PT1H, P0D], escalateAfter: PT0M, escalateTo: { teams: [a] } }",
      ["7:73 `PT0M`", "7:26 `PT0S`", "7:52 `P0D`"],
    ],
    [
      "emergency: { count: 1, from: { users: [dave] }, maxDuration: PT0S, reviewWithin: P0D }",
      ["7:62 `PT0S`", "7:82 `P0D`"],
    ],
  ])("each time of no length, where it stands: %s", (more, places) => {
    expect(wrong(more)).toEqual(
      places.map((place) => {
        const [at, text] = place.split(" ");
        return `GRANT_DURATION_INVALID policies/p.yaml:${at} ${text} is no length of time`;
      }),
    );
  });

  it("a source of a requirement that only says who does not count", () => {
    const text = policyText("p").replace("{ codeowners: true }", "{ not: { users: [dave] } }");
    expect(wrongWith(ruleFiles({ "policies/p.yaml": text }))).toEqual([
      "POLICY_SOURCE_EMPTY policies/p.yaml:6:37 it says whose approvals do not count, and not whose do",
    ]);
  });

  it("choices that leave more ways open than are tried", () => {
    const withChoices = (count: number) =>
      wrongWith(
        ruleFiles({
          "policies/p.yaml": policyText("p").replace(
            /require:[\s\S]*$/,
            `require:\n${Array.from({ length: count }, (_, index) => choice(index)).join("")}`,
          ),
        }),
      );
    expect(withChoices(8)).toEqual([]);
    expect(withChoices(9)).toEqual([
      "POLICY_TOO_MANY_WAYS policies/p.yaml:5:1 they leave 512 ways open, and at most 256 are tried",
    ]);
  });
});
