import type { Actor } from "./actor.ts";
import { deleteRef, moveRef } from "./branches.ts";
import { coAuthors } from "./commit-data.ts";
import { violationsOfMerge } from "./mergeable.ts";
import { noreplyEmail, webFlow } from "./people.ts";
import { announcePull, type Pull } from "./pulls.ts";
import { Refusal } from "./refusal.ts";
import { branchTip, type World } from "./world.ts";
import { writeCommit } from "./written-commits.ts";

export type MergeWish = {
  sha: string | undefined;
  method: "merge" | "squash" | "rebase";
  title: string | undefined;
  message: string | undefined;
};

/**
 * Squashes a pull request onto its base and answers the new commit. The message is taken as given; the author
 * is who opened the pull request and the committer is GitHub, as GitHub writes its squash commits.
 * 409 and 405 as documented: https://docs.github.com/rest/pulls/pulls#merge-a-pull-request
 */
export async function mergePull(world: World, actor: Actor, pull: Pull, wish: MergeWish): Promise<string> {
  if (pull.state === "closed") throw new Refusal(405, "Pull Request is not mergeable");
  if (wish.sha !== undefined && wish.sha !== pull.head.sha) {
    throw new Refusal(
      409,
      "Head branch was modified. Review and try the merge again.",
      undefined,
      "STALE_DATA",
    );
  }
  if (pull.draft) throw new Refusal(405, "Pull Request is still a draft");
  if (wish.method === "merge") throw new Refusal(405, "Merge commits are not allowed on this repository.");
  if (wish.method === "rebase") throw new Refusal(405, "Rebase merges are not allowed on this repository.");
  const base = branchTip(world, pull.base.ref);
  if (base === undefined) throw new Refusal(405, "Pull Request is not mergeable");
  const merged = await world.compare.merge(base, pull.head.sha);
  if (!merged.clean) throw new Refusal(405, "Pull Request is not mergeable");
  const violations = await violationsOfMerge(world, actor, pull);
  if (violations.length > 0) {
    throw new Refusal(405, `Repository rule violations found\n\n${violations.join("\n\n")}\n\n`);
  }
  const author = { name: pull.author.login, email: noreplyEmail(pull.author), date: world.clock.stamp() };
  const commit = writeCommit(world, {
    tree: merged.tree,
    parents: [base],
    author,
    committer: { ...webFlow, date: author.date },
    message: await messageOf(world, pull, wish),
    signed: true,
  });
  const head = pull.head.sha;
  const headRef = `refs/heads/${pull.head.ref}`;
  const moved = await moveRef(world, {
    ref: `refs/heads/${pull.base.ref}`,
    from: base,
    to: commit,
    by: actor.account,
    merged: pull,
  });
  if (!moved) throw new Refusal(405, "Base branch was modified. Review and try the merge again.");
  pull.state = "closed";
  pull.mergedAt = world.clock.stamp();
  pull.mergedBy = actor.account;
  pull.closedAt = pull.mergedAt;
  pull.closedBy = actor.account;
  pull.updatedAt = pull.mergedAt;
  pull.mergeCommit = commit;
  await announcePull(world, actor.account, pull, "closed");
  // The repository deletes merged branches (delete_branch_on_merge), unless somebody has pushed meanwhile.
  if (branchTip(world, pull.head.ref) === head) await deleteRef(world, actor, headRef);
  return commit;
}

/** Title and text, with GitHub's defaults for what was not given. */
async function messageOf(world: World, pull: Pull, wish: MergeWish): Promise<string> {
  const title = wish.title ?? `${pull.title} (#${pull.number})`;
  const body = wish.message ?? (await defaultBody(world, pull));
  return body === "" ? title : `${title}\n\n${body}`;
}

async function defaultBody(world: World, pull: Pull): Promise<string> {
  const oids = await world.compare.commits(pull.base.sha, pull.head.sha);
  const commits = (await Promise.all(oids.map((oid) => world.objects.commit(oid)))).filter(
    (one) => one !== undefined,
  );
  const messages = commits.length > 1 ? commits.map((commit) => `* ${commit.message.trim()}`) : [];
  const people = commits.flatMap((commit) => [commit.author, ...coAuthors(commit.message)]);
  const others = people.filter((one) => world.people.byEmail(one.email) !== pull.author);
  const trailers = new Set(others.map((one) => `Co-authored-by: ${one.name} <${one.email}>`));
  return [messages.join("\n\n"), [...trailers].join("\n")].filter(Boolean).join("\n\n");
}
