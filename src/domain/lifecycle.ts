import type { GrantFile } from "./grant.ts";
import type { GrantId, Oid } from "./oid.ts";
import { type ActivationRecord, type DecisionRecord, type EndRecord, readRecords } from "./record.ts";
import type { Instant } from "./time.ts";

/**
 * The states of a request and of a grant, and what may follow what (docs/glossary.md, "Life of a request"). Terminal
 * states never reopen; no state is called expired: requests lapse, grants end with a cause.
 */
const steps = {
  invalid: ["invalid", "pending", "approved", "denied", "withdrawn", "lapsed"],
  pending: ["invalid", "pending", "approved", "denied", "withdrawn", "lapsed"],
  approved: ["invalid", "pending", "approved", "denied", "withdrawn", "lapsed", "in force"],
  "in force": ["in force", "ended"],
  denied: [],
  withdrawn: [],
  lapsed: [],
  ended: [],
} as const satisfies Record<string, readonly string[]>;

export type LifecycleState = keyof typeof steps;

/** Whether a request or grant may go from one state to another. */
export function mayFollow(from: LifecycleState, to: LifecycleState): boolean {
  const next: readonly string[] = steps[from];
  return next.includes(to);
}

/** Whether a state is final. */
export function isTerminal(state: LifecycleState): boolean {
  return steps[state].length === 0;
}

/** A commit of main or journal, as far as records are concerned. */
export interface RecordCommit {
  readonly oid: Oid;
  readonly message: string;
}

/** One grant's story on the default branch: its activation, the commit that made it, and how it ended. */
export interface GrantHistory {
  /** The newest: the activation, or the last extension. The file on main has to be the one that it names. */
  readonly activation: ActivationRecord;
  /** The commit that carries it. */
  readonly commit: Oid;
  /** What has been extended, oldest first; empty for a grant that never was. */
  readonly earlier: readonly ActivationRecord[];
  /** First line of the message of the commit that activated it first. */
  readonly headline: string;
  /** Its end, and where that is recorded: on the journal when GitHub would not let the removal onto main. */
  readonly end: { readonly record: EndRecord; readonly on: Branch } | null;
}

/** The two branches of the ledger. */
export type Branch = "main" | "journal";

export type GrantHistories = ReadonlyMap<GrantId, GrantHistory>;

/** The record with which a grant began, however often it was extended since. */
export function beginningOf({ activation, earlier }: GrantHistory): ActivationRecord {
  return earlier[0] ?? activation;
}

/**
 * What the records of one branch say, folded in the order of its first-parent history: main first, then the
 * journal. An id is activated once, on main; a second activation of an id, an extension or an end of a grant that is
 * not running, changes nothing.
 */
export function foldRecords(
  commits: Iterable<RecordCommit>,
  on: Branch,
  before: GrantHistories,
): GrantHistories {
  const histories = new Map(before);
  for (const commit of commits) {
    const reading = readRecords(commit.message);
    if (reading.kind !== "records") continue;
    for (const record of reading.records) {
      const changed = goOn(histories, commit, record, on);
      if (changed !== null) histories.set(changed.activation.grant, changed);
    }
  }
  return histories;
}

/** The story that one more record of a branch begins or goes on with; null when it changes none. */
export function goOn(
  histories: GrantHistories,
  { oid, message }: RecordCommit,
  record: DecisionRecord,
  on: Branch,
): GrantHistory | null {
  if (!("grant" in record) || record.grant === null) return null;
  const known = histories.get(record.grant);
  if (record.event === "activated" && known === undefined && on === "main") {
    const [headline = ""] = message.split("\n", 1);
    return { activation: record, commit: oid, earlier: [], headline, end: null };
  }
  if (record.event === "extended" && known?.end === null && on === "main") {
    const earlier = [...known.earlier, known.activation];
    return { ...known, activation: record, commit: oid, earlier };
  }
  if (record.event === "ended" && known !== undefined && known.activation.blob === record.blob) {
    // an end on main replaces one on the journal: the removal that GitHub first refused has been merged
    const isNews = known.end === null || (known.end.on === "journal" && on === "main");
    return isNews ? { ...known, end: { record, on } } : null;
  }
  return null;
}

/**
 * Whether a record of the journal could give or silence something, so that it counts only with a signature. The others
 * take away, and a case is proven by its own seal (docs/decisions/0014).
 */
export function needsProof(record: DecisionRecord): boolean {
  switch (record.event) {
    case "denied":
    case "lapsed":
    case "withdrawn":
    case "ended":
    case "case":
      return false;
    case "activated":
    case "extended":
    case "finding":
    case "reviewed":
      return true;
  }
}

/**
 * Whether a grant file gives access at an instant (invariant 2): the record is about this very file, and
 * `validFrom <= now < validUntil`. Never true at or after `validUntil`, whatever else happened or failed to.
 */
export function inForce(file: Pick<GrantFile, "id" | "blob">, record: DecisionRecord, now: Instant): boolean {
  return (
    (record.event === "activated" || record.event === "extended") &&
    record.grant === file.id &&
    record.blob === file.blob &&
    record.validFrom <= now &&
    now < record.validUntil
  );
}

/** Where a grant file on the default branch stands. */
export type Standing =
  | { readonly kind: "in-force"; readonly file: GrantFile; readonly history: GrantHistory }
  /** Activated, but `notBefore` has not come yet. */
  | { readonly kind: "waiting"; readonly file: GrantFile; readonly history: GrantHistory }
  /** Its time is over, or its end is recorded on the journal: the file has to go. */
  | { readonly kind: "due"; readonly file: GrantFile; readonly history: GrantHistory }
  /** It stands on main without a record that makes it a grant: not in force, to be reported. */
  | { readonly kind: "unrecorded"; readonly file: GrantFile; readonly because: Unrecorded };

export type Unrecorded = "no-record" | "other-file" | "ended" | "not-merged-by-the-app" | "not-signed";

/**
 * Where each grant file on the default branch stands at an instant. `vouched` are the activating commits of which
 * GitHub confirms that the app merged them: anybody who may push to main could write a record. `unsigned` are those that
 * ought to bear a valid signature and do not: both proofs are needed.
 */
export function standingsAt(
  files: readonly GrantFile[],
  histories: GrantHistories,
  vouched: ReadonlySet<Oid>,
  now: Instant,
  unsigned: ReadonlySet<Oid> = new Set(),
): readonly Standing[] {
  return files.map((file): Standing => {
    const history = histories.get(file.id);
    if (history === undefined) return { kind: "unrecorded", file, because: "no-record" };
    if (history.activation.blob !== file.blob) return { kind: "unrecorded", file, because: "other-file" };
    if (history.end?.on === "main") return { kind: "unrecorded", file, because: "ended" };
    if (!vouched.has(history.commit)) return { kind: "unrecorded", file, because: "not-merged-by-the-app" };
    if (unsigned.has(history.commit)) return { kind: "unrecorded", file, because: "not-signed" };
    if (history.end !== null) return { kind: "due", file, history };
    if (inForce(file, history.activation, now)) return { kind: "in-force", file, history };
    return now < history.activation.validFrom
      ? { kind: "waiting", file, history }
      : { kind: "due", file, history };
  });
}
