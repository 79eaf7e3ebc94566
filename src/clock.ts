import { type Instant, instantOf } from "./domain/time.ts";
import type { Clock } from "./ports/clock.ts";

/** The machine may sleep and its clock may jump: nobody waits longer than this without looking at the clock again. */
const LOOK_EVERY = 30_000;
/** A clock that is set back by more than this has been wrong: what was to happen "in five minutes" may be years away. */
const SET_BACK = 1_000;

interface Alarm {
  readonly at: Instant;
  readonly callback: () => void;
}

/** A clock with alarms over the machine's clock plus an offset. */
class OffsetClock implements Clock {
  readonly #alarms = new Set<Alarm>();
  #offset = 0;
  #seen = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;

  get offset(): number {
    return this.#offset;
  }

  set offset(milliseconds: number) {
    this.#offset = milliseconds;
    this.#ring();
  }

  now(): Instant {
    return instantOf(Date.now() + this.#offset);
  }

  wakeAt(at: Instant, callback: () => void): () => void {
    const alarm = { at, callback };
    this.#alarms.add(alarm);
    this.#arm();
    return () => {
      this.#alarms.delete(alarm);
    };
  }

  #ring(): void {
    const now = this.now();
    // then everybody looks anew: to be woken too early costs a look, to be woken years late the end of an access
    const isSetBack = now < this.#seen - SET_BACK;
    this.#seen = now;
    const due = [...this.#alarms].filter(({ at }) => isSetBack || at <= now);
    for (const alarm of due) this.#alarms.delete(alarm);
    for (const { callback } of due) callback();
    this.#arm();
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#alarms.size === 0) return;
    const soonest = [...this.#alarms].reduce(
      (least, { at }) => Math.min(least, at),
      Number.POSITIVE_INFINITY,
    );
    const now = this.now();
    this.#seen = Math.max(this.#seen, now);
    const wait = Math.min(LOOK_EVERY, Math.max(0, soonest - now));
    // one millisecond more, since a timer may fire a little early
    this.#timer = setTimeout(() => this.#ring(), wait + 1);
    this.#timer.unref();
  }
}

/** The machine's own clock. */
export function systemClock(): Clock {
  return new OffsetClock();
}

/** A clock that follows a sandbox, so that four hours pass for both at once. */
export interface FollowingClock extends Clock {
  /** Milliseconds that the sandbox is ahead of this machine. */
  readonly offset: number;
  stop(): void;
}

/**
 * Follows the clock of a sandbox by its stream of server-sent events; resolves when the first has arrived. Only for a
 * sandbox on this machine: whoever moves the clock decides when access ends.
 *
 * @throws TypeError when the address is not on the loopback interface.
 */
export async function followClock(url: string): Promise<FollowingClock> {
  const { hostname } = new URL(url);
  if (hostname !== "127.0.0.1" && hostname !== "localhost" && hostname !== "[::1]") {
    throw new TypeError("a clock can be followed on this machine only");
  }
  const clock = new OffsetClock();
  const stopping = new AbortController();
  const follow = async (isFirst: boolean): Promise<void> => {
    const response = await fetch(url, { signal: stopping.signal });
    if (!response.ok || response.body === null)
      throw new Error(`the sandbox clock answered ${response.status}`);
    let text = "";
    const first = Promise.withResolvers<void>();
    const read = async (body: NonNullable<typeof response.body>) => {
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const events = text.split("\n\n");
        text = events.pop() ?? "";
        for (const event of events) {
          const offset = offsetIn(event);
          if (offset !== null) clock.offset = offset;
          first.resolve();
        }
      }
    };
    read(response.body)
      .catch(() => undefined)
      .then(() => {
        first.reject(new Error("the sandbox clock does not tell the time"));
        // the sandbox went away or restarted: keep the last offset and try again
        if (!stopping.signal.aborted) setTimeout(() => follow(false).catch(() => undefined), 1000).unref();
      });
    if (isFirst) await first.promise;
  };
  await follow(true);
  return Object.assign(clock, { stop: () => stopping.abort() });
}

function offsetIn(event: string): number | null {
  const data = /^data: (.*)$/m.exec(event)?.[1];
  if (data === undefined) return null;
  const value: unknown = JSON.parse(data);
  return typeof value === "object" &&
    value !== null &&
    "offsetMs" in value &&
    typeof value.offsetMs === "number"
    ? value.offsetMs
    : null;
}
