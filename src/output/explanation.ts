import type { Change, Plain, Suggestion } from "../domain/change.ts";
import type { ClauseResult, Explanation, PolicyExplanation } from "../domain/explanation.ts";
import { hintOf } from "../domain/finding.ts";
import { placeWords, requirementWords } from "./difference.ts";
import { plain, plainly } from "./escape.ts";
import { verdictWords } from "./headline.ts";
import { jsonOf } from "./json.ts";

/** Outcomes that stand against a request, or keep a policy from applying. */
const against: ReadonlySet<ClauseResult["outcome"]> = new Set<ClauseResult["outcome"]>([
  "unmatched",
  "false",
  "broken",
  "unmet",
  "missing",
  "fired",
  "failed",
]);

/** A decision with its reasons: each policy and clause with its place, and what would change the verdict. */
export function explanationText(file: string, explanation: Explanation, suggestion: Suggestion): string {
  const { decision, policies } = explanation;
  const refusals = decision.access === null ? decision.findings : [];
  return [
    `${plain(file)}: ${decision.verdict}. ${verdictWords(decision, plainly)}`,
    ...refusals.map(
      (one) =>
        `  ${one.at ? `${placeWords(one.at)}  ` : ""}${one.code}  ${plain(one.message)}; ${plain(hintOf(one))}`,
    ),
    ...policies.map((one) => policyLines(one).join("\n")),
    ...elsewhere(explanation),
    suggestionText(decision.verdict, suggestion),
    "",
  ]
    .join("\n\n")
    .replace(/\n\n$/, "\n");
}

function policyLines({ policy, applicability, clauses }: PolicyExplanation): readonly string[] {
  const { applies } = applicability;
  const word = applies === true ? "applies" : applies === false ? "does not apply" : "cannot be evaluated";
  const head = `${plain(policy.name)} ${word}  ${placeWords(policy.at)}`;
  const shown =
    applies === true
      ? clauses
      : clauses.filter(
          ({ clause, outcome }) =>
            (clause.kind === "match" || clause.kind === "when") && against.has(outcome),
        );
  const width = Math.max(0, ...shown.map(({ clause }) => clause.name.length));
  return [head, ...shown.flatMap((one) => clauseLines(one, width))];
}

function clauseLines(
  { clause, outcome, findings, result, error }: ClauseResult,
  width: number,
): readonly string[] {
  const mark = against.has(outcome) ? "✗" : "·";
  const reasons = [
    ...findings.map(({ message }) => plain(message)),
    ...(result === null ? [] : [requirementWords(result)]),
    ...(error === null ? [] : [plain(error)]),
    ...(clause.kind === "deny" && outcome === "fired" ? [plain(clause.message)] : []),
  ];
  return [
    `  ${mark} ${plain(clause.name).padEnd(width)}  ${outcome.padEnd(9)}  ${placeWords(clause.at)}`,
    ...reasons.map((reason) => `      ${reason}`),
  ];
}

/** What stands in the way and comes from no policy: settings, CODEOWNERS, the pull request itself. */
function elsewhere({ decision, policies }: Explanation): readonly string[] {
  if (decision.access === null) return [];
  const told = new Set(
    policies.flatMap(({ clauses }) => clauses.flatMap(({ findings }) => findings.map(({ code }) => code))),
  );
  const lines = decision.findings
    .filter(({ code }) => !told.has(code) && code !== "POLICY_DENIES" && code !== "POLICY_NONE_MATCHES")
    .map((one) => `  ${one.code}  ${plain(one.message)}${one.at ? `  ${placeWords(one.at)}` : ""}`);
  const owner = decision.requirements
    .filter(({ requirement }) => requirement.at === null)
    .map((one) => `  ${requirementWords(one)}`);
  const all = [...owner, ...lines];
  return all.length === 0 ? [] : [["Beside the policies:", ...all].join("\n")];
}

function suggestionText(verdict: string, { steps, against: undoing }: Suggestion): string {
  if (verdict === "approved") {
    return undoing.length === 0
      ? "No single approval could be missing without another one taking its place."
      : [
          "It would not be approved",
          ...undoing.map(({ change, verdict: then }) => `  ${changeWords(change)}: then it is ${then}`),
        ].join("\n");
  }
  if (steps.length === 0) return "Nothing was found that would change the verdict.";
  const last = steps.at(-1)?.verdict;
  const head =
    last === "approved"
      ? "What it would take, each step judged anew:"
      : "What would bring it nearer, each step judged anew; more than this was not found:";
  return [
    head,
    ...steps.map(
      ({ change, verdict: then }, index) => `  ${index + 1}. ${changeWords(change)}: then it is ${then}`,
    ),
  ].join("\n");
}

/** A change in words. */
export function changeWords({ path, value, before }: Change): string {
  switch (path) {
    case "facts.approvedBy":
      return `with an approval of ${plain(String(Array.isArray(value) ? value.at(-1) : value))}`;
    case "facts.reviews":
      return `without the approval of ${plain(lost(before, value))}`;
    case "grant.justification":
      return `with a \`justification\` of ${Array.from(String(value)).length} characters or more`;
    case "now":
      return `at ${plain(String(value))} or later`;
    case "facts.withoutSecondFactor":
      return "once the subject has a second factor";
    case "facts.case":
      return "once the case is open";
    case "request.draft":
      return "once it is no draft";
    case "request.fork":
      return "from a branch of the repository";
    default: {
      const name = `\`${plain(path.replace(/^grant\./, ""))}\``;
      if (value === null) return `without ${name}`;
      const now = before === null ? "" : ` instead of ${shown(before)}`;
      return `with ${name} ${shown(value)}${now}`;
    }
  }
}

/** Whose review was there and is not. */
function lost(before: Plain, value: Plain): string {
  const names = (of: Plain) =>
    Array.isArray(of)
      ? of.map((one) => (typeof one === "object" && one !== null && "by" in one ? String(one.by) : ""))
      : [];
  const left = names(value);
  return names(before).find((name) => !left.includes(name)) ?? "";
}

function shown(value: Plain): string {
  return plain(typeof value === "string" ? value : JSON.stringify(value));
}

/**
 * The same for programs: the decision as `validate --json` has it, every clause with its `outcome` and place, and each
 * change as a policy test would write it (`path`, `value`), with the verdict that it led to.
 */
export function explanationJson(file: string, { decision, policies }: Explanation, suggestion: Suggestion) {
  return {
    ...jsonOf({ file, decision }),
    policies: policies.map(({ policy, applicability, clauses }) => ({
      name: policy.name,
      applies: applicability.applies === "unknown" ? null : applicability.applies,
      file: policy.at.file,
      clauses: clauses.map(({ clause, outcome, findings, result, error }) => ({
        name: clause.name,
        kind: clause.kind,
        outcome,
        file: clause.at.file,
        line: clause.at.line,
        column: clause.at.column,
        requirement: result?.requirement.name ?? null,
        missing: result?.missing ?? null,
        candidates: result?.candidates ?? [],
        findings: findings.map(({ code, message }) => ({ code, message })),
        error,
      })),
    })),
    steps: suggestion.steps.map(({ change, verdict }) => ({ ...change, verdict })),
    against: suggestion.against.map(({ change, verdict }) => ({ ...change, verdict })),
  };
}
