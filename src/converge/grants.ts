import type { GrantHistory, Standing, Unrecorded } from "../domain/lifecycle.ts";
import type { Oid } from "../domain/oid.ts";
import type { FindingRecord } from "../domain/record.ts";
import { type Instant, instantOf } from "../domain/time.ts";
import type { Report } from "../ports/forge.ts";
import type { Lockbox } from "./context.ts";
import { type Ending, endGrants, endingOf } from "./end.ts";
import { introducedBy } from "./introduced.ts";
import { isRecorded, recordOnce } from "./journal.ts";
import { judgeAgain } from "./judge-again.ts";
import type { LedgerState } from "./ledger.ts";
import { convergeReviews } from "./review.ts";
import { standingsIn } from "./standings.ts";

/**
 * Moves all grants of a repository to where they should be now: ends what is due in one revert pull request, checks
 * what has newly been activated, reports what stands on main without a record, and sets the timer for the next end.
 * Needs no memory: a process that was dead for a week does the same as one that never slept.
 */
export async function convergeGrants(lockbox: Lockbox): Promise<void> {
  await lockbox.history.refresh([]);
  const state = await lockbox.ledger.read();
  // who takes the rules away takes no grant out of sight: what was granted under them ends and is watched as before
  if (state.histories.size === 0 && !(await lockbox.rules.govern(state.main))) return;
  for (const { branch, lost } of state.rewritten) await reportRewrite(branch, lost, state, lockbox);
  const unchecked = await vouch(state, lockbox);
  const standings = standingsIn(state, lockbox);
  const revoked = await judgeMoved(unchecked, standings, state, lockbox);
  await endGrants([...standings.flatMap((standing) => due(standing, lockbox)), ...revoked], lockbox);
  for (const standing of standings) {
    if (standing.kind === "unrecorded")
      await reportUnrecorded(standing.file, standing.because, state, lockbox);
  }
  await reportForged(state, lockbox);
  const present = new Set([
    ...[...state.files, ...state.strays].map(({ path, blob }) => `${path} ${blob}`),
    ...state.rewritten.map(({ branch, lost }) => `${branch} ${lost}`),
  ]);
  for (const key of lockbox.merges.reported) {
    if (!present.has(key)) lockbox.merges.reported.delete(key);
  }
  for (const { path, blob } of state.strays) {
    await reportUnrecorded({ path, blob, id: null }, "no-record", state, lockbox);
  }
  await recordRemovals(state, lockbox);
  scheduleNext(standings, lockbox);
  await convergeReviews(state, lockbox);
}

function due(standing: Standing, { clock }: Lockbox): Ending[] {
  return standing.kind === "due" ? [endingOf(standing.history, standing.file, "expiry", clock.now())] : [];
}

/**
 * Asks GitHub whether the app merged the activations that this process has not seen yet; anybody who may push to
 * main could write a record. Returns the activations that were confirmed just now.
 */
async function vouch(state: LedgerState, { forge, merges }: Lockbox): Promise<readonly GrantHistory[]> {
  const onMain = new Set(state.files.map(({ id }) => id));
  const unseen = [...state.histories.values()].filter(
    ({ activation, commit, end }) =>
      end?.on !== "main" && onMain.has(activation.grant) && !merges.checked.has(commit),
  );
  const unknown = unseen.filter(({ commit }) => !merges.vouched.has(commit));
  if (unknown.length > 0) {
    const merged = await forge.mergedByApp(unknown.map(({ activation }) => activation.pull));
    for (const { activation, commit } of unknown) {
      if (merged.get(activation.pull) === commit) merges.vouched.add(commit);
    }
  }
  return unseen.filter(({ commit }) => merges.vouched.has(commit));
}

/**
 * The merge was made on whatever main was at that moment. Where that is not the base that was judged and its rules
 * differ, the request is judged again under them; if they say no, the grant is revoked at once.
 */
async function judgeMoved(
  activations: readonly GrantHistory[],
  standings: readonly Standing[],
  state: LedgerState,
  lockbox: Lockbox,
): Promise<readonly Ending[]> {
  const revoked: Ending[] = [];
  for (const history of activations) {
    const standing = standings.find(({ file }) => file.id === history.activation.grant);
    if (standing?.kind === "in-force" || standing?.kind === "waiting") {
      const refusal = await judgeAgain(history, standing.file, state, lockbox);
      if (refusal !== null) {
        const by = { requestedBy: null, reason: refusal };
        revoked.push(endingOf(history, standing.file, "revocation", lockbox.clock.now(), by));
      }
    }
    lockbox.merges.checked.add(history.commit);
  }
  return revoked;
}

