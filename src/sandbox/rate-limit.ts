/** Requests an hour that an installation has at least (github.md §2.1). */
const limit = 5000;

const hourMs = 3_600_000;

export type RateResource = "core" | "graphql";

/**
 * Counts calls and writes GitHub's rate-limit headers. Nobody is ever refused by it: a benchmark may call as
 * often as it likes, and a test that wants a refusal sets a fault. The count starts anew each real hour.
 */
export class RateLimit {
  readonly #used = new Map<string, number>();
  #resetAt = Date.now() + hourMs;

  headers(caller: string, resource: RateResource, counts: boolean): Record<string, string> {
    if (Date.now() >= this.#resetAt) {
      this.#used.clear();
      this.#resetAt = Date.now() + hourMs;
    }
    const key = `${caller} ${resource}`;
    const used = Math.min(limit - 1, (this.#used.get(key) ?? 0) + (counts ? 1 : 0));
    this.#used.set(key, used);
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(limit - used),
      "x-ratelimit-used": String(used),
      "x-ratelimit-reset": String(Math.floor(this.#resetAt / 1000)),
      "x-ratelimit-resource": resource,
    };
  }
}

/** `GET /rate_limit`, which costs nothing. https://docs.github.com/rest/rate-limit/rate-limit */
export function rateOverview(): Record<string, unknown> {
  const rate = { limit, used: 0, remaining: limit, reset: Math.floor((Date.now() + hourMs) / 1000) };
  return { resources: { core: rate, search: rate, graphql: rate }, rate };
}
