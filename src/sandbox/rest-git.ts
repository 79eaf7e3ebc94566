import {
  optionalFlag,
  optionalObject,
  optionalObjects,
  optionalText,
  optionalTexts,
  pathText,
  text,
  word,
} from "./body-fields.ts";
import { createRef, deleteRef, updateRef } from "./branches.ts";
import { isoSeconds, type Signature } from "./commit-data.ts";
import { gitCommitJson, refJson, treeJson } from "./json-git.ts";
import { nodeId } from "./node-id.ts";
import { emptyTree } from "./objects.ts";
import { page } from "./paging.ts";
import { isRefName, listRefs, readRef } from "./refs.ts";
import { Refusal } from "./refusal.ts";
import { noContent, ok, type RestRequest, type Route, repoPath } from "./route.ts";
import { editTree, isTreePath, MissingPath, type TreeEdit, walkTree } from "./trees.ts";
import { repoApi, resolveCommit, type World } from "./world.ts";
import { signatureOf, writeCommit } from "./written-commits.ts";

const git = `${repoPath}/git`;
const reads = { app: ["contents:read"], user: "read" } as const;
const writes = { app: ["contents:write"], user: "write" } as const;

function identity(body: Record<string, unknown>, name: string, world: World): Signature | undefined {
  const fields = optionalObject(body, name);
  if (fields === undefined) return undefined;
  const date = optionalText(fields, "date");
  const at = date === undefined ? world.clock.now() : new Date(date);
  if (Number.isNaN(at.getTime())) throw new Refusal(422, `Invalid request.\n\n"${name}.date" is not a date.`);
  return { name: text(fields, "name"), email: text(fields, "email"), date: isoSeconds(at) };
}

async function createCommit({ world, actor, body }: RestRequest) {
  const tree = text(body, "tree");
  const parents = optionalTexts(body, "parents") ?? [];
  if (tree !== emptyTree && (await world.objects.tree(tree)) === undefined) {
    throw new Refusal(422, "Tree SHA does not exist");
  }
  for (const parent of parents) {
    if ((await world.objects.commit(parent)) === undefined) {
      throw new Refusal(422, "Parent SHA does not exist or is not a commit object");
    }
  }
  const custom = identity(body, "author", world);
  const author = custom ?? signatureOf(world, actor);
  const committer = identity(body, "committer", world);
  const oid = writeCommit(world, {
    tree,
    parents,
    author,
    committer: committer ?? author,
    message: text(body, "message"),
    // GitHub signs for an app that leaves author and committer to it (github.md §2, "commit").
    signed: actor.kind === "app" && custom === undefined && committer === undefined,
  });
  return commitAnswer(world, oid, 201);
}

async function commitAnswer(world: World, oid: string, status: number) {
  const commit = await world.objects.commit(oid);
  if (commit === undefined) throw new Refusal(404, "Not Found");
  return ok(gitCommitJson(world, commit), status);
}

async function createTree({ world, body }: RestRequest) {
  const base = optionalText(body, "base_tree");
  const baseTree = base === undefined ? undefined : ((await world.objects.commit(base))?.tree ?? base);
  if (baseTree !== undefined && (await world.objects.tree(baseTree)) === undefined) {
    throw new Refusal(404, "Not Found");
  }
  const edits: TreeEdit[] = [];
  for (const entry of optionalObjects(body, "tree") ?? []) {
    const path = text(entry, "path");
    if (!isTreePath(path)) throw new Refusal(422, "tree.path contains a malformed path component");
    const mode = word(entry, "mode", ["100644", "100755", "040000", "160000", "120000"]);
    const content = optionalText(entry, "content");
    const sha = optionalText(entry, "sha");
    if (content === undefined && sha === undefined && entry.sha !== null) {
      throw new Refusal(422, "Must supply either tree.sha or tree.content");
    }
    if (sha !== undefined && mode !== "160000" && (await world.objects.read(sha)) === undefined) {
      throw new Refusal(422, `tree.sha ${sha} is not a valid ${mode === "040000" ? "tree" : "blob"}`);
    }
    edits.push({
      path,
      mode,
      oid: content === undefined ? sha : world.objects.write("blob", Buffer.from(content)),
    });
  }
  try {
    const oid = await editTree(world.objects, baseTree, edits);
    return ok(await treeJson(world, oid, await topLevel(world, oid)), 201);
  } catch (error) {
    if (error instanceof MissingPath) throw new Refusal(422, "GitRPC::BadObjectState");
    throw error;
  }
}