const unrecordedWords = {
  "no-record": "no decision record names it",
  "other-file": "its content is not what was judged",
  ended: "its grant has ended, and somebody put the file back",
  "not-merged-by-the-app": "its decision record was not written by the app",
  "not-signed": "its decision record bears no signature of a key that the repository lists",
} as const satisfies Record<Unrecorded, string>;

/** A file that stands on main without a valid record: an event on the journal and an issue, once. */
async function reportUnrecorded(
  file: { readonly path: string; readonly blob: Oid; readonly id: FindingRecord["grant"] },
  because: Unrecorded,
  state: LedgerState,
  lockbox: Lockbox,
): Promise<void> {
  const key = `${file.path} ${file.blob}`;
  if (lockbox.merges.reported.has(key)) return;
  const record: FindingRecord = {
    event: "finding",
    code: "GRANT_WITHOUT_RECORD",
    commit: await introducedBy(file, state.main, lockbox.history),
    grant: file.id,
    reason: `${file.path}: ${unrecordedWords[because]}`,
    at: lockbox.clock.now(),
  };
  await report({ record, path: file.path, because: unrecordedWords[because] }, state, lockbox);
  lockbox.merges.reported.add(key);
}

/** The issue first and the journal last: what the journal has is done, also after a crash in between. */
async function report(news: Report, state: LedgerState, lockbox: Lockbox): Promise<void> {
  if (isRecorded(news.record, state)) return;
  await lockbox.forge.openIssue(news);
  await recordOnce(lockbox, news.record);
}

async function reportRewrite(branch: string, lost: Oid, state: LedgerState, lockbox: Lockbox): Promise<void> {
  const key = `${branch} ${lost}`;
  if (lockbox.merges.reported.has(key)) return;
  const record: FindingRecord = {
    event: "finding",
    code: "HISTORY_REWRITTEN",
    commit: lost,
    grant: null,
    reason: `${branch} no longer contains ${lost}; it is now at ${branch === "grantbox-journal" ? state.journal : state.main}`,
    at: lockbox.clock.now(),
  };
  await report({ record, path: branch, because: "somebody force-pushed it" }, state, lockbox);
  lockbox.merges.reported.add(key);
}

/**
 * Records on the journal that somebody else than the app wrote: they count for nothing, and are reported together, by
 * the newest, so that whoever pushes a thousand makes one issue and not a thousand.
 */
async function reportForged({ forged, ...state }: LedgerState, lockbox: Lockbox): Promise<void> {
  const told = new Set(
    state.findings.flatMap(({ code, commit }) => (code === "JOURNAL_RECORD_FORGED" ? [commit] : [])),
  );
  const news = forged.slice(forged.findLastIndex(({ commit }) => told.has(commit)) + 1);
  const newest = news.at(-1);
  if (newest === undefined) return;
  const events = [...new Set(news.flatMap((one) => one.events))].sort().join(", ") || "nothing readable";
  const count = news.length === 1 ? "a commit" : `${news.length} commits, this one the newest,`;
  const record: FindingRecord = {
    event: "finding",
    code: "JOURNAL_RECORD_FORGED",
    commit: newest.commit,
    grant: null,
    reason: `${count} with ${events} that the app did not sign`,
    at: lockbox.clock.now(),
  };
  const because = `${record.reason}: ${newest.because}`;
  await report({ record, path: "grantbox-journal", because }, { ...state, forged }, lockbox);
}

/** A grant whose file somebody took off main without the app: access has ended, and the journal says so. */
async function recordRemovals(state: LedgerState, lockbox: Lockbox): Promise<void> {
  const present = new Set(state.files.map(({ id }) => id));
  for (const { activation, end, commit } of state.histories.values()) {
    if (end !== null || present.has(activation.grant)) continue;
    const now = lockbox.clock.now();
    const endedAt = instantOf(Math.min(activation.validUntil, now));
    await recordOnce(lockbox, {
      event: "ended",
      grant: activation.grant,
      blob: activation.blob,
      cause: endedAt === now ? "revocation" : "expiry",
      requestedBy: null,
      reason: `the file that commit ${commit.slice(0, 12)} added was removed from the default branch without a record`,
      endedAt,
    });
  }
}

function scheduleNext(standings: readonly Standing[], lockbox: Lockbox): void {
  const ends = standings.flatMap((standing) =>
    standing.kind === "in-force" || standing.kind === "waiting"
      ? [standing.history.activation.validUntil]
      : [],
  );
  const next = ends.reduce<Instant | null>(
    (soonest, end) => (soonest === null || end < soonest ? end : soonest),
    null,
  );
  if (next !== null) lockbox.again({ kind: "grants" }, next);
}
