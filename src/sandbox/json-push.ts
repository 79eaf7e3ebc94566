import type { Move } from "./branches.ts";
import type { CommitData } from "./commit-data.ts";
import type { Json } from "./json-account.ts";
import { type Account, noreplyEmail } from "./people.ts";
import { zeroOid } from "./refs.ts";
import { repoPage, type World } from "./world.ts";

/** GitHub lists no more commits in one push (github.md §6.1). */
const mostCommits = 2048;

/** The members of a `push` event. https://docs.github.com/webhooks/webhook-events-and-payloads#push */
export async function pushJson(world: World, move: Move, forced: boolean): Promise<Json> {
  const oids = await pushedCommits(world, move);
  const commits = await Promise.all(oids.slice(-mostCommits).map((oid) => commitInPush(world, oid)));
  const head = move.to === zeroOid ? null : await commitInPush(world, move.to);
  return {
    ref: move.ref,
    before: move.from,
    after: move.to,
    base_ref: null,
    created: move.from === zeroOid,
    deleted: move.to === zeroOid,
    forced,
    compare: `${repoPage(world)}/compare/${move.from.slice(0, 12)}...${move.to.slice(0, 12)}`,
    commits,
    head_commit: head,
    pusher: { name: move.by.login, email: noreplyEmail(move.by) },
  };
}

function pushedCommits(world: World, move: Move): Promise<string[]> {
  if (move.to === zeroOid) return Promise.resolve([]);
  if (move.from !== zeroOid) return world.compare.commits(move.from, move.to);
  const main = move.ref === `refs/heads/${world.defaultBranch}` ? undefined : world.defaultBranch;
  return main === undefined ? Promise.resolve([]) : world.compare.newCommits(main, move.to);
}

async function commitInPush(world: World, oid: string): Promise<Json> {
  const commit = await world.objects.commit(oid);
  if (commit === undefined) throw new Error(`the pushed commit ${oid} is not there`);
  const files = await world.compare.filesOfCommit(commit);
  const paths = (status: string) => files.filter((file) => file.status === status).map((file) => file.path);
  return {
    id: oid,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repoPage(world)}/commit/${oid}`,
    author: identityJson(world, commit.author),
    committer: identityJson(world, commit.committer),
    added: paths("added"),
    removed: paths("removed"),
    modified: files
      .filter((file) => file.status !== "added" && file.status !== "removed")
      .map((file) => file.path),
  };
}

function identityJson(world: World, who: CommitData["author"]): Json {
  const account: Account | undefined = world.people.byEmail(who.email);
  return {
    name: who.name,
    email: who.email,
    date: who.date,
    ...(account === undefined ? {} : { username: account.login }),
  };
}
