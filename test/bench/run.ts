import { apiCalls } from "./api-calls.ts";
import { decisions } from "./decisions.ts";
import { type Figure, print } from "./figure.ts";
import { history } from "./history.ts";
import { replay } from "./replay.ts";

/** Every benchmark, in the order in which it is run; name some on the command line to run only those. */
const benchmarks: Readonly<Record<string, () => Promise<readonly Figure[]> | readonly Figure[]>> = {
  decisions,
  "api-calls": apiCalls,
  history,
  replay,
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const figure of await run()) print(figure);
}
process.exit();
