import type { Branch, GrantHistory } from "../domain/lifecycle.ts";
import type { ActivationRecord } from "../domain/record.ts";
import type { ChangingCommit } from "../ports/history.ts";
import type { AllowedSigners } from "../signatures/allowed-signers.ts";
import {
  type Expected,
  type Verification,
  verifySignature,
  verifySignatureNow,
} from "../signatures/verification.ts";
import { examineActivation } from "./activation.ts";
import type { Complaint } from "./complaint.ts";
import { type RuleSource, type RulesName, type RulesThen, rulesThen } from "./rule-line.ts";

/**
 * What is to be judged about one commit: all of it plain data, so that another thread can do it. What hangs on the
 * commits before has been looked up.
 */
export interface Task {
  readonly commit: ChangingCommit;
  readonly on: Branch;
  readonly activations: readonly ActivationTask[];
}

/** What `ActivationContext` says, with the rules by their names. */
export interface ActivationTask {
  readonly record: ActivationRecord;
  readonly facts: readonly string[];
  readonly blob: Uint8Array | null;
  readonly previous: Uint8Array | null;
  readonly base: RulesName | null;
  readonly parent: RulesName | null;
  readonly before: GrantHistory | null;
}

/** What the signature of a commit is worth, as far as it can be told to another thread. */
export type SignatureOutcome =
  | Exclude<Verification, { kind: "valid" }>
  | Pick<Extract<Verification, { kind: "valid" }>, "kind" | "signedFor">;

/** What came of a task. */
export interface Outcome {
  readonly complaints: readonly Complaint[];
  readonly signature: SignatureOutcome;
}

/** The rules that tasks name. */
export type RulesByName = ReadonlyMap<RulesName, RuleSource>;

/** Performs tasks; the outcomes come in the order of the tasks, whoever did them. */
export interface Performer {
  perform(tasks: readonly Task[], rules: RulesByName): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

/** How many compiled rule sets are kept: requests are judged under the newest, or one a little older. */
const KEPT = 8;

/** Performs tasks in this thread. */
export class OwnPerformer implements Performer {
  readonly #allowed: AllowedSigners;
  readonly #rules = new Map<RulesName, RulesThen>();

  constructor(allowed: AllowedSigners) {
    this.#allowed = allowed;
  }

  /** With the arithmetic of the signatures in the threads that Node has for such work. */
  async perform(tasks: readonly Task[], rules: RulesByName): Promise<readonly Outcome[]> {
    const signatures = tasks.map(({ commit, on }) =>
      verifySignature(commit.message, this.#allowed, expected(commit, on)),
    );
    const complaints = this.judge(tasks, rules);
    return outcomesOf(complaints, (await Promise.all(signatures)).map(plain));
  }

  /** With everything done when it returns: for a thread that has nothing else to do. */
  performNow(tasks: readonly Task[], rules: RulesByName): readonly Outcome[] {
    const complaints = this.judge(tasks, rules);
    const signatures = tasks.map(({ commit, on }) =>
      plain(verifySignatureNow(commit.message, this.#allowed, expected(commit, on))),
    );
    return outcomesOf(complaints, signatures);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** What is wrong with each commit, but for its signature. */
  judge(tasks: readonly Task[], rules: RulesByName): readonly (readonly Complaint[])[] {
    for (const [name, source] of rules) {
      const known = this.#rules.get(name) ?? rulesThen(source);
      this.#rules.delete(name);
      this.#rules.set(name, known);
    }
    const at = (name: RulesName | null) => (name === null ? null : (this.#rules.get(name) ?? null));
    const complaints = tasks.map(({ commit, activations }) =>
      activations.flatMap(({ record, base, parent, ...rest }) =>
        examineActivation(record, { ...rest, commit, base: at(base), parent: at(parent) }).map((one) => ({
          ...one,
          grant: record.grant,
        })),
      ),
    );
    for (const oldest of [...this.#rules.keys()].slice(0, -KEPT)) this.#rules.delete(oldest);
    return complaints;
  }
}

/** What came of tasks, whoever judged them and whoever checked their signatures. */
export function outcomesOf(
  complaints: readonly (readonly Complaint[])[],
  signatures: readonly SignatureOutcome[],
): readonly Outcome[] {
  return signatures.map((signature, index) => ({ complaints: complaints[index] ?? [], signature }));
}

function expected({ committedAt }: ChangingCommit, branch: Branch): Expected {
  return { repository: null, branch, committedAt };
}

/** Without the key, which cannot be sent to another thread. */
function plain(found: Verification): SignatureOutcome {
  return found.kind === "valid" ? { kind: found.kind, signedFor: found.signedFor } : found;
}
