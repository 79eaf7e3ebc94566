import { describe, expect, it } from "vitest";
import type { MatchClause } from "../../src/domain/policy.ts";
import { type Look, LooksGatherer, lookAt, mayBeList, scopeFieldIn } from "../../src/rules/looks.ts";

type Compared = Look["comparisons"][number]["values"];

/** What some expressions look at, by field, and why the rest cannot be told. */
function looksOf(...texts: readonly string[]) {
  const gatherer = new LooksGatherer();
  for (const text of texts) gatherer.expression(text);
  const { fields, unclear } = gatherer.looks();
  return { fields: Object.fromEntries(fields), unclear: Object.fromEntries(unclear) };
}

const equal = (...all: readonly Compared[]) => all.map((values) => ({ values, isGlob: false }));
const present: Look = { comparisons: [], form: "any", items: 0, many: 1 };
const value = (...all: readonly Compared[]): Look => ({
  ...present,
  comparisons: equal(...all),
  form: "value",
});
const list = (items: number, many: number, ...all: readonly Compared[]): Look => ({
  comparisons: equal(...all),
  form: "list",
  items,
  many,
});

describe("what an expression looks at", () => {
  it.each<[string, Readonly<Record<string, Look>>]>([
    ["true", {}],
    ['"read" == "write" || 1 > 2 || "read" in ["write"]', {}],
    ["!emergency", { emergency: value([true]) }],
    ['subject == "alice"', { subject: value(["alice"]) }],
    ['"alice" != subject', { subject: value(["alice"]) }],
    ['subject in ["alice", "bob"]', { subject: value(["alice", "bob"]) }],
    ['duration > duration("1h") || duration <= duration("2m")', { duration: value([3_600_000], [120_000]) }],
    ["has(case.severity) && case.severity >= 2 && 4 != case.severity", { "case.severity": value([2], [4]) }],
    [
      'constraints.mfa ? emergency : resource.type == "azure.vm"',
      { "constraints.mfa": value([true]), emergency: value([true]), "resource.type": value(["azure.vm"]) },
    ],
    ["has(case.url)", { "case.url": present }],
    ["has(access.scope.owner)", { "access.scope.owner": present }],
    [
      '"gold" in resource.labels || "rows" in access.scope',
      { "resource.labels.gold": present, "access.scope.rows": present },
    ],
    [
      'access.scope["rows"] == 3 && access.scope["full"]',
      { "access.scope.rows": value([3]), "access.scope.full": value([true]) },
    ],
    ['"a" in access.scope.paths', { "access.scope.paths": list(1, 1, ["a"]) }],
    [
      'access.scope.paths == "a" && "a" in access.scope.paths',
      { "access.scope.paths": list(1, 1, ["a"], ["a"]) },
    ],
    [
      '"a" in access.scope.paths && access.scope.paths == "a"',
      { "access.scope.paths": list(1, 1, ["a"], ["a"]) },
    ],
    ["access.actions.exists(one, true)", { "access.actions": list(1, 1) }],
    ['access.actions.all(one, one != "read")', { "access.actions": list(1, 1, ["read"]) }],
    ['access.actions.exists(one, one in ["a", "b"])', { "access.actions": list(1, 1, ["a", "b"]) }],
    ['access.actions.exists(subject, subject == "a")', { "access.actions": list(1, 1, ["a"]) }],
    ["access.scope.paths.exists(one, one)", { "access.scope.paths": list(1, 1, [true]) }],
    ['access.actions.exists_one(one, one == "read")', { "access.actions": list(2, 2, ["read"]) }],
    [
      'access.actions.exists_one(one, one == "a") && "b" in access.actions',
      { "access.actions": list(3, 2, ["a"], ["b"]) },
    ],
    ["size(access.actions) <= 3", { "access.actions": list(4, 4) }],
    ["constraints.networks.size() == 0", { "constraints.networks": list(1, 1) }],
    ["[1, 3, 2].exists(most, constraints.locations.size() > most)", { "constraints.locations": list(4, 4) }],
    ['["a", "b"].exists(one, one == "a")', {}],
    ['["a", "b"].exists(one, one == subject)', { subject: value(["a"], ["b"]) }],
    ['["a", "b"].all(one, one in access.actions)', { "access.actions": list(2, 1, ["a"], ["b"]) }],
    [
      '["a", "b"].all(one, one in resource.labels)',
      {
        "resource.labels.a": present,
        "resource.labels.b": present,
      },
    ],
  ])("%s", (text, fields) => {
    expect(looksOf(text)).toEqual({ fields, unclear: {} });
  });

  it.each<[string, string, number]>([
    [
      "once for each constant of the loop around it",
      '["a", "b"].all(x, access.actions.exists(y, y == x))',
      2,
    ],
    [
      "for each pair of constants of two loops around it",
      '["a", "b", "c"].all(x, ["d", "e"].all(z, access.actions.exists(y, y == x || y == z)))',
      6,
    ],
    ["of two items each time", '["a", "b"].all(x, access.actions.exists_one(y, y == x))', 4],
    [
      "once where only items are gone through around it",
      'constraints.networks.all(x, access.actions.all(y, y == "a"))',
      1,
    ],
  ])("items are asked for %s", (_, text, items) => {
    expect(looksOf(text).fields["access.actions"]?.items).toBe(items);
  });

  it("is told of all expressions together", () => {
    expect(looksOf('subject == "a"', "emergency", 'subject in ["b"]')).toEqual({
      fields: { subject: value(["a"], ["b"]), emergency: value([true]) },
      unclear: {},
    });
  });
});

