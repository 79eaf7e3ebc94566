import type { Ask } from "./approver-source.ts";
import type { Decision } from "./decision.ts";
import type { ReviewRefusal } from "./emergency-review.ts";
import type { GrantHistory } from "./lifecycle.ts";
import { type Instant, printInstant } from "./time.ts";

/** Something that is said once, in a comment of its own: an edited comment tells nobody anything. */
export type Saying = WaitingSaying | ReviewSaying;

/** What is said of a request that nobody has decided yet. */
export interface WaitingSaying {
  /** `reminder`: to those who could still approve. `escalation`: to others; being told lets nobody approve. */
  readonly kind: "reminder" | "escalation";
  /** When it was to be said; it may be said later. */
  readonly at: Instant;
  readonly to: Ask;
  readonly decision: Decision;
}

/** What is said of an emergency: on its pull request, or on the issue of its review. */
export type ReviewSaying =
  | {
      readonly kind: "emergency";
      readonly history: GrantHistory;
      /** Where it is to be reviewed. */
      readonly issue: number;
      readonly due: Instant;
      readonly to: Ask;
    }
  | { readonly kind: "review-overdue"; readonly due: Instant; readonly to: Ask }
  | {
      readonly kind: "review-refused";
      readonly closedAt: Instant;
      /** Login of whoever closed the issue; null when that is not known. */
      readonly by: string | null;
      readonly because: ReviewRefusal;
    };

/** By what it is known that something has been said. */
export function sayingKey(saying: Saying): string {
  switch (saying.kind) {
    case "reminder":
      return `${REMINDER}${printInstant(saying.at)}`;
    case "review-refused":
      return `review-refused ${printInstant(saying.closedAt)}`;
    case "escalation":
    case "emergency":
    case "review-overdue":
      return saying.kind;
  }
}

const REMINDER = "reminder ";

/**
 * What has to be said now of a request that waits: the last reminder that is due, unless it or a later one was said,
 * and the escalation once. Nobody is told of a request that is a draft, has to be mended, or has every approval.
 */
export function sayingsOf(
  decision: Decision,
  to: Ask,
  said: ReadonlySet<string>,
  now: Instant,
): readonly Saying[] {
  const { verdict, requirements, findings, remindsAt, escalation } = decision;
  const isDraft = findings.some(({ code }) => code === "REQUEST_IS_DRAFT");
  const isOpen = requirements.some(({ missing }) => missing > 0);
  if (verdict !== "pending" || isDraft || !isOpen) return [];
  const last = remindsAt.findLast((at) => at <= now);
  // instants are written alike, so that the later of two is the greater text
  const wasSaid = (at: Instant) =>
    [...said].some((key) => key.startsWith(REMINDER) && key >= `${REMINDER}${printInstant(at)}`);
  const sayings: Saying[] = [];
  if (last !== undefined && !wasSaid(last)) sayings.push({ kind: "reminder", at: last, to, decision });
  if (escalation !== null && escalation.at <= now) {
    const saying: Saying = { kind: "escalation", at: escalation.at, to: escalation.to, decision };
    if (!said.has(sayingKey(saying))) sayings.push(saying);
  }
  return sayings;
}

/** The next instant at which something changes for a request by itself; null when nothing does. */
export function nextMoment(decision: Decision, now: Instant): Instant | null {
  const { remindsAt, escalation, opensAt, lapsesAt, access } = decision;
  const moments = [...remindsAt, escalation?.at, opensAt, lapsesAt, access?.extension?.runsUntil];
  return moments.reduce<Instant | null>(
    (next, at) => (at != null && at > now && (next === null || at < next) ? at : next),
    null,
  );
}
