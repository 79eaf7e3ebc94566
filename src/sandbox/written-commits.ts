import type { Actor } from "./actor.ts";
import { moveRef, refuse } from "./branches.ts";
import { commitBody, type Signature } from "./commit-data.ts";
import { noreplyEmail, webFlow } from "./people.ts";
import { Refusal } from "./refusal.ts";
import { editTree, entryAt, isTreePath, type TreeEdit } from "./trees.ts";
import { branchTip, type World } from "./world.ts";

/** Writes a commit object. `signed`: GitHub made it by itself and signs it with its own key. */
export function writeCommit(
  world: World,
  commit: {
    tree: string;
    parents: string[];
    author: Signature;
    committer: Signature;
    message: string;
    signed: boolean;
  },
): string {
  const oid = world.objects.write("commit", commitBody(commit));
  if (commit.signed) world.signedByGitHub.add(oid);
  return oid;
}

/** How an actor signs what is made through the API. */
export function signatureOf(world: World, actor: Actor): Signature {
  return { name: actor.account.login, email: noreplyEmail(actor.account), date: world.clock.stamp() };
}

export type FileChange = { path: string; content: Buffer | undefined };

/**
 * One commit on a branch that adds, replaces and deletes files, guarded by the tip that the caller saw.
 * https://docs.github.com/graphql/reference/mutations#createcommitonbranch
 */
export async function commitOnBranch(
  world: World,
  actor: Actor,
  wish: {
    branch: string;
    expectedHead: string | undefined;
    message: string;
    changes: readonly FileChange[];
    author?: Signature | undefined;
  },
): Promise<string> {
  const tip = branchTip(world, wish.branch);
  if (tip === undefined) throw new Refusal(404, `Branch ${wish.branch} not found`);
  if (wish.expectedHead !== undefined && wish.expectedHead !== tip) {
    throw new Refusal(
      409,
      `Expected branch to point to "${tip}" but it did not. Pull and try again.`,
      undefined,
      "STALE_DATA",
    );
  }
  const base = await world.objects.commit(tip);
  if (base === undefined) throw new Error(`branch ${wish.branch} points to ${tip}, which is no commit`);
  const edits: TreeEdit[] = [];
  for (const change of wish.changes) {
    if (!isTreePath(change.path)) throw new Refusal(422, `path ${change.path} is malformed`);
    const old = await entryAt(world.objects, base.tree, change.path);
    if (change.content === undefined && old === undefined) {
      throw new Refusal(
        422,
        `A path was requested for deletion which does not exist as of commit oid \`${tip}\``,
      );
    }
    const oid = change.content === undefined ? undefined : world.objects.write("blob", change.content);
    edits.push({ path: change.path, mode: old?.mode === "100755" ? "100755" : "100644", oid });
  }
  const ref = `refs/heads/${wish.branch}`;
  const mine = signatureOf(world, actor);
  const commit = writeCommit(world, {
    tree: await editTree(world.objects, base.tree, edits),
    parents: [tip],
    author: wish.author ?? mine,
    committer: { ...webFlow, date: mine.date },
    message: wish.message,
    signed: wish.author === undefined,
  });
  refuse(world, actor, { ref, from: tip, to: commit }, true, 409);
  if (!(await moveRef(world, { ref, from: tip, to: commit, by: actor.account }))) {
    throw new Refusal(
      409,
      `is at ${branchTip(world, wish.branch)} but expected ${tip}`,
      undefined,
      "STALE_DATA",
    );
  }
  return commit;
}
