import type { Discount } from "./approvals.ts";
import type { Decision, Verdict } from "./decision.ts";
import type { Denial } from "./denial.ts";
import { type FindingCode, isError } from "./finding.ts";
import { sameLogin } from "./person.ts";
import { type Duration, durationBetween, type Instant } from "./time.ts";

/** A denial that is expected: every part of it that is not null has to be so. */
export interface ExpectedDenial {
  readonly kind: "no-policy" | "policy" | "person";
  readonly policy: string | null;
  /** A part of the policy's message. */
  readonly says: string | null;
  /** Login of the person who said no. */
  readonly by: string | null;
}

/** What a test expects of a decision; null where it does not look. Findings and denials are always looked at. */
export interface Expectation {
  readonly verdict: Verdict;
  readonly policies: readonly string[] | null;
  readonly filled: readonly string[] | null;
  readonly missing: readonly string[] | null;
  /** Why the last review of a login does not count. */
  readonly notCounted: Readonly<Record<string, Discount>> | null;
  readonly findings: readonly FindingCode[];
  readonly denials: readonly ExpectedDenial[];
  readonly lapsesAfter: Duration | null;
  readonly remindsAfter: readonly Duration[] | null;
  readonly escalatesAfter: Duration | null;
  readonly escalatesTo: readonly string[] | null;
  readonly reviewWithin: Duration | null;
}

/** What is always expected beside a verdict: nothing that stands in the way. */
export function expecting(verdict: Verdict, parts: Partial<Expectation> = {}): Expectation {
  return {
    verdict,
    policies: null,
    filled: null,
    missing: null,
    notCounted: null,
    findings: [],
    denials: [],
    lapsesAfter: null,
    remindsAfter: null,
    escalatesAfter: null,
    escalatesTo: null,
    reviewWithin: null,
    ...parts,
  };
}

type ListName = "policies" | "filled" | "missing" | "findings" | "escalatesTo";
type TimeName = "lapsesAfter" | "escalatesAfter" | "reviewWithin";

/** One thing in which a decision is not what a test expects. */
export type Difference =
  | { readonly of: "verdict"; readonly wanted: Verdict; readonly got: Verdict }
  | {
      readonly of: ListName;
      /** Expected, and not there. */
      readonly absent: readonly string[];
      /** There, and not expected. */
      readonly surplus: readonly string[];
    }
  | {
      readonly of: "denials";
      readonly absent: readonly ExpectedDenial[];
      readonly surplus: readonly Denial[];
    }
  | {
      readonly of: "notCounted";
      readonly login: string;
      readonly wanted: Discount;
      /** Null when there is no review of theirs, or it counts. */
      readonly got: Discount | "counts" | "no-review";
    }
  | { readonly of: TimeName; readonly wanted: Duration; readonly got: Duration | null }
  | { readonly of: "remindsAfter"; readonly wanted: readonly Duration[]; readonly got: readonly Duration[] };

/** Everything in which a decision differs from what is expected of it; `openedAt` is where its times count from. */
export function differencesFrom(
  wanted: Expectation,
  decision: Decision,
  openedAt: Instant,
): readonly Difference[] {
  const { verdict, requirements, escalation } = decision;
  const after = (instant: Instant) => durationBetween(openedAt, instant);
  const names = (isFilled: boolean) =>
    requirements
      .filter(({ missing }) => (missing === 0) === isFilled)
      .map(({ requirement }) => requirement.name);
  const told = escalation === null ? [] : [...escalation.to.teams, ...escalation.to.users];
  const lowered = wanted.escalatesTo?.map((name) => name.toLowerCase()) ?? null;
  return [
    ...(verdict === wanted.verdict ? [] : [{ of: "verdict", wanted: wanted.verdict, got: verdict } as const]),
    ...listDifference("policies", wanted.policies, applying(decision)),
    ...listDifference("filled", wanted.filled, names(true)),
    ...listDifference("missing", wanted.missing, names(false)),
    ...listDifference("findings", wanted.findings, hindrances(decision, wanted.findings)),
    ...denialDifference(wanted.denials, decision.denials),
    ...Object.entries(wanted.notCounted ?? {}).flatMap(([login, because]) =>
      rulingDifference(login, because, decision),
    ),
    ...timeDifference("lapsesAfter", wanted.lapsesAfter, decision.lapsesAt && after(decision.lapsesAt)),
    ...reminderDifference(wanted.remindsAfter, decision.remindsAt.map(after)),
    ...timeDifference("escalatesAfter", wanted.escalatesAfter, escalation && after(escalation.at)),
    ...listDifference("escalatesTo", lowered, told),
    ...timeDifference("reviewWithin", wanted.reviewWithin, decision.access?.reviewWithin ?? null),
  ];
}

