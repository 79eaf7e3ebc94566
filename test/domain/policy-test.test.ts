import { describe, expect, it } from "vitest";
import { expecting } from "../../src/domain/expectation.ts";
import { type PolicyTest, passes, runTests } from "../../src/domain/policy-test.ts";
import { requestsOfTest } from "../../src/domain/replay.ts";
import { facts, NOW, place, request, rules } from "./builders.ts";

const test: PolicyTest = {
  name: "storage",
  file: "policies/tests/storage.yaml",
  cases: (["pending", "approved"] as const).map((verdict) => ({
    name: `is ${verdict}`,
    at: place(1),
    request: request(),
    facts: facts(),
    now: NOW,
    expect: expecting(verdict),
    expectedAt: place(2),
  })),
};

describe("a policy test", () => {
  it("passes where the decision is as expected, case by case", () => {
    expect(runTests([test], rules()).map(passes)).toEqual([true, false]);
  });

  it("is about requests that are named by test and case", () => {
    expect(requestsOfTest(test)).toEqual([
      { name: "storage: is pending", request: request(), facts: facts(), now: NOW },
      { name: "storage: is approved", request: request(), facts: facts(), now: NOW },
    ]);
  });
});
