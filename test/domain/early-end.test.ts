import { describe, expect, it } from "vitest";
import { earlyEndOf, revokersOf } from "../../src/domain/early-end.ts";
import type { Comment } from "../../src/domain/facts.ts";
import {
  account,
  at,
  comment,
  directory,
  facts,
  lookup,
  person,
  policy,
  privacy,
  teams,
} from "./builders.ts";

const revokers = (told: Parameters<typeof facts>[0] = {}) =>
  revokersOf([policy({ require: [privacy] })], lookup({ facts: facts(told) }));

describe("who may revoke a grant", () => {
  it("everybody whom a requirement names, the code owners and the administrators", () => {
    expect([...revokers()].sort()).toEqual(["bob", "carol", "frank", "grace"]);
  });

  it("without a policy that still matches, code owners and administrators", () => {
    expect([...revokersOf([], lookup())].sort()).toEqual(["bob", "frank", "grace"]);
  });

  it("nobody of a team that cannot be listed", () => {
    const told = { teams: { ...teams, privacy: { read: false, because: "403" } as const } };
    expect(revokers(told).has(person("carol"))).toBe(false);
  });
});

describe("a command ends a grant early", () => {
  const ends = (comments: readonly Comment[], subject = "erin") => {
    const early = earlyEndOf({ comments }, revokers(), subject, directory);
    return early && [early.cause, early.command.by.login, early.command.reason];
  };

  it.each<[string, Comment, string[]]>([
    [
      "an owner revokes it",
      comment("bob", "/revoke the case is closed"),
      ["revocation", "bob", "the case is closed"],
    ],
    ["so from a second account", comment("Bob-Admin", "/revoke"), ["revocation", "Bob-Admin", ""]],
    ["an approver revokes it", comment("carol", "/revoke"), ["revocation", "carol", ""]],
    ["an administrator revokes it", comment("grace", "/revoke"), ["revocation", "grace", ""]],
    ["the subject releases it", comment("erin", "/release done"), ["release", "erin", "done"]],
    ["so from a second account", comment("ERIN-acme", "/release"), ["release", "ERIN-acme", ""]],
  ])("%s", (_, one, expected) => {
    expect(ends([one])).toEqual(expected);
  });

  it.each<[string, Comment]>([
    ["somebody else revokes", comment("mallory", "/revoke")],
    ["the subject revokes", comment("erin", "/revoke")],
    ["somebody else releases", comment("bob", "/release")],
    ["it is /deny", comment("bob", "/deny")],
    ["the comment was edited", comment("bob", "/revoke", { edited: true })],
    ["a bot says so", comment(account("bob", "bot"), "/revoke")],
    ["the account is gone", comment(null, "/revoke")],
    ["it is quoted", comment("bob", "> /revoke")],
  ])("but not when %s", (_, one) => {
    expect(ends([one])).toBeNull();
  });

  it("the first that may counts", () => {
    const early = comment("mallory", "/revoke", { id: 1, createdAt: at("2026-11-24T10:10:00Z") });
    const first = comment("bob", "/revoke first", { id: 2, createdAt: at("2026-11-24T10:20:00Z") });
    const second = comment("erin", "/release", { id: 3, createdAt: at("2026-11-24T10:30:00Z") });
    expect(ends([second, first, early])).toEqual(["revocation", "bob", "first"]);
  });
});
