import { csvLine } from "../output/csv.ts";
import type { MonthFigures } from "./month.ts";
import { sectionsOf } from "./tables.ts";

/** Every number of the report on a line of its own: section, table, the row's own name, column, value. */
export function reportCsv(figures: MonthFigures): string {
  const lines = sectionsOf(figures).flatMap(({ id, tables }) =>
    tables.flatMap(({ caption, header, rows }) =>
      rows.flatMap(([name = "", ...cells]) =>
        cells.map((cell, index) =>
          csvLine([figures.month.name, id, caption, name, header[index + 1] ?? "", cell]),
        ),
      ),
    ),
  );
  return csvLine(["month", "section", "table", "row", "column", "value"]) + lines.join("");
}
