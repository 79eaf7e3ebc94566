import type { Ask } from "./approver-source.ts";
import type { Decision } from "./decision.ts";
import type { Denial } from "./denial.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { GrantHistory } from "./lifecycle.ts";
import type { Oid } from "./oid.ts";
import type { Account } from "./person.ts";
import { asWritten, type ClosureRecord, type Named } from "./record.ts";
import { type Saying, sayingsOf } from "./saying.ts";
import type { Instant } from "./time.ts";

/** Where a pull request stands: what its check run and its living comment say. */
export type RequestStanding =
  | { readonly kind: "judged"; readonly decision: Decision }
  | { readonly kind: "closed"; readonly record: ClosureRecord; readonly decision: Decision }
  | { readonly kind: "in-force"; readonly history: GrantHistory }
  | { readonly kind: "ended"; readonly history: GrantHistory };

/** What GitHub already shows of an earlier pass. */
export interface Shown {
  readonly state: "open" | "closed" | "merged";
  /** Who closed it, when it is closed. */
  readonly closedBy: Account | null;
  /** Fingerprints of what check run (on this head) and comment show; null when there is none. */
  readonly check: string | null;
  readonly comment: string | null;
  /** Who has been asked for a review, ever: `team:<slug>`, `user:<login>`. */
  readonly asked: ReadonlySet<string>;
  /** What has been said in comments of their own, by `sayingKey`. */
  readonly said: ReadonlySet<string>;
  /** The record with which the journal closed this request. */
  readonly closure: ClosureRecord | null;
}

/** One intended change in the world. A plan is data; `converge/apply.ts` carries it out. */
export type Effect =
  | {
      readonly kind: "publish";
      readonly standing: RequestStanding;
      readonly fingerprint: string;
      /** Which of the two is out of date. */
      readonly check: boolean;
      readonly comment: boolean;
      /** Whom to ask who has not been asked before. */
      readonly ask: Ask;
    }
  | { readonly kind: "say"; readonly saying: Saying }
  | { readonly kind: "merge"; readonly head: Oid; readonly decision: Decision }
  | { readonly kind: "record"; readonly record: ClosureRecord }
  | { readonly kind: "close" };

/**
 * What has to change so that GitHub shows what was decided. Planning again after a plan was carried out gives
 * nothing; a merge is only ever planned for an approved decision whose green check is already shown, and for the
 * very head that was judged.
 */
export function planRequest(decision: Decision, shown: Shown, now: Instant): readonly Effect[] {
  if (shown.state === "merged") return [];
  const closed = shown.closure ?? closureOf(decision, shown, now);
  const closure = closed && asWritten(closed);
  if (closure !== null) {
    return [
      ...(shown.closure === null ? [{ kind: "record", record: closure } as const] : []),
      ...publish({ kind: "closed", record: closure, decision }, shown, nobody),
      ...(shown.state === "open" ? [{ kind: "close" } as const] : []),
    ];
  }
  const published = publish({ kind: "judged", decision }, shown, openAsk(decision));
  if (decision.verdict === "approved" && published.length === 0) {
    return [{ kind: "merge", head: decision.head, decision }];
  }
  const sayings = sayingsOf(decision, openAsk(decision), shown.said, now);
  return [...published, ...sayings.map((saying) => ({ kind: "say", saying }) as const)];
}

/** What has to change on the pull request of a grant that was activated. */
export function planActivated(history: GrantHistory, shown: Shown): readonly Effect[] {
  const { end } = history;
  const standing: RequestStanding =
    end === null
      ? { kind: "in-force", history }
      : { kind: "ended", history: { ...history, end: { ...end, record: asWritten(end.record) } } };
  return publish(standing, shown, nobody);
}

/** How a request ends without reaching main, if it does now; the first reason that holds, in a fixed order. */
function closureOf(decision: Decision, shown: Shown, now: Instant): ClosureRecord | null {
  const { pull, head, rules, file } = decision;
  const common = {
    pull,
    head,
    rules,
    requestedBy: nameOf(decision.requester),
    grant: file?.id ?? null,
    blob: file?.blob ?? null,
    at: now,
  };
  if (shown.state === "closed") {
    const closedBy = shown.closedBy === null ? null : nameOf(shown.closedBy);
    return { ...common, event: "withdrawn", closedBy, reason: "" };
  }
  if (decision.verdict === "denied") {
    const [denial] = decision.denials;
    return { ...common, event: "denied", ...(denial ? denialWords(denial) : { closedBy: null, reason: "" }) };
  }
  if (decision.lapsesAt !== null && now >= decision.lapsesAt) {
    return { ...common, event: "lapsed", closedBy: null, reason: "nobody decided it in time" };
  }
  return null;
}

function denialWords(denial: Denial): { closedBy: Named | null; reason: string } {
  switch (denial.kind) {
    case "no-policy":
      return { closedBy: null, reason: "no approver policy covers this request" };
    case "policy":
      return { closedBy: null, reason: `policy ${denial.policy}: ${denial.message}` };
    case "rule-failed":
      return { closedBy: null, reason: `policy ${denial.policy} could not be evaluated: ${denial.error}` };
    case "veto":
    case "command":
      return { closedBy: nameOf(denial.by), reason: denial.reason };
  }
}

function publish(standing: RequestStanding, shown: Shown, wanted: Ask): Effect[] {
  const fingerprint = fingerprintOf(shownPart(standing));
  const ask = {
    teams: wanted.teams.filter((slug) => !shown.asked.has(`team:${slug}`)),
    users: wanted.users.filter((login) => !shown.asked.has(`user:${login}`)),
  };
  // a merged head keeps the check it was merged with
  const check = standing.kind !== "in-force" && standing.kind !== "ended" && shown.check !== fingerprint;
  const comment = shown.comment !== fingerprint;
  if (!check && !comment && ask.teams.length + ask.users.length === 0) return [];
  return [{ kind: "publish", standing, fingerprint, check, comment, ask }];
}

/** What the texts are made from: the base commit may move without any rule changing, and is not among it. */
function shownPart(standing: RequestStanding): unknown {
  return "decision" in standing ? { ...standing, decision: { ...standing.decision, base: null } } : standing;
}

const nobody: Ask = { teams: [], users: [] };

/** Everybody who could fill an open requirement: of a filled one nobody is a candidate; nobody while the requester still has to mend the file. */
function openAsk(decision: Decision): Ask {
  if (decision.verdict !== "pending") return nobody;
  const open = [decision.requirements, ...decision.otherWays]
    .flat()
    .filter(({ candidates }) => candidates.length > 0);
  return {
    teams: [...new Set(open.flatMap(({ ask }) => ask.teams))].sort(),
    users: [...new Set(open.flatMap(({ ask }) => ask.users))].sort(),
  };
}

function nameOf({ login, id }: Account): Named {
  return { login, id };
}
