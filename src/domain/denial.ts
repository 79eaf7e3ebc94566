import { lastOpinions } from "./approvals.ts";
import { commandsIn } from "./command.ts";
import type { Facts } from "./facts.ts";
import { type Finding, finding, type Position } from "./finding.ts";
import { type Account, type Person, personOf } from "./person.ts";
import type { Applicability, ApproverPolicy } from "./policy.ts";
import type { RuleSet } from "./rule-set.ts";
import type { RequestView } from "./view.ts";

/** Why a request is denied. */
export type Denial =
  | { readonly kind: "no-policy" }
  | { readonly kind: "policy"; readonly policy: string; readonly message: string; readonly at: Position }
  | { readonly kind: "rule-failed"; readonly policy: string; readonly error: string; readonly at: Position }
  | { readonly kind: "veto"; readonly by: Account; readonly review: number; readonly reason: string }
  | { readonly kind: "command"; readonly by: Account; readonly comment: number; readonly reason: string };

/** What the rules themselves refuse: one deny wins, a rule that fails counts as one, and so does having no policy. */
export function ruleDenials(
  judged: readonly { readonly policy: ApproverPolicy; readonly applicability: Applicability }[],
  matching: readonly ApproverPolicy[],
  view: RequestView,
): readonly Denial[] {
  const denials: Denial[] = [];
  for (const { policy, applicability } of judged) {
    if (applicability.applies === "unknown") {
      denials.push({
        kind: "rule-failed",
        policy: policy.name,
        error: applicability.error,
        at: applicability.at,
      });
    }
  }
  for (const policy of matching) {
    for (const { when, message } of policy.deny) {
      const outcome = when.evaluate(view);
      if (!outcome.ok)
        denials.push({ kind: "rule-failed", policy: policy.name, error: outcome.error, at: when.at });
      else if (outcome.value) denials.push({ kind: "policy", policy: policy.name, message, at: when.at });
    }
  }
  if (matching.length === 0 && denials.length === 0) denials.push({ kind: "no-policy" });
  return denials;
}

/** A person's no: it denies the request when it comes from an approver. */
export interface No {
  readonly person: Person;
  readonly denial: Extract<Denial, { kind: "veto" | "command" }>;
}

/**
 * Everybody who says no, at whatever commit and however they are related to the request. Whoever could have approved
 * may; of the others it is not heard.
 */
export function noesIn(facts: Facts, { directory }: Pick<RuleSet, "directory">): readonly No[] {
  const noes: No[] = [];
  for (const { person, by, review } of lastOpinions(facts.reviews, directory).values()) {
    if (review.state === "changes-requested") {
      noes.push({ person, denial: { kind: "veto", by, review: review.id, reason: review.body.trim() } });
    }
  }
  for (const { name, by, comment, reason } of commandsIn(facts.comments)) {
    if (name === "deny") {
      noes.push({ person: personOf(by.login, directory), denial: { kind: "command", by, comment, reason } });
    }
  }
  return noes;
}

export function denialFindings(denials: readonly Denial[]): readonly Finding[] {
  return denials.map(findingOf);
}

function findingOf(denial: Denial): Finding {
  switch (denial.kind) {
    case "no-policy":
      return finding(
        "POLICY_NONE_MATCHES",
        "none of the approver policies covers this resource and these actions",
      );
    case "policy":
      return finding("POLICY_DENIES", `policy \`${denial.policy}\`: ${denial.message}`);
    case "rule-failed":
      return finding("RULE_EVALUATION_FAILED", `policy \`${denial.policy}\`: ${denial.error}`, denial.at);
    case "veto":
      return finding("APPROVER_DENIED", `\`${denial.by.login}\` requested changes`);
    case "command":
      return finding("APPROVER_DENIED", `\`${denial.by.login}\` wrote \`/deny\``);
  }
}
