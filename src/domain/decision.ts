import type { ReviewRuling } from "./approvals.ts";
import { conditionFindings, conditionsOf } from "./conditions.ts";
import { type Denial, denialFindings, noesIn, ruleDenials } from "./denial.ts";
import { eligibilityFindings } from "./eligibility.ts";
import { emergencyFindings, reviewWithin, skippedBy } from "./emergency.ts";
import { type Extension, extensionFindings } from "./extension.ts";
import type { Facts } from "./facts.ts";
import { type Finding, type FindingCode, finding, isError, type Position } from "./finding.ts";
import { fulfil, lookupOf, type RequirementResult, waysFindings } from "./fulfilment.ts";
import type { GrantFile } from "./grant.ts";
import { limitFindings, opensAt } from "./limits.ts";
import type { Oid, PullNumber, RulesDigest } from "./oid.ts";
import { ownershipFindings } from "./ownership.ts";
import { type Waiting, waitingOf } from "./pending.ts";
import type { Account } from "./person.ts";
import { type Applicability, applicabilityOf, type Conditions } from "./policy.ts";
import { quotaFindings } from "./quota.ts";
import type { AccessRequest, RequestContent } from "./request.ts";
import { catalogFindings, labelsOf, type RuleSet } from "./rule-set.ts";
import type { Duration, Instant } from "./time.ts";
import type { RequestView } from "./view.ts";

/**
 * `invalid`: the requester (or an administrator) has to mend something first. `denied`: no, for good.
 * `pending`: somebody still has to say yes. `approved`: it may be merged, at this head, under these rules.
 */
export type Verdict = "invalid" | "denied" | "pending" | "approved";

/** What one policy said about the request. */
export interface PolicyResult {
  readonly policy: string;
  readonly description: string;
  readonly at: Position;
  readonly applicability: Applicability;
}

/** What an approval would really allow. */
export interface Access {
  readonly view: RequestView;
  /** Login of who gets it, as the grant file writes it. */
  readonly subject: string;
  readonly duration: Duration;
  readonly notBefore: Instant | null;
  /** The grant that it extends; null for a new one. */
  readonly extension: Extension | null;
  /** For an emergency: how soon somebody else has to look at it afterwards. */
  readonly reviewWithin: Duration | null;
  /** For an emergency: the requirements that are not asked for now. */
  readonly skipped: readonly string[];
  /** What must be true beside the approvals. */
  readonly conditions: Conditions;
}

/** The one explaining result: everything that Grantbox says about a request is printed from it. */
export interface Decision {
  readonly verdict: Verdict;
  readonly pull: PullNumber;
  readonly requester: Account;
  /** The one grant file; null when there is no single one. */
  readonly file: GrantFile | null;
  readonly head: Oid;
  readonly base: Oid;
  /** Null when the rules cannot be read. */
  readonly rules: RulesDigest | null;
  /** When the request lapses if nobody decides it; null when the rules that say so cannot be read. */
  readonly lapsesAt: Instant | null;
  /** When those who could still approve are reminded, in order. */
  readonly remindsAt: readonly Instant[];
  /** When others are told that nobody has decided, and who. */
  readonly escalation: Waiting["escalation"];
  /** The earliest begin that office hours allow, while they stand against one now; null where they do not. */
  readonly opensAt: Instant | null;
  /** Null when the file cannot be read as a grant. */
  readonly access: Access | null;
  readonly policies: readonly PolicyResult[];
  /** What is asked, by the way that is nearest to being filled. */
  readonly requirements: readonly RequirementResult[];
  /** What could be filled instead, while that is not. */
  readonly otherWays: readonly (readonly RequirementResult[])[];
  readonly reviews: readonly ReviewRuling[];
  readonly denials: readonly Denial[];
  readonly findings: readonly Finding[];
}

/**
 * Judges a request under the rules of one commit with the facts of one moment. Pure and total: every input has a
 * verdict, and only complete, current facts can make it `approved`. The same function runs on a live pull
 * request, on a file of a checkout, in policy tests, in replay and in offline verification.
 */
