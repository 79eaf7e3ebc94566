import { plainly } from "../output/escape.ts";
import { eventColumns, eventRow, eventWords } from "../output/event.ts";
import {
  actorOf,
  type Entry,
  type EventName,
  nameOf,
  reasonOf,
  type Source,
  type Weight,
  weightOf,
} from "./entry.ts";

/** 0 to 10, as the standard has it: 0–3 low, 4–6 medium, 7–8 high. */
const severities = { informational: 1, low: 3, medium: 5, high: 8 } as const satisfies Record<Weight, number>;

const names = {
  activated: "Grant activated",
  extended: "Grant extended",
  ended: "Grant ended",
  reviewed: "Emergency grant reviewed",
  denied: "Request denied",
  lapsed: "Request lapsed",
  withdrawn: "Request withdrawn",
  finding: "Finding reported",
  case: "Case changed",
  malformed: "Record malformed",
  unrecorded: "Commit without record",
} as const satisfies Record<EventName, string>;

/**
 * An event in the Common Event Format, version 0 (ArcSight, Common Event Format implementation standard), as syslog
 * carries it and Microsoft Sentinel's CommonSecurityLog reads it. What is longer than a field may be is cut.
 */
export function cefEvent(entry: Entry, { repository, version }: Source): string {
  const { event, index, activation } = entry;
  const name = nameOf(entry);
  const row = eventRow(event);
  const cell = (column: (typeof eventColumns)[number]) => row[eventColumns.indexOf(column)] ?? "";
  const actor = actorOf(entry);
  const grant = cell("grant");
  const header = ["Grantbox", "grantbox", version, name, names[name], String(severities[weightOf(entry)])];
  const extension: readonly (readonly [key: string, value: string])[] = [
    ["rt", String(event.at)],
    ["externalId", event.commit],
    ["deviceExternalId", limited(repository, 255)],
    ["act", name],
    ["outcome", ["denied", "lapsed", "withdrawn"].includes(name) ? "failure" : "success"],
    ["suser", limited(actor?.login ?? "", 1023)],
    ["suid", actor === null ? "" : String(actor.id)],
    ["duser", limited(activation?.subject ?? "", 1023)],
    ["start", activation === null ? "" : String(activation.validFrom)],
    ["end", activation === null ? "" : String(activation.validUntil)],
    ["request", cell("request")],
    ["reason", limited(reasonOf(entry), 1023)],
    ["msg", limited(eventWords(event), 1023)],
    ["cn1Label", "recordIndex"],
    ["cn1", String(index)],
    ...custom(1, "grant", grant),
    ...custom(
      2,
      "resource",
      activation === null ? "" : `${activation.resource.type} ${activation.resource.id}`,
    ),
    ...custom(3, "actions", activation?.actions.join(" ") ?? ""),
    ...custom(
      4,
      "case",
      activation === null ? cell("case") : `${activation.case.system} ${activation.case.id}`,
    ),
    ...custom(5, "approvers", activation?.approvedBy.map(({ login }) => login).join(" ") ?? ""),
    ...custom(6, "policies", activation?.policies.join(" ") ?? ""),
  ];
  const pairs = extension
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}=${inExtension(value)}`);
  return `CEF:0|${header.map(inHeader).join("|")}|${pairs.join(" ")}`;
}

/** One of the six strings that a product may name itself; neither name nor value when there is none. */
function custom(number: number, label: string, value: string): readonly (readonly [string, string])[] {
  const text = limited(value, 4000);
  return text === ""
    ? []
    : [
        [`cs${number}Label`, label],
        [`cs${number}`, text],
      ];
}

/** One line without control characters, no longer than a field of CEF may be. */
function limited(text: string, length: number): string {
  return plainly.prose(text).slice(0, length);
}

/** In the header a backslash and a pipe are escaped, and a line ends it. */
function inHeader(text: string): string {
  return text.replaceAll(/[\r\n]+/g, " ").replaceAll(/[\\|]/g, "\\$&");
}

/** In the extension a backslash, an equals sign and line ends are escaped; a pipe is not. */
function inExtension(text: string): string {
  return text.replaceAll(/[\\=]/g, "\\$&").replaceAll("\r", "\\r").replaceAll("\n", "\\n");
}
