import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApiDesk } from "./api.ts";
import { parseFaultPlan } from "./fault-plan.ts";
import { readBody } from "./http-body.ts";
import { waitUntilIdle } from "./idle.ts";
import { Refusal } from "./refusal.ts";

const defaultTimeoutMs = 30_000;

/** Whether a path is one of the sandbox's own, which GitHub does not have. */
export function isControlPath(path: string): boolean {
  return path.startsWith("/sandbox/");
}

/** Serves the verbs by which tests and people steer the stand-in: its clock, its faults, its list of calls. */
export async function serveControl(
  desk: ApiDesk,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { world, calls, faults } = desk;
  const send = (status: number, body: unknown) => {
    response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
    response.end(`${JSON.stringify(body)}\n`);
  };
  const clock = () => ({ now: world.clock.now().toISOString(), offsetMs: world.clock.offsetMs });
  try {
    switch (`${request.method} ${url.pathname}`) {
      case "GET /sandbox/clock":
        return send(200, clock());
      case "POST /sandbox/clock": {
        await moveClock(desk, readObject(await readBody(request)));
        return send(200, clock());
      }
      case "GET /sandbox/clock/stream":
        return streamClock(desk, request, response);
      case "GET /sandbox/idle": {
        const timeout = Number(url.searchParams.get("timeout") ?? defaultTimeoutMs);
        const idle = await waitUntilIdle(world, calls, timeout).then(
          () => true,
          () => false,
        );
        return send(idle ? 200 : 504, { idle });
      }
      case "GET /sandbox/calls":
        return send(200, url.searchParams.has("git") ? calls.git : calls.api);
      case "DELETE /sandbox/calls":
        calls.clear();
        return send(200, []);
      case "GET /sandbox/faults":
        return send(200, { ...faults.plan, webhooks: world.hooks.faults });
      case "POST /sandbox/faults": {
        const plan = parseFaultPlan(readObject(await readBody(request)));
        faults.set(plan);
        world.hooks.faults = plan.webhooks ?? {};
        return send(200, plan);
      }
      case "DELETE /sandbox/faults":
        faults.set({});
        world.hooks.faults = {};
        return send(200, {});
      default:
        return send(404, { message: "The sandbox has no such control" });
    }
  } catch (error) {
    if (error instanceof RangeError) return send(422, { message: error.message });
    if (error instanceof Refusal) return send(error.status, { message: error.message });
    throw error;
  }
}

function readObject(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new RangeError("the body is not JSON");
  }
  if (typeof value !== "object" || value === null) throw new RangeError("the body is not an object");
  return { ...value };
}

async function moveClock(desk: ApiDesk, order: Record<string, unknown>): Promise<void> {
  const { clock } = desk.world;
  if (typeof order.advance === "string") return clock.advance(order.advance);
  if (typeof order.set === "string") return clock.set(order.set);
  throw new RangeError('give {"advance": an ISO 8601 duration} or {"set": an instant}');
}

/** Server-sent events: the offset at once, and at each change before the change is answered. */
function streamClock(desk: ApiDesk, request: IncomingMessage, response: ServerResponse): void {
  const { clock } = desk.world;
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const tell = (offsetMs: number) =>
    new Promise<void>((resolve) => {
      if (response.writableEnded || response.destroyed) resolve();
      else response.write(`data: ${JSON.stringify({ offsetMs })}\n\n`, () => resolve());
    });
  const stop = clock.subscribe(tell);
  request.once("close", stop);
  response.once("close", stop);
  void tell(clock.offsetMs);
}
