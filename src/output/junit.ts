import { findings, hintOf, isError } from "../domain/finding.ts";
import type { LedgerFinding, Verification } from "../domain/verification.ts";
import { plain } from "./escape.ts";
import { attribute, elementText } from "./xml.ts";

/**
 * A verification as JUnit XML, which every CI reads: one test case for each commit that has a finding, and one for all
 * the others together. Errors are failures; a warning stands in the output of a case that passes.
 */
export function junitOf({ findings: found, commits }: Verification): string {
  const cases = [...Map.groupBy(found, ({ on, commit }) => `${on} ${commit}`)];
  const failed = cases.filter(([, all]) => all.some(isError)).length;
  const clean = commits - cases.length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="grantbox verify" tests="${cases.length + 1}" failures="${failed}">`,
    `  <testsuite name="ledger" tests="${cases.length + 1}" failures="${failed}">`,
    `    <testcase classname="ledger" name="${Math.max(0, clean)} commits without a finding"/>`,
    ...cases.map(([name, all]) => caseOf(name, all)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function caseOf(name: string, all: readonly LedgerFinding[]): string {
  const line = (one: LedgerFinding) => `${one.code}: ${plain(one.message)} (${plain(hintOf(one))})`;
  const errors = all.filter(isError);
  const warnings = all.filter((one) => !isError(one));
  const [first] = errors;
  return [
    `    <testcase classname="ledger" name="${attribute(name)}">`,
    ...(first === undefined
      ? []
      : [
          `      <failure type="${first.code}" message="${attribute(findings[first.code].title)}">${elementText(errors.map(line).join("\n"))}</failure>`,
        ]),
    ...(warnings.length === 0
      ? []
      : [`      <system-out>${elementText(warnings.map(line).join("\n"))}</system-out>`]),
    "    </testcase>",
  ].join("\n");
}
