import { describe, expect, it } from "vitest";
import { type OfficeHours, officeTimeOf } from "../../src/domain/office-hours.ts";
import { printInstant } from "../../src/domain/time.ts";
import { at, lasting } from "./builders.ts";

const berlin: OfficeHours = {
  timeZone: "Europe/Berlin",
  days: ["mon", "tue", "wed", "thu", "fri"],
  from: 8 * 60,
  until: 18 * 60,
};
const sundays: OfficeHours = { ...berlin, days: ["sun"], from: 0, until: 24 * 60 };

const told = (hours: OfficeHours, begin: string, length: string) => {
  const time = officeTimeOf(hours, at(begin), lasting(length));
  return time.kind === "later" ? printInstant(time.at) : time.kind;
};

describe("access within office hours", () => {
  it.each([
    ["in the middle of a day", "2026-11-24T10:00:00Z", "PT4H", "within"],
    ["from the first minute to the last", "2026-11-24T07:00:00Z", "PT10H", "within"],
    ["a second before the first waits for it", "2026-11-24T06:59:59Z", "PT10H", "2026-11-24T07:00:00Z"],
    [
      "until a second after the last waits for tomorrow",
      "2026-11-24T07:00:01Z",
      "PT10H",
      "2026-11-25T07:00:00Z",
    ],
    ["at night waits for the morning", "2026-11-24T02:00:30Z", "PT1H", "2026-11-24T07:00:00Z"],
    ["late in the afternoon waits for tomorrow", "2026-11-24T14:00:00Z", "PT4H", "2026-11-25T07:00:00Z"],
    ["on Friday evening waits for Monday", "2026-11-27T17:30:00Z", "PT1H", "2026-11-30T07:00:00Z"],
    [
      "over the weekend of summer time waits for a Monday in summer",
      "2026-03-27T18:00:00Z",
      "PT2H",
      "2026-03-30T06:00:00Z",
    ],
    ["longer than any day never begins", "2026-11-24T10:00:00Z", "PT10H1S", "never"],
  ])("%s", (_, begin, length, expected) => {
    expect(told(berlin, begin, length)).toBe(expected);
  });

  it.each([
    ["has 23 hours when clocks go forward", "2026-03-29T00:00:00+01:00", "PT23H", "within"],
    ["and not 24", "2026-03-29T00:00:00+01:00", "PT24H", "2026-04-04T22:00:00Z"],
    ["has 25 when they go back", "2026-10-25T00:00:00+02:00", "PT25H", "within"],
    ["and a Saturday waits for it", "2026-10-24T10:00:00+02:00", "PT25H", "2026-10-24T22:00:00Z"],
    ["but not one that is more than a week away", "2026-10-17T10:00:00+02:00", "PT25H", "never"],
    ["which is the only such Sunday", "2026-11-01T00:00:00+01:00", "PT25H", "never"],
  ])("a whole Sunday %s", (_, begin, length, expected) => {
    expect(told(sundays, begin, length)).toBe(expected);
  });

  it("goes by the clocks of its time zone alone", () => {
    const tokyo = { ...berlin, timeZone: "Asia/Tokyo" };
    expect(told(tokyo, "2026-11-24T23:00:00Z", "PT10H")).toBe("within");
    expect(told({ ...tokyo, timeZone: "UTC" }, "2026-11-24T23:00:00Z", "PT1H")).toBe("2026-11-25T08:00:00Z");
    expect(told({ ...tokyo, timeZone: "Asia/Kathmandu" }, "2026-11-24T00:00:00Z", "PT1H")).toBe(
      "2026-11-24T02:15:00Z",
    );
  });
});
