import { type Finding, finding } from "./finding.ts";
import { validFromOf } from "./grant.ts";
import type { ApproverPolicy } from "./policy.ts";
import type { RequestContent } from "./request.ts";
import type { RuleSet } from "./rule-set.ts";
import { addDuration, describeDuration, instantOf, LAST_INSTANT, printDuration } from "./time.ts";

/** Where a request goes beyond what the policies that match allow together: the tightest limit wins (invariant 9). */
export function limitFindings(
  { grant, positions }: Extract<RequestContent, { kind: "grant" }>,
  matching: readonly ApproverPolicy[],
  rules: RuleSet,
): readonly Finding[] {
  const found: Finding[] = [];
  const bounds = [
    { limit: rules.settings.maxDuration, by: "the settings" },
    ...matching.flatMap(({ name, limits }) =>
      limits.maxDuration === null ? [] : [{ limit: limits.maxDuration, by: `policy \`${name}\`` }],
    ),
  ];
  const tightest = bounds.reduce((one, other) => (other.limit < one.limit ? other : one));
  if (grant.duration > tightest.limit) {
    found.push(
      finding(
        "GRANT_DURATION_OVER_LIMIT",
        `\`${printDuration(grant.duration)}\` is longer than ${describeDuration(tightest.limit)}, the limit of ${tightest.by}`,
        positions.duration,
        `ask for \`${printDuration(tightest.limit)}\` or less`,
      ),
    );
  }
  const written = Array.from(grant.justification.trim()).length;
  for (const { name, limits } of matching) {
    if (limits.minJustification !== null && written < limits.minJustification) {
      found.push(
        finding(
          "GRANT_JUSTIFICATION_TOO_SHORT",
          `${written} characters, and policy \`${name}\` asks for at least ${limits.minJustification}`,
          positions.justification,
        ),
      );
    }
  }
  const latest = grant.notBefore ?? instantOf(0);
  if (addDuration(validFromOf(grant, latest), grant.duration) > LAST_INSTANT) {
    found.push(
      finding("GRANT_NOT_BEFORE_INVALID", "the access would end after the year 9999", positions.notBefore),
    );
  }
  if (grant.emergency === true) {
    found.push(finding("GRANT_EMERGENCY_NOT_OFFERED", "it is marked as an emergency", positions.emergency));
  }
  return found;
}
