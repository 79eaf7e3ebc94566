import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Analysis } from "../../src/domain/analysis.ts";
import { demandOf } from "../../src/domain/demand.ts";
import { ruleDenials } from "../../src/domain/denial.ts";
import { applicabilityOf } from "../../src/domain/policy.ts";
import { analyse } from "../../src/rules/analysis.ts";
import { compileDemand, compileExpression } from "../../src/rules/expression.ts";
import type { LoadedRules } from "../../src/rules/load.ts";
import { positionsOfText } from "../../src/rules/yaml.ts";
import { view } from "../domain/builders.ts";
import { drawnPolicies, drawnRequests, fileOf, viewOf } from "./cedar.ts";
import { loaded, ruleFiles } from "./rule-files.ts";

const CATALOG = `apiVersion: grantbox/v1
kind: ResourceCatalog
resources:
  - { type: kubernetes.namespace, id: prod-eu/checkout, labels: { classification: pii, environment: prod } }
  - { type: kubernetes.namespace, id: test-eu/checkout, labels: { classification: internal, environment: staging } }
`;

function rules(...policies: readonly string[]): LoadedRules {
  return rulesWith({}, ...policies);
}

function rulesWith(changed: Readonly<Record<string, string>>, ...policies: readonly string[]): LoadedRules {
  const files = policies.map((text, index): [string, string] => [
    `policies/p${index}.yaml`,
    `apiVersion: grantbox/v1\nkind: ApproverPolicy\nname: p${index}\ndescription: A policy.\n${text}`,
  ]);
  return loaded(ruleFiles({ "policies/catalog.yaml": CATALOG, ...Object.fromEntries(files), ...changed }));
}

/** A resource type of the administrators' own. */
const reports = (properties: object, more: object = {}) =>
  JSON.stringify({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Report",
    type: "object",
    required: ["id", "actions"],
    properties: {
      id: { type: "string", pattern: "^[a-z]+$", examples: ["sales"] },
      actions: { type: "array", items: { enum: ["read"] } },
      scope: { type: "object", additionalProperties: false, properties },
    },
    ...more,
  });

const owners = "{ name: owners, count: 1, from: { codeowners: true } }";
const privacy = "{ name: privacy, count: 1, from: { teams: [privacy] } }";
const either = "{ name: either, count: 1, from: { teams: [privacy, security] } }";

function ask(under: LoadedRules, about: string, requires: string, limit?: number): Analysis {
  const condition = compileExpression(about, positionsOfText("about"), []);
  const demand = compileDemand(requires, positionsOfText("requires"), []);
  if (!condition.ok || !demand.ok) throw new Error("an expression of a test cannot be read");
  return analyse(under, { about: condition.condition, holds: demand.holds }, limit);
}

const PII = "resource.labels.classification == 'pii'";

