/**
 * A Markdown table. In a cell a pipe is escaped even inside inline code (GFM, example 200). Parsers disagree about a
 * backslash before such a pipe: a space is shown between the two, so that no value can end its cell.
 */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(header), row(header.map(() => "---")), ...rows.map(row)].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cellOf).join(" | ")} |`;
}

function cellOf(markdown: string): string {
  return markdown.replaceAll("\\|", "\\ |").replaceAll("|", "\\|");
}

/** A heading with what stands under it; nothing when nothing does. */
export function section(heading: string, body: string): string {
  return body === "" ? "" : `### ${heading}\n\n${body}`;
}

/** A bullet list of at most `most` items that says how many more there are. */
export function bullets(items: readonly string[], most: number): string {
  const more = items.length - most;
  const shown = items.slice(0, most).map((item) => `- ${item}`);
  return [...shown, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}