async function topLevel(world: World, oid: string) {
  return ((await world.objects.tree(oid)) ?? []).map((entry) => ({ ...entry, path: entry.name }));
}

/** https://docs.github.com/rest/git */
export const gitRoutes: readonly Route[] = [
  {
    method: "POST",
    path: `${git}/commits`,
    operation: "git/create-commit",
    needs: writes,
    handle: createCommit,
  },
  {
    method: "GET",
    path: `${git}/commits/{commit_sha}`,
    operation: "git/get-commit",
    needs: reads,
    handle: ({ world, params }) => commitAnswer(world, pathText(params, "commit_sha"), 200),
  },
  { method: "POST", path: `${git}/trees`, operation: "git/create-tree", needs: writes, handle: createTree },
  {
    method: "GET",
    path: `${git}/trees/{tree_sha}`,
    operation: "git/get-tree",
    needs: reads,
    handle: async ({ world, params, query }) => {
      const name = pathText(params, "tree_sha");
      const oid = (await world.objects.tree(name)) === undefined ? await treeOfCommit(world, name) : name;
      const entries = query.has("recursive")
        ? await walkTree(world.objects, oid)
        : await topLevel(world, oid);
      return ok(await treeJson(world, oid, entries));
    },
  },
  {
    method: "POST",
    path: `${git}/blobs`,
    operation: "git/create-blob",
    needs: writes,
    handle: ({ world, body }) => {
      const encoding = optionalText(body, "encoding") === "base64" ? "base64" : "utf8";
      const sha = world.objects.write("blob", Buffer.from(text(body, "content"), encoding));
      return ok({ sha, url: `${repoApi(world)}/git/blobs/${sha}` }, 201);
    },
  },
  {
    method: "GET",
    path: `${git}/blobs/{file_sha}`,
    operation: "git/get-blob",
    needs: reads,
    handle: async ({ world, params }) => {
      const sha = pathText(params, "file_sha");
      const object = await world.objects.read(sha);
      if (object?.type !== "blob") throw new Refusal(404, "Not Found");
      return ok({
        sha,
        node_id: nodeId("Blob", sha),
        size: object.body.length,
        url: `${repoApi(world)}/git/blobs/${sha}`,
        content: object.body.toString("base64"),
        encoding: "base64",
      });
    },
  },
  {
    method: "POST",
    path: `${git}/refs`,
    operation: "git/create-ref",
    needs: writes,
    handle: async ({ world, actor, body }) => {
      const ref = text(body, "ref");
      const sha = text(body, "sha");
      if (!isRefName(ref))
        throw new Refusal(422, `Reference name must start with 'refs/' and be well formed: ${ref}`);
      await createRef(world, actor, ref, sha);
      return ok(refJson(world, ref, sha), 201);
    },
  },
  {
    method: "GET",
    path: `${git}/ref/{+ref}`,
    operation: "git/get-ref",
    needs: reads,
    handle: ({ world, params }) => {
      const ref = `refs/${pathText(params, "ref")}`;
      const oid = readRef(world.gitDir, ref);
      if (oid === undefined) throw new Refusal(404, "Not Found");
      return ok(refJson(world, ref, oid));
    },
  },
  {
    method: "GET",
    path: `${git}/matching-refs/{+ref}`,
    operation: "git/list-matching-refs",
    needs: reads,
    handle: (request) => {
      const { world, params } = request;
      const found = listRefs(world.gitDir, `refs/${pathText(params, "ref")}`);
      return page(request, found, ({ ref, oid }) => refJson(world, ref, oid));
    },
  },
  {
    method: "PATCH",
    path: `${git}/refs/{+ref}`,
    operation: "git/update-ref",
    needs: writes,
    handle: async ({ world, actor, params, body }) => {
      const ref = `refs/${pathText(params, "ref")}`;
      const sha = text(body, "sha");
      await updateRef(world, actor, ref, sha, optionalFlag(body, "force") ?? false);
      return ok(refJson(world, ref, sha));
    },
  },
  {
    method: "DELETE",
    path: `${git}/refs/{+ref}`,
    operation: "git/delete-ref",
    needs: writes,
    handle: async ({ world, actor, params }) => {
      await deleteRef(world, actor, `refs/${pathText(params, "ref")}`);
      return noContent;
    },
  },
];

async function treeOfCommit(world: World, name: string): Promise<string> {
  const commit = await world.objects.commit(await resolveCommit(world, name));
  if (commit === undefined) throw new Refusal(404, "Not Found");
  return commit.tree;
}
