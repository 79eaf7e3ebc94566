import { GRANTS_FOLDER, parseGrantPath } from "../domain/grant.ts";
import { type Branch, type GrantHistory, goOn } from "../domain/lifecycle.ts";
import type { GrantId, Oid } from "../domain/oid.ts";
import {
  type ActivationRecord,
  type DecisionRecord,
  type RecordReading,
  recordsIn,
} from "../domain/record.ts";
import { factsIn } from "../domain/recorded-facts.ts";
import { ALLOWED_SIGNERS_PATH } from "../domain/signature.ts";
import {
  addDuration,
  type Duration,
  describeDuration,
  durationBetween,
  type Instant,
  printInstant,
} from "../domain/time.ts";
import { readTrailers } from "../domain/trailer.ts";
import type { LedgerFinding, Verification } from "../domain/verification.ts";
import type { ChangingCommit, History, HistoryCommit } from "../ports/history.ts";
import type { AllowedSigners } from "../signatures/allowed-signers.ts";
import { type Complaint, complaint } from "./complaint.ts";
import { examineEnds } from "./ending.ts";
import { isActivation } from "./event.ts";
import { examineJournal } from "./journal.ts";
import type { LedgerTips } from "./read.ts";
import { RuleLine } from "./rule-line.ts";
import { allowedSignersIn, SignatureCheck } from "./signature.ts";
import type { ActivationTask, Outcome, Performer, RulesByName, Task } from "./task.ts";
import { Used } from "./used.ts";
import { type WitnessFile, witnessFindings } from "./witness.ts";

/** Clocks of GitHub's machines differ a little. */
const LEEWAY = (5 * 60 * 1000) as Duration;
/** A file whose time is over leaves the default branch within minutes. */
const PATIENCE = (10 * 60 * 1000) as Duration;
/** How many portions may be judged at once: enough that nobody waits for work. */
const AHEAD = 4;

export interface ExaminationOptions {
  readonly now: Instant;
  /** Commits that somebody noted earlier: each must still be on the line of main or of the journal. */
  readonly anchors: readonly Oid[];
  /** Findings about main up to this commit are not told; null: about every commit. */
  readonly since: Oid | null;
  /** The names that this repository has had, as `owner/name`; empty: that of its first signed record. */
  readonly repositories: readonly string[];
  /** What witnesses kept of this repository. */
  readonly witness: readonly WitnessFile[];
  /** Told of each commit once it has been looked at. */
  readonly seen: (commit: ChangingCommit, on: Branch) => void;
}

/** A portion of the journal, whose signatures are being checked. */
export interface JournalPortion {
  readonly commits: readonly ChangingCommit[];
  readonly outcomes: Promise<readonly Outcome[]>;
}

/** The bytes of files by the names of their blobs; null for what the repository does not have. */
type Blobs = ReadonlyMap<Oid, Uint8Array | null>;

/** What is waited for of a commit. */
interface Begun {
  readonly commit: Oid;
  readonly at: number;
  readonly on: Branch;
  readonly isDue: boolean;
}

/** An activation that will be judged once the bytes of its files are there. */
type WantedActivation = Omit<ActivationTask, "blob" | "previous"> & { readonly previous: Oid | null };

interface Wanted {
  readonly commit: ChangingCommit;
  readonly activations: readonly WantedActivation[];
}

/** Where the findings about one commit come from, in the order in which they are told. */
const places = ["record", "judgement", "order", "signature"] as const;

/** What is known while main, and then the journal, are walked from their first commits on. */
export class Examination {
  readonly #history: History;
  readonly #options: ExaminationOptions;
  readonly #performer: Performer;
  readonly #signatures: SignatureCheck;
  readonly #rules: RuleLine;
  readonly #used = new Used();
  /** Each with the commit that it is about, counted over main and journal. */
  readonly #findings: { readonly at: number; readonly place: number; readonly finding: LedgerFinding }[] = [];
  readonly #counts = { commits: 0, activations: 0, ends: 0, others: 0 };
  readonly #anchored = new Set<Oid>();
  /** Grant files on main by id, as they stand after the last commit. */
  readonly #files = new Map<GrantId, { readonly path: string; readonly blob: Oid }>();
  readonly #onMain = new Map<GrantId, GrantHistory>();
  readonly #lines = { main: new Map<Oid, number>(), journal: new Map<Oid, number>() };
  readonly #last: Record<Branch, HistoryCommit | null> = { main: null, journal: null };
  /** Whether main has come to what was not verified before. */
  #isNew: boolean;

