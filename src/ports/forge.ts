import type { Ask } from "../domain/approver-source.ts";
import type { Facts } from "../domain/facts.ts";
import type { Finding } from "../domain/finding.ts";
import type { GrantHistory } from "../domain/lifecycle.ts";
import type { CommitMessage } from "../domain/message.ts";
import type { Month } from "../domain/month.ts";
import type { GrantId, Oid, PullNumber } from "../domain/oid.ts";
import type { Account } from "../domain/person.ts";
import type { Effect, Shown } from "../domain/plan.ts";
import type { EndRecord, FindingRecord } from "../domain/record.ts";
import type { Replay } from "../domain/replay.ts";
import type { Saying } from "../domain/saying.ts";
import type { Instant } from "../domain/time.ts";
import type { CaseReading } from "./cases.ts";

/** What GitHub says of a pull request at one moment: who and what it is, the facts, and what is shown on it. */
export interface PullReading {
  readonly pull: PullNumber;
  readonly requester: Account;
  readonly openedAt: Instant;
  readonly title: string;
  readonly head: Oid;
  readonly headBranch: string;
  readonly baseBranch: string;
  readonly defaultBranch: string;
  readonly fork: boolean;
  readonly draft: boolean;
  /** When merged: the commit, and whether the app itself merged it. */
  readonly merge: { readonly commit: Oid; readonly byApp: boolean } | null;
  readonly openedByApp: boolean;
  /** What GitHub knows; the case and what the ledger says of other grants are not its to say. */
  readonly facts: Omit<Facts, "case" | "grants">;
  /** What is shown; the journal's part is not GitHub's to say. */
  readonly shown: Omit<Shown, "closure">;
}

/** `moved`: head or base changed, judge again. `refused`: a rule of the repository forbids it; `because` is GitHub's sentence. */
export type MergeOutcome =
  | { readonly kind: "merged"; readonly commit: Oid }
  | { readonly kind: "moved" }
  | { readonly kind: "refused"; readonly because: string };

/** One line of the sweep: a pull request and when anything last happened on it. */
export interface PullGlance {
  readonly pull: PullNumber;
  readonly state: "open" | "closed" | "merged";
  readonly updatedAt: Instant;
}

/** The removal of grant files on a branch of the app's own. */
export interface Removal {
  readonly branch: string;
  /** Commit of the default branch that the removal is made on. */
  readonly onto: Oid;
  readonly paths: readonly string[];
  readonly title: string;
  /** What is being ended and why: what the pull request tells people. */
  readonly histories: readonly GrantHistory[];
  readonly records: readonly EndRecord[];
}

/** Something on main or the journal that should not be: `path` is a file, or the branch that was rewritten. */
export interface Report {
  readonly record: FindingRecord;
  readonly path: string;
  readonly because: string;
}

/**
 * GitHub in our words; Octokit's types end behind it. Depends on `domain` alone. Outcomes that GitHub may rightly
 * give are values; everything else (network, 5xx, rate limit) throws a `ForgeError`, and whoever called tries again
 * later. The hardest method is `read`: one snapshot of everything a decision needs, in one query.
 */
