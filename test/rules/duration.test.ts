import { describe, expect, it } from "vitest";
import { hours } from "../../src/domain/time.ts";
import { readDuration } from "../../src/rules/duration.ts";
import { shown } from "./rule-files.ts";

const here = { file: "grants/ssh.host/a.yaml", line: 9, column: 11 };

it("is read as a length", () => {
  expect(readDuration("P1DT4H", () => here)).toEqual({ duration: hours(28), findings: [] });
});

describe("is refused at its place when", () => {
  it.each([
    ["it is zero", "PT0S"],
    ["it is zero in several units", "P0DT0H"],
    ["it has no unit", "P"],
    ["its time is empty", "P1DT"],
    ["it counts in months, which have no fixed length", "P1M"],
    ["it is no ISO 8601", "4 hours"],
    ["it is negative", "-PT4H"],
    ["it is longer than a number can count", "P999999999W"],
  ])("%s", (_, text) => {
    const { duration, findings } = readDuration(text, () => here);
    expect(duration).toBeNull();
    expect(findings.map(shown)).toEqual([
      `GRANT_DURATION_INVALID grants/ssh.host/a.yaml:9:11 \`${text}\` is no length of time`,
    ]);
  });
});
