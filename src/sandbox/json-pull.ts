import { accountJson, associationOf, type Json, ownerJson, teamJson } from "./json-account.ts";
import { labelsJson } from "./json-issue.ts";
import { repositoryJson } from "./json-repository.ts";
import { mergeableState } from "./mergeable.ts";
import { nodeId } from "./node-id.ts";
import type { Pull } from "./pulls.ts";
import type { Review } from "./reviews.ts";
import { repoApi, repoPage, type World } from "./world.ts";

/** `pull-request-simple`, which lists hold. */
export function pullSummaryJson(world: World, pull: Pull): Json {
  const url = `${repoApi(world)}/pulls/${pull.number}`;
  const issue = `${repoApi(world)}/issues/${pull.number}`;
  const page = `${repoPage(world)}/pull/${pull.number}`;
  const statuses = `${repoApi(world)}/statuses/${pull.head.sha}`;
  const side = (branch: { ref: string; sha: string }) => ({
    label: `${world.org.login}:${branch.ref}`,
    ref: branch.ref,
    sha: branch.sha,
    user: ownerJson(world),
    repo: repositoryJson(world),
  });
  return {
    id: pull.id,
    node_id: nodeId("PullRequest", pull.number),
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${url}/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    number: pull.number,
    state: pull.state,
    locked: false,
    active_lock_reason: null,
    title: pull.title,
    body: pull.body,
    user: accountJson(world, pull.author),
    author_association: associationOf(world, pull.author),
    labels: labelsJson(world, pull.labels),
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: pull.askedUsers.map((login) => accountJson(world, world.people.get(login))),
    requested_teams: pull.askedTeams.map((slug) => teamJson(world, world.people.team(slug))),
    auto_merge: null,
    draft: pull.draft,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt ?? null,
    merged_at: pull.mergedAt ?? null,
    merge_commit_sha: pull.mergeCommit ?? null,
    head: side(pull.head),
    base: side(pull.base),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${url}/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
  };
}

/** `pull-request` in full, with figures that only one pull request at a time is asked for. */
export async function pullJson(world: World, pull: Pull): Promise<Json> {
  const [files, commits, state] = await Promise.all([
    world.compare.changedFiles(pull.base.sha, pull.head.sha),
    world.compare.commits(pull.base.sha, pull.head.sha),
    mergeableState(world, pull),
  ]);
  return {
    ...pullSummaryJson(world, pull),
    merged: pull.mergedAt !== undefined,
    merged_by: pull.mergedBy === undefined ? null : accountJson(world, pull.mergedBy),
    mergeable: state.mergeable,
    mergeable_state: state.state,
    rebaseable: null,
    maintainer_can_modify: false,
    comments: [...world.comments.values()].filter((comment) => comment.number === pull.number).length,
    review_comments: 0,
    commits: commits.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

/** `pull-request-review`. REST writes the state in capitals, webhooks do not (github.md §6.1). */
export function reviewJson(world: World, review: Review): Json {
  const page = `${repoPage(world)}/pull/${review.number}#pullrequestreview-${review.id}`;
  const pullUrl = `${repoApi(world)}/pulls/${review.number}`;
  return {
    id: review.id,
    node_id: nodeId("PullRequestReview", review.id),
    user: accountJson(world, review.author),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pullUrl,
    author_association: associationOf(world, review.author),
    _links: { html: { href: page }, pull_request: { href: pullUrl } },
    submitted_at: review.submittedAt,
    updated_at: review.updatedAt,
    commit_id: review.commit,
  };
}
