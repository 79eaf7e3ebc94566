import { expect, it } from "vitest";
import { clausesOf } from "../../src/domain/clause.ts";
import { noConditions, noLimits } from "../../src/domain/policy.ts";
import { hours } from "../../src/domain/time.ts";
import { fieldMatch, owners, place, policy, privacy } from "./builders.ts";

const positionsOf = (parts: Parameters<typeof policy>[0]) =>
  Object.fromEntries(clausesOf(policy(parts)).map(({ name, at }) => [name, at]));

it("a clause stands where it is written", () => {
  const positions = positionsOf({
    match: [fieldMatch("emergency", [true])],
    require: [{ anyOf: [privacy] }],
  });
  expect(positions["match.emergency"]).toEqual(fieldMatch("emergency", [true]).at);
  expect(positions["require.0.anyOf.0"]).toEqual(privacy.at);
});

it("limits, conditions and times stand each at their own line", () => {
  const names = ["limits.maxDuration", "conditions.mfa", "pending.expiresAfter", "pending.remindAfter"];
  const positions = Object.fromEntries(names.map((name, index) => [name, place(index + 1)]));
  const found = positionsOf({
    limits: { ...noLimits, maxDuration: hours(1) },
    conditions: { ...noConditions, mfa: true },
    positions,
  });
  expect(Object.fromEntries(names.map((name) => [name, found[name]]))).toEqual(positions);
});

it("a requirement is one of an emergency only in the clause for that", () => {
  const clauses = clausesOf(policy({ require: [privacy, { anyOf: [owners] }] }));
  const of = clauses.flatMap((clause) => (clause.kind === "requirement" ? [clause.isEmergency] : []));
  expect(of).toEqual([false, false]);
});

it("a clause that is written nowhere stands with what holds it", () => {
  const nowhere = { ...owners, at: null };
  const { at } = policy();
  const anyOf = place(7, 3, "policies/storage.yaml");
  const positions = positionsOf({
    match: [{ anyOf: [[]], at: anyOf }],
    require: [nowhere, { anyOf: [{ allOf: [] }] }],
    positions: {},
  });
  expect(positions).toEqual({ "match.anyOf.0": anyOf, "require.0": at, "require.1.anyOf.0": at });
});
