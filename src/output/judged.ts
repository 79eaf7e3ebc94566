import type { Decision } from "../domain/decision.ts";
import { type Finding, isError } from "../domain/finding.ts";

/** One file that a command looked at: a grant with its decision, or any other file with what was found in it. */
export type JudgedFile =
  | { readonly file: string; readonly decision: Decision }
  | { readonly file: string; readonly findings: readonly Finding[] };

/** Everything found about a file. */
export function findingsOf(judged: JudgedFile): readonly Finding[] {
  return "decision" in judged ? judged.decision.findings : judged.findings;
}

/** One word for the file: the verdict on a grant; `valid` or `invalid` for any other file. */
export function verdictOf(judged: JudgedFile): Decision["verdict"] | "valid" {
  if ("decision" in judged) return judged.decision.verdict;
  return judged.findings.some(isError) ? "invalid" : "valid";
}
