import { describe, expect, it } from "vitest";
import { approversOf, combineRequirements, teamsToRead } from "../../src/domain/requirements.ts";
import {
  CODEOWNERS,
  facts,
  from,
  GRANT_PATH,
  members,
  owned,
  owners,
  policy,
  privacy,
  requirement,
  rules,
} from "./builders.ts";

const combine = (...policies: readonly Parameters<typeof policy>[0][]) =>
  combineRequirements(policies.map(policy)).map(({ name, count, policies: by }) => [name, count, by]);

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

const people = (
  source: Parameters<typeof from>[0],
  parts: Parameters<typeof rules>[0] = {},
  told: Parameters<typeof facts>[0] = {},
) => {
  const found = approversOf(from(source), GRANT_PATH, "acme", rules(parts), facts(told));
  return { ...found, persons: [...found.persons], findings: found.findings.map(({ message }) => message) };
};

describe("the people of a source", () => {
  it("the members of its teams, by whatever letters", () => {
    expect(people({ teams: ["Privacy"] })).toEqual({
      persons: ["carol"],
      ask: { teams: ["privacy"], users: [] },
      findings: [],
    });
  });

  it("its users, each as the person they are", () => {
    expect(people({ users: ["Erin-Acme", "dave"] })).toMatchObject({
      persons: ["erin", "dave"],
      ask: { users: ["dave", "erin-acme"] },
    });
  });

  it("the owners of the path, where it says so", () => {
    expect(people({ codeowners: true }).persons).toEqual(["bob", "frank"]);
    expect(people({}).persons).toEqual([]);
  });

  it("owners by login and by mail address", () => {
    const codeowners = owned("* @dave bob@home.example nobody@example.com carol@users.noreply.github.com");
    expect(people({ codeowners: true }, { codeowners })).toMatchObject({
      persons: ["dave", "bob", "carol"],
      ask: { teams: [], users: ["bob", "carol", "dave"] },
    });
  });

  it.each([
    ["there is no CODEOWNERS file", null],
    ["no line matches the path", owned("/policies/ @acme/administrators")],
    ["the last line that matches names no owner", owned(`${CODEOWNERS}\n/grants/azure.storage/`)],
    ["the file is too large for GitHub", owned(`${CODEOWNERS}${"#".repeat(3_000_000)}`)],
  ])("nobody, where %s", (_, codeowners) => {
    expect(people({ codeowners: true }, { codeowners }).persons).toEqual([]);
  });

  it("a team that cannot be listed counts for nobody, and is named", () => {
    const told = { teams: { privacy: { read: false, because: "404" } } as const };
    expect(people({ teams: ["privacy"] }, {}, told)).toEqual({
      persons: [],
      ask: { teams: [], users: [] },
      findings: ["the team `privacy` cannot be listed: 404"],
    });
    expect(people({ teams: ["nobody-asked"] }).findings).toEqual([
      "the team `nobody-asked` cannot be listed: it was not read",
    ]);
  });

  it.each(["constructor", "toString", "__proto__"])("a team called %s is no way around that", (slug) => {
    expect(people({ teams: [slug] })).toMatchObject({
      persons: [],
      findings: [expect.stringContaining(slug)],
    });
  });

  it("a team of another organisation owns nothing here", () => {
    expect(people({ codeowners: true }, { codeowners: owned("* @evil/storage-owners") })).toMatchObject({
      persons: [],
      findings: ["the team `storage-owners` belongs to another organisation"],
    });
    expect(people({ codeowners: true }, { codeowners: owned("* @ACME/storage-owners") }).persons).toEqual([
      "bob",
      "frank",
    ]);
  });

  it("an empty team is nobody, and nothing is wrong with it", () => {
    expect(people({ teams: ["privacy"] }, {}, { teams: { privacy: members() } })).toMatchObject({
      persons: [],
      findings: [],
    });
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
