import type { Branch } from "../domain/lifecycle.ts";
import type { HistoryCommit } from "./history.ts";

/** What the signature of a commit's records is worth; `because` says why it is worth nothing. */
export type Signed =
  | { readonly kind: "valid" /** `owner/name`, as it was signed for. */; readonly repository: string }
  | { readonly kind: "not-valid"; readonly because: string };

/**
 * The keys that a lockbox repository lists for its records. Depends on `domain` alone. The hardest part is that a key
 * which was retired still proves what it signed in its time, and nothing later.
 */
export interface RecordKeys {
  /** Checks the signature of a commit's records for a branch, as of the time at which it says that it was made. */
  check(commit: Pick<HistoryCommit, "message" | "committedAt">, on: Branch): Promise<Signed>;
}

/** Reads a file of allowed signers; null when it lists no key that may sign a record. */
export type RecordKeyReader = (file: Uint8Array) => RecordKeys | null;
