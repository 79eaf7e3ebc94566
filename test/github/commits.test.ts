import { describe, expect, it } from "vitest";
import { commitOf } from "../../src/github/commits.ts";
import type { CommitNode } from "../../src/github/facts-answer.ts";
import { cpuSeconds } from "../cpu-time.ts";
import { all, commitNode } from "./answers.ts";

const named = (parts: Partial<CommitNode>) =>
  commitOf(commitNode(parts)).identities.map(
    ({ role, email, login }) => `${role} ${login ?? "?"} <${email}>`,
  );

const person = (login: string | null, email: string, name = "N") => ({
  name,
  email,
  user: login === null ? null : { login },
});

describe("everybody whom a commit names", () => {
  it("is its author alone when it was made on the site", () => {
    expect(named({})).toEqual(["author alice <alice@acme.example>"]);
  });

  it("includes a committer, also one who calls himself GitHub from another address", () => {
    const committer = person("bob", "bob@acme.example", "GitHub");
    expect(named({ committer })).toContain("committer bob <bob@acme.example>");
  });

  it("includes co-authors that GitHub knows, and those it does not know by their trailers", () => {
    const identities = named({
      message: "Ask\n\nCo-authored-by: Bob <bob@acme.example>\n  co-Authored-By : eve<eve@x.example>\r\n",
      authors: all(person("alice", "alice@acme.example"), person("bob", "bob@acme.example")),
    });
    expect(identities).toEqual([
      "author alice <alice@acme.example>",
      "co-author bob <bob@acme.example>",
      "co-author ? <bob@acme.example>",
      "co-author ? <eve@x.example>",
    ]);
  });

  it("keeps an address without an account, and an account without an address", () => {
    expect(named({ author: person(null, "x@y.example"), authors: all() })).toEqual([
      "author ? <x@y.example>",
    ]);
    const author = { name: "N", email: null, user: { login: "bob" } };
    expect(named({ author, authors: all() })).toEqual(["author bob <>"]);
  });

  it("is found in linear time in a message made to be slow", () => {
    const message = `${"Co-authored-by: ".repeat(40_000)}\n${"co-authored-by:\t".repeat(40_000)}`;
    expect(cpuSeconds(() => void named({ message }))).toBeLessThan(2);
  });
});

describe("a commit is signed", () => {
  it.each<[string, CommitNode["signature"], boolean]>([
    ["when GitHub has verified its signature", { isValid: true }, true],
    ["not when GitHub could not verify it, whoever's key it was", { isValid: false }, false],
    ["not when it has no signature", null, false],
  ])("%s", (_, signature, signed) => {
    expect(commitOf(commitNode({ signature })).signed).toBe(signed);
  });
});
