import type { Instant } from "../domain/time.ts";
import { BYTE_LIMIT, byteLength, joined, within } from "../output/bytes.ts";
import { markdownBlocks } from "./markdown.ts";
import type { MonthFigures } from "./month.ts";
import { asOf, titleOf } from "./tables.ts";

/** Of each table so many rows are tried, one after the other, until the text is short enough for GitHub. */
const ROWS = [Number.POSITIVE_INFINITY, 300, 100, 30, 10] as const;

/**
 * The report as an issue: title and text, within GitHub's 65,536 characters. Every section stays as long as that can be;
 * what is left out is said, and how to make the whole. Nobody is mentioned.
 */
export function reportIssue(
  figures: MonthFigures,
  now: Instant,
): { readonly title: string; readonly body: string } {
  const { name } = figures.month;
  const command = `\`grantbox report --month ${name}\``;
  const last = `Whoever has a clone makes this report by ${command}; with \`--out report\` also as a page to file and print, as CSV and as JSON. Leave this text as it is: by it Grantbox finds the issue again.`;
  const blocks = (most: number): readonly string[] => [
    `What happened in this repository in ${name}, from midnight to midnight UTC, by main and the journal alone. ${asOf(now)}`,
    ...(most === Number.POSITIVE_INFINITY
      ? []
      : [`**Not all of it fits into an issue: long tables are cut.** The whole, in a clone: ${command}.`]),
    ...markdownBlocks(figures, most),
  ];
  const fitting = ROWS.find((most) => byteLength(joined([...blocks(most), last])) <= BYTE_LIMIT);
  return { title: titleOf(figures), body: within(blocks(fitting ?? 10), last) };
}
