import { describe, expect, it } from "vitest";
import type { Lint } from "../../src/rules/lint-check.ts";
import {
  constantExpression,
  denyAlways,
  mayOverlap,
  unknownValue,
  unreachablePolicy,
} from "../../src/rules/lint-match.ts";
import { foundBy, loaded, policyFiles, policyText, ruleFiles } from "./rule-files.ts";

const catalog = `apiVersion: grantbox/v1
kind: ResourceCatalog
resources:
  - { type: ssh.host, id: "web-*", labels: { environment: prod, classification: internal } }
  - { type: azure.sql, id: "7", labels: { environment: prod, classification: pii } }
`;

/** A table of what one check says of a policy that has something of its own. */
function table(
  check: Lint,
  rows: readonly (readonly [name: string, more: string, found: readonly string[]])[],
) {
  describe(check.name, () => {
    it.each(rows)("%s", (_, more, found) => {
      expect(foundBy(check, { "policies/catalog.yaml": catalog, ...policyFiles({ a: more }) })).toEqual(
        found,
      );
    });
  });
}

const never = (at: string) => [
  `POLICY_NEVER_MATCHES policies/a.yaml:${at} no resource that there is fits all of \`match\` of \`a\``,
];
const neverTrue = (at: string) => [
  `POLICY_NEVER_MATCHES policies/a.yaml:${at} \`when\` of \`a\` is true for no request that fits its \`match\``,
];

table(unreachablePolicy, [
  ["no match and no when", "", []],
  ["a type that has a schema and nothing in the catalog", "match: { resource.type: azure.vm }\n", []],
  ["a glob that some type fits", 'match: { resource.type: "*.vm" }\n', []],
  ["a type that no schema has", "match: { resource.type: mainframe }\n", never("7:1")],
  ["a value that is no text, of what is text", "match: { resource.type: 7 }\n", never("7:1")],
  ["an id of the catalog, as a number", "match: { resource.listed: true, resource.id: [7, 8] }\n", []],
  [
    "an id that nothing of the catalog has",
    "match: { resource.listed: true, resource.id: 8 }\n",
    never("7:1"),
  ],
  [
    "an id of the catalog that is of another type",
    "match: { resource.listed: true, resource.id: 7, resource.type: ssh.host }\n",
    never("7:1"),
  ],
  ["an id that is not listed", "match: { resource.listed: false, resource.id: 8 }\n", []],
  ["whether it is listed or not", "match: { resource.listed: [false, true] }\n", []],
  ["actions of the type", "match: { resource.type: ssh.host, access.actions: [select, login] }\n", []],
  ["an action of another type", "match: { resource.type: ssh.host, access.actions: select }\n", never("7:1")],
  ["a label of the catalog", "match: { resource.labels.classification: p*i }\n", []],
  ["a label that nothing has", "match: { resource.labels.tier: gold }\n", never("7:1")],
  ["a value that a label never has", "match: { resource.labels.environment: dev }\n", never("7:1")],
  [
    "labels of two resources",
    "match: { resource.labels.classification: pii, resource.type: ssh.* }\n",
    never("7:1"),
  ],
  [
    "what no resource decides",
    "match: { requester: alice, case.severity: 1, access.scope.tables: a, emergency: true }\n",
    [],
  ],
  [
    "alternatives of which one can be",
    "match: { anyOf: [{ resource.type: mainframe }, { resource.type: azure.sql, resource.labels.classification: pii }] }\n",
    [],
  ],
  [
    "alternatives of which a part can be",
    "match: { anyOf: [{ resource.type: azure.sql, resource.labels.classification: internal }] }\n",
    never("7:1"),
  ],
  ["a when that is true for some", "when: emergency\n", []],
  ["a when that fails for some", "when: case.severity <= 2\n", []],
  ["a when that is true for none", "when: emergency && !emergency\n", neverTrue("7:7")],
  ["a when that fails for some and is never true", "when: case.severity > 4\n", []],
  ["a when that match contradicts", "match: { emergency: true }\nwhen: '!emergency'\n", neverTrue("8:7")],
  [
    "a when about some of the requests that match leaves",
    "match: { emergency: true, anyOf: [{ subject: alice }, { subject: bob }] }\nwhen: 'emergency && subject == \"alice\"'\n",
    [],
  ],
  [
    "a match that fits nothing, and a when besides",
    "match: { resource.type: mainframe }\nwhen: emergency && !emergency\n",
    never("7:1"),
  ],
]);

it("a policy without match is not blamed where there is no resource at all", () => {
  const files = [...ruleFiles(policyFiles({ a: "" }))].filter(
    ([path]) => !path.startsWith("schemas/resources/"),
  );
  const subject = { ...loaded(new Map(files)), organization: null, teams: null };
  expect(unreachablePolicy.check(subject)).toEqual({ findings: [], undecided: [] });
});