describe("what rules require is proved", () => {
  it.each<[string, LoadedRules, string, string]>([
    [
      "by one policy",
      rules(`require: [${owners}, ${privacy}]`),
      PII,
      "approvals >= 2 && codeowner && 'privacy' in teams",
    ],
    [
      "by the code owner that every request needs",
      rules(`require: [${privacy}]`),
      "true",
      "codeowner && approvals == 2",
    ],
    [
      "by a policy for some requests",
      rules(`require: [${owners}]`, `match: { resource.labels.classification: pii }\nrequire: [${privacy}]`),
      PII,
      "approvals >= 2",
    ],
    [
      "by every way that is left open",
      rules(`require: [{ anyOf: [${privacy}, { allOf: [${privacy}, ${either}] }] }]`),
      "true",
      "'privacy' in teams && approvals >= 2",
    ],
    [
      "by a limit",
      rules(`limits: { maxDuration: PT2H }\nrequire: [${owners}]`),
      "true",
      "maxDuration <= duration('2h')",
    ],
    ["by the settings", rules(`require: [${owners}]`), "true", "maxDuration <= duration('8h')"],
    [
      "by conditions",
      rules(`conditions: { mfa: true, caseOpen: true }\nrequire: [${owners}]`),
      "true",
      "mfa && caseOpen && !signedCommits",
    ],
    [
      "where a denial leaves only what requires it",
      rules(
        `require: [${owners}]\ndeny:\n  - { when: '!("exec" in access.actions)', message: No. }`,
        `match: { access.actions: exec }\nrequire: [${privacy}]`,
      ),
      "true",
      "approvals >= 2",
    ],
    [
      "for severities that a rule tells apart",
      rules(`require: [${owners}]`, `when: has(case.severity) && case.severity <= 2\nrequire: [${privacy}]`),
      "has(case.severity) && case.severity == 1",
      "approvals >= 2",
    ],
    [
      "where only some resources can be had",
      rules(`require: [${owners}]\ndeny:\n  - { when: resource.type != "ssh.host", message: No. }`),
      "true",
      "approvals == 1",
    ],
    [
      "where only some of what is asked about is complete by itself",
      rules(`require: [${owners}]`),
      'resource.type == "ssh.host" && ("logs" in access.actions || "login" in access.actions)',
      "approvals == 1",
    ],
    [
      "where a denial leaves only those to whom another policy applies",
      rules(
        `match: { subject: alice }\nrequire: [${owners}]\ndeny:\n  - { when: subject == "alice", message: No. }`,
        `match: { subject: bob }\nrequire: [${owners}, ${privacy}]`,
      ),
      "true",
      "approvals >= 2",
    ],
  ])("%s", (_, under, about, requires) => {
    expect(ask(under, about, requires)).toMatchObject({ kind: "proved", passing: true });
  });

  it("of nothing, where no such request can be approved", () => {
    const under = rules(
      `require: [${owners}]\ndeny:\n  - { when: '"exec" in access.actions', message: No. }`,
    );
    expect(ask(under, "'exec' in access.actions", "approvals >= 9")).toMatchObject({
      kind: "proved",
      passing: false,
    });
    expect(ask(rules(`require: [${owners}]`), "emergency", "approvals >= 9")).toMatchObject({
      passing: false,
    });
  });
});

