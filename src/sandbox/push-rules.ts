import type { Actor } from "./actor.ts";
import { zeroOid } from "./refs.ts";
import { type Rule, rulesAgainst } from "./rulesets.ts";
import type { World } from "./world.ts";

/** Why a ref may not be moved so: GitHub's sentences, in the order in which it lists them. */
export type PushVerdict = { allowed: true; fastForwardOnly: boolean } | { allowed: false; reasons: string[] };

function reasonAgainst(rule: Rule, move: { from: string; to: string }): string | undefined {
  switch (rule.type) {
    case "deletion":
      return move.to === zeroOid ? "Cannot delete this branch" : undefined;
    case "update":
      return move.to === zeroOid ? undefined : "Cannot update this protected ref.";
    case "pull_request":
      return move.to === zeroOid ? undefined : "Changes must be made through a pull request.";
    case "required_status_checks": {
      const count = rule.parameters.required_status_checks.length;
      const checks =
        count === 1 ? `Required status check "grantbox" is expected.` : `${count} required checks expected.`;
      return move.to === zeroOid ? undefined : checks;
    }
    case "non_fast_forward":
      return undefined;
  }
  return rule satisfies never;
}

/**
 * Judges a direct update of a ref (a push, or the Git and contents APIs) by the rulesets. Only the default
 * branch is ruled. Whether it is a fast-forward can only be told with the objects at hand, so that is left to
 * who has them. https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
 */
export function judgePush(
  world: World,
  actor: Actor,
  move: { ref: string; from: string; to: string },
): PushVerdict {
  if (move.ref.startsWith("refs/pull/")) return { allowed: false, reasons: ["deny updating a hidden ref"] };
  if (move.ref !== `refs/heads/${world.defaultBranch}`) return { allowed: true, fastForwardOnly: false };
  if (move.to === zeroOid) return { allowed: false, reasons: ["Cannot delete this branch"] };
  const rules = rulesAgainst(world, actor, "push");
  const reasons = rules.map((rule) => reasonAgainst(rule, move)).filter((reason) => reason !== undefined);
  if (reasons.length > 0) return { allowed: false, reasons };
  return { allowed: true, fastForwardOnly: rules.some((rule) => rule.type === "non_fast_forward") };
}
