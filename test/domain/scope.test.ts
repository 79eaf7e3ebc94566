import { describe, expect, it } from "vitest";
import { type Limits, noLimits } from "../../src/domain/policy.ts";
import { scopeFindings } from "../../src/domain/scope.ts";
import { content, place, policy, rules, view } from "./builders.ts";

type Scope = ReturnType<typeof view>["access"]["scope"];

const found = (limits: Partial<Limits>, scope: Scope, parts: Parameters<typeof view>[0] = {}) =>
  scopeFindings(
    content(),
    view({ access: { actions: ["read"], scope }, ...parts }),
    [policy({ limits: { ...noLimits, ...limits } })],
    rules().catalog,
  ).map(({ message }) => message);

describe("a field of the scope stays within the patterns of a policy", () => {
  const limits = { scope: { paths: ["2026/**", "audit/*.log"] } };

  it.each<[string, unknown]>([
    ["by a path inside", ["2026/11/23.log"]],
    ["by a pattern inside", ["2026/11/**", "2026/*"]],
    ["by the same pattern", ["audit/*.log"]],
    ["as one value instead of a list", "2026/11/**"],
  ])("%s", (_, paths) => {
    expect(found(limits, { paths })).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["a path outside", ["2025/11"], "2025/11"],
    ["a pattern that reaches further", ["**"], "**"],
    ["a pattern that crosses a folder", ["audit/**.log"], "audit/**.log"],
    ["one of several", ["2026/1", "x"], "x"],
    ["a value that is no text", [7], "7"],
  ])("%s does not", (_, paths, named) => {
    expect(found(limits, { paths })).toEqual([
      `\`${named}\` in \`access.scope.paths\` reaches beyond what policy \`storage\` allows`,
    ]);
  });

  it.each<[string, Scope]>([
    ["a missing field", {}],
    ["an empty list", { paths: [] }],
  ])("%s is no way around it", (_, scope) => {
    expect(found(limits, scope)).toEqual(["policy `storage` wants `access.scope.paths`"]);
  });

  it("what to write instead is told with every pattern that is allowed", () => {
    const [outside] = scopeFindings(
      content(),
      view({ access: { actions: ["read"], scope: { paths: ["x"] } } }),
      [policy({ limits: { ...noLimits, ...limits } })],
      [],
    );
    expect(outside?.hint).toBe("stay within `2026/**`, `audit/*.log`");
  });

  it("a field that no policy bounds is free", () => {
    expect(found({}, { container: "anything" })).toEqual([]);
  });
});

describe("where a policy wants it narrow", () => {
  const narrow = { narrow: true };

  it.each<[string, Scope]>([
    ["a path", { paths: ["2026/11/23.log"] }],
    ["a pattern below a name", { paths: ["2026/**"] }],
    ["a name and a switch", { container: "logs", redacted: true }],
    ["a name behind more than one slash", { paths: ["//2026/x"] }],
    ["one field of two", { container: "logs", paths: [] }],
  ])("%s is narrow", (_, scope) => {
    expect(found(narrow, scope)).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["everything", "**"],
    ["any name", "*"],
    ["anything below any name", "*/x"],
    ["a file in any folder", "**/secrets"],
    ["a name that is part wildcard", "20*/11"],
    ["the root", "/"],
    ["the root and everything", "/**"],
    ["nothing at all", ""],
  ])("%s is not", (_, path) => {
    expect(found(narrow, { paths: ["2026/11/**", path] })).toEqual([
      `\`${String(path)}\` in \`access.scope.paths\` leaves everything open, and policy \`storage\` wants it narrow`,
    ]);
  });

  it.each<[string, Scope]>([
    ["no scope", {}],
    ["a scope that says nothing", { paths: [] }],
  ])("%s is not", (_, scope) => {
    expect(found(narrow, scope)).toEqual([
      "policy `storage` wants to know which part of the resource is needed",
    ]);
  });

  it.each([
    ["the parent of a resource in the catalog", "shop"],
    ["the parent with a slash", "shop/"],
    ["the parent in capitals", "SHOP"],
    ["a pattern of resources", "shop/*"],
  ])("%s is not", (_, id) => {
    const resource = { type: "azure.storage", id, listed: false, labels: {} };
    expect(found(narrow, { paths: ["a/b"] }, { resource })).toEqual([
      `\`${id}\` holds other resources, and policy \`storage\` wants one of them`,
    ]);
  });

  const catalog = ["hr", "shop/eu/crm"].map((id) => ({
    ...rules().catalog[0],
    type: "azure.storage",
    id,
    labels: {},
  }));
  const judged = (id: string, scope: Scope) =>
    scopeFindings(
      content(),
      view({
        access: { actions: ["read"], scope },
        resource: { type: "azure.storage", id, listed: false, labels: {} },
      }),
      [policy({ limits: { ...noLimits, ...narrow } })],
      catalog,
    );

  it.each(["shop/eu", "shop/eu/", "shop/eu//", "shop"])("a parent of any depth is one, here %s", (id) => {
    expect(judged(id, { paths: ["a/b"] })).toHaveLength(1);
  });

  it("each finding says what to do, and stands where it is to be done", () => {
    const told = (id: string, scope: Scope) => judged(id, scope).map(({ hint, at }) => [hint, at?.line]);
    expect(told("hr", {})).toEqual([["name it in `access.scope`", 12]]);
    expect(told("hr", { paths: ["**"] })).toEqual([
      ["begin with what the case is about, for example `2026/11/**`", 12],
    ]);
    expect(told("shop", { paths: ["a/b"] })).toEqual([
      ["ask for the one resource that the case is about", 8],
    ]);
  });

  it("a resource whose name begins alike is no parent", () => {
    const resource = { type: "azure.storage", id: "sho", listed: false, labels: {} };
    expect(found(narrow, { paths: ["a/b"] }, { resource })).toEqual([]);
  });
});

describe("a finding stands where the mistake is", () => {
  const scope = { paths: ["**"] };
  const bounded = { scope: { paths: ["2026/**"] } };
  const [whole, field, access] = [place(12), place(13), place(11)];

  it.each<[string, Partial<Limits>, Scope, Parameters<typeof scopeFindings>[0]["positions"], unknown]>([
    ["at the field", bounded, scope, { "access.scope.paths": field, "access.scope": whole }, field],
    ["else at the scope", bounded, scope, { "access.scope": whole, access }, whole],
    ["else at the access", bounded, scope, { access }, access],
    ["of a scope that is missing, at the access", { narrow: true }, {}, { access }, access],
    [
      "of a scope that says nothing, at the scope",
      { narrow: true },
      {},
      { "access.scope": whole, access },
      whole,
    ],
    ["of an open pattern, at the field", { narrow: true }, scope, { "access.scope.paths": field }, field],
    ["else at its scope", { narrow: true }, scope, { "access.scope": whole }, whole],
  ])("%s", (_, limits, asked, at, expected) => {
    const [found] = scopeFindings(
      { ...content(), positions: at },
      view({ access: { actions: ["read"], scope: asked } }),
      [policy({ limits: { ...noLimits, ...limits } })],
      rules().catalog,
    );
    expect(found?.at).toEqual(expected);
  });
});
