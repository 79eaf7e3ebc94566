import type { GrantId } from "../domain/oid.ts";
import { type ActivationRecord, readRecords } from "../domain/record.ts";
import type { PastRequest } from "../domain/replay.ts";
import type { History } from "../ports/history.ts";
import type { LedgerTips } from "./read.ts";

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
