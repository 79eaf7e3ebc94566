import { type Actor, sameAccount } from "./actor.ts";
import { labelJson } from "./json-issue.ts";
import { pullJson } from "./json-pull.ts";
import { labelNamed } from "./labels.ts";
import { askCodeOwners } from "./owner-requests.ts";
import { type Account, roleIncludes } from "./people.ts";
import { writePullRef } from "./pull-refs.ts";
import { invalid, notFound, Refusal } from "./refusal.ts";
import { announce } from "./webhook-payloads.ts";
import { branchTip, nextId, nextNumber, type World } from "./world.ts";

export type Pull = {
  kind: "pull";
  id: number;
  number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  draft: boolean;
  author: Account;
  head: { ref: string; sha: string };
  /**
   * `sha` is the base branch's tip when the pull request was opened or last pushed to: GitHub does not move it
   * when the base branch moves, in REST's `base.sha` as in GraphQL's `baseRefOid`.
   */
  base: { ref: string; sha: string };
  labels: string[];
  askedUsers: string[];
  askedTeams: string[];
  /** Logins and `@org/team` that were asked because CODEOWNERS names them. */
  askedAsOwners: Set<string>;
  createdAt: string;
  updatedAt: string;
  closedAt: string | undefined;
  closedBy: Account | undefined;
  mergedAt: string | undefined;
  mergedBy: Account | undefined;
  mergeCommit: string | undefined;
};

export function findPull(world: World, number: number): Pull {
  const pull = world.pulls.get(number);
  if (pull === undefined) throw notFound();
  return pull;
}

export type PullDraft = { title: string; body: string | null; head: string; base: string; draft: boolean };

/** Opens a pull request and asks its code owners. https://docs.github.com/rest/pulls/pulls#create-a-pull-request */
export async function openPull(world: World, actor: Actor, draft: PullDraft): Promise<Pull> {
  if (draft.title.trim() === "") throw invalid("PullRequest", "missing_field", undefined, "title");
  if (draft.title.length > 256) {
    throw invalid("PullRequest", "custom", "title is too long (maximum is 256 characters)", "title");
  }
  const ownPrefix = `${world.org.login}:`;
  const headRef = draft.head.startsWith(ownPrefix) ? draft.head.slice(ownPrefix.length) : draft.head;
  const head = branchTip(world, headRef);
  const base = branchTip(world, draft.base);
  if (head === undefined) throw invalid("PullRequest", "invalid", undefined, "head");
  if (base === undefined) throw invalid("PullRequest", "invalid", undefined, "base");
  const twin = [...world.pulls.values()].find(
    (pull) => pull.state === "open" && pull.head.ref === headRef && pull.base.ref === draft.base,
  );
  if (twin !== undefined) {
    throw invalid(
      "PullRequest",
      "custom",
      `A pull request already exists for ${world.org.login}:${headRef}.`,
    );
  }
  if ((await world.compare.commits(base, head)).length === 0) {
    throw invalid("PullRequest", "custom", `No commits between ${draft.base} and ${headRef}`);
  }
  const at = world.clock.stamp();
  const pull: Pull = {
    kind: "pull",
    id: nextId(world),
    number: nextNumber(world),
    title: draft.title,
    body: draft.body,
    state: "open",
    draft: draft.draft,
    author: actor.account,
    head: { ref: headRef, sha: head },
    base: { ref: draft.base, sha: base },
    labels: [],
    askedUsers: [],
    askedTeams: [],
    askedAsOwners: new Set(),
    createdAt: at,
    updatedAt: at,
    closedAt: undefined,
    closedBy: undefined,
    mergedAt: undefined,
    mergedBy: undefined,
    mergeCommit: undefined,
  };
  world.pulls.set(pull.number, pull);
  writePullRef(world, pull);
  await announcePull(world, actor.account, pull, "opened");
  if (!pull.draft) await askCodeOwners(world, actor, pull);
  return pull;
}

