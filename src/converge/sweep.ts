import { addDuration, type Duration, hours, instantOf } from "../domain/time.ts";
import type { Lockbox } from "./context.ts";
import { activatedBy } from "./ledger.ts";

/** How often everything is looked at anew, whatever events said: a lost webhook costs at most this long. */
export const sweepInterval = (5 * 60 * 1000) as Duration;
/** Pull requests on which nothing has happened for this long have lapsed or ended before. */
const LOOKBACK_HOURS = 30 * 24;
/** A grant that ended this recently may still be shown as in force, if the process died right then. */
const RECENT_END_HOURS = 24;

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
    const isRunning =
      activated !== null && end === null && updatedAt > activated.history.activation.validFrom;
    const hasJustEnded = atStart && end !== null && addDuration(end, hours(RECENT_END_HOURS)) > now;
    const isUnrecorded = stands === "closed" && !state.closures.has(pull);
    if (stands === "open" || isRunning || hasJustEnded || isUnrecorded) {
      lockbox.merges.seen.set(pull, updatedAt);
      lockbox.again({ kind: "request", pull });
    }
  }
  lockbox.again({ kind: "grants" });
  if (atStart && lockbox.witnessing !== null) lockbox.again({ kind: "witness" });
  lockbox.again({ kind: "cases" });
  lockbox.again({ kind: "sweep" }, addDuration(now, sweepInterval));
}
