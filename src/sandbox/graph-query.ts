import type { Args, Graph, GraphNode } from "./graph.ts";
import { viewerNode } from "./graph-account.ts";
import { parseNodeId } from "./node-id.ts";
import { Refusal } from "./refusal.ts";

/** The root of queries. */
export function queryRoot(graph: Graph): Record<string, unknown> {
  const { world } = graph;
  return {
    viewer: () => viewerNode(graph),
    repository: (args: Args) => {
      const owner = String(args.owner);
      const name = String(args.name);
      const hidden = graph.actor.kind === "user" && graph.actor.account.role === "none";
      if (hidden || owner.toLowerCase() !== world.org.login || name.toLowerCase() !== world.repo.name) {
        throw new Refusal(404, `Could not resolve to a Repository with the name '${owner}/${name}'.`);
      }
      return graph.repository();
    },
    organization: (args: Args) => {
      const login = String(args.login);
      if (login.toLowerCase() !== world.org.login) {
        throw new Refusal(404, `Could not resolve to an Organization with the login of '${login}'.`);
      }
      return graph.organization();
    },
    user: (args: Args) => {
      const login = String(args.login);
      const user = world.people.find(login);
      if (user === undefined)
        throw new Refusal(404, `Could not resolve to a User with the login of '${login}'.`);
      return graph.account(user);
    },
    node: (args: Args) => findNode(graph, String(args.id)),
    nodes: (args: Args) => {
      const ids = Array.isArray(args.ids) ? args.ids.map(String) : [];
      return Promise.all(ids.map((id) => findNode(graph, id)));
    },
    rateLimit: () => ({
      __typename: "RateLimit",
      cost: 1,
      limit: 5000,
      nodeCount: 0,
      remaining: 4999,
      used: 1,
      resetAt: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  };
}

/** Whatever a global id stands for. */
async function findNode(graph: Graph, id: string): Promise<GraphNode> {
  const { world } = graph;
  const parsed = parseNodeId(id);
  const number = Number(parsed?.key);
  const found = async (): Promise<GraphNode | null | undefined> => {
    switch (parsed?.kind) {
      case "PullRequest":
        return map(world.pulls.get(number), graph.pull);
      case "Issue":
        return map(world.issues.get(number), graph.issue);
      case "IssueComment":
        return map(world.comments.get(number), graph.comment);
      case "PullRequestReview":
        return map(world.reviews.get(number), graph.review);
      case "CheckRun":
        return map(world.runs.get(number), graph.run);
      case "CheckSuite":
        return map(
          world.suites.find((suite) => suite.id === number),
          graph.suite,
        );
      case "User":
        return map(
          world.people.users.find((user) => user.id === number),
          graph.account,
        );
      case "Bot":
        return number === world.people.bot.id ? graph.account(world.people.bot) : undefined;
      case "Team":
        return map(
          world.people.teams.find((team) => team.id === number),
          graph.team,
        );
      case "Organization":
        return graph.organization();
      case "Repository":
        return graph.repository();
      case "Commit":
        return graph.commit(parsed.key);
      case "Ref":
        return graph.ref(parsed.key);
      default:
        return undefined;
    }
  };
  const node = await found();
  if (node === undefined || node === null) {
    throw new Refusal(404, `Could not resolve to a node with the global id of '${id}'.`);
  }
  return node;
}

function map<Value>(value: Value | undefined, render: (value: Value) => GraphNode): GraphNode | undefined {
  return value === undefined ? undefined : render(value);
}
