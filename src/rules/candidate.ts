import type { Change, Plain } from "../domain/change.ts";
import type { Decision } from "../domain/decision.ts";
import { matchesGlob } from "../domain/glob.ts";
import { type Grant, validFromOf } from "../domain/grant.ts";
import { officeTimeOf } from "../domain/office-hours.ts";
import type { ApproverPolicy } from "../domain/policy.ts";
import type { Settings } from "../domain/rule-set.ts";
import {
  addDuration,
  type Duration,
  durationBetween,
  type Instant,
  minutes,
  printDuration,
  printInstant,
} from "../domain/time.ts";
import type { Value } from "./constant.ts";
import type { LoadedRules } from "./load.ts";
import { type Looks, LooksGatherer, lookAt } from "./looks.ts";
import { samplesOf } from "./samples.ts";
import type { Schemas } from "./schema.ts";
import type { Situation } from "./situation.ts";

/** A shorter access is looked for in steps of this, beside the limits themselves: a day of them. */
const STEP = minutes(30);
const STEPS = 48;

/**
 * Single changes that may bring a request nearer to an approval, in the order in which they are preferred: what
 * changes least comes first. None is sure to help; whoever offers one judges the request with it.
 */
export function candidatesFor(
  situation: Situation,
  decision: Decision,
  /** Who has approved by a change before this one. */
  approved: readonly string[],
  { rules, schemas }: LoadedRules,
): readonly Change[] {
  const { content } = situation.request;
  if (content.kind === "refused") return [];
  const { grant } = content;
  const applying = new Set(
    decision.policies
      .filter(({ applicability }) => applicability.applies === true)
      .map(({ policy }) => policy),
  );
  const policies = rules.policies.filter(({ name }) => applying.has(name));
  const looks = looksOf(policies);
  return [
    ...durationCandidates(content, situation.now, policies, rules.settings),
    ...justificationCandidates(grant, policies),
    ...actionCandidates(grant, policies, schemas),
    ...placeCandidates(grant, policies, looks),
    ...scopeCandidates(grant, policies, looks, schemas),
    ...caseCandidates(grant),
    ...otherCandidates(situation, grant, policies),
    ...approvalCandidates(decision, approved),
  ];
}

type GrantContent = Extract<Situation["request"]["content"], { kind: "grant" }>;

/** What the expressions of policies compare with. */
function looksOf(policies: readonly ApproverPolicy[]): Looks {
  const gatherer = new LooksGatherer();
  for (const { when, deny } of policies) {
    if (when !== null) gatherer.expression(when.text);
    for (const denial of deny) gatherer.expression(denial.when.text);
  }
  return gatherer.looks();
}

/** The longest time that is short enough, and the shortest that is long enough. */
function durationCandidates(
  { grant: { duration }, extension }: GrantContent,
  now: Instant,
  policies: readonly ApproverPolicy[],
  settings: Settings,
): readonly Change[] {
  const limits = policies.flatMap(({ limits: { maxDuration, minDuration }, emergency }) => [
    maxDuration,
    minDuration,
    emergency?.maxDuration ?? null,
  ]);
  const totals = [settings.maxTotalDuration, ...policies.map(({ limits }) => limits.maxTotalDuration)]
    .filter((total) => total !== null)
    .map((total) => (extension === null ? null : durationBetween(now, addDuration(extension.begun, total))));
  const steps = Array.from({ length: STEPS }, (_, index) => (duration - STEP * (index + 1)) as Duration);
  const lengths = new Set([settings.maxDuration, ...limits, ...totals, ...steps]);
  const known = [...lengths].filter((one): one is Duration => one !== null && one > 0 && one !== duration);
  const nearest = (one: Duration) => Math.abs(one - duration);
  return known
    .sort((one, other) => nearest(one) - nearest(other))
    .map((one) => ({ path: "grant.duration", value: printDuration(one), before: printDuration(duration) }));
}

/** Which words are missing nobody can say; how many, a text of that length shows. */
function justificationCandidates(
  { justification: before }: Grant,
  policies: readonly ApproverPolicy[],
): readonly Change[] {
  const words = before.trim();
  const { length } = Array.from(words);
  return policies
    .flatMap(({ limits }) => limits.minJustification ?? [])
    .filter((wanted) => wanted > length)
    .map((wanted) => ({
      path: "grant.justification",
      value: words + "…".repeat(wanted - length),
      before,
    }));
}

function actionCandidates(
  { access: { actions }, resource }: Grant,
  policies: readonly ApproverPolicy[],
  schemas: Schemas,
): readonly Change[] {
  const allowed = policies
    .map(({ limits }) => limits.actions)
    .filter((globs) => globs !== null)
    .map((globs) => actions.filter((action) => globs.some((glob) => matchesGlob(glob, action))));
  const fewer = actions.map((action) => actions.filter((other) => other !== action));
  const single = [...actions, ...schemas.actionsOf(resource.type)].map((action) => [action]);
  return unique([...allowed, ...fewer, ...single])
    .filter((list) => list.length > 0 && list.join() !== actions.join())
    .map((value) => ({ path: "grant.access.actions", value, before: [...actions] }));
}

/** From where it would be used: without what a policy does not allow, or from the first place that it names. */
function placeCandidates(
  { constraints }: Grant,
  policies: readonly ApproverPolicy[],
  looks: Looks,
): readonly Change[] {
  const now = constraints?.locations ?? [];
  const named = [
    ...policies.flatMap(({ limits }) => limits.locations ?? []),
    ...namedIn(looks, "constraints.locations").map(String),
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
  { access, resource }: Grant,
  policies: readonly ApproverPolicy[],
  looks: Looks,
  schemas: Schemas,
): readonly Change[] {
  const scope: Readonly<Record<string, unknown>> = access.scope ?? {};
  const limits = policies.flatMap((policy) => Object.entries(policy.limits.scope));
  return Object.entries(schemas.examplesOf(resource.type).fields).flatMap(
    ([field, { isList, values: known }]): Change[] => {
      const globs = limits.filter(([name]) => name === field).flatMap(([, allowed]) => allowed);
      const named = [...namedIn(looks, `access.scope.${field}`), ...globs];
      const values: readonly Plain[] = [null, ...named.map((value) => (isList ? [value] : value)), ...known];
      const before = plainOf(scope[field]);
      return values
        .filter((value) => JSON.stringify(value) !== JSON.stringify(before))
        .map((value) => ({ path: `grant.access.scope.${field}`, value, before }));
    },
  );
}

/** Constants that expressions compare a field with. */
function namedIn(looks: Looks, field: string): readonly Value[] {
  return samplesOf(lookAt(looks, field), String);
}

function caseCandidates({ case: { severity } }: Grant): readonly Change[] {
  return [4, 3, 2, 1]
    .filter((value) => value !== severity)
    .map((value) => ({ path: "grant.case.severity", value, before: severity ?? null }));
}

/** What is not about the access itself. */
function otherCandidates(
  { request, facts, now }: Situation,
  grant: Grant,
  policies: readonly ApproverPolicy[],
): readonly Change[] {
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

function plainOf(value: unknown): Plain {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

function unique<T>(lists: readonly (readonly T[])[]): readonly T[][] {
  return [...new Map(lists.map((list) => [JSON.stringify(list), [...list]])).values()];
}
