import type { Instant } from "../domain/time.ts";
import type { Memory } from "./memory.ts";
import type { Clients } from "./octokit.ts";

/** One repository, the clients that calls are made with, and what earlier answers said. */
export interface Target {
  readonly clients: Clients;
  readonly owner: string;
  readonly repo: string;
  /** Null when whoever asks is a person: then nothing in the conversation is the app's own. */
  readonly appId: number | null;
  readonly now: () => Instant;
  readonly memory: Memory;
}

/** `owner` and `repo` as the parameters of a REST call. */
export function place({ owner, repo }: Target): { readonly owner: string; readonly repo: string } {
  return { owner, repo };
}
