import { describe, expect, it } from "vitest";
import { applicabilityOf, couldApply, type MatchClause } from "../../src/domain/policy.ts";
import { condition, failing, fieldMatch, place, policy, view } from "./builders.ts";

const applies = (match: readonly MatchClause[], parts: Parameters<typeof view>[0] = {}) =>
  applicabilityOf(policy({ match }), view(parts)).applies;

const paths = (...values: readonly unknown[]) => ({
  access: { actions: ["read"], scope: { paths: values } },
});

describe("a line of `match`", () => {
  it.each<[string, MatchClause, boolean]>([
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
    expect(couldApply(policy({ match: [...match, fieldMatch("subject", ["erin"])] }), view())).toBe(false);
  });
});

describe("alternatives in `match`", () => {
  const anyOf = (...alternatives: readonly (readonly MatchClause[])[]): MatchClause => ({
    anyOf: alternatives,
    at: place(8, 3, "policies/storage.yaml"),
  });
  const sql = fieldMatch("resource.type", ["azure.sql"]);
  const storage = fieldMatch("resource.type", ["azure.storage"]);
  const reads = fieldMatch("access.actions", ["read", "list"], "only");
  const writes = fieldMatch("access.actions", ["write"]);

  it.each<[string, readonly MatchClause[], boolean]>([
    ["one that fits is enough", [anyOf([sql], [storage])], true],
    ["none that fits is not", [anyOf([sql], [writes])], false],
    ["each must fit as a whole", [anyOf([storage, writes], [sql, reads])], false],
    ["the lines beside them must fit too", [writes, anyOf([storage])], false],
    ["they may hold alternatives again", [anyOf([sql], [storage, anyOf([writes], [reads])])], true],
  ])("%s", (_, match, expected) => {
    expect(applies(match)).toBe(expected);
  });

  it("say that they are what did not fit", () => {
    expect(applicabilityOf(policy({ match: [anyOf([sql])] }), view())).toEqual({
      applies: false,
      because: { clause: "anyOf", at: place(8, 3, "policies/storage.yaml") },
    });
  });

  it("could fit before it is known who asks", () => {
    const who = fieldMatch("requester", ["erin"]);
    expect(couldApply(policy({ match: [anyOf([sql], [who, storage])] }), view())).toBe(true);
    expect(couldApply(policy({ match: [anyOf([sql], [who, writes])] }), view())).toBe(false);
  });
});
