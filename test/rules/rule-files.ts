import { readdirSync, readFileSync } from "node:fs";
import type { Finding } from "../../src/domain/finding.ts";
import type { Lint } from "../../src/rules/lint-check.ts";
import { type LoadedRules, loadRules, type RuleFiles } from "../../src/rules/load.ts";
import { compileSchemas, type Schemas } from "../../src/rules/schema.ts";

const root = new URL("../../", import.meta.url);

/** The schema files that the project ships, by path. */
export function shippedSchemas(): Map<string, Uint8Array> {
  const paths = ["schemas/", "schemas/resources/"].flatMap((folder) =>
    readdirSync(new URL(folder, root)).map((name) => folder + name),
  );
  return new Map(
    paths
      .filter((path) => path.endsWith(".schema.json"))
      .map((path) => [path, readFileSync(new URL(path, root))]),
  );
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The shipped schemas and the rule files that a case is about: text by path. */
export function ruleFiles(texts: Readonly<Record<string, string>>): Map<string, Uint8Array> {
  return new Map([
    ...shippedSchemas(),
    ...Object.entries(texts).map(([path, text]): [string, Uint8Array] => [path, bytes(text)]),
  ]);
}

/** A policy that anybody would accept, with more lines or other ones at its end. */
export function policyText(name: string, more = ""): string {
  return `apiVersion: grantbox/v1
kind: ApproverPolicy
name: ${name}
description: An owner looks at it.
require:
  - { name: owners, count: 1, from: { codeowners: true } }
${more}`;
}

/** Policies as `policyText` writes them, by name with what each has of its own. */
export function policyFiles(policies: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(policies).map(([name, more]) => [`policies/${name}.yaml`, policyText(name, more)]),
  );
}

/** Rules that must load. */
export function loaded(files: RuleFiles): LoadedRules {
  const reading = loadRules(files);
  if (!reading.ok) throw new Error(reading.findings.map(shown).join("\n"));
  return reading.loaded;
}

/** All that is wrong with rules, one line each. */
export function wrongWith(files: RuleFiles): readonly string[] {
  const reading = loadRules(files);
  return reading.ok ? [] : reading.findings.map(shown);
}

/** What one check finds in rules that must load, one line each. */
export function foundBy({ check }: Lint, texts: Readonly<Record<string, string>>): readonly string[] {
  const result = check({ ...loaded(ruleFiles(texts)), organization: "acme", teams: null });
  return ("findings" in result ? result.findings : result).map(shown);
}

/** `CODE file:line:column message | hint`, as far as a finding says so. */
export function shown({ code, message, at, hint }: Finding): string {
  const place = at === undefined ? "" : ` ${at.file}:${at.line}:${at.column}`;
  return `${code}${place} ${message}${hint === undefined ? "" : ` | ${hint}`}`;
}

export function schemas(): Schemas {
  const compiled = compileSchemas(shippedSchemas());
  if (!compiled.ok) throw new Error(compiled.findings.map(shown).join("\n"));
  return compiled.schemas;
}
