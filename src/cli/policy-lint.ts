import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { Team } from "../domain/facts.ts";
import { findRepository, repositoryName } from "../git/local.ts";
import { lintJson, lintText } from "../output/lint.ts";
import { terminalOf } from "../output/terminal.ts";
import { lint, lints } from "../rules/lint.ts";
import { loadRules } from "../rules/load.ts";
import { readYaml } from "../rules/yaml.ts";
import { findCheckout, ruleFilesOf, UsageError } from "./checkout.ts";
import { print } from "./print.ts";

interface Options {
  repo: string;
  facts?: string;
  skip?: readonly string[];
  organization?: string;
  json?: true;
}

/** `grantbox policy lint`: what is unwise about rules that can be read. */
export function policyLint(): Command {
  return new Command("lint")
    .summary("find what is unwise about rules that can be read")
    .description(
      "Look for rules that never match, contradict or repeat one another, for groups without people, and for what nobody protects.\n" +
        `Checks: ${lints.map(({ name }) => name).join(", ")}.\n` +
        "Exit code 0: nothing found; 1: findings; 2: wrong call.",
    )
    .option("--repo <DIR>", "the checkout", ".")
    .option("--facts <FILE>", "who is in GitHub's teams: YAML or JSON, `teams: { support: [alice] }`")
    .option("--skip <NAME...>", "checks to leave out")
    .option("--organization <LOGIN>", "owner of the repository on GitHub (default: that of origin)")
    .option("--json", "print JSON")
    .action(async (options: Options) => {
      const names: readonly string[] = lints.map(({ name }) => name);
      const unknown = options.skip?.find((name) => !names.includes(name));
      if (unknown !== undefined)
        throw new UsageError(`--skip: there is no check \`${unknown}\`; the checks are ${names.join(", ")}`);
      const checkout = findCheckout(options.repo);
      const reading = loadRules(ruleFilesOf(checkout));
      const colour = process.stdout.isTTY && !process.env.NO_COLOR;
      if (!reading.ok) {
        await print(terminalOf([{ file: "rules", findings: reading.findings }], colour));
        process.exitCode = 1;
        return;
      }
      const repository = findRepository(checkout.root);
      const origin = repository === null ? null : repositoryName(repository);
      const linting = lint(
        {
          ...reading.loaded,
          organization: options.organization ?? origin?.split("/")[0] ?? null,
          teams: options.facts === undefined ? null : teamsIn(options.facts),
        },
        new Set(options.skip),
      );
      await print(
        options.json ? `${JSON.stringify(lintJson(linting), null, 2)}\n` : lintText(linting, colour),
      );
      process.exitCode = linting.findings.length === 0 ? 0 : 1;
    });
}

/** Members of teams by slug, as a user wrote them. */
function teamsIn(file: string): Readonly<Record<string, Team>> {
  const wrong = (why: string) => new UsageError(`--facts: ${file} ${why}`);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    throw wrong("cannot be read");
  }
  const reading = readYaml(bytes, file);
  if (!reading.ok) throw new UsageError(terminalOf([{ file, findings: reading.findings }], false));
  const { value } = reading;
  const teams = isMapping(value) ? value.teams : undefined;
  if (!isMapping(teams)) throw wrong("has no `teams`, such as `teams: { support: [alice] }`");
  return Object.fromEntries(
    Object.entries(teams).map(([slug, members]): [string, Team] => {
      if (!Array.isArray(members)) throw wrong(`does not list the members of \`${slug}\``);
      return [slug.toLowerCase(), { read: true, members: members.map(String) }];
    }),
  );
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