/** Names of the policies that apply. */
export function applying({ policies }: Pick<Decision, "policies">): readonly string[] {
  return policies.filter(({ applicability }) => applicability.applies === true).map(({ policy }) => policy);
}

/** Codes that say again what a denial says. */
const ofDenials: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "POLICY_NONE_MATCHES",
  "POLICY_DENIES",
  "RULE_EVALUATION_FAILED",
  "APPROVER_DENIED",
]);

/** Codes of everything that stands in the way beside denials, and of warnings that somebody asks about. */
export function hindrances(
  { findings }: Pick<Decision, "findings">,
  asked: readonly FindingCode[] = [],
): readonly FindingCode[] {
  const codes = findings
    .filter((one) => !ofDenials.has(one.code) && (isError(one) || asked.includes(one.code)))
    .map(({ code }) => code);
  return [...new Set(codes)];
}

function listDifference(
  of: ListName,
  wanted: readonly string[] | null,
  got: readonly string[],
): readonly Difference[] {
  if (wanted === null) return [];
  const absent = [...new Set(wanted)].filter((name) => !got.includes(name));
  const surplus = [...new Set(got)].filter((name) => !wanted.includes(name));
  return absent.length + surplus.length === 0 ? [] : [{ of, absent, surplus }];
}

/** Each denial is one of those that are expected, and each that is expected is there: none is used twice. */
function denialDifference(wanted: readonly ExpectedDenial[], got: readonly Denial[]): readonly Difference[] {
  const left = [...got];
  const absent = wanted.filter((one) => {
    const index = left.findIndex((denial) => isExpected(denial, one));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return absent.length + left.length === 0 ? [] : [{ of: "denials", absent, surplus: left }];
}

function isExpected(denial: Denial, { kind, policy, says, by }: ExpectedDenial): boolean {
  switch (denial.kind) {
    case "no-policy":
      return kind === "no-policy";
    case "policy":
      return (
        kind === "policy" && denial.policy === policy && (says === null || denial.message.includes(says))
      );
    case "rule-failed":
      return kind === "policy" && denial.policy === policy && (says === null || denial.error.includes(says));
    case "veto":
    case "command":
      return kind === "person" && by !== null && sameLogin(by, denial.by.login);
  }
}

function rulingDifference(login: string, wanted: Discount, { reviews }: Decision): readonly Difference[] {
  const last = reviews.findLast(
    ({ review }) => review.author !== null && sameLogin(review.author.login, login),
  );
  const got = last === undefined ? "no-review" : last.counts ? "counts" : last.because;
  return got === wanted ? [] : [{ of: "notCounted", login, wanted, got }];
}

function timeDifference(of: TimeName, wanted: Duration | null, got: Duration | null): readonly Difference[] {
  return wanted === null || wanted === got ? [] : [{ of, wanted, got }];
}

function reminderDifference(
  wanted: readonly Duration[] | null,
  got: readonly Duration[],
): readonly Difference[] {
  const isSame = wanted === null || [...wanted].sort((one, other) => one - other).join() === got.join();
  return isSame ? [] : [{ of: "remindsAfter", wanted, got }];
}
