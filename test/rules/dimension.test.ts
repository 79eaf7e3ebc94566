import { describe, expect, it } from "vitest";
import { dimensionsOf, type Example, unlike } from "../../src/rules/dimension.ts";
import { LooksGatherer } from "../../src/rules/looks.ts";
import type { ResourceExamples } from "../../src/rules/schema.ts";

const plain: Example = {
  requester: "alice",
  subject: "alice",
  case: { system: "jira", id: "9" },
  resource: { type: "azure.sql", id: "crm" },
  actions: ["read"],
  scope: { kept: true, tables: "old" },
  justification: "because",
  emergency: false,
  duration: 3_600_000,
  locations: [],
  networks: [],
  mfa: false,
};

const field = (isList: boolean, ...values: ResourceExamples["fields"][string]["values"]) => ({
  isList,
  values,
});

/** What becomes of an example along the dimensions of an expression, as far as one part of it goes. */
function tried(
  text: string,
  part: (example: Example) => unknown,
  tables: ResourceExamples["fields"][string] = field(false),
) {
  const gatherer = new LooksGatherer();
  gatherer.expression(text);
  const { fields } = gatherer.looks();
  const dimensions = dimensionsOf(fields, ["read", "write", "list"], {
    id: null,
    scope: {},
    fields: { tables },
  });
  return dimensions.map((changes) => changes.map((change) => part(change(plain))));
}

describe("what a field is tried with", () => {
  it.each<[string, (example: Example) => unknown, readonly unknown[]]>([
    ['requester == "carol"', ({ requester }) => requester, ["somebody", "carol", "somebpez"]],
    ['subject in ["somebody"]', ({ subject }) => subject, ["somebody", "somebpez"]],
    [
      'case.system == "zendesk"',
      (example) => example.case,
      [
        { system: "support", id: "9" },
        { system: "zendesk", id: "9" },
        { system: "supppsu", id: "9" },
      ],
    ],
    [
      'case.id == "7"',
      (example) => example.case,
      [
        { system: "jira", id: "1" },
        { system: "jira", id: "7" },
        { system: "jira", id: "2" },
      ],
    ],
    [
      'has(case.url) && case.url == "https://acme.example/7"',
      (example) => example.case.url,
      ["https://support.example/1", "https://acme.example/7", "https://support.example/2"],
    ],
    ["has(case.severity)", (example) => example.case.severity, [undefined, 1, 2, 3, 4]],
    [
      'justification == "urgent"',
      ({ justification }) => justification,
      ["because", "zq0", "zq0 because", "urgent", "urgent because"],
    ],
    ["emergency", ({ emergency }) => emergency, [false, true]],
    ["constraints.mfa", ({ mfa }) => mfa, [false, true]],
    ['duration > duration("4h")', ({ duration }) => duration, [60_000, 14_399_000, 14_400_000, 14_401_000]],
    ['duration > duration("0s")', ({ duration }) => duration, [1000, 60_000]],
    ['duration > duration("1500ms")', ({ duration }) => duration, [1000, 2000, 60_000]],
    ['"read" in access.actions', ({ actions }) => actions, [["read"], ["write"]]],
    ["access.actions.size() > 1", ({ actions }) => actions, [["read"], ["read", "write"], ["write"]]],
    [
      '"DE" in constraints.locations || "Atlantis" in constraints.locations',
      ({ locations }) => locations,
      [[], ["DE"], ["DE", "ZZ"], ["ZZ"]],
    ],
    [
      '"10.8.0.0/16" in constraints.networks',
      ({ networks }) => networks,
      [[], ["10.8.0.0/16"], ["192.0.2.0/32"]],
    ],
    [
      "constraints.networks.size() > 1",
      ({ networks }) => networks,
      [[], ["192.0.2.0/32"], ["192.0.2.0/32", "192.0.2.1/32"], ["192.0.2.1/32"]],
    ],
  ])("by %s", (text, part, values) => {
    expect(tried(text, part)).toStrictEqual([values]);
  });

  it("is as many values as are too many, where there are so many", () => {
    const gatherer = new LooksGatherer();
    gatherer.expression(
      'access.actions.size() > 2 && "a" in access.scope.tables && "x" in access.scope.tables',
    );
    const { fields } = gatherer.looks();
    const examples = { id: null, scope: {}, fields: { tables: field(true, ["a"]) } };
    const numbers = (tooMany?: number) =>
      dimensionsOf(fields, ["read", "write", "list"], examples, tooMany).map(({ length }) => length);
    expect(numbers()).toEqual([7, 8]);
    expect(numbers(5)).toEqual([5, 5]);
  });

  it("is nothing where no rule looks at it, or where it is the resource", () => {
    expect(tried('resource.id == "crm"', (example) => example)).toEqual([]);
  });

  const compared = 'has(access.scope.tables) && access.scope.tables == "crm.a"';
  const counted = "access.scope.tables.size() > 1";
  const left = { kept: true };

  it.each<[string, string, ResourceExamples["fields"][string], readonly unknown[]]>([
    ["that are no list", compared, field(false, "logs.x1"), ["logs.x1", "crm.a", "logs.y2"]],
    ["that have no example", compared, field(false), ["crm.a", "zq0"]],
    ["of which no example is a text", compared, field(false, true, 4), [true, 4, "crm.a", "zq0"]],
    ["that are a list", compared, field(true, ["a", "b"], ["a"]), [["a", "b"], ["a"], [], ["b"], ["crm.a"]]],
    [
      "that are counted",
      counted,
      field(true, ["a"]),
      [["a"], [], ["a", "b"], ["a", "c"], ["b"], ["b", "c"], ["c"]],
    ],
  ])("of a scope is left out, or one of those %s", (_, text, tables, values) => {
    expect(tried(text, ({ scope }) => scope, tables)).toStrictEqual([
      [left, ...values.map((value) => ({ ...left, tables: value }))],
    ]);
  });
});

describe("a text of the same form", () => {
  it.each<[string, number, string]>([
    ["somebody", 0, "somebpez"],
    ["somebody", 1, "somebqfa"],
    ["a1z9", 0, "a2a0"],
    ["a1z9", 2, "a4c2"],
    ["x", 0, "y"],
    ["logs-9/*", 0, "logs-0/*"],
    ["ABC", 0, "ABC"],
    ["", 0, ""],
  ])("as %j is, number %d, has its last letters and digits moved on: %j", (text, index, other) => {
    expect(unlike(text, index)).toBe(other);
  });
});
