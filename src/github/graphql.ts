import { ForgeError } from "../ports/forge.ts";
import { forgeErrorOf, isRecord, notUnderstood, retryAfter, sentence } from "./failure.ts";
import type { Octokit } from "./octokit.ts";

/** One entry of `errors`: which part of the answer is missing, and why. */
export interface GraphError {
  readonly type: string;
  /** Empty when the error is about the query as a whole. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Data may be partial: every error names a part that is null. */
export interface GraphAnswer<Data> {
  readonly data: Data;
  readonly errors: readonly GraphError[];
}

/**
 * Asks one GraphQL document. Octokit throws as soon as there is one error; here what could be read is kept, and the
 * caller decides field by field. https://docs.github.com/graphql/guides/forming-calls-with-graphql
 *
 * @throws ForgeError when there is no data at all, or on a rate limit
 */
export async function ask<Data>(
  octokit: Octokit,
  doing: string,
  document: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<GraphAnswer<Data>> {
  let data: unknown;
  let errors: readonly GraphError[] = [];
  try {
    data = await octokit.graphql<unknown>(document, { ...variables });
  } catch (error) {
    const partial = partialAnswer(error);
    if (partial === null) throw forgeErrorOf(error, doing);
    ({ data, errors } = partial);
    if (isLimited(errors)) {
      throw new ForgeError(`could not ${doing}: GitHub's rate limit is reached`, retryAfter(partial.headers));
    }
  }
  if (isRecord(data)) return { data: data as Data, errors };
  const [first] = errors;
  if (first === undefined) throw notUnderstood(doing);
  throw new ForgeError(`could not ${doing}: GitHub answered: ${first.message}`);
}

/** The same for a document of which every part is needed. */
export async function askWhole<Data>(
  octokit: Octokit,
  doing: string,
  document: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Data> {
  const { data, errors } = await ask<Data>(octokit, doing, document, variables);
  const [first] = errors;
  if (first !== undefined) throw new ForgeError(`could not ${doing}: GitHub answered: ${first.message}`);
  return data;
}

/** Whether an error is about a part of the answer or something inside or around it. */
export function touches({ path }: GraphError, part: readonly string[]): boolean {
  const names = path.filter((step) => typeof step === "string");
  const shared = Math.min(names.length, part.length);
  return names.slice(0, shared).every((name, index) => name === part[index]);
}

function partialAnswer(error: unknown): {
  readonly data: unknown;
  readonly errors: readonly GraphError[];
  readonly headers: Readonly<Record<string, unknown>>;
} | null {
  if (!isRecord(error)) return null;
  // GraphqlResponseError of @octokit/graphql, or the throttling plugin's error, which has the whole response
  const response = isRecord(error.response) ? error.response : null;
  const body = isRecord(response?.data) && Array.isArray(response.data.errors) ? response.data : response;
  if (body === null || !Array.isArray(body.errors) || "status" in error) return null;
  const headers = isRecord(error.headers)
    ? error.headers
    : isRecord(response?.headers)
      ? response.headers
      : {};
  return { data: body.data, errors: body.errors.map(graphError), headers };
}

function graphError(value: unknown): GraphError {
  const fields = isRecord(value) ? value : {};
  return {
    type: typeof fields.type === "string" ? fields.type : "",
    path: Array.isArray(fields.path) ? fields.path : [],
    message: sentence(String(fields.message ?? "an error without a message")),
  };
}

function isLimited(errors: readonly GraphError[]): boolean {
  return errors.some(({ type, message }) => type === "RATE_LIMITED" || /secondary rate limit/i.test(message));
}
