import type { Decision } from "../domain/decision.ts";
import type { ClosureRecord } from "../domain/record.ts";
import { describeDuration, printInstant } from "../domain/time.ts";
import { code, markdown } from "./escape.ts";
import { type OpenStanding, refusedByGitHub } from "./headline.ts";
import { bullets } from "./table.ts";
import { groupListed, mendersOf, short } from "./words.ts";

/** What happens next and what each of the people involved can do, the most urgent first. */
export function nextSteps(standing: OpenStanding): string {
  const steps =
    standing.kind === "closed" ? closureSteps[standing.record.event] : verdictSteps(standing.decision);
  return bullets(steps, steps.length);
}

const closureSteps = {
  denied: [
    "This request is closed for good; nothing is granted.",
    "Whoever still needs access opens a new pull request, with a new id, that asks for something else.",
  ],
  lapsed: [
    "This request is closed for good; nothing is granted.",
    "Whoever still needs access opens a new pull request and tells the approvers.",
  ],
  withdrawn: [
    "This request is closed for good; nothing is granted. Opening it again does not revive it.",
    "Whoever still needs access opens a new pull request.",
  ],
} as const satisfies Record<ClosureRecord["event"], readonly string[]>;

function verdictSteps(decision: Decision): readonly string[] {
  switch (decision.verdict) {
    case "invalid":
      return invalidSteps(decision);
    case "denied":
      return closureSteps.denied;
    case "approved":
      return [
        refusedByGitHub(decision)
          ? "**Administrators:** see what GitHub says under the findings. Grantbox tries the merge again by itself."
          : "Nothing to do: Grantbox merges this pull request now.",
        beginning(decision),
      ];
    case "pending":
      return pendingSteps(decision);
    default:
      return decision.verdict satisfies never;
  }
}

function invalidSteps(decision: Decision): readonly string[] {
  const menders = mendersOf(decision.findings);
  return [
    ...(menders.has("requester")
      ? ["**Requester:** mend what is listed above and push to the same branch; it is judged again at once."]
      : []),
    ...(menders.has("administrator")
      ? [
          "**Administrators:** mend the rules or the set-up as listed above; the request need not be changed for that.",
        ]
      : []),
    "Nobody is asked to approve before that, and nothing is granted.",
    ...lapse(decision),
  ];
}

function pendingSteps(decision: Decision): readonly string[] {
  const open = decision.requirements.some(({ missing }) => missing > 0);
  return [
    ...(open
      ? [
          `**Approvers:** *Approve* says yes to commit ${code(short(decision.head))}. With the last approval that is missing, Grantbox merges this pull request at once.`,
          "*Request changes*, by anybody who may approve or by an administrator, denies the request and closes it for good.",
        ]
      : ["Every approval is there; it waits only for what the findings name."]),
    beginning(decision),
    "A push to the branch makes the approvals so far void: they are bound to the commit.",
    ...lapse(decision),
  ];
}

function beginning({ access, opensAt }: Decision): string {
  if (access === null) return "";
  if (access.extension !== null) {
    return `From the merge on it lasts ${describeDuration(access.duration)}; what it was before counts no more, and it ends by itself.`;
  }
  if (opensAt !== null) {
    return `Office hours keep it from being merged before ${printInstant(opensAt)}; then it begins, and ends by itself after ${describeDuration(access.duration)}.`;
  }
  const begin =
    access.notBefore === null
      ? "The access begins with the merge"
      : `The access begins with the merge, but not before ${printInstant(access.notBefore)},`;
  return `${begin} and ends by itself after ${describeDuration(access.duration)}.`;
}

function lapse({ lapsesAt, escalation, verdict }: Decision): readonly string[] {
  const told =
    escalation === null || verdict !== "pending"
      ? []
      : [
          `If it is still undecided at ${printInstant(escalation.at)}, ${groupListed(escalation.to, markdown)} will be told; being told lets nobody approve.`,
        ];
  return lapsesAt === null
    ? told
    : [...told, `A request that nobody decides lapses: this one at ${printInstant(lapsesAt)}.`];
}
