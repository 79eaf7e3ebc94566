import { caseKey } from "../domain/record.ts";
import { printInstant } from "../domain/time.ts";
import { eventJson } from "../output/event.ts";
import { type Entry, type EventName, nameOf, type Source, uidOf } from "./entry.ts";

const types = {
  activated: "grantbox.grant.activated",
  extended: "grantbox.grant.extended",
  ended: "grantbox.grant.ended",
  reviewed: "grantbox.grant.reviewed",
  denied: "grantbox.request.denied",
  lapsed: "grantbox.request.lapsed",
  withdrawn: "grantbox.request.withdrawn",
  finding: "grantbox.finding.reported",
  case: "grantbox.case.said",
  malformed: "grantbox.record.malformed",
  unrecorded: "grantbox.commit.unrecorded",
} as const satisfies Record<EventName, string>;

/**
 * An event as CloudEvents 1.0 in structured JSON (github.com/cloudevents/spec, v1.0.2): `source` and `id` together are
 * unique, so that a consumer can throw away what it has seen. `data` is what `grantbox history --json` prints.
 */
export function cloudEvent(entry: Entry, { repository }: Source): string {
  const subject = subjectOf(entry);
  return JSON.stringify({
    specversion: "1.0",
    id: uidOf(entry),
    source: repository,
    type: types[nameOf(entry)],
    ...(subject === null ? {} : { subject }),
    time: printInstant(entry.event.at),
    datacontenttype: "application/json",
    data: eventJson(entry.event),
  });
}

/** What it is about: the grant, else the request, else the case; nothing for a commit. */
function subjectOf({ event }: Entry): string | null {
  if (event.kind !== "record") return null;
  const { record } = event;
  if ("grant" in record && record.grant !== null) return record.grant;
  if ("pull" in record) return `#${record.pull}`;
  return "case" in record ? caseKey(record.case) : null;
}
