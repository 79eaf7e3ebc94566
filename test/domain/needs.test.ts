import { expect, it } from "vitest";
import { needsOf } from "../../src/domain/needs.ts";
import { noConditions } from "../../src/domain/policy.ts";
import { content, policy, rules } from "./builders.ts";

const needs = (...conditions: readonly Partial<typeof noConditions>[]) =>
  needsOf(
    content({ subject: "alice", case: { system: "github", id: "7" } }),
    conditions.map((asked) => policy({ conditions: { ...noConditions, ...asked } })),
    rules(),
    "acme",
  );

it("asks about nobody's second factor and no case where no policy does", () => {
  expect(needs({}, { signedCommits: true })).toMatchObject({ secondFactorOf: null, case: null });
});

it("asks about the subject's second factor where one policy of several does", () => {
  expect(needs({}, { mfa: true })).toMatchObject({ secondFactorOf: "alice", case: null });
});

it("asks about the case where one policy of several does", () => {
  expect(needs({ caseOpen: true }, {})).toMatchObject({
    secondFactorOf: null,
    case: { system: "github", id: "7" },
  });
});

it("always asks for the teams that decide", () => {
  expect(needs({}).teams).toContain("storage-owners");
});