const deny = (...texts: readonly string[]) =>
  `deny:\n${texts.map((text) => `  - { when: '${text}', message: no }\n`).join("")}`;
const alwaysTrue = (at: string) =>
  `EXPRESSION_CONSTANT policies/a.yaml:${at} \`when\` of \`a\` is true for every request that fits its \`match\``;
const deniesNothing = (at: string) =>
  `EXPRESSION_CONSTANT policies/a.yaml:${at} this denial of \`a\` is true for no request that the policy matches`;

table(constantExpression, [
  ["no expression", "", []],
  ["a when and a denial that are true for some", `when: emergency\n${deny('subject == "eve"')}`, []],
  ["a when that is true for all", "when: emergency || !emergency\n", [alwaysTrue("7:7")]],
  ["a when that fails for some, and is true otherwise", "when: case.severity >= 1\n", []],
  ["a when that is never true", "when: emergency && !emergency\n", []],
  ["a when that match implies", "match: { emergency: true }\nwhen: emergency\n", [alwaysTrue("8:7")]],
  [
    "expressions under lines of match that nothing fits",
    `match: { resource.listed: false, resource.labels.environment: prod }\nwhen: emergency\n${deny("emergency")}`,
    [],
  ],
  [
    "denials that are true for none",
    deny("emergency && !emergency", "emergency", '"a" == "b"'),
    [deniesNothing("8:13"), deniesNothing("10:13")],
  ],
  ["a denial that when leaves nothing to", `when: emergency\n${deny("!emergency")}`, [deniesNothing("9:13")]],
  [
    "a denial that when leaves nothing to, unless it fails",
    `when: case.severity == 1\n${deny("case.severity == 2")}`,
    [deniesNothing("9:13")],
  ],
  [
    "a denial that match leaves nothing to",
    `match: { emergency: true }\n${deny("!emergency")}`,
    [deniesNothing("9:13")],
  ],
  ["a denial that fails for some", deny("case.severity > 4"), []],
  ["a denial that is true for all", deny("emergency || !emergency"), []],
]);

const deniesAll = (at: string) => [
  `POLICY_DENIES_ALWAYS policies/a.yaml:${at} \`a\` matches no request that it does not deny`,
];

table(denyAlways, [
  ["no denial", "when: emergency\n", []],
  ["a denial of some", deny("emergency"), []],
  [
    "a denial of all, after one of some",
    deny('subject == "eve"', "emergency || !emergency"),
    deniesAll("9:13"),
  ],
  ["two denials of all", deny("true", "emergency || !emergency"), deniesAll("8:13")],
  ["a denial of all that when leaves", `when: emergency\n${deny("emergency")}`, deniesAll("9:13")],
  [
    "a denial of all that match leaves",
    `match: { emergency: true }\n${deny("emergency")}`,
    deniesAll("9:13"),
  ],
  ["a denial that fails for some", deny("case.severity >= 1"), []],
  ["a denial that cannot be decided", deny('subject.startsWith("a")'), []],
  [
    "a denial under lines of match that nothing fits",
    `match: { resource.listed: false, resource.labels.environment: prod }\n${deny("true")}`,
    [],
  ],
]);

it("an expression that cannot be decided is named once, where it stands", () => {
  const texts = policyFiles({
    a: `when: 'subject.startsWith("a")'\n${deny("requester == subject", "emergency")}`,
    b: "",
  });
  const subject = { ...loaded(ruleFiles(texts)), organization: null, teams: null };
  const undecidedBy = (check: Lint) => {
    const result = check.check(subject);
    if (!("undecided" in result)) throw new Error("it decides everything");
    expect(result.findings).toEqual([]);
    return result.undecided.map(({ at, because }) => `${at.file}:${at.line}:${at.column} ${because}`);
  };
  expect(undecidedBy(unreachablePolicy)).toEqual(["policies/a.yaml:7:7 it calls `startsWith`"]);
  expect(undecidedBy(constantExpression)).toEqual([
    "policies/a.yaml:9:13 it calls `startsWith`",
    "policies/a.yaml:10:13 it calls `startsWith`",
  ]);
});

