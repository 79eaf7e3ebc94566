import type { Decision } from "../domain/decision.ts";
import { printInstant } from "../domain/time.ts";
import { allowance, allowanceWords } from "./allowance.ts";
import { discountedReviews, requirementsTable } from "./approval.ts";
import { joined, within } from "./bytes.ts";
import { emergencyWarning } from "./emergency.ts";
import { bold, code, markdown, plain, plainly } from "./escape.ts";
import { type Annotation, annotationsOf, findingLines, undenied } from "./findings.ts";
import { headline, type OpenStanding } from "./headline.ts";
import { nextSteps } from "./next.ts";
import { denialLines, policyDetails, policyLines } from "./policies.ts";
import { bullets, section } from "./table.ts";
import { otherWayLines } from "./ways.ts";

/** GitHub cuts longer titles off in its lists. */
const TITLE_LIMIT = 120;

/** Null while the request waits: a required check that is not concluded keeps everybody from merging. */
export type Conclusion = "success" | "failure" | null;

/** What a check run shows. `summary` and `text` are Markdown; all texts are within GitHub's limits. */
export interface CheckText {
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly conclusion: Conclusion;
  readonly annotations: readonly Annotation[];
}

/**
 * The check run of a request that is not activated (a merged head keeps the check it was merged with). An approver
 * can decide from its summary alone.
 */
export function checkOf(standing: OpenStanding): CheckText {
  const { decision } = standing;
  const mend = section("Findings", findingLines(undenied(decision.findings)));
  const body = [
    section("What it would allow", allowance(decision)),
    section(
      "Who has to say yes",
      joined([requirementsTable(decision.requirements), otherWayLines(decision)]),
    ),
    section("Reviews that do not count", discountedReviews(decision.reviews)),
    section("What each policy said", policyLines(decision)),
  ];
  return {
    title: plain(headline(standing, plainly), TITLE_LIMIT),
    summary: within(
      [
        `${bold(headline(standing, markdown))}${decision.access === null ? "" : ` It asks to allow ${allowanceWords(decision.access)}`}`,
        emergencyWarning(decision),
        section("Why it is denied", denialLines(decision.denials)),
        ...(decision.verdict === "invalid" ? [mend, ...body] : [...body, mend]),
      ],
      section("What happens next", nextSteps(standing)),
    ),
    text: within(
      [section("What was judged", judged(decision)), section("Policies", policyDetails(decision))],
      "",
    ),
    conclusion: conclusionOf(standing),
    annotations: annotationsOf(decision.findings),
  };
}

function conclusionOf({ kind, decision }: OpenStanding): Conclusion {
  if (kind === "closed") return "failure";
  if (decision.verdict === "approved") return "success";
  return decision.verdict === "pending" ? null : "failure";
}

function judged({ file, head, rules, lapsesAt }: Decision): string {
  return bullets(
    [
      ...(file === null ? [] : [`Grant file: ${code(file.path)}, blob ${code(file.blob)}`]),
      `Head commit: ${code(head)}`,
      `Rules on the default branch: ${rules === null ? "they were not read" : `digest ${code(rules)}`}`,
      ...(lapsesAt === null ? [] : [`Lapses at: ${printInstant(lapsesAt)}`]),
    ],
    4,
  );
}
