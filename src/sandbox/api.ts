import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Call, CallLog } from "./calls.ts";
import { type Caller, callerOf } from "./credentials.ts";
import type { CallFault, CallHook, Faults } from "./faults.ts";
import { answerGraphql, describeDocument } from "./graphql.ts";
import { readBody } from "./http-body.ts";
import type { RateLimit, RateResource } from "./rate-limit.ts";
import { Refusal } from "./refusal.ts";
import { answerRest, matchRoute } from "./rest.ts";
import type { Answer } from "./route.ts";
import type { World } from "./world.ts";

/** What stands around the two APIs. */
export type ApiDesk = { world: World; calls: CallLog; faults: Faults; rates: RateLimit };

type Ticket = {
  operation: string;
  fields: string[] | undefined;
  creating: boolean;
  resource: RateResource;
  answer: (caller: Caller) => Promise<Answer>;
};

const restPrefix = "/api/v3";
const docs = "https://docs.github.com/rest";

/** Whether a path belongs to an API: `/api/v3/…` and `/api/graphql`, as an Enterprise Server has them. */
export function isApiPath(path: string): boolean {
  return path === "/api/graphql" || path === restPrefix || path.startsWith(`${restPrefix}/`);
}

/** Serves one API call: who, what, which fault, the work, the headers every answer has. */
export async function serveApi(
  desk: ApiDesk,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { world } = desk;
  const body = await readBody(request);
  const ticket = ticketOf(world, request, url, body);
  let caller: Caller | undefined;
  let refused: Refusal | undefined;
  try {
    caller = callerOf(world, request.headers);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refused = error;
  }
  const byApp = caller !== undefined && (caller.kind === "jwt" || caller.actor.kind === "app");
  const call = byApp ? desk.calls.add("api", callOf(world, request, url, ticket)) : undefined;
  const met = byApp ? desk.faults.meet([ticket.operation, ...(ticket.fields ?? [])]) : undefined;
  if (call !== undefined && met?.fault !== undefined) call.fault = faultName(met.fault);
  await runHooks(met?.hooks, "before");
  if (met?.fault !== undefined) await pause(met.fault.delayMs);
  if (met?.fault?.when === "before" && strike(met.fault, request, response, call)) return;
  const answer =
    refused === undefined && caller !== undefined ? await attempt(ticket, caller) : refusalAnswer(refused);
  await runHooks(met?.hooks, "after");
  if (met?.fault?.when === "after" && strike(met.fault, request, response, call)) return;
  const name = caller === undefined ? "nobody" : caller.kind === "jwt" ? "jwt" : caller.actor.account.login;
  const status = write(desk, request, response, answer, { name, resource: ticket.resource });
  if (call !== undefined) call.status = status;
}

function ticketOf(world: World, request: IncomingMessage, url: URL, body: Buffer): Ticket {
  const method = request.method ?? "GET";
  if (url.pathname === "/api/graphql") {
    const described = describeDocument(body);
    return {
      ...described,
      resource: "graphql",
      answer: (caller) => answerGraphql(world, caller, body),
    };
  }
  const path = url.pathname.slice(restPrefix.length) || "/";
  const match = matchRoute(method, path);
  return {
    operation: match?.route.operation ?? "unknown",
    fields: undefined,
    creating: match?.route.creating === true,
    resource: "core",
    answer: async (caller) => {
      if (match === undefined) throw new Refusal(404, "Not Found");
      const call = { path: url.pathname, query: url.searchParams, headers: request.headers, body };
      return answerRest(world, caller, match, call);
    },
  };
}

function callOf(world: World, request: IncomingMessage, url: URL, ticket: Ticket): Omit<Call, "n"> {
  const delivery = request.headers["x-github-delivery"];
  return {
    at: world.clock.now().toISOString(),
    method: request.method ?? "GET",
    path: url.pathname + url.search,
    operation: ticket.operation,
    ...(ticket.fields === undefined ? {} : { fields: ticket.fields }),
    status: 0,
    creating: ticket.creating,
    ...(typeof delivery === "string" ? { delivery } : {}),
  };
}

async function attempt(ticket: Ticket, caller: Caller): Promise<Answer> {
  try {
    return await ticket.answer(caller);
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error);
    // A fault of the stand-in itself must be seen: it is the answer, and not a silence.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { status: 500, body: { message: `Sandbox fault: ${text}`, documentation_url: docs } };
  }
}

function refusalAnswer(refusal: Refusal | undefined): Answer {
  const { status, message, errors } = refusal ?? new Refusal(401, "Requires authentication");
  const more = errors === undefined ? {} : { errors };
  return { status, body: { message, ...more, documentation_url: docs, status: String(status) } };
}

async function runHooks(hooks: readonly CallHook[] | undefined, when: "before" | "after"): Promise<void> {
  for (const hook of hooks ?? []) if (hook.when === when) await hook.run();
}

function pause(ms: number | undefined): Promise<void> {
  return ms === undefined ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}

function faultName(fault: CallFault): string {
  return `${fault.when} ${fault.status ?? `delay ${fault.delayMs ?? 0}`}`;
}

/** Answers with the fault instead; false when the fault is only a delay. */
function strike(
  fault: CallFault,
  request: IncomingMessage,
  response: ServerResponse,
  call: Call | undefined,
): boolean {
  switch (fault.status) {
    case undefined:
      return false;
    case "hang":
      return true;
    case "reset":
      request.socket.destroy();
      return true;
    default: {
      if (call !== undefined) call.status = fault.status;
      const body = {
        message: fault.message ?? "A fault that the sandbox was asked for",
        documentation_url: docs,
      };
      response.writeHead(fault.status, {
        "content-type": "application/json; charset=utf-8",
        ...fault.headers,
      });
      response.end(JSON.stringify(body));
      return true;
    }
  }
}

function write(
  desk: ApiDesk,
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  rate: { name: string; resource: RateResource },
): number {
  const raw = Buffer.isBuffer(answer.body);
  const payload = answer.body === undefined ? undefined : raw ? answer.body : JSON.stringify(answer.body);
  const headers: Record<string, string> = {
    "x-github-request-id": randomUUID().slice(0, 18).toUpperCase(),
    "x-github-media-type": "github.v3; format=json",
    "access-control-expose-headers": "ETag, Link, X-RateLimit-Remaining",
  };
  if (payload !== undefined) headers["content-type"] = "application/json; charset=utf-8";
  Object.assign(headers, answer.headers);
  let status = answer.status;
  if (request.method === "GET" && status === 200 && payload !== undefined) {
    const etag = `W/"${createHash("sha256")
      .update(Buffer.from(String(payload)))
      .digest("hex")}"`;
    headers.etag = etag;
    headers["cache-control"] = "private, max-age=60, s-maxage=60";
    const known = (request.headers["if-none-match"] ?? "").split(",").map((one) => one.trim());
    if (known.some((one) => one.replace(/^W\//, "") === etag.replace(/^W\//, ""))) status = 304;
  }
  // A call answered 304 is free (github.md §2.1).
  Object.assign(headers, desk.rates.headers(rate.name, rate.resource, status !== 304));
  if (status === 304) delete headers["content-type"];
  response.writeHead(status, headers);
  response.end(status === 304 ? undefined : payload);
  return status;
}
