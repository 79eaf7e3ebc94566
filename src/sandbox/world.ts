import type { Activity } from "./activity.ts";
import type { AppIdentity, InstallationToken } from "./app-identity.ts";
import type { CheckRun, CheckSuite } from "./checks.ts";
import type { SandboxClock } from "./clock.ts";
import type { Comment } from "./comments.ts";
import type { Comparison } from "./compare.ts";
import type { Issue } from "./issues.ts";
import type { Label } from "./labels.ts";
import type { ObjectStore } from "./objects.ts";
import type { Account, People } from "./people.ts";
import type { Pull } from "./pulls.ts";
import { readRef } from "./refs.ts";
import { notFound } from "./refusal.ts";
import type { Review } from "./reviews.ts";
import type { RuleSwitches } from "./rulesets.ts";
import type { CommitStatus } from "./statuses.ts";
import type { Turn } from "./turn.ts";
import type { Webhooks } from "./webhooks.ts";

/**
 * Everything the stand-in knows besides what is in the Git repository: one organisation with one repository
 * and one app. Acts (`pulls.ts`, `reviews.ts`, `merge.ts`, …) change it; REST, GraphQL and pages only speak.
 */
export type World = {
  url: string;
  org: { id: number; login: string };
  repo: { id: number; name: string; createdAt: string; pushedAt: string };
  defaultBranch: string;
  gitDir: string;
  objects: ObjectStore;
  compare: Comparison;
  clock: SandboxClock;
  people: People;
  app: AppIdentity;
  tokens: InstallationToken[];
  lastId: number;
  pulls: Map<number, Pull>;
  issues: Map<number, Issue>;
  comments: Map<number, Comment>;
  reviews: Map<number, Review>;
  labels: Map<string, Label>;
  suites: CheckSuite[];
  runs: Map<number, CheckRun>;
  statuses: CommitStatus[];
  activity: Activity[];
  /** Who made a branch, by ref; gone with the branch. */
  branchMakers: Map<string, Account>;
  /** Commits that the stand-in made itself, which GitHub would sign with its own key. */
  signedByGitHub: Set<string>;
  rules: RuleSwitches;
  hooks: Webhooks;
  turn: Turn;
};

/** A number that no other thing of the sandbox has. */
export function nextId(world: World): number {
  world.lastId += 1;
  return world.lastId;
}

/** The next number of the sequence that issues and pull requests share. */
export function nextNumber(world: World): number {
  return Math.max(0, ...world.pulls.keys(), ...world.issues.keys()) + 1;
}

export function fullName(world: World): string {
  return `${world.org.login}/${world.repo.name}`;
}

/** Root of the REST API, as a GitHub Enterprise Server has it. */
export function apiRoot(world: World): string {
  return `${world.url}/api/v3`;
}

/** Address of the repository in the REST API. */
export function repoApi(world: World): string {
  return `${apiRoot(world)}/repos/${fullName(world)}`;
}

/** Address of the repository's page. */
export function repoPage(world: World): string {
  return `${world.url}/${fullName(world)}`;
}

/** Tip of a branch now, or undefined when there is no such branch. */
export function branchTip(world: World, branch: string): string | undefined {
  return readRef(world.gitDir, `refs/heads/${branch}`);
}

/** A commit id from what a person may write: a full id, a branch, or a full ref. */
export async function resolveCommit(world: World, name: string): Promise<string> {
  const oid = /^[0-9a-f]{40}$/.test(name)
    ? name
    : (branchTip(world, name) ?? readRef(world.gitDir, name) ?? readRef(world.gitDir, `refs/${name}`));
  if (oid === undefined || (await world.objects.commit(oid)) === undefined) {
    throw notFound(`No commit found for SHA: ${name}`);
  }
  return oid;
}
