import type { Branch } from "./lifecycle.ts";
import { type Oid, parseOid } from "./oid.ts";
import { type Instant, parseInstant, printInstant } from "./time.ts";

/** How far a branch had come: its tip, and how many commits its first-parent line had. */
export interface Reach {
  readonly commit: Oid;
  readonly size: number;
}

/** Where main and journal stood at an instant: what the app tells a witness, so that nobody can unsay it. */
export interface WitnessNote {
  /** `owner/name` of the lockbox repository. */
  readonly repository: string;
  readonly main: Reach;
  /** Null when nothing had been written to the journal. */
  readonly journal: Reach | null;
  readonly at: Instant;
}

/** The name that a note is signed under, and its first line. */
export function witnessName(repository: string): string {
  return `grantbox/${repository}`;
}

/** The text of a note, as it is signed: four lines. */
export function printWitnessText({ repository, main, journal, at }: WitnessNote): string {
  const line = (branch: Branch, reach: Reach | null) =>
    `${branch} ${reach === null ? "none 0" : `${reach.commit} ${reach.size}`}`;
  return `${witnessName(repository)}\n${line("main", main)}\n${line("journal", journal)}\n${printInstant(at)}\n`;
}

const TEXT = /^grantbox\/([^\s/+]+\/[^\s/+]+)\nmain (\S+) (\d{1,9})\njournal (\S+) (\d{1,9})\n(\S+)\n$/;

/** The note that a text is; null when it was written otherwise. */
export function readWitnessText(text: string): WitnessNote | null {
  const match = TEXT.exec(text);
  if (match === null) return null;
  const [, repository, main, mainSize, journal, journalSize, time] = match;
  const [commit, journalCommit] = [parseOid(String(main)), parseOid(String(journal))];
  const at = parseInstant(String(time));
  if (commit === null || at === null) return null;
  const note: WitnessNote = {
    repository: String(repository),
    main: { commit, size: Number(mainSize) },
    journal: journalCommit === null ? null : { commit: journalCommit, size: Number(journalSize) },
    at,
  };
  // a journal that is neither a commit nor missing is printed as missing, and so is another text
  return printWitnessText(note) === text ? note : null;
}
