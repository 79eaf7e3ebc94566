import { expect } from "vitest";
import { foundWorld, type World } from "./world.ts";

/** What a lifecycle leaves behind, as far as it must not depend on what went wrong in between. */
export interface Outcome {
  readonly tree: string;
  readonly records: readonly unknown[];
  readonly journal: readonly unknown[];
  readonly commits: number;
}

/**
 * A request, two approvals, four hours, the end; after each act the app gets the time that a retry takes. When it
 * has died it is started anew. `disturb` is called before anything happens, with call counting at zero.
 */
export async function playLifecycle(
  disturb: (world: World) => void,
): Promise<{ outcome: Outcome; calls: number; disturbed: boolean }> {
  const world = await foundWorld();
  try {
    await world.appStarts();
    world.sandbox.clearCalls();
    disturb(world);
    let disturbed = false;
    const rest = async () => {
      for (const pause of ["PT6S", "PT15S"]) {
        if (!world.isRunning) {
          disturbed = true;
          await world.appStarts();
        }
        await world.settles();
        await world.clockMoves(pause);
      }
    };
    const pull = await world.alice.opens();
    await rest();
    await world.bob.approves(pull);
    await rest();
    await world.carol.approves(pull);
    await rest();
    await world.clockMoves("PT4H");
    await rest();
    const calls = world.sandbox.calls();
    const [activated, ended] = world.mainRecords();
    // no grant is in force a second past its end, whatever happened
    if (activated?.event === "activated" && ended?.event === "ended") {
      expect(ended.endedAt).toBe(activated.validUntil);
      expect(activated.validUntil - activated.validFrom).toBe(4 * 3600_000);
    }
    return {
      outcome: {
        tree: world.git("rev-parse", "main^{tree}"),
        records: world.mainRecords().map(timeless),
        journal: world.journalRecords().map(timeless),
        commits: world.mainReads().length,
      },
      calls: calls.length,
      disturbed: disturbed || calls.some(({ fault }) => fault !== undefined),
    };
  } finally {
    await world.ends();
  }
}

/** A record without what hangs on the moment: instants, and the names of commits that carry them. */
function timeless(record: object): unknown {
  const { validFrom, validUntil, endedAt, base, head, at, ...rest } = record as Record<string, unknown>;
  return rest;
}