describe("what cannot be told of an expression", () => {
  it.each<[string, string, Readonly<Record<string, Look>>]>([
    ["subject ==", "the expression ends too early", {}],
    ['subject.startsWith("a")', "it calls `startsWith`", {}],
    ["access.scope.a + access.scope.b", "it calls `+`", {}],
    ['matches(subject, "^a")', "it calls `matches`", {}],
    ["requester == subject", "it compares two fields with one another", {}],
    ["subject in access.actions", "it compares two fields with one another", {}],
    ['access.actions[0] == "read"', "it looks at an item by its place", {}],
    ["subject == access.actions[0]", "it looks at an item by its place", {}],
    ["access.actions[0] in constraints.locations", "it looks at an item by its place", {}],
    ['subject + "a" == "b"', "it compares more than fields and constants", {}],
    ['"a" in [subject]', "it compares more than fields and constants", {}],
    ["notBefore != null", "it compares more than fields and constants", {}],
    ['"b" > subject', "it compares texts by their order", {}],
    ['[1, "b"].exists(one, access.scope.rows < one)', "it compares texts by their order", {}],
    ['["b"].exists(one, subject < one)', "it compares texts by their order", {}],
    ["notBefore == 3", "it looks at `notBefore`", {}],
    ['access.scope.owner.name == "alice"', "it looks at `access.scope.owner.name`", {}],
    ["has(resource.labels)", "it looks at `resource.labels`", {}],
    ["subject.size() > 40", "it goes through `subject`", {}],
    ["resource.labels.exists(name, emergency)", "it goes through `resource.labels`", {}],
    ['["a"].exists(one, one.size() == 2)', "it looks into the items of a list", {}],
    ["[true].exists(one, one)", "it looks into the items of a list", {}],
    ['access.scope.all(one, "a" in one)', "it goes through `access.scope`", {}],
    [
      'access.scope.owners.exists(one, one.name == "a")',
      "it looks into the items of a list",
      { "access.scope.owners": list(1, 1) },
    ],
    [
      'access.scope.owners.exists(one, "a" in one)',
      "it goes through `access.scope.owners`",
      { "access.scope.owners": list(1, 1) },
    ],
    ["access.actions.size() > 4", "it counts further than 3", { "access.actions": list(5, 5) }],
    [
      'access.actions.map(one, one).exists(one, one == "a") && subject == "a"',
      "it compares more than fields and constants",
      { subject: value(["a"]) },
    ],
    [
      'emergency && subject.startsWith("a") && matches(subject, "^a")',
      "it calls `startsWith`",
      { emergency: value([true]) },
    ],
  ])("%s: %s", (text, because, fields) => {
    expect(looksOf(text)).toEqual({ fields, unclear: { [text]: because } });
  });
});

describe("what lines of match look at", () => {
  const at = { file: "policies/a.yaml", line: 7, column: 1 };
  const line = (field: string, ...values: Compared): MatchClause => ({ field, test: "any", values, at });

  it("is each line, also inside alternatives", () => {
    const gatherer = new LooksGatherer();
    gatherer.match([
      line("subject", "alice", "b*"),
      { anyOf: [[line("subject", "eve")], [line("emergency", true), line("access.actions", "read")]], at },
    ]);
    gatherer.expression('"write" in access.actions && subject == "bob"');
    const { fields, unclear } = gatherer.looks();
    const globs = (...values: Compared) => ({ values, isGlob: true });
    expect(Object.fromEntries(fields)).toEqual({
      subject: {
        comparisons: [globs("alice", "b*"), globs("eve"), ...equal(["bob"])],
        form: "value",
        items: 2,
        many: 1,
      },
      emergency: { comparisons: [globs(true)], form: "any", items: 1, many: 1 },
      "access.actions": {
        comparisons: [globs("read"), ...equal(["write"])],
        form: "list",
        items: 2,
        many: 1,
      },
    });
    expect(unclear.size).toBe(0);
  });
});

it("a field that no rule looks at may be anything", () => {
  const gatherer = new LooksGatherer();
  gatherer.expression("emergency");
  expect(lookAt(gatherer.looks(), "emergency")).toEqual(value([true]));
  expect(lookAt(gatherer.looks(), "subject")).toEqual(present);
});

it.each<[string, boolean, string | null]>([
  ["access.actions", true, null],
  ["constraints.locations", true, null],
  ["constraints.networks", true, null],
  ["subject", false, null],
  ["access.scope", false, null],
  ["access.scope.paths", true, "paths"],
  ["access.scope.", false, null],
  ["access.scope.owner.name", false, null],
  ["resource.labels.access.scope.paths", false, null],
])("whether %s may be a list, and its name inside the scope", (field, isList, name) => {
  expect(mayBeList(field)).toBe(isList);
  expect(scopeFieldIn(field)).toBe(name);
});
