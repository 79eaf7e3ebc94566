import { styleHash } from "./style.ts";

/** What a browser asks for. */
export interface PageRequest {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly target: string;
  readonly host: string;
  readonly cookies: ReadonlyMap<string, string>;
}

export interface PageReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

/**
 * What keeps a page from being more than what is read: no script, no style but ours, nothing loaded, nothing framed,
 * no word to other sites about where the reader came from, and no copy left in any cache.
 */
const guards = {
  "cache-control": "no-store",
  "content-security-policy": `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-robots-tag": "noindex",
} as const;

/** A page. */
export function shown(body: string, status = 200, headers: PageReply["headers"] = {}): PageReply {
  return { status, headers: { ...guards, "content-type": "text/html; charset=utf-8", ...headers }, body };
}

/** Another address to look at, with a GET. */
export function elsewhere(location: string, cookies: readonly string[] = []): PageReply {
  return { status: 303, headers: { ...guards, location, "set-cookie": cookies }, body: "" };
}

/** The cookies of a request; of two with one name the first counts. */
export function cookiesOf(header: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of (header ?? "").split(";")) {
    const [name = "", value = ""] = part.trim().split("=", 2);
    if (name !== "" && !found.has(name)) found.set(name, value);
  }
  return found;
}
