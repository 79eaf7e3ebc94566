import { expect, test } from "vitest";
import { playLifecycle } from "./lifecycle.ts";

test("each call of a lifecycle fails before its work is done, and the outcome is that of the undisturbed run", async () => {
  const calm = await playLifecycle(() => undefined);
  expect(calm.outcome).toMatchObject({ commits: 2, journal: [] });
  for (let call = 1; call <= calm.calls; call++) {
    const status = [500, 502, 503, "reset"] as const;
    const run = await playLifecycle((world) =>
      world.sandbox.setFaults({ calls: [{ call, when: "before", status: status[call % 4] ?? 500 }] }),
    );
    expect(run.disturbed, `call ${call} was disturbed`).toBe(true);
    expect(run.outcome, `call ${call}`).toEqual(calm.outcome);
  }
}, 900_000);
