import { barredPersons, type ReviewRuling, ruleReviews } from "./approvals.ts";
import type { Facts, Review } from "./facts.ts";
import { type Finding, finding } from "./finding.ts";
import { type Account, type Person, personOf } from "./person.ts";
import type { ApproverPolicy } from "./policy.ts";
import { fillSlots } from "./quorum.ts";
import type { AccessRequest, RequestContent } from "./request.ts";
import { type Ask, approversOf, combineRequirements, type RequestRequirement } from "./requirements.ts";
import type { RuleSet } from "./rule-set.ts";

/** One requirement: who filled it, who still could. */
export interface RequirementResult {
  readonly requirement: RequestRequirement;
  readonly filledBy: readonly FilledSlot[];
  readonly missing: number;
  /** People who could fill what is missing and have not been used elsewhere, in alphabetical order. */
  readonly candidates: readonly Person[];
  /** Whom to ask for what is missing, as GitHub can be asked. */
  readonly ask: Ask;
}

export interface FilledSlot {
  readonly person: Person;
  readonly review: Review;
  readonly by: Account;
}

/** Who has said yes, who still could, and what each review counted for. */
export interface Fulfilment {
  readonly requirements: readonly RequirementResult[];
  readonly rulings: readonly ReviewRuling[];
  /** Everybody who may say no: all whom any requirement names, and the administrators. */
  readonly approvers: ReadonlySet<Person>;
  readonly findings: readonly Finding[];
}

/** Fills the requirements of all policies that match with the approvals that count. */
export function fulfil(
  request: AccessRequest,
  { file, grant }: Extract<RequestContent, { kind: "grant" }>,
  rules: RuleSet,
  facts: Facts,
  matching: readonly ApproverPolicy[],
): Fulfilment {
  const barred = barredPersons(request, grant.subject, facts, rules.directory);
  const asked = combineRequirements(matching).map((requirement) => ({
    requirement,
    approvers: approversOf(requirement.from, file.path, request.organization, rules, facts),
  }));
  const { approvals, discounted } = ruleReviews(facts, request.head, barred, rules.directory);
  const slots = asked.map(({ requirement, approvers }) => ({
    count: requirement.count,
    eligible: approvers.persons,
  }));
  const filled = fillSlots(
    slots,
    approvals.map(({ person }) => person),
  );
  const used = new Set(filled.flat());
  const results = asked.map(({ requirement, approvers }, index): RequirementResult => {
    const holders = filled[index] ?? [];
    return {
      requirement,
      filledBy: holders.flatMap((person) =>
        approvals.filter((approval) => approval.person === person).flatMap(slotOf),
      ),
      missing: requirement.count - holders.length,
      candidates: [...approvers.persons].filter((person) => !barred.has(person) && !used.has(person)).sort(),
      ask: {
        teams: approvers.ask.teams,
        // GitHub answers 422 when the author is asked to review
        users: approvers.ask.users.filter((login) => !barred.has(personOf(login, rules.directory))),
      },
    };
  });
  const named = new Set(asked.flatMap(({ approvers }) => [...approvers.persons]));
  const administrators = approversOf(
    { codeowners: false, ...rules.settings.administrators },
    file.path,
    request.organization,
    rules,
    facts,
  );
  const rulings = approvals.map(({ person, review }): ReviewRuling => {
    const fills = results
      .filter(({ filledBy }) => filledBy.some((slot) => slot.person === person))
      .map(({ requirement }) => requirement.name);
    if (fills.length > 0) return { review, counts: true, fills };
    return { review, counts: false, because: named.has(person) ? "slot-taken" : "not-an-approver" };
  });
  return {
    requirements: results,
    rulings: [...rulings, ...discounted].sort((one, other) => one.review.id - other.review.id),
    approvers: new Set([...named, ...administrators.persons]),
    findings: uniqueMessages([
      ...asked.flatMap(({ approvers }) => approvers.findings),
      ...results.flatMap(unfillable),
    ]),
  };
}

function slotOf({ person, review }: { person: Person; review: Review }): FilledSlot[] {
  return review.author === null ? [] : [{ person, review, by: review.author }];
}

function unfillable({ requirement, missing, candidates }: RequirementResult): Finding[] {
  if (missing <= candidates.length) return [];
  const few =
    candidates.length === 0
      ? "nobody is left who"
      : `only ${candidates.length} of ${missing} people are left who`;
  return [finding("REQUIREMENT_UNFILLABLE", `${few} could fill \`${requirement.name}\``)];
}

function uniqueMessages(found: readonly Finding[]): readonly Finding[] {
  return [...new Map(found.map((one) => [`${one.code} ${one.message}`, one])).values()];
}
