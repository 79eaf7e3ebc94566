import type { ReviewRuling } from "../domain/approvals.ts";
import type { Decision } from "../domain/decision.ts";
import type { Denial } from "../domain/denial.ts";
import { type Finding, findings, hintOf } from "../domain/finding.ts";
import type { RequirementResult } from "../domain/fulfilment.ts";
import { type Instant, printDuration, printInstant } from "../domain/time.ts";
import { plainly } from "./escape.ts";
import { findingsOf, type JudgedFile, verdictOf } from "./judged.ts";
import { denialWords } from "./words.ts";

/**
 * What `--json` says of one file. Keys keep their name and meaning; new ones may be added. A file that is no grant
 * has the verdict `valid` or `invalid`, and empty lists for what only a decision has.
 *
 * - `verdict`: `invalid`, `denied`, `pending`, `approved`, or `valid`
 * - `file`: the path that was asked about; `grant`: the id of the grant in it, or null
 * - `policies`: every policy with whether it `applies` (null: it could not be evaluated) and the clause that
 *   decided, or the error
 * - `requirements`: name, `count`, the policies that ask for it, logins in `filledBy`, how many are `missing`, and
 *   the `candidates` (persons, by their first login in lower case) who could still fill it
 * - `otherWays`: lists of requirements of which any could be filled instead
 * - `remindsAt`, `escalatesAt`, `lapsesAt`: what happens while nobody decides, and `opensAt`: the begin that office
 *   hours allow, each an instant
 * - `emergency`: null, or the requirements that are `skipped`, and `reviewWithin` as an ISO 8601 duration
 * - `extension`: null, or when the access that it extends has `begun` and until when it `runsUntil`
 * - `reviews`: every review with whether it `counts`, which requirements it `fills`, or `because` of what not
 * - `denials`: `kind`, the `policy` or the login `by` whom, and the reason as a sentence
 * - `findings`: code, severity, message, hint; file, line and column, each null when it has no place
 */
export interface FileJson {
  readonly verdict: ReturnType<typeof verdictOf>;
  readonly file: string;
  readonly grant: string | null;
  readonly lapsesAt: string | null;
  readonly remindsAt: readonly string[];
  readonly escalatesAt: string | null;
  readonly opensAt: string | null;
  readonly emergency: { readonly skipped: readonly string[]; readonly reviewWithin: string | null } | null;
  readonly extension: { readonly begun: string; readonly runsUntil: string | null } | null;
  readonly policies: readonly {
    readonly name: string;
    readonly applies: boolean | null;
    readonly because: string | null;
  }[];
  readonly requirements: readonly ReturnType<typeof requirementJson>[];
  readonly otherWays: readonly (readonly ReturnType<typeof requirementJson>[])[];
  readonly reviews: readonly ReturnType<typeof reviewJson>[];
  readonly denials: readonly ReturnType<typeof denialJson>[];
  readonly findings: readonly ReturnType<typeof findingJson>[];
}

/** One file as plain data for `JSON.stringify`: nothing in it is escaped or cut. */
export function jsonOf(judged: JudgedFile): FileJson {
  const common = {
    verdict: verdictOf(judged),
    file: judged.file,
  };
  const found = findingsOf(judged).map(findingJson);
  if (!("decision" in judged)) {
    return { ...common, ...noDecision, findings: found };
  }
  const { decision } = judged;
  return {
    ...common,
    grant: decision.file?.id ?? null,
    ...waitingJson(decision),
    policies: decision.policies.map(({ policy, applicability }) => ({
      name: policy,
      applies: applicability.applies === "unknown" ? null : applicability.applies,
      because:
        applicability.applies === "unknown"
          ? applicability.error
          : applicability.applies
            ? null
            : applicability.because.clause,
    })),
    requirements: decision.requirements.map(requirementJson),
    otherWays: decision.otherWays.map((way) => way.map(requirementJson)),
    reviews: decision.reviews.map(reviewJson),
    denials: decision.denials.map(denialJson),
    findings: found,
  };
}

/** What a file that is no grant has of a decision. */
const noDecision = {
  grant: null,
  lapsesAt: null,
  remindsAt: [],
  escalatesAt: null,
  opensAt: null,
  emergency: null,
  extension: null,
  policies: [],
  requirements: [],
  otherWays: [],
  reviews: [],
  denials: [],
};

function waitingJson({ lapsesAt, remindsAt, escalation, opensAt, access }: Decision) {
  const at = (instant: Instant | null) => (instant === null ? null : printInstant(instant));
  const { extension = null, reviewWithin = null, skipped = [], view } = access ?? {};
  return {
    lapsesAt: at(lapsesAt),
    remindsAt: remindsAt.map(printInstant),
    escalatesAt: at(escalation?.at ?? null),
    opensAt: at(opensAt),
    emergency:
      view?.emergency === true
        ? { skipped, reviewWithin: reviewWithin === null ? null : printDuration(reviewWithin) }
        : null,
    extension:
      extension === null
        ? null
        : { begun: printInstant(extension.begun), runsUntil: at(extension.runsUntil) },
  };
}

function requirementJson({ requirement, filledBy, missing, candidates }: RequirementResult) {
  const { name, count, policies } = requirement;
  return { name, count, policies, filledBy: filledBy.map(({ by }) => by.login), missing, candidates };
}

function reviewJson(ruling: ReviewRuling) {
  const { review, counts } = ruling;
  return {
    id: review.id,
    by: review.author?.login ?? null,
    state: review.state,
    counts,
    fills: ruling.counts ? ruling.fills : [],
    because: ruling.counts ? null : ruling.because,
  };
}

function denialJson(denial: Denial) {
  return {
    kind: denial.kind,
    policy: "policy" in denial ? denial.policy : null,
    by: "by" in denial ? denial.by.login : null,
    message: denialWords(denial, plainly),
  };
}

function findingJson(one: Finding) {
  const { code, message, at } = one;
  return {
    code,
    severity: findings[code].severity,
    message,
    hint: hintOf(one),
    file: at?.file ?? null,
    line: at?.line ?? null,
    column: at?.column ?? null,
  };
}
