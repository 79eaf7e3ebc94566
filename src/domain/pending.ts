import { type Ask, askOf } from "./approver-source.ts";
import type { ApproverPolicy } from "./policy.ts";
import type { RuleSet } from "./rule-set.ts";
import { addDuration, type Duration, type Instant } from "./time.ts";

/** What happens to a request while nobody has decided it, as instants. */
export interface Waiting {
  /** When it lapses. */
  readonly lapsesAt: Instant;
  /** When those who could still approve are reminded, in order. */
  readonly remindsAt: readonly Instant[];
  /** When others are told, and who, as GitHub can be asked for them; null where no policy says so. */
  readonly escalation: { readonly at: Instant; readonly to: Ask } | null;
}

/** The times of all policies that match together: the shortest hold, every reminder counts, and all are told (invariant 9). */
export function waitingOf(
  openedAt: Instant,
  matching: readonly ApproverPolicy[],
  { settings: { pendingExpiresAfter }, directory }: Pick<RuleSet, "settings" | "directory">,
): Waiting {
  const after = (duration: Duration) => addDuration(openedAt, duration);
  const lapses = matching.reduce<Duration>(
    (soonest, { pending: { expiresAfter } }) =>
      expiresAfter !== null && expiresAfter < soonest ? expiresAfter : soonest,
    pendingExpiresAfter,
  );
  const reminders = new Set(matching.flatMap(({ pending }) => pending.remindAfter).map(after));
  const escalations = matching.flatMap(({ pending: { escalation } }) => escalation ?? []);
  const [first] = escalations.map((one) => one.after).sort((one, other) => one - other);
  return {
    lapsesAt: after(lapses),
    remindsAt: [...reminders].sort((one, other) => one - other),
    escalation:
      first === undefined
        ? null
        : {
            at: after(first),
            to: askOf(
              escalations.map(({ to }) => to),
              directory,
            ),
          },
  };
}
