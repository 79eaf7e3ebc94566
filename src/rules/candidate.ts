import type { Change, Plain } from "../domain/change.ts";
import type { Decision } from "../domain/decision.ts";
import { matchesGlob } from "../domain/glob.ts";
import { validFromOf } from "../domain/grant.ts";
import { officeTimeOf } from "../domain/office-hours.ts";
import type { ApproverPolicy } from "../domain/policy.ts";
import {
  addDuration,
  type Duration,
  durationBetween,
  minutes,
  printDuration,
  printInstant,
} from "../domain/time.ts";
import type { LoadedRules } from "./load.ts";
import type { Situation } from "./situation.ts";

/** A shorter access is looked for in steps of this, beside the limits themselves. */
const STEP = minutes(30);

/**
 * Single changes that may bring a request nearer to an approval, in the order in which they are preferred: what
 * changes least comes first. None is sure to help; whoever offers one judges the request with it.
 */
export function candidatesFor(
  situation: Situation,
  decision: Decision,
  /** Who has approved by a change before this one. */
  approved: readonly string[],
  loaded: LoadedRules,
): readonly Change[] {
  const { content } = situation.request;
  const people = approvalCandidates(decision, approved);
  if (content.kind === "refused") return people;
  const applying = new Set(
    decision.policies
      .filter(({ applicability }) => applicability.applies === true)
      .map(({ policy }) => policy),
  );
  const policies = loaded.rules.policies.filter(({ name }) => applying.has(name));
  return [
    ...durationCandidates(situation, policies, loaded),
    ...justificationCandidates(situation, policies),
    ...actionCandidates(situation, policies, loaded),
    ...placeCandidates(situation, policies),
    ...scopeCandidates(situation, policies, loaded),
    ...caseCandidates(situation),
    ...otherCandidates(situation, policies),
    ...people,
  ];
}

type GrantContent = Extract<Situation["request"]["content"], { kind: "grant" }>;

function grantOf({ request }: Situation): GrantContent["grant"] | null {
  return request.content.kind === "grant" ? request.content.grant : null;
}

/** The longest time that is short enough, and the shortest that is long enough. */
function durationCandidates(
  situation: Situation,
  policies: readonly ApproverPolicy[],
  { rules: { settings } }: LoadedRules,
): readonly Change[] {
  const { request, now } = situation;
  const { content } = request;
  if (content.kind !== "grant") return [];
  const { duration } = content.grant;
  const { extension } = content;
  const limits = policies.flatMap(({ limits: { maxDuration, minDuration }, emergency }) => [
    maxDuration,
    minDuration,
    emergency?.maxDuration ?? null,
  ]);
  const totals = [settings.maxTotalDuration, ...policies.map(({ limits }) => limits.maxTotalDuration)].map(
    (total) =>
      extension === null || total === null ? null : durationBetween(now, addDuration(extension.begun, total)),
  );
  const steps: Duration[] = [];
  for (let length = duration - STEP; length > 0 && steps.length < 48; length -= STEP) {
    steps.push(durationBetween(now, addDuration(now, length as Duration)));
  }
  const lengths = new Set([settings.maxDuration, ...limits, ...totals, ...steps]);
  const known = [...lengths].filter((one): one is Duration => one !== null && one > 0 && one !== duration);
  const nearest = (one: Duration) => Math.abs(one - duration);
  return known
    .sort((one, other) => nearest(one) - nearest(other))
    .map((one) => ({ path: "grant.duration", value: printDuration(one), before: printDuration(duration) }));
}

/** Which words are missing nobody can say; how many, a text of that length shows. */
function justificationCandidates(
  situation: Situation,
  policies: readonly ApproverPolicy[],
): readonly Change[] {
  const before = grantOf(situation)?.justification ?? "";
  const wanted = policies.flatMap(({ limits }) => limits.minJustification ?? []);
  return wanted.map((length) => ({
    path: "grant.justification",
    value: `${before.trim()} ${"…".repeat(Math.max(0, length))}`.slice(
      0,
      Math.max(length, before.trim().length),
    ),
    before,
  }));
}

function actionCandidates(
  situation: Situation,
  policies: readonly ApproverPolicy[],
  { schemas }: LoadedRules,
): readonly Change[] {
  const grant = grantOf(situation);
  if (grant === null) return [];
  const { actions } = grant.access;
  const allowed = policies.flatMap(({ limits }) =>
    limits.actions === null
      ? []
      : [actions.filter((action) => limits.actions?.some((glob) => matchesGlob(glob, action)))],
  );
  const fewer = actions.map((action) => actions.filter((other) => other !== action));
  const single = [...actions, ...schemas.actionsOf(grant.resource.type)].map((action) => [action]);
  return unique([...allowed, ...fewer, ...single])
    .filter((list) => list.length > 0 && list.join() !== actions.join())
    .map((value) => ({ path: "grant.access.actions", value, before: [...actions] }));
}

