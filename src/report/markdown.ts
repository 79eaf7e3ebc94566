import type { Instant } from "../domain/time.ts";
import { markdown } from "../output/escape.ts";
import { table } from "../output/table.ts";
import type { MonthFigures } from "./month.ts";
import { asOf, CONTROLS_NOTE, controlTable, sectionsOf, type Table, titleOf } from "./tables.ts";

/** The report as Markdown that GitHub renders; what users wrote in it means nothing but itself. */
export function reportMarkdown(figures: MonthFigures, now: Instant): string {
  return `${[`# ${titleOf(figures)}`, asOf(now), ...markdownBlocks(figures)].join("\n\n")}\n`;
}

/** The sections and the control map, block by block; of each table the first rows, and how many more there are. */
export function markdownBlocks(
  figures: MonthFigures,
  mostRows = Number.POSITIVE_INFINITY,
): readonly string[] {
  return [
    ...sectionsOf(figures).flatMap(({ title, note, tables }) => [
      `## ${title}`,
      note,
      ...tables.flatMap((one) => tableBlocks(one, mostRows)),
    ]),
    "## Control map",
    CONTROLS_NOTE,
    table(controlTable.header, controlTable.rows),
  ];
}

function tableBlocks({ caption, header, rows }: Table, mostRows: number): readonly string[] {
  if (rows.length === 0) return [`${caption}: none.`];
  const more = rows.length - mostRows;
  const shown = rows
    .slice(0, mostRows)
    .map((row) => row.map((cell) => (cell === "" ? "" : markdown.prose(cell))));
  return [table(header, shown), ...(more > 0 ? [`*and ${more} more*`] : [])];
}
