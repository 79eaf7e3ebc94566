import { describe, expect, it } from "vitest";
import { monthAt, monthsOver, parseMonth } from "../../src/domain/month.ts";
import { instantOf, LAST_INSTANT } from "../../src/domain/time.ts";
import { at } from "./builders.ts";

describe("a month", () => {
  it.each([
    ["2026-11", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"],
    ["2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"],
    ["2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"],
    ["1970-01", "1970-01-01T00:00:00Z", "1970-02-01T00:00:00Z"],
    ["0009-12", "0009-12-01T00:00:00Z", "0010-01-01T00:00:00Z"],
  ])("%s begins and ends at midnight UTC", (name, from, to) => {
    expect(parseMonth(name)).toEqual({ name, from: at(from), to: at(to) });
  });

  it.each(["2026-13", "2026-00", "2026-1", "26-01", "2026-11-01", "12026-11", " 2026-11", ""])(
    "is not `%s`",
    (name) => {
      expect(parseMonth(name)).toBeNull();
    },
  );

  it.each([
    ["2026-11-30T23:59:59Z", "2026-11"],
    ["2026-12-01T00:00:00Z", "2026-12"],
    ["2026-12-01T00:30:00+01:00", "2026-11"],
  ])("at %s is %s, by the clock of UTC", (instant, name) => {
    expect(monthAt(at(instant))?.name).toBe(name);
  });

  it("before the first is none", () => {
    expect(monthAt(instantOf(at("0000-01-01T00:00:00Z") - 1))).toBeNull();
  });

  it("of the last instant that can be written would end beyond it, and is none", () => {
    expect(monthAt(LAST_INSTANT)).toBeNull();
  });
});

describe("the months that are over", () => {
  const over = (since: string, now: string, most = 12) =>
    monthsOver(at(since), at(now), most).map(({ name }) => name);

  it.each([
    ["none in the month in which everything began", "2026-11-03T00:00:00Z", "2026-11-30T23:59:59Z", []],
    ["the one that has ended just now", "2026-11-03T00:00:00Z", "2026-12-01T00:00:00Z", ["2026-11"]],
    [
      "the one of which only the last second counts",
      "2026-11-30T23:59:59Z",
      "2026-12-09T00:00:00Z",
      ["2026-11"],
    ],
    ["not the one that ended when it all began", "2026-12-01T00:00:00Z", "2026-12-31T00:00:00Z", []],
    [
      "each of several, over the turn of the year, oldest first",
      "2026-11-03T00:00:00Z",
      "2027-02-01T00:00:00Z",
      ["2026-11", "2026-12", "2027-01"],
    ],
    ["none where the clock is behind", "2026-11-03T00:00:00Z", "2026-10-03T00:00:00Z", []],
  ])("are %s", (_, since, now, names) => {
    expect(over(since, now)).toEqual(names);
  });

  it("are the latest where there are more than are wanted", () => {
    expect(over("1970-01-01T00:00:00Z", "2027-02-14T00:00:00Z", 3)).toEqual([
      "2026-11",
      "2026-12",
      "2027-01",
    ]);
  });
});
