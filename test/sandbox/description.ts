import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

type Json = Record<string, unknown>;

/** GitHub's own description of an operation or an event, as a judge of one value. */
type Judge = (value: unknown) => string[];

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** OpenAPI 3.0 says `nullable: true` where JSON Schema names the type null. */
function withNull(value: unknown, isPropertyMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withNull(item));
  if (typeof value !== "object" || value === null) return value;
  const schema: Json = {};
  for (const [key, member] of Object.entries(value)) {
    if (key === "nullable" && !isPropertyMap) continue;
    schema[key] = key === "enum" || key === "default" ? member : withNull(member, key === "properties");
  }
  if (isPropertyMap || asObject(value).nullable !== true) return schema;
  return { anyOf: [{ type: "null" }, schema] };
}

function compiler(document: Json, name: string): Ajv2020 {
  // Plain code is compiled several times as fast as optimised code, and runs only a few times here.
  const ajv = new Ajv2020({ strict: false, logger: false, inlineRefs: false, code: { optimize: false } });
  addFormats.default(ajv);
  // A bot's address has brackets in it, which the strict format knows nothing of.
  ajv.addFormat("email", /^[^@\s]+@[^@\s]+$/);
  ajv.addFormat("repo.nwo", true);
  ajv.addFormat("int64", true);
  ajv.addSchema({ ...document, $id: name });
  return ajv;
}

function judged(validate: ValidateFunction): Judge {
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      (error) => `${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`,
    );
  };
}

type Operation = { method: string; path: string; requestBody?: unknown; responses: Record<string, unknown> };

const fixture: { operations: Record<string, Operation>; components: Json } = JSON.parse(
  readFileSync(new URL("../fixtures/github/openapi.json", import.meta.url), "utf8"),
);
const rest = compiler({ components: asObject(withNull(fixture.components)) }, "rest");
const judges = new Map<string, Judge>();

function restJudge(key: string, schema: unknown): Judge {
  const known = judges.get(key);
  if (known !== undefined) return known;
  const absolute = JSON.stringify(withNull(schema)).replaceAll('"#/components', '"rest#/components');
  const judge = judged(rest.compile(JSON.parse(absolute)));
  judges.set(key, judge);
  return judge;
}

export const describedOperations: readonly string[] = Object.keys(fixture.operations);

function operation(id: string): Operation {
  const found = fixture.operations[id];
  if (found === undefined) throw new Error(`GitHub's description has no operation ${id}`);
  return found;
}

/** What is wrong with the body of a request that the sandbox has accepted. */
export function wrongInRequest(id: string, body: unknown): string[] {
  const schema = operation(id).requestBody;
  if (schema === undefined || schema === null)
    return body === undefined ? [] : ["a body where GitHub wants none"];
  return restJudge(`${id} request`, schema)(body ?? {});
}

/** Refusals that GitHub's description does not list for every operation, though any may meet them. */
const everywhere = new Set([400, 401, 403, 404, 409, 422]);

/**
 * The description of the list of installations says of an account that it is a user and an enterprise at once,
 * which nothing can be; the description of one installation says either.
 */
const mended: Readonly<Record<string, unknown>> = {
  "apps/list-installations 200": { type: "array", items: { $ref: "#/components/schemas/installation" } },
};

/** What is wrong with a response that the sandbox has sent. */
export function wrongInResponse(id: string, status: number, body: unknown): string[] {
  const schema = operation(id).responses[String(status)];
  if (schema === undefined || (schema === null && status >= 400)) {
    if (!everywhere.has(status)) return [`GitHub answers no ${status} to ${id}`];
    return restJudge("basic-error", { $ref: "#/components/schemas/basic-error" })(body);
  }
  const key = `${id} ${status}`;
  if (key in mended) return restJudge(key, mended[key])(body);
  if (schema === null)
    return body === undefined ? [] : [`a body where GitHub sends none: ${JSON.stringify(body)}`];
  return restJudge(key, schema)(body);
}

const webhookFile = createRequire(import.meta.url).resolve(
  "@octokit/openapi-webhooks/generated/api.github.com.json",
);
const webhooks: { webhooks: Json; components: Json } = JSON.parse(readFileSync(webhookFile, "utf8"));
const events = compiler({ components: webhooks.components }, "events");

/** What is wrong with the payload of an event. */
export function wrongInEvent(event: string, payload: Json): string[] {
  const action = typeof payload.action === "string" ? `-${payload.action.replaceAll("_", "-")}` : "";
  const name =
    event === "repository_dispatch"
      ? "repository-dispatch-sample.collected"
      : event.replaceAll("_", "-") + action;
  let judge = judges.get(`event ${name}`);
  if (judge === undefined) {
    const request = asObject(asObject(asObject(webhooks.webhooks[name]).post).requestBody);
    const reference = asObject(asObject(asObject(request.content)["application/json"]).schema).$ref;
    if (typeof reference !== "string") return [`GitHub has no event ${name}`];
    judge = judged(events.compile({ $ref: `events${reference}` }));
    judges.set(`event ${name}`, judge);
  }
  return judge(payload);
}
