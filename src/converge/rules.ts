import { codeownersLocations } from "../domain/codeowners.ts";
import type { Oid } from "../domain/oid.ts";
import type { History, TreeFile } from "../ports/history.ts";
import { isRuleFile, loadRules, type RuleFiles, type RulesReading } from "../rules/load.ts";
import { isPolicyTest } from "../rules/policy-test.ts";
import { isPlainRule, refuseUnread } from "../rules/unread.ts";

/** The rules as they stand at a commit. */
export interface Rules {
  at(commit: Oid): Promise<RulesReading>;
  /** Whether the repository is a lockbox at all: without a single rule the app does nothing in it. */
  govern(commit: Oid): Promise<boolean>;
  /** The policy tests of a commit; they decide about no request (docs/decisions/0030). */
  tests(commit: Oid): Promise<TestFiles>;
}

/** Test files by path, and what their cases may refer to. */
export interface TestFiles {
  readonly tests: RuleFiles;
  readonly read: (path: string) => Uint8Array | null;
}

/** Whether a path belongs to the rules: what is read as a rule, their tests and keys, and whatever else lies beside them. */
export function isRulePath(path: string): boolean {
  return isRuleFile(path) || path.startsWith("policies/") || path.startsWith("schemas/");
}

/** How many compiled rule sets are kept: the present one, and those that open requests were judged under. */
const KEPT = 8;

/** More files than this are not read for tests: beside them only the grants that they refer to. */
const TEST_FILES = 1000;

/** Reads rules from Git, always from the commit that is named (invariant 3); equal rule files are compiled once. */
export function rulesFrom(history: History): Rules {
  const compiled = new Map<string, RulesReading>();
  return {
    async govern(commit) {
      const blobs = await ruleEntries(history, commit);
      return blobs
        .filter(isPlainRule)
        .some(({ path }) => path.startsWith("policies/") || path.startsWith("schemas/"));
    },
    async tests(commit) {
      const entries = [
        ...(await history.files(commit, "policies/tests")),
        ...(await history.files(commit, "grants")),
      ];
      const files = new Map<string, Uint8Array>();
      for (const { path, oid } of entries.filter(({ mode }) => mode.startsWith("100")).slice(0, TEST_FILES)) {
        files.set(path, await history.blob(oid));
      }
      const tests = new Map([...files].filter(([path]) => isPolicyTest(path)));
      return { tests, read: (path) => files.get(path) ?? null };
    },
    async at(commit) {
      const entries = await ruleEntries(history, commit);
      const key = entries.map(({ path, mode, oid }) => `${mode} ${oid} ${path}`).join("\n");
      const known = compiled.get(key);
      if (known !== undefined) return known;
      const files = new Map<string, Uint8Array>();
      for (const { path, oid } of entries.filter(isPlainRule)) files.set(path, await history.blob(oid));
      const reading = refuseUnread(loadRules(files), entries);
      compiled.set(key, reading);
      for (const oldest of [...compiled.keys()].slice(0, -KEPT)) compiled.delete(oldest);
      return reading;
    },
  };
}

/** Everything where rules lie, read or not. */
async function ruleEntries(history: History, commit: Oid): Promise<readonly TreeFile[]> {
  const found = [...(await history.files(commit, "policies")), ...(await history.files(commit, "schemas"))];
  for (const path of codeownersLocations) {
    const entry = await history.file(commit, path);
    if (entry !== null) found.push({ path, ...entry });
  }
  return found;
}
