import type { ReviewRuling } from "../domain/approvals.ts";
import type { Review } from "../domain/facts.ts";
import type { RequirementResult } from "../domain/fulfilment.ts";
import { code, markdown, text } from "./escape.ts";
import { bullets, table } from "./table.ts";
import { discountWords, listed, short, sourceWords } from "./words.ts";

/** More reviews than this that do not count are only numbered. */
const REVIEWS_SHOWN = 40;

const stateWords = {
  approved: "approved",
  "changes-requested": "requested changes",
  commented: "commented",
  dismissed: "reviewed",
} as const satisfies Record<Review["state"], string>;

/** Who has to say yes: each requirement, who asked for it, who met it, who still could. */
export function requirementsTable(requirements: readonly RequirementResult[]): string {
  if (requirements.length === 0) return "";
  return table(
    ["Requirement", "Missing", "Said yes", "Could say yes", "Asked for by"],
    requirements.map((result) => [
      text(result.requirement.name),
      result.missing === 0 ? "met" : `**${result.missing} of ${result.requirement.count}**`,
      listed(result.filledBy.map(({ by }) => code(by.login))) || "nobody yet",
      result.missing === 0 ? "" : candidateWords(result),
      listed(result.requirement.policies.map((policy) => code(policy))) ||
        "every grant: a code owner always says yes",
    ]),
  );
}

/** Who could fill what is missing of a requirement, and how they came to be asked. */
export function candidateWords({ candidates, requirement }: RequirementResult): string {
  const from = sourceWords(requirement.from, markdown);
  return candidates.length === 0
    ? `**nobody that is left** (${from})`
    : `${listed(
        candidates.map((person) => code(person)),
        10,
        "or",
      )} (${from})`;
}

/** The reviews that do not count, each with its reason. */
export function discountedReviews(rulings: readonly ReviewRuling[]): string {
  const lines = rulings.flatMap((ruling) => {
    if (ruling.counts) return [];
    const { author, state, commit } = ruling.review;
    const who = author === null ? "An account that is gone" : code(author.login);
    const where = commit === null ? "" : ` at ${code(short(commit))}`;
    return [`${who} ${stateWords[state]}${where}: ${discountWords[ruling.because]}`];
  });
  return bullets(lines, REVIEWS_SHOWN);
}
