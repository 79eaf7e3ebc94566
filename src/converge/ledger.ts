import { isNews } from "../domain/announcement.ts";
import { GRANTS_FOLDER, type GrantFile, parseGrantPath } from "../domain/grant.ts";
import { foldRecords, type GrantHistories, type GrantHistory, needsProof } from "../domain/lifecycle.ts";
import type { GrantId, Oid, PullNumber } from "../domain/oid.ts";
import {
  type CaseRecord,
  type ClosureRecord,
  caseKey,
  type DecisionRecord,
  type FindingRecord,
  type RecordReading,
  type ReviewRecord,
  readRecords,
} from "../domain/record.ts";
import type { KnownGrants } from "../domain/request.ts";
import type { Instant } from "../domain/time.ts";
import type { History, HistoryCommit } from "../ports/history.ts";
import type { RecordKeys } from "../ports/record-keys.ts";
import type { Belief, Worth } from "./belief.ts";

/** What main and journal say together at this moment. */
export interface LedgerState {
  readonly main: Oid;
  readonly journal: Oid | null;
  readonly histories: GrantHistories;
  readonly closures: ReadonlyMap<PullNumber, Closure>;
  readonly findings: readonly FindingRecord[];
  /** Reviews of emergency grants, by grant. */
  readonly reviews: ReadonlyMap<GrantId, ReviewRecord>;
  /** The last word on each support case that is known to be of its system, by `caseKey`. */
  readonly cases: ReadonlyMap<string, CaseRecord>;
  /** Grant files on main; a path under `grants/` that is none is in `strays`. */
  readonly files: readonly GrantFile[];
  readonly strays: readonly { readonly path: string; readonly blob: Oid }[];
  /** Tips that main or the journal had while this process watched, and no longer contain. */
  readonly rewritten: readonly { readonly branch: string; readonly lost: Oid }[];
  /** Commits of the journal that count for nothing, since they ought to be signed and are not; oldest first. */
  readonly forged: readonly ForgedCommit[];
  /** What the journal has and nobody can prove, where the repository lists no keys: it gives nothing. */
  readonly unproven: readonly DecisionRecord[];
  /** Commits of main that activated what is there, and that ought to be signed and are not. */
  readonly unsigned: ReadonlySet<Oid>;
  /** When the first record was committed; null while there is none. */
  readonly since: Instant | null;
}

/** A request that ended without access, and the commit that says so: with it stand the facts that it rested on. */
export interface Closure {
  readonly record: ClosureRecord;
  readonly commit: Oid;
}

/** A commit with records that somebody else than the app wrote. */
export interface ForgedCommit {
  readonly commit: Oid;
  readonly events: readonly string[];
  readonly because: string;
}

/** Reads the ledger after a refresh of the mirror; only what is new since the last time. */
export interface Ledger {
  read(): Promise<LedgerState>;
  /** The keys that records are checked with, as the default branch lists them now; null when it lists none. */
  keys(): Promise<RecordKeys | null>;
}

interface Memory {
  readonly main: Oid;
  readonly journal: Oid | null;
  readonly onMain: GrantHistories;
  /** When the first record on main was committed. */
  readonly since: Instant | null;
  readonly journalCommits: readonly HistoryCommit[];
}

/** The ledger of a lockbox repository over its Git history. Without a memory, or when history was rewritten, it reads all. */
export function ledgerOf(
  history: History,
  defaultBranch: () => string,
  belief: Belief,
  isSealed: (record: CaseRecord) => boolean,
): Ledger {
  let memory: Memory | null = null;
  const rewritten: { readonly branch: string; readonly lost: Oid }[] = [];
  const tipOf = async (branch: string): Promise<Oid> => {
    const main = await history.resolve(`refs/heads/${branch}`);
    if (main === null) throw new Error(`the repository has no branch \`${branch}\``);
    return main;
  };
  return {
    async keys() {
      return belief.keysAt(await tipOf(defaultBranch()));
    },
    async read() {
      const branch = defaultBranch();
      const main = await tipOf(branch);
      const journal = await history.resolve("refs/heads/grantbox-journal");
      const before: Memory | null = memory;
      const mainNews = await newsOf(history, main, before?.main ?? null);
      const journalNews = journal === null ? null : await newsOf(history, journal, before?.journal ?? null);
      const onMain = foldRecords(
        mainNews.commits,
        "main",
        mainNews.continues && before ? before.onMain : new Map(),
      );
      const journalCommits = [
        ...(journalNews?.continues && before ? before.journalCommits : []),
        ...(journalNews?.commits ?? []),
      ];
      if (before !== null && !mainNews.continues) rewritten.push({ branch, lost: before.main });
      if (before?.journal && journalNews?.continues !== true) {
        rewritten.push({ branch: "grantbox-journal", lost: before.journal });
      }
      const known = mainNews.continues ? (before?.since ?? null) : null;
      const since = known ?? firstRecordAt(mainNews.commits);
      memory = { main, journal, onMain, since, journalCommits };
      belief.hear(mainNews.commits);
      const worth = await belief.journal(journalCommits, main);
      const heard = journalCommits.filter((_, index) => worth[index]?.kind !== "forged");
      const present = await grantFiles(history, main);
      const standing = present.files.flatMap(({ id }) => onMain.get(id) ?? []);
      return {
        main,
        journal,
        histories: foldRecords(heard, "journal", onMain),
        ...journalled(journalCommits, worth, isSealed),
        ...present,
        rewritten: [...rewritten],
        unsigned: await belief.unsigned(standing, main),
        since: earlier(since, firstRecordAt(heard)),
      };
    },
  };
}

