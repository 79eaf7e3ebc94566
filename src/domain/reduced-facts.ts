import { commandsIn } from "./command.ts";
import type {
  Comment,
  Commit,
  CommitIdentity,
  Facts,
  GrantFact,
  Review,
  SecondFactor,
  Team,
} from "./facts.ts";
import { accountIdOfEmail, type Directory, type Person, personOf, personOfEmail } from "./person.ts";
import { caseKey } from "./record.ts";
import type { AccessRequest } from "./request.ts";

/**
 * The facts as they are kept: what `decide` cannot tell apart from all of them, as far as anybody is concerned who
 * acted. Left out are (docs/decisions/0011): words of reviews and comments, members of teams who did nothing, reviews
 * that the same account replaced, commits by the same people, mail addresses of whoever is known otherwise, and grants
 * that no limit counts.
 */
export function reduceFacts(request: AccessRequest, facts: Facts, directory: Directory): Facts {
  const comments = commands(facts.comments);
  const acted = whoActed(request, { ...facts, comments }, directory);
  return {
    ...facts,
    comments,
    reviews: lastReviews(facts.reviews).map((review) => ({ ...review, body: "" })),
    commits: differentCommits(facts, directory),
    teams: Object.fromEntries(
      Object.entries(facts.teams).map(([slug, team]) => [slug, withoutStrangers(team, acted, directory)]),
    ),
    secondFactor: whoOfThem(facts.secondFactor, acted, directory),
    grants: facts.grants.filter((grant) => matters(grant, request)),
    ownerErrors: facts.ownerErrors.map((error) => ({ ...error, message: "" })),
  };
}

/** Everybody whom request and facts name. */
function whoActed(request: AccessRequest, facts: Facts, directory: Directory): ReadonlySet<Person> {
  const { requester, content } = request;
  const identities = facts.commits.flatMap(({ identities: named }) => named);
  const authors = [...facts.reviews, ...facts.comments].flatMap(({ author }) =>
    author === null ? [] : [author],
  );
  const logins = [
    requester.login,
    ...(content.kind === "grant" ? [content.grant.subject] : []),
    ...authors.map(({ login }) => login),
    ...identities.flatMap(({ login }) => (login === null ? [] : [login])),
    ...(facts.pushers.known ? facts.pushers.logins : []),
  ];
  const byMail = identities.flatMap(({ email }) => personOfEmail(email, directory) ?? []);
  return new Set([...logins.map((login) => personOf(login, directory)), ...byMail]);
}

function withoutStrangers(team: Team, acted: ReadonlySet<Person>, directory: Directory): Team {
  if (!team.read) return team;
  return { ...team, members: team.members.filter((login) => acted.has(personOf(login, directory))) };
}

function whoOfThem(factor: SecondFactor, acted: ReadonlySet<Person>, directory: Directory): SecondFactor {
  if (!factor.read) return factor;
  return { ...factor, without: factor.without.filter((login) => acted.has(personOf(login, directory))) };
}

/** Grants that a limit may count: those that have not ended, those for the same case, and debts of reviews. */
function matters(
  { runsUntil, emergency, reviewed, ...other }: GrantFact,
  { content }: AccessRequest,
): boolean {
  const isSameCase = content.kind === "grant" && caseKey(other.case) === caseKey(content.grant.case);
  return runsUntil !== null || isSameCase || (emergency && !reviewed);
}

/** Of each account its last review, and its last opinion: what came before was replaced. */
function lastReviews(reviews: readonly Review[]): readonly Review[] {
  const kept = new Set<Review>();
  for (const own of Map.groupBy(reviews, ({ author }) => JSON.stringify(author)).values()) {
    const inOrder = [...own].sort((one, other) => one.id - other.id);
    for (const last of [inOrder.at(-1), inOrder.findLast(({ state }) => state !== "commented")]) {
      if (last !== undefined) kept.add(last);
    }
  }
  return reviews.filter((review) => kept.has(review));
}

/** One commit of each combination of people, in the order in which they came; where it is the head's too, the head. */
function differentCommits({ head, commits, reviews }: Facts, directory: Directory): readonly Commit[] {
  const reviewers = new Set(reviews.flatMap(({ author }) => (author === null ? [] : [author.id])));
  const told = commits.map(
    (commit): Commit => ({
      ...commit,
      identities: commit.identities.map((identity) => withoutAddress(identity, reviewers, directory)),
    }),
  );
  const groups = Map.groupBy(told, ({ oid: _, ...rest }) => JSON.stringify(rest));
  return [...groups.values()].flatMap((same) => same.find(({ oid }) => oid === head) ?? same.slice(0, 1));
}

/**
 * An identity without its mail address where the login beside it says as much, or else with the private address that
 * GitHub would give to whom the directory knows by it. Of a stranger the address is all there is, and stays; so does
 * one with the account id of a reviewer, whom it bars even under another login.
 */
function withoutAddress(
  identity: CommitIdentity,
  reviewers: ReadonlySet<number>,
  directory: Directory,
): CommitIdentity {
  const { email, login } = identity;
  const person = personOfEmail(email, directory);
  const account = accountIdOfEmail(email);
  if (account !== null && reviewers.has(account)) return identity;
  if (login !== null && (person === null || person === personOf(login, directory))) {
    return { ...identity, email: "" };
  }
  const instead = `${person}@users.noreply.github.com`;
  const isSame = person !== null && personOfEmail(instead, directory) === person;
  return isSame ? { ...identity, email: instead } : identity;
}

/** Comments that are commands, with the command alone. */
function commands(comments: readonly Comment[]): readonly Comment[] {
  return comments.flatMap((comment) => {
    const [command] = commandsIn([comment]);
    return command === undefined ? [] : [{ ...comment, body: `/${command.name}` }];
  });
}
