import type { Coverage } from "../domain/coverage.ts";
import { type CaseResult, passes } from "../domain/policy-test.ts";
import { coverageTable } from "./coverage.ts";
import { failureLines, placeWords } from "./difference.ts";
import { plain } from "./escape.ts";
import { counted } from "./words.ts";

/** Test results for people: a line for each case, and under one that fails what was expected, what came and why. */
export function prettyOf(results: readonly CaseResult[], coverage: Coverage | null, colour: boolean): string {
  const paint = (code: number, words: string) => (colour ? `\u001b[${code}m${words}\u001b[0m` : words);
  const blocks = [...Map.groupBy(results, ({ test }) => test.file)].map(([file, cases]) =>
    [
      paint(1, plain(file)),
      ...cases.flatMap((one) =>
        passes(one)
          ? [`  ${paint(32, "✓")} ${plain(one.case.name)}`]
          : [
              `  ${paint(31, "✗")} ${plain(one.case.name)}  ${paint(2, placeWords(one.case.expectedAt))}`,
              ...failureLines(one).map((line) => `      ${line}`),
            ],
      ),
    ].join("\n"),
  );
  const failed = results.filter((one) => !passes(one)).length;
  const total = `${counted(results.length, "case")}, ${failed === 0 ? "all pass" : `${failed} ${failed === 1 ? "fails" : "fail"}`}`;
  return [
    ...blocks,
    ...(coverage === null ? [] : [coverageTable(coverage).trimEnd()]),
    `${paint(failed === 0 ? 32 : 31, total)}\n`,
  ].join("\n\n");
}
