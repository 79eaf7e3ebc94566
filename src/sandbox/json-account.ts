import { nodeId } from "./node-id.ts";
import type { Account, Team } from "./people.ts";
import { apiRoot, type World } from "./world.ts";

/** A plain JSON object on its way out. */
export type Json = Record<string, unknown>;

/** `simple-user` of GitHub's description. A bot's login carries `[bot]` in REST. */
export function accountJson(world: World, account: Account): Json {
  const url = `${apiRoot(world)}/users/${encodeURIComponent(account.login)}`;
  const page = account.kind === "Bot" ? `${world.url}/apps/${account.slug}` : `${world.url}/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.kind, account.id),
    avatar_url: `${world.url}/avatars/${account.id}`,
    gravatar_id: "",
    url,
    html_url: page,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.kind,
    site_admin: false,
  };
}

/** The organisation seen as an account, which owns the repository. */
export function ownerJson(world: World): Json {
  const url = `${apiRoot(world)}/users/${world.org.login}`;
  return {
    login: world.org.login,
    id: world.org.id,
    node_id: nodeId("Organization", world.org.id),
    avatar_url: `${world.url}/avatars/${world.org.id}`,
    gravatar_id: "",
    url,
    html_url: `${world.url}/${world.org.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: "Organization",
    site_admin: false,
  };
}

/** `organization-simple`: the organisation as webhooks name it. */
export function organizationJson(world: World): Json {
  const url = `${apiRoot(world)}/orgs/${world.org.login}`;
  return {
    login: world.org.login,
    id: world.org.id,
    node_id: nodeId("Organization", world.org.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/${world.org.id}`,
    description: "Made up, and only on this machine",
  };
}

/** `team` and `team-simple`. */
export function teamJson(world: World, team: Team): Json {
  const url = `${apiRoot(world)}/organizations/${world.org.id}/team/${team.id}`;
  return {
    id: team.id,
    node_id: nodeId("Team", team.id),
    url,
    html_url: `${world.url}/orgs/${world.org.login}/teams/${team.slug}`,
    name: team.slug,
    slug: team.slug,
    description: "",
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "push",
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: "organization",
    organization_id: world.org.id,
    parent: null,
  };
}

/** `integration`: the app as checks and comments name it. */
export function appJson(world: World): Json {
  return {
    id: world.app.id,
    slug: world.app.slug,
    node_id: nodeId("App", world.app.id),
    client_id: `Iv23sandbox${world.app.id}`,
    owner: ownerJson(world),
    name: world.app.slug,
    description: "",
    external_url: world.app.url ?? world.url,
    html_url: `${world.url}/apps/${world.app.slug}`,
    created_at: world.app.createdAt,
    updated_at: world.app.createdAt,
    permissions: world.app.permissions,
    events: subscribedEvents,
    installations_count: 1,
  };
}

/** Events that the app is sent (github.md §6.2). */
const subscribedEvents = [
  "check_run",
  "check_suite",
  "issue_comment",
  "issues",
  "membership",
  "pull_request",
  "pull_request_review",
  "push",
  "repository_dispatch",
] as const;

/** `installation`: the app on this organisation. */
export function installationJson(world: World): Json {
  const { app } = world;
  return {
    id: app.installationId,
    account: ownerJson(world),
    repository_selection: "selected",
    access_tokens_url: `${apiRoot(world)}/app/installations/${app.installationId}/access_tokens`,
    repositories_url: `${apiRoot(world)}/installation/repositories`,
    html_url: `${world.url}/organizations/${world.org.login}/settings/installations/${app.installationId}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: world.org.id,
    target_type: "Organization",
    permissions: app.permissions,
    events: subscribedEvents,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}

/** How GitHub says what somebody is to the repository. */
export function associationOf(world: World, account: Account): string {
  if (account.kind === "Bot") return "NONE";
  return world.people.find(account.login) === undefined ? "NONE" : "MEMBER";
}
