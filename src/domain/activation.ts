import type { Decision } from "./decision.ts";
import { validFromOf } from "./grant.ts";
import { activationMessage, type CommitMessage } from "./message.ts";
import type { ActivationRecord } from "./record.ts";
import { addDuration, type Instant } from "./time.ts";

/** An activation ready to be merged: its record, and the commit message that carries it. */
export interface Activation {
  readonly record: ActivationRecord;
  readonly message: CommitMessage;
}

/**
 * The record of merging an approved decision at `now`; null for any other decision, so that nothing else can be
 * written as an activation; null also for an extension of access that has ended meanwhile. The clock starts at the merge, or at `notBefore` when that is later.
 */
export function activationOf(decision: Decision, now: Instant): Activation | null {
  const record = activationRecordOf(decision, now);
  if (record === null || decision.access === null) return null;
  return { record, message: activationMessage(decision.access.view, record) };
}

/** The same without the message. */
export function activationRecordOf(decision: Decision, now: Instant): ActivationRecord | null {
  const { access, file, rules } = decision;
  if (decision.verdict !== "approved" || access === null || file === null || rules === null) return null;
  const runsUntil = access.extension === null ? null : access.extension.runsUntil;
  // what has ended since it was judged is not made to live again
  if (access.extension !== null && (runsUntil === null || now >= runsUntil)) return null;
  const validFrom = validFromOf(access, now);
  return {
    event: access.extension === null ? "activated" : "extended",
    grant: file.id,
    blob: file.blob,
    subject: access.subject,
    actions: access.view.access.actions,
    resource: { type: access.view.resource.type, id: access.view.resource.id },
    case: { system: access.view.case.system, id: access.view.case.id },
    emergency: access.view.emergency,
    pull: decision.pull,
    requestedBy: { login: decision.requester.login, id: decision.requester.id },
    approvedBy: decision.requirements.flatMap(({ requirement, filledBy }) =>
      filledBy.map(({ by, review }) => ({
        login: by.login,
        id: by.id,
        review: review.id,
        requirement: requirement.name,
      })),
    ),
    policies: decision.policies
      .filter(({ applicability }) => applicability.applies === true)
      .map(({ policy }) => policy),
    rules,
    base: decision.base,
    head: decision.head,
    validFrom,
    validUntil: addDuration(validFrom, access.duration),
  };
}
