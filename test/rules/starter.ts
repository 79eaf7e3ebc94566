import { readdirSync, readFileSync } from "node:fs";
import { runTests } from "../../src/domain/policy-test.ts";
import type { LoadedRules } from "../../src/rules/load.ts";
import { readPolicyTest } from "../../src/rules/policy-test.ts";
import { bytes, loaded, ruleFiles, shown } from "./rule-files.ts";

const root = new URL("../../", import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** The rules that a new lockbox begins with, and what a case changes about them. */
export function starterRules(changed: Readonly<Record<string, string>> = {}): LoadedRules {
  const policies = readdirSync(new URL("policies/", root)).filter((name) => name.endsWith(".yaml"));
  const paths = [...policies.map((name) => `policies/${name}`), ".github/CODEOWNERS"];
  return loaded(ruleFiles({ ...Object.fromEntries(paths.map((path) => [path, textOf(path)])), ...changed }));
}

/** The tests that a new lockbox begins with, by path. */
export function starterTests(): Readonly<Record<string, string>> {
  const names = readdirSync(new URL("policies/tests/", root));
  return Object.fromEntries(
    names.map((name) => [`policies/tests/${name}`, textOf(`policies/tests/${name}`)]),
  );
}

/** Reads one test file; its findings as lines when it cannot be read. */
export function readTest(
  text: string,
  rules: LoadedRules,
  { file = "policies/tests/example.yaml", files = {} as Readonly<Record<string, string>> } = {},
) {
  return readPolicyTest(bytes(text), file, rules, (path) => {
    const content = files[path];
    return content === undefined ? null : bytes(content);
  });
}

/** All that is wrong with a test file, one line each. */
export function wrongWithTest(...call: Parameters<typeof readTest>): readonly string[] {
  const reading = readTest(...call);
  return reading.ok ? [] : reading.findings.map(shown);
}

/** What becomes of the cases of a test file that must be readable. */
export function resultsOf(...call: Parameters<typeof readTest>) {
  const reading = readTest(...call);
  if (!reading.ok) throw new Error(reading.findings.map(shown).join("\n"));
  return runTests([reading.test], call[1].rules);
}
