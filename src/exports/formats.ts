import { cefEvent } from "./cef.ts";
import { cloudEvent } from "./cloudevents.ts";
import type { Entry, Source } from "./entry.ts";
import { lockboxEvents } from "./lockbox.ts";
import { ocsfEvent } from "./ocsf.ts";

/** An event as lines of another system's format: one, or more where that system tells the same in several. */
type Format = (entry: Entry, source: Source) => readonly string[];

/** Every format that the ledger is exported in. */
export const formats = {
  cloudevents: (entry, source) => [cloudEvent(entry, source)],
  ocsf: (entry, source) => [ocsfEvent(entry, source)],
  cef: (entry, source) => [cefEvent(entry, source)],
  lockbox: lockboxEvents,
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

export function isFormat(name: string): name is FormatName {
  return name in formats;
}
