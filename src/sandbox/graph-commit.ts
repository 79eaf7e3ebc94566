import { type CommitData, coAuthors, type Signature, splitMessage } from "./commit-data.ts";
import { connection } from "./connection.ts";
import type { Args, Graph, GraphNode } from "./graph.ts";
import { rollupState } from "./graph-check.ts";
import { nodeId } from "./node-id.ts";
import { webFlow } from "./people.ts";
import { entryAt } from "./trees.ts";

/** A commit's own word on who made it, with the user that the address belongs to. Bots are no users here. */
function gitActor(graph: Graph, who: { name: string; email: string; date?: string }): GraphNode {
  const account = graph.world.people.byEmail(who.email);
  return {
    __typename: "GitActor",
    name: who.name,
    email: who.email,
    date: who.date ?? null,
    avatarUrl: `${graph.world.url}/avatars/0`,
    user: account?.kind === "User" ? graph.account(account) : null,
  };
}

/** `Commit`, or null when the repository has no such commit. */
export async function commitNode(graph: Graph, oid: string): Promise<GraphNode | null> {
  const { world } = graph;
  const commit = await world.objects.commit(oid);
  if (commit === undefined) return null;
  const message = splitMessage(commit.message);
  const path = `/${world.org.login}/${world.repo.name}/commit/${oid}`;
  const files = () => world.compare.filesOfCommit(commit);
  return {
    __typename: "Commit",
    id: nodeId("Commit", oid),
    oid,
    abbreviatedOid: oid.slice(0, 7),
    message: commit.message,
    messageHeadline: message.headline,
    messageBody: message.body,
    url: `${world.url}${path}`,
    commitUrl: `${world.url}${path}`,
    resourcePath: path,
    commitResourcePath: path,
    authoredDate: commit.author.date,
    committedDate: commit.committer.date,
    author: gitActor(graph, commit.author),
    committer: gitActor(graph, commit.committer),
    authoredByCommitter: sameSignature(commit.author, commit.committer),
    committedViaWeb: commit.committer.email === webFlow.email,
    authors: (args: Args) =>
      connection("authors", [commit.author, ...coAuthors(commit.message)], args, (who) =>
        gitActor(graph, who),
      ),
    parents: (args: Args) => connection("parents", commit.parents, args, (parent) => graph.commit(parent)),
    tree: () => graph.object({ mode: "040000", name: "", oid: commit.tree }),
    treeUrl: `${world.url}/${world.org.login}/${world.repo.name}/tree/${oid}`,
    repository: () => graph.repository(),
    signature: signatureNode(graph, commit),
    file: async (args: Args) => {
      const entry = await entryAt(world.objects, commit.tree, String(args.path));
      return entry === undefined ? null : { __typename: "TreeEntry", name: entry.name, oid: entry.oid };
    },
    changedFilesIfAvailable: async () => (await files()).length,
    additions: async () => (await files()).reduce((sum, file) => sum + file.additions, 0),
    deletions: async () => (await files()).reduce((sum, file) => sum + file.deletions, 0),
    history: async (args: Args) => {
      const path = typeof args.path === "string" ? args.path : undefined;
      return connection("history", await world.compare.history(oid, path), args, (one) => graph.commit(one));
    },
    checkSuites: (args: Args) => {
      const filter = recordOf(args.filterBy);
      const suites = world.suites
        .filter((suite) => suite.sha === oid)
        .filter(() => matchesApp(graph, filter));
      return connection("checkSuites", suites, args, (suite) => graph.suite(suite));
    },
    statusCheckRollup: () => {
      const state = rollupState(graph, oid);
      return state === undefined ? null : { __typename: "StatusCheckRollup", state };
    },
    associatedPullRequests: (args: Args) => {
      const found = [...world.pulls.values()].filter(
        (pull) => pull.head.sha === oid || pull.mergeCommit === oid,
      );
      return connection("associatedPullRequests", found, args, (pull) => graph.pull(pull));
    },
  };
}

function matchesApp(graph: Graph, filter: Record<string, unknown>): boolean {
  const appId = filter.appId;
  return appId === undefined || appId === null || appId === graph.world.app.id;
}

/** Members of an argument that is an input object. */
function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function sameSignature(a: Signature, b: Signature): boolean {
  return a.name === b.name && a.email === b.email;
}

/** GitHub signs what it makes; of any other signature the sandbox knows no key. */
function signatureNode(graph: Graph, commit: CommitData): GraphNode | null {
  const byGitHub = graph.world.signedByGitHub.has(commit.oid);
  if (!byGitHub && commit.gpgsig === undefined) return null;
  return {
    __typename: "GpgSignature",
    email: commit.committer.email,
    isValid: byGitHub,
    wasSignedByGitHub: byGitHub,
    state: byGitHub ? "VALID" : "UNKNOWN_KEY",
    payload: "",
    signature: commit.gpgsig ?? "",
    signer: null,
    verifiedAt: byGitHub ? commit.committer.date : null,
  };
}
