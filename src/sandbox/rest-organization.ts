import { pathText } from "./body-fields.ts";
import { accountJson, organizationJson, teamJson } from "./json-account.ts";
import { page } from "./paging.ts";
import { roleIncludes, type Team } from "./people.ts";
import { rateOverview } from "./rate-limit.ts";
import { notFound, Refusal } from "./refusal.ts";
import { noContent, ok, type Route } from "./route.ts";
import { apiRoot, type World } from "./world.ts";

const members = { app: ["members:read"], user: "read" } as const;

/** https://docs.github.com/rest/teams, https://docs.github.com/rest/orgs/members and https://docs.github.com/rest/rate-limit */
export const organizationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/orgs/{org}/teams/{team_slug}",
    operation: "teams/get-by-name",
    needs: members,
    handle: ({ world, params }) => {
      const team = teamOf(world, params);
      return ok({
        ...teamJson(world, team),
        members_count: team.members.size,
        repos_count: 1,
        created_at: world.repo.createdAt,
        updated_at: world.repo.createdAt,
        organization: {
          ...organizationJson(world),
          has_organization_projects: false,
          has_repository_projects: false,
          public_repos: 0,
          public_gists: 0,
          followers: 0,
          following: 0,
          html_url: `${world.url}/${world.org.login}`,
          type: "Organization",
          created_at: world.repo.createdAt,
          updated_at: world.repo.createdAt,
          archived_at: null,
        },
      });
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/teams/{team_slug}/members",
    operation: "teams/list-members-in-org",
    needs: members,
    handle: (request) => {
      const { world, params } = request;
      return page(request, world.people.members(teamOf(world, params)), (user) => accountJson(world, user));
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/teams/{team_slug}/memberships/{username}",
    operation: "teams/get-membership-for-user-in-org",
    needs: members,
    handle: ({ world, params }) => {
      const team = teamOf(world, params);
      const user = world.people.get(pathText(params, "username"));
      if (!team.members.has(user.login)) throw notFound();
      const url = `${apiRoot(world)}/organizations/${world.org.id}/team/${team.id}/memberships/${user.login}`;
      return ok({ url, role: "member", state: "active" });
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/members/{username}",
    operation: "orgs/check-membership-for-user",
    needs: members,
    handle: ({ world, params }) => {
      world.people.get(pathText(params, "username"));
      return noContent;
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/members",
    operation: "orgs/list-members",
    needs: members,
    handle: (request) => {
      const { world, actor, query } = request;
      const filter = query.get("filter");
      if (filter !== null && filter !== "all") {
        // Told to owners only; that an app which may read members counts as one is not verified (docs/github.md).
        const owner = actor.kind === "app" || roleIncludes(actor.account.role, "admin");
        if (!owner) throw new Refusal(422, "Only owners can use this filter.");
        const without = world.people.users.filter((user) => !user.secondFactor);
        return page(request, without, (user) => accountJson(world, user));
      }
      return page(request, world.people.users, (user) => accountJson(world, user));
    },
  },
  {
    method: "GET",
    path: "/user",
    operation: "users/get-authenticated",
    needs: { app: "never", user: "none" },
    handle: ({ world, actor }) => ok({ ...accountJson(world, actor.account), ...profile(world) }),
  },
  {
    method: "GET",
    path: "/users/{username}",
    operation: "users/get-by-username",
    needs: { app: "any", user: "none" },
    handle: ({ world, params }) => {
      const login = pathText(params, "username");
      const account = login === world.people.bot.login ? world.people.bot : world.people.get(login);
      return ok({ ...accountJson(world, account), ...profile(world) });
    },
  },
  {
    method: "GET",
    path: "/rate_limit",
    operation: "rate-limit/get",
    needs: { app: "any", user: "none" },
    handle: () => ok(rateOverview()),
  },
  {
    method: "GET",
    path: "/meta",
    operation: "meta/get",
    needs: { app: "any", user: "none" },
    handle: () => ok({ verifiable_password_authentication: false }),
  },
];

function profile(world: World): Record<string, unknown> {
  return {
    name: null,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: world.repo.createdAt,
    updated_at: world.repo.createdAt,
  };
}

function teamOf(world: World, params: Record<string, string>): Team {
  const team = world.people.findTeam(pathText(params, "team_slug"));
  if (team === undefined) throw notFound();
  return team;
}
