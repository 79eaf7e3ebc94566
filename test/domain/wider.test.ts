import { describe, expect, it } from "vitest";
import type { Grant } from "../../src/domain/grant.ts";
import { type ApproverPolicy, noConditions, noLimits } from "../../src/domain/policy.ts";
import type { RuleSet } from "../../src/domain/rule-set.ts";
import { hours } from "../../src/domain/time.ts";
import { type More, widerThan } from "../../src/domain/wider.ts";
import {
  condition,
  content,
  facts,
  lasting,
  NOW,
  policy,
  request,
  requirement,
  review,
  rules,
} from "./builders.ts";

interface Case {
  readonly before: RuleSet;
  readonly after: RuleSet;
  readonly grant?: Partial<Grant>;
  readonly actions?: { readonly before: readonly string[]; readonly after: readonly string[] };
}

const storage = ["list", "read", "write", "delete"];

function wider({
  before,
  after,
  grant = {},
  actions = { before: storage, after: storage },
}: Case): readonly More[] {
  const judged = { request: request({ grant }), facts: facts(), now: NOW };
  return widerThan(judged, content(grant), { before, after, actions });
}

const withPolicy = (parts: Partial<ApproverPolicy>, settings: Partial<RuleSet["settings"]> = {}) =>
  rules({ policies: [policy(parts)], settings: { ...rules().settings, ...settings } });
const limited = (limits: Partial<ApproverPolicy["limits"]>) =>
  withPolicy({ limits: { ...noLimits, ...limits } });
const plain = withPolicy({});
const at = policy().at;
const emergency = {
  count: 1,
  from: requirement("x", { codeowners: true }).from,
  maxDuration: hours(1),
  reviewWithin: hours(24),
  at,
};

