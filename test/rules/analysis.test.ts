import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { demandOf } from "../../src/domain/demand.ts";
import { ruleDenials } from "../../src/domain/denial.ts";
import { applicabilityOf } from "../../src/domain/policy.ts";
import { type Analysis, analyse } from "../../src/rules/analysis.ts";
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
  const files = policies.map((text, index): [string, string] => [
    `policies/p${index}.yaml`,
    `apiVersion: grantbox/v1\nkind: ApproverPolicy\nname: p${index}\ndescription: A policy.\n${text}`,
  ]);
  return loaded(ruleFiles({ "policies/catalog.yaml": CATALOG, ...Object.fromEntries(files) }));
}

const owners = "{ name: owners, count: 1, from: { codeowners: true } }";
const privacy = "{ name: privacy, count: 1, from: { teams: [privacy] } }";
const either = "{ name: either, count: 1, from: { teams: [privacy, security] } }";

function ask(under: LoadedRules, about: string, requires: string): Analysis {
  const condition = compileExpression(about, positionsOfText("about"), []);
  const demand = compileDemand(requires, positionsOfText("requires"));
  if (!condition.ok || !demand.ok) throw new Error("an expression of a test cannot be read");
  return analyse(under, { about: condition.condition, holds: demand.holds });
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
  ])("%s", (_, under, about, requires, expected) => {
    expect(ask(under, about, requires)).toMatchObject({ kind: "refuted", ...expected });
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
    expect(ask(under, "true", "approvals >= 2")).toMatchObject({ kind: "undecided" });
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
