import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clauseMatches, type MatchClause, type MatchValue } from "../../src/domain/policy.ts";
import { minutes } from "../../src/domain/time.ts";
import type { RequestView } from "../../src/domain/view.ts";
import { compileExpression } from "../../src/rules/expression.ts";
import { finiteViews } from "../../src/rules/finite-views.ts";
import { positionsOfText } from "../../src/rules/yaml.ts";

function conditionOf(text: string) {
  const compiled = compileExpression(text, positionsOfText("when"), []);
  if (!compiled.ok) throw new Error(`${text} cannot be read`);
  return compiled.condition;
}

/** What an expression gives over all requests: both truth values, one of them, or that it cannot be told. */
function outcomes(text: string): readonly (boolean | string)[] {
  const found = finiteViews([text]);
  if (found.kind === "undecided") return [found.because];
  const condition = conditionOf(text);
  const values = found.views.map((view) => {
    const outcome = condition.evaluate(view);
    return outcome.ok ? outcome.value : "fails";
  });
  return [...new Set(values)].sort();
}

describe("requests enough to decide an expression", () => {
  it.each([
    'resource.labels.environment == "prod"',
    'has(resource.labels.environment) && resource.labels.environment == "prod"',
    '"residency" in resource.labels',
    "resource.listed && emergency",
    'subject in ["alice", "bob"]',
    '"read" in access.actions && "write" in access.actions && "list" in access.actions && "delete" in access.actions',
    'access.actions.exists(action, action != "logs")',
    'access.actions.all(action, action in ["read", "list"])',
    'access.actions.exists_one(action, action != "logs")',
    "access.actions.exists_one(action, true)",
    '["read", "write"].all(wanted, wanted in access.actions)',
    '["read", "write"].all(wanted, access.actions.exists(action, action == wanted))',
    "constraints.locations.size() == 2",
    "size(access.actions) > 2",
    "!has(case.severity) || case.severity > 2",
    'duration > duration("4h")',
    "!has(access.scope.redacted) || access.scope.redacted != true",
    'has(access.scope.paths) && access.scope.paths.exists(path, path == "a")',
    'resource.type == "azure.vm" ? emergency : resource.listed',
    '"alice" == subject',
    'access.scope["redacted"] == true',
    "access.scope.redacted",
    'has(resource.labels.environment) && resource.labels["environment"] == "prod"',
    '["DE", "FR"].exists(wanted, has(access.scope.country) && access.scope.country == wanted)',
    'has(case.url) && case.url == "https://support.example/1"',
    "has(case.url)",
    'justification == ""',
    "constraints.locations.size() > 0",
    'requester == "alice" && case.system == "jira" && case.id == "1" && justification == "because"',
    'constraints.mfa && constraints.networks.exists(network, network == "10.8.0.0/16")',
    "has(access.scope.rows) && access.scope.rows > 99.5",
    'constraints.locations.exists(country, !(country in ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES"]))',
  ])("find both truth values of %s", (text) => {
    expect(outcomes(text)).toEqual(expect.arrayContaining([false, true]));
  });

  it.each([
    ['subject == "alice" || subject != "alice"', true],
    ['subject == "alice" && subject == "bob"', false],
    ["access.actions.exists(action, true)", true],
    ["!resource.listed && resource.labels.exists(name, true)", "it goes through `resource.labels`"],
    ['!resource.listed && "environment" in resource.labels', false],
    ["constraints.locations.size() > 1 && constraints.locations.size() < 2", false],
    ['duration > duration("4h") && duration < duration("3h59m")', false],
    ["case.severity > 4", "fails"],
    ['"read" == "write" || 1 > 2 || "read" in ["write"]', false],
    ['["read", "write"].exists(one, one == "read") && ["read"].all(one, one in ["read"])', true],
    ['subject == "Alice"', false],
    ['duration < duration("1ms")', false],
  ] as const)("%s is always %s", (text, wanted) => {
    const found = outcomes(text);
    expect(wanted === "fails" ? found.includes(true) : found).toEqual(wanted === "fails" ? false : [wanted]);
  });

  it.each([
    ['resource.id.startsWith("prod-")', "it calls `startsWith`"],
    ["requester == subject", "it compares two fields with one another"],
    ['justification.matches("^INC")', "it calls `matches`"],
    ['access.actions[0] == "read"', "it looks at an item by its place"],
    ["access.actions.size() > 9", "it counts further than 3"],
    ["justification.size() > 40", "it goes through `justification`"],
    ['subject < "m"', "it compares texts by their order"],
    ['access.actions == ["read"]', "it compares more than fields and constants"],
    ["notBefore != null", "it compares more than fields and constants"],
    ['subject in ["alice", requester]', "it compares more than fields and constants"],
    ['duration > duration("1.5h")', "it compares more than fields and constants"],
    ["subject in access.actions", "it compares two fields with one another"],
    ['access.scope.owner.name == "alice"', "it looks at `access.scope.owner.name`"],
    ['"alice" in access.scope.owner.names', "it goes through `access.scope.owner.names`"],
    ['access.scope.owners.exists(one, one.name == "alice")', "it looks into the items of a list"],
    ['["alice"].exists(one, one.size() == 2)', "it looks into the items of a list"],
    [
      'access.scope.owners.exists(group, group.exists(one, one == "alice"))',
      "it goes through `access.scope.owners`",
    ],
    ['resource.id.startsWith("prod-") && justification.matches("^INC")', "it calls `startsWith`"],
    [
      'case.severity == 1 && duration == duration("1h") && duration == duration("2h") && subject in ["a", "b", "c", "d", "e", "f"] && requester in ["a", "b", "c", "d", "e", "f"] && emergency && resource.listed',
      "it would take more than 4096 requests to try",
    ],
    [
      'access.actions.map(one, one + "x").exists(one, one == "ax")',
      "it compares more than fields and constants",
    ],
  ])("cannot be found for %s", (text, because) => {
    expect(outcomes(text)).toEqual([because]);
  });

  /** Each field has two values here, and the two logins have four each. */
  const fields = [
    "resource.listed",
    "emergency",
    "constraints.mfa",
    ...["case.system", "case.id", "resource.type", "resource.id", "justification"].map(
      (field) => `${field} == "x"`,
    ),
    'requester in ["a", "b", "c"]',
    'subject in ["a", "b", "c"]',
  ];
  const tooMany = { kind: "undecided", because: "it would take more than 4096 requests to try" };

  it("are 4096 at the most", () => {
    const found = finiteViews(fields);
    if (found.kind === "undecided") throw new Error(found.because);
    expect(found.views).toHaveLength(4096);
    expect(finiteViews([...fields, 'subject == "d"'])).toEqual(tooMany);
  });

  it("are too many where the lists of one field alone are", () => {
    const actions = Array.from("abcdefghijklm");
    expect(finiteViews(actions.map((action) => `"${action}" in access.actions`))).toEqual(tooMany);
  });

  it("are whole ones, which have of everything else what no rule names", () => {
    const either = [true, false];
    expect(finiteViews(["resource.listed && emergency && constraints.mfa"])).toEqual({
      kind: "finite",
      views: either.flatMap((listed) =>
        either.flatMap((emergency) =>
          either.map((mfa) => ({
            requester: "~other-0",
            subject: "~other-0",
            case: { system: "~other-0", id: "~other-0" },
            resource: { type: "~other-0", id: "~other-0", listed, labels: {} },
            access: { actions: ["~other-0"], scope: {} },
            justification: "~other-0",
            duration: 3_600_000,
            emergency,
            constraints: { locations: [], networks: [], mfa },
          })),
        ),
      ),
    });
  });

  it("cannot be found for what cannot be read, and says where it ends", () => {
    expect(finiteViews(["subject =="])).toEqual({
      kind: "undecided",
      because: "the expression ends too early",
    });
  });
});

