import type { Demand } from "../domain/demand.ts";
import { describeDuration } from "../domain/time.ts";
import { counted, listed } from "./words.ts";

/** What an analysis of the rules came to, as it is told. */
export type AnalysisTold =
  | { readonly kind: "proved"; readonly cases: number; readonly passing: boolean }
  | {
      readonly kind: "refuted";
      readonly cases: number;
      /** The counterexample, as the file that it would be. */
      readonly file: string;
      readonly policies: readonly string[];
      readonly demand: Demand;
    }
  | { readonly kind: "undecided"; readonly cases: number; readonly because: readonly string[] };

/** The answer of `grantbox policy check` for people. */
export function analysisText(about: string, requires: string, told: AnalysisTold): string {
  const looked = `Looked at ${counted(told.cases, "kind")} of requests that the rules tell apart.`;
  switch (told.kind) {
    case "proved": {
      const what = told.passing
        ? `Proved: whatever is asked where ${about}, it needs ${requires}.`
        : `Proved, but of nothing: no request where ${about} can be approved at all.`;
      return `${what}\n${looked}\n`;
    }
    case "refuted":
      return [
        `Not so: where ${about}, this request needs less than ${requires}.`,
        `It falls under ${listed(told.policies)} and needs ${demandWords(told.demand)}.`,
        "",
        told.file,
      ].join("\n");
    case "undecided":
      return [
        "Not decided: no counterexample was found, and it is not proved.",
        ...told.because.map((reason) => `  ${reason}`),
        looked,
        "",
      ].join("\n");
    default:
      return told satisfies never;
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
