import type { Branch } from "../domain/lifecycle.ts";
import type { ActivationRecord } from "../domain/record.ts";
import type { ChangingCommit } from "../ports/history.ts";
import type { AllowedSigners } from "../signatures/allowed-signers.ts";
import { type Verification, verifySignatureElsewhere } from "../signatures/verification.ts";
import { type ActivationContext, examineActivation } from "./activation.ts";
import type { Complaint } from "./complaint.ts";

/** What is to be judged about one commit; what hangs on the commits before has been looked up. */
export interface Task {
  readonly commit: ChangingCommit;
  readonly on: Branch;
  /** Whether its signature is to be checked. */
  readonly isRecord: boolean;
  readonly activations: readonly ActivationTask[];
}

export interface ActivationTask {
  readonly record: ActivationRecord;
  readonly context: ActivationContext;
}

/** What came of a task. */
export interface Outcome {
  readonly complaints: readonly Complaint[];
  /** Null when it was not to be checked. */
  readonly signature: Verification | null;
}

/**
 * Performs tasks; the outcomes come in their order. Signatures are checked by other threads meanwhile: their
 * arithmetic takes as long as all the rest.
 */
export async function perform(tasks: readonly Task[], allowed: AllowedSigners): Promise<readonly Outcome[]> {
  const signatures = tasks.map(({ commit: { message, committedAt }, on, isRecord }) =>
    isRecord
      ? verifySignatureElsewhere(message, allowed, { repository: null, branch: on, committedAt })
      : null,
  );
  const complaints = tasks.map(({ activations }) =>
    activations.flatMap(({ record, context }) =>
      examineActivation(record, context).map((one) => ({ ...one, grant: record.grant })),
    ),
  );
  const found = await Promise.all(signatures);
  return complaints.map((all, index) => ({ complaints: all, signature: found[index] ?? null }));
}
