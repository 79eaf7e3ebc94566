import type { GrantHistories } from "../domain/lifecycle.ts";
import type { Oid } from "../domain/oid.ts";
import { sameLogin } from "../domain/person.ts";
import type { ActivationRecord, ClosureRecord } from "../domain/record.ts";
import { type RecordedFacts, readRecordedFacts } from "../domain/recorded-facts.ts";
import { labelsOf } from "../domain/rule-set.ts";
import type { Instant } from "../domain/time.ts";
import type { History } from "../ports/history.ts";
import { isRuleFile, loadRules } from "../rules/load.ts";
import type { LedgerEvent } from "./event.ts";
import { type LedgerTips, readLedger } from "./read.ts";

/** A request that was decided in a period, with what its record says beyond the trailers. */
export interface DecidedRequest {
  readonly record: ActivationRecord | ClosureRecord;
  readonly at: Instant;
  readonly commit: Oid;
  /** What the decision rested on; null where the record keeps none. */
  readonly facts: RecordedFacts | null;
  /** What the catalog called the data, under the rules of the base; null where it is not known. */
  readonly classification: string | null;
  /** Teams of the subject, of those that the decision looked at. */
  readonly teams: readonly string[];
}

/** A change of the rules on the default branch. */
export interface RulesChanged {
  readonly at: Instant;
  readonly commit: Oid;
  readonly headline: string;
  readonly files: readonly string[];
}

/** What happened in a period, and the story of every grant up to the tips. */
export interface Period {
  readonly from: Instant;
  /** Up to, and without. */
  readonly to: Instant;
  readonly requests: readonly DecidedRequest[];
  readonly events: readonly LedgerEvent[];
  readonly rulesChanged: readonly RulesChanged[];
  readonly histories: GrantHistories;
}

/** Reads what happened from one instant up to, and without, another. */
export async function readPeriod(
  history: History,
  tips: LedgerTips,
  from: Instant,
  to: Instant,
): Promise<Period> {
  const ledger = await readLedger(history, tips, { changes: true });
  const events = ledger.events.filter(({ at }) => at >= from && at < to);
  const catalogs = new Catalogs(history);
  const requests: DecidedRequest[] = [];
  for (const event of events) {
    if (event.kind !== "record") continue;
    const { record, at, commit } = event;
    if (!("head" in record)) continue;
    const reading = readRecordedFacts((await history.commit(commit)).message, record.head);
    const facts = reading.kind === "facts" ? reading.recorded : null;
    const isGranted = "subject" in record;
    const classification = isGranted ? await catalogs.classification(record) : null;
    const subject = isGranted ? record.subject : record.requestedBy.login;
    requests.push({ record, at, commit, facts, classification, teams: teamsOf(subject, facts) });
  }
  const rulesChanged = events.flatMap(({ kind, on, at, commit, headline, changes }) => {
    const files = (changes ?? []).map(({ path }) => path).filter(isRuleFile);
    return kind === "unrecorded" && on === "main" && files.length > 0
      ? [{ at, commit, headline, files }]
      : [];
  });
  return { from, to, requests, events, rulesChanged, histories: ledger.histories };
}

function teamsOf(login: string, facts: RecordedFacts | null): readonly string[] {
  return Object.entries(facts?.facts.teams ?? {}).flatMap(([slug, team]) =>
    team.read && team.members.some((member) => sameLogin(member, login)) ? [slug] : [],
  );
}

/** The catalog as the rules of a base commit have it; the same rules are read once. */
class Catalogs {
  readonly #history: History;
  readonly #known = new Map<string, ReturnType<typeof loadRules>>();

  constructor(history: History) {
    this.#history = history;
  }

  async classification({ rules: digest, base, resource }: ActivationRecord): Promise<string | null> {
    const known = this.#known.get(digest) ?? (await this.#read(base));
    this.#known.set(digest, known);
    return known.ok ? (labelsOf(resource, known.loaded.rules.catalog)?.classification ?? null) : null;
  }

  async #read(base: Oid): Promise<ReturnType<typeof loadRules>> {
    const files = new Map<string, Uint8Array>();
    for (const { path, oid, mode } of await this.#history.files(base, "")) {
      if (isRuleFile(path) && mode.startsWith("100")) files.set(path, await this.#history.blob(oid));
    }
    return loadRules(files);
  }
}
