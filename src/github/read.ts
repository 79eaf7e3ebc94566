import type { Pushers, SecondFactor, Team } from "../domain/facts.ts";
import { oid, type PullNumber, parsePullNumber } from "../domain/oid.ts";
import { ForgeError, type PullReading } from "../ports/forge.ts";
import { accountOf, ghost } from "./account.ts";
import { allCommits, commitOf, type Movement, pushersByActivity, pushersBySuites } from "./commits.ts";
import { factsQuery } from "./facts.graphql.ts";
import { commentsOf, instant, mergeOf, ownerErrorsOf, ownRun, reviewsOf, shownOf } from "./facts.ts";
import { type FactsAnswer, type PullNode, present } from "./facts-answer.ts";
import { ask, type GraphError, touches } from "./graphql.ts";
import { livingComment } from "./marker.ts";
import { restOf } from "./more.ts";
import { attempt, understand } from "./outcome.ts";
import { saidIn } from "./saying.ts";
import { readSecondFactor } from "./second-factor.ts";
import { place, type Target } from "./target.ts";
import { readTeam } from "./teams.ts";

/**
 * Reads a pull request as it stands, in one query; more only where a list has further pages, where check suites do
 * not tell who pushed, or where a second factor is asked about. Null when there is no such pull request.
 *
 * @throws ForgeError when the pull request cannot be read; a part of it that cannot be read is said to be unread
 */
export async function readPull(
  number: PullNumber,
  teams: readonly string[],
  secondFactorOf: string | null,
  target: Target,
): Promise<PullReading | null> {
  const doing = `read pull request #${number}`;
  const slugs = [...new Set(teams.map((slug) => slug.toLowerCase()))];
  const { data, errors } = await ask<FactsAnswer>(target.clients.queries, doing, factsQuery(slugs.length), {
    owner: target.owner,
    name: target.repo,
    number,
    // an app of number 0 does not exist, and has no checks
    appId: target.appId ?? 0,
    ...Object.fromEntries(slugs.map((slug, index) => [`s${index}`, slug])),
  });
  const { repository, viewer } = data;
  const pull = repository?.pullRequest ?? null;
  if (repository === null || pull === null || viewer === null) {
    if (repository !== null && viewer !== null && errors.some(isNoSuchPull)) return null;
    throw new ForgeError(`could not ${doing}: ${errors[0]?.message ?? "GitHub's answer cannot be read"}`);
  }
  refuseUnread(errors, doing);
  const defaultBranch = repository.defaultBranchRef?.name ?? null;
  if (defaultBranch === null)
    throw new ForgeError(`could not ${doing}: the repository has no default branch`);
  target.memory.repository = { id: repository.id, defaultBranch };
  const rest = await restOf(number, pull, target);
  const read: Record<string, Team> = {};
  for (const [index, slug] of slugs.entries()) {
    const alias = `t${index}`;
    read[slug] = await readTeam(slug, alias, data.organization?.[alias] ?? null, errors, target);
  }
  const pushers = pull.author === null ? unknown : await pushersOf(pull, target);
  const secondFactor = secondFactorOf === null ? notAsked : await readSecondFactor(secondFactorOf, target);
  return understand(doing, () => {
    const living = livingComment(rest.comments, viewer.login);
    const shown = shownOf(pull, living, saidIn(rest.comments, viewer.login));
    const head = oid(pull.headRefOid);
    const commits = present(pull.commits).flatMap(({ commit }) =>
      commit === null ? [] : [commitOf(commit)],
    );
    const run = ownRun(pull);
    target.memory.sawPull(number, {
      at: target.now(),
      pullId: pull.id,
      head,
      run: run && {
        id: run.id,
        completed: run.status === "COMPLETED",
        annotated: run.annotations?.totalCount !== 0,
      },
      comment: living?.id ?? null,
      asked: shown.asked,
    });
    return {
      pull: parsePullNumber(pull.number) ?? number,
      requester: accountOf(pull.author) ?? ghost,
      openedAt: instant(pull.createdAt),
      title: pull.title,
      head,
      headBranch: pull.headRefName,
      baseBranch: pull.baseRefName,
      defaultBranch,
      fork: pull.isCrossRepository,
      draft: pull.isDraft,
      merge: mergeOf(pull, viewer.login),
      openedByApp: pull.viewerDidAuthor,
      facts: {
        readAt: target.now(),
        head,
        reviews: reviewsOf(rest.reviews),
        commits,
        complete: rest.complete && allCommits(pull) && !errors.some(isInside),
        pushers,
        teams: read,
        comments: commentsOf(rest.comments, target.appId !== null),
        secondFactor,
        ownerErrors: ownerErrorsOf(data, errors),
      },
      shown,
    };
  });
}

const unknown: Pushers = { known: false };
const notAsked: SecondFactor = { read: false, because: "it was not asked for" };
const PULL = ["repository", "pullRequest"] as const;

function isNoSuchPull({ type, path }: GraphError): boolean {
  return type === "NOT_FOUND" && path.length === 2 && path[0] === PULL[0] && path[1] === PULL[1];
}

/** An error inside the lists that make a reading complete: it is incomplete then, and nothing is approved by it. */
function isInside(error: GraphError): boolean {
  const isOfList = touches(error, [...PULL, "reviews"]) || touches(error, [...PULL, "commits"]);
  return isOfList && !error.path.includes("checkSuites");
}

/** An error about a part without which the pull request is not known at all. */
function refuseUnread(errors: readonly GraphError[], doing: string): void {
  const tolerable = [
    ["organization"],
    ["repository", "codeowners"],
    [...PULL, "reviews"],
    [...PULL, "commits"],
    [...PULL, "tip"],
  ];
  const fatal = errors.find(({ path }) =>
    tolerable.every((part) => path.length < part.length || part.some((name, index) => path[index] !== name)),
  );
  if (fatal !== undefined) throw new ForgeError(`could not ${doing}: GitHub says: ${fatal.message}`);
}

/** https://docs.github.com/rest/repos/repos#list-repository-activities; a fork's pushes are in the fork, unseen. */
async function pushersOf(pull: PullNode, target: Target): Promise<Pushers> {
  const known = pushersBySuites(pull);
  if (known !== null) return known;
  if (pull.isCrossRepository) return unknown;
  const { queries } = target.clients;
  const told = await attempt("activity", `read who pushed to ${pull.headRefName}`, () =>
    queries.rest.repos.listActivities({
      ...place(target),
      ref: `refs/heads/${pull.headRefName}`,
      per_page: 100,
    }),
  );
  if (!told.ok || !Array.isArray(told.data)) return unknown;
  const movements: readonly Movement[] = told.data;
  return pushersByActivity(movements, pull.headRefOid);
}