describe("requests enough for lines of match", () => {
  const at = { file: "policies/a.yaml", line: 7, column: 1 };
  const line = (field: string, ...values: readonly MatchValue[]): MatchClause => ({
    field,
    test: "any",
    values,
    at,
  });
  /** Whether some request fits all lines, and some does not. */
  const outcomesOf = (...lines: readonly MatchClause[]) => {
    const found = finiteViews([], lines);
    if (found.kind === "undecided") return found.because;
    const fits = found.views.map((view) => lines.every((one) => clauseMatches(one, view)));
    return [...new Set(fits)].sort();
  };

  it.each<[string, readonly MatchClause[]]>([
    ["a value", [line("requester", "Alice")]],
    ["a glob", [line("resource.id", "prod-*")]],
    ["a truth value", [line("resource.listed", false)]],
    ["a number", [line("case.severity", 1, 2)]],
    ["a value of a scope", [line("access.scope.container", "logs")]],
    ["a label", [line("resource.labels.environment", "prod")]],
    [
      "alternatives",
      [{ anyOf: [[line("subject", "alice")], [line("emergency", true), line("subject", "bob")]], at }],
    ],
    [
      "two lines about one list",
      [line("access.actions", "read"), { anyOf: [[line("access.actions", "write")]], at }],
    ],
  ])("find some that fit %s, and some that do not", (_, lines) => {
    expect(outcomesOf(...lines)).toEqual([false, true]);
  });

  it("of something that a glob matches, and that no rule names", () => {
    const found = finiteViews(['resource.id != "prod-x"'], [line("resource.id", "prod-*")]);
    if (found.kind === "undecided") throw new Error(found.because);
    const ids = found.views.map(({ resource }) => resource.id).filter((id) => id.startsWith("prod-"));
    expect(ids).toContain("prod-x");
    expect(ids.length).toBeGreaterThan(1);
  });

  it("have no labels where they are not listed", () => {
    const found = finiteViews([], [line("resource.listed", false), line("resource.labels.tier", "gold")]);
    if (found.kind === "undecided") throw new Error(found.because);
    const labels = found.views.map(({ resource }) => [resource.listed, resource.labels.tier ?? "none"]);
    expect(labels).toContainEqual([true, "gold"]);
    expect(labels).toContainEqual([false, "none"]);
    expect(labels).not.toContainEqual([false, "gold"]);
  });

  it("cannot be found for globs of which one text may fit both", () => {
    expect(outcomesOf(line("subject", "a*", "*b"))).toBe("`a*` and `*b` may match the same");
    expect(outcomesOf(line("subject", "a*", "ab*", "c*"))).toEqual([false, true]);
  });
});

