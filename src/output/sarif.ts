import { type FindingCode, findings, hintOf } from "../domain/finding.ts";
import type { LedgerFinding, Verification } from "../domain/verification.ts";
import { plain } from "./escape.ts";

/**
 * A verification as SARIF 2.1.0, which code scanning shows. A finding is about a commit, not about a line of a file:
 * the commit is its logical location, and what makes two findings the same one.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifOf(verification: Verification, version: string) {
  const codes = [...new Set(verification.findings.map(({ code }) => code))].sort();
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "grantbox", version, rules: codes.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        results: verification.findings.map((one) => resultOf(one, codes.indexOf(one.code))),
        properties: { main: verification.main, journal: verification.journal },
      },
    ],
  };
}

function ruleOf(code: FindingCode) {
  const { severity, title, hint } = findings[code];
  return {
    id: code,
    shortDescription: { text: title },
    help: { text: hint },
    defaultConfiguration: { level: severity },
  };
}

function resultOf(one: LedgerFinding, ruleIndex: number) {
  const { code, message, commit, on, grant } = one;
  return {
    ruleId: code,
    ruleIndex,
    level: findings[code].severity,
    message: { text: `${plain(message)}; ${plain(hintOf(one))}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: `commit/${commit}` }, region: { startLine: 1 } },
        logicalLocations: [
          { name: commit, fullyQualifiedName: `${on}/${commit}`, kind: "commit" },
          ...(grant === null ? [] : [{ name: grant, kind: "grant" }]),
        ],
      },
    ],
    partialFingerprints: { "grantbox/v1": `${code}:${commit}:${grant ?? ""}` },
  };
}
