import { finding } from "../domain/finding.ts";
import type { Branch } from "../domain/lifecycle.ts";
import type { Oid } from "../domain/oid.ts";
import { printInstant } from "../domain/time.ts";
import type { LedgerFinding } from "../domain/verification.ts";
import { type Reach, readWitnessText, type WitnessNote, witnessName } from "../domain/witness-note.ts";
import { type AllowedSigners, objection } from "../signatures/allowed-signers.ts";
import { readNotes, type SignedNote, signerOfNote } from "../signatures/note.ts";
import { RECORD_NAMESPACE } from "../signatures/sshsig.ts";

/** What a witness kept, as an auditor got it from there. */
export interface WitnessFile {
  readonly name: string;
  readonly text: string;
}

/** Which commits the two branches have, each with its number on its line, from 1. */
export interface Lines {
  readonly main: ReadonlyMap<Oid, number>;
  readonly journal: ReadonlyMap<Oid, number>;
}

/** Whom the notes have to be about and by. */
export interface Trusted {
  readonly allowed: AllowedSigners;
  /** Names that the repository has had, lower case; empty when nobody knows. */
  readonly repositories: ReadonlySet<string>;
  /** Tip of main, where a finding about no commit is reported. */
  readonly tip: Oid;
}

/**
 * What the notes of witnesses say against the history as it is now: a commit that main or the journal had and has no
 * more means that it was rewritten or cut off. A note that nobody signed, or that is about another repository, proves
 * nothing, and is said to.
 */
export function witnessFindings(
  files: readonly WitnessFile[],
  lines: Lines,
  trusted: Trusted,
): readonly LedgerFinding[] {
  const found: LedgerFinding[] = [];
  for (const { name, text } of files) {
    const notes = readNotes(text);
    const invalid = (line: number, words: string) =>
      found.push({
        ...finding("WITNESS_NOTE_INVALID", words, { file: name, line, column: 1 }),
        commit: trusted.tip,
        on: "main",
        grant: null,
      });
    let about = 0;
    for (const signed of notes) {
      const line = typeof signed === "number" ? signed : signed.line;
      const note = typeof signed === "number" ? null : readWitnessText(signed.text);
      if (typeof signed === "number" || note === null) {
        invalid(line, "this is no note of where main and journal were");
        continue;
      }
      if (trusted.repositories.size > 0 && !trusted.repositories.has(note.repository.toLowerCase())) continue;
      about++;
      const objected = objectionTo(signed, note, trusted.allowed);
      if (objected !== null) invalid(line, objected);
      else found.push(...contradictions(note, lines));
    }
    if (about === 0)
      invalid(
        1,
        notes.length === 0 ? "there is no note in it" : "none of its notes is about this repository",
      );
  }
  return found;
}

function objectionTo(signed: SignedNote, note: WitnessNote, { signers }: AllowedSigners): string | null {
  const when = printInstant(note.at);
  const key = signerOfNote(signed, witnessName(note.repository), signers);
  if (key === "unknown") return `no key of the allowed signers signed the note of ${when}`;
  if (key === "altered") return `the note of ${when} is not the one that was signed`;
  // a key that was retired and came back has several lines
  const own = signers.filter(({ publicKey }) => publicKey.equals(key.publicKey));
  const isGood = own.some((signer) => objection(signer, RECORD_NAMESPACE, note.at) === null);
  return isGood ? null : `the key that signed the note of ${when} was not valid then`;
}

function contradictions(note: WitnessNote, lines: Lines): readonly LedgerFinding[] {
  const check = (on: Branch, reach: Reach | null): LedgerFinding[] => {
    if (reach === null) return [];
    const position = lines[on].get(reach.commit);
    if (position === reach.size) return [];
    const had = `at ${printInstant(note.at)} a witness was told that ${on} had ${reach.size} commits up to ${reach.commit}`;
    const now = position === undefined ? `it no longer has that commit` : `up to there it has ${position}`;
    return [{ ...finding("HISTORY_REWRITTEN", `${had}, and ${now}`), commit: reach.commit, on, grant: null }];
  };
  return [...check("main", note.main), ...check("journal", note.journal)];
}
