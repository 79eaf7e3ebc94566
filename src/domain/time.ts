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
/** A day is always 24 h: a grant must not last longer because clocks change (docs/glossary.md, "A grant"). */
const DAY = 24 * HOUR;

/** RFC 3339 with an explicit offset: a local time would mean another instant on every machine. */
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
/** In UTC, to the second, on a day that every month has: it exists, without a look at the calendar. */
const PLAIN = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const ISO_DURATION = /^P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/;

/** The instant of a number of milliseconds, e.g. one that a clock at the edge has read. */
export function instantOf(milliseconds: number): Instant {
  return milliseconds as Instant;
}

/** The first and last instants that RFC 3339 can write: what lies outside could not be read back from a record. */
const FIRST_INSTANT = instantOf(Date.parse("0000-01-01T00:00:00Z"));
/** 9999-12-31T23:59:59.999Z. */
export const LAST_INSTANT = instantOf(Date.UTC(9999, 11, 31, 23, 59, 59, 999));

/** The instant an RFC 3339 text names, or null when it names none (no offset, 30 February, hour 24, free text). */
export function parseInstant(text: string): Instant | null {
  if (PLAIN.test(text)) return instantOf(Date.parse(text));
  if (!RFC3339.test(text)) return null;
  // `Date` reads 30 February as 2 March and hour 24 as the next day: a time that is printed otherwise was none
  const local = text.slice(0, 19);
  const named = Date.parse(`${local}Z`);
  const milliseconds = Date.parse(text);
  if (Number.isNaN(named) || printInstant(instantOf(named)) !== `${local}Z`) return null;
  return milliseconds >= FIRST_INSTANT && milliseconds <= LAST_INSTANT ? instantOf(milliseconds) : null;
}

/** RFC 3339 in UTC with whole seconds, rounded down: `2026-11-24T10:02:11Z`. */
export function printInstant(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** RFC 3339 in UTC to the millisecond, without a fraction where there is none. */
export function printExactly(instant: Instant): string {
  return new Date(instant).toISOString().replace(".000Z", "Z");
}

/** The instant at the start of its second: what survives being written into a record. */
export function wholeSecond(instant: Instant): Instant {
  return instantOf(Math.floor(instant / SECOND) * SECOND);
}

/** Length of an ISO 8601 duration of weeks, days, hours, minutes, seconds; null for anything else (years and months have no fixed length). */
export function parseDuration(text: string): Duration | null {
  const match = ISO_DURATION.exec(text);
  if (!match || text === "P" || text.endsWith("T")) return null;
  const [, weeks = "0", days = "0", hours = "0", minutes = "0", seconds = "0"] = match;
  const total =
    Number(weeks) * 7 * DAY +
    Number(days) * DAY +
    Number(hours) * HOUR +
    Number(minutes) * MINUTE +
    Number(seconds) * SECOND;
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

export const ONE_SECOND = SECOND as Duration;

/** A duration of whole hours, for limits that are written in code. */
export function hours(count: number): Duration {
  return (count * HOUR) as Duration;
}

/** A duration of whole minutes. */
export function minutes(count: number): Duration {
  return (count * MINUTE) as Duration;
}

/** What the clocks of a time zone show. */
export interface LocalTime {
  /** The first three letters of its English name, in lower case. */
  readonly weekday: string | undefined;
  /** Minutes since midnight. */
  readonly minute: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Local time of an instant, by the rules of the time zone database; `RangeError` for a zone that does not exist. */
export function localTimeIn(instant: Instant, timeZone: string): LocalTime {
  const formatter = formatters.get(timeZone) ?? formatterFor(timeZone);
  formatters.set(timeZone, formatter);
  const parts = new Map(formatter.formatToParts(instant).map(({ type, value }) => [type, value]));
  return {
    weekday: parts.get("weekday")?.toLowerCase(),
    minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
  };
}

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

/** Whether a time zone of this name exists. */
export function isTimeZone(name: string): boolean {
  try {
    formatterFor(name);
    return true;
  } catch {
    return false;
  }
}
