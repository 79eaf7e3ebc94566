import { describe, expect, it } from "vitest";
import {
  account,
  approves,
  codes,
  commit,
  identity,
  judge,
  members,
  owners,
  policy,
  privacy,
  requirement,
  review,
  rulings,
  teams,
} from "./builders.ts";

type Case = Parameters<typeof judge>[0];

const requirements = (of: Case) =>
  judge(of).requirements.map(({ requirement: { name }, filledBy, missing, candidates }) => ({
    name,
    filledBy: filledBy.map(({ by }) => by.login),
    missing,
    candidates,
  }));

const both = { policies: [policy({ require: [owners, privacy] })] };

describe("each requirement says who filled it and who still could", () => {
  it("nobody yet", () => {
    expect(requirements({ under: both })).toEqual([
      { name: "resource owners", filledBy: [], missing: 1, candidates: ["bob", "frank"] },
      { name: "privacy", filledBy: [], missing: 1, candidates: ["carol"] },
    ]);
  });

  it("an owner has said yes", () => {
    expect(requirements({ under: both, told: { reviews: [approves("frank")] } })).toEqual([
      { name: "resource owners", filledBy: ["frank"], missing: 0, candidates: [] },
      { name: "privacy", filledBy: [], missing: 1, candidates: ["carol"] },
    ]);
  });

  it("names the account that was used, and counts the person", () => {
    expect(requirements({ told: { reviews: [approves("Bob-Admin")] } })[0]?.filledBy).toEqual(["Bob-Admin"]);
  });

  it("whoever is barred could not", () => {
    const commits = [commit(identity("author", "bob"))];
    expect(requirements({ told: { commits } })[0]?.candidates).toEqual(["frank"]);
  });

  it("somebody whose yes would let another move here could, and is asked", () => {
    const under = {
      policies: [policy({ require: [requirement("duty", { users: ["dave", "frank"] }), owners] })],
    };
    const told = { teams: { ...teams, "storage-owners": members("frank") }, reviews: [approves("frank")] };
    const decision = judge({ under, told });
    expect(decision.requirements.map(({ missing }) => missing)).toEqual([0, 1]);
    expect(decision.requirements[1]).toMatchObject({
      candidates: ["dave"],
      ask: { teams: ["storage-owners"], users: ["dave", "frank"] },
    });
    expect(codes(decision)).toEqual([]);
    const after = judge({
      under,
      told: { ...told, reviews: [approves("frank"), approves("dave", { id: 9002 })] },
    });
    expect(after.verdict).toBe("approved");
  });

  it("asks teams by slug and users by login, and never a user who must not approve", () => {
    const under = {
      policies: [
        policy({ require: [requirement("two", { users: ["alice", "dave"], teams: ["privacy"] }), owners] }),
      ],
    };
    expect(judge({ under }).requirements.map(({ ask }) => ask)).toEqual([
      { teams: ["privacy"], users: ["dave"] },
      { teams: ["storage-owners"], users: [] },
    ]);
  });
});

describe("each review has one ruling", () => {
  it.each<[string, Case, readonly unknown[]]>([
    ["it fills a requirement", { told: { reviews: [approves("bob")] } }, [["resource owners"]]],
    ["nobody asked for this person", { told: { reviews: [approves("mallory")] } }, ["not-an-approver"]],
    [
      "the place is taken",
      { told: { reviews: [approves("frank"), approves("bob", { id: 9002 })] } },
      ["slot-taken", ["resource owners"]],
    ],
    [
      "in the order of their numbers",
      {
        told: {
          reviews: [
            approves("mallory", { id: 9003 }),
            approves("bob"),
            review("carol", "commented", { id: 9002 }),
          ],
        },
      },
      [["resource owners"], "not-an-approval", "not-an-approver"],
    ],
    ["a bot", { told: { reviews: [approves(account("helper", "bot"))] } }, ["is-bot"]],
  ])("%s", (_, of, expected) => {
    expect(rulings(judge(of))).toEqual(expected);
  });

  it("one person in two groups fills one place only", () => {
    const told = { teams: { ...teams, privacy: members("bob") }, reviews: [approves("bob")] };
    expect(requirements({ under: both, told })).toMatchObject([
      { name: "resource owners", filledBy: ["bob"], missing: 0 },
      { name: "privacy", filledBy: [], missing: 1, candidates: ["frank"] },
    ]);
  });
});

describe("requirements that nobody is left to fill are said", () => {
  const message = (of: Case) => judge(of).findings.map(({ message: words }) => words);

  it("when a team is empty", () => {
    const told = { teams: { ...teams, "storage-owners": members() } };
    expect(message({ told })).toEqual(["nobody is left who could fill `resource owners`"]);
  });

  it("when all who could are barred", () => {
    const commits = [commit(identity("author", "bob"), identity("co-author", "frank"))];
    expect(message({ told: { commits } })).toEqual(["nobody is left who could fill `resource owners`"]);
  });

  it("when there are too few, counting those who have said yes", () => {
    const under = { policies: [policy({ require: [requirement("three owners", { codeowners: true }, 3)] })] };
    expect(message({ under, told: { reviews: [approves("bob")] } })).toEqual([
      "only 2 of 3 people are left who could fill `three owners`",
    ]);
  });

  it("when the only member of a second group is needed in the first", () => {
    const told = { teams: { ...teams, "storage-owners": members("bob"), privacy: members("bob") } };
    expect(message({ under: both, told })).toEqual(["nobody is left who could fill `privacy`"]);
  });

  it("a team that cannot be listed is named once, however often it is asked for", () => {
    const under = { policies: [policy({ require: [owners, privacy, { ...privacy, name: "again" }] })] };
    const told = { teams: { ...teams, privacy: { read: false, because: "404" } as const } };
    expect(message({ under, told }).filter((words) => words.includes("404"))).toHaveLength(1);
  });
});

describe("who may say no", () => {
  it("everybody whom a requirement names and the administrators, barred or not", () => {
    const asked = { requester: account("bob") };
    for (const login of ["bob", "frank", "grace"]) {
      const told = { reviews: [review(login, "changes-requested")] };
      expect(judge({ asked, told }).verdict).toBe("denied");
    }
  });
});
