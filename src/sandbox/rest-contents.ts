import { optionalObject, optionalText, pathText, text } from "./body-fields.ts";
import { readCodeOwners } from "./code-owners.ts";
import { isoSeconds, type Signature } from "./commit-data.ts";
import type { Json } from "./json-account.ts";
import { commitJson, fileJson, gitCommitJson } from "./json-git.ts";
import { page } from "./paging.ts";
import { notFound, Refusal } from "./refusal.ts";
import { ok, type RestRequest, type Route, repoPath } from "./route.ts";
import { entryType, type TreeEntry } from "./tree-data.ts";
import { entryAt } from "./trees.ts";
import { branchTip, repoApi, repoPage, resolveCommit, type World } from "./world.ts";
import { commitOnBranch } from "./written-commits.ts";

const reads = { app: ["contents:read"], user: "read" } as const;
const writes = { app: ["contents:write"], user: "write" } as const;
const contents = `${repoPath}/contents/{+path}`;

function entryJson(world: World, ref: string, path: string, entry: TreeEntry, size: number): Json {
  const kind = entryType(entry.mode);
  const type = { tree: "dir", commit: "submodule", blob: entry.mode === "120000" ? "symlink" : "file" }[kind];
  const url = `${repoApi(world)}/contents/${encodeURI(path)}?ref=${ref}`;
  const gitUrl = `${repoApi(world)}/git/${kind === "tree" ? "trees" : "blobs"}/${entry.oid}`;
  const page = `${repoPage(world)}/${kind === "tree" ? "tree" : "blob"}/${ref}/${encodeURI(path)}`;
  return {
    name: path.split("/").at(-1) ?? path,
    path,
    sha: entry.oid,
    size,
    url,
    html_url: page,
    git_url: gitUrl,
    download_url: kind === "blob" ? `${repoPage(world)}/raw/${ref}/${encodeURI(path)}` : null,
    type,
    _links: { self: url, git: gitUrl, html: page },
  };
}

async function sizeOf(world: World, entry: TreeEntry): Promise<number> {
  return entryType(entry.mode) === "blob" ? ((await world.objects.read(entry.oid))?.body.length ?? 0) : 0;
}

async function getContents({ world, params, query, headers }: RestRequest) {
  const ref = query.get("ref") ?? world.defaultBranch;
  const path = (params.path ?? "").replace(/\/$/, "");
  const root = (await world.objects.commit(await resolveCommit(world, ref)))?.tree;
  if (root === undefined) throw notFound();
  const entry =
    path === "" ? { mode: "040000", name: "", oid: root } : await entryAt(world.objects, root, path);
  if (entry === undefined) throw notFound();
  if (entryType(entry.mode) === "tree") {
    const entries = (await world.objects.tree(entry.oid)) ?? [];
    const prefix = path === "" ? "" : `${path}/`;
    const list = entries.map(async (one) =>
      entryJson(world, ref, prefix + one.name, one, await sizeOf(world, one)),
    );
    return ok(await Promise.all(list));
  }
  const blob = await world.objects.read(entry.oid);
  if (blob === undefined) throw notFound();
  if (String(headers.accept).includes("raw")) {
    return {
      status: 200,
      body: blob.body,
      headers: { "content-type": "application/vnd.github.raw+json; charset=utf-8" },
    };
  }
  return ok({
    ...entryJson(world, ref, path, entry, blob.body.length),
    content: blob.body.toString("base64").replace(/.{60}/g, "$&\n"),
    encoding: "base64",
  });
}

function customAuthor(body: Record<string, unknown>, world: World): Signature | undefined {
  const fields = optionalObject(body, "author") ?? optionalObject(body, "committer");
  if (fields === undefined) return undefined;
  return { name: text(fields, "name"), email: text(fields, "email"), date: isoSeconds(world.clock.now()) };
}

