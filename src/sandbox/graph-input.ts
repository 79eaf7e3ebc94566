import { text } from "./body-fields.ts";
import { type CheckRun, findRun } from "./checks.ts";
import { type Comment, findComment } from "./comments.ts";
import { findThread, type Issue } from "./issues.ts";
import { parseNodeId } from "./node-id.ts";
import { findPull, type Pull } from "./pulls.ts";
import { Refusal } from "./refusal.ts";
import type { World } from "./world.ts";

type Input = Record<string, unknown>;

function keyOf(input: Input, name: string, kinds: readonly string[]): { kind: string; key: string } {
  const id = text(input, name);
  const parsed = parseNodeId(id);
  if (parsed === undefined || !kinds.includes(parsed.kind)) throw unresolved(id);
  return parsed;
}

function unresolved(id: string): Refusal {
  return new Refusal(404, `Could not resolve to a node with the global id of '${id}'.`);
}

/** The pull request that an id of the input names. */
export function pullIn(world: World, input: Input, name: string): Pull {
  return findPull(world, Number(keyOf(input, name, ["PullRequest"]).key));
}

/** The issue or pull request that an id of the input names. */
export function threadIn(world: World, input: Input, name: string): Issue | Pull {
  return findThread(world, Number(keyOf(input, name, ["PullRequest", "Issue"]).key));
}

export function issueIn(world: World, input: Input, name: string): Issue {
  const thread = threadIn(world, input, name);
  if (thread.kind === "pull") throw unresolved(text(input, name));
  return thread;
}

export function commentIn(world: World, input: Input, name: string): Comment {
  return findComment(world, Number(keyOf(input, name, ["IssueComment"]).key));
}

export function runIn(world: World, input: Input, name: string): CheckRun {
  return findRun(world, Number(keyOf(input, name, ["CheckRun"]).key));
}

export function refIn(input: Input, name: string): string {
  return keyOf(input, name, ["Ref"]).key;
}

/** Checks that the input's repository is the one there is. */
export function repositoryIn(world: World, input: Input): void {
  if (Number(keyOf(input, "repositoryId", ["Repository"]).key) !== world.repo.id) {
    throw unresolved(text(input, "repositoryId"));
  }
}

/** Keys of a list of ids of one kind. */
export function keysIn(input: Input, name: string, kind: string): string[] {
  const value = input[name];
  if (!Array.isArray(value)) return [];
  return value.map((id: unknown) => {
    const parsed = parseNodeId(String(id));
    if (parsed?.kind !== kind) throw unresolved(String(id));
    return parsed.key;
  });
}
