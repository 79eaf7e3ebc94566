import type { Actor } from "./actor.ts";
import { sameAccount } from "./actor.ts";
import { greenCheck } from "./checks.ts";
import { isOwner, ownersOf, readCodeOwners } from "./code-owners.ts";
import type { Pull } from "./pulls.ts";
import { type Rule, rulesAgainst, rulesetsOf } from "./rulesets.ts";
import { standingReviews } from "./standing-reviews.ts";
import { branchTip, type World } from "./world.ts";

export type MergeableState = {
  mergeable: boolean | null;
  state: "clean" | "blocked" | "dirty" | "draft" | "unknown" | "behind";
};

/** Whether a merge would be possible, as `mergeable` and `mergeable_state` tell it, for nobody in particular. */
export async function mergeableState(world: World, pull: Pull): Promise<MergeableState> {
  const base = branchTip(world, pull.base.ref);
  if (pull.state === "closed" || base === undefined) return { mergeable: null, state: "unknown" };
  const merge = await world.compare.merge(base, pull.head.sha);
  if (!merge.clean) return { mergeable: false, state: "dirty" };
  if (pull.draft) return { mergeable: true, state: "draft" };
  const rules = rulesetsOf(world).flatMap((ruleset) => ruleset.rules);
  const blocked = pull.base.ref === world.defaultBranch && (await violations(world, pull, rules)).length > 0;
  return { mergeable: true, state: blocked ? "blocked" : "clean" };
}

/**
 * What the rulesets say against a merge by this actor. Texts are those that GitHub answers a refused merge with.
 * A bypass covers the review rule; the app's own check binds even the app, unless the head branch is its own:
 * a revert needs no judgement (github.md §2.3).
 */
export async function violationsOfMerge(world: World, actor: Actor, pull: Pull): Promise<string[]> {
  if (pull.base.ref !== world.defaultBranch) return [];
  const binding = rulesAgainst(world, actor, "pull_request");
  const ownBranch = sameAccount(world.branchMakers.get(`refs/heads/${pull.head.ref}`), world.people.bot);
  if (actor.kind === "app" && !ownBranch && !binding.some((rule) => rule.type === "required_status_checks")) {
    const check = rulesetsOf(world).flatMap((ruleset) => ruleset.rules);
    binding.push(...check.filter((rule) => rule.type === "required_status_checks"));
  }
  return violations(world, pull, binding);
}

async function violations(world: World, pull: Pull, rules: readonly Rule[]): Promise<string[]> {
  const found: string[] = [];
  for (const rule of rules) {
    switch (rule.type) {
      case "deletion":
      case "non_fast_forward":
        break;
      case "update":
        found.push("Cannot update this protected ref.");
        break;
      case "pull_request":
        found.push(...(await reviewViolations(world, pull, rule.parameters)));
        break;
      case "required_status_checks":
        for (const check of rule.parameters.required_status_checks) {
          const green = greenCheck(world, pull.head.sha, check.context);
          if (!green) found.push(`Required status check "${check.context}" is expected.`);
        }
        break;
      default:
        rule satisfies never;
    }
  }
  return found;
}

async function reviewViolations(
  world: World,
  pull: Pull,
  needed: { required_approving_review_count: number; require_code_owner_review: boolean },
): Promise<string[]> {
  const found: string[] = [];
  const standing = standingReviews(world, pull);
  const approvers = standing.filter((review) => review.state === "APPROVED").map((review) => review.author);
  const count = needed.required_approving_review_count;
  if (standing.some((review) => review.state === "CHANGES_REQUESTED")) {
    found.push("Changes have been requested.");
  }
  if (approvers.length < count) {
    const noun = count === 1 ? "review is" : "reviews are";
    found.push(`At least ${count} approving ${noun} required by reviewers with write access.`);
  }
  if (needed.require_code_owner_review && !(await ownersAgree(world, pull, approvers))) {
    found.push("Waiting on code owner review.");
  }
  return found;
}

/** Every changed path with owners needs one of them (github.md §2.3). */
async function ownersAgree(world: World, pull: Pull, approvers: Pull["author"][]): Promise<boolean> {
  const base = branchTip(world, pull.base.ref);
  const file = base === undefined ? undefined : await readCodeOwners(world, base);
  if (base === undefined || file === undefined) return true;
  const changed = await world.compare.changedFiles(base, pull.head.sha);
  const paths = changed.flatMap((entry) => [entry.path, ...(entry.previousPath ? [entry.previousPath] : [])]);
  return paths.every((path) => {
    const owners = ownersOf(file, path);
    return (
      owners.length === 0 ||
      approvers.some((account) => account.kind === "User" && isOwner(world, owners, account))
    );
  });
}