describe("what rules do not require has a counterexample", () => {
  it.each<[string, LoadedRules, string, string, object]>([
    [
      "one approval less",
      rules(`require: [${owners}]`),
      "true",
      "approvals >= 2",
      { demand: { approvals: 1 } },
    ],
    [
      "a team of which another may take the place",
      rules(`require: [${either}]`),
      "true",
      "'privacy' in teams",
      { demand: { teams: [] } },
    ],
    [
      "the one way that does not need it",
      rules(`require: [{ anyOf: [${privacy}, ${owners}] }]`),
      "true",
      "approvals >= 2",
      { demand: { approvals: 1, codeowner: true } },
    ],
    [
      "the resource to which the stricter policy does not apply",
      rules(`require: [${owners}]`, `match: { resource.labels.environment: prod }\nrequire: [${privacy}]`),
      "resource.listed",
      "approvals >= 2",
      { grant: { resource: { id: "test-eu/checkout" } }, policies: ["p0"] },
    ],
    [
      "an emergency",
      rules(
        `require: [${owners}, ${privacy}]\nemergency: { count: 1, from: { teams: [oncall] }, maxDuration: PT1H, reviewWithin: P2D }`,
      ),
      "true",
      "approvals >= 2",
      { grant: { emergency: true }, demand: { approvals: 1, codeowner: false, teams: ["oncall"] } },
    ],
    [
      "the smallest request that no denial stands against",
      rules(
        `require: [${owners}]\ndeny:\n  - { when: 'constraints.locations.size() == 0', message: Say from where. }\n  - { when: 'constraints.locations.exists(c, !(c in ["DE", "FR"]))', message: No. }`,
      ),
      PII,
      "approvals >= 2",
      { grant: { constraints: { locations: ["DE"] } } },
    ],
    [
      "the first of those that are equally small",
      rules(`require: [${owners}]\ndeny:\n  - { when: '!(subject in ["alice", "bob"])', message: No. }`),
      PII,
      "approvals >= 2",
      { grant: { subject: "alice" } },
    ],
    [
      "an emergency, where only that needs less",
      rules(
        `require: [${owners}, ${privacy}]\nemergency: { count: 1, from: { teams: [oncall] }, maxDuration: PT1H, reviewWithin: P2D }\ndeny:\n  - { when: emergency && subject == "alice", message: No. }`,
      ),
      PII,
      "approvals >= 2",
      { grant: { emergency: true }, demand: { approvals: 1 } },
    ],
    [
      "what a policy denies that does not apply",
      rules(
        `require: [${owners}]`,
        `match: { subject: alice }\nrequire: [${privacy}]\ndeny:\n  - { when: resource.listed || !resource.listed, message: No. }`,
      ),
      PII,
      "approvals >= 2",
      { grant: { subject: "somebody" }, policies: ["p0"] },
    ],
    [
      "what has to wait for office hours",
      rules(
        `require: [${owners}]\nlimits: { officeHours: { timeZone: UTC, days: [mon], from: "08:00", until: "18:00" } }`,
      ),
      PII,
      "approvals >= 2",
      {},
    ],
    [
      "a second factor that a denial asks for",
      rules(`require: [${owners}]\ndeny:\n  - { when: '!constraints.mfa', message: No. }`),
      PII,
      "approvals >= 2",
      { grant: { constraints: { mfa: true } } },
    ],
    [
      "a longer time rather than one thing more to take in",
      rules(
        `require: [${owners}]\ndeny:\n  - { when: 'constraints.locations.size() == 0 && duration < duration("2h")', message: No. }`,
      ),
      PII,
      "approvals >= 2",
      { grant: { duration: "PT2H" } },
    ],
  ])("%s", (_, under, about, requires, expected) => {
    expect(ask(under, about, requires)).toMatchObject({ kind: "refuted", ...expected });
  });

  it("the least that there is to take in, though rules name more of everything", () => {
    const named = [
      'constraints.networks.exists(n, n == "10.8.0.0/16")',
      'has(access.scope.pods) && access.scope.pods.exists(p, p == "a")',
      "has(case.severity) && case.severity == 1",
      'justification == "Please."',
      'duration > duration("1h")',
      "emergency",
    ].join(" && ");
    const under = rules(
      `require: [${owners}]\nemergency: { count: 1, from: { teams: [oncall] }, maxDuration: PT2H, reviewWithin: P2D }\ndeny:\n  - { when: '${named}', message: No. }`,
    );
    const analysis = ask(under, "resource.type == 'kubernetes.namespace'", "approvals >= 2");
    expect(analysis.kind === "refuted" ? analysis.grant : null).toEqual({
      apiVersion: "grantbox/v1",
      kind: "Grant",
      id: "example",
      case: { system: "support", id: "1" },
      subject: "somebody",
      resource: { type: "kubernetes.namespace", id: "prod-eu/checkout" },
      access: { actions: ["list"] },
      justification: "zq0",
      duration: "PT1M",
    });
  });

  /** All requests but those that an expression is true for need one approval more. */
  const sparing = (match: string) => rules(`require: [${owners}]`, `${match}\nrequire: [${privacy}]`);

  it.each<[string, LoadedRules, object]>([
    [
      "more countries than a rule counts to",
      sparing("when: size(constraints.locations) <= 2"),
      { constraints: { locations: ["ZZ", "AA", "AB"] } },
    ],
    [
      "more actions than a rule counts to",
      sparing("when: access.actions.size() <= 2"),
      { access: { actions: [expect.anything(), expect.anything(), expect.anything()] } },
    ],
    [
      "two of which a rule allows one",
      sparing(`when: 'constraints.locations.size() < 2 || constraints.locations.exists_one(c, c != "DE")'`),
      { constraints: { locations: ["ZZ", "AA"] } },
    ],
    [
      "networks beside the one that a rule allows",
      sparing(`when: '!constraints.networks.exists(n, n != "10.8.0.0/16")'`),
      { constraints: { networks: ["192.0.2.0/32"] } },
    ],
    [
      "countries that a glob leaves out",
      sparing(`match: { constraints.locations: { only: ["D*"] } }`),
      { access: expect.anything() },
    ],
    [
      "countries that a glob matches",
      rules(`match: { constraints.locations: "D*" }\nrequire: [${owners}]`),
      { constraints: { locations: ["DA"] } },
    ],
    [
      "countries that an expression names",
      sparing(`when: '!constraints.locations.exists(c, c in ["DE", "FR"])'`),
      { constraints: { locations: ["DE"] } },
    ],
    [
      "a scope with a field that a rule asks for by name",
      sparing(`when: '!("container" in access.scope)'`),
      { resource: { type: "azure.storage" }, access: { scope: { container: "logs" } } },
    ],
    [
      "two items of a list in the scope",
      sparing(
        `when: '!(has(access.scope.pods) && access.scope.pods.exists(p, p == "a") && access.scope.pods.exists(p, p == "b"))'`,
      ),
      { access: { scope: { pods: ["a", "b"] } } },
    ],
    [
      "an item of the scope that is a pattern itself",
      sparing(`when: '!has(access.scope.paths) || !access.scope.paths.exists(p, p == "2026/**")'`),
      { access: { scope: { paths: ["2026/**"] } } },
    ],
    [
      "a justification word for word",
      sparing(`when: justification != "break glass"`),
      { justification: "break glass" },
    ],
    [
      "a justification that a rule matches by its beginning",
      sparing(`match: { anyOf: [{ requester: eve }, { justification: "Needed*" }] }`),
      { justification: expect.stringMatching(/^(?!Needed)/) },
    ],
    [
      "a resource that is not listed, where an id is all digits",
      sparing("when: resource.listed || resource.type != 'aws.account'"),
      { resource: { type: "aws.account", id: "123456789123" } },
    ],
    [
      "a request of a third person",
      sparing("match: { anyOf: [{ requester: somebody }, { subject: somebody }] }"),
      {},
    ],
    ["a case of another system", sparing("match: { case.system: github }"), { case: { system: "support" } }],
    [
      "a case with another number, and a link to it",
      sparing('match: { anyOf: [{ case.id: "1" }, { case.url: "https://a.example/*" }] }'),
      { case: { id: "2" } },
    ],
    ["without a second factor", sparing("when: constraints.mfa"), { subject: "somebody" }],
    [
      "a time that is longer than a rule says, by a second",
      sparing('when: duration <= duration("4h")'),
      { duration: "PT4H1S" },
    ],
    [
      "what a wide limit leaves, and a narrow scope",
      rules(`limits: { narrow: true, maxDuration: PT1H, minDuration: PT30M }\nrequire: [${owners}]`),
      { duration: "PT30M", access: { scope: expect.anything() } },
    ],
    [
      "within what limits say of actions, countries and scope",
      rules(
        `match: { resource.type: kubernetes.namespace }\nlimits: { actions: [exec], locations: [DE], scope: { pods: ["app-*"] } }\nrequire: [${owners}]`,
      ),
      {
        access: { actions: ["exec"], scope: { pods: ["app-zq0"] } },
        constraints: { locations: ["DE"] },
      },
    ],
    [
      "a number above the one that a rule names",
      rulesWith(
        {
          "schemas/resources/acme.report.schema.json": reports({ rows: { type: "integer", examples: [10] } }),
        },
        `require: [${owners}]`,
        `when: '!has(access.scope.rows) || access.scope.rows <= 100'\nrequire: [${privacy}]`,
      ),
      { resource: { type: "acme.report" }, access: { scope: { rows: 101 } } },
    ],
    [
      "the other truth value",
      rulesWith(
        { "schemas/resources/acme.report.schema.json": reports({ redacted: { type: "boolean" } }) },
        `require: [${owners}]`,
        `when: 'resource.type != "acme.report" || !has(access.scope.redacted) || access.scope.redacted != false'\nrequire: [${privacy}]`,
      ),
      { resource: { type: "acme.report" }, access: { scope: { redacted: false } } },
    ],
  ])("%s", (_, under, grant) => {
    expect(ask(under, "true", "approvals >= 2")).toMatchObject({ kind: "refuted", grant });
  });
});

