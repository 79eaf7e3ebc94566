import { describe, expect, it } from "vitest";
import type { Change } from "../../src/domain/change.ts";
import { type Decision, decide } from "../../src/domain/decision.ts";
import type { Extension } from "../../src/domain/extension.ts";
import type { Facts } from "../../src/domain/facts.ts";
import type { Grant } from "../../src/domain/grant.ts";
import { type ApproverPolicy, type Limits, noLimits } from "../../src/domain/policy.ts";
import type { AccessRequest } from "../../src/domain/request.ts";
import type { Settings } from "../../src/domain/rule-set.ts";
import { hours, instantOf, minutes } from "../../src/domain/time.ts";
import { candidatesFor } from "../../src/rules/candidate.ts";
import {
  approves,
  comment,
  condition,
  content,
  facts,
  grant,
  members,
  NOW,
  owned,
  owners,
  place,
  policy,
  privacy,
  request,
  requirement,
  review,
  rules,
} from "../domain/builders.ts";
import { schemas } from "./rule-files.ts";

interface Asked {
  readonly grant?: Partial<Grant>;
  readonly extension?: Extension;
  readonly request?: Partial<AccessRequest>;
  readonly facts?: Partial<Facts>;
  readonly policies?: readonly Partial<ApproverPolicy>[];
  readonly settings?: Partial<Settings>;
  readonly approved?: readonly string[];
}

/** What is tried for a request for an hour of logs of a namespace that nobody owns, unless it says otherwise. */
function changes(asked: Asked): readonly Change[] {
  const usual: Partial<Grant> = {
    resource: { type: "kubernetes.namespace", id: "prod-eu/checkout" },
    access: { actions: ["logs", "get"] },
    duration: hours(1),
  };
  const { extension = null } = asked;
  const asking = request({
    content: { ...content({ ...usual, ...asked.grant }), extension },
    ...asked.request,
  });
  const known = facts(asked.facts);
  const base = rules();
  const all = rules({
    codeowners: owned("* @bob @frank\n"),
    policies: (asked.policies ?? []).map((parts, index) =>
      policy({ name: `p${index}`, match: [], require: [], ...parts }),
    ),
    settings: { ...base.settings, ...asked.settings },
  });
  const decision: Decision = decide(asking, all, known, NOW);
  const situation = { request: asking, facts: known, now: NOW };
  const loaded = { rules: all, schemas: schemas(), places: { catalog: [], settings: {} } };
  return candidatesFor(situation, decision, asked.approved ?? [], loaded);
}

/** The values that are tried for one path, in their order. */
const valuesOf = (path: string, asked: Asked) =>
  changes(asked)
    .filter((change) => change.path === path)
    .map(({ value }) => value);

const limited = (limits: Partial<Limits>): Partial<ApproverPolicy> => ({
  limits: { ...noLimits, ...limits },
});
/** A policy that denies what an expression is true for. */
const denying = (text: string): Partial<ApproverPolicy> => ({
  deny: [{ when: { ...condition(true), text }, message: "No." }],
});

it("of a small request all changes are tried, those of the access first and those of people last", () => {
  const path = "grant.access.actions";
  const before = ["logs", "get"];
  expect(changes({ policies: [{ require: [owners] }] })).toEqual([
    { path: "grant.duration", value: "PT30M", before: "PT1H" },
    { path: "grant.duration", value: "PT8H", before: "PT1H" },
    { path, value: ["get"], before },
    { path, value: ["logs"], before },
    { path, value: ["list"], before },
    { path, value: ["metrics"], before },
    { path, value: ["restart"], before },
    { path, value: ["port-forward"], before },
    { path, value: ["exec"], before },
    { path: "grant.access.scope.pods", value: ["checkout-*"], before: null },
    { path: "grant.access.scope.containers", value: ["app"], before: null },
    { path: "grant.access.scope.redacted", value: true, before: null },
    { path: "grant.case.severity", value: 4, before: 2 },
    { path: "grant.case.severity", value: 3, before: 2 },
    { path: "grant.case.severity", value: 1, before: 2 },
    { path: "facts.approvedBy", value: ["bob"], before: [] },
    { path: "facts.approvedBy", value: ["frank"], before: [] },
  ]);
});

it("of a file that cannot be read nothing is tried", () => {
  expect(changes({ request: { content: { kind: "refused", findings: [] } } })).toEqual([]);
});

