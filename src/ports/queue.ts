/**
 * Work by key, coalescing: at most one run of a key at a time, and one more when it was asked for meanwhile.
 * Jobs must converge, so running one twice or late is safe.
 */
export interface Queue {
  add(key: string): void;
  /** Waiting and running jobs; a job that waits for a later retry is neither. */
  size(): { readonly queued: number; readonly running: number };
  /** Resolves when nothing is waiting or running; no new work is taken after it was called. */
  drain(): Promise<void>;
}
