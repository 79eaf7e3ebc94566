import { describe, expect, it } from "vitest";
import { type Abstraction, abstractionOf } from "../../src/rules/abstraction.ts";
import type { Dimension, Example } from "../../src/rules/dimension.ts";
import { bytes, loaded, ruleFiles } from "./rule-files.ts";

/** A resource type by the fields of its scope and the examples of its id. */
const resourceType = (properties: object, examples: readonly string[] = ["sales"]) =>
  JSON.stringify({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Report",
    type: "object",
    required: ["id", "actions"],
    properties: {
      id: { type: "string", pattern: "^[a-z0-9-]+$", examples },
      actions: { type: "array", items: { enum: ["read", "write"] } },
      scope: { type: "object", additionalProperties: false, properties },
    },
  });

const owners = "require: [{ name: owners, count: 1, from: { codeowners: true } }]\n";

/** Policies `p0`, `p1` and so on over two resource types, `acme.ledger` and `acme.report`, and nothing else. */
function abstraction(
  policies: readonly string[],
  { about = "true", listed = [] as readonly string[], examples = ["sales"] as readonly string[] } = {},
): {
  readonly all: Abstraction;
  others(example: Example, ...names: readonly string[]): readonly Dimension[];
} {
  const files = ruleFiles({});
  for (const path of files.keys()) if (path.startsWith("schemas/resources/")) files.delete(path);
  const add = (path: string, text: string) => files.set(path, bytes(text));
  add("schemas/resources/acme.ledger.schema.json", resourceType({}, examples));
  add(
    "schemas/resources/acme.report.schema.json",
    resourceType({ year: { type: "string" }, pages: { type: "array", examples: [["1"]] } }),
  );
  const head = "apiVersion: grantbox/v1\nkind:";
  for (const [index, text] of policies.entries()) {
    const name = `p${index}`;
    add(
      `policies/${name}.yaml`,
      `${head} ApproverPolicy\nname: ${name}\ndescription: One.\n${owners}${text}`,
    );
  }
  const entries = listed.map((one) => `  - { ${one}, labels: { environment: prod } }\n`);
  add(
    "policies/catalog.yaml",
    `${head} ResourceCatalog\nresources:${entries.length > 0 ? "\n" : " []"}${entries.join("")}`,
  );
  const under = loaded(files);
  const all = abstractionOf(under, about);
  return {
    all,
    others: (example, ...names) =>
      all.otherDimensions(
        example,
        under.rules.policies.filter(({ name }) => names.includes(name)),
      ),
  };
}

/** Each dimension as the field that it changes, and what the field becomes. */
function tried(
  example: Example,
  dimensions: readonly Dimension[],
): readonly (readonly [string, ...unknown[]])[] {
  return dimensions.map((changes) => {
    const made = changes.map((change): Readonly<Record<string, unknown>> => ({ ...change(example) }));
    const before: Readonly<Record<string, unknown>> = { ...example };
    const field = Object.keys(before).find((name) => made.some((one) => one[name] !== before[name])) ?? "";
    return [field, ...made.map((one) => one[field])];
  });
}

const report: Example = {
  requester: "somebody",
  subject: "somebody",
  case: { system: "support", id: "1" },
  resource: { type: "acme.report", id: "tbmft" },
  actions: ["read"],
  scope: {},
  justification: "Needed to find out what the case is about.",
  duration: 60_000,
  emergency: false,
  locations: [],
  networks: [],
  mfa: false,
};

describe("the resources", () => {
  it("of each type, one that no rule names, with what its schema shows", () => {
    const { resources } = abstraction([]).all;
    expect(resources).toEqual([
      { ...report, resource: { type: "acme.ledger", id: "samft" } },
      { ...report, resource: { type: "acme.report", id: "samft" } },
    ]);
  });

  it("are asked for with as many words as the strictest policy wants", () => {
    const { resources } = abstraction(["limits: { minJustification: 60 }\n", ""]).all;
    expect(resources.map(({ justification }) => justification)).toEqual(
      resources.map(
        () => "Needed to find out what the case is about. Needed to find out what the case is about.",
      ),
    );
  });

  it("that the catalog lists for a type, and for every type those that rules name", () => {
    const { resources } = abstraction(['match: { resource.id: ["pre-*", payroll] }\n'], {
      listed: ['type: acme.ledger, id: "*-x"', "type: acme.report, id: costs"],
    }).all;
    expect(resources.map(({ resource: { type, id } }) => `${type} ${id}`)).toEqual([
      "acme.ledger zq0-x",
      "acme.ledger pre-zq0",
      "acme.ledger payroll",
      "acme.ledger samft",
      "acme.report costs",
      "acme.report pre-zq0",
      "acme.report payroll",
      "acme.report samft",
    ]);
  });

  it("of a type whose schema shows no id are those that are listed alone", () => {
    const { all } = abstraction([], { examples: [], listed: ["type: acme.ledger, id: costs"] });
    expect(all.resources.map(({ resource: { type, id } }) => `${type} ${id}`)).toEqual([
      "acme.ledger costs",
      "acme.report samft",
    ]);
  });
});

