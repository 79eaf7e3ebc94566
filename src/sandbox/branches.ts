import { recordActivity } from "./activity.ts";
import type { Actor } from "./actor.ts";
import { suiteOfPush } from "./checks.ts";
import { pushJson } from "./json-push.ts";
import type { Account } from "./people.ts";
import { writePullRef } from "./pull-refs.ts";
import { announcePull, closeNow, type Pull } from "./pulls.ts";
import { judgePush } from "./push-rules.ts";
import { branchOf, readRef, swapRef, zeroOid } from "./refs.ts";
import { Refusal } from "./refusal.ts";
import { announce } from "./webhook-payloads.ts";
import { branchTip, type World } from "./world.ts";

/** A ref that went from one commit to another; `zeroOid` stands for not being there. */
export type Move = { ref: string; from: string; to: string; by: Account; merged?: Pull };

/**
 * Moves a ref by compare-and-swap and lets everything follow that follows on GitHub. The rules have been asked
 * before. Answers false when the ref was not where the caller saw it.
 */
export async function moveRef(world: World, move: Move): Promise<boolean> {
  if (!swapRef(world.gitDir, move.ref, move.to, move.from)) return false;
  await followMove(world, move);
  return true;
}

/** What a moved ref brings about: activity, suites, the `push` event, and its pull requests. */
export async function followMove(world: World, move: Move): Promise<void> {
  const branch = branchOf(move.ref);
  const merged = move.merged !== undefined;
  const activity = await recordActivity(world, { ...move, actor: move.by, merged });
  world.repo.pushedAt = world.clock.stamp();
  if (move.from === zeroOid) world.branchMakers.set(move.ref, move.by);
  if (branch !== undefined && move.to !== zeroOid) {
    suiteOfPush(world, move.to, branch, { id: activity.id, pusher: move.by, ref: move.ref, from: move.from });
  }
  announce(world, move.by, "push", undefined, await pushJson(world, move, activity.type === "force_push"));
  if (branch === undefined) return;
  for (const pull of [...world.pulls.values()].filter((candidate) => candidate.state === "open")) {
    if (pull === move.merged) continue;
    if (pull.head.ref === branch) await followHead(world, pull, move);
    else if (pull.base.ref === branch) await followBase(world, pull, move);
  }
  if (move.to === zeroOid) world.branchMakers.delete(move.ref);
}

async function followHead(world: World, pull: Pull, move: Move): Promise<void> {
  if (move.to === zeroOid) {
    await closeNow(world, move.by, pull);
    return;
  }
  pull.head.sha = move.to;
  pull.base.sha = branchTip(world, pull.base.ref) ?? pull.base.sha;
  pull.updatedAt = world.clock.stamp();
  writePullRef(world, pull);
  await announcePull(world, move.by, pull, "synchronize", { before: move.from, after: move.to });
}

/** A base branch that now holds the head has merged it, whoever pushed it there: GitHub says so too. */
async function followBase(world: World, pull: Pull, move: Move): Promise<void> {
  if (move.to === zeroOid) {
    await closeNow(world, move.by, pull);
  } else if (await world.compare.isAncestor(pull.head.sha, move.to)) {
    pull.mergedAt = world.clock.stamp();
    pull.mergedBy = move.by;
    pull.mergeCommit = move.to;
    await closeNow(world, move.by, pull);
  }
}

/** Creates a ref: the one call of which a second caller is told 422, so it serves as a lock (github.md §2). */
export async function createRef(world: World, actor: Actor, ref: string, oid: string): Promise<void> {
  if ((await world.objects.commit(oid)) === undefined) throw new Refusal(422, "Object does not exist");
  if (readRef(world.gitDir, ref) !== undefined) throw new Refusal(422, "Reference already exists");
  refuse(world, actor, { ref, from: zeroOid, to: oid });
  const move = { ref, from: zeroOid, to: oid, by: actor.account };
  if (!(await moveRef(world, move))) throw new Refusal(422, "Reference already exists");
}

/** Moves a ref, backwards only by force. https://docs.github.com/rest/git/refs#update-a-reference */
export async function updateRef(
  world: World,
  actor: Actor,
  ref: string,
  oid: string,
  force: boolean,
): Promise<void> {
  const from = readRef(world.gitDir, ref);
  if (from === undefined) throw new Refusal(422, "Reference does not exist");
  if ((await world.objects.commit(oid)) === undefined) throw new Refusal(422, "Object does not exist");
  const forward = await world.compare.isAncestor(from, oid);
  if (!forward && !force) throw new Refusal(422, "Update is not a fast forward");
  refuse(world, actor, { ref, from, to: oid }, forward);
  if (from === oid) return;
  const moved = await moveRef(world, { ref, from, to: oid, by: actor.account });
  if (!moved) throw new Refusal(422, "Update is not a fast forward");
}

/** Deletes a ref. https://docs.github.com/rest/git/refs#delete-a-reference */
export async function deleteRef(world: World, actor: Actor, ref: string): Promise<void> {
  const from = readRef(world.gitDir, ref);
  if (from === undefined) throw new Refusal(422, "Reference does not exist");
  refuse(world, actor, { ref, from, to: zeroOid });
  const gone = await moveRef(world, { ref, from, to: zeroOid, by: actor.account });
  if (!gone) throw new Refusal(422, "Reference does not exist");
}

/** Judges a move by the rulesets, for an API call. */
export function refuse(
  world: World,
  actor: Actor,
  move: { ref: string; from: string; to: string },
  forward = true,
  status: 409 | 422 = 422,
): void {
  const verdict = judgePush(world, actor, move);
  if (verdict.allowed && (forward || !verdict.fastForwardOnly)) return;
  const reasons = verdict.allowed ? ["Cannot force-push to this branch"] : verdict.reasons;
  throw new Refusal(status, `Repository rule violations found\n\n${reasons.join("\n\n")}\n\n`);
}
