import { readFileSync } from "node:fs";
import { Command } from "commander";
import { explain } from "../domain/explanation.ts";
import type { Finding } from "../domain/finding.ts";
import { instantOf } from "../domain/time.ts";
import { explanationJson, explanationText } from "../output/explanation.ts";
import { terminalOf } from "../output/terminal.ts";
import { loadRules } from "../rules/load.ts";
import { readQuestion } from "../rules/question.ts";
import { situationOf } from "../rules/situation.ts";
import { suggest } from "../rules/suggestion.ts";
import { findCheckout, pathInside, readerOf, ruleFilesOf, UsageError } from "./checkout.ts";
import { print } from "./print.ts";

interface Options {
  repo?: string;
  facts?: string;
  ifApprovedBy?: readonly string[];
  json?: true;
}

/** `grantbox policy explain`: why the rules say what they say of a grant file, and what would change it. */
export function policyExplain(): Command {
  return new Command("explain")
    .summary("say why a grant file is judged as it is, and what would change that")
    .description(
      "Judge a grant file as a pull request that adds it, and say of each policy whether it applies and by which clause,\n" +
        "of each clause what came of it and where it is written, and what would lead to another verdict.\n" +
        "Without --facts nobody has spoken, and `somebody-of-TEAM` stands for the members of a team.\n" +
        "Exit code 0: it would be approved or waits; 1: it is invalid or denied; 2: wrong call.",
    )
    .argument("<FILE>", "a grant file of the checkout")
    .option("--facts <FILE>", "what is known: the `facts` of a policy test, in a file of their own")
    .option("--if-approved-by <LOGIN...>", "what would be if these people approved")
    .option("--repo <DIR>", "the checkout (default: the one around the current folder)")
    .option("--json", "print JSON")
    .action(async (file: string, options: Options) => {
      const checkout = findCheckout(options.repo ?? ".");
      const path = pathInside(file, checkout);
      const loading = loadRules(ruleFilesOf(checkout));
      if (!loading.ok) return refuse(loading.findings);
      const question = readQuestion(
        {
          file: path,
          now: instantOf(Date.now()),
          facts: options.facts === undefined ? null : factsIn(options.facts),
          approvedBy: options.ifApprovedBy ?? [],
        },
        loading.loaded,
      );
      if (!question.ok) return refuse(question.findings);
      const subject = { layers: question.layers, loaded: question.loaded, read: readerOf(checkout) };
      const { situation, findings } = situationOf(subject.layers, subject.loaded, subject.read);
      if (situation === null) return refuse(findings);
      const { request, facts, now } = situation;
      const explanation = explain(request, subject.loaded.rules, facts, now);
      const suggestion = suggest(subject);
      await print(
        options.json
          ? `${JSON.stringify(explanationJson(path, explanation, suggestion), null, 2)}\n`
          : explanationText(path, explanation, suggestion),
      );
      const { verdict } = explanation.decision;
      process.exitCode = verdict === "approved" || verdict === "pending" ? 0 : 1;
    });
}

function factsIn(file: string) {
  try {
    return { file, bytes: readFileSync(file) };
  } catch {
    throw new UsageError(`--facts: ${file} cannot be read`);
  }
}

function refuse(findings: readonly Finding[]): void {
  const files = [...Map.groupBy(findings, ({ at }) => at?.file ?? "rules")];
  process.stdout.write(
    terminalOf(
      files.map(([file, found]) => ({ file, findings: found })),
      process.stdout.isTTY && !process.env.NO_COLOR,
    ),
  );
  process.exitCode = 1;
}
