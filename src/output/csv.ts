/**
 * One line of a table as RFC 4180 has it. A cell that a spreadsheet would take for a formula is given an apostrophe:
 * what users wrote must not run where an auditor opens it.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`;
}

function cellOf(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
