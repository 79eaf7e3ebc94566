import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { verify } from "@octokit/webhooks-methods";
import type { Pages } from "./pages.ts";
import { cookiesOf } from "./reply.ts";

/** One webhook delivery whose signature was good. */
export interface Delivery {
  readonly id: string;
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  /** Any of these may have signed a delivery: the present secret, and while it is being changed the one before. */
  readonly secrets: readonly string[];
  /** Takes a delivery; must return at once. */
  readonly receive: (delivery: Delivery) => Promise<void>;
  /** What `/health` says, as JSON. */
  readonly health: () => Readonly<Record<string, unknown>>;
  /** What people may look at; null when nothing is. */
  readonly pages: Pages | null;
  readonly log: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

export interface RunningServer {
  readonly url: string;
  /** Answers no more new requests and resolves when the last has been answered. */
  stop(): Promise<void>;
}

/** GitHub delivers at most 25 MB (https://docs.github.com/webhooks → "Webhook events and payloads", "Payload cap"). */
const BODY_LIMIT = 25 * 1024 * 1024;
export const webhookPath = "/api/github/webhooks";

/**
 * The HTTP face of the process: webhooks, health and pages. Webhooks are read and verified here, in front of Probot, since
 * Probot reads bodies of any size and logs the whole body of a forged one.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      options.log("a request failed", { error: error instanceof Error ? error.message : String(error) });
      if (!response.headersSent) reply(response, 500, "internal error");
      else response.destroy();
    });
  });
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address() as AddressInfo;
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${host}:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  const [pathname] = (request.url ?? "").split("?", 1);
  if (pathname === "/health" && request.method === "GET") {
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(options.health()));
    return;
  }
  if (pathname !== webhookPath) return showPage(request, response, options);
  if (request.method !== "POST") return reply(response, 405, "webhooks are posted");
  await takeWebhook(request, response, options);
}

async function showPage(
  request: IncomingMessage,
  response: ServerResponse,
  { pages }: ServerOptions,
): Promise<void> {
  const page = await pages?.answer({
    method: request.method ?? "",
    target: request.url ?? "",
    host: request.headers.host ?? "",
    cookies: cookiesOf(request.headers.cookie),
  });
  if (page === undefined || page === null) return reply(response, 404, "there is nothing here");
  for (const [name, value] of Object.entries(page.headers)) response.setHeader(name, value);
  response.writeHead(page.status);
  response.end(page.body);
}

async function takeWebhook(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  const { headers } = request;
  const [id, name, signature] = ["x-github-delivery", "x-github-event", "x-hub-signature-256"].map(
    (key) => headers[key],
  );
  if (!isGiven(id) || !isGiven(name) || !isGiven(signature)) {
    return reply(response, 400, "X-GitHub-Delivery, X-GitHub-Event or X-Hub-Signature-256 is missing");
  }
  if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) {
    return reply(response, 415, "set the webhook's content type to application/json");
  }
  const body = await readBody(request);
  if (body === null) return reply(response, 413, "larger than GitHub's own limit of 25 MB");
  if (!(await isSigned(body, signature, options.secrets))) {
    // the body is somebody's invention: it is neither parsed nor logged
    options.log("a webhook with a wrong signature was refused", {
      delivery: id.slice(0, 64),
      event: name.slice(0, 64),
    });
    return reply(response, 401, "the signature does not fit the secret");
  }
  const payload = parseObject(body);
  if (payload === null) return reply(response, 400, "the body is not a JSON object");
  await options.receive({ id, name, payload });
  reply(response, 202, "accepted");
}

function isGiven(header: string | string[] | undefined): header is string {
  return typeof header === "string" && header !== "";
}

/** The body as text; null when it is larger than the limit, whatever its headers claim. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers["content-length"] ?? 0) > BODY_LIMIT) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) return null;
    size += chunk.length;
    if (size > BODY_LIMIT) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function isSigned(body: string, signature: string, secrets: readonly string[]): Promise<boolean> {
  if (body === "") return false;
  for (const secret of secrets) {
    if (await verify(secret, body, signature)) return true;
  }
  return false;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
