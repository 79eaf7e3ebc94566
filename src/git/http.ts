import type { HttpClient } from "isomorphic-git";
import { ForgeError } from "../ports/forge.ts";

export interface Limits {
  /** Ends every request: the process is stopping. */
  readonly signal: AbortSignal;
  /** Longest time for one answer, in milliseconds. */
  readonly timeout: number;
  /** Longest answer, in bytes: a pull request decides how much there is to fetch. */
  readonly size: number;
}

export interface Answer {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * One request to the Git server, bounded in time and size.
 *
 * @throws ForgeError in plain words when there is no good answer; credentials are never part of it.
 */
export async function ask(
  url: string,
  init: RequestInit,
  { signal, timeout, size }: Limits,
): Promise<Answer> {
  const place = `${new URL(url).origin}${new URL(url).pathname.replace(/\.git\/.*$/, ".git")}`;
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    });
    if (!response.ok) throw refusal(response, place);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > size) throw new ForgeError(`${place} sent more than ${size} bytes`);
      parts.push(part);
    }
    return { url: response.url, headers: Object.fromEntries(response.headers), body: Buffer.concat(parts) };
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    if (signal.aborted) throw new ForgeError("the process is stopping");
    const isLate = error instanceof Error && error.name === "TimeoutError";
    throw new ForgeError(
      isLate ? `${place} did not answer within ${timeout / 1000} s` : `${place} cannot be reached`,
      null,
      { cause: error },
    );
  }
}

function refusal(response: Response, place: string): ForgeError {
  const { status, headers } = response;
  const after = Number(headers.get("retry-after") ?? Number.NaN);
  const wait = Number.isFinite(after) ? after : null;
  if (status === 401 || status === 403)
    return new ForgeError(`${place} refused the credentials (${status})`, wait);
  if (status === 404) return new ForgeError(`there is no repository at ${place}`, wait);
  return new ForgeError(`${place} answered ${status}`, wait);
}

/** isomorphic-git's view of HTTP: its own client has neither a time limit nor an end. */
export function boundedHttp(limits: Limits): HttpClient {
  return {
    async request({ url, method = "GET", headers = {}, body }) {
      const parts: Uint8Array[] = [];
      for await (const part of body ?? []) parts.push(part);
      const sent = parts.length === 0 ? {} : { body: Buffer.concat(parts) };
      const answer = await ask(url, { method, headers, ...sent }, limits);
      return { ...answer, method, statusCode: 200, statusMessage: "OK", body: single(answer.body) };
    },
  };
}

async function* single(bytes: Uint8Array): AsyncIterableIterator<Uint8Array> {
  yield bytes;
}
