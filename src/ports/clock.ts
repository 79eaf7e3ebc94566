import type { Instant } from "../domain/time.ts";

/**
 * The time, for everything outside the core. Depends on nothing. The hardest method is `wakeAt`: a process may
 * sleep through the instant or the clock may jump past it; then the call-back runs at once.
 */
export interface Clock {
  now(): Instant;
  /** Calls back once, at or soon after the instant; the result takes it back. */
  wakeAt(instant: Instant, callback: () => void): () => void;
}
