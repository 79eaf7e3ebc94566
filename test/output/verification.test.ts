import { describe, expect, it } from "vitest";
import { findings } from "../../src/domain/finding.ts";
import { oid } from "../../src/domain/oid.ts";
import { instantOf } from "../../src/domain/time.ts";
import type { LedgerFinding, Verification } from "../../src/domain/verification.ts";
import { junitOf } from "../../src/output/junit.ts";
import { sarifOf } from "../../src/output/sarif.ts";
import { verificationJson, verificationText } from "../../src/output/verification.ts";
import { grantId } from "../domain/builders.ts";

const MAIN = oid("a".repeat(40));
const COMMIT = oid("b".repeat(40));
const AT = instantOf(Date.parse("2026-11-24T10:00:00Z"));

const altered: LedgerFinding = {
  code: "RECORD_ALTERED",
  message: "the message is not the one that was signed",
  commit: COMMIT,
  on: "main",
  grant: grantId("cs-1"),
};
const late: LedgerFinding = {
  code: "GRANT_ENDED_LATE",
  message: "the file of `cs-2` was removed 2 hours after its end",
  commit: MAIN,
  on: "main",
  grant: grantId("cs-2"),
};
const hostile: LedgerFinding = {
  code: "GRANT_WITHOUT_RECORD",
  message: '`grants/\u001b[31m<b>&"]]>\u0000.yaml` was written',
  commit: COMMIT,
  on: "journal",
  grant: null,
};

const verification = (...found: readonly LedgerFinding[]): Verification => ({
  main: MAIN,
  journal: null,
  commits: 5,
  activations: 2,
  ends: 1,
  others: 0,
  findings: found,
});

describe("a verification in words", () => {
  it("says that everything holds, and what was looked at", () => {
    expect(verificationText(verification(), false)).toBe(
      `Everything holds. Looked at 5 commits: 2 activations, 1 end, 0 commits of the journal.\nmain at ${MAIN}, no journal\n`,
    );
  });

  it("groups findings by their code, with commit and grant", () => {
    const text = verificationText(verification(altered, altered, late), false);
    expect(text.split("\n").slice(0, 4)).toEqual([
      `RECORD_ALTERED: ${findings.RECORD_ALTERED.title}`,
      "  bbbbbbbbbb  cs-1  the message is not the one that was signed",
      "  bbbbbbbbbb  cs-1  the message is not the one that was signed",
      `  hint: ${findings.RECORD_ALTERED.hint}`,
    ]);
    expect(text).toContain("2 errors, 1 warning.");
  });

  it("lists fifty findings of a code, and says how many more there are", () => {
    const text = verificationText(verification(...Array.from({ length: 53 }, () => altered)), false);
    expect(text.match(/bbbbbbbbbb/g)).toHaveLength(50);
    expect(text).toContain("and 3 more; see --json");
  });

  it("prints no control character that a file name holds", () => {
    const text = verificationText(verification(hostile), false);
    expect(text).not.toMatch(/[^\n\P{Cc}]/u);
  });
});

describe("a verification for programs", () => {
  it("is clean only without findings", () => {
    expect(verificationJson(verification(), AT)).toMatchObject({
      clean: true,
      at: "2026-11-24T10:00:00Z",
      findings: [],
    });
    expect(verificationJson(verification(late), AT)).toMatchObject({
      clean: false,
      findings: [
        { code: "GRANT_ENDED_LATE", severity: "warning", commit: MAIN, branch: "main", grant: "cs-2" },
      ],
    });
  });

  it("is SARIF: each rule once, each result with its rule, its level and its commit", () => {
    const sarif = sarifOf(verification(altered, late, altered), "1.2.3");
    expect(sarif.version).toBe("2.1.0");
    const [run] = sarif.runs;
    expect(run?.tool.driver).toMatchObject({ name: "grantbox", version: "1.2.3" });
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(["GRANT_ENDED_LATE", "RECORD_ALTERED"]);
    for (const { ruleId, ruleIndex } of run?.results ?? []) {
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    }
    expect(run?.results.map(({ level }) => level)).toEqual(["error", "warning", "error"]);
    expect(run?.results[0]?.locations[0]?.logicalLocations[0]).toMatchObject({
      name: COMMIT,
      kind: "commit",
    });
  });

  it("is JUnit: a failing case for each commit with an error, and warnings in the output of one that passes", () => {
    const xml = junitOf(verification(altered, late));
    expect(xml).toContain('tests="3" failures="1"');
    expect(xml).toContain(`<testcase classname="ledger" name="main ${COMMIT}">`);
    expect(xml).toContain('<failure type="RECORD_ALTERED"');
    expect(xml).toContain("<system-out>GRANT_ENDED_LATE");
    expect(xml).toContain('name="3 commits without a finding"');
  });

  it("is well-formed XML, whatever a file name holds", () => {
    const xml = junitOf(verification(hostile));
    expect(xml).toContain("&lt;b&gt;&amp;");
    expect(xml).not.toMatch(/[^\n\P{Cc}]|<b>|\]\]>/u);
  });
});
