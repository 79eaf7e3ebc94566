import type { Facts } from "../domain/facts.ts";
import { fingerprintOf } from "../domain/fingerprint.ts";
import type { GrantFile } from "../domain/grant.ts";
import type { ActivationRecord, ClosureRecord } from "../domain/record.ts";
import { type RecordedFacts, readRecordedFacts, requestOf } from "../domain/recorded-facts.ts";
import {
  type Comparison,
  decidedAt,
  isDifferent,
  isGranted,
  type Past,
  type PastRequest,
  type Replay,
  type TestRequest,
} from "../domain/replay.ts";
import type { AccessRequest, RequestContent } from "../domain/request.ts";
import type { Judged } from "../domain/wider.ts";
import type { History } from "../ports/history.ts";
import { readGrant, resourceTypeIn } from "../rules/grant.ts";
import type { LoadedRules } from "../rules/load.ts";
import { RulesChange } from "./rules-change.ts";

export interface ReplayOptions {
  /** Owner of the repository: what a request without recorded facts was a request to. */
  readonly organization: string;
  /** Judge only so many, the newest; null for all. */
  readonly most: number | null;
  /** Told how many have been judged. */
  readonly seen: (judged: number, of: number) => void;
}

/** How many are judged before others get a turn: a tenth of a second or two. */
const PORTION = 5;

/**
 * Judges the requests of the past under two sets of rules, with the facts that were recorded, and says what differs. It
 * changes nothing and asks nobody: what was not recorded stays unknown.
 */
export async function replay(
  history: History,
  past: readonly PastRequest[],
  tests: readonly TestRequest[],
  [before, after]: readonly [LoadedRules, LoadedRules],
  { organization, most, seen }: ReplayOptions,
): Promise<Replay> {
  const newest = past
    .toSorted((one, other) => decidedAt(other) - decidedAt(one))
    .slice(0, most ?? past.length);
  const change = new RulesChange(before, after);
  const compared: Comparison[] = [];
  const counts = { granted: 0, closed: 0, tests: tests.length };
  let withoutFile = 0;
  for (const [index, request] of newest.entries()) {
    const sides = await sidesOf(request, history, [before, after], organization);
    if (sides === null) {
      withoutFile += 1;
    } else {
      counts[isGranted(request.record) ? "granted" : "closed"] += 1;
      compared.push(change.compare(pastOf(request), sides));
    }
    if (index % PORTION === PORTION - 1) {
      seen(index + 1, newest.length);
      await turn();
    }
  }
  for (const [index, { name, ...judged }] of tests.entries()) {
    compared.push(change.compare({ kind: "test", name }, [judged, judged]));
    if (index % PORTION === PORTION - 1) await turn();
  }
  return {
    judged: counts,
    older: past.length - newest.length,
    withoutFile,
    unknown: compared.filter((one) => one.after.kind === "unknown").length,
    differences: compared.filter(isDifferent),
  };
}

/** How many requests the app judges again for one change of the rules: the newest, some seconds of work in portions. */
const REPLAYED = 200;

/** A replay for the app: of the newest requests only, and not done again while nothing has changed. */
export function replayer(
  history: History,
  organization: string,
): (
  past: readonly PastRequest[],
  tests: readonly TestRequest[],
  rules: readonly [LoadedRules, LoadedRules],
) => Promise<Replay> {
  let last: { readonly key: string; readonly result: Promise<Replay> } | null = null;
  return (past, tests, rules) => {
    const digests = rules.map((one) => one.rules.digest);
    const key = JSON.stringify([digests, past.length, past.at(-1)?.record.pull, fingerprintOf(tests)]);
    if (last?.key === key) return last.result;
    const options = { organization, most: REPLAYED, seen: () => undefined };
    const result = replay(history, past, tests, rules, options);
    last = { key, result };
    // what failed is tried again
    result.catch(() => {
      last = null;
    });
    return result;
  };
}

/** Lets whatever else waits in this process go first. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function pastOf(request: PastRequest): Past {
  const { record, commit } = request;
  const kind = isGranted(record) ? "granted" : record.event;
  return { kind, grant: record.grant, pull: record.pull, at: decidedAt(request), commit };
}

/** The request as each set of rules sees it; null when its file is not there, or never was one. */
async function sidesOf(
  past: PastRequest,
  history: History,
  rules: readonly [LoadedRules, LoadedRules],
  organization: string,
): Promise<readonly [Judged, Judged] | null> {
  const { record, extended } = past;
  const bytes = record.blob === null ? null : await history.blob(record.blob).catch(() => null);
  if (bytes === null || record.blob === null || record.grant === null) return null;
  const type = isGranted(record) ? record.resource.type : resourceTypeIn(bytes);
  if (type === null) return null;
  const file: GrantFile = {
    path: `grants/${type}/${record.grant}.yaml`,
    type,
    id: record.grant,
    blob: record.blob,
  };
  const old = extended === null ? null : await history.blob(extended.last.blob).catch(() => null);
  const recorded = await recordedOf(past, history);
  const sideOf = ({ schemas }: LoadedRules): Judged => {
    const read = readGrant(bytes, file, schemas);
    const content =
      extended === null || old === null || read.kind === "refused"
        ? read
        : asExtension(read, readGrant(old, { ...file, blob: extended.last.blob }, schemas), extended);
    return recorded === null
      ? withoutFacts(past, content, organization)
      : {
          request: requestOf(baseless(record), recorded, content),
          facts: recorded.facts,
          now: recorded.decidedAt,
        };
  };
  return [sideOf(rules[0]), sideOf(rules[1])];
}

/** Facts that somebody wrote by hand, or that were not kept yet, are none. */
async function recordedOf({ record, commit }: PastRequest, history: History): Promise<RecordedFacts | null> {
  if (commit === null) return null;
  const reading = readRecordedFacts((await history.commit(commit)).message, record.head);
  return reading.kind === "facts" ? reading.recorded : null;
}

function asExtension(
  content: Extract<RequestContent, { kind: "grant" }>,
  before: RequestContent,
  { last, first }: NonNullable<PastRequest["extended"]>,
): RequestContent {
  if (before.kind === "refused") return before;
  const { validFrom: begun } = first;
  return {
    ...content,
    extension: { before: before.grant, begun, runsUntil: last.validUntil, current: true },
  };
}

/** A request of which only the record is left: who said what, who was of which team, is not known. */
function withoutFacts(past: PastRequest, content: RequestContent, organization: string): Judged {
  const { record } = past;
  const now = decidedAt(past);
  const { pull, head, base } = baseless(record);
  const request: AccessRequest = {
    pull,
    organization,
    requester: { ...record.requestedBy, kind: "user" },
    openedAt: now,
    head,
    base,
    baseBranch: "main",
    defaultBranch: "main",
    fork: false,
    draft: false,
    content,
  };
  const unread = { read: false, because: "it was not recorded" } as const;
  const facts: Facts = {
    readAt: now,
    head,
    reviews: [],
    commits: [],
    complete: true,
    pushers: { known: false },
    teams: {},
    comments: [],
    ownerErrors: [],
    secondFactor: unread,
    case: unread,
    grants: [],
  };
  return { request, facts, now };
}

/** Only an activation names its base; no rule looks at it. */
function baseless(
  record: ActivationRecord | ClosureRecord,
): Pick<ActivationRecord, "pull" | "head" | "base"> {
  return { pull: record.pull, head: record.head, base: isGranted(record) ? record.base : record.head };
}
