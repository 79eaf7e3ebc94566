import { type Instant, instantOf, parseInstant, printInstant } from "./time.ts";

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
  const [, year = "", month = ""] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(name) ?? [];
  const next =
    month === "12"
      ? `${String(Number(year) + 1).padStart(4, "0")}-01`
      : `${year}-${String(Number(month) + 1).padStart(2, "0")}`;
  const [from, to] = [parseInstant(`${name}-01T00:00:00Z`), parseInstant(`${next}-01T00:00:00Z`)];
  return year === "" || from === null || to === null ? null : { name, from, to };
}

/** The month that an instant lies in; null only at the ends of the calendar. */
export function monthAt(instant: Instant): Month | null {
  return parseMonth(printInstant(instant).slice(0, 7));
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
