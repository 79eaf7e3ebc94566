import { describe, expect, it } from "vitest";
import { nearest } from "../../src/rules/nearest.ts";

const known = ["azure.storage", "azure.sql", "azure.vm", "ssh.host"];

describe("the name that was most likely meant", () => {
  it.each([
    ["a letter is missing", "azure.storge", "azure.storage"],
    ["a letter is too many", "azure.sqll", "azure.sql"],
    ["two letters are swapped", "shs.host", "ssh.host"],
    ["the capitals are wrong", "Azure.vm", "azure.vm"],
    ["it is spelled rightly", "ssh.host", "ssh.host"],
  ])("when %s", (_, name, meant) => {
    expect(nearest(name, known)).toBe(meant);
  });

  it.each([
    ["nothing is known", "ssh.host", []],
    ["more than a third of every name differs", "postgres", known],
    ["the name is empty", "", known],
    ["the name is too long to be a slip of the hand", "x".repeat(201), ["x".repeat(201)]],
  ])("is none when %s", (_, name, names) => {
    expect(nearest(name, names)).toBeNull();
  });

  it("is found for a name as long as one can be", () => {
    const long = "x".repeat(200);
    expect(nearest(long, [`${long}y`])).toBe(`${long}y`);
  });

  it("is the nearest of several, the first of two that are equally near", () => {
    expect(nearest("abcdex", ["abcdyy", "abcdef", "abcdeg"])).toBe("abcdef");
  });

  it("may differ in one letter however short it is, and in a third when it is long", () => {
    expect(nearest("b", ["a"])).toBe("a");
    expect(nearest("bb", ["a"])).toBeNull();
    expect(nearest("abcdxx", ["abcdef"])).toBe("abcdef");
    expect(nearest("abcxxx", ["abcdef"])).toBeNull();
  });
});
