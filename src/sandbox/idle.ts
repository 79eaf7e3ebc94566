import type { CallLog } from "./calls.ts";
import type { World } from "./world.ts";

const pollMs = 10;

/** An app that does not answer in this time counts as dead. */
const healthPatienceMs = 5000;

/**
 * Resolves when nothing is left to happen: no delivery pending, and the app, if it is alive and says how it is,
 * twice in a row without work and on the sandbox's time. Rejects after the timeout.
 */
export async function waitUntilIdle(world: World, calls: CallLog, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let quiet: string | undefined;
  for (;;) {
    const before = marks(world, calls);
    const rests = world.hooks.pending === 0 && (await appRests(world));
    const after = marks(world, calls);
    if (rests && before === after && world.hooks.pending === 0) {
      if (quiet === after) return;
      quiet = after;
    } else {
      quiet = undefined;
    }
    if (performance.now() >= deadline) throw new Error(`not idle after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Changes whenever something has happened, so that two quiet looks are of the same quiet. */
function marks(world: World, calls: CallLog): string {
  return `${world.hooks.deliveries.length} ${calls.api.length} ${calls.git.length} ${world.clock.offsetMs}`;
}

async function appRests(world: World): Promise<boolean> {
  if (world.app.health === undefined) return true;
  let health: unknown;
  try {
    const response = await fetch(world.app.health, { signal: AbortSignal.timeout(healthPatienceMs) });
    health = await response.json();
  } catch {
    return true;
  }
  const fields: Record<string, unknown> = typeof health === "object" && health !== null ? { ...health } : {};
  const nothing = ["queued", "running", "due"].every((name) => fields[name] === 0);
  return nothing && fields.clockOffsetMs === world.clock.offsetMs;
}
