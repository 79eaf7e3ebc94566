import { readCodeOwners } from "./code-owners.ts";
import { connection } from "./connection.ts";
import type { Args, Graph, GraphNode } from "./graph.ts";
import { resolveExpression } from "./graph-object.ts";
import { labelNode } from "./graph-thread.ts";
import type { Issue } from "./issues.ts";
import { nodeId } from "./node-id.ts";
import type { Pull } from "./pulls.ts";
import { listRefs } from "./refs.ts";
import { Refusal } from "./refusal.ts";
import { resolveCommit } from "./world.ts";

const permissions = { none: null, read: "READ", write: "WRITE", admin: "ADMIN" } as const;

/** GitHub sends `NOT_FOUND` beside the null when a number of the address names nothing. */
function nothingNumbered(kind: string, number: unknown): Refusal {
  return new Refusal(404, `Could not resolve to ${kind} with the number of ${String(number)}.`);
}

/** `Repository`. https://docs.github.com/graphql/reference/objects#repository */
export function repositoryNode(graph: Graph): GraphNode {
  const { world, actor } = graph;
  const path = `/${world.org.login}/${world.repo.name}`;
  const fullRef = (name: string) => (name.startsWith("refs/") ? name : `refs/heads/${name}`);
  return {
    __typename: "Repository",
    id: nodeId("Repository", world.repo.id),
    databaseId: world.repo.id,
    name: world.repo.name,
    nameWithOwner: path.slice(1),
    owner: () => graph.organization(),
    url: `${world.url}${path}`,
    resourcePath: path,
    description: null,
    isPrivate: true,
    isArchived: false,
    isDisabled: false,
    isFork: false,
    isEmpty: false,
    isInOrganization: true,
    visibility: "PRIVATE",
    createdAt: world.repo.createdAt,
    updatedAt: world.repo.pushedAt,
    pushedAt: world.repo.pushedAt,
    viewerPermission: actor.kind === "user" ? permissions[actor.account.role] : null,
    viewerCanAdminister: actor.kind === "user" && actor.account.role === "admin",
    squashMergeAllowed: true,
    mergeCommitAllowed: false,
    rebaseMergeAllowed: false,
    autoMergeAllowed: false,
    deleteBranchOnMerge: true,
    hasIssuesEnabled: true,
    defaultBranchRef: () => graph.ref(`refs/heads/${world.defaultBranch}`),
    ref: (args: Args) => graph.ref(fullRef(String(args.qualifiedName))),
    refs: (args: Args) => {
      const prefix = String(args.refPrefix);
      const query = typeof args.query === "string" ? args.query : "";
      const found = listRefs(world.gitDir, prefix).filter(({ ref }) =>
        ref.slice(prefix.length).includes(query),
      );
      return connection("refs", found, args, ({ ref }) => graph.ref(ref));
    },
    object: (args: Args) => {
      if (typeof args.expression === "string") return resolveExpression(graph, args.expression);
      if (typeof args.oid === "string") return resolveExpression(graph, args.oid);
      throw new Refusal(422, "Either an oid or an expression must be given.");
    },
    codeowners: async (args: Args) => {
      const name = typeof args.refName === "string" ? args.refName : world.defaultBranch;
      const file = await readCodeOwners(world, await resolveCommit(world, name));
      if (file === undefined) return null;
      const errors = file.errors.map((error) => ({ __typename: "RepositoryCodeownersError", ...error }));
      return { __typename: "RepositoryCodeowners", errors };
    },
    pullRequest: (args: Args) => {
      const pull = world.pulls.get(Number(args.number));
      if (pull === undefined) throw nothingNumbered("a PullRequest", args.number);
      return graph.pull(pull);
    },
    pullRequests: (args: Args) =>
      connection("pullRequests", selectPulls([...world.pulls.values()], args), args, (pull) =>
        graph.pull(pull),
      ),
    issue: (args: Args) => {
      const issue = world.issues.get(Number(args.number));
      if (issue === undefined) throw nothingNumbered("an Issue", args.number);
      return graph.issue(issue);
    },
    issues: (args: Args) =>
      connection("issues", selectIssues([...world.issues.values()], args), args, (issue) =>
        graph.issue(issue),
      ),
    issueOrPullRequest: (args: Args) => {
      const issue = world.issues.get(Number(args.number));
      const pull = world.pulls.get(Number(args.number));
      if (issue !== undefined) return graph.issue(issue);
      if (pull !== undefined) return graph.pull(pull);
      throw nothingNumbered("an issue or pull request", args.number);
    },
    label: (args: Args) => {
      const label = world.labels.get(String(args.name).toLowerCase());
      return label === undefined ? null : labelNode(graph, label.name);
    },
    labels: (args: Args) =>
      connection("labels", [...world.labels.values()], args, (label) => labelNode(graph, label.name)),
  };
}

function listOf(args: Args, name: string): string[] | undefined {
  const value = args[name];
  return Array.isArray(value) && value.length > 0 ? value.map(String) : undefined;
}

function selectPulls(pulls: Pull[], args: Args): Pull[] {
  const states = listOf(args, "states");
  const labels = listOf(args, "labels");
  const { headRefName, baseRefName } = args;
  const found = pulls.filter(
    (pull) =>
      (states === undefined ||
        states.includes(pull.mergedAt === undefined ? pull.state.toUpperCase() : "MERGED")) &&
      (labels === undefined || labels.some((label) => pull.labels.includes(label))) &&
      (typeof headRefName !== "string" || pull.head.ref === headRefName) &&
      (typeof baseRefName !== "string" || pull.base.ref === baseRefName),
  );
  return ordered(found, args);
}

function selectIssues(issues: Issue[], args: Args): Issue[] {
  const states = listOf(args, "states");
  const labels = listOf(args, "labels");
  const { filterBy } = args;
  const since =
    typeof filterBy === "object" && filterBy !== null && "since" in filterBy ? String(filterBy.since) : "";
  const found = issues.filter(
    (issue) =>
      issue.updatedAt >= since &&
      (states === undefined || states.includes(issue.state.toUpperCase())) &&
      (labels === undefined || labels.some((label) => issue.labels.includes(label))),
  );
  return ordered(found, args);
}

function ordered<Thread extends Issue | Pull>(threads: Thread[], args: Args): Thread[] {
  const order = args.orderBy;
  if (typeof order !== "object" || order === null || !("field" in order) || !("direction" in order))
    return threads;
  const key = (thread: Thread) => (order.field === "UPDATED_AT" ? thread.updatedAt : thread.createdAt);
  const sign = order.direction === "DESC" ? -1 : 1;
  return threads.sort((a, b) => sign * (key(a).localeCompare(key(b)) || a.number - b.number));
}
