import type { Decision } from "../domain/decision.ts";
import type { Grant } from "../domain/grant.ts";
import type { GrantHistory, Standing } from "../domain/lifecycle.ts";
import type { Month } from "../domain/month.ts";
import type { Oid } from "../domain/oid.ts";
import type { Instant } from "../domain/time.ts";
import type { Chapter } from "../ledger/stories.ts";
import type { MonthFigures } from "../report/month.ts";

/** A repository at this moment. */
export interface Sight {
  readonly at: Instant;
  readonly main: Oid;
  readonly standings: readonly Standing[];
  /** Requests that are open, as they were last judged. */
  readonly open: readonly {
    readonly decision: Decision;
    readonly title: string;
    readonly openedAt: Instant;
  }[];
  /** Emergency grants that nobody has reviewed yet. */
  readonly unreviewed: readonly GrantHistory[];
}

/** A lockbox repository as pages show it. Nothing here asks GitHub anything. */
export interface ShownLockbox {
  readonly owner: string;
  readonly name: string;
  /** Its page on GitHub, without a slash at the end. */
  readonly address: string;
  /** Null while the app has just started and has not looked at everything. */
  look(): Promise<Sight | null>;
  /** What a grant's file says; null when it cannot be read. */
  grantOf(history: GrantHistory): Promise<Grant | null>;
  /** Everything that happened to the grant, or to requests, of this id. */
  storyOf(id: string): Promise<readonly Chapter[]>;
  /** The newest commits of main and journal, newest first. */
  latest(count: number): Promise<readonly Chapter[]>;
  /** The months from the first record to the present one, oldest first; none where there is no record. */
  months(): Promise<readonly Month[]>;
  /** What there is to report of a month, and when that was so. */
  reportOf(month: Month): Promise<{ readonly figures: MonthFigures; readonly at: Instant }>;
}

/** What the pages are made from. */
export interface PageSource {
  lockboxes(): readonly ShownLockbox[];
  /** The clock that grants go by. */
  now(): Instant;
}
