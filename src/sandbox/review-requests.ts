import { type Actor, sameAccount } from "./actor.ts";
import { accountJson, teamJson } from "./json-account.ts";
import { pullJson } from "./json-pull.ts";
import type { Pull } from "./pulls.ts";
import { invalid, Refusal } from "./refusal.ts";
import { announce } from "./webhook-payloads.ts";
import type { World } from "./world.ts";

/**
 * Asks people and teams for a review; who is asked already is not asked again. One event each.
 * https://docs.github.com/rest/pulls/review-requests#request-reviewers-for-a-pull-request
 */
export async function requestReviews(
  world: World,
  actor: Actor,
  pull: Pull,
  logins: readonly string[],
  slugs: readonly string[],
  why: "by hand" | "as owners" = "by hand",
): Promise<void> {
  const users = logins.map((login) => {
    const user = world.people.find(login);
    if (user === undefined || user.role === "none") {
      throw new Refusal(
        422,
        "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.",
      );
    }
    if (sameAccount(user, pull.author)) {
      throw invalid("PullRequest", "custom", "Review cannot be requested from pull request author.");
    }
    return user;
  });
  const teams = slugs.map((slug) => {
    const team = world.people.findTeam(slug);
    if (team === undefined) throw new Refusal(422, "Could not resolve to a node with the given team.");
    return team;
  });
  pull.updatedAt = world.clock.stamp();
  for (const user of users) {
    if (pull.askedUsers.includes(user.login)) continue;
    pull.askedUsers.push(user.login);
    if (why === "as owners") pull.askedAsOwners.add(user.login);
    announce(world, actor.account, "pull_request", "review_requested", {
      number: pull.number,
      pull_request: await pullJson(world, pull),
      requested_reviewer: accountJson(world, user),
    });
  }
  for (const team of teams) {
    if (pull.askedTeams.includes(team.slug)) continue;
    pull.askedTeams.push(team.slug);
    if (why === "as owners") pull.askedAsOwners.add(`@${world.org.login}/${team.slug}`);
    announce(world, actor.account, "pull_request", "review_requested", {
      number: pull.number,
      pull_request: await pullJson(world, pull),
      requested_team: teamJson(world, team),
    });
  }
}

/** A person who has reviewed is asked no longer; neither is a team that the person spoke for. */
export function answerRequests(world: World, pull: Pull, login: string): void {
  pull.askedUsers = pull.askedUsers.filter((asked) => asked !== login);
  pull.askedTeams = pull.askedTeams.filter(
    (slug) => world.people.findTeam(slug)?.members.has(login) !== true,
  );
}
