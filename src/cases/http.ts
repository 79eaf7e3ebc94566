/** What came back: an answer with its status, or none and why. */
export type HttpAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly body: unknown }
  | { readonly kind: "silent"; readonly because: string };

export interface HttpOptions {
  /** Base of the system's addresses, without a slash at the end. */
  readonly url: string;
  /** The header with the credentials. */
  readonly authorization: string;
  /** Aborts what is under way, when the process stops. */
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /** How long it is left alone after it did not answer. */
  readonly restMs?: number;
}

export type Get = (path: string, query: Readonly<Record<string, string>>) => Promise<HttpAnswer>;

const TIMEOUT_MS = 10_000;
/** Far more than one case with the few fields that are asked for. */
const LARGEST = 256 * 1024;
/** So that a system that does not answer does not hold up everybody who waits. */
const REST_MS = 30_000;

/**
 * Asks one system for JSON, bounded in time and size. Redirects are not followed: the credentials are for this address.
 * Never throws; says nothing of the credentials, nor in the words of the other side.
 */
export function getter({
  url,
  authorization,
  signal,
  timeoutMs = TIMEOUT_MS,
  restMs = REST_MS,
}: HttpOptions): Get {
  let restsUntil = 0;
  return async (path, query) => {
    if (performance.now() < restsUntil) return { kind: "silent", because: "it did not answer a moment ago" };
    try {
      const response = await fetch(`${url}${path}?${new URLSearchParams(query)}`, {
        headers: { accept: "application/json", authorization },
        redirect: "manual",
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]),
      });
      return { kind: "answered", status: response.status, body: jsonOf(await bodyOf(response)) };
    } catch (error) {
      restsUntil = performance.now() + restMs;
      const isLate = error instanceof Error && error.name === "TimeoutError";
      return { kind: "silent", because: isLate ? "it took too long to answer" : "it could not be reached" };
    }
  };
}

/** The body as text; null when it is larger than is read. */
async function bodyOf(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** What a body says as JSON; undefined when it is none. */
function jsonOf(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why an answer that is none of the expected ones tells nothing. */
export function unexpected(answer: HttpAnswer): string {
  if (answer.kind === "silent") return answer.because;
  if (answer.status === 401 || answer.status === 403) return "it refuses the credentials of Grantbox";
  return answer.status === 200 ? "its answer cannot be read" : `it answered ${answer.status}`;
}

/** A field of an answer, however deep; undefined where there is none. */
export function field(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );
}
