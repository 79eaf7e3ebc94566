import { sourceKey } from "../domain/approver-source.ts";
import { type Finding, type FindingCode, finding } from "../domain/finding.ts";
import { type ApproverPolicy, placeOf } from "../domain/policy.ts";
import { waysOf } from "../domain/requirements.ts";
import { type Duration, describeDuration } from "../domain/time.ts";
import type { Lint } from "./lint-check.ts";
import { mayOverlap } from "./lint-match.ts";

export const contradictingLimits: Lint = {
  name: "contradictingLimits",
  code: "LIMITS_CONTRADICT",
  about:
    "A `minDuration` above the longest that the same policy, one that may match beside it, or the settings allow.",
  check({ rules: { policies, settings } }) {
    return policies.flatMap((policy) => {
      const least = policy.limits.minDuration;
      if (least === null) return [];
      const at = placeOf(policy, "limits.minDuration");
      const against = policies.filter(
        (other) =>
          other.limits.maxDuration !== null &&
          other.limits.maxDuration < least &&
          (other === policy || mayOverlap(policy, other)),
      );
      const bounds = against.map(({ name }) => `\`limits.maxDuration\` of \`${name}\``);
      if (settings.maxDuration < least) bounds.push("the bound of the settings");
      return bounds.map((bound) =>
        finding(
          "LIMITS_CONTRADICT",
          `\`${policy.name}\` asks for ${describeDuration(least)} or more, above ${bound}`,
          at,
        ),
      );
    });
  },
};

export const limitNeverBinds: Lint = {
  name: "limitNeverBinds",
  code: "LIMIT_NEVER_BINDS",
  about:
    "A duration that is longer than the settings, or for an emergency the policy itself, allow in any case.",
  check({ rules: { policies, settings } }) {
    return policies.flatMap((policy) => {
      const { limits, pending, emergency } = policy;
      const over = (name: string, value: Duration | null | undefined, bound: Duration | null, by: string) =>
        value !== null && value !== undefined && bound !== null && value > bound
          ? [
              finding(
                "LIMIT_NEVER_BINDS",
                `\`${name}\` of \`${policy.name}\` is ${describeDuration(value)}, and ${by} allow no more than ${describeDuration(bound)}`,
                placeOf(policy, name),
              ),
            ]
          : [];
      const [normal, by] =
        limits.maxDuration === null
          ? ([settings.maxDuration, "the settings"] as const)
          : ([limits.maxDuration, "its own limits"] as const);
      return [
        ...over("limits.maxDuration", limits.maxDuration, settings.maxDuration, "the settings"),
        ...over(
          "limits.maxTotalDuration",
          limits.maxTotalDuration,
          settings.maxTotalDuration,
          "the settings",
        ),
        ...over("pending.expiresAfter", pending.expiresAfter, settings.pendingExpiresAfter, "the settings"),
        ...over("emergency.maxDuration", emergency?.maxDuration, normal, by),
      ];
    });
  },
};

function tooLate(
  code: FindingCode,
  field: string,
  timesOf: (policy: ApproverPolicy) => readonly Duration[],
): Lint["check"] {
  return ({ rules: { policies, settings } }) =>
    policies.flatMap((policy) => {
      const lapses = Math.min(
        policy.pending.expiresAfter ?? settings.pendingExpiresAfter,
        settings.pendingExpiresAfter,
      );
      return timesOf(policy)
        .filter((time) => time >= lapses)
        .map((time): Finding => {
          const message = `\`${policy.name}\` does it after ${describeDuration(time)}, and the request lapses after ${describeDuration(lapses as Duration)}`;
          return finding(code, message, placeOf(policy, field));
        });
    });
}

export const lateReminder: Lint = {
  name: "lateReminder",
  code: "REMINDER_TOO_LATE",
  about: "A `remindAfter` that is not earlier than the request lapses.",
  check: tooLate("REMINDER_TOO_LATE", "pending.remindAfter", ({ pending }) => pending.remindAfter),
};

export const lateEscalation: Lint = {
  name: "lateEscalation",
  code: "ESCALATION_TOO_LATE",
  about: "An `escalateAfter` that is not earlier than the request lapses.",
  check: tooLate("ESCALATION_TOO_LATE", "pending.escalateAfter", ({ pending: { escalation } }) =>
    escalation === null ? [] : [escalation.after],
  ),
};

export const emergencyNotEasier: Lint = {
  name: "emergencyNotEasier",
  code: "EMERGENCY_NOT_EASIER",
  about:
    "An `emergency` that takes as many people as the normal way, out of a group that is asked there too.",
  check({ rules }) {
    return rules.policies.flatMap((policy) => {
      const { emergency } = policy;
      if (emergency === null) return [];
      const isEasier = waysOf(policy).every((way) => {
        const people = way.reduce((sum, { count }) => sum + count, 0);
        return (
          emergency.count < people || !way.some(({ from }) => sourceKey(from) === sourceKey(emergency.from))
        );
      });
      if (isEasier) return [];
      const message = `in an emergency \`${policy.name}\` takes as much as it does otherwise, and allows less time`;
      return [finding("EMERGENCY_NOT_EASIER", message, emergency.at)];
    });
  },
};
