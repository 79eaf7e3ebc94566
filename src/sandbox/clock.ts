const durationPattern =
  /^(?<sign>-?)P(?:(?<weeks>\d+)W)?(?:(?<days>\d+)D)?(?:T(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+)S)?)?$/;

const unitMs = {
  weeks: 604_800_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
} as const;

/**
 * Milliseconds of an ISO 8601 duration. Days have 24 hours; months and years are refused, since they have
 * no fixed length.
 */
export function durationMs(text: string): number {
  const groups = durationPattern.exec(text)?.groups;
  if (groups === undefined || /^-?P$|T$/.test(text))
    throw new RangeError(`not an ISO 8601 duration: ${text}`);
  let total = 0;
  for (const [unit, length] of Object.entries(unitMs)) total += Number(groups[unit] ?? 0) * length;
  return groups.sign === "-" ? -total : total;
}

type ClockListener = (offsetMs: number) => void | Promise<void>;

/** The sandbox's time: the machine's, plus an offset that a test or a person moves. */
export class SandboxClock {
  #offsetMs = 0;
  readonly #listeners = new Set<ClockListener>();

  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  /** An instant as GitHub writes it: UTC, whole seconds. */
  stamp(): string {
    return this.now()
      .toISOString()
      .replace(/\.\d{3}Z$/, "Z");
  }

  /** Moves the clock by an ISO 8601 duration; resolves when every listener has been told. */
  advance(duration: string): Promise<void> {
    return this.#move(this.#offsetMs + durationMs(duration));
  }

  /** Sets the clock to an instant; resolves when every listener has been told. */
  set(instant: string): Promise<void> {
    const at = Date.parse(instant);
    if (Number.isNaN(at)) throw new RangeError(`not an instant: ${instant}`);
    return this.#move(at - Date.now());
  }

  /** Calls `listener` at each change; the answer stops that. */
  subscribe(listener: ClockListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #move(offsetMs: number): Promise<void> {
    this.#offsetMs = Math.round(offsetMs);
    await Promise.all([...this.#listeners].map((listener) => listener(this.#offsetMs)));
  }
}
