import type { Comment } from "./comments.ts";
import type { Issue } from "./issues.ts";
import { accountJson, appJson, associationOf, type Json } from "./json-account.ts";
import { type Label, labelNamed } from "./labels.ts";
import { nodeId } from "./node-id.ts";
import type { Pull } from "./pulls.ts";
import { repoApi, repoPage, type World } from "./world.ts";

const noReactions = {
  total_count: 0,
  "+1": 0,
  "-1": 0,
  laugh: 0,
  hooray: 0,
  confused: 0,
  heart: 0,
  rocket: 0,
  eyes: 0,
};

export function labelJson(world: World, label: Label): Json {
  return {
    id: label.id,
    node_id: nodeId("Label", label.id),
    url: `${repoApi(world)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: null,
  };
}

export function labelsJson(world: World, names: readonly string[]): Json[] {
  return names.map((name) => labelJson(world, labelNamed(world, name)));
}

/** `issue`. A pull request is an issue too, with `pull_request` saying where its other half is. */
export function issueJson(world: World, thread: Issue | Pull): Json {
  const url = `${repoApi(world)}/issues/${thread.number}`;
  const isPull = thread.kind === "pull";
  const page = `${repoPage(world)}/${isPull ? "pull" : "issues"}/${thread.number}`;
  const comments = [...world.comments.values()].filter((comment) => comment.number === thread.number).length;
  const viaApp = thread.author.kind === "Bot" ? appJson(world) : null;
  return {
    id: thread.id,
    node_id: nodeId(isPull ? "PullRequest" : "Issue", thread.number),
    url,
    repository_url: repoApi(world),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    number: thread.number,
    state: thread.state,
    state_reason: isPull ? null : thread.stateReason,
    title: thread.title,
    body: thread.body,
    user: accountJson(world, thread.author),
    labels: labelsJson(world, thread.labels),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments,
    closed_at: thread.closedAt ?? null,
    created_at: thread.createdAt,
    updated_at: thread.updatedAt,
    closed_by: thread.closedBy === undefined ? null : accountJson(world, thread.closedBy),
    author_association: associationOf(world, thread.author),
    timeline_url: `${url}/timeline`,
    reactions: { url: `${url}/reactions`, ...noReactions },
    performed_via_github_app: viaApp,
    ...(isPull
      ? {
          draft: thread.draft,
          pull_request: {
            url: `${repoApi(world)}/pulls/${thread.number}`,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: thread.mergedAt ?? null,
          },
        }
      : {}),
  };
}

/** `issue-comment`: told apart from a person's by `performed_via_github_app`. */
export function commentJson(world: World, comment: Comment): Json {
  const url = `${repoApi(world)}/issues/comments/${comment.id}`;
  const folder = world.pulls.has(comment.number) ? "pull" : "issues";
  return {
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    url,
    html_url: `${repoPage(world)}/${folder}/${comment.number}#issuecomment-${comment.id}`,
    issue_url: `${repoApi(world)}/issues/${comment.number}`,
    body: comment.body,
    user: accountJson(world, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(world, comment.author),
    performed_via_github_app: comment.author.kind === "Bot" ? appJson(world) : null,
    reactions: { url: `${url}/reactions`, ...noReactions },
  };
}