/** Changes title, text or base. https://docs.github.com/rest/pulls/pulls#update-a-pull-request */
export async function editPull(
  world: World,
  actor: Actor,
  pull: Pull,
  change: { title?: string; body?: string | null; base?: string },
): Promise<void> {
  checkMayChange(actor, pull);
  const changes: Record<string, unknown> = {};
  if (change.base !== undefined && change.base !== pull.base.ref) {
    const tip = branchTip(world, change.base);
    if (tip === undefined) throw invalid("PullRequest", "invalid", undefined, "base");
    if (pull.state === "closed") {
      throw invalid(
        "PullRequest",
        "custom",
        "Cannot change the base branch of a closed pull request.",
        "base",
      );
    }
    changes.base = { ref: { from: pull.base.ref }, sha: { from: pull.base.sha } };
    pull.base = { ref: change.base, sha: tip };
  }
  if (change.title !== undefined && change.title !== pull.title) {
    if (change.title.trim() === "") throw invalid("PullRequest", "missing_field", undefined, "title");
    changes.title = { from: pull.title };
    pull.title = change.title;
  }
  if (change.body !== undefined && change.body !== pull.body) {
    changes.body = { from: pull.body ?? "" };
    pull.body = change.body;
  }
  if (Object.keys(changes).length === 0) return;
  pull.updatedAt = world.clock.stamp();
  await announcePull(world, actor.account, pull, "edited", { changes });
}

/** Closes without merging: the author may, and whoever may write. */
export async function closePull(world: World, actor: Actor, pull: Pull): Promise<void> {
  checkMayChange(actor, pull);
  if (pull.state === "closed") return;
  await closeNow(world, actor.account, pull);
}

/** Marks a pull request closed and says so, whatever closed it. */
export async function closeNow(world: World, by: Account, pull: Pull): Promise<void> {
  pull.state = "closed";
  pull.closedAt = world.clock.stamp();
  pull.closedBy = by;
  pull.updatedAt = pull.closedAt;
  await announcePull(world, by, pull, "closed");
}

/** Reopens: refused for a merged one, and when the head branch is gone. */
export async function reopenPull(world: World, actor: Actor, pull: Pull): Promise<void> {
  checkMayChange(actor, pull);
  if (pull.state === "open") return;
  const head = branchTip(world, pull.head.ref);
  const base = branchTip(world, pull.base.ref);
  if (pull.mergedAt !== undefined || head === undefined || base === undefined) {
    throw invalid(
      "PullRequest",
      "invalid",
      "state cannot be changed. The branch cannot be reopened.",
      "state",
    );
  }
  pull.state = "open";
  pull.closedAt = undefined;
  pull.closedBy = undefined;
  pull.head.sha = head;
  pull.base.sha = base;
  pull.updatedAt = world.clock.stamp();
  writePullRef(world, pull);
  await announcePull(world, actor.account, pull, "reopened");
}

/** Turns a draft into a request, or back. */
export async function setDraft(world: World, actor: Actor, pull: Pull, draft: boolean): Promise<void> {
  checkMayChange(actor, pull);
  if (pull.draft === draft) return;
  pull.draft = draft;
  pull.updatedAt = world.clock.stamp();
  await announcePull(world, actor.account, pull, draft ? "converted_to_draft" : "ready_for_review");
  if (!draft) await askCodeOwners(world, actor, pull);
}

/** Adds labels. https://docs.github.com/rest/issues/labels#add-labels-to-an-issue */
export async function labelPull(
  world: World,
  actor: Actor,
  pull: Pull,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const label = labelNamed(world, name);
    if (pull.labels.includes(label.name)) continue;
    pull.labels.push(label.name);
    pull.updatedAt = world.clock.stamp();
    await announcePull(world, actor.account, pull, "labeled", { label: labelJson(world, label) });
  }
}

/** Sends a `pull_request` event. */
export async function announcePull(
  world: World,
  sender: Account,
  pull: Pull,
  action: string,
  more: Record<string, unknown> = {},
): Promise<void> {
  announce(world, sender, "pull_request", action, {
    number: pull.number,
    pull_request: await pullJson(world, pull),
    ...more,
  });
}

function checkMayChange(actor: Actor, pull: Pull): void {
  if (actor.kind === "app" || sameAccount(actor.account, pull.author)) return;
  if (!roleIncludes(actor.account.role, "write"))
    throw new Refusal(403, "Must have push access to repository");
}
