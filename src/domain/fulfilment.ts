import { barredPersons, type Opinion, type ReviewRuling, ruleReviews } from "./approvals.ts";
import {
  type ApproverSource,
  type Approvers,
  type Ask,
  approversOf,
  type Lookup,
  nobody,
  sourceKey,
  sourceOfGroup,
} from "./approver-source.ts";
import type { Facts, Review } from "./facts.ts";
import { type Finding, finding } from "./finding.ts";
import { type Account, type Directory, type Person, personOf } from "./person.ts";
import type { ApproverPolicy } from "./policy.ts";
import { fillSlots, type Slots, slotsToward } from "./quorum.ts";
import type { AccessRequest, RequestContent } from "./request.ts";
import {
  combineRequirements,
  type RequestRequirement,
  sourcesOf,
  type Way,
  waysLimit,
} from "./requirements.ts";
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
  /** The requirements of the way that is nearest to being filled. */
  readonly requirements: readonly RequirementResult[];
  /** The other ways that the policies leave open, while that one is not filled. */
  readonly otherWays: readonly (readonly RequirementResult[])[];
  /** Whether some way is filled. */
  readonly filled: boolean;
  readonly rulings: readonly ReviewRuling[];
  /** Everybody who may say no: all whom any requirement names, and the administrators. */
  readonly approvers: ReadonlySet<Person>;
  /** False while a team cannot be listed: then there may be more approvers than are known. */
  readonly complete: boolean;
  readonly findings: readonly Finding[];
}

/** Where the people of a request are looked up. */
export function lookupOf(
  { organization, requester }: Pick<AccessRequest, "organization" | "requester">,
  { file }: Extract<RequestContent, { kind: "grant" }>,
  rules: RuleSet,
  facts: Pick<Facts, "teams">,
): Lookup {
  return { path: file.path, organization, requester: requester.login, rules, facts };
}

/** Fills the requirements of all policies that match with the approvals that count. */
export function fulfil(
  request: AccessRequest,
  content: Extract<RequestContent, { kind: "grant" }>,
  rules: RuleSet,
  facts: Facts,
  matching: readonly ApproverPolicy[],
): Fulfilment {
  const { grant } = content;
  const barred = barredPersons(request, grant.subject, facts, rules.directory);
  const lookup = lookupOf(request, content, rules, facts);
  const known = new Map<string, Approvers>();
  const lookUp = (source: ApproverSource): Approvers => {
    const key = sourceKey(source);
    const approvers = known.get(key) ?? approversOf(source, lookup);
    known.set(key, approvers);
    return approvers;
  };
  const role = rules.settings.approvers && lookUp(sourceOfGroup(rules.settings.approvers));
  const may = (person: Person) => !barred.has(person) && (role?.persons.has(person) ?? true);
  const { approvals, discounted } = ruleReviews(facts, request.head, barred, rules.directory);
  const ways = combineRequirements(matching, grant.emergency === true);
  const tried = (ways ?? []).map((way) => fillWay(way, approvals, lookUp, may, rules.directory));
  const best = tried.reduce<FilledWay | null>(
    (one, other) => (one === null || isNearer(other, one) ? other : one),
    null,
  );
  const sources = sourcesOf(matching).map(lookUp);
  const named = new Set(sources.flatMap(({ persons }) => [...persons]));
  const administrators = lookUp(sourceOfGroup(rules.settings.administrators));
  const rulings = approvals.map(({ person, review }): ReviewRuling => {
    const fills = (best?.results ?? [])
      .filter(({ filledBy }) => filledBy.some((slot) => slot.person === person))
      .map(({ requirement }) => requirement.name);
    if (fills.length > 0) return { review, counts: true, fills };
    if (!named.has(person)) return { review, counts: false, because: "not-an-approver" };
    return { review, counts: false, because: may(person) ? "slot-taken" : "lacks-the-role" };
  });
  const unlisted = [...sources, ...(role ? [role] : []), administrators].flatMap(({ findings }) => findings);
  const filled = best?.missing === 0;
  return {
    requirements: best?.results ?? [],
    otherWays: filled ? [] : tried.filter((way) => way !== best).map(({ results }) => results),
    filled,
    rulings: [...rulings, ...discounted].sort((one, other) => one.review.id - other.review.id),
    approvers: new Set([...named, ...administrators.persons]),
    complete: unlisted.length === 0,
    findings: uniqueMessages([...unlisted, ...(best?.unfillable ?? [tooManyWays(matching)])]),
  };
}

/** That the policies leave more ways than are tried, and so none that anybody could take; nothing else. */
export function waysFindings(
  { grant }: Extract<RequestContent, { kind: "grant" }>,
  matching: readonly ApproverPolicy[],
): readonly Finding[] {
  const ways = combineRequirements(matching, grant.emergency === true) ?? [];
  return ways.length > 0 ? [] : [tooManyWays(matching)];
}

function tooManyWays(matching: readonly ApproverPolicy[]): Finding {
  const names = matching.map(({ name }) => `\`${name}\``).join(", ");
  return finding("POLICY_TOO_MANY_WAYS", `${names} leave more than ${waysLimit} ways together`);
}

/** One way to meet what is asked, filled as far as the approvals reach. */
interface FilledWay {
  readonly results: readonly RequirementResult[];
  readonly missing: number;
  readonly unfillable: readonly Finding[];
}

/** A way that can be filled at all is nearer than one that cannot; then the one of which less is missing. */
function isNearer(one: FilledWay, other: FilledWay): boolean {
  const dead = Number(one.unfillable.length > 0) - Number(other.unfillable.length > 0);
  return dead < 0 || (dead === 0 && one.missing < other.missing);
}

function fillWay(
  way: Way,
  approvals: readonly Opinion[],
  lookUp: (source: ApproverSource) => Approvers,
  may: (person: Person) => boolean,
  directory: Directory,
): FilledWay {
  const asked = way.map((requirement) => {
    const approvers = lookUp(requirement.from);
    const eligible = new Set([...approvers.persons].filter(may));
    return { requirement, approvers, count: requirement.count, eligible };
  });
  const filled = fillSlots(
    asked,
    approvals.map(({ person }) => person),
  );
  const used = new Set(filled.flat());
  const results = asked.map(({ requirement }, index): RequirementResult => {
    const holders = new Set(filled[index]);
    const missing = requirement.count - holders.size;
    const filledBy = approvals.filter(({ person }) => holders.has(person));
    if (missing === 0) return { requirement, filledBy, missing, candidates: [], ask: nobody };
    const toward = slotsToward(index, asked, filled);
    const helping = asked.filter((_, slot) => toward.has(slot));
    const candidates = new Set(helping.flatMap(({ eligible }) => [...eligible]));
    return {
      requirement,
      filledBy,
      missing,
      candidates: [...candidates].filter((person) => !used.has(person)).sort(),
      ask: askAll(
        helping.map(({ approvers }) => approvers.ask),
        (login) => may(personOf(login, directory)),
      ),
    };
  });
  const missing = results.reduce((sum, one) => sum + one.missing, 0);
  // where nothing is missing, everybody together fills no less
  return { results, missing, unfillable: missing === 0 ? [] : unfillable(results, asked) };
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
