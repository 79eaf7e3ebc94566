import { describe, expect, it } from "vitest";
import { eligibilityFindings } from "../../src/domain/eligibility.ts";
import type { Facts } from "../../src/domain/facts.ts";
import type { Eligibility } from "../../src/domain/rule-set.ts";
import { account, anybody, content, facts, lookup, members, rules, teams } from "./builders.ts";

const support: Eligibility = { teams: ["support"], users: [], resourceTypes: null, onBehalf: false };
const told = facts({ teams: { ...teams, support: members("alice", "erin") } });

interface Asked {
  readonly requester?: string;
  readonly subject?: string;
  readonly facts?: Facts;
}

const found = (eligibility: readonly Eligibility[] | null, asked: Asked = {}) => {
  const { requester = "alice", subject = requester, facts: known = told } = asked;
  return eligibilityFindings(
    { requester: account(requester) },
    content({ subject }),
    lookup({ rules: rules({ settings: { ...rules().settings, eligibility } }), facts: known }),
  ).map(({ code }) => code);
};

describe("who may ask", () => {
  it("everybody, where the settings say nothing: for themselves", () => {
    expect(found(null, { requester: "mallory" })).toEqual([]);
    expect(found(null, { requester: "erin-acme", subject: "erin" })).toEqual([]);
    expect(found(null, { requester: "alice", subject: "erin" })).toEqual(["GRANT_ON_BEHALF_NOT_ALLOWED"]);
  });

  it.each<[string, Eligibility, string, readonly string[]]>([
    ["a member of the team", support, "alice", []],
    ["by another of their accounts", support, "erin-acme", []],
    ["nobody else", support, "bob", ["REQUESTER_NOT_ELIGIBLE"]],
    [
      "nobody beside the team and the user that are named",
      { ...support, users: ["bob"] },
      "mallory",
      ["REQUESTER_NOT_ELIGIBLE"],
    ],
    ["a user who is named", { ...support, teams: [], users: ["Bob"] }, "bob", []],
    ["for a type that is named", { ...support, resourceTypes: ["azure.*"] }, "alice", []],
    ["not for another type", { ...support, resourceTypes: ["ssh.*"] }, "alice", ["REQUESTER_NOT_ELIGIBLE"]],
    ["for no type at all", { ...support, resourceTypes: [] }, "alice", ["REQUESTER_NOT_ELIGIBLE"]],
    [
      "everybody for a type",
      { ...anybody, onBehalf: false, resourceTypes: ["azure.storage"] },
      "mallory",
      [],
    ],
  ])("%s", (_, role, requester, expected) => {
    expect(found([role], { requester })).toEqual(expected);
  });

  it("nobody of a team that cannot be listed, and the finding says which", () => {
    const unread = facts({ teams: { ...teams, support: { read: false, because: "403" } } });
    expect(found([support], { facts: unread })).toEqual(["REQUESTER_NOT_ELIGIBLE", "TEAM_UNREADABLE"]);
  });

  it("whoever one of several roles allows", () => {
    const other = { ...support, teams: ["gone"], users: ["dave"] };
    expect(found([other, support])).toEqual([]);
  });
});

describe("on behalf of somebody else", () => {
  const helpful = { ...support, onBehalf: true };

  it.each<[string, readonly Eligibility[], string, readonly string[]]>([
    ["only where a role allows it", [support], "erin", ["GRANT_ON_BEHALF_NOT_ALLOWED"]],
    ["for somebody who may have it too", [helpful], "erin", []],
    ["where one of several roles allows it", [support, helpful], "erin", []],
    ["not for somebody who may not", [helpful], "bob", ["SUBJECT_NOT_ELIGIBLE"]],
    [
      "where the role that allows it is for another type",
      [support, { ...helpful, resourceTypes: ["ssh.host"] }],
      "erin",
      ["GRANT_ON_BEHALF_NOT_ALLOWED"],
    ],
    [
      "for somebody of another role for that type",
      [helpful, { ...support, teams: [], users: ["bob"] }],
      "bob",
      [],
    ],
  ])("%s", (_, roles, subject, expected) => {
    expect(found(roles, { subject })).toEqual(expected);
  });
});
