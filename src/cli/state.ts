import { Command } from "commander";
import { instantOf } from "../domain/time.ts";
import { isOfResource, isOfSubject } from "../ledger/select.ts";
import { readState } from "../ledger/state.ts";
import { stateJson, stateText } from "../output/state.ts";
import { cachedCheckpoint, keepCheckpoint, openLedger, readInstant } from "./ledger.ts";
import { print } from "./print.ts";

interface Options {
  at?: string;
  subject?: string;
  resource?: string;
  branch?: string;
  json?: true;
}

/** `grantbox state`: who may do what at an instant, from Git alone. */
export function state(): Command {
  return new Command("state")
    .description(
      "List who may do what at an instant: the commit on main at that instant and the clock decide, nothing else.",
    )
    .argument("[DIR]", "the repository, a checkout or a bare one", ".")
    .option("--at <TIME>", "the instant (default: now): 2026-11-24T12:00:00Z, or 2026-11-24")
    .option("--subject <LOGIN>", "only what this person may do")
    .option("--resource <ID>", "only this resource, by its id or the last part of it")
    .option("--branch <NAME>", "the default branch, where neither origin nor HEAD names it")
    .option("--json", "print JSON")
    .action(async (folder: string, options: Options) => {
      const at = options.at === undefined ? instantOf(Date.now()) : readInstant(options.at, "--at");
      const ledger = await openLedger(folder, options.branch);
      try {
        const from = cachedCheckpoint(ledger.repository);
        const reading = await readState(ledger.history, ledger.tips, at, from);
        if (reading.checkpoint !== null) keepCheckpoint(ledger.repository, reading.checkpoint);
        const { subject = null, resource = null } = options;
        const standings = reading.state.standings.filter((standing) =>
          standing.kind === "unrecorded"
            ? subject === null && resource === null
            : isOfSubject(standing.history.activation, subject) &&
              isOfResource(standing.history.activation, resource),
        );
        const shown = { ...reading.state, standings };
        await print(options.json ? `${JSON.stringify(stateJson(shown), null, 2)}\n` : stateText(shown));
      } finally {
        await ledger.close();
      }
    });
}
