import { addDuration, type Duration, hours, type Instant, instantOf } from "../domain/time.ts";
import type { Lockbox } from "./context.ts";
import { activatedBy } from "./ledger.ts";

/** How often everything is looked at anew, whatever events said: a lost webhook costs at most this long. */
export const sweepInterval = (5 * 60 * 1000) as Duration;
/** Pull requests on which nothing has happened for this long have lapsed or ended before. */
const LOOKBACK_HOURS = 30 * 24;
/** A grant that began, was extended or ended this recently may be shown as it was before, if the process died right then. */
const RECENT_HOURS = 24;

/**
 * Looks at the whole repository and asks for a pass over everything that may have changed unseen: open requests,
 * pull requests that were closed without a record, grants in force on whose pull request somebody wrote.
 */
export async function sweep(lockbox: Lockbox, atStart: boolean): Promise<void> {
  const { forge, history, ledger, clock } = lockbox;
  const now = clock.now();
  const glances = await forge.changedSince(instantOf(now - hours(LOOKBACK_HOURS)));
  await history.refresh([]);
  const state = await ledger.read();
  for (const { pull, state: stands, updatedAt } of glances) {
    const activated = activatedBy(pull, state);
    const end = activated?.history.end?.record.endedAt ?? null;
    const began = activated?.history.activation.validFrom ?? null;
    // GitHub tells whole seconds: what happened in the second of the activation may have come after it
    const isRunning = began !== null && end === null && updatedAt >= began;
    const isRecent = (at: Instant | null) => at !== null && addDuration(at, hours(RECENT_HOURS)) > now;
    const hasJustChanged = atStart && (isRecent(end) || isRecent(began));
    if (stands !== "open") lockbox.overview.open.delete(pull);
    const isUnrecorded = stands === "closed" && !state.closures.has(pull);
    if (stands === "open" || isRunning || hasJustChanged || isUnrecorded) {
      lockbox.merges.seen.set(pull, updatedAt);
      lockbox.again({ kind: "request", pull });
    }
  }
  lockbox.again({ kind: "grants" });
  if (atStart && lockbox.witnessing !== null) lockbox.again({ kind: "witness" });
  lockbox.again({ kind: "cases" });
  lockbox.again({ kind: "reports" });
  lockbox.again({ kind: "sweep" }, addDuration(now, sweepInterval));
}
