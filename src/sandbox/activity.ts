import type { Account } from "./people.ts";
import { zeroOid } from "./refs.ts";
import { nextId, type World } from "./world.ts";

type ActivityType =
  | "push"
  | "force_push"
  | "branch_deletion"
  | "branch_creation"
  | "pr_merge"
  | "merge_queue_merge";

/** One movement of a branch, by whom. https://docs.github.com/rest/repos/repos#list-repository-activities */
export type Activity = {
  id: number;
  ref: string;
  before: string;
  after: string;
  type: ActivityType;
  actor: Account;
  timestamp: string;
};

/** Writes a movement down, named as GitHub's activity view names it. */
export async function recordActivity(
  world: World,
  move: { ref: string; from: string; to: string; actor: Account; merged: boolean },
): Promise<Activity> {
  const entry: Activity = {
    id: nextId(world),
    ref: move.ref,
    before: move.from,
    after: move.to,
    type: await activityType(world, move),
    actor: move.actor,
    timestamp: world.clock.stamp(),
  };
  world.activity.push(entry);
  return entry;
}

async function activityType(
  world: World,
  move: { from: string; to: string; merged: boolean },
): Promise<ActivityType> {
  if (move.from === zeroOid) return "branch_creation";
  if (move.to === zeroOid) return "branch_deletion";
  if (move.merged) return "pr_merge";
  return (await world.compare.isAncestor(move.from, move.to)) ? "push" : "force_push";
}
