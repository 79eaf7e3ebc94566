import { isAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ruleDenials } from "../../src/domain/denial.ts";
import { applicabilityOf } from "../../src/domain/policy.ts";
import { view } from "../domain/builders.ts";
import {
  cedarContext,
  cedarOf,
  type DrawnPolicy,
  type DrawnRequest,
  drawnPolicies,
  drawnRequests,
  fileOf,
  viewOf,
} from "./cedar.ts";
import { loaded, ruleFiles } from "./rule-files.ts";

/** Whether our rules leave a request to people: some policy is for it, and none denies it. */
function ours(policies: readonly DrawnPolicy[], requests: readonly DrawnRequest[]): readonly boolean[] {
  const files = Object.fromEntries(
    policies.map((policy, index) => [`policies/p${index}.yaml`, fileOf(policy, `p${index}`)]),
  );
  const { rules } = loaded(ruleFiles(files));
  return requests.map((request) => {
    const seen = viewOf(request, view());
    const judged = rules.policies.map((policy) => ({ policy, applicability: applicabilityOf(policy, seen) }));
    const matching = judged.filter(({ applicability }) => applicability.applies === true);
    return (
      ruleDenials(
        judged,
        matching.map(({ policy }) => policy),
        seen,
      ).length === 0
    );
  });
}

function cedars(policies: readonly DrawnPolicy[], requests: readonly DrawnRequest[]): readonly boolean[] {
  const staticPolicies = cedarOf(policies);
  return requests.map((request) => {
    const answer = isAuthorized({
      principal: { type: "User", id: "somebody" },
      action: { type: "Action", id: "ask" },
      resource: { type: "Resource", id: "something" },
      context: cedarContext(request),
      policies: { staticPolicies },
      entities: [],
    });
    if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
    if (answer.response.diagnostics.errors.length > 0)
      throw new Error(JSON.stringify(answer.response.diagnostics));
    return answer.response.decision === "allow";
  });
}

it("an independent engine (Cedar) says the same of random rules and random requests", () => {
  const seen = new Map([
    [true, 0],
    [false, 0],
  ]);
  fc.assert(
    fc.property(
      drawnPolicies,
      fc.array(drawnRequests, { minLength: 5, maxLength: 5 }),
      (policies, requests) => {
        const expected = cedars(policies, requests);
        for (const answer of expected) seen.set(answer, (seen.get(answer) ?? 0) + 1);
        expect(ours(policies, requests)).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
  for (const count of seen.values()) expect(count).toBeGreaterThan(50);
});