export function decide(request: AccessRequest, rules: RuleSet, facts: Facts, now: Instant): Decision {
  if (request.content.kind === "refused") {
    const refused = undecidable(request, [...placementFindings(request), ...request.content.findings]);
    return { ...refused, rules: rules.digest, ...waitingOf(request.openedAt, [], rules) };
  }
  const { content } = request;
  const { view, judged, matching, denied, mistakes } = consider(request, content, rules, facts, now);
  const waiting = waitingOf(request.openedAt, matching, rules);

  const people = fulfil(request, content, rules, facts, matching);
  const noes = noesIn(facts, rules);
  const heard = noes.filter(({ person }) => people.approvers.has(person));
  const denials = [...denied, ...heard.map(({ denial }) => denial)];
  // INVARIANT 4: while a team cannot be listed, any no may be that of an approver
  const isDoubtful = !people.complete && noes.length > heard.length;
  const found = [
    ...mistakes,
    ...people.findings,
    ...(isDoubtful
      ? [finding("TEAM_UNREADABLE", "somebody says no who may be of a team that cannot be listed")]
      : []),
    ...denialFindings(denials),
  ];
  const ready =
    people.filled &&
    found.every(({ code }) => !passing.has(code)) &&
    !isDoubtful &&
    !request.draft &&
    now < waiting.lapsesAt;
  return {
    verdict: verdictOf(denials, found, ready),
    pull: request.pull,
    requester: request.requester,
    file: content.file,
    head: request.head,
    base: request.base,
    rules: rules.digest,
    ...waiting,
    opensAt: opensAt(content, matching, now),
    access: {
      view,
      subject: content.grant.subject,
      duration: content.grant.duration,
      notBefore: content.grant.notBefore,
      extension: content.extension,
      reviewWithin: reviewWithin(content, matching),
      skipped: skippedBy(content, matching),
      conditions: conditionsOf(matching),
    },
    policies: judged.map(({ policy, applicability }) => ({
      policy: policy.name,
      description: policy.description,
      at: policy.at,
      applicability,
    })),
    requirements: people.requirements,
    otherWays: people.otherWays,
    reviews: people.rulings,
    denials,
    findings: found,
  };
}

type Content = Extract<RequestContent, { kind: "grant" }>;

/** The part of a judgement that hangs on nobody's yes or no: what applies, what policies deny, what is wrong. */
function consider(request: AccessRequest, content: Content, rules: RuleSet, facts: Facts, now: Instant) {
  const view = viewOf(request, content, rules);
  const judged = rules.policies.map((policy) => ({ policy, applicability: applicabilityOf(policy, view) }));
  const matching = judged
    .filter(({ applicability }) => applicability.applies === true)
    .map(({ policy }) => policy)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const mistakes: readonly Finding[] = [
    ...placementFindings(request),
    ...eligibilityFindings(request, content, lookupOf(request, content, rules, facts)),
    ...extensionFindings(content, now),
    ...emergencyFindings(content, matching),
    ...limitFindings(content, view, matching, rules, now),
    ...quotaFindings(content, matching, rules, facts, now),
    ...conditionFindings(content, matching, facts),
    ...catalogFindings(content, rules.catalog),
    ...ownershipFindings(content.file.path, rules.codeowners, facts.ownerErrors),
    ...factFindings(request, facts),
  ];
  return { view, judged, matching, denied: ruleDenials(judged, matching, view), mistakes };
}

/**
 * All errors that `decide` finds in a request whoever says yes or no to it. Nobody's approvals are counted, so that it
 * costs a fraction of a decision: a replay asks it of dozens of neighbours of every request.
 */
export function objections(
  request: AccessRequest,
  content: Content,
  rules: RuleSet,
  facts: Facts,
  now: Instant,
): readonly Finding[] {
  const { matching, denied, mistakes } = consider(request, content, rules, facts, now);
  const found = [...mistakes, ...waysFindings(content, matching), ...denialFindings(denied)];
  return found.filter(isError);
}

