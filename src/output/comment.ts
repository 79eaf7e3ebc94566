import type { Decision } from "../domain/decision.ts";
import { isError } from "../domain/finding.ts";
import type { GrantHistory } from "../domain/lifecycle.ts";
import type { RequestStanding } from "../domain/plan.ts";
import type { ActivationRecord } from "../domain/record.ts";
import { printInstant } from "../domain/time.ts";
import { allowanceWords } from "./allowance.ts";
import { candidateWords } from "./approval.ts";
import { joined } from "./bytes.ts";
import { bold, code, markdown, text } from "./escape.ts";
import { findingLines, undenied } from "./findings.ts";
import { headline, refusedByGitHub, verdictWords } from "./headline.ts";
import { bullets } from "./table.ts";
import { causeOf, listed, mendersOf } from "./words.ts";

/** So many findings or requirements are named; the check run has all. */
const NAMED = 5;

const DETAILS = "The check `grantbox` on this pull request has the details.";
const NEW_REQUEST = "Whoever still needs access opens a new pull request.";

/** The living comment of a pull request that asks for access: at most 15 lines, the next step first. */
export function commentOf(standing: RequestStanding): string {
  switch (standing.kind) {
    case "judged":
      return joined(judgedLines(standing.decision));
    case "closed":
      return joined([`${bold(headline(standing, markdown))} ${closed(standing.decision)}`, DETAILS]);
    case "in-force":
      return joined(inForceLines(standing.activation));
    case "ended":
      return joined(endedLines(standing.history));
    default:
      return standing satisfies never;
  }
}

function judgedLines(decision: Decision): readonly string[] {
  const { verdict, access } = decision;
  const first = `${bold(verdictWords(decision, markdown))} ${todo(decision)}`;
  if (verdict === "invalid")
    return [first, findingLines(undenied(decision.findings).filter(isError), NAMED), DETAILS];
  if (verdict === "denied" || access === null) return [first, DETAILS];
  return verdict === "pending"
    ? [first, `An approval would allow ${allowanceWords(access)}`, waiting(decision), DETAILS]
    : [first, `It allows ${allowanceWords(access)}`, approvals(decision), DETAILS];
}

function todo(decision: Decision): string {
  const { verdict, requirements } = decision;
  switch (verdict) {
    case "invalid":
      return mendersOf(decision.findings).has("requester")
        ? "Mend it and push to this branch; it is judged again at once, and nobody is asked before that."
        : "An administrator has to mend this; the request need not be changed for it.";
    case "denied":
      return closed(decision);
    case "approved":
      return refusedByGitHub(decision)
        ? "An administrator has to look at the rulesets of this repository; the merge is tried again by itself."
        : "Nothing to do: Grantbox merges it now.";
    case "pending":
      return requirements.some(({ missing }) => missing > 0)
        ? "Approvers: review the file, then *Approve*, or *Request changes* to deny the request and close it."
        : "Every approval is there.";
    default:
      return verdict satisfies never;
  }
}

function closed(decision: Decision): string {
  return `This request${decision.file === null ? "" : ` for ${code(decision.file.id)}`} is closed for good and nothing is granted. ${NEW_REQUEST}`;
}

function waiting({ requirements, lapsesAt, findings: found }: Decision): string {
  const lines = requirements.map((result) => {
    const { requirement, missing, filledBy } = result;
    const said =
      filledBy.length === 0
        ? ""
        : `yes from ${listed(
            filledBy.map(({ by }) => code(by.login)),
            NAMED,
          )}`;
    const open = missing === 0 ? "" : `${missing} missing, could come from ${candidateWords(result)}`;
    return `${text(requirement.name)}: ${[said, open].filter((part) => part !== "").join("; ")}`;
  });
  const lapse = lapsesAt === null ? "" : `Without a decision it lapses at ${printInstant(lapsesAt)}.`;
  const open = requirements.some(({ missing }) => missing > 0);
  return joined([open ? bullets(lines, NAMED) : findingLines(found, 3), lapse]);
}

function approvals({ requirements }: Decision): string {
  const named = requirements.flatMap(({ requirement, filledBy }) =>
    filledBy.map(({ by }) => `${code(by.login)} (${text(requirement.name)})`),
  );
  return named.length === 0 ? "" : `Approved by ${listed(named)}.`;
}

function inForceLines({ grant, validFrom, validUntil, approvedBy }: ActivationRecord): readonly string[] {
  const by = approvedBy.map(({ login, requirement }) => `${code(login)} (${text(requirement)})`);
  return [
    `**In force from ${printInstant(validFrom)} until ${printInstant(validUntil)}.** Nothing to do: the access ends by itself at that time.`,
    `Grant ${code(grant)} was approved by ${listed(by) || "nobody"}.`,
    "To end it early, any of these:",
    bullets(
      [
        "`/revoke <reason>` as a comment here, by an approver, a code owner or an administrator;",
        "`/release` as a comment here, by the subject;",
        "a pull request that removes the file, by anybody who may write to this repository.",
      ],
      3,
    ),
  ];
}

function endedLines({ activation, end }: GrantHistory): readonly string[] {
  if (end === null) return inForceLines(activation);
  const { reason, endedAt } = end.record;
  const why = reason.trim() === "" ? "" : ` The reason given: ${text(reason)}`;
  const left =
    end.on === "journal"
      ? "The file gives no access, but GitHub has not let it off the default branch: an owner has to merge the open removal."
      : "The file is off the default branch.";
  return [
    `**Ended at ${printInstant(endedAt)}: ${causeOf(end.record, markdown)}.** ${NEW_REQUEST}`,
    `Grant ${code(activation.grant)} gave access from ${printInstant(activation.validFrom)}. ${left}${why}`,
  ];
}
