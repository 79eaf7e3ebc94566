/**
 * Instants and durations. The only file of the core that may name `Date`; nothing here reads a clock.
 * An instant is a count of milliseconds since 1970-01-01T00:00:00Z, a duration a count of milliseconds.
 */
declare const instantBrand: unique symbol;
declare const durationBrand: unique symbol;

/** Milliseconds since the Unix epoch, UTC. */
export type Instant = number & { readonly [instantBrand]: true };
/** Milliseconds; never negative. */
export type Duration = number & { readonly [durationBrand]: true };

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A day is always 24 h: a grant must not last longer because clocks change (product page, "A grant"). */
const DAY = 24 * HOUR;

/** RFC 3339 with an explicit offset: a local time would mean another instant on every machine. */
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const ISO_DURATION = /^P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/;

/** The instant of a number of milliseconds, e.g. one that a clock at the edge has read. */
export function instantOf(milliseconds: number): Instant {
  return milliseconds as Instant;
}

/** The instant an RFC 3339 text names, or null when it names none (no offset, 30 February, free text). */
export function parseInstant(text: string): Instant | null {
  if (!RFC3339.test(text)) return null;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return null;
  const day = Number(text.slice(8, 10));
  const daysInMonth = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  return day <= daysInMonth ? instantOf(milliseconds) : null;
}

/** RFC 3339 in UTC with whole seconds, rounded down: `2026-11-24T10:02:11Z`. */
export function printInstant(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** The instant at the start of its second: what survives being written into a record. */
export function wholeSecond(instant: Instant): Instant {
  return instantOf(Math.floor(instant / SECOND) * SECOND);
}

/** Length of an ISO 8601 duration of weeks, days, hours, minutes, seconds; null for anything else (years and months have no fixed length). */
export function parseDuration(text: string): Duration | null {
  const match = ISO_DURATION.exec(text);
  if (!match || text === "P" || text.endsWith("T")) return null;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  const total =
    (weeks ?? 0) * 7 * DAY +
    (days ?? 0) * DAY +
    (hours ?? 0) * HOUR +
    (minutes ?? 0) * MINUTE +
    (seconds ?? 0) * SECOND;
  return Number.isSafeInteger(total) ? (total as Duration) : null;
}

/** ISO 8601 in its shortest form: `PT4H`, `P4D`, `PT1H30M`, `PT0S`; whole seconds, rounded down. */
export function printDuration(duration: Duration): string {
  const days = Math.floor(duration / DAY);
  const hours = Math.floor((duration % DAY) / HOUR);
  const minutes = Math.floor((duration % HOUR) / MINUTE);
  const seconds = Math.floor((duration % MINUTE) / SECOND);
  const date = days > 0 ? `${days}D` : "";
  const time = `${hours > 0 ? `${hours}H` : ""}${minutes > 0 ? `${minutes}M` : ""}${seconds > 0 ? `${seconds}S` : ""}`;
  if (date === "" && time === "") return "PT0S";
  return `P${date}${time === "" ? "" : `T${time}`}`;
}

/** Length in words, at most two units: `4 hours`, `1 day 2 hours`. */
export function describeDuration(duration: Duration): string {
  const parts: string[] = [];
  let rest: number = duration;
  for (const [unit, length] of [
    ["day", DAY],
    ["hour", HOUR],
    ["minute", MINUTE],
    ["second", SECOND],
  ] as const) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  }
  return parts.length === 0 ? "0 seconds" : parts.slice(0, 2).join(" ");
}

export function addDuration(instant: Instant, duration: Duration): Instant {
  return instantOf(instant + duration);
}

/** Time from one instant to a later one; zero when `to` is not later. */
export function durationBetween(from: Instant, to: Instant): Duration {
  return Math.max(0, to - from) as Duration;
}

/** A duration of whole hours, for limits that are written in code. */
export function hours(count: number): Duration {
  return (count * HOUR) as Duration;
}
