import type { CaseFact, Facts, GrantFact } from "../domain/facts.ts";
import type { GrantHistory } from "../domain/lifecycle.ts";
import type { GrantId } from "../domain/oid.ts";
import { personOf } from "../domain/person.ts";
import { caseKey } from "../domain/record.ts";
import type { RequestContent } from "../domain/request.ts";
import type { RuleSet } from "../domain/rule-set.ts";
import type { PullReading } from "../ports/forge.ts";
import type { Lockbox } from "./context.ts";
import type { LedgerState } from "./ledger.ts";

/** The facts of a request: what GitHub said of the pull request, what is said of its case, and what the ledger says beside it. */
export function factsOf(
  { facts }: Pick<PullReading, "facts">,
  about: CaseFact,
  content: RequestContent,
  rules: RuleSet | null,
  state: Pick<LedgerState, "histories" | "reviews">,
  { merges }: { readonly merges: Pick<Lockbox["merges"], "reviewed"> },
): Facts {
  const isReviewed = (id: GrantId) => state.reviews.has(id) || merges.reviewed.has(id);
  return {
    ...facts,
    case: about,
    grants: content.kind === "grant" && rules !== null ? grantsBeside(content, rules, state, isReviewed) : [],
  };
}

/** Grants of the same subject or for the same case, in the order in which they began. */
function grantsBeside(
  { grant }: Extract<RequestContent, { kind: "grant" }>,
  { directory }: RuleSet,
  { histories }: Pick<LedgerState, "histories">,
  isReviewed: (id: GrantId) => boolean,
): readonly GrantFact[] {
  const subject = personOf(grant.subject, directory);
  const about = caseKey(grant.case);
  return [...histories.values()]
    .filter(
      ({ activation }) =>
        personOf(activation.subject, directory) === subject || caseKey(activation.case) === about,
    )
    .map((history) => grantFact(history, isReviewed));
}

function grantFact({ activation, end }: GrantHistory, isReviewed: (id: GrantId) => boolean): GrantFact {
  const { grant: id, subject, case: about, emergency, validUntil } = activation;
  return {
    id,
    subject,
    case: about,
    emergency,
    reviewed: isReviewed(id),
    runsUntil: end === null ? validUntil : null,
  };
}
