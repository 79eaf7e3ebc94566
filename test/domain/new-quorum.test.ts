import { describe, expect, it } from "vitest";
import { type Asked, quorumChange } from "../../src/domain/new-quorum.ts";
import type { ApproverPolicy, RequirementClause } from "../../src/domain/policy.ts";
import type { RuleSet } from "../../src/domain/rule-set.ts";
import { CODEOWNERS, GRANT_PATH, owned, owners, policy, requirement, rules } from "./builders.ts";

const privacy = (count: number) => requirement("privacy", { teams: ["privacy"] }, count);

function asking(policies: readonly ApproverPolicy[], parts: Partial<RuleSet> = {}, emergency = false): Asked {
  const all = rules({ policies, ...parts });
  return {
    rules: all,
    matching: policies,
    emergency,
    path: GRANT_PATH,
    organization: "acme",
    requester: "alice",
  };
}

const require = (...clauses: readonly RequirementClause[]) => [policy({ require: clauses })];

describe("approvals that suffice under new rules and did not under the old", () => {
  const three = require(owners, privacy(2));
  const cases: readonly (readonly [string, Asked, Asked, readonly string[] | null])[] = [
    ["none where nothing changed", asking(three), asking(three), null],
    ["none where one more is asked for", asking(require(owners, privacy(1))), asking(three), null],
    ["fewer of a team", asking(three), asking(require(owners, privacy(1))), ["privacy", "storage-owners"]],
    [
      "two of a team where there were three",
      asking(require(owners, privacy(3))),
      asking(three),
      ["privacy", "privacy", "storage-owners"],
    ],
    ["a requirement that is gone", asking(three), asking(require(owners)), ["storage-owners"]],
    [
      "a way that was added",
      asking(require(owners, privacy(1))),
      asking(require(owners, { anyOf: [privacy(1), requirement("boss", { users: ["grace"] })] })),
      ["grace", "storage-owners"],
    ],
    [
      "somebody who was added to a source",
      asking(require(owners, requirement("two", { users: ["dave"] }))),
      asking(require(owners, requirement("two", { users: ["dave", "mallory"] }))),
      ["mallory", "storage-owners"],
    ],
    [
      "a team that is no longer taken out",
      asking(
        require(owners, requirement("two", { teams: ["privacy"], not: { teams: ["sales"], users: [] } })),
      ),
      asking(require(owners, privacy(1))),
      ["privacy and sales", "storage-owners"],
    ],
    [
      "a login that is no longer taken out",
      asking(
        require(owners, requirement("two", { teams: ["privacy"], not: { teams: [], users: ["mallory"] } })),
      ),
      asking(require(owners, privacy(1))),
      ["mallory", "storage-owners"],
    ],
    [
      "another owner of the path",
      asking(require(owners)),
      asking(require(owners), { codeowners: owned("/grants/ @acme/sales\n") }),
      ["sales"],
    ],
    [
      "none where a policy goes and another asks for the same",
      asking([...three, policy({ name: "b" })]),
      asking(three),
      null,
    ],
    [
      "the role of approvers that is wider",
      asking(require(owners), {
        codeowners: owned("/grants/ @bob @dave\n"),
        settings: { ...rules().settings, approvers: { teams: [], users: ["bob"] } },
      }),
      asking(require(owners), { codeowners: owned("/grants/ @bob @dave\n") }),
      ["dave"],
    ],
    [
      "one person's accounts that become two people",
      asking(require(requirement("two", { users: ["dave", "dave-two"] }, 2), owners)),
      asking(require(requirement("two", { users: ["dave", "dave-two"] }, 2), owners), {
        directory: { entries: [] },
      }),
      ["dave", "dave-two", "storage-owners"],
    ],
    [
      "of people who are alike the first ones",
      asking(require(requirement("two", { users: ["zoe", "amy", "kim"] }, 3), owners)),
      asking(require(requirement("two", { users: ["zoe", "amy", "kim"] }, 2), owners)),
      ["amy", "kim", "storage-owners"],
    ],
    [
      "somebody of a team that is named as two others together",
      asking(
        require({
          anyOf: [
            requirement("a", { teams: ["a"] }),
            requirement("c", { teams: ["c"], not: { teams: ["b"], users: [] } }),
          ],
        }, owners),
      ),
      asking(require(requirement("ab", { teams: ["ab"] }), owners)),
      ["ab", "storage-owners"],
    ],
    [
      "none of many people, of whom each is like many others",
      asking(require({ anyOf: [requirement("many", { teams: ["privacy", "sales"] }, 14), privacy(15)] })),
      asking(require({ anyOf: [requirement("many", { teams: ["privacy", "sales"] }, 14), privacy(15)] })),
      null,
    ],
  ];

  it.each(cases)("%s", (name, before, after, wanted) => {
    const directory = { entries: [{ name: "Dave", logins: ["dave", "dave-two"], emails: [] }] };
    const old = name.includes("accounts") ? { ...before, rules: { ...before.rules, directory } } : before;
    const change = quorumChange(old, after);
    expect(change.kind === "new" ? [...change.approvals].sort() : change).toEqual(wanted ?? { kind: "none" });
  });

  it("of an emergency are those of its own clause", () => {
    const clause = {
      count: 2,
      from: owners.from,
      maxDuration: rules().settings.maxDuration,
      reviewWithin: rules().settings.maxDuration,
      at: { file: "policies/storage.yaml", line: 1, column: 1 },
    };
    const two = [policy({ emergency: clause })];
    const one = [policy({ emergency: { ...clause, count: 1 } })];
    expect(quorumChange(asking(two, {}, true), asking(one, {}, true))).toEqual({
      kind: "new",
      approvals: ["storage-owners"],
    });
    expect(quorumChange(asking(two), asking(one))).toEqual({ kind: "none" });
  });

  it("are not told when there are too many ways to try them all", () => {
    // every team is in some of the sources: of each there is a kind of person
    const mixed = Array.from({ length: 5 }, (_, bit) =>
      requirement(
        `r${bit}`,
        {
          teams: Array.from({ length: 32 }, (__, team) => team).flatMap((team) =>
            (team >> bit) % 2 === 1 ? [`t${team}`] : [],
          ),
        },
        2,
      ),
    );
    const asked = asking(require(...mixed));
    expect(quorumChange(asked, asked)).toEqual({ kind: "undecided" });
  });

  it("owners of a path are asked for with every policy", () => {
    const before = asking(require(privacy(1)), { codeowners: owned(CODEOWNERS) });
    const after = asking(require(privacy(1)), { codeowners: owned("/grants/azure.storage/ @frank\n") });
    expect(quorumChange(before, after)).toEqual({ kind: "new", approvals: ["privacy", "frank"] });
  });
});

