import { addDuration, type Duration, type Instant } from "../domain/time.ts";
import type { Clock } from "../ports/clock.ts";
import { ForgeError } from "../ports/forge.ts";
import { SigningError } from "../ports/signer.ts";
import { WitnessError } from "../ports/witness.ts";
import type { Log } from "./context.ts";

/** Waiting and running work; a key that waits for a later instant is counted only once that has come. */
export interface QueueSize {
  readonly queued: number;
  readonly running: number;
  readonly due: number;
}

/** In-process queue of keys: work on one lane is done one after the other, lanes run side by side. */
export interface WorkQueue {
  /** Asks for a pass over a key, at once or not before an instant; asking twice is asking once. */
  add(lane: string, key: string, notBefore?: Instant): void;
  /** Takes back everything that was asked for on a lane; what is running ends. */
  forget(lane: string): void;
  size(): QueueSize;
  /** Takes no more work and resolves when what is running has ended. */
  drain(): Promise<void>;
}

const FIRST_RETRY = 5_000 as Duration;
const LAST_RETRY = 300_000 as Duration;
/** What is believed of a server that says when to come back: GitHub's limits are per hour, and 0 would never rest. */
const SHORTEST_TOLD = 1_000 as Duration;
const LONGEST_TOLD = 3_600_000 as Duration;

interface Lane {
  readonly waiting: Set<string>;
  running: Promise<void> | null;
}

/**
 * A queue that coalesces: while a key waits, asking again changes nothing; while it runs, asking again means one
 * more run. A pass that throws is tried again after 5 s, 10 s, 20 s … at most 5 min, or when GitHub says. Nothing is
 * persisted: every pass converges, and the sweep at the next start finds whatever was lost (invariant 8).
 */
export function inProcessQueue(
  clock: Clock,
  log: Log,
  work: (lane: string, key: string) => Promise<void>,
): WorkQueue {
  const lanes = new Map<string, Lane>();
  const later = new Map<string, { readonly at: Instant; readonly cancel: () => void }>();
  const failures = new Map<string, number>();
  let isClosed = false;

  const add = (lane: string, key: string, notBefore?: Instant): void => {
    if (isClosed) return;
    const id = `${lane} ${key}`;
    if (notBefore !== undefined && notBefore > clock.now()) {
      const known = later.get(id);
      if (known !== undefined && known.at <= notBefore) return;
      known?.cancel();
      const cancel = clock.wakeAt(notBefore, () => {
        later.delete(id);
        add(lane, key);
      });
      later.set(id, { at: notBefore, cancel });
      return;
    }
    const state: Lane = lanes.get(lane) ?? { waiting: new Set<string>(), running: null };
    lanes.set(lane, state);
    state.waiting.add(key);
    state.running ??= run(lane, state);
  };

  const run = async (lane: string, state: Lane): Promise<void> => {
    const { waiting } = state;
    // one turn of the event loop, so that a burst of webhooks becomes one pass
    await new Promise((resolve) => setImmediate(resolve));
    for (let next = waiting.values().next(); !next.done && !isClosed; next = waiting.values().next()) {
      const key = next.value;
      waiting.delete(key);
      await attempt(lane, key);
    }
    // at once, not when whoever awaits this hears of it: what is added in between would wait for nobody
    state.running = null;
  };

  const attempt = async (lane: string, key: string): Promise<void> => {
    const id = `${lane} ${key}`;
    try {
      await work(lane, key);
      failures.delete(id);
    } catch (error) {
      const failed = (failures.get(id) ?? 0) + 1;
      failures.set(id, failed);
      const told = error instanceof ForgeError ? error.retryAfterSeconds : null;
      const wait =
        told === null
          ? Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (failed - 1))
          : Math.min(LONGEST_TOLD, Math.max(SHORTEST_TOLD, told * 1000));
      const message = error instanceof Error ? error.message : String(error);
      // an error that is neither GitHub's nor the signer's nor a witness's is a bug: operators get the stack, users never do
      const isKnown = [ForgeError, SigningError, WitnessError].some((kind) => error instanceof kind);
      const stack = isKnown || !(error instanceof Error) ? {} : { stack: error.stack };
      if (!isClosed)
        log(`will try again in ${Math.ceil(wait / 1000)} s: ${message}`, { lane, key, failed, ...stack });
      add(lane, key, addDuration(clock.now(), wait as Duration));
    }
  };

  return {
    add,
    forget(lane) {
      lanes.get(lane)?.waiting.clear();
      for (const [id, { cancel }] of later) {
        if (!id.startsWith(`${lane} `)) continue;
        cancel();
        later.delete(id);
      }
      for (const id of failures.keys()) {
        if (id.startsWith(`${lane} `)) failures.delete(id);
      }
    },
    size() {
      const states = [...lanes.values()];
      return {
        queued: states.reduce((sum, { waiting }) => sum + waiting.size, 0),
        running: states.filter(({ running }) => running !== null).length,
        due: [...later.values()].filter(({ at }) => at <= clock.now()).length,
      };
    },
    async drain() {
      isClosed = true;
      for (const { cancel } of later.values()) cancel();
      later.clear();
      await Promise.all([...lanes.values()].map(({ running }) => running));
    },
  };
}
