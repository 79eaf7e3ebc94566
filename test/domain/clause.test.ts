import { expect, it } from "vitest";
import { clausesOf } from "../../src/domain/clause.ts";
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
