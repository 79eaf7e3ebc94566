import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDuration,
  describeDuration,
  durationBetween,
  hours,
  instantOf,
  isTimeZone,
  localTimeIn,
  parseDuration,
  parseInstant,
  printDuration,
  printInstant,
  wholeSecond,
} from "../../src/domain/time.ts";
import { at, lasting } from "./builders.ts";

const second = 1000;
const day = 24 * 60 * 60 * second;

describe("an instant is read from RFC 3339", () => {
  it.each([
    ["2026-11-24T10:02:11Z", "2026-11-24T10:02:11Z"],
    ["2026-11-24T10:02:11.999999999Z", "2026-11-24T10:02:11Z"],
    ["2026-11-24T11:02:11+01:00", "2026-11-24T10:02:11Z"],
    ["2026-11-24T00:30:00+05:45", "2026-11-23T18:45:00Z"],
    ["2026-11-24T10:02:11-00:00", "2026-11-24T10:02:11Z"],
    ["2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z"],
    ["0000-02-29T00:00:00Z", "0000-02-29T00:00:00Z"],
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"],
  ])("%s is %s", (text, printed) => {
    expect(printInstant(at(text))).toBe(printed);
  });

  it.each([
    ["no offset, which would be another instant on every machine", "2026-11-24T10:02:11"],
    ["a date alone", "2026-11-24"],
    ["a space instead of T", "2026-11-24 10:02:11Z"],
    ["30 February", "2026-02-30T10:00:00Z"],
    ["29 February of a common year", "2026-02-29T10:00:00Z"],
    ["31 April", "2026-04-31T10:00:00Z"],
    ["a thirteenth month", "2026-13-01T10:00:00Z"],
    ["hour 24", "2026-11-24T24:00:00Z"],
    ["minute 60", "2026-11-24T10:60:00Z"],
    ["a leap second", "2026-12-31T23:59:60Z"],
    ["an offset of 24 hours", "2026-11-24T10:00:00+24:00"],
    ["an offset without a colon", "2026-11-24T10:00:00+0100"],
    ["a small z", "2026-11-24T10:00:00z"],
    ["a year of five digits", "+12026-11-24T10:00:00Z"],
    ["a line break behind", "2026-11-24T10:00:00Z\n"],
    ["digits of another script", "２０２６-11-24T10:00:00Z"],
    ["an offset that leads before the first year", "0000-01-01T00:00:00+01:00"],
    ["an offset that leads beyond the last year", "9999-12-31T23:59:59-01:00"],
    ["nothing", ""],
    ["free text", "tomorrow"],
  ])("%s names none", (_, text) => {
    expect(parseInstant(text)).toBeNull();
  });

  it("what is printed is read back, to the second", () => {
    const instants = fc.integer({ min: at("0000-01-01T00:00:00Z"), max: at("9999-12-31T23:59:59Z") });
    fc.assert(
      fc.property(instants, (milliseconds) => {
        const instant = instantOf(milliseconds);
        expect(parseInstant(printInstant(instant))).toBe(wholeSecond(instant));
      }),
    );
  });

  it("arbitrary text never throws", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseInstant(text)));
  });
});

describe("a duration is read from ISO 8601", () => {
  it.each([
    ["PT4H", 4 * 60 * 60 * second],
    ["P4D", 4 * day],
    ["P1W", 7 * day],
    ["P1W2DT3H4M5S", 9 * day + (3 * 3600 + 4 * 60 + 5) * second],
    ["PT90M", 90 * 60 * second],
    ["PT0S", 0],
  ])("%s is %i ms", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it("a day is always 24 hours, also when clocks change", () => {
    expect(addDuration(at("2026-10-24T12:00:00+02:00"), lasting("P1D"))).toBe(
      at("2026-10-25T11:00:00+01:00"),
    );
  });

  it.each([
    ["nothing", ""],
    ["a P alone", "P"],
    ["no part behind T", "PT"],
    ["no part behind T after days", "P1DT"],
    ["years, which have no fixed length", "P1Y"],
    ["months, which have no fixed length", "P1M"],
    ["a fraction", "PT1.5H"],
    ["a sign", "-PT4H"],
    ["small letters", "pt4h"],
    ["parts out of order", "PT5M4H"],
    ["a number", "4"],
    ["more than can be counted exactly", "P999999999W"],
    ["a line break behind", "PT4H\n"],
  ])("%s is none", (_, text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it.each([
    ["PT4H", "PT4H", "4 hours"],
    ["P4D", "P4D", "4 days"],
    ["P1W", "P7D", "7 days"],
    ["PT90M", "PT1H30M", "1 hour 30 minutes"],
    ["P1DT2H3M", "P1DT2H3M", "1 day 2 hours"],
    ["PT1S", "PT1S", "1 second"],
    ["PT0S", "PT0S", "0 seconds"],
  ])("%s is printed as %s and described as %s", (text, printed, described) => {
    expect(printDuration(lasting(text))).toBe(printed);
    expect(describeDuration(lasting(text))).toBe(described);
  });

  it("what is printed is read back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (seconds) => {
        const duration = durationBetween(instantOf(0), instantOf(seconds * second));
        expect(parseDuration(printDuration(duration))).toBe(duration);
      }),
    );
  });
});

describe("time between instants", () => {
  it("is never negative", () => {
    const [early, late] = [at("2026-11-24T10:00:00Z"), at("2026-11-24T12:00:00Z")];
    expect(durationBetween(early, late)).toBe(hours(2));
    expect(durationBetween(late, early)).toBe(0);
  });

  it("a whole second is never later than the instant", () => {
    expect(wholeSecond(instantOf(1999))).toBe(1000);
    expect(wholeSecond(instantOf(-1))).toBe(-1000);
  });
});

describe("the ends of the calendar", () => {
  it.each([
    ["the last instant that can be written", "9999-12-31T23:59:59.999Z", true],
    ["one that a zone puts beyond it", "9999-12-31T23:59:59-00:01", false],
    ["the first", "0000-01-01T00:00:00Z", true],
    ["one that a zone puts before it", "0000-01-01T00:00:00+00:01", false],
  ])("%s", (_, text, isOne) => {
    expect(parseInstant(text) !== null).toBe(isOne);
  });
});

describe("a time zone", () => {
  it.each([
    ["UTC", true],
    ["Europe/Berlin", true],
    ["Europe/Atlantis", false],
    ["", false],
  ])("%j exists: %s", (name, exists) => {
    expect(isTimeZone(name)).toBe(exists);
  });

  it("of no name has no clocks", () => {
    expect(() => localTimeIn(instantOf(0), "Europe/Atlantis")).toThrow(RangeError);
  });
});
