import { Command } from "commander";
import type { Instant } from "../domain/time.ts";
import { walkLedger } from "../ledger/read.ts";
import { selecting } from "../ledger/select.ts";
import { csvLine } from "../output/csv.ts";
import { eventColumns, eventJson, eventLine, eventRow, type ShownEvent } from "../output/event.ts";
import { UsageError } from "./checkout.ts";
import { type OpenLedger, openLedger, readInstant } from "./ledger.ts";
import { print } from "./print.ts";
import { progress } from "./progress.ts";

interface Options {
  grant?: string;
  subject?: string;
  resource?: string;
  approver?: string;
  case?: string;
  from?: string;
  to?: string;
  branch?: string;
  csv?: true;
  json?: true;
}

/** `grantbox history`: everything that happened, from Git alone. */
export function history(): Command {
  return new Command("history")
    .description(
      "List what happened in a lockbox repository, oldest first: a checkout or a bare one, by Git alone.",
    )
    .argument("[DIR]", "the repository", ".")
    .option("--grant <ID>", "only what happened to this grant")
    .option(
      "--subject <LOGIN>",
      "only grants of this subject, and requests of theirs that were never granted",
    )
    .option("--resource <ID>", "only grants on this resource, by its id or the last part of it")
    .option("--approver <LOGIN>", "only grants that this person approved")
    .option("--case <ID>", "only grants for this case")
    .option("--from <TIME>", "only from this instant on: 2026-11-24T12:00:00Z, or 2026-11-24")
    .option("--to <TIME>", "only up to this instant, and without it")
    .option("--branch <NAME>", "the default branch, where neither origin nor HEAD names it")
    .option("--csv", "print a table for a spreadsheet")
    .option("--json", "print JSON")
    .action(async (folder: string, options: Options) => {
      if (options.csv && options.json) throw new UsageError("choose one of --csv and --json");
      const ledger = await openLedger(folder, options.branch);
      try {
        await list(ledger, options);
      } finally {
        await ledger.close();
      }
    });
}

async function list({ history: repository, tips }: OpenLedger, options: Options): Promise<void> {
  const instant = (text: string | undefined, option: string): Instant | null =>
    text === undefined ? null : readInstant(text, option);
  const isWanted = selecting({
    grant: options.grant ?? null,
    subject: options.subject ?? null,
    resource: options.resource ?? null,
    approver: options.approver ?? null,
    case: options.case ?? null,
    from: instant(options.from, "--from"),
    to: instant(options.to, "--to"),
  });
  const form = options.csv ? csv : options.json ? json : text;
  const bar = progress("reading the history");
  const last = (await repository.commit(tips.main)).committedAt;
  let first: Instant | null = null;
  let count = 0;
  let goesOn = await print(form.head);
  for await (const portion of walkLedger(repository, tips)) {
    first ??= portion[0]?.committedAt ?? null;
    const shown = portion.filter(isWanted);
    if (shown.length > 0) {
      bar.clear();
      goesOn = await print(shown.map((event, index) => form.event(event, count + index)).join(""));
      count += shown.length;
    }
    if (!goesOn) return;
    bar.at(((portion.at(-1)?.committedAt ?? 0) - (first ?? 0)) / (last - (first ?? 0)));
  }
  bar.clear();
  await print(form.foot(count));
}

interface Form {
  readonly head: string;
  event(event: ShownEvent, index: number): string;
  foot(count: number): string;
}

const text: Form = {
  head: "",
  event: (event) => `${eventLine(event)}\n`,
  foot: (count) => (count === 0 ? "Nothing that fits.\n" : ""),
};
const csv: Form = { head: csvLine(eventColumns), event: (event) => csvLine(eventRow(event)), foot: () => "" };
const json: Form = {
  head: "[",
  event: (event, index) => `${index === 0 ? "" : ","}\n${JSON.stringify(eventJson(event))}`,
  foot: () => "\n]\n",
};
