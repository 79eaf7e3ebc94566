import type { GrantId, Oid } from "../domain/oid.ts";
import { type ActivationRecord, type ClosureRecord, readRecords } from "../domain/record.ts";
import type { Instant } from "../domain/time.ts";
import type { History } from "../ports/history.ts";
import type { LedgerTips } from "./read.ts";

/** A request of the past as its record has it. */
export interface PastRequest {
  readonly record: ActivationRecord | ClosureRecord;
  /** The commit that carries the record; null where it is not at hand, and with it what was recorded of the facts. */
  readonly commit: Oid | null;
  /** Of an extension: the record that it extended, and the one with which the access began. */
  readonly extended: { readonly last: ActivationRecord; readonly first: ActivationRecord } | null;
}

/** Every request that was ever decided, oldest first: what main has granted, then what the journal says of the others. */
export async function pastRequests(history: History, tips: LedgerTips): Promise<readonly PastRequest[]> {
  const past: PastRequest[] = [];
  const running = new Map<GrantId, { readonly last: ActivationRecord; readonly first: ActivationRecord }>();
  for await (const commits of history.walk(tips.main, null)) {
    for (const { oid, message } of commits) {
      const reading = readRecords(message);
      for (const record of reading.kind === "records" ? reading.records : []) {
        if (record.event !== "activated" && record.event !== "extended") continue;
        const before = record.event === "extended" ? (running.get(record.grant) ?? null) : null;
        past.push({ record, commit: oid, extended: before });
        running.set(record.grant, { last: record, first: before?.first ?? record });
      }
    }
  }
  if (tips.journal === null) return past;
  for await (const commits of history.walk(tips.journal, null)) {
    for (const { oid, message } of commits) {
      const reading = readRecords(message);
      for (const record of reading.kind === "records" ? reading.records : []) {
        if (record.event === "denied" || record.event === "lapsed" || record.event === "withdrawn")
          past.push({ record, commit: oid, extended: null });
      }
    }
  }
  return past;
}

export function isGranted(record: PastRequest["record"]): record is ActivationRecord {
  return record.event === "activated" || record.event === "extended";
}

/** When a request was decided. */
export function decidedAt({ record }: PastRequest): Instant {
  return isGranted(record) ? record.validFrom : record.at;
}
