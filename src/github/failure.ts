import { ForgeError } from "../ports/forge.ts";

/** What is known of a call that failed; nothing else of it is ever shown or logged. */
export interface Failure {
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly message: string;
  /** Whether it was the request for a token that failed: its 404 says nothing of the call it was for. */
  readonly ofToken: boolean;
}

const SECONDARY = /secondary rate limit|abuse detection/i;
/** GitHub asks for at least a minute where no header says how long. https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const MINUTE = 60;

/** Any error of octokit as one plain sentence: no token, no stack, no body that was sent. */
export function forgeErrorOf(error: unknown, doing: string): ForgeError {
  if (error instanceof ForgeError) return error;
  const failure = failureOf(error);
  const limited = isRateLimit(failure);
  const what = failure.ofToken ? "get a token of the installation" : doing;
  return new ForgeError(
    `could not ${what}: ${limited ? "GitHub's rate limit is reached" : reasonOf(failure)}`,
    limited || failure.headers["retry-after"] !== undefined ? retryAfter(failure.headers) : null,
  );
}

function reasonOf({ status, message }: Failure): string {
  if (status === null) return `GitHub could not be asked (${message})`;
  if (status === 401) return "GitHub does not accept the app's credentials";
  return `GitHub answered ${status}${message === "" ? "" : `: ${message}`}`;
}

export function isRateLimit({ status, headers, message }: Failure): boolean {
  if (status === 429 || SECONDARY.test(message)) return true;
  return status === 403 && (headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined);
}

/** Seconds until GitHub will listen again, by its own clock (the `date` header), not by ours. */
export function retryAfter(headers: Readonly<Record<string, unknown>>): number {
  const told = Number(headers["retry-after"]);
  if (Number.isFinite(told) && told >= 0) return Math.ceil(told);
  const reset = Number(headers["x-ratelimit-reset"]);
  const now = Date.parse(String(headers.date)) / 1000;
  const isOut = headers["x-ratelimit-remaining"] === "0" && Number.isFinite(reset) && Number.isFinite(now);
  return isOut ? Math.max(1, Math.ceil(reset - now) + 1) : MINUTE;
}

export function failureOf(error: unknown): Failure {
  const fields: Partial<Record<string, unknown>> = isRecord(error) ? error : {};
  const response = isRecord(fields.response) ? fields.response : null;
  const request = isRecord(fields.request) ? fields.request : {};
  const ofToken = /\/access_tokens$/.test(String(request.url ?? ""));
  if (response === null) {
    return { status: null, headers: {}, message: silence(error), ofToken };
  }
  const headers = isRecord(response.headers) ? response.headers : {};
  const status = typeof fields.status === "number" ? fields.status : null;
  return { status, headers, message: sentence(messageOf(response.data)), ofToken };
}

/** GitHub's own sentence, with the details it lists. */
function messageOf(data: unknown): string {
  if (!isRecord(data) || typeof data.message !== "string") return "";
  const details = Array.isArray(data.errors) ? data.errors : [];
  const texts = details
    .map((one) => (isRecord(one) ? one.message : one))
    .filter((one) => typeof one === "string");
  return [data.message, ...texts].join(": ");
}

/** Why there was no answer, in the words of the platform. */
function silence(error: unknown): string {
  let cause = error;
  for (let depth = 0; depth < 4 && isRecord(cause) && isRecord(cause.cause); depth++) cause = cause.cause;
  if (!isRecord(cause)) return "unknown reason";
  if (cause.name === "TimeoutError") return "it took too long";
  if (cause.name === "AbortError") return "the call was given up";
  return sentence(String(cause.code ?? cause.message ?? "unknown reason"));
}

const TOKEN = /\bgh[a-z]_[\w.-]+|\bgithub_pat_\w+|\beyJ[\w-]+\.[\w.-]+/g;

/** One line without tokens, of at most 500 characters. */
export function sentence(text: string): string {
  return Array.from(text.replace(TOKEN, "[token]").replace(/\s+/g, " ").trim()).slice(0, 500).join("");
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** An answer that is not shaped as GitHub's description says. */
export function notUnderstood(doing: string): ForgeError {
  return new ForgeError(`could not ${doing}: GitHub's answer cannot be read`);
}
