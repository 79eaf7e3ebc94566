import type { Actor, Permission } from "./actor.ts";
import type { RepositoryRole } from "./people.ts";
import type { World } from "./world.ts";

/** A request that has been authenticated and routed, with its body read as JSON. */
export type RestRequest = {
  world: World;
  actor: Actor;
  /** Path of the address as it was called, for links to further pages. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
  headers: Record<string, string | string[] | undefined>;
};

export type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

/**
 * Who may call: the app by any one of some permissions, by its JWT, or not at all; a person by a role.
 * Permissions are those of https://docs.github.com/rest/authentication/permissions-required-for-github-apps
 */
export type Needs = { app: readonly Permission[] | "jwt" | "any" | "never"; user: RepositoryRole | "never" };

export type Route = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** GitHub's own template, such as `/repos/{owner}/{repo}/pulls/{pull_number}`; `{+name}` takes slashes. */
  path: string;
  /** GitHub's operation id. */
  operation: string;
  needs: Needs;
  /** Whether it makes content that notifies people, which secondary rate limits count (github.md §2.1). */
  creating?: boolean;
  handle: (request: RestRequest) => Promise<Answer> | Answer;
};

export const repoPath = "/repos/{owner}/{repo}";

/** An answer with a body. */
export function ok(body: unknown, status = 200): Answer {
  return { status, body };
}

export const noContent: Answer = { status: 204 };
