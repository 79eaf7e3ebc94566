import { expect, test } from "vitest";
import { type Outcome, playLifecycle } from "./lifecycle.ts";

/** Without the numbers of reviews: GitHub counts comments and check runs in between, and two machines may make two. */
function numberless(outcome: Outcome): unknown {
  return JSON.parse(JSON.stringify(outcome, (name, value) => (name === "review" ? undefined : value)));
}

test("two machines work at once: before each call of one the other does all there is to do, and the outcome is the same", async () => {
  const calm = await playLifecycle(() => undefined);
  for (let call = 1; call <= calm.calls; call++) {
    let worked = false;
    const run = await playLifecycle((world) =>
      world.sandbox.onCall(call, "before", async () => {
        await world.secondMachineWorks();
        worked = true;
      }),
    );
    expect(worked, `call ${call} was preceded`).toBe(true);
    expect(numberless(run.outcome), `call ${call}`).toEqual(numberless(calm.outcome));
  }
}, 900_000);
