import { preparsePolicySet, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import { newEnforcer, newModelFromString } from "casbin";
import fc from "fast-check";
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
} from "../rules/cedar.ts";
import { loaded, ruleFiles } from "../rules/rule-files.ts";
import type { Figure } from "./figure.ts";

export const SEED = 20261125;
const POLICIES = 20;

/** An engine with the rules in it: whether a request is left to people. */
export type Engine = (request: DrawnRequest) => boolean | Promise<boolean>;

/** The same drawn rules and requests in three engines, which have to agree; rates, and ratios to ours. */
export async function besidePeers(): Promise<readonly Figure[]> {
  const requests = fc.sample(drawnRequests, { seed: SEED, numRuns: 50 });
  const engines = await enginesOf("bench", 0);
  const answers: Record<string, readonly boolean[]> = {};
  for (const [name, engine] of Object.entries(engines))
    answers[name] = await Promise.all(requests.map(engine));
  const [expected] = Object.values(answers);
  for (const [name, given] of Object.entries(answers)) {
    if (JSON.stringify(given) !== JSON.stringify(expected)) throw new Error(`${name} answers differently`);
  }
  const rates = new Map<string, number>();
  for (const [name, engine] of Object.entries(engines)) rates.set(name, await rateOf(engine, requests));
  const own = rates.get("grantbox") ?? Number.NaN;
  return [...rates].map(([name, rate]) => ({
    name: `rule-evaluations-a-second-${name}`,
    value: Math.round(rate),
    unit: "evaluations/s",
    details: { policies: POLICIES, ratioToGrantbox: Number((rate / own).toFixed(3)) },
  }));
}

/** The same drawn policies in each engine; `seed` says which ones. */
export async function enginesOf(
  name: string,
  seed: number,
): Promise<Readonly<Record<"grantbox" | "cedar" | "casbin", Engine>>> {
  const policies = fc
    .sample(drawnPolicies, { seed: SEED + seed, numRuns: 2 * POLICIES })
    .flat()
    .slice(0, POLICIES);
  return { grantbox: grantbox(policies), cedar: cedar(name, policies), casbin: await casbin(policies) };
}

async function rateOf(engine: Engine, requests: readonly DrawnRequest[]): Promise<number> {
  let count = 0;
  const begin = performance.now();
  while (performance.now() - begin < 1500) {
    for (const request of requests) await engine(request);
    count += requests.length;
  }
  return (count * 1000) / (performance.now() - begin);
}

function grantbox(policies: readonly DrawnPolicy[]): Engine {
  const files = policies.map((policy, index): [string, string] => [
    `policies/p${index}.yaml`,
    fileOf(policy, `p${index}`),
  ]);
  const { rules } = loaded(ruleFiles(Object.fromEntries(files)));
  const rest = view();
  return (request) => {
    const seen = viewOf(request, rest);
    const judged = rules.policies.map((policy) => ({ policy, applicability: applicabilityOf(policy, seen) }));
    const matching = judged
      .filter(({ applicability }) => applicability.applies === true)
      .map(({ policy }) => policy);
    return ruleDenials(judged, matching, seen).length === 0;
  };
}

function cedar(name: string, policies: readonly DrawnPolicy[]): Engine {
  const parsed = preparsePolicySet(name, { staticPolicies: cedarOf(policies) });
  if (parsed.type === "failure") throw new Error(JSON.stringify(parsed.errors));
  return (request) => {
    const answer = statefulIsAuthorized({
      principal: { type: "User", id: "somebody" },
      action: { type: "Action", id: "ask" },
      resource: { type: "Resource", id: "something" },
      context: cedarContext(request),
      preparsedPolicySetId: name,
      entities: [],
    });
    if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
    return answer.response.decision === "allow";
  };
}

const MODEL = `
[request_definition]
r = q
[policy_definition]
p = rule, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = holds(r.q, p.rule)
`;

/** casbin decides which of its policy lines count; whether a line holds is a function, as its users do where no operator is. */
async function casbin(policies: readonly DrawnPolicy[]): Promise<Engine> {
  const enforcer = await newEnforcer(newModelFromString(MODEL));
  const rest = view();
  const files = policies.map((policy, index): [string, string] => [
    `policies/p${index}.yaml`,
    fileOf(policy, `p${index}`),
  ]);
  const { rules } = loaded(ruleFiles(Object.fromEntries(files)));
  const holds = (request: DrawnRequest, rule: string): boolean => {
    const [index = "0", deny] = rule.split(".");
    const policy = rules.policies.find(({ name }) => name === `p${index}`);
    const seen = viewOf(request, rest);
    if (policy === undefined || applicabilityOf(policy, seen).applies !== true) return false;
    if (deny === undefined) return true;
    const outcome = policy.deny[Number(deny)]?.when.evaluate(seen);
    return outcome?.ok === true && outcome.value;
  };
  await enforcer.addFunction("holds", holds);
  for (const [index, { deny }] of policies.entries()) {
    await enforcer.addPolicy(String(index), "allow");
    for (const number of deny.keys()) await enforcer.addPolicy(`${index}.${number}`, "deny");
  }
  return (request) => enforcer.enforce(request);
}
