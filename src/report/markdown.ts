import type { Instant } from "../domain/time.ts";
import { markdown } from "../output/escape.ts";
import { table } from "../output/table.ts";
import type { MonthFigures } from "./month.ts";
import { asOf, controlTable, sectionsOf, type Table, titleOf } from "./tables.ts";

/** The report as Markdown that GitHub renders; what users wrote in it means nothing but itself. */
export function reportMarkdown(figures: MonthFigures, now: Instant): string {
  const parts = sectionsOf(figures).flatMap(({ title, note, tables }) => [
    `## ${title}`,
    note,
    ...tables.map(tableOf),
  ]);
  return `${[
    `# ${titleOf(figures)}`,
    asOf(now),
    ...parts,
    "## Control map",
    "Which section is evidence for which control. Whether the control is met is the auditor's judgement.",
    table(controlTable.header, controlTable.rows),
  ].join("\n\n")}\n`;
}

function tableOf({ header, rows }: Table): string {
  return rows.length === 0
    ? "None."
    : table(
        header,
        rows.map((row) => row.map((cell) => (cell === "" ? "" : markdown.prose(cell)))),
      );
}
