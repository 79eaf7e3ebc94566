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
const SEAL = /^[0-9a-f]{64}$/;

/** What an announcement would have recorded; null when it is not written as it must be. */
export function recordOf({ system, id, state, at, signature }: Announcement): CaseRecord | null {
  const instant = parseInstant(at);
  // one way to write an instant, so that there is one text to sign
  if (instant === null || printInstant(instant) !== at) return null;
  if (system.length > 40 || !SYSTEM.test(system) || !ID.test(id)) return null;
  if (!isState(state) || !SEAL.test(signature)) return null;
  return { event: "case", case: { system, id }, state, at: instant, seal: signature };
}

function isState(text: string): text is CaseState {
  const states: readonly string[] = caseStates;
  return states.includes(text);
}

/** The text that is signed: it names the repository, so that what was said to one lockbox is not said to another. */
export function textToSeal({ case: { system, id }, state, at }: CaseRecord, repository: string): string {
  return `grantbox-case\n${[repository, system, id, state, printInstant(at)].join("\n")}\n`;
}

/**
 * Whether a record says more than what is known of its case. A case may be opened again, so what was said of the latest
 * instant counts, in whatever order it is heard; of one second, that it is resolved.
 */
export function isNews(record: CaseRecord, known: CaseRecord | undefined): boolean {
  if (known === undefined || known.at < record.at) return true;
  return known.at === record.at && known.state === "open" && record.state === "resolved";
}
