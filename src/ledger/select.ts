import type { GrantId } from "../domain/oid.ts";
import { sameLogin } from "../domain/person.ts";
import { type ActivationRecord, caseKey } from "../domain/record.ts";
import type { Instant } from "../domain/time.ts";
import { grantOf, isActivation, type LedgerEvent } from "./event.ts";

/** What somebody wants to see of the ledger; null where it does not matter. */
export interface Selection {
  readonly grant: string | null;
  readonly subject: string | null;
  readonly resource: string | null;
  readonly approver: string | null;
  /** `CS-41207`, or `servicenow CS-41207`. */
  readonly case: string | null;
  readonly from: Instant | null;
  /** Up to, and without. */
  readonly to: Instant | null;
}

export const everything: Selection = {
  grant: null,
  subject: null,
  resource: null,
  approver: null,
  case: null,
  from: null,
  to: null,
};

/** Whether an activation is one of a subject, as far as one is named. */
export function isOfSubject(record: Pick<ActivationRecord, "subject">, subject: string | null): boolean {
  return subject === null || sameLogin(record.subject, subject);
}

/** Whether an activation is about a resource: its whole id, or the last part of it; case does not matter. */
export function isOfResource(
  { resource }: Pick<ActivationRecord, "resource">,
  wanted: string | null,
): boolean {
  if (wanted === null) return true;
  const [id, name] = [resource.id.toLowerCase(), wanted.toLowerCase()];
  return id === name || id.endsWith(`/${name}`);
}

/**
 * Tells events that somebody wants to see from others, in the order in which they happened: what an end is about is
 * known from the activation before it. Give it every event, also those before `from`.
 */
export function selecting(wanted: Selection): (event: LedgerEvent) => boolean {
  const grants = new Set<GrantId>();
  const byGrant = wanted.subject ?? wanted.resource ?? wanted.approver ?? wanted.case ?? wanted.grant;
  return (event) => {
    if (event.kind === "record" && isActivation(event.record) && fits(event.record, wanted))
      grants.add(event.record.grant);
    if (wanted.from !== null && event.at < wanted.from) return false;
    if (wanted.to !== null && event.at >= wanted.to) return false;
    if (byGrant === null) return true;
    const grant = grantOf(event);
    if (grant !== null && grants.has(grant)) return true;
    return event.kind === "record" && namesWanted(event.record, wanted);
  };
}

type AnyRecord = Extract<LedgerEvent, { kind: "record" }>["record"];

function fits(record: ActivationRecord, wanted: Selection): boolean {
  return (
    (wanted.grant === null || record.grant === wanted.grant) &&
    isOfSubject(record, wanted.subject) &&
    isOfResource(record, wanted.resource) &&
    (wanted.approver === null ||
      record.approvedBy.some(({ login }) => sameLogin(login, wanted.approver ?? ""))) &&
    (wanted.case === null || isCase(record.case, wanted.case))
  );
}

/** A record about no activated grant, by what it says itself: a request that was never granted names its requester. */
function namesWanted(record: AnyRecord, wanted: Selection): boolean {
  if (wanted.resource !== null || wanted.approver !== null) return false;
  switch (record.event) {
    case "denied":
    case "lapsed":
    case "withdrawn":
      return (
        wanted.case === null &&
        (wanted.grant === null || record.grant === wanted.grant) &&
        (wanted.subject === null || sameLogin(record.requestedBy.login, wanted.subject))
      );
    case "finding":
      return wanted.case === null && wanted.subject === null && record.grant === wanted.grant;
    case "case":
      return (
        wanted.grant === null &&
        wanted.subject === null &&
        wanted.case !== null &&
        isCase(record.case, wanted.case)
      );
    case "activated":
    case "extended":
    case "ended":
    case "reviewed":
      return false;
    default:
      return record satisfies never;
  }
}

function isCase(name: ActivationRecord["case"], wanted: string): boolean {
  return caseKey(name) === wanted.toLowerCase() || name.id.toLowerCase() === wanted.toLowerCase();
}
