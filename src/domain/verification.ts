import type { Finding } from "./finding.ts";
import type { Branch } from "./lifecycle.ts";
import type { GrantId, Oid } from "./oid.ts";

/** Something that is wrong with the ledger, and the commit at which it is. */
export interface LedgerFinding extends Finding {
  readonly commit: Oid;
  readonly on: Branch;
  /** The grant that it is about; null when it is about none. */
  readonly grant: GrantId | null;
}

/** What judging a whole ledger again has found. */
export interface Verification {
  /** Tips of the default branch and of the journal. */
  readonly main: Oid;
  readonly journal: Oid | null;
  /** How much was looked at. */
  readonly commits: number;
  readonly activations: number;
  readonly ends: number;
  /** Records of the journal: requests that were never granted, findings, and what others said. */
  readonly others: number;
  readonly findings: readonly LedgerFinding[];
}