async function newsOf(
  history: History,
  tip: Oid,
  since: Oid | null,
): Promise<{ commits: readonly HistoryCommit[]; continues: boolean }> {
  if (tip === since) return { commits: [], continues: true };
  const commits = await history.firstParents(tip, since);
  const continues = since === null || commits[0]?.parents[0] === since;
  return { commits, continues };
}

function firstRecordAt(commits: readonly HistoryCommit[]): Instant | null {
  return commits.find(({ message }) => readRecords(message).kind === "records")?.committedAt ?? null;
}

function earlier(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

function journalled(
  commits: readonly HistoryCommit[],
  worth: readonly Worth[],
  isSealed: (record: CaseRecord) => boolean,
): Pick<LedgerState, "closures" | "findings" | "reviews" | "cases" | "forged" | "unproven"> {
  const closures = new Map<PullNumber, Closure>();
  const findings: FindingRecord[] = [];
  const reviews = new Map<GrantId, ReviewRecord>();
  const cases = new Map<string, CaseRecord>();
  const forged: ForgedCommit[] = [];
  const unproven: DecisionRecord[] = [];
  for (const [index, commit] of commits.entries()) {
    const reading = readRecords(commit.message);
    const found = worth[index];
    if (found?.kind === "forged") {
      const { because } = found;
      if (reading.kind !== "none") forged.push({ commit: commit.oid, events: eventsOf(reading), because });
      continue;
    }
    for (const record of reading.kind === "records" ? reading.records : []) {
      if (found?.kind !== "proven" && needsProof(record)) {
        unproven.push(record);
        continue;
      }
      switch (record.event) {
        case "finding":
          findings.push(record);
          break;
        case "denied":
        case "lapsed":
        case "withdrawn":
          if (!closures.has(record.pull)) closures.set(record.pull, { record, commit: commit.oid });
          break;
        case "reviewed":
          if (!reviews.has(record.grant)) reviews.set(record.grant, record);
          break;
        case "case":
          // INVARIANT 4: whoever may push could write one, or write an old one again
          if (isNews(record, cases.get(caseKey(record.case))) && isSealed(record)) {
            cases.set(caseKey(record.case), record);
          }
          break;
        case "activated":
        case "extended":
        case "ended":
          break;
        default:
          record satisfies never;
      }
    }
  }
  return { closures, findings, reviews, cases, forged, unproven };
}

function eventsOf(reading: RecordReading): readonly string[] {
  return reading.kind === "records" ? [...new Set(reading.records.map(({ event }) => event))] : [];
}

async function grantFiles(history: History, commit: Oid): Promise<Pick<LedgerState, "files" | "strays">> {
  const files: GrantFile[] = [];
  const strays: { path: string; blob: Oid }[] = [];
  for (const { path, mode, oid } of await history.files(commit, GRANTS_FOLDER.slice(0, -1))) {
    const named = parseGrantPath(path);
    if (named !== null && mode === "100644") files.push({ path, ...named, blob: oid });
    else if (/\.ya?ml$/i.test(path)) strays.push({ path, blob: oid });
  }
  return { files, strays };
}

/** Ids that a new request must not take: those on main, and those of every grant there ever was. */
export function knownGrants({ files, histories }: Pick<LedgerState, "files" | "histories">): KnownGrants {
  const known = new Map<GrantFile["id"], "on-main" | "ended">();
  for (const id of histories.keys()) known.set(id, "ended");
  for (const { id } of files) known.set(id, "on-main");
  return known;
}

/** The grant that a pull request activated, with its file when that is still on main. */
export function activatedBy(
  pull: PullNumber,
  { histories, files }: Pick<LedgerState, "files" | "histories">,
): { readonly history: GrantHistory; readonly file: GrantFile | null } | null {
  for (const history of histories.values()) {
    if ([...history.earlier, history.activation].some((record) => record.pull === pull)) {
      const file = files.find(
        ({ id, blob }) => id === history.activation.grant && blob === history.activation.blob,
      );
      return { history, file: file ?? null };
    }
  }
  return null;
}
