import type { Facts } from "./facts.ts";
import { type Finding, finding } from "./finding.ts";
import { personOf } from "./person.ts";
import type { ApproverPolicy } from "./policy.ts";
import { caseKey } from "./record.ts";
import type { RequestContent } from "./request.ts";
import type { RuleSet } from "./rule-set.ts";
import type { Instant } from "./time.ts";

/** What other grants of the same subject and for the same case stand against a request. */
export function quotaFindings(
  { grant, positions }: Extract<RequestContent, { kind: "grant" }>,
  matching: readonly ApproverPolicy[],
  { directory }: RuleSet,
  facts: Facts,
  now: Instant,
): readonly Finding[] {
  const others = facts.grants.filter(({ id }) => id !== grant.id);
  const subject = personOf(grant.subject, directory);
  const own = others.filter((other) => personOf(other.subject, directory) === subject);
  const running = own.filter(({ runsUntil }) => runsUntil !== null && now < runsUntil).length;
  const sameCase = others.filter((other) => caseKey(other.case) === caseKey(grant.case)).length;
  const found: Finding[] = [];
  for (const { name, limits } of matching) {
    if (limits.maxActivePerSubject !== null && running >= limits.maxActivePerSubject) {
      found.push(
        finding(
          "SUBJECT_HAS_TOO_MANY_GRANTS",
          `\`${grant.subject}\` has ${running} in force, and policy \`${name}\` allows ${limits.maxActivePerSubject} at a time`,
          positions.subject,
        ),
      );
    }
    if (limits.maxPerCase !== null && sameCase >= limits.maxPerCase) {
      found.push(
        finding(
          "CASE_HAS_TOO_MANY_GRANTS",
          `\`${grant.case.system} ${grant.case.id}\` has led to ${sameCase}, and policy \`${name}\` allows ${limits.maxPerCase}`,
          positions["case.id"],
        ),
      );
    }
  }
  const debts = grant.emergency === true ? own.filter((other) => other.emergency && !other.reviewed) : [];
  for (const { id } of debts.slice(0, 1)) {
    found.push(
      finding(
        "EMERGENCY_NOT_REVIEWED",
        `nobody has reviewed the emergency grant \`${id}\` of \`${grant.subject}\` yet`,
        positions.emergency,
      ),
    );
  }
  return found;
}
