import type { Branch, GrantHistory } from "../domain/lifecycle.ts";
import type { RulesDigest } from "../domain/oid.ts";
import type { ActivationRecord } from "../domain/record.ts";
import type { ChangingCommit } from "../ports/history.ts";
import type { RuleFiles } from "../rules/load.ts";
import type { AllowedSigners } from "../signatures/allowed-signers.ts";
import { type Verification, verifySignature } from "../signatures/verification.ts";
import { examineActivation } from "./activation.ts";
import type { Complaint } from "./complaint.ts";
import { type RulesThen, rulesThen } from "./rule-line.ts";

/**
 * What is to be judged about one commit: all of it plain data, so that another thread can do it. What hangs on the
 * commits before has been looked up.
 */
export interface Task {
  readonly commit: ChangingCommit;
  readonly on: Branch;
  /** Whether its signature is to be checked. */
  readonly isRecord: boolean;
  readonly activations: readonly ActivationTask[];
}

/** What `ActivationContext` says, with the rules by their digests. */
export interface ActivationTask {
  readonly record: ActivationRecord;
  readonly blob: Uint8Array | null;
  readonly previous: Uint8Array | null;
  readonly base: RulesDigest | null;
  readonly parent: RulesDigest | null;
  readonly before: GrantHistory | null;
}

/** What the signature of a commit is worth, as far as it can be told to another thread. */
export type SignatureOutcome =
  | Exclude<Verification, { kind: "valid" }>
  | Pick<Extract<Verification, { kind: "valid" }>, "kind" | "signedFor">;

/** What came of a task. */
export interface Outcome {
  readonly complaints: readonly Complaint[];
  /** Null when it was not to be checked. */
  readonly signature: SignatureOutcome | null;
}

/** The rule files that tasks name, by their digests. */
export type RulesByDigest = ReadonlyMap<RulesDigest, RuleFiles>;

/** Performs tasks; the outcomes come in the order of the tasks, whoever did them. */
export interface Performer {
  perform(tasks: readonly Task[], rules: RulesByDigest): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

/** How many compiled rule sets are kept: requests are judged under the newest, or one a little older. */
const KEPT = 8;

/** Performs tasks in this thread. */
export class OwnPerformer implements Performer {
  readonly #allowed: AllowedSigners;
  readonly #rules = new Map<RulesDigest, RulesThen>();

  constructor(allowed: AllowedSigners) {
    this.#allowed = allowed;
  }

  async perform(tasks: readonly Task[], rules: RulesByDigest): Promise<readonly Outcome[]> {
    return this.performNow(tasks, rules);
  }

  performNow(tasks: readonly Task[], rules: RulesByDigest): readonly Outcome[] {
    for (const [digest, files] of rules) {
      const known = this.#rules.get(digest) ?? rulesThen(files);
      this.#rules.delete(digest);
      this.#rules.set(digest, known);
    }
    const outcomes = tasks.map((task) => this.#outcomeOf(task));
    for (const oldest of [...this.#rules.keys()].slice(0, -KEPT)) this.#rules.delete(oldest);
    return outcomes;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #outcomeOf({ commit, on, isRecord, activations }: Task): Outcome {
    const at = (digest: RulesDigest | null) => (digest === null ? null : (this.#rules.get(digest) ?? null));
    const complaints = activations.flatMap(({ record, base, parent, ...rest }) =>
      examineActivation(record, { ...rest, commit, base: at(base), parent: at(parent) }).map((one) => ({
        ...one,
        grant: record.grant,
      })),
    );
    return { complaints, signature: isRecord ? this.#signatureOf(commit, on) : null };
  }

  #signatureOf({ message, committedAt }: ChangingCommit, on: Branch): SignatureOutcome {
    const found = verifySignature(message, this.#allowed, { repository: null, branch: on, committedAt });
    return found.kind === "valid" ? { kind: found.kind, signedFor: found.signedFor } : found;
  }
}