  /** The first commit of main with which the repository names a key, and when it was made. */
  #keyed: Oid | null = null;
  #keyedAt: Instant | null = null;
  /** Portions that are being judged, oldest first. */
  readonly #judging: { readonly begun: readonly Begun[]; readonly outcomes: Promise<readonly Outcome[]> }[] =
    [];

  constructor(history: History, performer: Performer, options: ExaminationOptions) {
    this.#history = history;
    this.#performer = performer;
    this.#signatures = new SignatureCheck(options.repositories);
    this.#options = options;
    this.#rules = new RuleLine(history);
    this.#isNew = options.since === null;
  }

  async main(commits: readonly ChangingCommit[]): Promise<void> {
    for (const { oid, changes } of commits) this.#rules.add(oid, changes);
    const readings = commits.map((commit) => {
      const trailers = readTrailers(commit.message);
      return { commit, reading: recordsIn(trailers), facts: factsIn(trailers) };
    });
    await this.#lookForKeys(commits);
    const { blobs } = await this.#gather(readings);
    const wanted: Wanted[] = [];
    const begun: Begun[] = [];
    for (const { commit, reading, facts } of readings) {
      const records = reading.kind === "records" ? reading.records : [];
      const at = this.#report(commit, "main", [
        ...(reading.kind === "malformed" ? [complaint("RECORD_MALFORMED", reading.because)] : []),
        ...(records.length === 0 ? unrecorded(commit) : this.#recorded(commit, records)),
      ]);
      if (records.length > 0) this.#order(commit, "main", at);
      if (reading.kind !== "none" && this.#isNew) {
        const activations = records
          .filter(isActivation)
          .map((record) => this.#wantedFor(record, facts, commit));
        wanted.push({ commit, activations });
        begun.push({ commit: commit.oid, at, on: "main", isDue: this.#keyedAt !== null });
      }
      this.#take(commit, records);
    }
    const rules = this.#rulesFor(wanted);
    this.#rules.trim();
    // the next commits are looked at while the files of these arrive
    const outcomes = blobs.then((bytes) => this.#performer.perform(tasksOf(wanted, bytes), rules));
    await this.#judge(outcomes, begun);
  }

  async journal({ commits, outcomes }: JournalPortion): Promise<void> {
    const begun: Begun[] = [];
    for (const commit of commits) {
      const isFirst = this.#last.journal === null;
      this.#counts.others += 1;
      const at = this.#counts.commits + 1;
      this.#order(commit, "journal", at);
      this.#report(commit, "journal", examineJournal(commit, isFirst, this.#onMain, this.#used));
      const keyedAt = this.#keyedAt;
      const isDue = keyedAt !== null && commit.committedAt > addDuration(keyedAt, LEEWAY);
      begun.push({ commit: commit.oid, at, on: "journal", isDue });
    }
    await this.#judge(outcomes, begun);
  }

  #rulesFor(wanted: readonly Wanted[]): RulesByName {
    return new Map(
      wanted.flatMap(({ activations }) =>
        activations.flatMap(({ base, parent }) =>
          [base, parent].flatMap((name) => {
            const source = name === null ? null : this.#rules.sourceOf(name);
            return name === null || source === null ? [] : [[name, source] as const];
          }),
        ),
      ),
    );
  }

  /** Takes down that a portion is being judged; waits when there are too many. */
  async #judge(outcomes: Promise<readonly Outcome[]>, begun: readonly Begun[]): Promise<void> {
    // whoever waits for it is told of a failure
    outcomes.catch(() => undefined);
    this.#judging.push({ begun, outcomes });
    await this.#judged(AHEAD);
  }

  /** Hears what became of the oldest portions, until only so many are left. */
  async #judged(left: number): Promise<void> {
    while (this.#judging.length > left) {
      const [oldest] = this.#judging.splice(0, 1);
      const outcomes = (await oldest?.outcomes) ?? [];
      for (const [index, { commit, at, on, isDue }] of (oldest?.begun ?? []).entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined) throw new Error(`${commit} was not judged`);
        for (const one of outcome.complaints) this.#add(at, "judgement", one, commit, on);
        for (const one of this.#signatures.complaints(outcome.signature, isDue)) {
          this.#add(at, "signature", one, commit, on);
        }
      }
    }
  }

  #wantedFor(record: ActivationRecord, facts: readonly string[], commit: ChangingCommit): WantedActivation {
    const [parent] = commit.parents;
    return {
      record,
      facts,
      previous: commit.changes[0]?.before?.oid ?? null,
      base: this.#rules.at(record.base)?.name ?? null,
      parent: parent === undefined ? null : (this.#rules.at(parent)?.name ?? null),
      before: this.#onMain.get(record.grant) ?? null,
    };
  }

  /** Nothing says which keys count: said once, not for every record. */
  withoutKeys({ main }: LedgerTips): void {
    if (this.#counts.activations === 0) return;
    const words = `\`${ALLOWED_SIGNERS_PATH}\` names no key, so that anybody could have written the records`;
    this.#add(this.#counts.commits + 1, "record", complaint("LEDGER_WITHOUT_KEYS", words), main, "main");
  }

  /** Whether main and journal still have all that witnesses were told of. */
  witnessed({ main }: LedgerTips, allowed: AllowedSigners): void {
    const { witness, repositories } = this.#options;
    const names = new Set(repositories.map((name) => name.toLowerCase()));
    const told = witnessFindings(witness, this.#lines, { allowed, repositories: names, tip: main });
    for (const finding of told) {
      this.#findings.push({ at: this.#counts.commits + 1, place: 0, finding });
    }
  }

  async verdict({ main, journal }: LedgerTips, anchors: readonly (Oid | null)[]): Promise<Verification> {
    await this.#judged(0);
    const atTip = (one: Complaint) => this.#add(this.#counts.commits + 1, "record", one, main, "main");
    for (const anchor of anchors) {
      if (anchor === null || this.#anchored.has(anchor)) continue;
      atTip(
        complaint(
          "HISTORY_REWRITTEN",
          `neither main nor the journal contains ${anchor}, which was noted earlier`,
        ),
      );
    }
    for (const [grant, { path }] of this.#files) {
      const history = this.#onMain.get(grant);
      if (history === undefined || history.end !== null) continue;
      const { validUntil } = history.activation;
      const late = durationBetween(validUntil, this.#options.now);
      if (late <= PATIENCE) continue;
      const words = `\`${path}\` is still there, ${describeDuration(late)} after its end at ${printInstant(validUntil)}`;
      atTip(complaint("GRANT_PAST_ITS_TIME", words, grant));
    }
    const findings = this.#findings
      .toSorted((one, other) => one.at - other.at || one.place - other.place)
      .map(({ finding }) => finding);
    return { main, journal, ...this.#counts, findings };
  }

  async #lookForKeys(commits: readonly ChangingCommit[]): Promise<void> {
    for (const { oid, changes } of commits) {
      const after = changes.find(({ path }) => path === ALLOWED_SIGNERS_PATH)?.after;
      if (!after || this.#keyed !== null) continue;
      const bytes = await this.#history.blob(after.oid).catch(() => null);
      if (allowedSignersIn(bytes, ALLOWED_SIGNERS_PATH).signers.length > 0) this.#keyed = oid;
    }
  }

  /** Reads the rules that a portion of main will be judged with, and asks for the blobs, all at once. */
  async #gather(
    readings: readonly { readonly commit: ChangingCommit; readonly reading: RecordReading }[],
  ): Promise<{ readonly blobs: Promise<Blobs> }> {
    const blobs = new Map<Oid, Uint8Array | null>();
    const { since } = this.#options;
    if (!this.#isNew && readings.every(({ commit }) => commit.oid !== since))
      return { blobs: Promise.resolve(blobs) };
    const needed = new Set<Oid>();
    const wanted: Promise<unknown>[] = [];
    for (const { commit, reading } of readings) {
      for (const record of reading.kind === "records" ? reading.records : []) {
        if (!isActivation(record)) continue;
        needed.add(record.base);
        for (const parent of commit.parents.slice(0, 1)) needed.add(parent);
        const previous = commit.changes.flatMap(({ before }) => (before === null ? [] : [before.oid]));
        for (const name of record.event === "extended"
          ? [record.blob, ...previous.slice(0, 1)]
          : [record.blob]) {
          const blob = this.#history.blob(name).catch(() => null);
          wanted.push(blob.then((bytes) => blobs.set(name, bytes)));
        }
      }
    }
    await this.#rules.prepare(needed);
    return { blobs: Promise.all(wanted).then(() => blobs) };
  }

  #recorded(commit: ChangingCommit, records: readonly DecisionRecord[]): readonly Complaint[] {
    const found: Complaint[] = [];
    const activations = records.filter(isActivation);
    const ends = records.filter((record) => record.event === "ended");
    this.#counts.activations += activations.length;
    this.#counts.ends += ends.length;
    for (const record of records) {
      if (isActivation(record) || record.event === "ended") continue;
      found.push(complaint("RECORD_MISPLACED", `\`${record.event}\` stands on the default branch`));
    }
    if (activations.length > 0 && records.length > 1) {
      found.push(
        complaint(
          "RECORD_SEVERAL",
          `the commit activates \`${activations[0]?.grant}\`, and has ${records.length} records`,
        ),
      );
    }
    for (const record of activations) found.push(...this.#used.activation(record));
    if (ends.length > 0) found.push(...examineEnds(ends, commit, this.#onMain));
    if (activations.length === 0 && ends.length === 0) found.push(...unrecorded(commit));
    return found;
  }

  /** Goes on to after a commit of main. */
  #take(commit: ChangingCommit, records: readonly DecisionRecord[]): void {
    for (const { path, after } of commit.changes) {
      const id = parseGrantPath(path)?.id;
      if (id === undefined) continue;
      if (after === null) this.#files.delete(id);
      else this.#files.set(id, { path, blob: after.oid });
    }
    for (const record of records) {
      const changed = goOn(this.#onMain, commit, record, "main");
      if (changed !== null) this.#onMain.set(changed.activation.grant, changed);
    }
    if (this.#keyed === commit.oid) this.#keyedAt = commit.committedAt;
    if (commit.oid === this.#options.since) this.#isNew = true;
  }

  #add(
    at: number,
    place: (typeof places)[number],
    { finding, grant }: Complaint,
    commit: Oid,
    on: Branch,
  ): void {
    this.#findings.push({ at, place: places.indexOf(place), finding: { ...finding, commit, on, grant } });
  }

  /** Takes down what is wrong with a commit, and gives its number. */
  #report(commit: ChangingCommit, on: Branch, complaints: readonly Complaint[]): number {
    this.#counts.commits += 1;
    if (this.#options.anchors.includes(commit.oid)) this.#anchored.add(commit.oid);
    // a hundred thousand names are held only where a witness is asked
    if (this.#options.witness.length > 0) this.#lines[on].set(commit.oid, this.#lines[on].size + 1);
    if (on === "journal" || this.#isNew) {
      for (const one of complaints) this.#add(this.#counts.commits, "record", one, commit.oid, on);
    }
    this.#options.seen(commit, on);
    return this.#counts.commits;
  }

  /** GitHub dates what the app writes: its commits come in the order of time; others may have been made long before. */
  #order(commit: ChangingCommit, on: Branch, at: number): void {
    const last = this.#last[on];
    this.#last[on] = commit;
    if (last === null || addDuration(commit.committedAt, LEEWAY) >= last.committedAt) return;
    if (on === "main" && !this.#isNew) return;
    const words = `it claims ${printInstant(commit.committedAt)}, and ${last.oid} before it ${printInstant(last.committedAt)}`;
    this.#add(at, "order", complaint("HISTORY_TIME_BACKWARD", words), commit.oid, on);
  }
}

function tasksOf(wanted: readonly Wanted[], blobs: Blobs): readonly Task[] {
  return wanted.map(({ commit, activations }) => ({
    commit,
    on: "main",
    activations: activations.map(({ previous, ...rest }) => ({
      ...rest,
      blob: blobs.get(rest.record.blob) ?? null,
      previous: previous === null ? null : (blobs.get(previous) ?? null),
    })),
  }));
}

/** A commit without a record that counts must leave grants alone. */
function unrecorded(commit: ChangingCommit): readonly Complaint[] {
  return commit.changes.flatMap(({ path, after }): Complaint[] => {
    const id = parseGrantPath(path)?.id ?? null;
    if (!path.toLowerCase().startsWith(GRANTS_FOLDER) || (id === null && !/\.ya?ml$/i.test(path))) return [];
    return after === null
      ? [complaint("GRANT_REMOVED_WITHOUT_RECORD", `\`${path}\` was removed`, id)]
      : [complaint("GRANT_WITHOUT_RECORD", `\`${path}\` was written`, id)];
  });
}
