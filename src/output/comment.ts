import type { Decision } from "../domain/decision.ts";
import { isError } from "../domain/finding.ts";
import { beginningOf, type GrantHistory } from "../domain/lifecycle.ts";
import type { RequestStanding } from "../domain/plan.ts";
import { printInstant } from "../domain/time.ts";
import { allowanceWords } from "./allowance.ts";
import { candidateWords } from "./approval.ts";
import { joined } from "./bytes.ts";
import { emergencyWarning } from "./emergency.ts";
import { bold, code, markdown, text } from "./escape.ts";
import { findingLines, undenied } from "./findings.ts";
import { headline, refusedByGitHub, verdictWords } from "./headline.ts";
import { bullets } from "./table.ts";
import { otherWayLines } from "./ways.ts";
import { causeOf, listed, mendersOf } from "./words.ts";

/** So many findings or requirements are named; the check run has all. */
const NAMED = 5;

const DETAILS = "The check `grantbox` on this pull request has the details.";
const NEW_REQUEST = "Whoever still needs access opens a new pull request.";

/** The living comment of a pull request that asks for access: at most 20 lines, the next step first. */
export function commentOf(standing: RequestStanding): string {
  switch (standing.kind) {
    case "judged":
      return joined(judgedLines(standing.decision));
    case "closed":
      return joined([`${bold(headline(standing, markdown))} ${closed(standing.decision)}`, DETAILS]);
    case "in-force":
      return joined(inForceLines(standing.history));
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
  const warning = emergencyWarning(decision);
  return verdict === "pending"
    ? [first, warning, `An approval would allow ${allowanceWords(access)}`, waiting(decision), DETAILS]
    : [first, warning, `It allows ${allowanceWords(access)}`, approvals(decision), DETAILS];
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

function waiting(decision: Decision): string {
  const { requirements, lapsesAt, findings: found } = decision;
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
  const asked = [bullets(lines, NAMED), otherWayLines(decision, 2)].filter((part) => part !== "").join("\n");
  return joined([open ? asked : findingLines(found, 3), lapse]);
}

function approvals({ requirements }: Decision): string {
  const named = requirements.flatMap(({ requirement, filledBy }) =>
    filledBy.map(({ by }) => `${code(by.login)} (${text(requirement.name)})`),
  );
  return named.length === 0 ? "" : `Approved by ${listed(named)}.`;
}

function inForceLines(history: GrantHistory): readonly string[] {
  const { grant, validUntil, approvedBy, emergency } = history.activation;
  const { validFrom } = beginningOf(history);
  const by = approvedBy.map(({ login, requirement }) => `${code(login)} (${text(requirement)})`);
  return [
    `**In force from ${printInstant(validFrom)} until ${printInstant(validUntil)}.** Nothing to do: the access ends by itself at that time.`,
    `Grant ${code(grant)} was approved by ${listed(by) || "nobody"}.${extensionWords(history)}`,
    emergency
      ? "**It is emergency access:** somebody who is neither the subject nor the requester has to review it afterwards, in the issue that Grantbox opens for that."
      : "",
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

/** How often and until when a grant has been extended; nothing for one that never was. */
function extensionWords({ activation, earlier }: GrantHistory): string {
  const before = earlier.at(-1);
  if (before === undefined) return "";
  const often = earlier.length === 1 ? "once" : `${earlier.length} times`;
  return ` It has been extended ${often}, last at ${printInstant(activation.validFrom)} in #${activation.pull}; before that it would have ended at ${printInstant(before.validUntil)}.`;
}

function endedLines(history: GrantHistory): readonly string[] {
  const { activation, end } = history;
  if (end === null) return inForceLines(history);
  const { reason, endedAt } = end.record;
  const why = reason.trim() === "" ? "" : ` The reason given: ${text(reason)}`;
  const left =
    end.on === "journal"
      ? "The file gives no access, but GitHub has not let it off the default branch: an owner has to merge the open removal."
      : "The file is off the default branch.";
  return [
    `**Ended at ${printInstant(endedAt)}: ${causeOf(end.record, markdown)}.** ${NEW_REQUEST}`,
    `Grant ${code(activation.grant)} gave access from ${printInstant(beginningOf(history).validFrom)}.${extensionWords(history)} ${left}${why}`,
  ];
}
