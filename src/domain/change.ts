import type { Verdict } from "./decision.ts";

/** A value as a file could hold it. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/**
 * One thing about a request that could be otherwise, as a case of a policy test would write it: a path
 * (`grant.duration`, `facts.approvedBy`) and its value; null takes it away.
 */
export interface Change {
  readonly path: string;
  readonly value: Plain;
  /** What stands there now; null when nothing does. */
  readonly before: Plain;
}

/** A change, and the verdict on the request with it and with all changes before it. */
export interface Step {
  readonly change: Change;
  readonly verdict: Verdict;
}

/** What would make a request come out otherwise; each step was judged. */
export interface Suggestion {
  /** The changes that lead towards an approval, in order; none for what is approved. */
  readonly steps: readonly Step[];
  /** Of what is approved: single changes after which it would not be. */
  readonly against: readonly Step[];
}
