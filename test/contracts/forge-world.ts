import type { Oid, PullNumber } from "../../src/domain/oid.ts";
import type { Instant } from "../../src/domain/time.ts";
import type { Forge, PullReading } from "../../src/ports/forge.ts";

/** A repository with a forge on it, and people who act on it without Grantbox. */
export interface ForgeWorld {
  readonly forge: Forge;
  /** The login of the app, `<slug>[bot]`. */
  readonly self: string;
  now(): Instant;
  tip(branch: string): Oid | null;
  /** Paths of the files of a commit. */
  paths(commit: Oid): readonly string[];
  message(commit: Oid): string;
  /** Somebody commits to a branch, which begins at main; null takes a file away. */
  commits(
    login: string,
    branch: string,
    files: Readonly<Record<string, string | null>>,
    message?: string,
  ): Promise<Oid>;
  /** Somebody moves a branch to a commit, by force. */
  moves(login: string, branch: string, to: Oid): Promise<void>;
  opens(login: string, branch: string): Promise<PullNumber>;
  reviews(login: string, pull: PullNumber, event: "APPROVE" | "REQUEST_CHANGES" | "COMMENT"): Promise<number>;
  dismisses(login: string, pull: PullNumber, review: number): Promise<void>;
  comments(login: string, pull: PullNumber, body: string): Promise<number>;
  edits(login: string, comment: number, body: string): Promise<void>;
  closes(login: string, pull: PullNumber): Promise<void>;
  /** Somebody closes an issue, opens it again, or changes its text or labels. */
  changesIssue(
    login: string,
    issue: number,
    change: {
      readonly state?: "open" | "closed";
      readonly body?: string;
      readonly labels?: readonly string[];
    },
  ): Promise<void>;
  merges(login: string, pull: PullNumber): Promise<Oid>;
  /** Somebody sets a green commit status under the check's name. */
  forges(login: string, commit: Oid): Promise<void>;
  conversation(
    pull: PullNumber,
  ): Promise<readonly { readonly id: number; readonly by: string; readonly body: string }[]>;
  labels(pull: PullNumber): Promise<readonly string[]>;
  openIssues(): Promise<readonly string[]>;
  /** The app's check runs on a commit. */
  checks(
    commit: Oid,
  ): Promise<
    readonly { readonly title: string; readonly status: string; readonly conclusion: string | null }[]
  >;
  /** What the app has called since it was last asked. */
  calls(): readonly string[];
  end(): Promise<void>;
}

/** What a part of the contract is held against: the world of the test that is running. */
export type Stage = () => ForgeWorld;

export const PATH = "grants/azure.storage/one.yaml";

/** Alice asks for a grant, without Grantbox noticing. */
export async function request(world: ForgeWorld): Promise<{ pull: PullNumber; head: Oid }> {
  const head = await world.commits("alice", "one", { [PATH]: "id: one\n" });
  return { pull: await world.opens("alice", "one"), head };
}

export async function read(
  world: ForgeWorld,
  pull: PullNumber,
  teams: readonly string[] = [],
): Promise<PullReading> {
  const reading = await world.forge.read(pull, teams);
  if (reading === null) throw new Error(`there is no pull request #${pull}`);
  return reading;
}
