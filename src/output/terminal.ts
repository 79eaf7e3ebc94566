import type { Access, Decision } from "../domain/decision.ts";
import type { Extension } from "../domain/extension.ts";
import { type Finding, hintOf, isError } from "../domain/finding.ts";
import type { RequirementResult } from "../domain/fulfilment.ts";
import { describeDuration, printInstant } from "../domain/time.ts";
import { plain, plainly } from "./escape.ts";
import { verdictWords } from "./headline.ts";
import { findingsOf, type JudgedFile, verdictOf } from "./judged.ts";
import { waysInstead } from "./ways.ts";
import { counted, listed, sourceWords } from "./words.ts";

type Style = "red" | "yellow" | "green" | "dim" | "bold";

const codes = { red: 31, yellow: 33, green: 32, dim: 2, bold: 1 } as const satisfies Record<Style, number>;

type Paint = (style: Style, words: string) => string;

const styles = {
  invalid: "red",
  denied: "red",
  pending: "yellow",
  approved: "green",
  valid: "green",
} as const satisfies Record<ReturnType<typeof verdictOf>, Style>;

/**
 * What the command line prints about files: every finding as `path:line:column  CODE  sentence` with its hint, a
 * line with the verdict, and who has to approve. Without control characters, whatever the files hold; with
 * `colour`, the only escape sequences are ours.
 */
export function terminalOf(files: readonly JudgedFile[], colour: boolean): string {
  const paint: Paint = (style, words) => (colour ? `\u001b[${codes[style]}m${words}\u001b[0m` : words);
  const blocks = files.map((judged) => fileLines(judged, paint).join("\n"));
  return `${[...blocks, total(files, paint)].join("\n\n")}\n`;
}

function fileLines(judged: JudgedFile, paint: Paint): readonly string[] {
  const verdict = verdictOf(judged);
  const found = findingsOf(judged);
  return [
    ...found.flatMap((one) => findingLines(one, judged.file, paint)),
    `${paint("bold", plain(judged.file))}: ${paint(styles[verdict], verdictLine(judged))}`,
    ...("decision" in judged ? decisionLines(judged.decision, paint) : []),
  ];
}

function findingLines(one: Finding, file: string, paint: Paint): readonly string[] {
  const where = one.at === undefined ? file : `${one.at.file}:${one.at.line}:${one.at.column}`;
  const code = paint(isError(one) ? "red" : "yellow", one.code);
  return [
    `${plain(where)}  ${code}  ${isError(one) ? "" : "warning: "}${plain(one.message)}`,
    paint("dim", `  hint: ${plain(hintOf(one))}`),
  ];
}

function verdictLine(judged: JudgedFile): string {
  if (!("decision" in judged)) {
    return verdictOf(judged) === "valid"
      ? "valid"
      : `${counted(judged.findings.filter(isError).length, "thing")} to mend`;
  }
  const { decision } = judged;
  const open = decision.requirements.some(({ missing }) => missing > 0);
  if (decision.verdict === "pending" && open) return "valid, and has to be approved";
  return decision.verdict === "approved" ? "approved" : lowerFirst(verdictWords(decision, plainly));
}

/** What is special about a grant, and who has to approve it. */
function decisionLines(decision: Decision, paint: Paint): readonly string[] {
  const { access, verdict, requirements } = decision;
  const special = [
    ...(access === null || access.extension === null
      ? []
      : [`  extends the access${rangeOf(access.extension)}`]),
    ...(access?.view.emergency === true ? [paint("red", `  ${plainWarning(access)}`)] : []),
  ];
  if (verdict !== "pending") return special;
  return [
    ...special,
    ...requirements.filter(({ missing }) => missing > 0).map(requirementLine),
    ...waysInstead(decision).flatMap(({ spared, instead }) => [
      `  or instead of ${listed(spared.map((name) => plainly.prose(name))) || "the above"}:`,
      ...instead.map((result) => `  ${requirementLine(result)}`),
    ]),
  ];
}

function rangeOf({ begun, runsUntil }: Extension): string {
  const end = runsUntil === null ? " and has ended" : ` and ends at ${printInstant(runsUntil)}`;
  return ` that began at ${printInstant(begun)}${end}`;
}

function plainWarning({ skipped, reviewWithin }: Access): string {
  const names = listed(skipped.map((name) => plainly.prose(name)));
  const soon = reviewWithin === null ? "" : ` within ${describeDuration(reviewWithin)}`;
  return `EMERGENCY: ${names === "" ? "fewer approvals" : `not asked for: ${names}`}; to be reviewed${soon} by somebody else`;
}

function requirementLine({ requirement, missing, candidates }: RequirementResult): string {
  const people =
    candidates.length === 0
      ? ""
      : `: ${listed(
          candidates.map((person) => plainly.value(person)),
          10,
          "or",
        )}`;
  const policies = requirement.policies.map((policy) => plainly.value(policy));
  const asked = policies.length === 0 ? "every grant" : listed(policies);
  return `  ${plainly.prose(requirement.name)}: ${missing} of ${sourceWords(requirement.from, plainly)}${people} (asked for by ${asked})`;
}

function total(files: readonly JudgedFile[], paint: Paint): string {
  const bad = files.filter((judged) => styles[verdictOf(judged)] === "red").length;
  const words = bad === 0 ? "nothing to mend" : `${bad} with something to mend`;
  return paint(bad === 0 ? "green" : "red", `${counted(files.length, "file")}, ${words}`);
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
