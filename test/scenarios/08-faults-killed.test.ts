import { expect, test } from "vitest";
import { playLifecycle } from "./lifecycle.ts";

test("the app is killed at each call of a lifecycle and started anew, and the outcome is that of the undisturbed run", async () => {
  const calm = await playLifecycle(() => undefined);
  for (let call = 1; call <= calm.calls; call++) {
    const when = call % 2 === 0 ? "before" : "after";
    const run = await playLifecycle((world) => world.sandbox.onCall(call, when, () => world.appDies()));
    expect(run.disturbed, `call ${call} was disturbed`).toBe(true);
    expect(run.outcome, `call ${call}`).toEqual(calm.outcome);
  }
}, 900_000);
