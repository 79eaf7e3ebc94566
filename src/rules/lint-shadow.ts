import { finding } from "../domain/finding.ts";
import { liesWithin } from "../domain/glob.ts";
import { type ApproverPolicy, clauseMatches, type MatchClause, type MatchValue } from "../domain/policy.ts";
import { finiteViews } from "./finite-views.ts";
import type { Lint } from "./lint-check.ts";

export const shadowedPolicy: Lint = {
  name: "shadowedPolicy",
  code: "POLICY_SHADOWED",
  about: "A policy beside which another one always matches and asks for at least as much.",
  check({ rules: { policies } }) {
    return policies.flatMap((policy, index) => {
      const other = policies.find(
        // of two that are the same the later one is superfluous, and none is so beside itself
        (one, place) => addsNothing(policy, one) && (place < index || !addsNothing(one, policy)),
      );
      if (other === undefined) return [];
      const message = `whatever \`${policy.name}\` matches, \`${other.name}\` matches as well and asks for at least as much`;
      return [finding("POLICY_SHADOWED", message, policy.at)];
    });
  },
};

/** Whether a policy changes nothing beside another one. It errs on the safe side, never saying so of one that does. */
function addsNothing(policy: ApproverPolicy, other: ApproverPolicy): boolean {
  const isWider = other.match.every((clause) => isImplied(clause, policy.match));
  return isWider && isWhenever(policy, other) && asksNoMore(policy, other);
}

/** Whether another `when` is true wherever this one is. To have none is less where this one may fail: that denies. */
function isWhenever({ match, when }: ApproverPolicy, other: ApproverPolicy): boolean {
  if (when?.text === other.when?.text) return true;
  if (when === null || other.when !== null) return false;
  const found = finiteViews([when.text], match);
  if (found.kind === "undecided") return false;
  const fitting = found.views.filter((view) => match.every((clause) => clauseMatches(clause, view)));
  return fitting.every((view) => when.evaluate(view).ok);
}

function asksNoMore(policy: ApproverPolicy, other: ApproverPolicy): boolean {
  const [limits, others] = [policy.limits, other.limits];
  const atMost = (one: number | null, bound: number | null) =>
    one === null || (bound !== null && bound <= one);
  const atLeast = (one: number | null, bound: number | null) =>
    one === null || (bound !== null && bound >= one);
  const same = (one: unknown, bound: unknown) => JSON.stringify(one) === JSON.stringify(bound);
  const denials = new Set(other.deny.map(({ when }) => when.text));
  const required = policy.require.map(plainText);
  const alsoRequired = other.require.map(plainText);
  return (
    atMost(limits.maxDuration, others.maxDuration) &&
    atMost(limits.maxTotalDuration, others.maxTotalDuration) &&
    atMost(limits.maxActivePerSubject, others.maxActivePerSubject) &&
    atMost(limits.maxPerCase, others.maxPerCase) &&
    atLeast(limits.minDuration, others.minDuration) &&
    atLeast(limits.minJustification, others.minJustification) &&
    (limits.officeHours === null || same(limits.officeHours, others.officeHours)) &&
    (limits.regions === null || same(limits.regions, others.regions)) &&
    (limits.locations === null || same(limits.locations, others.locations)) &&
    (limits.actions === null || same(limits.actions, others.actions)) &&
    (Object.keys(limits.scope).length === 0 || same(limits.scope, others.scope)) &&
    (!limits.narrow || others.narrow) &&
    (["mfa", "signedCommits", "caseOpen"] as const).every(
      (name) => !policy.conditions[name] || other.conditions[name],
    ) &&
    policy.deny.every(({ when }) => denials.has(when.text)) &&
    // requirements of one policy add up, so that one stands for one only
    required.every((text) => timesIn(required, text) <= timesIn(alsoRequired, text)) &&
    (same(policy.pending, other.pending) || isSilent(policy)) &&
    (other.emergency === null || plainText(other.emergency) === plainText(policy.emergency))
  );
}

function timesIn(texts: readonly string[], wanted: string): number {
  return texts.filter((text) => text === wanted).length;
}

function isSilent({ pending }: ApproverPolicy): boolean {
  return pending.expiresAfter === null && pending.remindAfter.length === 0 && pending.escalation === null;
}

/** A value without where it is written and what it is called. */
function plainText(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => (key === "at" || key === "name" ? undefined : part));
}

/** Whether whatever fits all these lines fits another one. */
function isImplied(wanted: MatchClause, lines: readonly MatchClause[]): boolean {
  if ("anyOf" in wanted) {
    return (
      lines.some((line) => plainText(line) === plainText(wanted)) ||
      wanted.anyOf.some((all) => all.every((one) => isImplied(one, lines)))
    );
  }
  return lines.some(
    (line) =>
      "field" in line &&
      line.field === wanted.field &&
      (line.test === wanted.test || line.test === "only") &&
      line.values.every((value) => wanted.values.some((wider) => isWithin(value, wider))),
  );
}

function isWithin(value: MatchValue, wider: MatchValue): boolean {
  return typeof value === "string" && typeof wider === "string" ? liesWithin(value, wider) : value === wider;
}
