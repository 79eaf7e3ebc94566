/** GitHub's installation tokens live an hour; they are not used in their last minute. */
const LIFETIME_MS = 59 * 60 * 1000;

/**
 * Where octokit's app authentication keeps installation tokens, shared by the clients of one installation. Tokens
 * are opaque: of any format and length (GitHub changed both in 2026, `ghs_APPID_JWT` of about 520 characters).
 */
export class TokenCache {
  readonly #entries = new Map<string, { readonly value: string; readonly until: number }>();

  get(key: string): string {
    const entry = this.#entries.get(key);
    return entry === undefined || entry.until <= Date.now() ? "" : entry.value;
  }

  set(key: string, value: string): string {
    this.#entries.set(key, { value, until: Date.now() + LIFETIME_MS });
    return value;
  }

  /** GitHub did not accept a token (revoked, or permissions changed): the next call asks for a new one. */
  forget(): void {
    this.#entries.clear();
  }
}