describe("times are tried", () => {
  const begun = (before: number): Extension => ({
    before: grant(),
    begun: instantOf(NOW - hours(before)),
    runsUntil: NOW,
    current: true,
  });
  const calm = { maxDuration: hours(1) };

  it.each<[string, Asked, readonly string[]]>([
    [
      "by half-hours while any time is left",
      { grant: { duration: minutes(75) } },
      ["PT1H", "PT45M", "PT15M"],
    ],
    ["but not none at all", { grant: { duration: hours(1) } }, ["PT30M"]],
    [
      "as the policies bound it, those that are nearest first",
      {
        grant: { duration: hours(1) },
        policies: [
          limited({ maxDuration: minutes(50), minDuration: hours(3) }),
          limited({ maxDuration: minutes(5), minDuration: minutes(65) }),
        ],
      },
      ["PT1H5M", "PT50M", "PT30M", "PT5M", "PT3H"],
    ],
    [
      "as an emergency bounds it",
      {
        policies: [
          {
            emergency: {
              count: 1,
              from: owners.from,
              maxDuration: minutes(20),
              reviewWithin: hours(24),
              at: place(17),
            },
          },
        ],
      },
      ["PT30M", "PT20M"],
    ],
    [
      "so that an extension lasts no longer in all than settings and policies allow",
      {
        extension: begun(3),
        settings: { maxTotalDuration: hours(5) },
        policies: [limited({ maxTotalDuration: minutes(250) }), {}],
      },
      ["PT1H10M", "PT30M", "PT2H"],
    ],
    [
      "none where an extension has used up all",
      { extension: begun(5), settings: { maxTotalDuration: hours(5) } },
      ["PT30M"],
    ],
    [
      "whatever all extensions may last, of what is none",
      { settings: { maxTotalDuration: hours(5) }, policies: [limited({ maxTotalDuration: hours(4) })] },
      ["PT30M"],
    ],
  ])("%s", (_, asked, wanted) => {
    expect(valuesOf("grant.duration", { ...asked, settings: { ...calm, ...asked.settings } })).toEqual(
      wanted,
    );
  });

  it("a day shorter at the most", () => {
    const values = valuesOf("grant.duration", { grant: { duration: hours(72) }, settings: calm });
    expect(values).toHaveLength(49);
    expect([values[0], values.at(-2), values.at(-1)]).toEqual(["P2DT23H30M", "P2D", "PT1H"]);
  });
});

it("a justification is filled up to each length that a policy asks for, in characters", () => {
  const before = "  Needed 🙏 ";
  const asked = [10, 8, 12, null].map((minJustification) => limited({ minJustification }));
  const tried = changes({ grant: { justification: before }, policies: asked });
  expect(tried.filter(({ path }) => path === "grant.justification")).toEqual([
    { path: "grant.justification", value: "Needed 🙏……", before },
    { path: "grant.justification", value: "Needed 🙏…………", before },
  ]);
});

it("actions are tried as each policy allows them, each one less, and each alone", () => {
  const access = { actions: ["logs", "list", "exec"] };
  const policies = [
    limited({ actions: ["lo*", "li*"] }),
    limited({ actions: ["nothing"] }),
    limited({ actions: ["*"] }),
  ];
  expect(valuesOf("grant.access.actions", { grant: { access }, policies })).toEqual([
    ["logs", "list"],
    ["list", "exec"],
    ["logs", "exec"],
    ["logs"],
    ["list"],
    ["exec"],
    ["get"],
    ["metrics"],
    ["restart"],
    ["port-forward"],
  ]);
});

describe("places are tried", () => {
  const named = [
    limited({ locations: ["DE", "FR"] }),
    denying('!constraints.locations.exists(c, c == "NL")'),
    denying("true"),
  ];
  it.each<[string, Partial<Grant>, unknown, readonly unknown[]]>([
    ["as policies and expressions name them", {}, null, [["DE"], ["FR"], ["NL"]]],
    ["beside other constraints too", { constraints: { mfa: true } }, null, [["DE"], ["FR"], ["NL"]]],
    [
      "without those that no policy names, and each one less",
      { constraints: { locations: ["US", "CA", "DE"] } },
      ["US", "CA", "DE"],
      [["DE"], ["CA", "DE"], ["US", "DE"], ["US", "CA"], ["FR"], ["NL"]],
    ],
    ["but neither the same again nor none", { constraints: { locations: ["FR"] } }, ["FR"], [["DE"], ["NL"]]],
  ])("%s", (_, parts, before, wanted) => {
    const tried = changes({ grant: parts, policies: named }).filter(
      ({ path }) => path === "grant.constraints.locations",
    );
    expect(tried).toEqual(wanted.map((value) => ({ path: "grant.constraints.locations", value, before })));
  });

  it("as the condition of a policy names them", () => {
    const when = { ...condition(true), text: '"SE" in constraints.locations' };
    expect(valuesOf("grant.constraints.locations", { policies: [{ when }] })).toEqual([["SE"]]);
  });
});

