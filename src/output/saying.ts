import type { RequirementResult } from "../domain/fulfilment.ts";
import type { Saying, WaitingSaying } from "../domain/saying.ts";
import { printInstant } from "../domain/time.ts";
import { allowanceWords } from "./allowance.ts";
import { candidateWords } from "./approval.ts";
import { joined } from "./bytes.ts";
import { text } from "./escape.ts";
import { mentions } from "./mention.ts";
import { reviewSayingText } from "./review.ts";
import { bullets } from "./table.ts";

/** The text of a comment that says one thing to some people: who is meant, what it is, what they can do. */
export function sayingText(saying: Saying, organization: string): string {
  switch (saying.kind) {
    case "reminder":
    case "escalation":
      return waitingText(saying, organization);
    case "emergency":
    case "review-overdue":
    case "review-refused":
      return reviewSayingText(saying, organization);
    default:
      return saying satisfies never;
  }
}

function waitingText(saying: WaitingSaying, organization: string): string {
  const { decision } = saying;
  const called = mentions(saying.to, organization);
  const to = called === "" ? "" : `${called}: `;
  const open = decision.requirements.filter(({ missing }) => missing > 0);
  const asked = decision.access === null ? "" : `It asks to allow ${allowanceWords(decision.access)}`;
  const lapse =
    decision.lapsesAt === null ? "" : `Without a decision it lapses at ${printInstant(decision.lapsesAt)}.`;
  switch (saying.kind) {
    case "reminder":
      return joined([
        `${to}**this request still waits for you.** *Approve* it, or *Request changes* to deny it and close it.`,
        asked,
        bullets(open.map(missingWords), 5),
        lapse,
      ]);
    case "escalation":
      return joined([
        `${to}**nobody has decided this request by ${printInstant(saying.at)}.** See that one of those below does; being told lets nobody approve who could not before.`,
        asked,
        bullets(open.map(missingWords), 5),
        lapse,
      ]);
    default:
      return saying.kind satisfies never;
  }
}

function missingWords(result: RequirementResult): string {
  return `${text(result.requirement.name)}: ${result.missing} missing, could come from ${candidateWords(result)}`;
}