describe("what cannot be told by examples is said", () => {
  it("a pattern that decides which policies apply", () => {
    const when = `when: 'resource.id.matches("^prod")'`;
    const analysis = ask(
      rules(`require: [${owners}]`, `${when}\nrequire: [${privacy}]`),
      PII,
      "approvals >= 2",
    );
    expect(analysis).toMatchObject({
      kind: "undecided",
      because: [expect.stringContaining('resource.id.matches("^prod")')],
    });
  });

  it("a denial that might refuse what needs less", () => {
    const under = rules(
      `require: [${owners}]\ndeny:\n  - { when: 'justification.size() * 2 > 0', message: No. }`,
    );
    expect(ask(under, "true", "approvals >= 2")).toMatchObject({
      kind: "undecided",
      because: [
        "some requests need less, and every example of them that was tried is refused by a denial or a limit",
        "`justification.size() * 2 > 0` asks more than can be told by examples: it compares more than fields and constants",
      ],
    });
  });

  it.each<[string, LoadedRules, string]>([
    [
      "texts by their order",
      rules(`require: [${owners}]`, `when: subject >= "a"\nrequire: [${privacy}]`),
      '`subject >= "a"` asks more than can be told by examples: it compares texts by their order',
    ],
    [
      "whole lists",
      rules(`require: [${owners}]`, `when: access.actions != ["exec"]\nrequire: [${privacy}]`),
      '`access.actions != ["exec"]` asks more than can be told by examples: it compares more than fields and constants',
    ],
    [
      "the names of labels",
      rules(`require: [${owners}]`, `when: '!resource.labels.exists(l, l == "x")'\nrequire: [${privacy}]`),
      '`!resource.labels.exists(l, l == "x")` asks more than can be told by examples: it goes through `resource.labels`',
    ],
    [
      "globs that cross one another",
      rules(`require: [${privacy}]`, `match: { subject: ["a*", "*b"] }\nrequire: [${owners}]`),
      "`a*` and `*b` may match the same",
    ],
    [
      "a glob that crosses one of the catalog",
      rulesWith(
        {
          "policies/catalog.yaml": `${CATALOG}  - { type: kubernetes.namespace, id: "*-eu/shop", labels: { classification: pii, environment: prod } }\n`,
        },
        `match: { resource.id: "prod-*/shop" }\nrequire: [${owners}, ${privacy}]`,
      ),
      "`prod-*/shop` and `*-eu/shop` may match the same",
    ],
    [
      "networks that a glob matches",
      rules(`match: { constraints.networks: "10.*" }\nrequire: [${owners}, ${privacy}]`),
      "`10.*` is no network, and which ones it matches cannot be told",
    ],
    [
      "ids that look like none",
      rules(`match: { resource.id: "**/Tables/*" }\nrequire: [${owners}, ${privacy}]`),
      "no schema takes `zq0/Tables/zq0`, which would be an example of `**/Tables/*`",
    ],
    [
      "ids of the catalog that look like none of their type",
      rulesWith(
        {
          "policies/catalog.yaml": `${CATALOG}  - { type: aws.account, id: "12345678901*", labels: { classification: pii, environment: prod } }\n`,
        },
        `require: [${owners}, ${privacy}]`,
      ),
      "no schema takes `12345678901zq0`, which would be an example of `12345678901*`",
    ],
    [
      "a type whose schema shows no id",
      rulesWith(
        {
          "schemas/resources/acme.report.schema.json": reports({}).replace(
            '"examples":["sales"]',
            '"examples":[]',
          ),
        },
        `require: [${owners}, ${privacy}]`,
      ),
      "the schema of `acme.report` has no examples of which a request could be made",
    ],
    [
      "a type whose schema needs more than its examples show",
      rulesWith(
        {
          "schemas/resources/acme.report.schema.json": reports({}, { minProperties: 9 }),
        },
        `require: [${owners}, ${privacy}]`,
      ),
      "the schema of `acme.report` has no examples of which a request could be made",
    ],
  ])("%s", (_, under, reason) => {
    expect(ask(under, "true", "approvals >= 2")).toMatchObject({ kind: "undecided", because: [reason] });
  });

  it("more kinds than are looked at, of requests and of what refuses them", () => {
    const kinds = rules(`require: [${owners}]`, `match: { subject: [alice, bob] }\nrequire: [${privacy}]`);
    expect(ask(kinds, "true", "approvals >= 1", 9)).toEqual({
      kind: "undecided",
      cases: 10,
      because: ["there are more than 9 kinds of requests that the rules tell apart"],
    });
    const refused = rules(
      `require: [${owners}]\ndeny:\n  - { when: 'subject in ["alice", "bob"] || subject != "alice"', message: No. }`,
    );
    expect(ask(refused, "true", "approvals >= 2", 12)).toEqual({
      kind: "proved",
      cases: 12,
      passing: false,
    });
    const many = rules(
      `require: [${owners}]\ndeny:\n  - { when: 'subject in ["alice", "bob", "carol", "dave"] && requester in ["alice", "bob", "carol", "dave"] || emergency || !emergency', message: No. }`,
    );
    expect(ask(many, "true", "approvals >= 2", 12)).toMatchObject({
      kind: "undecided",
      because: [expect.stringContaining("some requests need less")],
    });
  });

  describe("but not what is refused whatever else is so", () => {
    /** More kinds of requests than are looked at, and all of them are refused. */
    const many = `deny:
  - { when: 'subject in ["alice", "bob", "carol", "dave"] && requester in ["alice", "bob", "carol", "dave"] || emergency || !emergency', message: No. }`;
    const emergency =
      "emergency: { count: 1, from: { teams: [oncall] }, maxDuration: PT1H, reviewWithin: P2D }";

    it.each<[string, () => LoadedRules, string, number]>([
      [
        "because it is not asked about",
        () => rules(`require: [${owners}]\n${many}`),
        'resource.type == "x"',
        12,
      ],
      [
        "because it cannot be told whether a policy applies",
        () => rules(`when: case.severity <= 2\nrequire: [${owners}]`, `require: [${owners}]\n${many}`),
        "!has(case.severity)",
        60,
      ],
      [
        "because one policy offers no emergency",
        () => rules(`require: [${owners}]\n${many}`, `require: [${owners}]\n${emergency}`),
        "emergency",
        24,
      ],
    ])("%s", (_, under, about, limit) => {
      expect(ask(under(), about, "approvals >= 9", limit)).toEqual({
        kind: "proved",
        cases: limit,
        passing: false,
      });
    });

    it("where just as many examples are looked at as are allowed", () => {
      const under = rules(
        `require: [${owners}]\ndeny:\n  - { when: 'subject == "alice" || subject != "alice" || emergency || constraints.mfa', message: No. }`,
      );
      expect(ask(under, "true", "approvals >= 2", 12)).toEqual({ kind: "proved", cases: 12, passing: false });
    });
  });

  it("but not where clear denials refuse it anyway", () => {
    const under = rules(
      `require: [${owners}]\ndeny:\n  - { when: 'justification.size() * 2 > 0', message: No. }\n  - { when: resource.listed || !resource.listed, message: No. }`,
    );
    expect(ask(under, "true", "approvals >= 2")).toMatchObject({ kind: "proved", passing: false });
  });
});