const parts = [
  'resource.type == "azure.sql"',
  'resource.id == "prod-7"',
  "resource.listed",
  '"tier" in resource.labels',
  'has(resource.labels.tier) && resource.labels.tier in ["gold", "silver"]',
  'subject == "alice"',
  'requester != "bob"',
  "has(case.severity)",
  "has(case.severity) && case.severity <= 2",
  'duration > duration("4h")',
  "emergency",
  "constraints.mfa",
  '"write" in access.actions',
  'access.actions.all(action, action in ["read", "list"])',
  'access.actions.exists_one(action, action != "read")',
  "access.actions.size() == 2",
  'constraints.locations.exists(country, !(country in ["DE", "FR"]))',
  '["DE", "FR"].all(country, country in constraints.locations)',
  '["read", "write"].all(wanted, access.actions.exists(action, action == wanted))',
  "size(constraints.locations) > 1",
  'has(access.scope.paths) && access.scope.paths.exists(path, path == "a")',
  "has(access.scope.paths) && access.scope.paths.size() > 1",
  "has(access.scope.redacted) && access.scope.redacted == true",
] as const;

const expressions = fc
  .array(fc.tuple(fc.constantFrom(...parts), fc.boolean(), fc.constantFrom("&&", "||")), {
    minLength: 1,
    maxLength: 3,
  })
  .map((drawn) =>
    drawn.reduce((text, [part, isDenied, operator], index) => {
      const next = isDenied ? `!(${part})` : `(${part})`;
      return index === 0 ? next : `(${text} ${operator} ${next})`;
    }, ""),
  );

const some = (...values: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...values, "other-1", "other-2", "other-3"), { maxLength: 4 });

const views: fc.Arbitrary<RequestView> = fc
  .record({
    requester: fc.constantFrom("alice", "bob", "eve"),
    subject: fc.constantFrom("alice", "bob", "eve"),
    severity: fc.option(fc.integer({ min: 1, max: 4 })),
    type: fc.constantFrom("azure.sql", "ssh.host"),
    id: fc.constantFrom("prod-7", "prod-8", "test"),
    tier: fc.option(fc.constantFrom("gold", "silver", "bronze")),
    isListed: fc.boolean(),
    actions: some("read", "list", "write").filter(({ length }) => length > 0),
    paths: fc.option(some("a", "b")),
    redacted: fc.option(fc.boolean()),
    minutes: fc.constantFrom(1, 239, 240, 241, 600),
    emergency: fc.boolean(),
    locations: some("DE", "FR"),
    mfa: fc.boolean(),
  })
  .map(({ severity, type, id, tier, isListed, actions, paths, redacted, minutes: length, ...rest }) => ({
    requester: rest.requester,
    subject: rest.subject,
    case: { system: "jira", id: "1", ...(severity === null ? {} : { severity }) },
    resource: { type, id, listed: isListed, labels: isListed && tier !== null ? { tier } : {} },
    access: {
      actions,
      scope: { ...(paths === null ? {} : { paths }), ...(redacted === null ? {} : { redacted }) },
    },
    justification: "because",
    duration: minutes(length),
    emergency: rest.emergency,
    constraints: { locations: rest.locations, networks: [], mfa: rest.mfa },
  }));

it("property: what an expression says of any request, it says of one of those that are tried", () => {
  fc.assert(
    fc.property(expressions, fc.array(views, { minLength: 20, maxLength: 20 }), (text, drawn) => {
      const tried = outcomes(text);
      fc.pre(tried.every((one) => typeof one === "boolean"));
      const { evaluate } = conditionOf(text);
      const said = drawn.map((view) => {
        const outcome = evaluate(view);
        return outcome.ok && outcome.value;
      });
      expect(tried).toEqual(expect.arrayContaining([...new Set(said)]));
    }),
    { numRuns: 300 },
  );
});
