/** How many of each are asked for at once: GitHub's maximum. https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api */
export const PAGE = 100;
/** GitHub lists at most this many authors of one commit here; more make a reading incomplete. */
export const AUTHORS = 50;

const WHO = `fragment Who on Actor {
  __typename login
  ... on User { databaseId } ... on Bot { databaseId }
  ... on Mannequin { databaseId } ... on Organization { databaseId }
}`;

const REVIEWS = `pageInfo { hasNextPage endCursor }
  nodes { fullDatabaseId state body submittedAt author { ...Who } commit { oid } }`;

const COMMENTS = `pageInfo { hasNextPage endCursor }
  nodes {
    id fullDatabaseId body createdAt lastEditedAt viewerDidAuthor
    author { ...Who } editor { login }
  }`;

const MEMBERS = "pageInfo { hasNextPage endCursor } nodes { id login }";

/**
 * The one query of an evaluation: a pull request and the members of `teams` teams, whose slugs are the variables
 * `s0`, `s1`, … Members of child teams count (`membership: ALL`), as they do for GitHub's own reviews.
 *
 * Who pushed is told by the check suites that GitHub makes for this app on each push; the check run that is shown is
 * looked for in these suites only, so that one of the same name by somebody else is none of ours.
 */
export function factsQuery(teams: number): string {
  const numbers = Array.from({ length: teams }, (_, index) => index);
  const slugs = numbers.map((index) => `, $s${index}: String!`).join("");
  const fields = numbers.map(
    (index) =>
      `t${index}: team(slug: $s${index}) { id members(first: ${PAGE}, membership: ALL) { ${MEMBERS} } }`,
  );
  return `query Facts($owner: String!, $name: String!, $number: Int!, $appId: Int!${slugs}) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    id
    defaultBranchRef { name }
    codeowners { errors { line column kind message path } }
    pullRequest(number: $number) {
      id number title createdAt state isDraft isCrossRepository viewerDidAuthor
      headRefName headRefOid baseRefName
      author { ...Who }
      mergedBy { ...Who }
      mergeCommit { oid }
      timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) { nodes { ... on ClosedEvent { actor { ...Who } } } }
      reviewRequests(first: ${PAGE}) {
        nodes { requestedReviewer { __typename ... on User { id login } ... on Team { id slug } } }
      }
      reviews(first: ${PAGE}) { ${REVIEWS} }
      comments(first: ${PAGE}) { ${COMMENTS} }
      commits(first: ${PAGE}) {
        pageInfo { hasNextPage }
        nodes { commit {
          oid message
          signature { isValid }
          author { email user { login } }
          committer { name email user { login } }
          authors(first: ${AUTHORS}) { pageInfo { hasNextPage } nodes { email user { login } } }
          checkSuites(first: 5, filterBy: { appId: $appId }) { nodes { push { pusher { ...Who } } } }
        } }
      }
      tip: commits(last: 1) {
        nodes { commit {
          oid
          checkSuites(first: 5, filterBy: { appId: $appId }) { nodes {
            checkRuns(first: 1, filterBy: { checkName: "grantbox", checkType: LATEST }) {
              nodes { id externalId status annotations(first: 1) { totalCount } }
            }
          } }
        } }
      }
    }
  }
  ${teams === 0 ? "" : `organization(login: $owner) { ${fields.join("\n")} }`}
}
${WHO}`;
}

/** Further reviews or comments of a pull request, where there are more than 100. */
export const MORE_QUERY = `query More(
  $owner: String!, $name: String!, $number: Int!
  $reviews: Boolean!, $reviewsAfter: String, $comments: Boolean!, $commentsAfter: String
) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviews(first: ${PAGE}, after: $reviewsAfter) @include(if: $reviews) { ${REVIEWS} }
      comments(first: ${PAGE}, after: $commentsAfter) @include(if: $comments) { ${COMMENTS} }
    }
  }
}
${WHO}`;

/** Further members of a team. */
export const MEMBERS_QUERY = `query Members($owner: String!, $slug: String!, $after: String) {
  organization(login: $owner) {
    team(slug: $slug) { members(first: ${PAGE}, after: $after, membership: ALL) { ${MEMBERS} } }
  }
}`;

/** The repository itself, where nothing has been read of it yet. */
export const REPOSITORY_QUERY = `query Repository($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { id defaultBranchRef { name } }
}`;
