import { Command } from "commander";
import { instantOf } from "../domain/time.ts";
import { explain } from "../ledger/why.ts";
import { explanationJson, explanationText } from "../output/state.ts";
import { openLedger, readInstant } from "./ledger.ts";
import { print } from "./print.ts";

/** `grantbox why`: who let somebody have something, from Git alone. */
export function why(): Command {
  return new Command("why")
    .description(
      "Say whether a subject may have a resource at an instant, and why: the grants, the approvals, the rules and the commits behind it.\n" +
        "Exit code 0: yes; 1: no; 2: wrong call.",
    )
    .argument("<SUBJECT>", "GitHub login of who has the access")
    .argument("<RESOURCE>", "the resource's id, or the last part of it")
    .option("--at <TIME>", "the instant (default: now): 2026-11-24T12:00:00Z, or 2026-11-24")
    .option("--repo <DIR>", "the repository, a checkout or a bare one", ".")
    .option("--branch <NAME>", "the default branch, where neither origin nor HEAD names it")
    .option("--json", "print JSON")
    .action(
      async (
        subject: string,
        resource: string,
        options: { at?: string; repo: string; branch?: string; json?: true },
      ) => {
        const at = options.at === undefined ? instantOf(Date.now()) : readInstant(options.at, "--at");
        const ledger = await openLedger(options.repo, options.branch);
        try {
          const explanation = await explain(ledger.history, ledger.tips, { subject, resource, at });
          await print(
            options.json
              ? `${JSON.stringify(explanationJson(explanation), null, 2)}\n`
              : explanationText(explanation),
          );
          process.exitCode = explanation.answer ? 0 : 1;
        } finally {
          await ledger.close();
        }
      },
    );
}
