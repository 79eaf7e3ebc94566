import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/domain/policy.ts";
import { hours } from "../../src/domain/time.ts";
import type { RequestView } from "../../src/domain/view.ts";
import { parseExpression } from "../../src/rules/expression.ts";
import { unknownSizes } from "../../src/rules/expression-check.ts";
import { remembering } from "../../src/rules/expression-memory.ts";

/** What one request has that another has not; any value may stand in a scope, and in what no schema has checked. */
interface Change {
  readonly case?: object;
  readonly labels?: object;
  readonly actions?: readonly unknown[];
  readonly scope?: object;
  readonly justification?: unknown;
  readonly requester?: string;
  readonly duration?: number;
  readonly notBefore?: number | undefined;
  readonly emergency?: boolean;
}

function request({ case: about, labels, actions, scope, ...rest }: Change = {}): RequestView {
  const others: object = rest;
  return {
    requester: "alice",
    subject: "bob",
    case: about ?? { system: "servicenow", id: "CS-1" },
    resource: { type: "azure.storage", id: "prod", listed: true, labels: labels ?? { environment: "prod" } },
    access: { actions: actions ?? ["read"], scope: scope ?? {} },
    justification: "Checkout times out.",
    duration: hours(4),
    emergency: false,
    constraints: { locations: [], networks: [], mfa: true },
    ...others,
  } as RequestView;
}

/** Asks an expression about requests, one after the other: how many of them it was worked out for. */
function evaluated(text: string, views: Iterable<RequestView>): number {
  const parsed = parseExpression(text);
  if ("message" in parsed) throw new Error(parsed.message);
  let count = 0;
  const ask = remembering(parsed.expr, (): Evaluation => {
    count += 1;
    return { ok: false, error: `evaluation ${count}` };
  });
  for (const view of views) ask(view);
  return count;
}

const plain: Change = {};
const isProd = 'resource.labels.environment == "prod"';

describe("an answer is remembered, whatever else changes", () => {
  it.each<[string, string, Change, Change]>([
    ["a field", "emergency", plain, { requester: "carol", duration: hours(1) }],
    ["a field of a field", isProd, plain, { labels: { environment: "prod", region: "eu" } }],
    ["two fields", `emergency || ${isProd}`, plain, { justification: "The gateway is slow." }],
    ["items of a list", 'access.actions.all(a, a == "read")', plain, { requester: "carol" }],
    ["a list that is written out", 'requester in ["alice", subject]', plain, { emergency: true }],
    ["a method", 'requester.startsWith("a")', plain, { emergency: true }],
    ["a field that neither has", "has(case.url)", plain, { case: { system: "jira", id: "CS-2" } }],
    ["a field that is left out", "emergency", { case: { severity: undefined } }, plain],
    ["a field of what has no fields", "access.scope.a.b == 1", { scope: { a: "x" } }, { scope: { a: "x" } }],
    ["no time before which it begins", "notBefore == null", { notBefore: undefined }, plain],
  ])("%s", (_, text, one, other) => {
    expect(evaluated(text, [one, other].map(request))).toBe(1);
  });
});

describe("an expression is asked again about", () => {
  it.each<[string, string, Change, Change]>([
    ["another value", "emergency", plain, { emergency: true }],
    ["another value of a field of a field", isProd, plain, { labels: { environment: "test" } }],
    ["a field that the other has not", isProd, plain, { labels: {} }],
    ["nothing where the other has `null`", "has(access.scope.a)", { scope: { a: null } }, { scope: {} }],
    ["a value that other fields stand in", "access.scope.a.b", { scope: { a: {} } }, { scope: { a: "x" } }],
    ["another object", "access.scope.a", { scope: { a: { b: 1 } } }, { scope: { a: { b: 2 } } }],
    [
      "another object beside something",
      "access.scope.a == emergency",
      { scope: { a: { b: 1 } } },
      { scope: { a: { b: 2 } } },
    ],
    ["another list", 'access.actions.all(a, a == "read")', plain, { actions: ["read", "list"] }],
    [
      "another part of a list that is written out",
      'requester in ["alice", subject]',
      plain,
      { requester: "carol" },
    ],
    ["another text that a method is of", 'requester.startsWith("a")', plain, { requester: "carol" }],
    [
      "one of two fields whose names together are the same letters",
      "access.scope.ab == 1 || access.scope.a.b == 1",
      { scope: { ab: 1 } },
      { scope: { ab: 2 } },
    ],
  ])("%s", (_, text, one, other) => {
    expect(evaluated(text, [one, other].map(request))).toBe(2);
  });

  it("the same, when it has a part whose fields are not known", () => {
    expect(evaluated('{"a": emergency}["a"]', [request(), request()])).toBe(2);
  });
});

