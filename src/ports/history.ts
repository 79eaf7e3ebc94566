import type { RecordCommit } from "../domain/lifecycle.ts";
import type { Oid } from "../domain/oid.ts";
import type { FileChange, TreeEntry } from "../domain/request.ts";
import type { Instant } from "../domain/time.ts";

/** A commit of a first-parent history. */
export interface HistoryCommit extends RecordCommit {
  readonly parents: readonly Oid[];
  /** When it was committed, as its committer says, to the second; 1970 when it does not say. */
  readonly committedAt: Instant;
}

/** A commit with the paths at which its tree differs from that of its first parent, in the order of their bytes. */
export interface ChangingCommit extends HistoryCommit {
  readonly changes: readonly FileChange[];
}

/** A file of a tree. */
export interface TreeFile extends TreeEntry {
  readonly path: string;
}

/**
 * A lockbox repository's Git objects, read-only. Contents come by Git, which costs no API quota. The hardest
 * method for a backend without the git program is `firstParents` over a long history.
 */
export interface History {
  /** Brings refs up to date: the default branch, the journal, the app's own branches, and the heads of pull requests named. */
  refresh(pulls: readonly number[]): Promise<void>;
  /** The commit a ref points to, e.g. `refs/heads/main`; null when there is no such ref. */
  resolve(ref: string): Promise<Oid | null>;
  /** One commit; an error when it is not there. */
  commit(oid: Oid): Promise<HistoryCommit>;
  /** First-parent history from `tip` back to, and without, `until` (or the root), oldest first. */
  firstParents(tip: Oid, until: Oid | null): Promise<readonly HistoryCommit[]>;
  /** The same in portions, so that a long history is never held whole. */
  walk(tip: Oid, until: Oid | null): AsyncIterable<readonly HistoryCommit[]>;
  /** The same with what each commit changed; the first commit of all changes what it brings. */
  walkChanges(tip: Oid, until: Oid | null): AsyncIterable<readonly ChangingCommit[]>;
  /** Every file of a commit's tree below a folder (`""` for all), with its mode; submodules and links included. */
  files(commit: Oid, folder: string): Promise<readonly TreeFile[]>;
  /** The entry at a path of a commit's tree; null when there is none or it is a folder. */
  file(commit: Oid, path: string): Promise<TreeEntry | null>;
  /** Paths that differ between the merge base of two commits and the second: what a pull request changes. Null when the two have no common ancestor. */
  changes(base: Oid, head: Oid): Promise<readonly FileChange[] | null>;
  /** A blob's bytes; an error when it is not there. */
  blob(oid: Oid): Promise<Uint8Array>;
}
