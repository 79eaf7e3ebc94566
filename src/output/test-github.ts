import type { Coverage } from "../domain/coverage.ts";
import { type CaseResult, passes } from "../domain/policy-test.ts";
import { coverageWords, gapsIn, unseenWords } from "./coverage.ts";
import { failureLines } from "./difference.ts";
import { plain } from "./escape.ts";
import { counted } from "./words.ts";

/**
 * Test results as workflow commands of GitHub Actions: an error at the line of each case that fails, a warning at
 * each clause of which something was never seen.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function githubOf(results: readonly CaseResult[], coverage: Coverage | null): string {
  const failed = results.filter((one) => !passes(one));
  return [
    ...failed.map((result) => {
      const { expectedAt, name } = result.case;
      return command("error", { ...expectedAt, title: name }, failureLines(result).join("\n"));
    }),
    ...(coverage === null
      ? []
      : gapsIn(coverage).map((gap) =>
          command(
            "warning",
            { ...gap, title: `${gap.policy}: ${gap.clause}` },
            `no test in which it is ${unseenWords(gap.unseen)}`,
          ),
        )),
    `${counted(results.length, "case")}, ${failed.length === 0 ? "all pass" : `${failed.length} failed`}`,
    ...(coverage === null ? [] : [`Coverage: ${coverageWords(coverage)}`]),
    "",
  ].join("\n");
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly title: string;
}

function command(name: "error" | "warning", { file, line, column, title }: Place, message: string): string {
  const lines = message.split("\n").map((one) => plain(one));
  return `::${name} file=${property(plain(file))},line=${line},col=${column},title=${property(plain(title))}::${data(lines.join("\n"))}`;
}

function data(of: string): string {
  return of.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(of: string): string {
  return data(of).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
