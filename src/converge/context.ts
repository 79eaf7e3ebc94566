import type { Announcement } from "../domain/announcement.ts";
import type { Month } from "../domain/month.ts";
import type { GrantId, Oid, PullNumber } from "../domain/oid.ts";
import type { PastRequest, Replay, TestRequest } from "../domain/replay.ts";
import type { Instant } from "../domain/time.ts";
import type { CaseSystem, Seal } from "../ports/cases.ts";
import type { Clock } from "../ports/clock.ts";
import type { Forge, MonthlyReport } from "../ports/forge.ts";
import type { History } from "../ports/history.ts";
import type { Signer } from "../ports/signer.ts";
import type { LoadedRules } from "../rules/load.ts";
import type { Ledger } from "./ledger.ts";
import type { Overview } from "./overview.ts";
import type { Rules } from "./rules.ts";
import type { Witnessing } from "./witness.ts";

/** Says what happened, for operators; never with secrets or contents of files. */
export type Log = (message: string, details?: Readonly<Record<string, unknown>>) => void;

/** What this process remembers of its own merges. Losing it costs a query, never correctness. */
export interface Merges {
  /** Activating commits of which GitHub has said that the app merged them. */
  readonly vouched: Set<Oid>;
  /** Commits of activations that have been checked against the rules they were merged under. */
  readonly checked: Set<Oid>;
  /** Files without a record that have been reported: path and blob. */
  readonly reported: Set<string>;
  /** When a pull request had last changed when the sweep last looked at it. */
  readonly seen: Map<PullNumber, Instant>;
  /** Emergencies of which it is said on their pull requests that they are some. */
  readonly announced: Set<GrantId>;
  /** Emergencies whose review GitHub confirmed: where no record can prove it, that is the proof. */
  readonly reviewed: Set<GrantId>;
  /** Months of which GitHub has an issue with the report. */
  readonly published: Set<string>;
  /** The last refusal of a pull request's merge, so that it is said once. */
  readonly refused: Map<PullNumber, { readonly head: Oid; readonly because: string }>;
}

/** Judges past requests under the rules as they are, and as they would be (`src/ledger/replay.ts`). */
export type Replayer = (
  past: readonly PastRequest[],
  tests: readonly TestRequest[],
  rules: readonly [LoadedRules, LoadedRules],
) => Promise<Replay>;

/** Makes the report of a month from main and journal as they are now (`src/report`). */
export type Reporter = (month: Month) => Promise<MonthlyReport>;

/** One lockbox repository and all that converging it needs. */
export interface Lockbox {
  readonly owner: string;
  readonly name: string;
  readonly forge: Forge;
  readonly history: History;
  readonly clock: Clock;
  readonly rules: Rules;
  readonly ledger: Ledger;
  /** The systems that keep support cases, by the name that grants give them, lower case. */
  readonly cases: ReadonlyMap<string, CaseSystem>;
  /** Tells who may announce cases; null when no secret is agreed on, and then nobody may. */
  readonly seal: Seal | null;
  readonly replay: Replayer;
  readonly report: Reporter;
  /** Signs what the app writes; null when no key is configured, and then records are unsigned. */
  readonly signer: Signer | null;
  /** Who is told where main and journal are; null when nobody is. */
  readonly witnessing: Witnessing | null;
  readonly merges: Merges;
  /** What was last found, for those who look on. */
  readonly overview: Overview;
  /** Asks for another pass, now or later: the app puts it into its queue. */
  readonly again: (what: Work, notBefore?: Instant) => void;
  readonly log: Log;
}

/** The units of work, each safe to do twice, late or on two machines at once (invariant 8). */
export type Work =
  | { readonly kind: "request"; readonly pull: PullNumber }
  | { readonly kind: "grants" }
  | { readonly kind: "cases" }
  /** Not a hint, but news that nobody can ask for again: it is verified where it is carried out. */
  | { readonly kind: "announcement"; readonly announcement: Announcement }
  | { readonly kind: "sweep" }
  | { readonly kind: "reports" }
  | { readonly kind: "witness" };