const ACCOUNT =
  "/subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/checkoutprod";

it("property: nothing that was proved of random rules is untrue of a random request", () => {
  fc.assert(
    fc.property(drawnPolicies, fc.integer({ min: 1, max: 3 }), drawnRequests, (policies, least, any) => {
      const drawn = { ...any, type: "azure.storage", id: ACCOUNT };
      const entry = { type: drawn.type, id: drawn.id, labels: { ...drawn.labels, region: "westeurope" } };
      const catalog = JSON.stringify({
        apiVersion: "grantbox/v1",
        kind: "ResourceCatalog",
        resources: [entry],
      });
      const files = policies.map((policy, index): [string, string] => [
        `policies/p${index}.yaml`,
        fileOf(policy, `p${index}`),
      ]);
      const under = loaded(ruleFiles({ ...Object.fromEntries(files), "policies/catalog.yaml": catalog }));
      const analysis = ask(under, "true", `approvals >= ${least}`);
      const seen = viewOf(drawn, view());
      const judged = under.rules.policies.map((policy) => ({
        policy,
        applicability: applicabilityOf(policy, seen),
      }));
      const matching = judged
        .filter(({ applicability }) => applicability.applies === true)
        .map(({ policy }) => policy);
      if (ruleDenials(judged, matching, seen).length > 0 || drawn.emergency) return;
      const demand = demandOf(matching, false, under.rules.settings);
      if (analysis.kind === "proved") expect(demand?.approvals).toBeGreaterThanOrEqual(least);
      if (analysis.kind === "refuted") expect(analysis.demand.approvals).toBeLessThan(least);
    }),
    { numRuns: 25 },
  );
});