describe("where a policy leaves more ways than are tried, nothing passes", () => {
  const choice = { anyOf: [privacy(1), owners] };
  const tooMany = require(...Array.from({ length: 9 }, () => choice));

  it("so whatever suffices under other rules is new", () => {
    expect(quorumChange(asking(tooMany), asking(require(owners)))).toEqual({
      kind: "new",
      approvals: ["storage-owners"],
    });
  });

  it("and nothing is new under these", () => {
    expect(quorumChange(asking(require(owners)), asking(tooMany))).toEqual({ kind: "none" });
  });
});

describe("people who have several accounts", () => {
  const directory = { entries: [{ name: "Dave", logins: ["dave", "dave-two"], emails: [] }] };
  const three = (count: number) =>
    asking(require(requirement("two", { users: ["dave", "dave-two", "erin"] }, count), owners), {
      directory,
    });

  it("fill one place with all of them, so that somebody else has to fill the other", () => {
    const change = quorumChange(three(3), three(2));
    expect(change).toEqual({ kind: "new", approvals: ["dave", "erin", "storage-owners"] });
  });

  it("are taken for one under the old rules too", () => {
    const single = { entries: [] };
    const before = asking(require(requirement("two", { users: ["dave", "dave-two"] }, 2), owners), {
      directory: single,
    });
    const after = asking(require(requirement("two", { users: ["dave", "dave-two"] }, 2), owners), {
      directory,
    });
    expect(quorumChange(before, after)).toEqual({ kind: "none" });
  });
});

it("names of two ways alike the one that comes first in the alphabet, wherever it is written", () => {
  const two = requirement("two", { users: ["mallory", "dave"] });
  expect(quorumChange(asking(require(owners, privacy(1))), asking(require(two, owners)))).toEqual({
    kind: "new",
    approvals: ["dave", "storage-owners"],
  });
});
