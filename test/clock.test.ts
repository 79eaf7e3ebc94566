import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { followClock, systemClock } from "../src/clock.ts";
import { instantOf } from "../src/domain/time.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("a clock that jumps", () => {
  const start = Date.UTC(2026, 10, 24, 10);
  let rung = 0;

  beforeEach(() => {
    vi.useFakeTimers({ now: start });
    rung = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const wakeAt = (at: number) => systemClock().wakeAt(instantOf(at), () => rung++);

  it("rings at the instant and not before, once", () => {
    wakeAt(start + HOUR);
    vi.advanceTimersByTime(HOUR - 1);
    expect(rung).toBe(0);
    vi.advanceTimersByTime(MINUTE);
    expect(rung).toBe(1);
  });

  it("ahead, past an alarm: rings within half a minute", () => {
    wakeAt(start + 4 * HOUR);
    vi.setSystemTime(start + 5 * HOUR);
    vi.advanceTimersByTime(MINUTE / 2 + 1);
    expect(rung).toBe(1);
  });

  it("back, before an alarm: does not ring until the instant has come", () => {
    wakeAt(start + MINUTE);
    vi.setSystemTime(start - HOUR);
    vi.advanceTimersByTime(HOUR);
    expect(rung).toBe(0);
    vi.advanceTimersByTime(2 * MINUTE);
    expect(rung).toBe(1);
  });

  it("rings at once when the instant has passed already, and not when it was taken back", () => {
    wakeAt(start - HOUR);
    const takeBack = wakeAt(start - HOUR);
    takeBack();
    vi.advanceTimersByTime(10);
    expect(rung).toBe(1);
  });
});

it.each(["http://192.0.2.1/clock", "http://clock.example/clock", "http://127.0.0.1.evil.example/clock"])(
  "the clock of another machine is not followed: %s",
  async (url) => {
    await expect(followClock(url)).rejects.toThrow("a clock can be followed on this machine only");
  },
);
