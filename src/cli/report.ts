import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { parseMonth } from "../domain/month.ts";
import { instantOf } from "../domain/time.ts";
import { changesWithin } from "../git/changes-within.ts";
import { readPeriod } from "../ledger/period.ts";
import { reportCsv } from "../report/csv.ts";
import { reportHtml } from "../report/html.ts";
import { reportJson } from "../report/json.ts";
import { reportMarkdown } from "../report/markdown.ts";
import { monthFigures } from "../report/month.ts";
import { UsageError } from "./checkout.ts";
import { openLedger } from "./ledger.ts";
import { print } from "./print.ts";

interface Options {
  month: string;
  out?: string;
  branch?: string;
}

/** `grantbox report`: the figures of a month, and which control each is evidence for. */
export function report(): Command {
  return new Command("report")
    .description(
      "Report a month for compliance, by Git alone: as Markdown, or as HTML, Markdown, CSV and JSON files.",
    )
    .argument("[DIR]", "the repository, a checkout or a bare one", ".")
    .requiredOption("--month <YYYY-MM>", "the month, in UTC")
    .option("--out <DIR>", "write report.html, report.md, report.csv and report.json into this folder")
    .option("--branch <NAME>", "the default branch, where neither origin nor HEAD names it")
    .action(async (folder: string, options: Options) => {
      const month = parseMonth(options.month);
      if (month === null) throw new UsageError(`--month: \`${options.month}\` is no month; write 2026-11`);
      const now = instantOf(Date.now());
      const ledger = await openLedger(folder, options.branch);
      try {
        const period = await readPeriod(
          changesWithin(ledger.history, month.from, month.to),
          ledger.tips,
          month.from,
          month.to,
        );
        const figures = monthFigures(month, period, now);
        const markdown = reportMarkdown(figures, now);
        if (options.out === undefined) {
          await print(markdown);
          return;
        }
        mkdirSync(options.out, { recursive: true });
        const files = {
          "report.html": reportHtml(figures, now),
          "report.md": markdown,
          "report.csv": reportCsv(figures),
          "report.json": `${JSON.stringify(reportJson(figures, now), null, 2)}\n`,
        };
        for (const [name, text] of Object.entries(files)) writeFileSync(join(options.out, name), text);
      } finally {
        await ledger.close();
      }
    });
}
