import { type CaseRecord, type CaseState, caseStates } from "./record.ts";
import { parseInstant, printInstant } from "./time.ts";

/** What another system sends about one of its cases, word for word (docs/operating.md, "Announce a case"). */
export interface Announcement {
  readonly system: string;
  readonly id: string;
  readonly state: string;
  readonly at: string;
  readonly signature: string;
}

/** As in schemas/grant.schema.json. */
const SYSTEM = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const ID = /^#?[A-Za-z0-9][A-Za-z0-9._/#-]{0,78}$/;

/** What an announcement would have recorded; null when it is not written as it must be. */
export function recordOf({ system, id, state, at }: Announcement): CaseRecord | null {
  const instant = parseInstant(at);
  // one way to write an instant, so that there is one text to sign
  if (instant === null || printInstant(instant) !== at) return null;
  if (system.length > 40 || !SYSTEM.test(system) || !ID.test(id) || !isState(state)) return null;
  return { event: "case", case: { system, id }, state, at: instant };
}

function isState(text: string): text is CaseState {
  const states: readonly string[] = caseStates;
  return states.includes(text);
}

/** The text that is signed: it names the repository, so that what was said to one lockbox is not said to another. */
export function textToSeal({ system, id, state, at }: Announcement, repository: string): string {
  return `grantbox-case\n${[repository, system, id, state, at].join("\n")}\n`;
}
