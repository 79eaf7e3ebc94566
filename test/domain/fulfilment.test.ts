import { describe, expect, it } from "vitest";
import type { RequirementResult } from "../../src/domain/fulfilment.ts";
import { hours } from "../../src/domain/time.ts";
import {
  account,
  approves,
  codes,
  commit,
  from,
  identity,
  judge,
  members,
  owners,
  place,
  policy,
  privacy,
  requirement,
  review,
  rules,
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

const names = (results: readonly RequirementResult[]) => results.map(({ requirement: { name } }) => name);

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

  it("and all of them are told in the order of the alphabet", () => {
    const duty = requirement("duty", { teams: ["support"], users: ["frank", "zoe"] });
    const other = requirement("other", { teams: ["privacy"], users: ["bob", "frank"] });
    const told = { teams: { ...teams, support: members("erin") }, reviews: [approves("frank")] };
    const decision = judge({ under: { policies: [policy({ require: [duty, other] })] }, told });
    expect(decision.requirements[1]?.ask).toEqual({
      teams: ["privacy", "support"],
      users: ["bob", "frank", "zoe"],
    });
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

it("whom to ask for a requirement is told in the order of the alphabet", () => {
  const many = requirement("many", { teams: ["security", "privacy"], users: ["grace", "Dave", "bob"] }, 2);
  const [asked] = judge({ under: { policies: [policy({ require: [many] })] } }).requirements;
  expect(asked?.ask).toEqual({ teams: ["privacy", "security"], users: ["bob", "dave", "grace"] });
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

describe("where the policies leave a choice", () => {
  const manager = requirement("on-call manager", { users: ["grace"] });
  const security = requirement("two of security", { users: ["dave", "erin"] }, 2);
  const under = { policies: [policy({ require: [owners, { anyOf: [manager, security] }] })] };
  const told = (...by: readonly string[]) => ({
    under,
    told: { reviews: by.map((login, index) => approves(login, { id: 9001 + index })) },
  });

  it("the way that is nearest to being filled is shown, and the others beside it", () => {
    const decision = judge(told("bob"));
    expect(names(decision.requirements)).toEqual(["resource owners", "on-call manager"]);
    expect(decision.otherWays.map(names)).toEqual([["resource owners", "two of security"]]);
  });

  it("one way that is filled is enough, and then there are no others", () => {
    for (const approvers of [
      ["bob", "grace"],
      ["bob", "dave", "erin-acme"],
    ]) {
      const asked = { grant: { subject: "alice" } };
      const decision = judge({ ...told(...approvers), asked });
      expect([decision.verdict, decision.otherWays]).toEqual(["approved", []]);
    }
  });

  it("half of one way and half of another is none", () => {
    expect(judge(told("bob", "dave")).verdict).toBe("pending");
  });

  it("a way that nobody could fill is not the nearest, however little is missing", () => {
    const gone = requirement("gone", { users: ["alice"] });
    const policies = [policy({ require: [{ anyOf: [gone, security] }] })];
    const decision = judge({ under: { policies } });
    expect(names(decision.requirements)).toEqual(["two of security", "code owner"]);
    expect(codes(decision)).toEqual([]);
  });

  it("nor is it where it is tried last", () => {
    const gone = requirement("gone", { users: ["alice"] });
    const decision = judge({ under: { policies: [policy({ require: [{ anyOf: [security, gone] }] })] } });
    expect(names(decision.requirements)).toEqual(["two of security", "code owner"]);
  });

  it("of two that are equally near, the one that is written first is shown", () => {
    const privacyOfficer = requirement("privacy officer", { users: ["carol"] });
    const policies = [policy({ require: [owners, { anyOf: [manager, privacyOfficer] }] })];
    expect(names(judge({ under: { policies } }).requirements)).toEqual([
      "resource owners",
      "on-call manager",
    ]);
  });

  it("too many ways are told with the policies that leave them", () => {
    const choice = { anyOf: Array.from({ length: 20 }, () => owners) };
    const policies = [policy({ name: "a", require: [choice] }), policy({ name: "b", require: [choice] })];
    expect(judge({ under: { policies } }).findings.map(({ message }) => message)).toEqual([
      "`a`, `b` leave more than 256 ways together",
    ]);
  });

  it("too many ways are never approved", () => {
    const choice = { anyOf: Array.from({ length: 10 }, () => owners) };
    const policies = [policy({ require: [choice, choice, choice] })];
    const decision = judge({ under: { policies }, told: { reviews: [approves("bob")] } });
    expect([decision.verdict, codes(decision)]).toEqual(["invalid", ["POLICY_TOO_MANY_WAYS"]]);
    expect(rulings(decision)).toEqual(["slot-taken"]);
  });
});

describe("where the settings say who may approve at all", () => {
  const settings = { ...rules().settings, approvers: { teams: [], users: ["Frank"] } };

  it("nobody else fills a requirement, and nobody else is asked", () => {
    const reviews = [approves("bob"), approves("frank", { id: 9002 })];
    const decision = judge({ under: { settings }, told: { reviews } });
    expect([decision.verdict, rulings(decision)]).toEqual([
      "approved",
      ["lacks-the-role", ["resource owners"]],
    ]);
    expect(requirements({ under: { settings } })[0]?.candidates).toEqual(["frank"]);
  });

  it("nobody at all while their team cannot be listed", () => {
    const unread = { ...settings, approvers: { teams: ["gone"], users: [] } };
    const decision = judge({ under: { settings: unread }, told: { reviews: [approves("bob")] } });
    expect([decision.verdict, rulings(decision)]).toEqual(["pending", ["lacks-the-role"]]);
    expect(codes(decision)).toContain("TEAM_UNREADABLE");
  });

  it("whoever a policy names may still say no", () => {
    expect(
      judge({ under: { settings }, told: { reviews: [review("bob", "changes-requested")] } }).verdict,
    ).toBe("denied");
  });
});

describe("in an emergency", () => {
  const emergency = {
    count: 1,
    from: from({ users: ["grace"] }),
    maxDuration: hours(1),
    reviewWithin: hours(48),
    at: place(20),
  };
  const offers = policy({ emergency });
  const asked = { grant: { emergency: true, duration: hours(1) } };
  const told = { reviews: [approves("grace")] };

  it("fewer approvals are enough, and no code owner is among them", () => {
    const decision = judge({ asked, under: { policies: [offers] }, told });
    expect([decision.verdict, decision.access?.reviewWithin]).toEqual(["approved", hours(48)]);
    expect(names(decision.requirements)).toEqual(["emergency"]);
  });

  it("the usual request of the same policy still takes a code owner", () => {
    const decision = judge({ under: { policies: [offers] }, told });
    expect([decision.verdict, decision.access?.reviewWithin]).toEqual(["pending", null]);
  });

  it("names what is not asked for: each requirement of any way, and the code owner", () => {
    const usual = policy({
      emergency,
      require: [owners, { anyOf: [privacy, requirement("security", { teams: ["security"] })] }],
    });
    const decision = judge({ asked, under: { policies: [usual] } });
    expect(decision.access?.skipped).toEqual(["resource owners", "privacy", "security", "code owner"]);
    expect(judge({ under: { policies: [usual] } }).access?.skipped).toEqual([]);
  });

  it("one policy without such a way refuses it", () => {
    const decision = judge({ asked, under: { policies: [offers, policy({ name: "strict" })] }, told });
    expect(decision.verdict).toBe("invalid");
    expect(decision.findings.map(({ code, message }) => `${code}: ${message}`)).toContain(
      "GRANT_EMERGENCY_NOT_OFFERED: `strict` has no such way",
    );
  });

  it("the shortest time to review of all policies holds", () => {
    const sooner = policy({ name: "sooner", emergency: { ...emergency, reviewWithin: hours(24) } });
    const decision = judge({ asked, under: { policies: [offers, sooner] }, told });
    expect(decision.access?.reviewWithin).toBe(hours(24));
  });

  it("nobody approves for themselves either", () => {
    const commits = [commit(identity("author", "grace"))];
    expect(judge({ asked, under: { policies: [offers] }, told: { ...told, commits } }).verdict).toBe(
      "pending",
    );
  });
});
