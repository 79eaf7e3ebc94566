import { expect, test } from "vitest";
import { playLifecycle } from "./lifecycle.ts";

test("each call of a lifecycle does its work and fails then, and the outcome is that of the undisturbed run", async () => {
  const calm = await playLifecycle(() => undefined);
  for (let call = 1; call <= calm.calls; call++) {
    const run = await playLifecycle((world) =>
      world.sandbox.setFaults({ calls: [{ call, when: "after", status: call % 2 === 0 ? "reset" : 502 }] }),
    );
    expect(run.disturbed, `call ${call} was disturbed`).toBe(true);
    expect(run.outcome, `call ${call}`).toEqual(calm.outcome);
  }
}, 900_000);
