import { describe, expect, it } from "vitest";
import { inProcessQueue } from "../../src/converge/queue.ts";
import { type Instant, instantOf } from "../../src/domain/time.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { ForgeError } from "../../src/ports/forge.ts";

/** A clock that stands until a case moves it, and rings what has come due. */
class HandClock implements Clock {
  #now = 0;
  readonly #alarms = new Set<{ readonly at: Instant; readonly callback: () => void }>();

  now(): Instant {
    return instantOf(this.#now);
  }

  wakeAt(at: Instant, callback: () => void): () => void {
    const alarm = { at, callback };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** Seconds until the next alarm; null when there is none. */
  get next(): number | null {
    const all = [...this.#alarms].map(({ at }) => (at - this.#now) / 1000);
    return all.length === 0 ? null : Math.min(...all);
  }

  get alarms(): number {
    return this.#alarms.size;
  }

  moves(seconds: number): void {
    this.#now += seconds * 1000;
    for (const alarm of [...this.#alarms].filter(({ at }) => at <= this.#now)) {
      this.#alarms.delete(alarm);
      alarm.callback();
    }
  }
}

/** A queue whose work is done by hand: what was begun is listed, and ends when the case says so. */
function newQueue(work?: (lane: string, key: string) => Promise<void>) {
  const clock = new HandClock();
  const begun: string[] = [];
  const logged: { message: string; details: Readonly<Record<string, unknown>> | undefined }[] = [];
  const queue = inProcessQueue(
    clock,
    (message, details) => logged.push({ message, details }),
    async (lane, key) => {
      begun.push(`${lane} ${key}`);
      await work?.(lane, key);
    },
  );
  return { clock, begun, logged, queue };
}

/** Lets everything happen that can happen without time passing. */
async function settles(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("asking twice is asking once", () => {
  it("while the key waits", async () => {
    const { queue, begun } = newQueue();
    for (let burst = 0; burst < 500; burst++) queue.add("acme/lockbox", "request 1");
    expect(queue.size()).toEqual({ queued: 1, running: 1, due: 0 });
    await settles();
    expect(begun).toEqual(["acme/lockbox request 1"]);
    expect(queue.size()).toEqual({ queued: 0, running: 0, due: 0 });
  });

  it("but asking while it runs means one more run, since what it has read may be old", async () => {
    const gate = Promise.withResolvers<void>();
    const { queue, begun } = newQueue(() => gate.promise);
    queue.add("a", "grants");
    await settles();
    queue.add("a", "grants");
    queue.add("a", "grants");
    gate.resolve();
    await settles();
    expect(begun).toEqual(["a grants", "a grants"]);
  });

  it("for a later instant: the sooner one counts", async () => {
    const { queue, begun, clock } = newQueue();
    queue.add("a", "grants", instantOf(60_000));
    queue.add("a", "grants", instantOf(90_000));
    queue.add("a", "grants", instantOf(30_000));
    expect(clock.alarms).toBe(1);
    clock.moves(30);
    await settles();
    expect(begun).toEqual(["a grants"]);
    clock.moves(3600);
    await settles();
    expect(begun).toHaveLength(1);
  });

  it("and an instant that has come already is now", async () => {
    const { queue, begun, clock } = newQueue();
    clock.moves(10);
    queue.add("a", "grants", instantOf(10_000));
    await settles();
    expect(begun).toEqual(["a grants"]);
  });
});

describe("lanes", () => {
  it("do one thing after the other, in the order in which it was asked for", async () => {
    const gates = new Map<string, () => void>();
    const { queue, begun } = newQueue((_, key) => new Promise((resolve) => gates.set(key, resolve)));
    queue.add("a", "1");
    queue.add("a", "2");
    await settles();
    expect(begun).toEqual(["a 1"]);
    gates.get("1")?.();
    await settles();
    expect(begun).toEqual(["a 1", "a 2"]);
  });

  it("do not wait for each other", async () => {
    const { queue, begun } = newQueue((lane) =>
      lane === "stuck" ? new Promise(() => {}) : Promise.resolve(),
    );
    queue.add("stuck", "1");
    await settles();
    queue.add("other", "1");
    await settles();
    expect(begun).toEqual(["stuck 1", "other 1"]);
  });

  it("lose nothing that is added in the moment in which they fall idle", async () => {
    const works: PromiseWithResolvers<void>[] = [];
    const { queue, begun } = newQueue(() => {
      const work = Promise.withResolvers<void>();
      works.push(work);
      return work.promise;
    });
    // whenever the addition falls between the end of the work and the next turn of the event loop
    for (let ticks = 0; ticks < 12; ticks++) {
      queue.add("a", `first ${ticks}`);
      await settles();
      const before = begun.length;
      works.at(-1)?.resolve();
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      queue.add("a", `second ${ticks}`);
      await settles();
      expect(begun.slice(before), `after ${ticks} ticks`).toEqual([`a second ${ticks}`]);
      works.at(-1)?.resolve();
      await settles();
    }
  });
});

describe("work that fails is tried again", () => {
  it("after 5 s, 10 s, 20 s and at most 5 min, and from 5 s on once it has succeeded", async () => {
    let fails = true;
    const { queue, clock } = newQueue(async () => {
      if (fails) throw new ForgeError("no answer");
    });
    const waits: (number | null)[] = [];
    queue.add("a", "request 7");
    for (let run = 0; run < 9; run++) {
      await settles();
      waits.push(clock.next);
      clock.moves(clock.next ?? 0);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
    fails = false;
    clock.moves(clock.next ?? 0);
    await settles();
    expect(clock.next).toBeNull();
    fails = true;
    queue.add("a", "request 7");
    await settles();
    expect(clock.next).toBe(5);
  });

  it.each([
    ["when GitHub says, if it says", 42, 42],
    ["after a second at least, so that a server that says 0 is not asked without rest", 0, 1],
    ["after an hour at most, so that no answer can put a sweep off for years", 999_999_999, 3600],
  ])("%s", async (_, told, waits) => {
    const { queue, clock } = newQueue(() => Promise.reject(new ForgeError("limit", told)));
    queue.add("a", "sweep");
    await settles();
    expect(clock.next).toBe(waits);
  });

  it("while the other work of its lane goes on", async () => {
    const { queue, begun } = newQueue(async (_, key) => {
      if (key === "bad") throw new ForgeError("no");
    });
    queue.add("a", "bad");
    queue.add("a", "good");
    await settles();
    expect(begun).toEqual(["a bad", "a good"]);
  });

  it("and operators are told: in one sentence for GitHub's fault, with a stack for a bug of ours", async () => {
    const { queue, logged } = newQueue(async (_, key) => {
      throw key === "forge" ? new ForgeError("could not read") : new TypeError("a bug");
    });
    queue.add("a", "forge");
    queue.add("a", "bug");
    await settles();
    expect(logged[0]).toMatchObject({
      message: "will try again in 5 s: could not read",
      details: { lane: "a", key: "forge", failed: 1 },
    });
    expect(logged[0]?.details).not.toHaveProperty("stack");
    expect(logged[1]?.details).toMatchObject({ stack: expect.stringContaining("TypeError: a bug") });
  });

  it("also when what was thrown is no error", async () => {
    const { queue, logged } = newQueue(() => Promise.reject("just text"));
    queue.add("a", "x");
    await settles();
    expect(logged[0]?.message).toBe("will try again in 5 s: just text");
  });
});

describe("the size", () => {
  it("counts what waits for a later instant only once that has come", () => {
    const { queue } = newQueue();
    queue.add("a", "grants", instantOf(60_000));
    expect(queue.size()).toEqual({ queued: 0, running: 0, due: 0 });
  });
});

describe("forgetting a lane", () => {
  it("takes back what waits, what is due later and what has failed, and leaves other lanes alone", async () => {
    const { queue, clock, begun } = newQueue(async (lane) => {
      if (lane === "gone") throw new ForgeError("no");
    });
    queue.add("gone", "1");
    await settles();
    queue.add("gone", "2", instantOf(60_000));
    queue.add("stays", "1", instantOf(60_000));
    queue.add("gone", "3");
    queue.forget("gone");
    await settles();
    clock.moves(3600);
    await settles();
    expect(begun).toEqual(["gone 1", "stays 1"]);
    queue.add("gone", "1");
    await settles();
    expect(clock.next).toBe(5);
  });

  it("of which nothing is known does nothing", () => {
    const { queue } = newQueue();
    queue.forget("never seen");
    expect(queue.size()).toEqual({ queued: 0, running: 0, due: 0 });
  });
});

describe("draining", () => {
  it("ends what runs, begins nothing more, and takes no more work", async () => {
    const gate = Promise.withResolvers<void>();
    const { queue, clock, begun } = newQueue(() => gate.promise);
    queue.add("a", "1");
    queue.add("a", "2");
    queue.add("a", "3", instantOf(60_000));
    await settles();
    let drained = false;
    const draining = queue.drain().then(() => {
      drained = true;
    });
    await settles();
    expect(drained).toBe(false);
    gate.resolve();
    await draining;
    queue.add("b", "4");
    clock.moves(3600);
    await settles();
    expect(begun).toEqual(["a 1"]);
    expect(clock.alarms).toBe(0);
  });

  it("does not complain about work that fails because of it", async () => {
    const gate = Promise.withResolvers<void>();
    const { queue, logged, clock } = newQueue(() => gate.promise);
    queue.add("a", "1");
    await settles();
    const draining = queue.drain();
    gate.reject(new ForgeError("the call was given up"));
    await draining;
    expect(logged).toEqual([]);
    expect(clock.alarms).toBe(0);
  });
});