const breakGlass =
  "emergency: { count: 1, from: { teams: [oncall] }, maxDuration: PT1H, reviewWithin: P1D }\n";

describe("which policies apply hangs on", () => {
  it.each<[string, readonly string[], string, readonly string[]]>([
    ["nothing, where no policy asks", ["", "limits: { maxDuration: PT1H }\n"], "true", []],
    [
      "what `match` and `when` look at",
      ["match: { subject: carol }\n", "when: emergency\n"],
      "true",
      ["subject", "emergency"],
    ],
    ["what the question looks at", [""], "constraints.mfa", ["mfa"]],
    ["whether it is an emergency, where a policy has a way for one", ["", breakGlass], "true", ["emergency"]],
  ])("%s", (_, policies, about, fields) => {
    const { all } = abstraction(policies, { about });
    expect(tried(report, all.dimensions(report)).map(([field]) => field)).toEqual(fields);
    expect(all.unclear).toEqual([]);
  });
});

describe("what is refused hangs on", () => {
  it("the limits of the policies that apply, beside what decides which they are", () => {
    const { others } = abstraction([
      'limits: { actions: [read], locations: [DE], scope: { year: ["20*"] }, minDuration: PT2M, maxDuration: PT1H }\n',
      "match: { constraints.locations: SE }\n",
    ]);
    expect(tried(report, others(report, "p0"))).toEqual([
      ["duration", 60_000, 119_000, 120_000, 121_000, 3_599_000, 3_600_000, 3_601_000],
      ["actions", ["read"], ["write"]],
      ["locations", [], ["SE"], ["SE", "DE"], ["SE", "ZZ"], ["DE"], ["DE", "ZZ"], ["ZZ"]],
      ["scope", {}, { year: "20zq0" }, { year: "zq0" }],
    ]);
    expect(tried(report, others(report, "p1"))).toEqual([]);
  });

  it("every field of the scope, where one of the policies wants it narrow", () => {
    const { others } = abstraction(["limits: { narrow: true }\n", ""]);
    expect(tried(report, others(report, "p0", "p1"))).toEqual([
      ["scope", {}, { year: "zq0" }],
      ["scope", {}, { pages: ["1"] }, { pages: [] }, { pages: ["2"] }],
    ]);
    expect(tried(report, others(report, "p1"))).toEqual([]);
  });

  it("what their denials look at", () => {
    const { others } = abstraction(["deny: [{ when: constraints.mfa, message: No. }]\n"]);
    expect(tried(report, others(report, "p0"))).toEqual([["mfa", false, true]]);
  });
});

describe("what examples cannot tell", () => {
  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    [
      "is not: globs that cross where all values there are get tried",
      ['match: { resource.labels.owner: ["a*", "*b"], resource.type: ["acme.*", "*.report"] }\n'],
      [],
      [],
    ],
    [
      "is not: actions and countries",
      ['match: { access.actions: ["r*", "*d"], constraints.locations: ["D*", "*E"] }\n'],
      [],
      [],
    ],
    [
      "is: globs of any other field that cross",
      ['match: { subject: ["a*", "*b"], access.scope.year: ["c*", "*d"] }\n'],
      [],
      ["`a*` and `*b` may match the same", "`c*` and `*d` may match the same"],
    ],
    [
      "is: globs of networks",
      ['match: { constraints.networks: "10.*" }\n'],
      [],
      ["`10.*` is no network, and which ones it matches cannot be told"],
    ],
    [
      "is: globs of ids that cross one another or one of the catalog, each said once",
      ['match: { resource.id: ["a-*", "*-b"] }\n'],
      [],
      ["`a-*` and `*-b` may match the same"],
    ],
    [
      "is: globs of the catalog that cross within a type",
      [],
      ['type: acme.ledger, id: "a-*"', 'type: acme.ledger, id: "*-b"', 'type: acme.report, id: "a-*"'],
      ["`a-*` and `*-b` may match the same"],
    ],
    [
      "is not: globs of the catalog of several types",
      [],
      ['type: acme.ledger, id: "a-*"', 'type: acme.report, id: "*-b"', 'type: acme.nothing, id: "*-c"'],
      [],
    ],
    [
      "is: a glob of the catalog that fits no id of its type; an id is tried as it stands",
      [],
      ['type: acme.ledger, id: "A/*"', "type: acme.ledger, id: B"],
      ["no schema takes `A/zq0`, which would be an example of `A/*`"],
    ],
    ["is not: a type that has no schema", [], ['type: acme.nothing, id: "a-*"'], []],
  ])("%s", (_, policies, listed, unclear) => {
    expect(abstraction(policies, { listed }).all.unclear).toEqual(unclear);
  });
});
