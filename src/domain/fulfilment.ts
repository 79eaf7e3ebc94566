import { barredPersons, type ReviewRuling, ruleReviews } from "./approvals.ts";
import type { Facts, Review } from "./facts.ts";
import { type Finding, finding } from "./finding.ts";
import { type Account, type Person, personOf } from "./person.ts";
import type { ApproverPolicy, ApproverSource } from "./policy.ts";
import { fillSlots, type Slots, slotsToward } from "./quorum.ts";
import type { AccessRequest, RequestContent } from "./request.ts";
import { type Ask, approversOf, combineRequirements, type RequestRequirement } from "./requirements.ts";
import type { RuleSet } from "./rule-set.ts";

/** One requirement: who filled it, who still could. */
export interface RequirementResult {
  readonly requirement: RequestRequirement;
  readonly filledBy: readonly FilledSlot[];
  readonly missing: number;
  /**
   * People whose approval would fill what is missing and who fill nothing yet, in alphabetical order; some of them
   * by taking the place of somebody who then moves here.
   */
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
  /** False while a team cannot be listed: then there may be more approvers than are known. */
  readonly complete: boolean;
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
  const { organization, head } = request;
  const barred = barredPersons(request, grant.subject, facts, rules.directory);
  const lookUp = (source: ApproverSource) => approversOf(source, file.path, organization, rules, facts);
  const asked = combineRequirements(matching).map((requirement) => {
    const approvers = lookUp(requirement.from);
    const eligible = new Set([...approvers.persons].filter((person) => !barred.has(person)));
    return { requirement, approvers, count: requirement.count, eligible };
  });
  const { approvals, discounted } = ruleReviews(facts, head, barred, rules.directory);
  const filled = fillSlots(
    asked,
    approvals.map(({ person }) => person),
  );
  const used = new Set(filled.flat());
  const results = asked.map(({ requirement }, index): RequirementResult => {
    const holders = new Set(filled[index]);
    const missing = requirement.count - holders.size;
    const toward = missing > 0 ? slotsToward(index, asked, filled) : new Set();
    const helping = asked.filter((_, slot) => toward.has(slot));
    const candidates = new Set(helping.flatMap(({ eligible }) => [...eligible]));
    return {
      requirement,
      filledBy: approvals.filter(({ person }) => holders.has(person)),
      missing,
      candidates: [...candidates].filter((person) => !used.has(person)).sort(),
      ask: askAll(
        helping.map(({ approvers }) => approvers.ask),
        (login) => !barred.has(personOf(login, rules.directory)),
      ),
    };
  });
  const named = new Set(asked.flatMap(({ approvers }) => [...approvers.persons]));
  const administrators = lookUp({ codeowners: false, ...rules.settings.administrators });
  const rulings = approvals.map(({ person, review }): ReviewRuling => {
    const fills = results
      .filter(({ filledBy }) => filledBy.some((slot) => slot.person === person))
      .map(({ requirement }) => requirement.name);
    if (fills.length > 0) return { review, counts: true, fills };
    return { review, counts: false, because: named.has(person) ? "slot-taken" : "not-an-approver" };
  });
  const unlisted = [...asked.flatMap(({ approvers }) => approvers.findings), ...administrators.findings];
  return {
    requirements: results,
    rulings: [...rulings, ...discounted].sort((one, other) => one.review.id - other.review.id),
    approvers: new Set([...named, ...administrators.persons]),
    complete: unlisted.length === 0,
    findings: uniqueMessages([...unlisted, ...unfillable(results, asked)]),
  };
}

/** Everybody whom these name, without users who must not approve: GitHub answers 422 when the author is asked. */
function askAll(asks: readonly Ask[], may: (login: string) => boolean): Ask {
  return {
    teams: [...new Set(asks.flatMap(({ teams }) => teams))].sort(),
    users: [...new Set(asks.flatMap(({ users }) => users))].filter(may).sort(),
  };
}

/** What would still be missing if everybody who may approve did. */
function unfillable(results: readonly RequirementResult[], slots: readonly Slots[]): readonly Finding[] {
  const everybody = slots.flatMap(({ eligible }) => [...eligible]);
  const most = fillSlots(slots, everybody).map((people) => people.length);
  return results.flatMap(({ requirement: { name, count } }, index) => {
    const people = most[index];
    if (people === undefined || people >= count) return [];
    const few = people === 0 ? "nobody is left who" : `only ${people} of ${count} people are left who`;
    return [finding("REQUIREMENT_UNFILLABLE", `${few} could fill \`${name}\``)];
  });
}

function uniqueMessages(found: readonly Finding[]): readonly Finding[] {
  return [...new Map(found.map((one) => [`${one.code} ${one.message}`, one])).values()];
}