async function changeFile({ world, actor, params, body }: RestRequest, content: Buffer | undefined) {
  const path = pathText(params, "path");
  const branch = optionalText(body, "branch") ?? world.defaultBranch;
  const tip = branchTip(world, branch);
  if (tip === undefined) throw new Refusal(404, `Branch ${branch} not found`);
  const root = (await world.objects.commit(tip))?.tree ?? "";
  const old = await entryAt(world.objects, root, path);
  const sha = optionalText(body, "sha");
  if (old !== undefined && sha === undefined) {
    throw new Refusal(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  }
  if (sha !== undefined && old?.oid !== sha) throw new Refusal(409, `${path} does not match ${sha}`);
  const oid = await commitOnBranch(world, actor, {
    branch,
    expectedHead: undefined,
    message: optionalText(body, "message") ?? "",
    changes: [{ path, content }],
    author: customAuthor(body, world),
  });
  const commit = await world.objects.commit(oid);
  const entry = commit === undefined ? undefined : await entryAt(world.objects, commit.tree, path);
  return ok(
    {
      content: entry === undefined ? null : entryJson(world, branch, path, entry, await sizeOf(world, entry)),
      commit: commit === undefined ? {} : gitCommitJson(world, commit),
    },
    old === undefined ? 201 : 200,
  );
}

async function compareCommits({ world, params }: RestRequest) {
  const [baseName = "", headName = ""] = pathText(params, "basehead").split("...");
  const base = await resolveCommit(world, baseName);
  const head = await resolveCommit(world, headName);
  const commits = async (oids: readonly string[]) =>
    (await Promise.all(oids.map((oid) => world.objects.commit(oid)))).filter((one) => one !== undefined);
  const ahead = await commits(await world.compare.commits(base, head));
  const behind = await world.compare.commits(head, base);
  const [baseCommit, mergeBase] = await commits([base, (await world.compare.mergeBase(base, head)) ?? base]);
  if (baseCommit === undefined || mergeBase === undefined) throw notFound();
  const files = await world.compare.changedFiles(base, head);
  const url = `${repoPage(world)}/compare/${base}...${head}`;
  const status =
    ahead.length > 0
      ? behind.length > 0
        ? "diverged"
        : "ahead"
      : behind.length > 0
        ? "behind"
        : "identical";
  return ok({
    url: `${repoApi(world)}/compare/${base}...${head}`,
    html_url: url,
    permalink_url: url,
    diff_url: `${url}.diff`,
    patch_url: `${url}.patch`,
    base_commit: commitJson(world, baseCommit),
    merge_base_commit: commitJson(world, mergeBase),
    status,
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: ahead.map((commit) => commitJson(world, commit)),
    files: await Promise.all(files.slice(0, 300).map((file) => fileJson(world, base, head, file))),
  });
}

/** https://docs.github.com/rest/repos/contents and https://docs.github.com/rest/commits/commits */
export const contentRoutes: readonly Route[] = [
  { method: "GET", path: contents, operation: "repos/get-content", needs: reads, handle: getContents },
  {
    method: "PUT",
    path: contents,
    operation: "repos/create-or-update-file-contents",
    needs: writes,
    handle: (request) => {
      text(request.body, "message");
      return changeFile(request, Buffer.from(text(request.body, "content"), "base64"));
    },
  },
  {
    method: "DELETE",
    path: contents,
    operation: "repos/delete-file",
    needs: writes,
    handle: (request) => {
      text(request.body, "message");
      text(request.body, "sha");
      return changeFile(request, undefined);
    },
  },
  {
    method: "GET",
    path: `${repoPath}/codeowners/errors`,
    operation: "repos/codeowners-errors",
    needs: reads,
    handle: async ({ world, query }) => {
      const commit = await resolveCommit(world, query.get("ref") ?? world.defaultBranch);
      const file = await readCodeOwners(world, commit);
      if (file === undefined) throw notFound();
      return ok({ errors: file.errors });
    },
  },
  {
    method: "GET",
    path: `${repoPath}/commits`,
    operation: "repos/list-commits",
    needs: reads,
    handle: async (request) => {
      const { world, query } = request;
      const tip = await resolveCommit(world, query.get("sha") ?? world.defaultBranch);
      const oids = await world.compare.history(tip, query.get("path") ?? undefined);
      return page(request, oids, async (oid) => {
        const commit = await world.objects.commit(oid);
        return commit === undefined ? null : commitJson(world, commit);
      });
    },
  },
  {
    method: "GET",
    path: `${repoPath}/commits/{ref}`,
    operation: "repos/get-commit",
    needs: reads,
    handle: async ({ world, params }) => {
      const commit = await world.objects.commit(await resolveCommit(world, pathText(params, "ref")));
      if (commit === undefined) throw notFound();
      const files = await world.compare.filesOfCommit(commit);
      const from = commit.parents[0] ?? commit.oid;
      const rendered = await Promise.all(files.map((file) => fileJson(world, from, commit.oid, file)));
      const additions = files.reduce((sum, file) => sum + file.additions, 0);
      const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
      return ok({
        ...commitJson(world, commit),
        stats: { additions, deletions, total: additions + deletions },
        files: rendered,
      });
    },
  },
  {
    method: "GET",
    path: `${repoPath}/compare/{+basehead}`,
    operation: "repos/compare-commits-with-basehead",
    needs: reads,
    handle: compareCommits,
  },
];