/** From where it would be used: without what a policy does not allow, or from the first place that it names. */
function placeCandidates(situation: Situation, policies: readonly ApproverPolicy[]): readonly Change[] {
  const now = grantOf(situation)?.constraints?.locations ?? [];
  const named = [
    ...policies.flatMap(({ limits }) => limits.locations ?? []),
    ...literalsOf(policies).filter((one): one is string => typeof one === "string" && /^[A-Z]{2}$/.test(one)),
  ];
  const kept = now.filter((country) => named.includes(country));
  const fewer = now.map((country) => now.filter((other) => other !== country));
  return unique([kept, ...fewer, ...named.map((country) => [country])])
    .filter((list) => list.length > 0 && list.join() !== now.join())
    .map((value) => ({
      path: "grant.constraints.locations",
      value,
      before: now.length === 0 ? null : [...now],
    }));
}

/** What expressions and the schema of the resource type name as values of the scope. */
function scopeCandidates(
  situation: Situation,
  policies: readonly ApproverPolicy[],
  { schemas }: LoadedRules,
): readonly Change[] {
  const grant = grantOf(situation);
  if (grant === null) return [];
  const scope: Readonly<Record<string, unknown>> = grant.access.scope ?? {};
  const literals = literalsOf(policies);
  const examples = schemas.examplesOf(grant.resource.type).fields;
  const limits = policies.flatMap((policy) => Object.entries(policy.limits.scope));
  return Object.entries(examples).flatMap(([field, { values: known }]): Change[] => {
    const globs = limits.flatMap(([name, allowed]) => (name === field ? allowed : []));
    const values: readonly Plain[] = [null, ...literals, ...globs, ...globs.map((glob) => [glob]), ...known];
    const before = plainOf(scope[field]);
    return values
      .filter((value) => JSON.stringify(value) !== JSON.stringify(before))
      .map((value) => ({ path: `grant.access.scope.${field}`, value, before }));
  });
}

function caseCandidates(situation: Situation): readonly Change[] {
  const severity = grantOf(situation)?.case.severity ?? null;
  return [4, 3, 2, 1]
    .filter((value) => value !== severity)
    .map((value) => ({ path: "grant.case.severity", value, before: severity }));
}

/** What is not about the access itself. */
function otherCandidates(situation: Situation, policies: readonly ApproverPolicy[]): readonly Change[] {
  const { request, facts, now } = situation;
  const grant = grantOf(situation);
  if (grant === null) return [];
  const changes: Change[] = [];
  if (grant.emergency === true) changes.push({ path: "grant.emergency", value: null, before: true });
  if (request.draft) changes.push({ path: "request.draft", value: false, before: true });
  if (request.fork) changes.push({ path: "request.fork", value: false, before: true });
  for (const { limits } of policies) {
    if (limits.officeHours === null) continue;
    const time = officeTimeOf(limits.officeHours, validFromOf(grant, now), grant.duration);
    if (time.kind === "later") {
      changes.push({ path: "now", value: printInstant(time.at), before: printInstant(now) });
    }
  }
  if (!facts.secondFactor.read || facts.secondFactor.without.length > 0) {
    const before = facts.secondFactor.read ? [...facts.secondFactor.without] : "unknown";
    changes.push({ path: "facts.withoutSecondFactor", value: [], before });
  }
  if (!facts.case.read || facts.case.state !== "open") {
    changes.push({
      path: "facts.case",
      value: "open",
      before: facts.case.read ? facts.case.state : "unknown",
    });
  }
  return changes;
}

/** An approval by each person who could still give one; who said no by a review may take it back. */
function approvalCandidates(decision: Decision, approved: readonly string[]): readonly Change[] {
  const results = [decision.requirements, ...decision.otherWays].flat();
  const noes = decision.denials.flatMap((denial) => (denial.kind === "veto" ? [denial.by.login] : []));
  const could = new Set<string>([...noes, ...results.flatMap(({ candidates }) => candidates)]);
  return [...could].map((login) => ({
    path: "facts.approvedBy",
    value: [...approved, login],
    before: [...approved],
  }));
}

/** Values that the expressions of policies compare with. */
function literalsOf(policies: readonly ApproverPolicy[]): readonly Plain[] {
  const texts = policies.flatMap(({ when, deny }) => [
    ...(when === null ? [] : [when.text]),
    ...deny.map((rule) => rule.when.text),
  ]);
  const found = texts.flatMap((text) =>
    [...text.matchAll(/"([^"\\]*)"|'([^'\\]*)'|\b(true|false)\b/g)].map(
      ([, double, single, truth]): Plain =>
        truth === undefined ? (double ?? single ?? "") : truth === "true",
    ),
  );
  return [...new Set(found)];
}

function plainOf(value: unknown): Plain {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

function unique<T>(lists: readonly (readonly T[])[]): readonly T[][] {
  return [...new Map(lists.map((list) => [JSON.stringify(list), [...list]])).values()];
}
