import { describe, expect, it } from "vitest";
import { compileExpression } from "../../src/rules/expression.ts";
import { finiteViews } from "../../src/rules/finite-views.ts";
import { readYaml } from "../../src/rules/yaml.ts";

/** What an expression gives over all requests: both truth values, one of them, or that it cannot be told. */
function outcomes(text: string): readonly (boolean | string)[] {
  const found = finiteViews([text]);
  if (found.kind === "undecided") return [found.because];
  const reading = readYaml(new TextEncoder().encode(JSON.stringify({ when: text })), "a.yaml");
  const compiled = reading.ok ? compileExpression(text, reading.positions, ["when"]) : null;
  if (!compiled?.ok) throw new Error(`${text} cannot be read`);
  const values = found.views.map((view) => {
    const outcome = compiled.condition.evaluate(view);
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
    '["read", "write"].all(wanted, wanted in access.actions)',
    "constraints.locations.size() == 2",
    "size(access.actions) > 2",
    "!has(case.severity) || case.severity > 2",
    'duration > duration("4h")',
    "!has(access.scope.redacted) || access.scope.redacted != true",
    'has(access.scope.paths) && access.scope.paths.exists(path, path == "a")',
    'resource.type == "azure.vm" ? emergency : resource.listed',
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
    [
      'access.actions.map(one, one + "x").exists(one, one == "ax")',
      "it compares more than fields and constants",
    ],
  ])("cannot be found for %s", (text, because) => {
    expect(outcomes(text)).toEqual([because]);
  });
});
