import type { ActivationRecord, Named } from "../domain/record.ts";
import { printInstant } from "../domain/time.ts";
import { eventJson, eventWords } from "../output/event.ts";
import { actorOf, type Entry, nameOf, reasonOf, type Source, uidOf, type Weight, weightOf } from "./entry.ts";

const severities = {
  informational: { id: 1, name: "Informational" },
  low: { id: 2, name: "Low" },
  medium: { id: 3, name: "Medium" },
  high: { id: 4, name: "High" },
} as const satisfies Record<Weight, { id: number; name: string }>;

interface Activity {
  readonly id: number;
  readonly name: string;
}

/**
 * An event by the Open Cybersecurity Schema Framework 1.8.0: access given and taken is User Access Management (3005),
 * all else Entity Management (3004). Times are milliseconds since 1970, as OCSF's `timestamp_t` has them. What has no
 * attribute there is in `unmapped`.
 */
export function ocsfEvent(entry: Entry, source: Source): string {
  const { event, activation } = entry;
  if (event.kind === "record" && activation !== null) {
    const { record } = event;
    if (record.event === "activated" || record.event === "extended")
      return access(entry, source, activation, { id: 1, name: "Assign Privileges" });
    if (record.event === "ended")
      return access(entry, source, activation, { id: 2, name: "Revoke Privileges" });
  }
  return entity(entry, source);
}

function access(entry: Entry, source: Source, activation: ActivationRecord, activity: Activity): string {
  const { resource, subject, actions } = activation;
  return JSON.stringify({
    ...classified(3005, "User Access Management", activity),
    ...common(entry, source),
    user: { name: subject, type_id: 1, type: "User" },
    privileges: actions,
    resources: [
      { uid: resource.id, name: resource.id.slice(resource.id.lastIndexOf("/") + 1), type: resource.type },
    ],
  });
}

function entity(entry: Entry, source: Source): string {
  const { event, activation } = entry;
  const reason = reasonOf(entry);
  return JSON.stringify({
    ...classified(3004, "Entity Management", activityOf(entry)),
    ...common(entry, source),
    ...(reason === "" ? {} : { comment: reason }),
    entity: {
      ...entityOf(entry),
      // OCSF's "Other": what kind of entity it is stands in `type`
      type_id: 99,
      ...(activation === null
        ? {}
        : { data: { resource: activation.resource, subject: activation.subject } }),
      ...(event.kind === "record" ? {} : { version: event.commit }),
    },
  });
}

function activityOf({ event }: Entry): Activity {
  if (event.kind !== "record") return { id: 3, name: "Update" };
  const { record } = event;
  switch (record.event) {
    case "finding":
      return { id: 1, name: "Create" };
    case "ended":
      return { id: 4, name: "Delete" };
    case "activated":
    case "extended":
    case "denied":
    case "lapsed":
    case "withdrawn":
    case "reviewed":
    case "case":
      return { id: 3, name: "Update" };
    default:
      return record satisfies never;
  }
}

function entityOf({ event }: Entry): { readonly type: string; readonly uid: string; readonly name: string } {
  if (event.kind !== "record") return { type: "Commit", uid: event.commit, name: event.on };
  const { record } = event;
  switch (record.event) {
    case "activated":
    case "extended":
    case "ended":
    case "reviewed":
      return { type: "Grant", uid: record.grant, name: record.grant };
    case "denied":
    case "lapsed":
    case "withdrawn":
      return { type: "Access Request", uid: `#${record.pull}`, name: record.grant ?? `#${record.pull}` };
    case "finding":
      return { type: "Finding", uid: record.code, name: record.grant ?? record.code };
    case "case":
      return { type: "Case", uid: record.case.id, name: `${record.case.system} ${record.case.id}` };
    default:
      return record satisfies never;
  }
}

/** Which class and activity it is; the type is the two in one number. */
function classified(uid: number, name: string, activity: Activity) {
  return {
    category_uid: 3,
    category_name: "Identity & Access Management",
    class_uid: uid,
    class_name: name,
    activity_id: activity.id,
    activity_name: activity.name,
    type_uid: uid * 100 + activity.id,
    type_name: `${name}: ${activity.name}`,
  };
}

/** What every class has. */
function common(entry: Entry, { repository, version }: Source) {
  const { event, activation } = entry;
  const name = nameOf(entry);
  const isRefused = name === "denied" || name === "lapsed" || name === "withdrawn";
  const severity = severities[weightOf(entry)];
  const actor = actorOf(entry);
  const grant =
    activation?.grant ?? (event.kind === "record" && "grant" in event.record ? event.record.grant : null);
  return {
    time: event.at,
    timezone_offset: 0,
    severity_id: severity.id,
    severity: severity.name,
    status_id: isRefused ? 2 : 1,
    status: isRefused ? "Failure" : "Success",
    status_code: name,
    message: eventWords(event),
    metadata: {
      version: "1.8.0",
      product: { name: "Grantbox", vendor_name: "Grantbox", version },
      uid: uidOf(entry),
      event_code: name,
      log_name: event.on,
      log_source: repository,
      original_time: printInstant(event.at),
      ...(grant === null ? {} : { correlation_uid: grant }),
    },
    ...(actor === null ? {} : { actor: { user: userOf(actor) } }),
    unmapped: eventJson(event),
  };
}

function userOf({ login, id }: Named) {
  return { name: login, uid: String(id), type_id: 1, type: "User" };
}