export interface Forge {
  /**
   * One pull request, with the members of these teams, and whether somebody has a second factor where that is asked;
   * null when there is no such pull request.
   */
  read(
    pull: PullNumber,
    teams: readonly string[],
    secondFactorOf?: string | null,
  ): Promise<PullReading | null>;
  /** Shows where a request stands: check run, living comment and review requests, in one call. */
  publish(pull: PullNumber, head: Oid, effect: Extract<Effect, { kind: "publish" }>): Promise<void>;
  /** Shows a check run on a pull request that is no access request. */
  publishNotice(pull: PullNumber, head: Oid, notice: Notice): Promise<void>;
  /** Squash-merges exactly this head. Never repeated by itself. */
  squashMerge(pull: PullNumber, head: Oid, message: CommitMessage): Promise<MergeOutcome>;
  close(pull: PullNumber): Promise<void>;
  /** Opens (or finds again) the pull request that removes files; its head is exactly that removal. */
  openRemoval(removal: Removal): Promise<{ readonly pull: PullNumber; readonly head: Oid }>;
  /** Says something on a pull request or an issue in a comment of its own; `shown.said` tells it again. */
  say(thread: number, saying: Saying): Promise<void>;
  /** Says on a pull request that GitHub refused its merge, once: a label and a comment. */
  announceRefusal(pull: PullNumber, because: string): Promise<void>;
  /** Adds an empty commit to the journal after `parent` (null: the journal's first); false when the journal has moved. */
  appendJournal(parent: Oid | null, message: string): Promise<boolean>;
  /** Opens an issue about a finding for administrators, unless an open one is about the same. */
  openIssue(report: Report): Promise<void>;
  /** The issues in which emergencies are reviewed, of those on which something happened since an instant. */
  reviewIssues(since: Instant): Promise<readonly ReviewIssue[]>;
  openReview(review: ReviewToOpen): Promise<ReviewIssue>;
  reopenIssue(issue: number): Promise<void>;
  /** The issues that the reports of these months are in, by the name of the month: of each month all, oldest first. */
  reportIssues(months: readonly Month[]): Promise<ReadonlyMap<string, readonly number[]>>;
  /** Opens the issue of a month's report; its number. */
  openReport(report: MonthlyReport): Promise<number>;
  /** Closes an issue that has the same report as another. */
  retireReport(issue: number, other: number): Promise<void>;
  /** Pull requests on which something happened since an instant, latest first. */
  changedSince(instant: Instant): Promise<readonly PullGlance[]>;
  /** For each pull request: the commit by which the app merged it; nothing for any other. */
  mergedByApp(pulls: readonly PullNumber[]): Promise<ReadonlyMap<PullNumber, Oid>>;
  /** An issue of a repository of the same owner, as a support case. */
  readIssue(repository: string, number: number): Promise<CaseReading>;
  /** Whether a login may write to the repository. */
  mayWrite(login: string): Promise<boolean>;
  /** Whether a login may read the repository. */
  mayRead(login: string): Promise<boolean>;
  /** Whether a login is in a team; false where GitHub does not show the team. */
  isInTeam(login: string, slug: string): Promise<boolean>;
}

/** An emergency that has to be reviewed, until when, and who is called for it. */
export interface ReviewToOpen {
  readonly history: GrantHistory;
  readonly due: Instant;
  readonly to: Ask;
}

/** The report of a month, as an issue has it. */
export interface MonthlyReport {
  /** `2026-11`. */
  readonly month: string;
  readonly title: string;
  readonly body: string;
}

/** The issue in which an emergency is reviewed. */
export interface ReviewIssue {
  readonly issue: number;
  readonly grant: GrantId;
  /** By whom and when it was closed last; null while it is open. */
  readonly closed: { readonly by: Account | null; readonly at: Instant } | null;
  /** What the app has said on it, by `sayingKey`. */
  readonly said: ReadonlySet<string>;
}

/** What the check run says of a pull request that asks for no access. */
export interface Notice {
  readonly kind: "not-a-request" | "rules" | "removal" | "removal-refused";
  readonly fingerprint: string;
  readonly findings: readonly Finding[];
  /** Of a change of the rules: what it would have done to past requests; null where that cannot be told. */
  readonly replay: Replay | null;
  /** Of a change of the rules: how its policy tests came out; null where there are none or they cannot be run. */
  readonly tests: { readonly cases: number; readonly failed: number } | null;
}

/** GitHub could not be asked, or did not answer as it should: nothing is known, try again later. */
export class ForgeError extends Error {
  override readonly name = "ForgeError";
  readonly retryAfterSeconds: number | null;

  constructor(message: string, retryAfterSeconds: number | null = null, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
