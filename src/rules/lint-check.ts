import type { Team } from "../domain/facts.ts";
import type { Finding, FindingCode, Position } from "../domain/finding.ts";
import type { LoadedRules } from "./load.ts";

/** What is linted: a set of rules that can be read, and what is known of the people beside it. */
export interface LintSubject extends LoadedRules {
  /** Owner of the repository; null where it is not known, and then no team of CODEOWNERS is. */
  readonly organization: string | null;
  /** Teams of GitHub by slug, lower case; null where nobody was asked: then nothing is said of them. */
  readonly teams: Readonly<Record<string, Team>> | null;
}

/** What a check has come to. */
export interface LintResult {
  readonly findings: readonly Finding[];
  /** What it could not decide. */
  readonly undecided: readonly { readonly at: Position; readonly because: string }[];
}

/** A check on rules that are valid and may be unwise. */
export interface Lint {
  /** By which it can be skipped. */
  readonly name: string;
  readonly code: FindingCode;
  /** What it looks for, in a sentence. */
  readonly about: string;
  check(subject: LintSubject): readonly Finding[] | LintResult;
}