describe("of the scope is tried", () => {
  const tried = (path: string, asked: Asked) =>
    changes(asked)
      .filter((change) => change.path === `grant.access.scope.${path}`)
      .map(({ value, before }) => ({ value, before }));

  it("nothing, what expressions name, what limits allow and what the schema shows, of a list each alone", () => {
    const before = ["checkout-1", "checkout-2"];
    const policies = [
      denying('"checkout-7" in access.scope.pods'),
      limited({ scope: { containers: ["side"], pods: ["shop-*", "web"] } }),
    ];
    const access = { actions: ["logs"], scope: { pods: before } };
    expect(tried("pods", { grant: { access }, policies })).toEqual(
      [null, ["checkout-7"], ["shop-*"], ["web"], ["checkout-*"]].map((value) => ({ value, before })),
    );
    expect(tried("containers", { grant: { access }, policies })).toEqual(
      [["side"], ["app"]].map((value) => ({ value, before: null })),
    );
  });

  it("a value that is no list as it is, and never the one that stands there", () => {
    const access = { actions: ["logs"], scope: { redacted: true } };
    const policies = [denying("access.scope.redacted == false")];
    expect(tried("redacted", { grant: { access }, policies })).toEqual(
      [null, false].map((value) => ({ value, before: true })),
    );
    const shown = { actions: ["logs"], scope: { pods: ["checkout-*"] } };
    expect(tried("pods", { grant: { access: shown } })).toEqual([{ value: null, before: ["checkout-*"] }]);
  });
});

it("a severity is tried where the case has none", () => {
  const { path, before } = { path: "grant.case.severity", before: null };
  const tried = changes({ grant: { case: { system: "servicenow", id: "CS-1" } } });
  expect(tried.filter((change) => change.path === path)).toEqual(
    [4, 3, 2, 1].map((value) => ({ path, value, before })),
  );
});

describe("beside the access is tried", () => {
  /** All that is neither about the access nor about people. */
  const others = (asked: Asked) =>
    changes(asked).filter(({ path }) => !/^grant\.(?!emergency)|^facts\.approvedBy$/.test(path));

  const days = ["mon", "tue", "wed", "thu", "fri"] as const;
  const hoursFrom = (from: number, until: number) =>
    limited({ officeHours: { timeZone: "UTC", days, from: from * 60, until: until * 60 } });

  it.each<[string, Asked, readonly Change[]]>([
    ["nothing where all is well", {}, []],
    [
      "no emergency",
      { grant: { emergency: true } },
      [{ path: "grant.emergency", value: null, before: true }],
    ],
    ["nothing where it says that it is none", { grant: { emergency: false } }, []],
    ["no draft", { request: { draft: true } }, [{ path: "request.draft", value: false, before: true }]],
    ["no fork", { request: { fork: true } }, [{ path: "request.fork", value: false, before: true }]],
    [
      "later, when the office is open",
      { policies: [{}, hoursFrom(11, 18), hoursFrom(9, 18)] },
      [{ path: "now", value: "2026-11-24T11:00:00Z", before: "2026-11-24T10:00:00Z" }],
    ],
    ["no time where none is long enough", { policies: [hoursFrom(11, 11.5)] }, []],
    [
      "a second factor for those who have none",
      { facts: { secondFactor: { read: true, without: ["alice"] } } },
      [{ path: "facts.withoutSecondFactor", value: [], before: ["alice"] }],
    ],
    [
      "a second factor where nobody could say",
      { facts: { secondFactor: { read: false, because: "GitHub does not say" } } },
      [{ path: "facts.withoutSecondFactor", value: [], before: "unknown" }],
    ],
    [
      "a case that is open again",
      { facts: { case: { read: true, state: "resolved" } } },
      [{ path: "facts.case", value: "open", before: "resolved" }],
    ],
    [
      "an open case where nobody could say",
      { facts: { case: { read: false, because: "no answer" } } },
      [{ path: "facts.case", value: "open", before: "unknown" }],
    ],
  ])("%s", (_, asked, wanted) => {
    expect(others(asked)).toEqual(wanted);
  });
});

describe("approvals are tried", () => {
  const tried = (asked: Asked) => changes(asked).filter(({ path }) => path === "facts.approvedBy");
  const choice = { require: [{ anyOf: [privacy, requirement("security", { teams: ["security"] })] }] };

  it("of all who could give one, in every way that is open, after those that were tried before", () => {
    const teams = { privacy: members("carol", "bob"), security: members("dave") };
    expect(
      tried({ policies: [{ require: [owners] }, choice], facts: { teams }, approved: ["grace"] }),
    ).toEqual(
      ["bob", "frank", "carol", "dave"].map((login) => ({
        path: "facts.approvedBy",
        value: ["grace", login],
        before: ["grace"],
      })),
    );
  });

  it("of whoever said no by a review, where no other is missing; what somebody wrote in a comment stands", () => {
    const said = {
      comments: [comment("bob", "/deny")],
      reviews: [approves("frank"), review("grace", "changes-requested", { id: 9002 })],
    };
    expect(tried({ policies: [{ require: [owners] }], facts: said }).map(({ value }) => value)).toEqual([
      ["grace"],
    ]);
  });
});

it("a policy that does not apply names nothing", () => {
  const idle = [
    { ...limited({ maxDuration: minutes(20), locations: ["DE"] }), when: condition(false) },
    { ...limited({ minDuration: minutes(40) }), when: condition({ ok: false, error: "no such field" }) },
  ];
  const asked = {
    policies: [...idle, limited({ maxDuration: minutes(10) })],
    settings: { maxDuration: hours(1) },
  };
  expect(valuesOf("grant.duration", asked)).toEqual(["PT30M", "PT10M"]);
  expect(valuesOf("grant.constraints.locations", asked)).toEqual([]);
});
