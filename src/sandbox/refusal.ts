/** One entry of `errors` in a REST error body. https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
export type FieldError = { resource: string; field?: string; code: string; message?: string };

/** `type` of a GraphQL error, as GitHub sends it beside the message. */
export type GraphqlErrorType =
  | "NOT_FOUND"
  | "FORBIDDEN"
  | "UNPROCESSABLE"
  | "STALE_DATA"
  | "INSUFFICIENT_SCOPES";

const typeOfStatus: Record<number, GraphqlErrorType> = { 403: "FORBIDDEN", 404: "NOT_FOUND" };

/** GitHub says no: one value for both APIs, thrown by acts and worded by `rest.ts` and `graphql.ts`. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly (FieldError | string)[] | undefined;
  readonly type: GraphqlErrorType;

  constructor(
    status: number,
    message: string,
    errors?: readonly (FieldError | string)[],
    type?: GraphqlErrorType,
  ) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.type = type ?? typeOfStatus[status] ?? "UNPROCESSABLE";
  }
}

/** 404, as GitHub also answers for what the caller may not see. */
export function notFound(what = "Not Found"): Refusal {
  return new Refusal(404, what);
}

/** 422 with GitHub's `Validation Failed` shape. */
export function invalid(resource: string, code: string, message?: string, field?: string): Refusal {
  const error: FieldError = { resource, code };
  if (field !== undefined) error.field = field;
  if (message !== undefined) error.message = message;
  return new Refusal(422, "Validation Failed", [error]);
}
