import type { GrantId, Oid } from "./oid.ts";
import type { Account } from "./person.ts";
import type { CaseName, CaseState } from "./record.ts";
import type { Instant } from "./time.ts";

/**
 * What GitHub said of a pull request at one moment. Plain data, so that it can be recorded and judged again.
 * What could not be read is said to be unread; it never counts in favour (invariant 4).
 */
export interface Facts {
  readonly readAt: Instant;
  /** The head commit that these facts belong to. */
  readonly head: Oid;
  readonly reviews: readonly Review[];
  readonly commits: readonly Commit[];
  /** False when GitHub listed fewer commits or reviews than there are. */
  readonly complete: boolean;
  readonly pushers: Pushers;
  /** Teams of the organisation by slug, lower case. */
  readonly teams: Readonly<Record<string, Team>>;
  readonly comments: readonly Comment[];
  /** What GitHub itself says is wrong with CODEOWNERS at the base (unknown or powerless owners among it). */
  readonly ownerErrors: readonly OwnerError[];
  /** Whether the subject has a second factor; read only where a rule asks. */
  readonly secondFactor: SecondFactor;
  /** What is said of the support case; read only where a rule asks. */
  readonly case: CaseFact;
  /** Grants of the ledger, at the base commit, of the same subject or for the same case. */
  readonly grants: readonly GrantFact[];
}

export interface Review {
  readonly id: number;
  /** Null when the account no longer exists. */
  readonly author: Account | null;
  readonly state: "approved" | "changes-requested" | "commented" | "dismissed";
  /** The commit that was looked at; null when it is gone (a force-push). */
  readonly commit: Oid | null;
  readonly submittedAt: Instant;
  readonly body: string;
}

/** A name that a commit claims; only ever bars, never grants (invariant 6). */
export interface CommitIdentity {
  readonly role: "author" | "committer" | "co-author";
  readonly email: string;
  /** The account that GitHub knows by this address. */
  readonly login: string | null;
}

export interface Commit {
  readonly oid: Oid;
  readonly identities: readonly CommitIdentity[];
  /** Whether it has a signature that GitHub has verified. */
  readonly signed: boolean;
}

/** Who of those that were asked about has no second factor, by login; GitHub tells it to owners of the organisation only. */
export type SecondFactor =
  | { readonly read: true; readonly without: readonly string[] }
  | { readonly read: false; readonly because: string };

/** A support case as the system that keeps it says. */
export type CaseFact =
  | { readonly read: true; readonly state: CaseState | "missing" }
  | { readonly read: false; readonly because: string };

/** A grant that the ledger knows. */
export interface GrantFact {
  readonly id: GrantId;
  readonly subject: string;
  readonly case: CaseName;
  readonly emergency: boolean;
  /** An emergency that nobody has reviewed yet is a debt of its subject. */
  readonly reviewed: boolean;
  /** Null once it has ended, however that was. */
  readonly runsUntil: Instant | null;
}

/** Who pushed the commits of the branch; unknown when GitHub did not say. */
export type Pushers =
  | { readonly known: true; readonly logins: readonly string[] }
  | { readonly known: false };

export type Team =
  | { readonly read: true; readonly members: readonly string[] }
  | { readonly read: false; readonly because: string };

/** A comment of the conversation, word for word as it stands now. */
export interface Comment {
  readonly id: number;
  readonly author: Account | null;
  readonly body: string;
  readonly createdAt: Instant;
  /** An edited comment is no command: somebody with write access may have put words into another's mouth. */
  readonly edited: boolean;
}

export interface OwnerError {
  readonly line: number;
  readonly column: number;
  readonly kind: string;
  readonly message: string;
  readonly path: string;
}
