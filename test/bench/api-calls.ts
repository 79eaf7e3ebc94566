import { foundWorld, type World } from "../scenarios/world.ts";
import { type Figure, median } from "./figure.ts";

/**
 * What one whole lifecycle (request, two approvals, merge, expiry, revert) costs in calls of GitHub's API, the one
 * token of the hour included; and how long it takes from a webhook to the check run that answers it.
 */
export async function apiCalls(): Promise<readonly Figure[]> {
  const world = await foundWorld();
  try {
    world.sandbox.clearCalls();
    await world.appStarts();
    const start = world.sandbox.calls().length;
    // the token of the installation is made once an hour: it belongs to this lifecycle
    const tokens = world.sandbox.calls().filter(({ path }) => path.endsWith("/access_tokens")).length;
    world.sandbox.clearCalls();
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    await world.clockMoves("PT4H");
    const calls = [...world.sandbox.calls()];
    const operations = calls.map(({ operation }) => operation);
    const answers = await answerTimes(world);
    return [
      {
        name: "api-calls-of-a-lifecycle",
        value: calls.length + Math.min(1, tokens),
        unit: "calls",
        target: { atMost: 16 },
        details: { operations, atStart: start },
      },
      {
        name: "content-creating-calls-of-a-lifecycle",
        value: calls.filter(({ creating }) => creating).length,
        unit: "calls",
        target: { atMost: 4 },
      },
      {
        name: "webhook-to-check-run",
        value: Math.round(median(answers)),
        unit: "ms",
        details: { runs: answers.length, slowest: Math.round(Math.max(...answers)) },
      },
    ];
  } finally {
    await world.ends();
  }
}

/** From the moment the sandbox makes the webhook of a push until the app's check run of that head is there. */
async function answerTimes(world: World): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run < 5; run++) {
    let sent = 0;
    let answered = 0;
    const stop = world.sandbox.onEvent((event, { action }) => {
      if (event === "pull_request" && action === "opened") sent = performance.now();
      if (event === "check_run" && answered === 0) answered = performance.now();
    });
    await world.erin.opens({ id: `bench-${run}`, subject: "erin" });
    stop();
    times.push(answered - sent);
  }
  return times;
}
