import type { Denial } from "../domain/denial.ts";
import type { Difference, ExpectedDenial } from "../domain/expectation.ts";
import { type Finding, isError, type Position } from "../domain/finding.ts";
import type { RequirementResult } from "../domain/fulfilment.ts";
import type { CaseResult } from "../domain/policy-test.ts";
import { type Duration, printDuration } from "../domain/time.ts";
import { plainly } from "./escape.ts";
import { denialWords, discountWords, listed, sourceWords } from "./words.ts";

/** `file:line:column`, as editors open it. */
export function placeWords({ file, line, column }: Position): string {
  return `${plainly.value(file)}:${line}:${column}`;
}

/** What a failed case expected and what came, a line each, then why: findings, denials and requirements. */
export function failureLines(result: CaseResult): readonly string[] {
  const { decision } = result.explanation;
  return [
    ...result.differences.flatMap(differenceLines),
    ...whyLines(decision.findings, decision.requirements),
  ];
}

/** One difference as lines: what was expected, what came. */
export function differenceLines(difference: Difference): readonly string[] {
  switch (difference.of) {
    case "verdict":
      return [`expected the verdict ${difference.wanted}, and it is ${difference.got}`];
    case "policies":
    case "filled":
    case "missing":
    case "findings":
    case "escalatesTo": {
      const { absent, surplus, of } = difference;
      return [
        ...(absent.length > 0 ? [`${listWords[of].absent} ${names(absent)}`] : []),
        ...(surplus.length > 0 ? [`${listWords[of].surplus} ${names(surplus)}`] : []),
      ];
    }
    case "denials":
      return [
        ...difference.absent.map((one) => `expected that ${expectedDenialWords(one)}`),
        ...difference.surplus.map((one) => `did not expect that it is denied: ${denial(one)}`),
      ];
    case "notCounted": {
      const { login, wanted, got } = difference;
      const came =
        got === "counts" ? "it counts" : got === "no-review" ? "there is none" : discountWords[got];
      return [`expected of the review of ${plainly.value(login)}: ${discountWords[wanted]}; but ${came}`];
    }
    case "lapsesAfter":
    case "escalatesAfter":
    case "reviewWithin":
      return [
        `expected ${difference.of} ${printDuration(difference.wanted)}, and it is ${time(difference.got)}`,
      ];
    case "remindsAfter":
      return [`expected remindsAfter ${times(difference.wanted)}, and it is ${times(difference.got)}`];
    default:
      return difference satisfies never;
  }
}

const listWords = {
  policies: { absent: "these policies do not apply:", surplus: "these policies apply as well:" },
  filled: { absent: "not filled:", surplus: "filled as well:" },
  missing: { absent: "not missing:", surplus: "missing as well:" },
  findings: { absent: "not found:", surplus: "found as well:" },
  escalatesTo: { absent: "not told:", surplus: "told as well:" },
} as const;

function whyLines(
  findings: readonly Finding[],
  requirements: readonly RequirementResult[],
): readonly string[] {
  return [
    ...findings.filter(isError).map(({ code, message, at }) => {
      const where = at === undefined || at.file === "" ? "" : ` (${placeWords(at)})`;
      return `${code}: ${plainly.sentence(message)}${where}`;
    }),
    ...requirements.map(requirementWords),
  ];
}

/** Who fills a requirement, and who still could. */
export function requirementWords({ requirement, filledBy, missing, candidates }: RequirementResult): string {
  const by = filledBy.map((slot) => plainly.value(slot.by.login));
  const filled = by.length === 0 ? [] : [`${listed(by)} said yes`];
  const open =
    missing === 0
      ? []
      : [
          `${missing} missing of ${sourceWords(requirement.from, plainly)} (${
            candidates.length === 0 ? "nobody is left" : listed(candidates.map(plainly.value), 10, "or")
          })`,
        ];
  return `${plainly.prose(requirement.name)}: ${[...filled, ...open].join("; ")}`;
}

function expectedDenialWords({ kind, policy, says, by }: ExpectedDenial): string {
  switch (kind) {
    case "no-policy":
      return "no policy covers it";
    case "person":
      return `${plainly.value(by ?? "")} says no`;
    case "policy":
      return `policy ${plainly.value(policy ?? "")} denies it${says === null ? "" : `, saying "${plainly.prose(says)}"`}`;
    default:
      return kind satisfies never;
  }
}

function denial(one: Denial): string {
  const at = "at" in one ? ` (${placeWords(one.at)})` : "";
  return `${denialWords(one, plainly)}${at}`;
}

function names(of: readonly string[]): string {
  return listed(of.map((name) => plainly.value(name)));
}

function time(of: Duration | null): string {
  return of === null ? "not said" : printDuration(of);
}

function times(of: readonly Duration[]): string {
  return of.length === 0 ? "never" : listed(of.map(printDuration));
}
