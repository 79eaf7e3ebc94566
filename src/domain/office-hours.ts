import {
  addDuration,
  type Duration,
  durationBetween,
  type Instant,
  type LocalTime,
  localTimeIn,
  minutes,
} from "./time.ts";

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** Hours of the week in a time zone; `from` and `until` are minutes since midnight, `until` the later of the two. */
export interface OfficeHours {
  readonly timeZone: string;
  readonly days: readonly Weekday[];
  readonly from: number;
  readonly until: number;
}

/** How access of a length that would begin at an instant stands to office hours. */
export type OfficeTime =
  | { readonly kind: "within" }
  /** Not now: the earliest instant, to the minute, at which it would lie within them. */
  | { readonly kind: "later"; readonly at: Instant }
  /** It is longer than any day of office hours. */
  | { readonly kind: "never" };

const DAY_MINUTES = 24 * 60;
/** A week and a day: after that every day of the week and each change of the clocks has been seen. */
const SEARCH_DAYS = 8;

/**
 * Whether access lies within office hours, from its beginning to its end. Local time is what the clocks of the time
 * zone show, so that a day on which they change has an hour more or less.
 */
export function officeTimeOf(hours: OfficeHours, begin: Instant, length: Duration): OfficeTime {
  if (fits(hours, begin, length)) return { kind: "within" };
  for (let day = 0; day < SEARCH_DAYS; day++) {
    const at = opening(hours, begin, day);
    if (at > begin && fits(hours, at, length)) return { kind: "later", at };
  }
  return { kind: "never" };
}

/** The hours of one day without a night in between: both ends show the same day, and no time outside lies between. */
function fits(hours: OfficeHours, begin: Instant, length: Duration): boolean {
  const first = localTimeIn(begin, hours.timeZone);
  if (!isDay(hours, first) || first.minute < hours.from) return false;
  return durationBetween(begin, closing(hours, begin, first.minute)) >= length;
}

function isDay({ days }: OfficeHours, { weekday }: LocalTime): boolean {
  return days.some((day) => day === weekday);
}

/** When the hours of the day of an instant end. */
function closing(hours: OfficeHours, instant: Instant, minute: number): Instant {
  return corrected(hours.timeZone, instant, minute, hours.until);
}

/** The instant at which the hours begin, or would begin, on the day that lies some days after an instant. */
function opening(hours: OfficeHours, instant: Instant, days: number): Instant {
  const sameHour = addDuration(instant, minutes(days * DAY_MINUTES));
  const local = localTimeIn(sameHour, hours.timeZone);
  return corrected(hours.timeZone, sameHour, local.minute, hours.from);
}

/** The instant of the same day at which clocks show `wanted`; moved by an hour where the clocks change in between. */
function corrected(timeZone: string, instant: Instant, minute: number, wanted: number): Instant {
  const whole = (Math.floor(instant / 60_000) * 60_000) as Instant;
  const guess = (whole + (wanted - minute) * 60_000) as Instant;
  const shown = localTimeIn(guess, timeZone).minute;
  const off = ((shown - wanted + DAY_MINUTES * 1.5) % DAY_MINUTES) - DAY_MINUTES / 2;
  return (guess - off * 60_000) as Instant;
}
