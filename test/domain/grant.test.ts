import { describe, expect, it } from "vitest";
import { parseGrantPath, skeletonOf, validFromOf } from "../../src/domain/grant.ts";
import { at } from "./builders.ts";

describe("a path of a grant", () => {
  it.each([
    ["grants/azure.storage/cs-41207.yaml", "azure.storage", "cs-41207"],
    ["grants/azure.key-vault/a.yaml", "azure.key-vault", "a"],
    [`grants/ssh.host/${"a".repeat(80)}.yaml`, "ssh.host", "a".repeat(80)],
  ])("%s stands for type %s and id %s", (path, type, id) => {
    expect(parseGrantPath(path)).toEqual({ type, id });
  });

  it.each([
    ["another folder", "policies/azure.storage/cs-1.yaml"],
    ["the folder in capitals", "Grants/azure.storage/cs-1.yaml"],
    ["no type", "grants/cs-1.yaml"],
    ["a folder too deep", "grants/azure.storage/eu/cs-1.yaml"],
    ["an empty type", "grants//cs-1.yaml"],
    ["a type upwards", "grants/../cs-1.yaml"],
    ["an id upwards", "grants/azure.storage/...yaml"],
    ["the type in capitals", "grants/Azure.Storage/cs-1.yaml"],
    ["another ending", "grants/azure.storage/cs-1.yml"],
    ["the ending in capitals", "grants/azure.storage/cs-1.YAML"],
    ["something behind", "grants/azure.storage/cs-1.yaml.txt"],
    ["a hidden file", "grants/azure.storage/.yaml"],
    ["an id of 81 characters", `grants/azure.storage/${"a".repeat(81)}.yaml`],
    ["two hyphens", "grants/azure.storage/cs--1.yaml"],
    ["a line break", "grants/azure.storage/cs-1.yaml\n"],
    ["a control character", "grants/azure.storage/cs\u{7}1.yaml"],
    ["a direction mark", "grants/azure.storage/cs\u{202e}1.yaml"],
    ["a slash in front", "/grants/azure.storage/cs-1.yaml"],
    ["a backslash", "grants\\azure.storage\\cs-1.yaml"],
    ["nothing", ""],
  ])("%s is none: %j", (_, path) => {
    expect(parseGrantPath(path)).toBeNull();
  });
});

describe("two ids look alike", () => {
  it.each([
    ["cs-41207", "cs-412o7"],
    ["cs-41207", "cs-4l207"],
    ["cs-41207", "cs-4i207"],
    ["cs-41207", "cs41207"],
    ["modern", "modem"],
    ["view", "vievv"],
  ])("%s and %s", (one, other) => {
    expect(skeletonOf(one)).toBe(skeletonOf(other));
  });

  it.each([
    ["cs-41207", "cs-41208"],
    ["alpha", "beta"],
  ])("but not %s and %s", (one, other) => {
    expect(skeletonOf(one)).not.toBe(skeletonOf(other));
  });
});

describe("access begins", () => {
  const merge = at("2026-11-24T10:02:11Z");
  it.each([
    ["at the merge, when the file names no time", null, "2026-11-24T10:02:11Z"],
    ["at the merge, when the time has come", "2026-11-24T09:00:00Z", "2026-11-24T10:02:11Z"],
    ["at `notBefore`, when that is later", "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z"],
    [
      "at the next whole second, never before `notBefore`",
      "2026-11-24T12:00:00.001Z",
      "2026-11-24T12:00:01Z",
    ],
    ["at the merge, when `notBefore` was a moment earlier", "2026-11-24T10:02:10.5Z", "2026-11-24T10:02:11Z"],
  ])("%s", (_, notBefore, expected) => {
    expect(validFromOf({ notBefore: notBefore === null ? null : at(notBefore) }, merge)).toBe(at(expected));
  });
});
