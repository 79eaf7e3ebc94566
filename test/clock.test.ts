import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { followClock, systemClock } from "../src/clock.ts";
import { addDuration, type Duration, hours, instantOf } from "../src/domain/time.ts";

const minutes = (count: number) => (count * 60_000) as Duration;

describe("the machine's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("wakes at its instant, once, and not before", () => {
    const clock = systemClock();
    const rung = vi.fn();
    clock.wakeAt(addDuration(clock.now(), hours(4)), rung);
    vi.advanceTimersByTime(hours(4) - 1000);
    expect(rung).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2000);
    vi.advanceTimersByTime(hours(24));
    expect(rung).toHaveBeenCalledTimes(1);
  });

  it("wakes at once for an instant that is over", () => {
    const clock = systemClock();
    const rung = vi.fn();
    clock.wakeAt(instantOf(0), rung);
    vi.advanceTimersByTime(10);
    expect(rung).toHaveBeenCalledTimes(1);
  });

  it("wakes each in its turn, and nobody who has taken it back", () => {
    const clock = systemClock();
    const rung: string[] = [];
    const at = (count: number) => addDuration(clock.now(), minutes(count));
    clock.wakeAt(at(3), () => rung.push("third"));
    clock.wakeAt(at(1), () => rung.push("first"));
    const cancel = clock.wakeAt(at(2), () => rung.push("second"));
    cancel();
    vi.advanceTimersByTime(minutes(10));
    expect(rung).toEqual(["first", "third"]);
  });

  describe("a clock that jumps", () => {
    it("ahead, as after a sleep, wakes within half a minute", () => {
      const clock = systemClock();
      const rung = vi.fn();
      clock.wakeAt(addDuration(clock.now(), hours(4)), rung);
      vi.setSystemTime(Date.now() + hours(5));
      vi.advanceTimersByTime(31_000);
      expect(rung).toHaveBeenCalledTimes(1);
    });

    it("back by years wakes everybody within half a minute, to look anew", () => {
      vi.setSystemTime(Date.parse("2031-01-01T00:00:00Z"));
      const clock = systemClock();
      const sweep = vi.fn();
      clock.wakeAt(addDuration(clock.now(), minutes(5)), sweep);
      vi.setSystemTime(Date.parse("2026-11-24T10:00:00Z"));
      vi.advanceTimersByTime(31_000);
      expect(sweep).toHaveBeenCalledTimes(1);
    });

    it("back before anybody looked at it again is noticed all the same", () => {
      vi.setSystemTime(Date.parse("2031-01-01T00:00:00Z"));
      const clock = systemClock();
      const first = vi.fn();
      clock.wakeAt(addDuration(clock.now(), minutes(5)), first);
      vi.setSystemTime(Date.parse("2026-11-24T10:00:00Z"));
      clock.wakeAt(addDuration(clock.now(), minutes(5)), vi.fn());
      vi.advanceTimersByTime(31_000);
      expect(first).toHaveBeenCalledTimes(1);
    });

    it("back by less than a second wakes nobody early", () => {
      const clock = systemClock();
      const rung = vi.fn();
      clock.wakeAt(addDuration(clock.now(), minutes(5)), rung);
      vi.advanceTimersByTime(31_000);
      vi.setSystemTime(Date.now() - 900);
      vi.advanceTimersByTime(31_000);
      expect(rung).not.toHaveBeenCalled();
    });
  });
});

describe("the clock of a sandbox", () => {
  /** A stream of what a case sends; `ends` closes it. */
  async function stream(status = 200) {
    const open = new Set<{ write(text: string): unknown; end(): unknown }>();
    const server = createServer((_, response) => {
      response.writeHead(status, { "content-type": "text/event-stream" });
      response.flushHeaders();
      open.add(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/stream`,
      async sends(text: string) {
        await vi.waitFor(() => expect(open.size).toBeGreaterThan(0));
        for (const response of open) response.write(text);
      },
      async ends() {
        await vi.waitFor(() => expect(open.size).toBeGreaterThan(0));
        for (const response of open) response.end();
      },
    };
  }

  it("is as far ahead as it says, and wakes whom a jump makes due", async () => {
    const sandbox = await stream();
    const following = followClock(sandbox.url);
    await sandbox.sends('data: {"offsetMs":3600000}\n\n');
    const clock = await following;
    onTestFinished(() => clock.stop());
    expect(clock.offset).toBe(3_600_000);
    expect(clock.now() - Date.now()).toBeGreaterThan(3_500_000);
    const rung = Promise.withResolvers<void>();
    clock.wakeAt(addDuration(clock.now(), hours(4)), rung.resolve);
    // in two pieces, as a network may cut it
    await sandbox.sends('data: {"offset');
    await sandbox.sends('Ms":18000001}\n\n');
    await rung.promise;
    expect(clock.offset).toBe(18_000_001);
  });

  it("ignores what is no offset", async () => {
    const sandbox = await stream();
    const following = followClock(sandbox.url);
    await sandbox.sends(': hello\n\ndata: null\n\ndata: {"offsetMs":"1"}\n\ndata: {"offsetMs":7}\n\n');
    const clock = await following;
    onTestFinished(() => clock.stop());
    await vi.waitFor(() => expect(clock.offset).toBe(7));
  });

  it.each([
    ["another machine", "http://example.org/stream"],
    ["a machine that only begins like this one", "http://127.0.0.1.example.org/stream"],
  ])("on %s is not followed: whoever moves the clock decides when access ends", async (_, url) => {
    await expect(followClock(url)).rejects.toThrow("on this machine only");
  });

  it("that answers with an error is said to", async () => {
    const sandbox = await stream(503);
    const following = followClock(sandbox.url);
    await expect(following).rejects.toThrow("the sandbox clock answered 503");
  });

  it("that ends without telling the time is not waited for", async () => {
    const sandbox = await stream();
    const following = followClock(sandbox.url);
    const refused = expect(following).rejects.toThrow("does not tell the time");
    await sandbox.ends();
    await refused;
  });
});
