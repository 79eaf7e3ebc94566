import type { Actor } from "./actor.ts";
import { roleIncludes } from "./people.ts";
import type { World } from "./world.ts";

/** What a test may change about the rules on the default branch. */
export type RuleSwitches = {
  /** The app may merge past the review rule. */
  appBypass: boolean;
  /** Administrators may bypass everything, pushes included. */
  adminBypass: boolean;
  /** The check `grantbox`, made by the app, must be green. */
  requiredCheck: boolean;
  /** Nobody but the app may update the branch. */
  restrictUpdates: boolean;
};

export const defaultRules: RuleSwitches = {
  appBypass: true,
  adminBypass: false,
  requiredCheck: true,
  restrictUpdates: true,
};

type BypassActor = {
  actor_id: number;
  actor_type: "Integration" | "RepositoryRole";
  bypass_mode: "always" | "pull_request";
};

export type Rule =
  | { type: "deletion" | "non_fast_forward" }
  | { type: "update"; parameters: { update_allows_fetch_and_merge: boolean } }
  | {
      type: "pull_request";
      parameters: {
        allowed_merge_methods: ("merge" | "squash" | "rebase")[];
        dismiss_stale_reviews_on_push: boolean;
        require_code_owner_review: boolean;
        require_last_push_approval: boolean;
        required_approving_review_count: number;
        required_review_thread_resolution: boolean;
      };
    }
  | {
      type: "required_status_checks";
      parameters: {
        required_status_checks: { context: string; integration_id: number }[];
        strict_required_status_checks_policy: boolean;
      };
    };

export type Ruleset = { id: number; name: string; rules: Rule[]; bypass: BypassActor[] };

/** Number of the repository role "admin" in `bypass_actors`. https://docs.github.com/rest/repos/rules */
const adminRole = 5;

/**
 * The two rulesets that github.md §2.3 proposes: A says what a merge needs, B lets nobody but the app merge.
 */
export function rulesetsOf(world: World): Ruleset[] {
  const { appBypass, adminBypass, requiredCheck, restrictUpdates } = world.rules;
  const app: BypassActor = { actor_id: world.app.id, actor_type: "Integration", bypass_mode: "pull_request" };
  const admins: BypassActor[] = adminBypass
    ? [{ actor_id: adminRole, actor_type: "RepositoryRole", bypass_mode: "always" }]
    : [];
  const requests: Ruleset = {
    id: 3001,
    name: "Grants go by pull request",
    rules: [
      { type: "deletion" },
      { type: "non_fast_forward" },
      {
        type: "pull_request",
        parameters: {
          allowed_merge_methods: ["squash"],
          dismiss_stale_reviews_on_push: false,
          require_code_owner_review: true,
          require_last_push_approval: false,
          required_approving_review_count: 1,
          required_review_thread_resolution: false,
        },
      },
    ],
    bypass: appBypass ? [app, ...admins] : admins,
  };
  if (requiredCheck) {
    requests.rules.push({
      type: "required_status_checks",
      parameters: {
        required_status_checks: [{ context: "grantbox", integration_id: world.app.id }],
        strict_required_status_checks_policy: false,
      },
    });
  }
  const updates: Ruleset = {
    id: 3002,
    name: "Only grantbox merges",
    rules: [{ type: "update", parameters: { update_allows_fetch_and_merge: false } }],
    bypass: [app, ...admins],
  };
  return restrictUpdates ? [requests, updates] : [requests];
}

/** Rules that bind an actor who moves the default branch by a push or by a merge. */
export function rulesAgainst(world: World, actor: Actor, by: "push" | "pull_request"): Rule[] {
  return rulesetsOf(world).flatMap((ruleset) => (bypasses(world, ruleset, actor, by) ? [] : ruleset.rules));
}

function bypasses(world: World, ruleset: Ruleset, actor: Actor, by: "push" | "pull_request"): boolean {
  return ruleset.bypass.some((entry) => {
    if (entry.bypass_mode === "pull_request" && by === "push") return false;
    switch (entry.actor_type) {
      case "Integration":
        return actor.kind === "app" && entry.actor_id === world.app.id;
      case "RepositoryRole":
        return actor.kind === "user" && roleIncludes(actor.account.role, "admin");
    }
    return entry.actor_type satisfies never;
  });
}
