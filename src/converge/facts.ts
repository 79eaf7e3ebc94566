import type { CaseFact, Facts, GrantFact } from "../domain/facts.ts";
import type { GrantHistory } from "../domain/lifecycle.ts";
import { personOf } from "../domain/person.ts";
import { caseKey } from "../domain/record.ts";
import type { RequestContent } from "../domain/request.ts";
import type { RuleSet } from "../domain/rule-set.ts";
import type { PullReading } from "../ports/forge.ts";
import type { LedgerState } from "./ledger.ts";

/** The facts of a request: what GitHub said of the pull request, what is said of its case, and what the ledger says beside it. */
export function factsOf(
  { facts }: Pick<PullReading, "facts">,
  about: CaseFact,
  content: RequestContent,
  rules: RuleSet | null,
  state: Pick<LedgerState, "histories" | "reviews">,
): Facts {
  return {
    ...facts,
    case: about,
    grants: content.kind === "grant" && rules !== null ? grantsBeside(content, rules, state) : [],
  };
}

/** Grants of the same subject or for the same case, in the order in which they began. */
function grantsBeside(
  { grant }: Extract<RequestContent, { kind: "grant" }>,
  { directory }: RuleSet,
  { histories, reviews }: Pick<LedgerState, "histories" | "reviews">,
): readonly GrantFact[] {
  const subject = personOf(grant.subject, directory);
  const about = caseKey(grant.case);
  return [...histories.values()]
    .filter(
      ({ activation }) =>
        personOf(activation.subject, directory) === subject || caseKey(activation.case) === about,
    )
    .map((history) => grantFact(history, reviews));
}

function grantFact({ activation, end }: GrantHistory, reviews: LedgerState["reviews"]): GrantFact {
  const { grant: id, subject, case: about, emergency, validUntil } = activation;
  return {
    id,
    subject,
    case: about,
    emergency,
    reviewed: reviews.has(id),
    runsUntil: end === null ? validUntil : null,
  };
}
