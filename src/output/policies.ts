import type { Decision, PolicyResult } from "../domain/decision.ts";
import type { Denial } from "../domain/denial.ts";
import { findings, type Position } from "../domain/finding.ts";
import { code, markdown, sentence, text } from "./escape.ts";
import { bullets } from "./table.ts";
import { denialCodes, denialWords } from "./words.ts";

/** More policies than this that do not apply are only numbered in the summary; the text lists them. */
const IDLE_SHOWN = 15;
const DETAILS_SHOWN = 200;

/** What each policy said, the ones that apply first. */
export function policyLines({ policies, denials }: Pick<Decision, "policies" | "denials">): string {
  const idle = policies.filter(({ applicability }) => applicability.applies === false);
  const active = policies.filter(({ applicability }) => applicability.applies !== false);
  return [
    bullets(
      active.map((result) => said(result, denials)),
      DETAILS_SHOWN,
    ),
    bullets(
      idle.map((result) => said(result, denials)),
      IDLE_SHOWN,
    ),
  ]
    .filter((list) => list !== "")
    .join("\n");
}

/** Where each policy stands and what it is for, whether it applies or not. */
export function policyDetails({ policies }: Pick<Decision, "policies">): string {
  return bullets(
    policies.map(({ policy, description, at }) => `${code(policy)} (${position(at)}): ${text(description)}`),
    DETAILS_SHOWN,
  );
}

function said({ policy, description, applicability }: PolicyResult, denials: readonly Denial[]): string {
  const name = code(policy);
  if (applicability.applies === "unknown") {
    return `${name} could not be evaluated, which denies the request: ${text(applicability.error)}`;
  }
  if (applicability.applies) {
    const refusals = denials.flatMap((denial) => {
      if (denial.kind === "policy" && denial.policy === policy) return [text(denial.message)];
      return denial.kind === "rule-failed" && denial.policy === policy ? [text(denial.error)] : [];
    });
    return refusals.length === 0
      ? `${name} applies: ${text(description)}`
      : `${name} **denies**: ${refusals.join("; ")}`;
  }
  const { clause, at } = applicability.because;
  return `${name} does not apply: its ${code(clause)} does not fit (${position(at)})`;
}

/** Why a request is denied, every reason of it, and what can be done about it. */
export function denialLines(denials: readonly Denial[]): string {
  return bullets(
    denials.map((denial) => {
      const where = "at" in denial ? ` (${position(denial.at)})` : "";
      const todo = findings[denialCodes[denial.kind]].hint;
      return `${denialWords(denial, markdown)}${where}. **To do:** ${sentence(todo)}`;
    }),
    DETAILS_SHOWN,
  );
}

/** A place in a file: `policies/a.yaml:3:1`. */
export function position({ file, line, column }: Position): string {
  return code(`${file}:${line}:${column}`, 400);
}
