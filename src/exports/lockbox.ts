import type { DecisionRecord } from "../domain/record.ts";
import { type Instant, printInstant } from "../domain/time.ts";
import { eventJson, eventWords } from "../output/event.ts";
import { actorOf, type Entry, nameOf, reasonOf, type Source, uidOf, weightOf } from "./entry.ts";

/** What an event is called in the activity log of Customer Lockbox, and the status it leaves the request in. */
interface Operation {
  readonly value: string;
  readonly localizedValue: string;
  /** A status of a Lockbox request (Microsoft.CustomerLockbox 2018-02-28-preview); null where the event is about none. */
  readonly status: string | null;
}

const created: Operation = {
  value: "CreateLockboxRequest",
  localizedValue: "Create Lockbox Request",
  status: "Pending",
};
const approved: Operation = {
  value: "ApproveLockboxRequest",
  localizedValue: "Approve Lockbox Request",
  status: "Approved",
};

/**
 * An event as an entry of Azure's activity log, under the names that Customer Lockbox uses there
 * (learn.microsoft.com, "Customer Lockbox for Microsoft Azure", auditing logs). That log has a line of its own for the
 * request: it is told before the decision, where the record says when the request was opened. What Customer Lockbox
 * has no name for is named after Grantbox.
 */
export function lockboxEvents(entry: Entry, source: Source): readonly string[] {
  const opened = entry.openedAt();
  return [
    ...(opened === null ? [] : [activity(entry, source, created, opened)]),
    activity(entry, source, operationOf(entry), entry.event.at),
  ];
}

function operationOf({ event }: Entry): Operation {
  if (event.kind === "malformed") return ours("RecordMalformed", "Record Malformed");
  return event.kind === "unrecorded"
    ? ours("CommitUnrecorded", "Commit Without Record")
    : operation(event.record);
}

function operation(record: DecisionRecord): Operation {
  switch (record.event) {
    case "activated":
    case "extended":
      return approved;
    case "denied":
      return { value: "DenyLockboxRequest", localizedValue: "Deny Lockbox Request", status: "Denied" };
    case "lapsed":
      return { value: "ExpireLockboxRequest", localizedValue: "Lockbox Request Expiry", status: "Expired" };
    case "withdrawn":
      return { value: "CancelLockboxRequest", localizedValue: "Cancel Lockbox Request", status: "Completed" };
    case "ended":
      return record.cause === "revocation"
        ? { value: "RevokeLockboxRequest", localizedValue: "Revoke Lockbox Request", status: "Revoked" }
        : {
            value: "CompleteLockboxRequest",
            localizedValue: "Complete Lockbox Request",
            status: "Completed",
          };
    case "finding":
      return ours("FindingReported", "Finding Reported");
    case "reviewed":
      return ours("GrantReviewed", "Emergency Grant Reviewed");
    case "case":
      return ours("CaseSaid", "Case Changed");
    default:
      return record satisfies never;
  }
}

function ours(value: string, localizedValue: string): Operation {
  return { value: `Grantbox${value}`, localizedValue: `Grantbox: ${localizedValue}`, status: null };
}

function activity(entry: Entry, { repository }: Source, operation: Operation, at: Instant): string {
  const { event, activation } = entry;
  const actor = operation === created || operation === approved ? null : actorOf(entry);
  const { value, localizedValue, status } = operation;
  const caller =
    operation === created && event.kind === "record" && "requestedBy" in event.record
      ? event.record.requestedBy
      : actor;
  const name = nameOf(entry);
  return JSON.stringify({
    eventTimestamp: printInstant(at),
    eventDataId: operation === created ? `${uidOf(entry)}/request` : uidOf(entry),
    category: "Administrative",
    level: weightOf(entry) === "high" ? "Warning" : "Informational",
    resourceProviderName: "Microsoft.CustomerLockbox",
    operationName: { value, localizedValue },
    status: status === null ? null : { value: status },
    ...(caller === null ? {} : { caller: caller.login }),
    ...(activation === null ? {} : { resourceId: activation.resource.id, correlationId: activation.grant }),
    description: eventWords(event),
    properties: {
      repository,
      event: name,
      ...(reasonOf(entry) === "" ? {} : { justification: reasonOf(entry) }),
      ...(operation === approved && activation !== null
        ? { approvers: activation.approvedBy.map(({ login }) => login) }
        : {}),
      ...eventJson(event),
    },
  });
}