/** The decision where file or rules cannot be read: nothing is granted until somebody mends them. */
export function undecidable(
  { pull, requester, head, base }: Pick<AccessRequest, "pull" | "requester" | "head" | "base">,
  found: readonly Finding[],
): Decision {
  return {
    verdict: "invalid",
    pull,
    requester,
    file: null,
    head,
    base,
    rules: null,
    lapsesAt: null,
    remindsAt: [],
    escalation: null,
    opensAt: null,
    access: null,
    policies: [],
    requirements: [],
    otherWays: [],
    reviews: [],
    denials: [],
    findings: found,
  };
}

/** Findings that are no fault of anybody's file: the request waits until they are gone, it is not sent back. */
const passing: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "FACTS_STALE",
  "PUSHER_UNKNOWN",
  "MFA_UNKNOWN",
  "CASE_UNKNOWN",
  "GRANT_OUTSIDE_OFFICE_HOURS",
]);

function verdictOf(denials: readonly Denial[], found: readonly Finding[], ready: boolean): Verdict {
  if (denials.length > 0) return "denied";
  if (found.some((one) => isError(one) && !passing.has(one.code))) return "invalid";
  return ready ? "approved" : "pending";
}

function placementFindings(request: AccessRequest): readonly Finding[] {
  const found: Finding[] = [];
  if (request.fork) {
    found.push(
      finding("REQUEST_FROM_FORK", "the branch lies in a fork, whose owner could change it at any time"),
    );
  }
  if (request.baseBranch !== request.defaultBranch) {
    found.push(
      finding(
        "REQUEST_WRONG_BASE",
        `it targets \`${request.baseBranch}\`, and grants take effect on \`${request.defaultBranch}\` only`,
      ),
    );
  }
  if (request.draft) found.push(finding("REQUEST_IS_DRAFT", "a draft waits, whatever its reviews say"));
  return found;
}

/** The request as the rules see it: the file, and the catalog's word on what the resource is. */
export function viewOf(
  request: Pick<AccessRequest, "requester">,
  content: Extract<RequestContent, { kind: "grant" }>,
  rules: Pick<RuleSet, "catalog">,
): RequestView {
  const { grant } = content;
  const labels = labelsOf(grant.resource, rules.catalog);
  return {
    requester: request.requester.login.toLowerCase(),
    subject: grant.subject.toLowerCase(),
    case: grant.case,
    resource: {
      type: grant.resource.type,
      id: grant.resource.id,
      listed: labels !== null,
      labels: labels ?? {},
    },
    access: { actions: grant.access.actions, scope: grant.access.scope ?? {} },
    justification: grant.justification,
    duration: grant.duration,
    ...(grant.notBefore === null ? {} : { notBefore: grant.notBefore }),
    emergency: grant.emergency ?? false,
    constraints: {
      locations: grant.constraints?.locations ?? [],
      networks: grant.constraints?.networks ?? [],
      mfa: grant.constraints?.mfa ?? false,
    },
  };
}

function factFindings(request: AccessRequest, facts: Facts): readonly Finding[] {
  const found: Finding[] = [];
  if (facts.head !== request.head) {
    found.push(finding("FACTS_STALE", "the head commit changed while it was judged"));
  } else if (!facts.commits.some(({ oid }) => oid === request.head)) {
    found.push(finding("FACTS_STALE", "GitHub did not say who wrote the head commit"));
  }
  if (!facts.complete) {
    found.push(
      finding(
        "REQUEST_TOO_MANY_COMMITS",
        "GitHub lists at most 100 commits and reviews at once, and there are more",
      ),
    );
  }
  if (request.requester.kind === "bot") {
    found.push(
      finding(
        "PUSHER_UNKNOWN",
        `\`${request.requester.login}\` is a bot, and whoever made it ask must not approve`,
        undefined,
        "open the pull request yourself",
      ),
    );
  }
  if (!facts.pushers.known) {
    found.push(
      finding(
        "PUSHER_UNKNOWN",
        "whoever pushed it must not approve it, so nothing is approved until this is known",
      ),
    );
  }
  return found;
}
