import { type Finding, finding } from "../domain/finding.ts";
import { isRuleFile, type RulesReading } from "./load.ts";
import { quoted } from "./yaml.ts";

/** A path of a tree or of a checkout, with its mode as Git writes it. */
export interface Entry {
  readonly path: string;
  readonly mode: string;
}

/** Whether a rule is read from here: a plain file; what a link or a submodule says could change without a commit. */
export function isPlainRule({ path, mode }: Entry): boolean {
  return isRuleFile(path) && mode.startsWith("100");
}

/** YAML under `policies/` that is meant as a rule; tests of policies have their own folder. */
const MEANT = /^policies\/(?!tests\/).*\.ya?ml$/i;

/** Whether a file is a rule, or somebody may have meant it as one. */
export function isMeantAsRule(path: string): boolean {
  return isRuleFile(path) || MEANT.test(path);
}

/**
 * The reading of the rules, refused when a file was meant as one and nobody reads it. A policy that is left out unseen
 * would make the others weaker (invariants 4 and 9).
 */
export function refuseUnread(reading: RulesReading, entries: readonly Entry[]): RulesReading {
  const unread = entries.flatMap((entry) => unreadFinding(entry));
  if (unread.length === 0) return reading;
  return { ok: false, findings: [...unread, ...(reading.ok ? [] : reading.findings)] };
}

function unreadFinding(entry: Entry): Finding[] {
  const { path } = entry;
  if (isPlainRule(entry) || !isMeantAsRule(path)) return [];
  const because = isRuleFile(path)
    ? "is no plain file, so nobody reads what it says"
    : "is no name of a rule file, so nobody reads it";
  return [finding("RULES_FILE_NOT_READ", `${quoted(path)} ${because}`, { file: path, line: 1, column: 1 })];
}
