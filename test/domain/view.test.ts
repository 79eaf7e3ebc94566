import { describe, expect, it } from "vitest";
import { isViewField, valuesOf } from "../../src/domain/view.ts";
import { view } from "./builders.ts";

describe("a field that `match` may name", () => {
  it.each([
    "requester",
    "subject",
    "case.severity",
    "resource.type",
    "resource.labels.classification",
    "resource.labels.x",
    "access.scope.paths",
    "constraints.mfa",
  ])("%s", (field) => {
    expect(isViewField(field)).toBe(true);
  });

  it.each([
    "",
    "case",
    "resource.labels",
    "resource.labels.",
    "access.scope",
    "resource.id.x",
    "resource.anything.else.whatever",
    "Subject",
  ])("but not %j", (field) => {
    expect(isViewField(field)).toBe(false);
  });
});

describe("the values of a field", () => {
  it.each([
    ["one value", "resource.type", ["azure.storage"]],
    ["a list", "access.actions", ["read", "list"]],
    ["a label", "resource.labels.classification", ["pii"]],
    ["a part of the scope", "access.scope.paths", ["2026/11/**"]],
    ["a number", "case.severity", [2]],
    ["false is a value", "emergency", [false]],
    ["an empty list has none", "constraints.networks", []],
    ["a label that the resource has not", "resource.labels.region", []],
    ["an optional field that is absent", "case.url", []],
    ["something below a value", "subject.length", []],
    ["something below a list", "access.actions.0", []],
    ["what every object inherits", "resource.labels.constructor", []],
    ["a prototype", "resource.__proto__.toString", []],
  ])("%s: %s", (_, field, values) => {
    expect(valuesOf(view(), field)).toEqual(values);
  });

  it("an element that is no scalar does not go unnoticed", () => {
    const odd = view({
      access: { actions: ["read"], scope: { paths: ["logs", { all: true }], deep: null } },
    });
    expect(valuesOf(odd, "access.scope.paths")).toHaveLength(2);
    expect(valuesOf(odd, "access.scope.deep.er")).toEqual([]);
  });
});
