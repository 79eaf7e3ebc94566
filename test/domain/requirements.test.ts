import { describe, expect, it } from "vitest";
import { combineRequirements, teamsToRead } from "../../src/domain/requirements.ts";
import { GRANT_PATH, owned, owners, policy, privacy, requirement, rules } from "./builders.ts";

const combine = (...policies: readonly Parameters<typeof policy>[0][]) =>
  combineRequirements(policies.map(policy), false)
    ?.flat()
    .map(({ name, count, policies: by }) => [name, count, by]);

const anOwner = ["code owner", 1, []];

describe("requirements of several policies", () => {
  it("a code owner is always among them, whatever the policies ask", () => {
    expect(combine()).toEqual([anOwner]);
    expect(combine({ name: "a", require: [privacy] })).toEqual([["privacy", 1, ["a"]], anOwner]);
  });

  it("the policy's own requirement of owners is that one", () => {
    expect(combine({ name: "a", require: [owners] })).toEqual([["resource owners", 1, ["a"]]]);
  });

  it("a source that holds more than the owners is not: somebody else could fill it", () => {
    const either = requirement("owner or security", { codeowners: true, teams: ["security"] });
    expect(combine({ name: "a", require: [either] })).toEqual([["owner or security", 1, ["a"]], anOwner]);
  });

  it("different sources add up", () => {
    expect(combine({ name: "a", require: [owners] }, { name: "b", require: [privacy] })).toEqual([
      ["resource owners", 1, ["a"]],
      ["privacy", 1, ["b"]],
    ]);
  });

  it("of the very same source the larger total covers the smaller, and both policies are named", () => {
    const two = requirement("two of privacy", { teams: ["Privacy"] }, 2);
    const expected = [["two of privacy", 2, ["a", "b"]], anOwner];
    expect(combine({ name: "a", require: [privacy] }, { name: "b", require: [two] })).toEqual(expected);
    expect(combine({ name: "b", require: [privacy] }, { name: "a", require: [two] })).toEqual(expected);
  });

  it("inside one policy the same source twice adds up", () => {
    const again = requirement("privacy again", { teams: ["privacy"] });
    expect(combine({ name: "a", require: [privacy, again] }, { name: "b", require: [privacy] })).toEqual([
      ["privacy", 1, ["a", "b"]],
      ["privacy again", 1, ["a", "b"]],
      anOwner,
    ]);
  });

  it("the order of the policies does not matter", () => {
    const [a, b] = [
      { name: "a", require: [privacy] },
      { name: "b", require: [owners] },
    ];
    expect(combine(a, b)).toEqual(combine(b, a));
  });
});

describe("the teams that have to be read", () => {
  const read = (policies: readonly Parameters<typeof policy>[0][], parts: Parameters<typeof rules>[0] = {}) =>
    teamsToRead(GRANT_PATH, policies.map(policy), rules(parts), "acme");

  it("those of the policies, of the owners and of the administrators", () => {
    expect(read([{ require: [requirement("two", { teams: ["Security", "privacy"] }, 2)] }])).toEqual([
      "administrators",
      "privacy",
      "security",
      "storage-owners",
    ]);
  });

  it("without policies those of owners and administrators", () => {
    expect(read([])).toEqual(["administrators", "storage-owners"]);
  });

  it.each([
    ["no CODEOWNERS", null],
    ["nobody owns the path", owned("/policies/ @acme/administrators")],
    ["owners without a team", owned("* @bob bob@home.example @evil/storage-owners")],
  ])("%s: those of the administrators", (_, codeowners) => {
    expect(read([], { codeowners })).toEqual(["administrators"]);
  });
});
