import { type Actor, sameAccount } from "./actor.ts";
import { findThread } from "./issues.ts";
import { commentJson, issueJson } from "./json-issue.ts";
import { type Account, roleIncludes } from "./people.ts";
import { invalid, notFound, Refusal } from "./refusal.ts";
import { announce } from "./webhook-payloads.ts";
import { nextId, type World } from "./world.ts";

/** A comment on an issue or on the conversation of a pull request. */
export type Comment = {
  id: number;
  number: number;
  body: string;
  author: Account;
  createdAt: string;
  updatedAt: string;
  /** Who last changed the text, and when; undefined for a text never changed. */
  editor: Account | undefined;
  editedAt: string | undefined;
};

const longestBody = 65_536;

function checkBody(body: string): void {
  if (body === "") throw invalid("IssueComment", "unprocessable", "Body cannot be blank");
  if (body.length > longestBody) {
    throw invalid(
      "IssueComment",
      "unprocessable",
      `body is too long (maximum is ${longestBody} characters)`,
      "data",
    );
  }
}

export function findComment(world: World, id: number): Comment {
  const comment = world.comments.get(id);
  if (comment === undefined) throw notFound();
  return comment;
}

/** Comments of one thread, oldest first. */
export function commentsOn(world: World, number: number): Comment[] {
  return [...world.comments.values()].filter((comment) => comment.number === number);
}

/** Says something. https://docs.github.com/rest/issues/comments#create-an-issue-comment */
export async function addComment(world: World, actor: Actor, number: number, body: string): Promise<Comment> {
  const thread = findThread(world, number);
  checkBody(body);
  const at = world.clock.stamp();
  const comment: Comment = {
    id: nextId(world),
    number,
    body,
    author: actor.account,
    createdAt: at,
    updatedAt: at,
    editor: undefined,
    editedAt: undefined,
  };
  world.comments.set(comment.id, comment);
  thread.updatedAt = at;
  tell(world, actor, comment, "created");
  return comment;
}

/** Changes a comment: its author may, and whoever may write to the repository. */
export async function editComment(
  world: World,
  actor: Actor,
  comment: Comment,
  body: string,
): Promise<Comment> {
  checkMayChange(actor, comment);
  checkBody(body);
  const from = comment.body;
  if (from === body) return comment;
  comment.body = body;
  comment.updatedAt = world.clock.stamp();
  comment.editedAt = comment.updatedAt;
  comment.editor = actor.account;
  tell(world, actor, comment, "edited", { changes: { body: { from } } });
  return comment;
}

/** Takes a comment away. https://docs.github.com/rest/issues/comments#delete-an-issue-comment */
export async function deleteComment(world: World, actor: Actor, comment: Comment): Promise<void> {
  checkMayChange(actor, comment);
  world.comments.delete(comment.id);
  tell(world, actor, comment, "deleted");
}

function checkMayChange(actor: Actor, comment: Comment): void {
  if (sameAccount(actor.account, comment.author)) return;
  if (actor.kind === "user" && roleIncludes(actor.account.role, "write")) return;
  throw new Refusal(
    403,
    actor.kind === "app" ? "Resource not accessible by integration" : "Must have push access",
  );
}

function tell(
  world: World,
  actor: Actor,
  comment: Comment,
  action: "created" | "edited" | "deleted",
  more: Record<string, unknown> = {},
): void {
  announce(world, actor.account, "issue_comment", action, {
    issue: issueJson(world, findThread(world, comment.number)),
    comment: commentJson(world, comment),
    ...more,
  });
}
