import { describe, expect, it } from "vitest";
import { sourceKey } from "../../src/domain/approver-source.ts";
import type { RequirementClause } from "../../src/domain/policy.ts";
import {
  combineRequirements,
  countWays,
  sourcesOf,
  teamsToRead,
  waysLimit,
  waysOf,
  waysThrough,
} from "../../src/domain/requirements.ts";
import { hours } from "../../src/domain/time.ts";
import {
  anybody,
  from,
  GRANT_PATH,
  owned,
  owners,
  place,
  policy,
  privacy,
  requirement,
  rules,
} from "./builders.ts";

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

  it("is asked of exactly these policies, whatever was asked before", () => {
    const [a, b, c] = ["a", "b", "c"].map((name) =>
      policy({ name, require: [requirement(name, { users: [name] })] }),
    );
    const emergency = {
      count: 1,
      from: from({ users: ["x"] }),
      maxDuration: hours(1),
      reviewWithin: hours(1),
      at: place(1),
    };
    const d = policy({ name: "d", require: [privacy], emergency });
    if (a === undefined || b === undefined || c === undefined) throw new TypeError("three policies");
    const asked = (policies: readonly (typeof a)[], isEmergency = false) =>
      combineRequirements(policies, isEmergency)
        ?.flat()
        .map(({ name }) => name);
    const changing = [a, b];
    for (let round = 0; round < 2; round++) {
      expect(asked([a])).toEqual(["a", "code owner"]);
      expect(asked([a, b])).toEqual(["a", "b", "code owner"]);
      expect(asked([a, c])).toEqual(["a", "c", "code owner"]);
      expect(asked([a, b, c])).toEqual(["a", "b", "c", "code owner"]);
      expect(asked(changing)).toEqual(["a", round === 0 ? "b" : "c", "code owner"]);
      changing[1] = c;
      expect(asked(changing)).toEqual(["a", "c", "code owner"]);
      expect(asked([d])).toEqual(["privacy", "code owner"]);
      expect(asked([d], true)).not.toContain("privacy");
    }
  });

  it("of one policy by itself are told without counting its ways, with its name and a code owner", () => {
    const ways = waysOf(policy({ name: "a", require: [{ anyOf: [privacy, owners] }] }));
    expect(ways.map((way) => way.map(({ name, policies }) => [name, policies]))).toEqual([
      [
        ["privacy", ["a"]],
        ["code owner", []],
      ],
      [["resource owners", ["a"]]],
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

describe("choices among requirements", () => {
  const security = requirement("two of security", { teams: ["security"] }, 2);
  const manager = requirement("manager", { requesterManagers: true });
  const ways = (...policies: readonly Parameters<typeof policy>[0][]) =>
    combineRequirements(policies.map(policy), false)?.map((way) => way.map(({ name }) => name));

  it.each<[string, readonly RequirementClause[], readonly (readonly string[])[]]>([
    ["no choice leaves one way", [privacy], [["privacy", "code owner"]]],
    [
      "each alternative is a way, in the order of the file",
      [owners, { anyOf: [manager, security] }],
      [
        ["resource owners", "manager"],
        ["resource owners", "two of security"],
      ],
    ],
    [
      "an alternative may be several together",
      [{ anyOf: [privacy, { allOf: [manager, security] }] }],
      [
        ["privacy", "code owner"],
        ["manager", "two of security", "code owner"],
      ],
    ],
    [
      "two choices multiply",
      [{ anyOf: [privacy, manager] }, { anyOf: [owners, security] }],
      [
        ["privacy", "resource owners"],
        ["privacy", "two of security", "code owner"],
        ["manager", "resource owners"],
        ["manager", "two of security", "code owner"],
      ],
    ],
    [
      "a choice in a choice is one more way",
      [{ anyOf: [privacy, { anyOf: [manager, security] }] }],
      [
        ["privacy", "code owner"],
        ["manager", "code owner"],
        ["two of security", "code owner"],
      ],
    ],
  ])("%s", (_, require, expected) => {
    expect(ways({ name: "a", require })).toEqual(expected);
    expect(countWays(require)).toBe(expected.length);
    expect(waysThrough(require)).toHaveLength(expected.length);
  });

  it("as many ways as are tried are told, and one more is too many", () => {
    const choice = (of: number) => ({ anyOf: Array.from({ length: of }, () => privacy) });
    const asking = (...counts: readonly number[]) =>
      combineRequirements(
        counts.map((count, index) => policy({ name: `p${index}`, require: [choice(count)] })),
        false,
      )?.length;
    expect(asking(16, waysLimit / 16)).toBe(waysLimit);
    expect(asking(waysLimit)).toBe(waysLimit);
    expect(asking(waysLimit + 1)).toBeUndefined();
  });

  it("what another policy asks for is part of every way", () => {
    expect(
      ways({ name: "a", require: [{ anyOf: [privacy, manager] }] }, { name: "b", require: [owners] }),
    ).toEqual([
      ["privacy", "resource owners"],
      ["manager", "resource owners"],
    ]);
  });

  it("more ways than anybody could follow are not tried", () => {
    const choice = { anyOf: Array.from({ length: 10 }, () => privacy) };
    expect(ways({ require: [choice, choice] })).toHaveLength(100);
    expect(combineRequirements([policy({ require: [choice, choice, choice] })], false)).toBeNull();
  });

  it("every source of every way may say no, and its team is read", () => {
    const require = [owners, { anyOf: [privacy, { allOf: [security] }] }];
    expect(sourcesOf([policy({ require })]).map(sourceKey)).toEqual(
      [owners, privacy, security, owners].map(({ from: source }) => sourceKey(source)),
    );
  });
});

describe("an emergency", () => {
  const emergency = {
    count: 1,
    from: from({ teams: ["oncall"] }),
    maxDuration: hours(1),
    reviewWithin: hours(48),
    at: place(20),
  };
  const asked = (...policies: readonly Parameters<typeof policy>[0][]) =>
    combineRequirements(policies.map(policy), true)
      ?.flat()
      .map(({ name, count }) => `${name} ${count}`);

  it("takes what the emergency clause says, and no code owner", () => {
    expect(asked({ require: [owners, privacy], emergency })).toEqual(["emergency 1"]);
  });

  it("of two policies takes both, and of the very same people once", () => {
    expect(asked({ name: "a", emergency }, { name: "b", emergency: { ...emergency, count: 2 } })).toEqual([
      "emergency 2",
    ]);
    expect(
      asked(
        { name: "a", emergency },
        { name: "b", emergency: { ...emergency, from: from({ users: ["dave"] }) } },
      ),
    ).toEqual(["emergency 1", "emergency 1"]);
  });

  it("takes the usual requirements of a policy that offers none", () => {
    expect(asked({ name: "a", emergency }, { name: "b", require: [privacy] })).toEqual([
      "emergency 1",
      "privacy 1",
    ]);
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

  it("those of choices, emergencies, roles and exceptions too", () => {
    const emergency = {
      count: 1,
      from: from({ teams: ["oncall"] }),
      maxDuration: hours(1),
      reviewWithin: hours(48),
      at: place(20),
    };
    const require = [
      { anyOf: [privacy, requirement("role", { roles: ["audit"], not: { teams: ["interns"], users: [] } })] },
    ];
    const settings = {
      ...rules().settings,
      eligibility: [{ ...anybody, teams: ["support"] }],
      approvers: { teams: ["approvers"], users: [] },
      auditors: { teams: ["auditors"], users: [] },
    };
    expect(read([{ require, emergency }], { settings })).toEqual([
      "administrators",
      "approvers",
      "auditors",
      "interns",
      "oncall",
      "privacy",
      "storage-owners",
      "support",
    ]);
  });

  it("none for who may ask, where nobody in particular may", () => {
    const settings = { ...rules().settings, eligibility: null };
    expect(read([{ require: [privacy] }], { settings })).toEqual([
      "administrators",
      "privacy",
      "storage-owners",
    ]);
  });

  it("but none that the directory defines", () => {
    const directory = { entries: [], teams: [{ name: "privacy", members: ["carol"] }] };
    expect(read([{ require: [privacy] }], { directory })).toEqual(["administrators", "storage-owners"]);
  });
});