const unknown = (value: string, column: number, hint = "") =>
  `POLICY_VALUE_UNKNOWN policies/a.yaml:7:${column} nothing has \`${value}\`${hint === "" ? "" : ` | did you mean \`${hint}\`?`}`;

table(unknownValue, [
  ["what is known", 'match: { resource.type: [azure.sql, "ssh.*"], access.actions: select }\n', []],
  ["what no schema and no entry decides", "match: { subject: alcie, access.scope.tables: a }\n", []],
  [
    "a type near a known one, beside a known one",
    "match: { resource.type: [azure.sql, azure.sqll] }\n",
    [unknown("resource.type: azure.sqll", 10, "azure.sql")],
  ],
  [
    "a type near none, beside a known one",
    "match: { resource.type: [azure.sql, mainframe] }\n",
    [unknown("resource.type: mainframe", 10)],
  ],
  [
    "an action near none, beside a known one",
    "match: { access.actions: [select, frobnicate] }\n",
    [unknown("access.actions: frobnicate", 10)],
  ],
  [
    "an action near a known one",
    "match: { access.actions: selct }\n",
    [unknown("access.actions: selct", 10, "select")],
  ],
  [
    "values that are no text",
    "match: { access.actions: [7, true] }\n",
    [unknown("access.actions: 7", 10), unknown("access.actions: true", 10)],
  ],
  [
    "a label that may come, beside one that is there",
    "match: { resource.labels.classification: [pii, confidential] }\n",
    [],
  ],
  [
    "a label near one that is there, beside it",
    "match: { resource.labels.environment: [prod, prd] }\n",
    [unknown("resource.labels.environment: prd", 10, "prod")],
  ],
  [
    "labels of which none is there",
    "match: { resource.labels.classification: [confidential, secret] }\n",
    [
      unknown("resource.labels.classification: confidential", 10),
      unknown("resource.labels.classification: secret", 10),
    ],
  ],
  [
    "a label that no entry has",
    "match: { resource.labels.tier: gold }\n",
    [unknown("resource.labels.tier: gold", 10)],
  ],
  [
    "lines inside alternatives, also of alternatives",
    "match: { anyOf: [{ emergency: true, resource.type: x }, { anyOf: [{ access.actions: read }, { resource.labels.tier: y }] }] }\n",
    [unknown("resource.type: x", 37), unknown("resource.labels.tier: y", 95)],
  ],
]);

describe("two policies may match one request", () => {
  const policies = (one: string, other: string) =>
    loaded(ruleFiles({ "policies/a.yaml": policyText("a", one), "policies/b.yaml": policyText("b", other) }))
      .rules.policies;

  it.each<[string, string, string, boolean]>([
    ["where neither says anything", "", "", true],
    ["where they match different fields", "match: { subject: a }\n", "match: { requester: b }\n", true],
    ["where they match the same value", "match: { subject: [a, b] }\n", "match: { subject: [c, B] }\n", true],
    ["where their globs meet", 'match: { resource.id: "a*" }\n', 'match: { resource.id: "*b" }\n', true],
    [
      "not where their globs never meet",
      'match: { resource.id: "a*" }\n',
      'match: { resource.id: "b*" }\n',
      false,
    ],
    [
      "not where they match different values",
      "match: { subject: [a, b] }\n",
      "match: { subject: c }\n",
      false,
    ],
    [
      "not where one of two lines differs",
      "match: { requester: a, subject: a }\n",
      "match: { requester: a, subject: b }\n",
      false,
    ],
    [
      "where one request has both items",
      "match: { access.actions: read }\n",
      "match: { access.actions: write }\n",
      true,
    ],
    [
      "not where an alternative differs",
      "match: { anyOf: [{ subject: a }, { subject: b }] }\n",
      "match: { subject: c }\n",
      false,
    ],
    [
      "where an alternative is the same",
      "match: { anyOf: [{ subject: a }, { subject: b }] }\n",
      "match: { subject: b }\n",
      true,
    ],
    ["not where their whens exclude each other", "when: emergency\n", "when: '!emergency'\n", false],
    ["where their whens can be true at once", "when: emergency\n", "when: constraints.mfa\n", true],
    ["not where a when fails or is false", "when: case.severity > 4\n", "", false],
    [
      "not where a when leaves nothing of a match",
      "when: emergency\n",
      "match: { emergency: false }\n",
      false,
    ],
    ["as far as can be told of a when", 'when: subject.startsWith("a")\n', "when: emergency\n", true],
    [
      "not where they match different values, whatever can be told of a when",
      'match: { subject: a }\nwhen: subject.startsWith("a")\n',
      "match: { requester: c, subject: b }\n",
      false,
    ],
    [
      "where they match one list, as far as can be told of a when",
      'match: { access.actions: a }\nwhen: subject.startsWith("a")\n',
      "match: { access.actions: b }\n",
      true,
    ],
  ])("%s", (_, one, other, wanted) => {
    const [first, second] = policies(one, other);
    if (first === undefined || second === undefined) throw new Error("there are two");
    expect(mayOverlap(first, second)).toBe(wanted);
    expect(mayOverlap(second, first)).toBe(wanted);
  });
});
