import type { Actor } from "./actor.ts";
import type { Account } from "./people.ts";
import { Refusal } from "./refusal.ts";
import { nextId, type World } from "./world.ts";

export type StatusState = "error" | "failure" | "pending" | "success";

/** A commit status: anybody who may write can set one, so no rule of ours believes it. */
export type CommitStatus = {
  id: number;
  sha: string;
  state: StatusState;
  context: string;
  description: string | null;
  targetUrl: string | null;
  creator: Account;
  createdAt: string;
};

/** Sets a status. https://docs.github.com/rest/commits/statuses#create-a-commit-status */
export async function setStatus(
  world: World,
  actor: Actor,
  sha: string,
  said: { state: StatusState; context: string; description: string | null; targetUrl: string | null },
): Promise<CommitStatus> {
  if ((await world.objects.commit(sha)) === undefined)
    throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const status: CommitStatus = {
    id: nextId(world),
    sha,
    ...said,
    creator: actor.account,
    createdAt: world.clock.stamp(),
  };
  world.statuses.push(status);
  return status;
}

/** The newest status of each context on a commit. */
export function statusesOn(world: World, sha: string): CommitStatus[] {
  const newest = new Map<string, CommitStatus>();
  for (const status of world.statuses) if (status.sha === sha) newest.set(status.context, status);
  return [...newest.values()];
}
