import { addDuration, hours, type Instant, instantOf, parseInstant, printInstant } from "./time.ts";

/** A month of the calendar in UTC, which begins and ends at midnight. */
export interface Month {
  /** `2026-11`. */
  readonly name: string;
  readonly from: Instant;
  /** Up to, and without. */
  readonly to: Instant;
}

/** The month that `2026-11` names; null for anything else. */
export function parseMonth(name: string): Month | null {
  const from = beginningOf(name);
  if (from === null) return null;
  // no month is longer: 31 days after its beginning it is some day of the next
  const to = beginningOf(nameAt(addDuration(from, hours(31 * 24))));
  return to === null ? null : { name, from, to };
}

function beginningOf(name: string): Instant | null {
  return parseInstant(`${name}-01T00:00:00Z`);
}

function nameAt(instant: Instant): string {
  return printInstant(instant).slice(0, 7);
}

/** The month that an instant lies in; null only at the ends of the calendar. */
export function monthAt(instant: Instant): Month | null {
  return parseMonth(nameAt(instant));
}

/** The months that are over, from the one that an instant lies in on: the latest of them, oldest first. */
export function monthsOver(since: Instant, now: Instant, most: number): readonly Month[] {
  const over: Month[] = [];
  let month = before(monthAt(now));
  while (month !== null && since < month.to && over.length < most) {
    over.unshift(month);
    month = before(month);
  }
  return over;
}

function before(month: Month | null): Month | null {
  return month && monthAt(instantOf(month.from - 1));
}
