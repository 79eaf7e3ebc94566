import type { Analysis } from "../domain/analysis.ts";
import type { Demand } from "../domain/demand.ts";
import { describeDuration } from "../domain/time.ts";
import { counted, listed } from "./words.ts";

/** The answer of `grantbox policy check` for people. */
export function analysisText(about: string, requires: string, analysis: Analysis): string {
  const looked = `Looked at ${counted(analysis.cases, "kind")} of requests that the rules tell apart.`;
  switch (analysis.kind) {
    case "proved": {
      const what = analysis.passing
        ? `Proved: whatever is asked where ${about}, it needs ${requires}.`
        : `Proved, but of nothing: no request where ${about} can be approved at all.`;
      return `${what}\n${looked}\n`;
    }
    case "refuted":
      return [
        `Not so: where ${about}, this request needs less than ${requires}.`,
        `It falls under ${listed(analysis.policies)} and needs ${demandWords(analysis.demand)}.`,
        "",
        analysis.file,
      ].join("\n");
    case "undecided":
      return [
        "Not decided: no counterexample was found, and it is not proved.",
        ...analysis.because.map((reason) => `  ${reason}`),
        looked,
        "",
      ].join("\n");
    default:
      return analysis satisfies never;
  }
}

function demandWords({ approvals, codeowner, teams, maxDuration, ...conditions }: Demand): string {
  const parts = [
    counted(approvals, "approval"),
    codeowner ? "a code owner among them" : "no code owner",
    ...teams.map((team) => `somebody of ${team}`),
    `at most ${describeDuration(maxDuration)}`,
    ...(conditions.mfa ? ["a second factor"] : []),
    ...(conditions.signedCommits ? ["signed commits"] : []),
    ...(conditions.caseOpen ? ["an open case"] : []),
  ];
  return listed(parts, 20);
}