describe("what new rules give beyond a request, that the old would refuse", () => {
  const scoped = { access: { actions: ["read"], scope: { container: "logs", paths: ["2026/11/**"] } } };
  const cases: readonly (readonly [string, Case, readonly More[]])[] = [
    [
      "nothing where they are the same",
      { before: limited({ maxDuration: hours(4) }), after: limited({ maxDuration: hours(4) }) },
      [],
    ],
    [
      "nothing where they are tighter",
      { before: plain, after: limited({ maxDuration: hours(4), narrow: true }) },
      [],
    ],
    [
      "longer access, by a policy",
      { before: limited({ maxDuration: hours(4) }), after: limited({ maxDuration: hours(5) }) },
      [{ kind: "longer", duration: lasting("PT4H1S") }],
    ],
    [
      "longer access, by the settings",
      { before: plain, after: withPolicy({}, { maxDuration: hours(9) }) },
      [{ kind: "longer", duration: lasting("PT8H1S") }],
    ],
    [
      "longer access in all, with extensions",
      { before: limited({ maxTotalDuration: hours(6) }), after: limited({ maxTotalDuration: hours(7) }) },
      [{ kind: "longer-in-all", duration: lasting("PT6H1S") }],
    ],
    [
      "another action",
      {
        before: limited({ actions: ["list", "read"] }),
        after: limited({ actions: ["list", "read", "write"] }),
      },
      [{ kind: "action", action: "write" }],
    ],
    [
      "an action that the type did not have",
      { before: plain, after: plain, actions: { before: storage, after: [...storage, "sign"] } },
      [{ kind: "action", action: "sign" }],
    ],
    [
      "an action that a denial is no longer about",
      {
        before: withPolicy({
          deny: [{ when: condition(({ access }) => access.actions.includes("write")), message: "no" }],
        }),
        after: plain,
      },
      [{ kind: "action", action: "write" }],
    ],
    [
      "a wider scope",
      {
        before: limited({ scope: { paths: ["2026/11/**"] } }),
        after: limited({ scope: { paths: ["2026/**"] } }),
        grant: scoped,
      },
      [{ kind: "scope", field: "paths", value: "2026/**" }],
    ],
    [
      "no scope at all",
      { before: limited({ scope: { paths: ["2026/11/**"] } }), after: plain, grant: scoped },
      [{ kind: "scope", field: "paths", value: null }],
    ],
    [
      "an open scope",
      { before: limited({ narrow: true }), after: plain, grant: scoped },
      [
        { kind: "scope", field: "container", value: "**" },
        { kind: "scope", field: "paths", value: "**" },
      ],
    ],
    [
      "another country",
      {
        before: limited({ locations: ["DE"] }),
        after: limited({ locations: ["DE", "US"] }),
        grant: { constraints: { locations: ["DE"] } },
      },
      [{ kind: "location", country: "US" }],
    ],
    [
      "any country",
      { before: limited({ locations: ["DE"] }), after: plain, grant: { constraints: { locations: ["DE"] } } },
      [{ kind: "location", country: null }],
    ],
    [
      "fewer words",
      { before: limited({ minJustification: 60 }), after: limited({ minJustification: 20 }) },
      [{ kind: "justification", characters: 59 }],
    ],
    [
      "a case that is less severe",
      {
        before: withPolicy({
          deny: [{ when: condition((view) => (view.case.severity ?? 9) > 2), message: "no" }],
        }),
        after: withPolicy({
          deny: [{ when: condition((view) => (view.case.severity ?? 9) > 3), message: "no" }],
        }),
      },
      [{ kind: "severity", severity: 3 }],
    ],
    [
      "more grants of one subject, and for one case",
      {
        before: limited({ maxActivePerSubject: 2, maxPerCase: 3 }),
        after: limited({ maxActivePerSubject: 3 }),
      },
      [
        { kind: "grants-of-subject", count: 2 },
        { kind: "grants-of-case", count: 3 },
      ],
    ],
    [
      "an emergency",
      { before: plain, after: withPolicy({ emergency }), grant: { duration: hours(1) } },
      [{ kind: "emergency" }],
    ],
    [
      "no conditions any more",
      {
        before: withPolicy({ conditions: { mfa: true, signedCommits: true, caseOpen: true } }),
        after: withPolicy({ conditions: noConditions }),
      },
      [{ kind: "without-second-factor" }, { kind: "unsigned" }, { kind: "case-resolved" }],
    ],
    [
      "any hour of the day",
      {
        before: limited({
          officeHours: { timeZone: "UTC", days: ["mon", "tue", "wed"], from: 480, until: 1080 },
        }),
        after: plain,
      },
      [{ kind: "outside-office-hours" }],
    ],
    [
      "a switch that may be turned off",
      {
        before: withPolicy({
          deny: [{ when: condition(({ access }) => access.scope.redacted !== true), message: "no" }],
        }),
        after: withPolicy({
          deny: [{ when: condition(({ access }) => access.scope.redacted === undefined), message: "no" }],
        }),
        grant: { access: { actions: ["read"], scope: { redacted: true } } },
      },
      [{ kind: "scope", field: "redacted", value: "false" }],
    ],
    [
      "no emergency where it is one",
      {
        before: withPolicy({ emergency: { ...emergency, maxDuration: hours(1) } }),
        after: withPolicy({ emergency: { ...emergency, maxDuration: hours(2) } }),
        grant: { emergency: true, duration: hours(1) },
      },
      [{ kind: "longer", duration: lasting("PT1H1S") }],
    ],
    [
      "use from any network, and without a second factor",
      {
        before: withPolicy({
          deny: [
            {
              when: condition(({ constraints }) => constraints.networks.length === 0 || !constraints.mfa),
              message: "no",
            },
          ],
        }),
        after: plain,
        grant: { constraints: { networks: ["10.0.0.0/8"], mfa: true } },
      },
      [{ kind: "no-networks" }, { kind: "no-mfa-constraint" }],
    ],
    [
      "a scope that may be left out, of several fields",
      {
        before: withPolicy({
          deny: [{ when: condition(({ access }) => access.scope.paths === undefined), message: "no" }],
        }),
        after: plain,
        grant: scoped,
      },
      [{ kind: "scope", field: "paths", value: null }],
    ],
    [
      "one more value of a list, kept as a list",
      {
        before: withPolicy({
          deny: [
            {
              when: condition(({ access }) => JSON.stringify(access.scope.paths) === '["**"]'),
              message: "no",
            },
          ],
        }),
        after: plain,
        grant: scoped,
      },
      [{ kind: "scope", field: "paths", value: "**" }],
    ],
    [
      "a value that is no list, kept as it is",
      {
        before: withPolicy({
          deny: [{ when: condition(({ access }) => access.scope.container === "**"), message: "no" }],
        }),
        after: plain,
        grant: scoped,
      },
      [{ kind: "scope", field: "container", value: "**" }],
    ],
    [
      "a place that no policy names",
      {
        before: withPolicy({
          deny: [
            { when: condition(({ constraints }) => constraints.locations.includes("ZZ")), message: "no" },
          ],
        }),
        after: plain,
        grant: { constraints: { locations: ["DE"] } },
      },
      [{ kind: "location", country: "ZZ" }],
    ],
    [
      "a case without a severity, which keeps its name",
      {
        before: withPolicy({
          deny: [
            {
              when: condition((view) => view.case.severity === undefined && view.case.id === "CS-41207"),
              message: "no",
            },
          ],
        }),
        after: plain,
      },
      [{ kind: "severity", severity: null }],
    ],
    [
      "no second factor where one was written, and the networks as they were",
      {
        before: withPolicy({
          deny: [
            {
              when: condition(({ constraints }) => !constraints.mfa && constraints.networks.length > 0),
              message: "no",
            },
          ],
        }),
        after: plain,
        grant: { constraints: { networks: ["10.0.0.0/8"], mfa: true } },
      },
      [{ kind: "no-mfa-constraint" }],
    ],
    ["nothing where the new rules cover it no longer", { before: plain, after: rules({ policies: [] }) }, []],
  ];

  it.each(cases)("%s", (_, one, wanted) => {
    expect(wider(one)).toEqual(wanted);
  });

  describe("where the old rules refuse all: what it does not ask for already", () => {
    const never = [{ when: condition(true), message: "no" }];
    const refusing = (limits: Partial<ApproverPolicy["limits"]> = {}) =>
      withPolicy({ deny: never, limits: { ...noLimits, ...limits } });
    const facts = ["without-second-factor", "unsigned", "case-resolved"];
    const kinds = (one: Case) =>
      wider({ actions: { before: ["read", "list"], after: ["read", "list"] }, ...one }).map((more) =>
        more.kind === "location" ? `location ${more.country}` : more.kind,
      );

    it.each<[string, Case, readonly string[]]>([
      [
        "nothing of what nobody bounds",
        { before: refusing(), after: plain },
        ["location ZZ", "severity", ...facts],
      ],
      [
        "no country that it names, even where no other is allowed",
        {
          before: refusing(),
          after: limited({ locations: ["DE"] }),
          grant: { constraints: { locations: ["DE"] } },
        },
        ["severity", ...facts],
      ],
      [
        "no place that it names, nor a length that it has",
        {
          before: refusing({ maxDuration: hours(3), minJustification: 10 }),
          after: plain,
          grant: { duration: lasting("PT3H1S"), constraints: { locations: ["ZZ"] } },
        },
        ["location null", "justification", "severity", ...facts],
      ],
      [
        "use from any network and without a second factor only where these are written",
        { before: refusing(), after: plain, grant: { constraints: { networks: ["10.0.0.0/8"], mfa: true } } },
        ["location ZZ", "no-networks", "no-mfa-constraint", "severity", ...facts],
      ],
      [
        "an emergency",
        { before: refusing(), after: withPolicy({ emergency }), grant: { duration: hours(1) } },
        ["location ZZ", "severity", "emergency", ...facts],
      ],
      [
        "no emergency where it is one",
        {
          before: refusing(),
          after: withPolicy({ emergency }),
          grant: { duration: hours(1), emergency: true },
        },
        ["location ZZ", "severity", ...facts],
      ],
      [
        "grants of the subject for other cases",
        { before: refusing({ maxActivePerSubject: 2 }), after: limited({ maxPerCase: 1 }) },
        ["location ZZ", "severity", "grants-of-subject", ...facts],
      ],
      [
        "grants for the case of other subjects",
        { before: refusing({ maxPerCase: 2 }), after: limited({ maxActivePerSubject: 1 }) },
        ["location ZZ", "severity", "grants-of-case", ...facts],
      ],
    ])("%s", (_, one, expected) => {
      expect(kinds(one)).toEqual(expected);
    });
  });

  it("also by office hours that one of several policies no longer has", () => {
    const officeHours = { timeZone: "UTC", days: ["tue"], from: 480, until: 1080 } as const;
    const [one, other] = [
      policy({ name: "one", limits: { ...noLimits, officeHours } }),
      policy({ name: "other" }),
    ];
    const free = policy({ name: "one" });
    expect(
      wider({ before: rules({ policies: [one, other] }), after: rules({ policies: [free, other] }) }),
    ).toEqual([{ kind: "outside-office-hours" }]);
  });

  it("whoever has said no to this request", () => {
    const reviews = [review("bob", "changes-requested")];
    const judged = { request: request(), facts: facts({ reviews }), now: NOW };
    const [before, after] = [limited({ maxDuration: hours(4) }), limited({ maxDuration: hours(5) })];
    const found = widerThan(judged, content(), {
      before,
      after,
      actions: { before: storage, after: storage },
    });
    expect(found).toEqual([{ kind: "longer", duration: lasting("PT4H1S") }]);
  });

  it("not in length or words where it is beyond those bounds already", () => {
    const found = wider({
      before: limited({ maxDuration: hours(2), minJustification: 200 }),
      after: limited({ maxDuration: hours(4), minJustification: 20 }),
    }).map(({ kind }) => kind);
    expect(found).not.toContain("longer");
    expect(found).not.toContain("justification");
  });

  it("not where approvals or facts are all that is missing", () => {
    const before = withPolicy({ conditions: { ...noConditions, mfa: true } });
    const judged = {
      request: request(),
      facts: facts({
        teams: {},
        secondFactor: { read: false, because: "nobody asked" },
        pushers: { known: false },
      }),
      now: NOW,
    };
    const found = widerThan(judged, content(), { before, after: plain, actions: { before: [], after: [] } });
    expect(found).toEqual([{ kind: "without-second-factor" }]);
  });
});
