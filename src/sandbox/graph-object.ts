import { connection } from "./connection.ts";
import type { Args, Graph, GraphNode } from "./graph.ts";
import { nodeId } from "./node-id.ts";
import { readRef } from "./refs.ts";
import { entryType, type TreeEntry } from "./tree-data.ts";
import { entryAt } from "./trees.ts";
import { branchTip } from "./world.ts";

/** GitHub cuts the text of a blob here. */
const mostText = 512 * 1024;

/** `Ref`, or null when there is none of that name. */
export function refNode(graph: Graph, ref: string): GraphNode | null {
  const { world } = graph;
  const oid = readRef(world.gitDir, ref);
  if (oid === undefined) return null;
  const prefix = /^refs\/(?:heads|tags)\//.exec(ref)?.[0] ?? "refs/";
  return {
    __typename: "Ref",
    id: nodeId("Ref", ref),
    name: ref.slice(prefix.length),
    prefix,
    target: () => graph.commit(oid),
    repository: () => graph.repository(),
    branchProtectionRule: null,
    associatedPullRequests: (args: Args) => {
      const states = Array.isArray(args.states) ? args.states : ["OPEN", "CLOSED", "MERGED"];
      const found = [...world.pulls.values()]
        .filter((pull) => `refs/heads/${pull.head.ref}` === ref)
        .filter((pull) => states.includes(pull.mergedAt === undefined ? pull.state.toUpperCase() : "MERGED"));
      return connection("associatedPullRequests", found, args, (pull) => graph.pull(pull));
    },
  };
}

/** `Blob` or `Tree`; a submodule's commit is not in this repository. */
export async function objectNode(graph: Graph, entry: TreeEntry): Promise<GraphNode | null> {
  const { world } = graph;
  const shared = {
    oid: entry.oid,
    abbreviatedOid: entry.oid.slice(0, 7),
    repository: () => graph.repository(),
    commitUrl: `${world.url}/${world.org.login}/${world.repo.name}/blob/${entry.oid}`,
    commitResourcePath: `/${world.org.login}/${world.repo.name}/blob/${entry.oid}`,
  };
  switch (entryType(entry.mode)) {
    case "commit":
      return null;
    case "tree": {
      const entries = (await world.objects.tree(entry.oid)) ?? [];
      return {
        __typename: "Tree",
        id: nodeId("Tree", entry.oid),
        ...shared,
        entries: entries.map((one) => entryNode(graph, one)),
      };
    }
    case "blob": {
      const body = (await world.objects.read(entry.oid))?.body ?? Buffer.alloc(0);
      const binary = body.includes(0);
      return {
        __typename: "Blob",
        id: nodeId("Blob", entry.oid),
        ...shared,
        byteSize: body.length,
        isBinary: binary,
        isTruncated: body.length > mostText,
        text: binary ? null : body.subarray(0, mostText).toString("utf8"),
      };
    }
  }
}

function entryNode(graph: Graph, entry: TreeEntry): GraphNode {
  return {
    __typename: "TreeEntry",
    name: entry.name,
    mode: Number.parseInt(entry.mode, 8),
    type: entryType(entry.mode),
    oid: entry.oid,
    object: () => graph.object(entry),
    repository: () => graph.repository(),
  };
}

/**
 * What an expression such as `main:policies/a.yaml`, `main` or an object id names.
 * https://git-scm.com/docs/gitrevisions
 */
export async function resolveExpression(graph: Graph, expression: string): Promise<GraphNode | null> {
  const { world } = graph;
  const split = expression.indexOf(":");
  const revision = split < 0 ? expression : expression.slice(0, split);
  const name = revision === "HEAD" ? world.defaultBranch : revision;
  const oid = /^[0-9a-f]{40}$/.test(name) ? name : (branchTip(world, name) ?? readRef(world.gitDir, name));
  if (oid === undefined) return null;
  const commit = await world.objects.commit(oid);
  if (split < 0) return commit === undefined ? looseObject(graph, oid) : graph.commit(oid);
  const root = commit?.tree ?? oid;
  const path = expression.slice(split + 1).replace(/^\/|\/$/g, "");
  const entry =
    path === "" ? { mode: "040000", name: "", oid: root } : await entryAt(world.objects, root, path);
  return entry === undefined ? null : graph.object(entry);
}

async function looseObject(graph: Graph, oid: string): Promise<GraphNode | null> {
  const object = await graph.world.objects.read(oid);
  if (object === undefined) return null;
  return graph.object({ mode: object.type === "tree" ? "040000" : "100644", name: "", oid });
}
