import type { CommitData } from "./commit-data.ts";
import type { ChangedFile } from "./compare.ts";
import { accountJson, type Json } from "./json-account.ts";
import { nodeId } from "./node-id.ts";
import { entryType } from "./tree-data.ts";
import type { TreePath } from "./trees.ts";
import { repoApi, repoPage, type World } from "./world.ts";

/** `verification` of a commit: what GitHub made itself it signs; nobody's key is known here. */
function verificationJson(world: World, commit: CommitData): Json {
  const verified = world.signedByGitHub.has(commit.oid);
  const reason = verified ? "valid" : commit.gpgsig === undefined ? "unsigned" : "unknown_key";
  return {
    verified,
    reason,
    signature: commit.gpgsig ?? null,
    payload: null,
    verified_at: verified ? commit.committer.date : null,
  };
}

/** `git-commit`, of the Git data API. */
export function gitCommitJson(world: World, commit: CommitData): Json {
  const url = `${repoApi(world)}/git/commits`;
  const page = `${repoPage(world)}/commit`;
  return {
    sha: commit.oid,
    node_id: nodeId("Commit", commit.oid),
    url: `${url}/${commit.oid}`,
    html_url: `${page}/${commit.oid}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${repoApi(world)}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/${sha}`, html_url: `${page}/${sha}` })),
    verification: verificationJson(world, commit),
  };
}

/** `commit`, of the commits and pulls APIs: the same with the accounts that the addresses belong to. */
export function commitJson(world: World, commit: CommitData): Json {
  const url = `${repoApi(world)}/commits`;
  const page = `${repoPage(world)}/commit`;
  const author = world.people.byEmail(commit.author.email);
  const committer = world.people.byEmail(commit.committer.email);
  return {
    sha: commit.oid,
    node_id: nodeId("Commit", commit.oid),
    url: `${url}/${commit.oid}`,
    html_url: `${page}/${commit.oid}`,
    comments_url: `${url}/${commit.oid}/comments`,
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${repoApi(world)}/git/trees/${commit.tree}` },
      url: `${repoApi(world)}/git/commits/${commit.oid}`,
      comment_count: 0,
      verification: verificationJson(world, commit),
    },
    author: author === undefined ? null : accountJson(world, author),
    committer: committer === undefined ? null : accountJson(world, committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/${sha}`, html_url: `${page}/${sha}` })),
  };
}

/** `git-ref`. */
export function refJson(world: World, ref: string, oid: string): Json {
  return {
    ref,
    node_id: nodeId("Ref", ref),
    url: `${repoApi(world)}/git/${ref}`,
    object: { sha: oid, type: "commit", url: `${repoApi(world)}/git/commits/${oid}` },
  };
}

/** `git-tree`. */
export async function treeJson(world: World, oid: string, entries: readonly TreePath[]): Promise<Json> {
  const tree = await Promise.all(
    entries.map(async (entry) => {
      const type = entryType(entry.mode);
      const folder = type === "tree" ? "trees" : "blobs";
      const size = type === "blob" ? (await world.objects.read(entry.oid))?.body.length : undefined;
      return {
        path: entry.path,
        mode: entry.mode,
        type,
        sha: entry.oid,
        ...(size === undefined ? {} : { size }),
        ...(type === "commit" ? {} : { url: `${repoApi(world)}/git/${folder}/${entry.oid}` }),
      };
    }),
  );
  return { sha: oid, url: `${repoApi(world)}/git/trees/${oid}`, tree, truncated: false };
}

/** `diff-entry`: one changed file of a pull request or a comparison. */
export async function fileJson(world: World, base: string, head: string, file: ChangedFile): Promise<Json> {
  const path = encodeURI(file.path);
  const patch = await world.compare.patch(base, head, file);
  return {
    sha: file.blob,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${repoPage(world)}/blob/${head}/${path}`,
    raw_url: `${repoPage(world)}/raw/${head}/${path}`,
    contents_url: `${repoApi(world)}/contents/${path}?ref=${head}`,
    ...(patch === "" ? {} : { patch }),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}
