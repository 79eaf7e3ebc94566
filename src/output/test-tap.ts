import { type Coverage, percentOf } from "../domain/coverage.ts";
import { type CaseResult, passes } from "../domain/policy-test.ts";
import { gapsIn, unseenWords } from "./coverage.ts";
import { failureLines, placeWords } from "./difference.ts";
import { plain } from "./escape.ts";

/** Test results in TAP version 14 (https://testanything.org/tap-version-14-specification.html); coverage in comments. */
export function tapOf(results: readonly CaseResult[], coverage: Coverage | null): string {
  return [
    "TAP version 14",
    `1..${results.length}`,
    ...results.flatMap((result, index) => {
      const { test, case: one } = result;
      const point = `${index + 1} - ${described(`${test.name}: ${one.name}`)}`;
      if (passes(result)) return [`ok ${point}`];
      return [
        `not ok ${point}`,
        "  ---",
        `  at: ${JSON.stringify(placeWords(one.expectedAt))}`,
        "  message:",
        ...failureLines(result).map((line) => `    - ${JSON.stringify(line)}`),
        "  ...",
      ];
    }),
    ...(coverage === null ? [] : coverageComments(coverage)),
    "",
  ].join("\n");
}

function coverageComments(coverage: Coverage): readonly string[] {
  return [
    `# coverage ${percentOf(coverage)}`,
    ...gapsIn(coverage).map(
      (gap) =>
        `# uncovered ${placeWords(gap)} ${plain(gap.policy)} ${plain(gap.clause)}: ${unseenWords(gap.unseen)}`,
    ),
  ];
}

/** A description without what would begin a directive. */
function described(text: string): string {
  return plain(text).replaceAll("\\", "\\\\").replaceAll("#", "\\#");
}
