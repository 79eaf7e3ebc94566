import { connection } from "./connection.ts";
import type { Args, Graph, GraphNode } from "./graph.ts";
import { nodeId } from "./node-id.ts";
import type { Account, Team } from "./people.ts";
import { Refusal } from "./refusal.ts";

/** `User` or `Bot`. */
export function accountNode(graph: Graph, account: Account): GraphNode {
  const { world } = graph;
  const bot = account.kind === "Bot";
  const path = bot ? `/apps/${account.slug}` : `/${account.login}`;
  const shared = {
    id: nodeId(account.kind, account.id),
    databaseId: account.id,
    login: bot ? account.slug : account.login,
    url: `${world.url}${path}`,
    resourcePath: path,
    avatarUrl: `${world.url}/avatars/${account.id}`,
    createdAt: world.repo.createdAt,
    updatedAt: world.repo.createdAt,
  };
  if (bot) return { __typename: "Bot", ...shared };
  return {
    __typename: "User",
    ...shared,
    name: null,
    email: "",
    isSiteAdmin: false,
    isViewer: graph.actor.account === account,
    organization: (args: Args) => (args.login === world.org.login ? graph.organization() : null),
  };
}

/** The viewer, which the schema calls a user even when it is an app: then the login carries `[bot]`. */
export function viewerNode(graph: Graph): GraphNode {
  const { account } = graph.actor;
  const node = accountNode(graph, account);
  return { ...node, __typename: "User", login: account.login, isViewer: true, name: null, email: "" };
}

/** `Team`, with its members. */
export function teamNode(graph: Graph, team: Team): GraphNode {
  const { world } = graph;
  const path = `/orgs/${world.org.login}/teams/${team.slug}`;
  return {
    __typename: "Team",
    id: nodeId("Team", team.id),
    databaseId: team.id,
    slug: team.slug,
    name: team.slug,
    combinedSlug: `${world.org.login}/${team.slug}`,
    description: null,
    privacy: "VISIBLE",
    url: `${world.url}${path}`,
    resourcePath: path,
    createdAt: world.repo.createdAt,
    updatedAt: world.repo.createdAt,
    parentTeam: null,
    organization: () => graph.organization(),
    members: (args: Args) => {
      const query = typeof args.query === "string" ? args.query.toLowerCase() : "";
      const members = args.membership === "CHILD_TEAM" ? [] : world.people.members(team);
      const found = members.filter((user) => user.login.toLowerCase().includes(query));
      return connection("members", found, args, (user) => graph.account(user));
    },
  };
}

/** `Organization`. */
export function organizationNode(graph: Graph): GraphNode {
  const { world } = graph;
  return {
    __typename: "Organization",
    id: nodeId("Organization", world.org.id),
    databaseId: world.org.id,
    login: world.org.login,
    name: world.org.login,
    url: `${world.url}/${world.org.login}`,
    resourcePath: `/${world.org.login}`,
    avatarUrl: `${world.url}/avatars/${world.org.id}`,
    createdAt: world.repo.createdAt,
    viewerIsAMember: graph.actor.kind === "user",
    // Who has no second factor is not told to an app (github.md §2, "org members without 2FA").
    requiresTwoFactorAuthentication: null,
    team: (args: Args) => {
      checkMayReadMembers(graph);
      const team = world.people.findTeam(String(args.slug));
      return team === undefined ? null : graph.team(team);
    },
    teams: (args: Args) => {
      checkMayReadMembers(graph);
      const query = typeof args.query === "string" ? args.query.toLowerCase() : "";
      const logins = Array.isArray(args.userLogins) ? args.userLogins.map(String) : undefined;
      const found = world.people.teams
        .filter((team) => team.slug.includes(query))
        .filter((team) => logins === undefined || logins.some((login) => team.members.has(login)));
      return connection("teams", found, args, (team) => graph.team(team));
    },
    membersWithRole: (args: Args) =>
      connection("membersWithRole", world.people.users, args, (user) => graph.account(user)),
    repository: (args: Args) => (args.name === world.repo.name ? graph.repository() : null),
  };
}

/** `App`, with what checks show of it. */
export function appNode(graph: Graph): GraphNode {
  const { world } = graph;
  return {
    __typename: "App",
    id: nodeId("App", world.app.id),
    databaseId: world.app.id,
    slug: world.app.slug,
    name: world.app.slug,
    url: `${world.url}/apps/${world.app.slug}`,
    description: null,
    createdAt: world.app.createdAt,
    updatedAt: world.app.createdAt,
  };
}

/** Reading teams takes `members: read`, in GraphQL as in REST. */
function checkMayReadMembers(graph: Graph): void {
  if (graph.actor.kind === "app" && graph.actor.permissions.members === undefined) {
    throw new Refusal(403, "Resource not accessible by integration");
  }
}
