import { describe, expect, it } from "vitest";
import { approversOf, askOf, type RoleName, sourceKey } from "../../src/domain/approver-source.ts";
import { CODEOWNERS, directory, facts, from, lookup, members, owned, rules } from "./builders.ts";

const people = (
  source: Parameters<typeof from>[0],
  parts: Parameters<typeof rules>[0] = {},
  told: Parameters<typeof facts>[0] = {},
) => {
  const found = approversOf(from(source), lookup({ rules: rules(parts), facts: facts(told) }));
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

describe("the people of a source, by what the rules say themselves", () => {
  const settings = {
    ...rules().settings,
    eligibility: [{ teams: [], users: ["alice"], resourceTypes: null, onBehalf: false }],
    approvers: { teams: ["privacy"], users: ["dave"] },
    auditors: { teams: [], users: ["otto"] },
  };
  const managed = {
    entries: [
      { name: "Alice", logins: ["alice", "alice-2"], emails: [], managers: ["grace", "Bob-Admin"] },
      { name: "Bob", logins: ["bob", "Bob-Admin"], emails: [] },
    ],
    teams: [{ name: "dpo-office", members: ["Carol", "Bob-Admin"] }],
  };

  it.each<[RoleName, readonly string[]]>([
    ["request", ["alice"]],
    ["approve", ["carol", "dave"]],
    ["audit", ["otto"]],
    ["administer", ["grace"]],
  ])("whoever may %s", (role, expected) => {
    expect(people({ roles: [role] }, { settings }).persons).toEqual(expected);
  });

  it("nobody by a role that the settings give to nobody", () => {
    const none = { ...settings, eligibility: null, approvers: null };
    expect(people({ roles: ["request", "approve"] }, { settings: none }).persons).toEqual([]);
  });

  it("the requester's managers, by whichever account is asked for", () => {
    const asked = lookup({ rules: rules({ directory: managed }), requester: "ALICE-2" });
    expect(approversOf(from({ requesterManagers: true }), asked)).toMatchObject({
      persons: new Set(["grace", "bob"]),
      ask: { teams: [], users: ["bob-admin", "grace"] },
    });
  });

  it("nobody, where the directory names no managers", () => {
    expect(people({ requesterManagers: true }).persons).toEqual([]);
    expect(people({ requesterManagers: true }, { directory: { entries: [] } }).persons).toEqual([]);
  });

  it("a team of the directory, whatever GitHub says of one of that name", () => {
    const told = { teams: { "dpo-office": members("mallory") } };
    expect(people({ teams: ["DPO-office"] }, { directory: managed }, told)).toEqual({
      persons: ["carol", "bob"],
      ask: { teams: [], users: ["bob-admin", "carol"] },
      findings: [],
    });
  });
});

describe("a source without some of its people", () => {
  it.each<[string, Parameters<typeof people>[0], readonly string[], readonly string[]]>([
    ["a user", { teams: ["storage-owners"], not: { teams: [], users: ["Frank"] } }, ["bob"], []],
    [
      "a user by another account",
      { users: ["bob", "dave"], not: { teams: [], users: ["bob-admin"] } },
      ["dave"],
      ["dave"],
    ],
    [
      "a team and a user",
      { users: ["carol", "dave", "grace"], not: { teams: ["privacy"], users: ["grace"] } },
      ["dave"],
      ["dave"],
    ],
    ["a team", { users: ["carol", "dave"], not: { teams: ["privacy"], users: [] } }, ["dave"], ["dave"]],
  ])("%s", (_, source, persons, users) => {
    const found = people(source);
    expect(found.persons).toEqual(persons);
    expect(found.ask.users).toEqual(users);
  });

  it("holds nobody while those who are taken out cannot be listed", () => {
    expect(people({ users: ["dave"], not: { teams: ["gone"], users: [] } })).toEqual({
      persons: [],
      ask: { teams: [], users: [] },
      findings: ["the team `gone` cannot be listed: it was not read"],
    });
  });
});

describe("whom GitHub is asked", () => {
  it("each team and each user once, in the order of the alphabet", () => {
    const groups = [
      { teams: ["security", "Privacy"], users: ["grace"] },
      { teams: ["privacy"], users: ["Dave", "GRACE"] },
    ];
    expect(askOf(groups, directory)).toEqual({ teams: ["privacy", "security"], users: ["dave", "grace"] });
    expect(people({ teams: ["security", "privacy"] }).ask.teams).toEqual(["privacy", "security"]);
  });
});

describe("two sources are the same", () => {
  const one = from({ teams: ["privacy", "security"], users: ["alice"] });
  it.each([
    ["in another order", from({ teams: ["security", "privacy"], users: ["alice"] }), true],
    ["in another case", from({ teams: ["Privacy", "security"], users: ["ALICE"] }), true],
    [
      "with repetitions",
      from({ teams: ["privacy", "privacy", "security"], users: ["alice", "Alice"] }),
      true,
    ],
    ["with a team less", from({ teams: ["privacy"], users: ["alice"] }), false],
    ["with the owners as well", from({ codeowners: true, teams: one.teams, users: one.users }), false],
    ["with a role as well", from({ teams: one.teams, users: one.users, roles: ["audit"] }), false],
    ["with managers as well", from({ teams: one.teams, users: one.users, requesterManagers: true }), false],
    [
      "without somebody",
      from({ teams: one.teams, users: one.users, not: { teams: [], users: ["x"] } }),
      false,
    ],
    ["with a team that is called as a user", from({ teams: ["privacy", "security", "alice"] }), false],
  ])("%s: %s", (_, other, same) => {
    expect(sourceKey({ ...one }) === sourceKey({ ...other })).toBe(same);
  });
});
