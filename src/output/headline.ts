import type { Decision } from "../domain/decision.ts";
import { findings, isError } from "../domain/finding.ts";
import type { RequestStanding } from "../domain/plan.ts";
import type { ClosureRecord } from "../domain/record.ts";
import { printInstant } from "../domain/time.ts";
import type { Print } from "./escape.ts";
import { because, denialWords, listed, mendWords } from "./words.ts";

/** A request that is not activated: what check run and headline speak of. */
export type OpenStanding = Extract<RequestStanding, { kind: "judged" | "closed" }>;

/** Where a request stands, in one clause without a full stop: the title of its check run. */
export function headline(standing: OpenStanding, print: Print): string {
  return standing.kind === "closed"
    ? closureWords(standing.record, print)
    : verdictWords(standing.decision, print);
}

/** What was decided, in one clause. */
export function verdictWords(decision: Decision, print: Print): string {
  switch (decision.verdict) {
    case "approved":
      return refusedByGitHub(decision) ? "Approved, but GitHub refuses the merge" : "Approved: merging";
    case "invalid":
      return mendWords(decision.findings);
    case "denied": {
      const [denial] = decision.denials;
      return denial === undefined ? "Denied" : `Denied: ${denialWords(denial, print)}`;
    }
    case "pending":
      return waitingWords(decision, print);
    default:
      return decision.verdict satisfies never;
  }
}

/** Whether GitHub has refused the merge of this approved head: then an administrator has to look. */
export function refusedByGitHub({ findings: found }: Pick<Decision, "findings">): boolean {
  return found.some(({ code }) => code === "MERGE_REFUSED");
}

function waitingWords({ requirements, findings: found, opensAt }: Decision, print: Print): string {
  const open = requirements.filter(({ missing }) => missing > 0);
  if (open.length > 0) {
    const names = open.map(({ requirement, missing }) => `${print.prose(requirement.name)} (${missing})`);
    return `Waiting for ${listed(names, 3)}`;
  }
  const hindrances = [...found.filter(isError), ...found.filter(({ code }) => code === "REQUEST_IS_DRAFT")];
  const [hindrance] = hindrances;
  if (opensAt !== null && hindrances.every(({ code }) => code === "GRANT_OUTSIDE_OFFICE_HOURS")) {
    return `Approved: begins at ${printInstant(opensAt)}, when office hours let it`;
  }
  return hindrance === undefined
    ? "Waiting to be judged again"
    : `Waiting: ${findings[hindrance.code].title}`;
}

/** How a request ended without becoming a grant, in one clause. */
function closureWords({ event, closedBy, reason }: ClosureRecord, print: Print): string {
  const by = closedBy === null ? "" : ` by ${print.value(closedBy.login)}`;
  switch (event) {
    case "denied":
      return `Denied${by}${because(reason, print)}`;
    case "lapsed":
      return "Lapsed: nobody decided it in time";
    case "withdrawn":
      return `Withdrawn${by}`;
    default:
      return event satisfies never;
  }
}
