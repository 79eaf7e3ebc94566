import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandsIn } from "../../src/domain/command.ts";
import { account, at, comment } from "./builders.ts";

const first = (body: string) => commandsIn([comment("bob", body)])[0];

describe("a command is the first line of a comment", () => {
  it.each([
    ["/deny", "deny", ""],
    ["/deny ask for the logs only", "deny", "ask for the logs only"],
    ["/revoke\tthe case is closed  ", "revoke", "the case is closed"],
    ["/release", "release", ""],
    ["/release\nthank you all", "release", ""],
    ["/deny no\r\nsigned: bob", "deny", "no"],
    ["/deny no\rsigned: bob", "deny", "no"],
    ["/Deny no", "deny", "no"],
    ["/REVOKE", "revoke", ""],
    ["/deny \u{2028}no", "deny", "no"],
    ["/deny   ", "deny", ""],
  ])("%j is %s because %j", (body, name, reason) => {
    expect(first(body)).toMatchObject({ name, reason, by: account("bob"), comment: 501 });
  });

  it("whatever the length of its reason: a veto must not be lost", () => {
    const reason = "no ".repeat(20_000).trim();
    expect(first(`/deny ${reason}`)).toMatchObject({ name: "deny", reason });
  });

  it.each([
    ["an approval", "/approve"],
    ["a longer word", "/denying"],
    ["text in front", "please /deny"],
    ["a blank in front", " /deny"],
    ["a quotation", "> /deny"],
    ["the second line", "I think\n/deny"],
    ["an empty first line", "\n/deny"],
    ["no slash", "deny"],
    ["two slashes", "//deny"],
    ["a blank behind the slash", "/ deny"],
    ["a code fence", "```\n/deny\n```"],
    ["nothing", ""],
  ])("%s is none", (_, body) => {
    expect(first(body)).toBeUndefined();
  });

  it.each([
    ["an edited comment: somebody with write access may have put the words there", { edited: true }],
    ["a bot", { author: account("robot", "bot") }],
    ["an account that no longer exists", { author: null }],
  ])("%s gives none", (_, parts) => {
    expect(commandsIn([comment("bob", "/deny", parts)])).toEqual([]);
  });

  it("they come oldest first, and by number where they are of one second", () => {
    const late = comment("bob", "/deny", { id: 7, createdAt: at("2026-11-24T11:00:00Z") });
    const early = comment("bob", "/revoke", { id: 9 });
    const same = comment("carol", "/release", { id: 8 });
    expect(commandsIn([late, early, same]).map(({ comment: id }) => id)).toEqual([8, 9, 7]);
  });

  it("arbitrary comments never throw, and give no command without a slash in front", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (body) => {
        expect(first(body) === undefined || body.startsWith("/")).toBe(true);
      }),
    );
  });
});
