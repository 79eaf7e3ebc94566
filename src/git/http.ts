import { ForgeError } from "../ports/forge.ts";

/** How long one exchange with the server may take, in milliseconds: between two signs of life, and in all. */
export interface Patience {
  readonly idle: number;
  readonly total: number;
}

/** What one exchange needs: where to, as whom, and what may stop it. */
export interface Exchange {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent by POST when given. */
  readonly body?: Buffer;
  /** Media type the answer must have. */
  readonly expects: string;
  /** Longest answer that is read. */
  readonly limit: number;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
}

/** The server answered, but with more or something else than can be taken; another question may still be answered. */
export class UnusableAnswer extends ForgeError {}

/** The connection broke. One that was kept open may have been closed by the server just when it was used again. */
class LostConnection extends ForgeError {}

const LOST = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/**
 * One exchange over HTTP, its answer read whole; tried a second time when the connection breaks. Redirects are not followed, so that credentials stay with the
 * server they were meant for.
 *
 * @throws {ForgeError} when the server cannot be reached, refuses, or takes longer than `patience` allows
 * @throws {UnusableAnswer} when the answer is longer than `limit`
 */
export async function exchange(request: Exchange): Promise<Buffer> {
  try {
    return await attempt(request);
  } catch (error) {
    if (error instanceof LostConnection) return attempt(request);
    throw error;
  }
}

async function attempt(request: Exchange): Promise<Buffer> {
  const place = placeOf(request.url);
  const stop = new AbortController();
  const giveUp = (why: string): void => stop.abort(new ForgeError(why));
  const idle = setTimeout(
    () => giveUp(`${place} gave no answer for ${request.patience.idle / 1000} s`),
    request.patience.idle,
  );
  const total = setTimeout(
    () => giveUp(`${place} did not finish its answer within ${request.patience.total / 1000} s`),
    request.patience.total,
  );
  const closed = (): void => giveUp(`the exchange with ${place} was stopped`);
  request.signal.addEventListener("abort", closed, { once: true });
  if (request.signal.aborted) closed();
  try {
    const response = await request.fetch(request.url, {
      method: request.body === undefined ? "GET" : "POST",
      headers: request.headers,
      redirect: "manual",
      signal: stop.signal,
      ...(request.body === undefined ? {} : { body: new Uint8Array(request.body) }),
    });
    idle.refresh();
    const refusal = refusalOf(response, place, request.expects);
    if (refusal !== null) {
      await response.body?.cancel();
      throw refusal;
    }
    return await readBody(response, request.limit, place, () => idle.refresh());
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    if (stop.signal.reason instanceof ForgeError) throw stop.signal.reason;
    const why = causeOf(error);
    const Failure = LOST.has(why) ? LostConnection : ForgeError;
    throw new Failure(`${place} cannot be reached: ${why}`, null, { cause: error });
  } finally {
    clearTimeout(idle);
    clearTimeout(total);
    request.signal.removeEventListener("abort", closed);
    stop.abort();
  }
}

async function readBody(
  response: Response,
  limit: number,
  place: string,
  alive: () => void,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    alive();
    length += chunk.length;
    if (length > limit) throw new UnusableAnswer(`the answer of ${place} is longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function refusalOf(response: Response, place: string, expects: string): ForgeError | null {
  const { status, headers } = response;
  const wait = Number(headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isFinite(wait) && wait >= 0 ? wait : null;
  if (status === 401 || (status === 403 && retryAfter === null)) {
    return new ForgeError(`${place} refused the credentials (${status})`);
  }
  if (status === 404) return new ForgeError(`there is no repository at ${place}, or it may not be read`);
  if (status >= 300 && status < 400) {
    return new ForgeError(`${place} has moved to ${headers.get("location") ?? "another place"}`);
  }
  if (status !== 200) return new ForgeError(`${place} answered ${status}`, retryAfter);
  const type = headers.get("content-type") ?? "no media type";
  return type === expects ? null : new ForgeError(`${place} answered with ${type}, not as a Git server does`);
}

/** A URL as it may be shown: without credentials and query. */
export function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/(?:info\/refs|git-upload-pack)$/, "")}`;
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) {
    return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
  }
  return error.message;
}
