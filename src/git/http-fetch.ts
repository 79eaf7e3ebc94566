import type { HttpClient } from "isomorphic-git";

/** isomorphic-git's view of HTTP over `fetch`, with a time limit and an end: its own client has neither. */
export function fetchHttp(signal: AbortSignal, timeout: number): HttpClient {
  return {
    async request({ url, method = "GET", headers = {}, body }) {
      const parts: Uint8Array[] = [];
      for await (const part of body ?? []) parts.push(part);
      const response = await fetch(url, {
        method,
        headers,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
        ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }),
      });
      const answer = new Uint8Array(await response.arrayBuffer());
      return {
        url: response.url,
        method,
        statusCode: response.status,
        statusMessage: response.statusText,
        headers: Object.fromEntries(response.headers),
        body: single(answer),
      };
    },
  };
}

async function* single(bytes: Uint8Array): AsyncIterableIterator<Uint8Array> {
  yield bytes;
}
