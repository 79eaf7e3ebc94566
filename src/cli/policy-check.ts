import { Command } from "commander";
import type { Analysis } from "../domain/analysis.ts";
import type { Finding } from "../domain/finding.ts";
import { printDuration } from "../domain/time.ts";
import { analysisText } from "../output/analysis.ts";
import { analyse } from "../rules/analysis.ts";
import { compileDemand, compileExpression } from "../rules/expression.ts";
import { loadRules } from "../rules/load.ts";
import { positionsOfText } from "../rules/yaml.ts";
import { findCheckout, ruleFilesOf, UsageError } from "./checkout.ts";

interface Options {
  requires: string;
  repo: string;
  json?: true;
}

/** `grantbox policy check`: a property of the rules, proved over all requests or refuted by the smallest one. */
export function policyCheck(): Command {
  return new Command("check")
    .description(
      "Prove a property of the rules over every request that they can tell apart, or print the smallest request that breaks it.\n" +
        "EXPRESSION (CEL, as in `when`) says which requests: \"resource.labels.classification == 'pii'\".\n" +
        "Exit code 0: proved; 1: there is a counterexample, or it cannot be decided; 2: wrong call.",
    )
    .argument("<EXPRESSION>", "which requests, in CEL over the request; `true` for all")
    .requiredOption(
      "--requires <EXPRESSION>",
      'what each of them must need, in CEL over approvals, codeowner, teams, maxDuration, mfa, signedCommits, caseOpen: "approvals >= 2"',
    )
    .option("--repo <DIR>", "the checkout (default: the one around the current folder)", ".")
    .option("--json", "print JSON")
    .action((expression: string, { requires, repo, json }: Options) => {
      const reading = loadRules(ruleFilesOf(findCheckout(repo)));
      if (!reading.ok) {
        throw new UsageError(`the rules cannot be read; grantbox validate --repo ${repo} says what is wrong`);
      }
      const about = compileExpression(expression, positionsOfText("EXPRESSION"), []);
      if (!about.ok) throw mistakeIn(expression, about.findings);
      const demand = compileDemand(requires, positionsOfText("--requires"), []);
      if (!demand.ok) throw mistakeIn(requires, demand.findings);
      const analysis = analyse(reading.loaded, { about: about.condition, holds: demand.holds });
      process.stdout.write(
        json
          ? `${JSON.stringify({ expression, requires, ...jsonOf(analysis) }, null, 2)}\n`
          : analysisText(expression, requires, analysis),
      );
      process.exitCode = analysis.kind === "proved" ? 0 : 1;
    });
}

function jsonOf(analysis: Analysis): object {
  if (analysis.kind !== "refuted") return analysis;
  const { demand } = analysis;
  return { ...analysis, demand: { ...demand, maxDuration: printDuration(demand.maxDuration) } };
}

/** The mistakes of an expression, each with a mark below its place. */
function mistakeIn(text: string, found: readonly Finding[]): UsageError {
  const lines = found.flatMap(({ message, at, hint }) => [
    `${at?.file ?? "expression"}, column ${at?.column ?? 1}: ${message}${hint === undefined ? "" : `; ${hint}`}`,
    `  ${text}`,
    `  ${" ".repeat((at?.column ?? 1) - 1)}^`,
  ]);
  return new UsageError(lines.join("\n"));
}
