import { type Actor, sameAccount } from "./actor.ts";
import { issueJson, labelJson } from "./json-issue.ts";
import { labelNamed } from "./labels.ts";
import type { Account } from "./people.ts";
import type { Pull } from "./pulls.ts";
import { invalid, notFound, Refusal } from "./refusal.ts";
import { announce } from "./webhook-payloads.ts";
import { nextId, nextNumber, type World } from "./world.ts";

export type Issue = {
  kind: "issue";
  id: number;
  number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "reopened" | null;
  author: Account;
  labels: string[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | undefined;
  closedBy: Account | undefined;
  /** Every closing there ever was, oldest first. */
  closings: { by: Account; at: string }[];
  /** When and by whom its text was changed last. */
  editedAt: string | undefined;
  editor: Account | undefined;
};

/** The issue or pull request of that number: comments and labels hang on either. */
export function findThread(world: World, number: number): Issue | Pull {
  const thread = world.issues.get(number) ?? world.pulls.get(number);
  if (thread === undefined) throw notFound();
  return thread;
}

/** Opens an issue. https://docs.github.com/rest/issues/issues#create-an-issue */
export async function openIssue(
  world: World,
  actor: Actor,
  fields: { title: string; body: string | null; labels: readonly string[] },
): Promise<Issue> {
  if (fields.title.trim() === "") throw invalid("Issue", "missing_field", undefined, "title");
  const at = world.clock.stamp();
  const issue: Issue = {
    kind: "issue",
    id: nextId(world),
    number: nextNumber(world),
    title: fields.title,
    body: fields.body,
    state: "open",
    stateReason: null,
    author: actor.account,
    labels: fields.labels.map((name) => labelNamed(world, name).name),
    createdAt: at,
    updatedAt: at,
    closedAt: undefined,
    closedBy: undefined,
    closings: [],
    editedAt: undefined,
    editor: undefined,
  };
  world.issues.set(issue.number, issue);
  announce(world, actor.account, "issues", "opened", { issue: issueJson(world, issue) });
  return issue;
}

/** Changes an issue's text, labels or state. https://docs.github.com/rest/issues/issues#update-an-issue */
export async function editIssue(
  world: World,
  actor: Actor,
  issue: Issue,
  change: {
    title?: string;
    body?: string | null;
    state?: "open" | "closed";
    stateReason?: "completed" | "not_planned" | "reopened" | null;
    labels?: readonly string[];
  },
): Promise<Issue> {
  const mine = sameAccount(issue.author, actor.account);
  if (actor.kind === "user" && actor.account.role === "read" && !mine) {
    throw new Refusal(403, "Must have push access to repository");
  }
  const changes: Record<string, { from: string }> = {};
  if (change.title !== undefined && change.title !== issue.title) {
    changes.title = { from: issue.title };
    issue.title = change.title;
  }
  if (change.body !== undefined && change.body !== issue.body) {
    changes.body = { from: issue.body ?? "" };
    issue.body = change.body;
    issue.editedAt = world.clock.stamp();
    issue.editor = actor.account;
  }
  issue.updatedAt = world.clock.stamp();
  if (Object.keys(changes).length > 0) {
    announce(world, actor.account, "issues", "edited", { issue: issueJson(world, issue), changes });
  }
  if (change.labels !== undefined) issue.labels = change.labels.map((name) => labelNamed(world, name).name);
  if (change.state !== undefined && change.state !== issue.state) {
    const closing = change.state === "closed";
    issue.state = change.state;
    issue.stateReason = closing ? (change.stateReason ?? "completed") : "reopened";
    issue.closedAt = closing ? world.clock.stamp() : undefined;
    issue.closedBy = closing ? actor.account : undefined;
    if (closing) issue.closings.push({ by: actor.account, at: world.clock.stamp() });
    announce(world, actor.account, "issues", closing ? "closed" : "reopened", {
      issue: issueJson(world, issue),
    });
  }
  return issue;
}

/** Adds labels to an issue. https://docs.github.com/rest/issues/labels#add-labels-to-an-issue */
export async function labelIssue(
  world: World,
  actor: Actor,
  issue: Issue,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const label = labelNamed(world, name);
    if (issue.labels.includes(label.name)) continue;
    issue.labels.push(label.name);
    issue.updatedAt = world.clock.stamp();
    announce(world, actor.account, "issues", "labeled", {
      issue: issueJson(world, issue),
      label: labelJson(world, label),
    });
  }
}