describe("a request that no rule was made for is always evaluated: that may fail before it looks at any field", () => {
  const longest = "x".repeat(unknownSizes.text);
  const most = Array.from({ length: unknownSizes.items }, () => 1);
  it.each<[string, Change, Change]>([
    ["a duration below zero", { duration: 0 }, { duration: -1 }],
    ["a part of a millisecond", { duration: 1 }, { duration: 0.5 }],
    ["a duration that is no number", plain, { duration: Number.NaN }],
    ["a time in the year 9999", { notBefore: Date.UTC(9999, 0) - 1 }, { notBefore: Date.UTC(9999, 0) }],
    ["a time before 1970", { notBefore: 0 }, { notBefore: -1 }],
    ["a text that is longer than its field", { requester: "x".repeat(200) }, { requester: "x".repeat(201) }],
    ["a text without a known size", { scope: { a: longest } }, { scope: { a: `${longest}x` } }],
    ["a text in a list", { actions: ["x".repeat(200)] }, { actions: ["read", "x".repeat(201), "read"] }],
    ["a list with too many items", { scope: { a: most } }, { scope: { a: [...most, 1] } }],
    ["something that is missing in a list", { scope: { a: [null] } }, { scope: { a: [undefined] } }],
    ["a number that is none", { scope: { a: 0.5 } }, { scope: { a: Number.POSITIVE_INFINITY } }],
    ["a value that no file can hold", { scope: { a: true } }, { scope: { a: 1n } }],
    ["an object that is more than its fields", { scope: Object.create(null) }, { scope: new Date(0) }],
    ["one wrong value of several", { scope: { a: 1, b: 2 } }, { scope: { a: 1, b: Number.NaN } }],
  ])("%s", (_, ordinary, odd) => {
    expect(evaluated("emergency", [plain, ordinary].map(request))).toBe(1);
    expect(evaluated("emergency", [plain, odd, odd].map(request))).toBe(3);
  });
});

describe("what is remembered is bounded", () => {
  const people = (count: number) =>
    Array.from({ length: count }, (_, index) => request({ requester: `user${index}` }));

  it("by 500 answers, beyond which all are forgotten", () => {
    expect(evaluated('requester == "alice"', [...people(500), ...people(500)])).toBe(500);
    expect(evaluated('requester == "alice"', [...people(501), ...people(1)])).toBe(502);
  });

  it("by the length of what is asked for: 2000 characters with what stands around a text", () => {
    const long = (length: number) => request({ justification: "x".repeat(length - '[[1,""]]'.length) });
    expect(evaluated('justification == ""', [long(2000), long(2000)])).toBe(1);
    expect(evaluated('justification == ""', [long(2001), long(2001)])).toBe(2);
  });
});

it("the answer that is remembered is the one that was given", () => {
  const parsed = parseExpression("emergency");
  if ("message" in parsed) throw new Error(parsed.message);
  const ask = remembering(parsed.expr, (view): Evaluation => ({ ok: true, value: view.emergency }));
  expect([true, false, true, false].map((emergency) => ask(request({ emergency })))).toEqual(
    [true, false, true, false].map((value) => ({ ok: true, value })),
  );
});
