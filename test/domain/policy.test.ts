import { describe, expect, it } from "vitest";
import { applicabilityOf, couldApply, type FieldMatch } from "../../src/domain/policy.ts";
import { condition, failing, fieldMatch, policy, view } from "./builders.ts";

const applies = (match: readonly FieldMatch[], parts: Parameters<typeof view>[0] = {}) =>
  applicabilityOf(policy({ match }), view(parts)).applies;

const paths = (...values: readonly unknown[]) => ({
  access: { actions: ["read"], scope: { paths: values } },
});

describe("a line of `match`", () => {
  it.each<[string, FieldMatch, boolean]>([
    ["one of the values fits", fieldMatch("resource.type", ["azure.sql", "azure.storage"]), true],
    ["none of the values fits", fieldMatch("resource.type", ["azure.sql"]), false],
    ["a glob fits", fieldMatch("resource.id", ["shop/*"]), true],
    ["some action is listed", fieldMatch("access.actions", ["read"]), true],
    ["only listed actions, and all are", fieldMatch("access.actions", ["read", "list", "get"], "only"), true],
    ["only listed actions, and one is not", fieldMatch("access.actions", ["read"], "only"), false],
    ["a number", fieldMatch("case.severity", [1, 2]), true],
    ["a number is no text", fieldMatch("case.severity", ["2"]), false],
    ["a truth value", fieldMatch("resource.listed", [true]), true],
    ["a truth value is no text", fieldMatch("resource.listed", ["true"]), false],
    ["a label", fieldMatch("resource.labels.classification", ["pii", "phi"]), true],
    ["a label that the resource has not", fieldMatch("resource.labels.region", ["**"]), false],
    [
      "an empty list fits nothing, not even `only`",
      fieldMatch("constraints.networks", ["**"], "only"),
      false,
    ],
    ["no values at all", fieldMatch("resource.type", []), false],
    ["case counts", fieldMatch("resource.type", ["Azure.Storage"]), false],
    ["but not in a login", fieldMatch("subject", ["ALICE"]), true],
    ["nor in a glob over logins", fieldMatch("requester", ["Al*"]), true],
    ["a login is no number", fieldMatch("subject", [1001]), false],
  ])("%s", (_, line, expected) => {
    expect(applies([line])).toBe(expected);
  });

  it("`only` is not met where something else than text stands among the values", () => {
    expect(applies([fieldMatch("access.scope.paths", ["logs"], "only")], paths("logs"))).toBe(true);
    expect(applies([fieldMatch("access.scope.paths", ["logs"], "only")], paths("logs", { all: true }))).toBe(
      false,
    );
    expect(applies([fieldMatch("access.scope.paths", ["logs"])], paths({ all: true }, "logs"))).toBe(true);
  });
});

describe("a policy", () => {
  it("without `match` and `when` applies to everything", () => {
    expect(applicabilityOf(policy({ match: [] }), view())).toEqual({ applies: true });
  });

  it("applies only when every line fits, and names the one that does not", () => {
    const unfit = fieldMatch("subject", ["mallory"]);
    expect(applicabilityOf(policy({ match: [fieldMatch("emergency", [false]), unfit] }), view())).toEqual({
      applies: false,
      because: { clause: "subject", at: unfit.at },
    });
  });

  it("applies when its `when` is true", () => {
    expect(applicabilityOf(policy({ when: condition(true) }), view())).toEqual({ applies: true });
  });

  it("does not apply when its `when` is false", () => {
    const when = condition(false);
    const because = { clause: "when", at: when.at };
    expect(applicabilityOf(policy({ when }), view())).toEqual({ applies: false, because });
  });

  it("is unknown when its `when` fails: never a silent skip", () => {
    const when = failing("no such key: region");
    const unknown = { applies: "unknown", error: "no such key: region", at: when.at };
    expect(applicabilityOf(policy({ when }), view())).toEqual(unknown);
  });

  it("does not look at `when` where `match` does not fit", () => {
    const sql = [fieldMatch("resource.type", ["azure.sql"])];
    expect(applicabilityOf(policy({ match: sql, when: failing() }), view()).applies).toBe(false);
  });

  it("could apply before it is known who asks", () => {
    const match = [fieldMatch("requester", ["erin"]), fieldMatch("resource.type", ["azure.storage"])];
    expect(couldApply(policy({ match }), view())).toBe(true);
    expect(couldApply(policy({ match: [fieldMatch("subject", ["erin"])] }), view())).toBe(false);
  });
});
