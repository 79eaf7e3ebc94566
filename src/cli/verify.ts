import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { type Instant, instantOf } from "../domain/time.ts";
import type { Verification } from "../domain/verification.ts";
import { repositoryName } from "../git/local.ts";
import { type VerifyOptions, verifyLedger } from "../ledger/verify.ts";
import type { WitnessFile } from "../ledger/witness.ts";
import { junitOf } from "../output/junit.ts";
import { sarifOf } from "../output/sarif.ts";
import { verificationJson, verificationText } from "../output/verification.ts";
import { UsageError } from "./checkout.ts";
import { JudgeThreads } from "./judge-threads.ts";
import { type OpenLedger, openLedger, readCommit } from "./ledger.ts";
import { print } from "./print.ts";
import { progress } from "./progress.ts";
import { version } from "./version.ts";

interface Options {
  since?: string;
  anchor?: readonly string[];
  repository?: readonly string[];
  allowedSigners?: string;
  witness?: readonly string[];
  branch?: string;
  json?: true;
  sarif?: true;
  junit?: true;
}

/** `grantbox verify`: every past decision judged again, offline. */
export function verify(): Command {
  return new Command("verify")
    .description(
      "Judge every past decision of a lockbox repository again, by Git alone: a checkout or a bare one, without a network.\n" +
        "Exit code 0: everything holds; 1: findings; 2: wrong call.",
    )
    .argument("[DIR]", "the repository", ".")
    .option(
      "--since <COMMIT>",
      "report only what came after this commit of the default branch; the journal is looked at whole",
    )
    .option("--anchor <COMMIT...>", "commits noted earlier: each must still be a part of the history")
    .option("--repository <OWNER/NAME...>", "the names that the repository has had (default: that of origin)")
    .option("--allowed-signers <FILE>", "a trusted copy of policies/keys/allowed_signers")
    .option("--witness <FILE...>", "notes that a witness kept, or a folder of them: all must still be true")
    .option("--branch <NAME>", "the default branch, where neither origin nor HEAD names it")
    .option("--json", "print JSON")
    .option("--sarif", "print SARIF 2.1.0, for code scanning")
    .option("--junit", "print JUnit XML, for a CI")
    .action(async (folder: string, options: Options) => {
      if ([options.json, options.sarif, options.junit].filter(Boolean).length > 1) {
        throw new UsageError("choose one of --json, --sarif and --junit");
      }
      const now = instantOf(Date.now());
      const ledger = await openLedger(folder, options.branch);
      try {
        const verification = await judge(ledger, options, now);
        await print(textOf(verification, options, now));
        process.exitCode = verification.findings.length === 0 ? 0 : 1;
      } finally {
        await ledger.close();
      }
    });
}

async function judge(
  { history, tips, repository }: OpenLedger,
  options: Options,
  now: Instant,
): Promise<Verification> {
  const bar = progress("judging again");
  const last = (await history.commit(tips.main)).committedAt;
  let first: Instant | null = null;
  const own = repositoryName(repository);
  const settings: VerifyOptions = {
    now,
    anchors: (options.anchor ?? []).map((text) => readCommit(text, "--anchor")),
    since: options.since === undefined ? null : readCommit(options.since, "--since"),
    repositories: options.repository ?? (own === null ? [] : [own]),
    allowedSigners:
      options.allowedSigners === undefined ? null : fileOf(options.allowedSigners, "--allowed-signers"),
    witness: (options.witness ?? []).flatMap(witnessFiles),
    performer: (allowedSigners) => new JudgeThreads(allowedSigners),
    seen: ({ committedAt }, on) => {
      first ??= committedAt;
      if (on === "main") bar.at((committedAt - first) / Math.max(1, last - first));
    },
  };
  const verification = await verifyLedger(history, tips, settings);
  bar.clear();
  return verification;
}

function fileOf(path: string, option: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw new UsageError(`${option}: ${path} cannot be read`);
  }
}

/** A file of notes, or every note in a folder, as a second repository keeps them. */
function witnessFiles(path: string): readonly WitnessFile[] {
  const names = statSync(path, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(path, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".note"))
        .sort()
        .map((name) => join(path, name))
    : [path];
  if (names.length === 0) throw new UsageError(`--witness: there is no note in ${path}`);
  return names.map((name) => ({ name, text: new TextDecoder().decode(fileOf(name, "--witness")) }));
}

function textOf(verification: Verification, { json, sarif, junit }: Options, now: Instant): string {
  if (json) return `${JSON.stringify(verificationJson(verification, now), null, 2)}\n`;
  if (sarif) return `${JSON.stringify(sarifOf(verification, version()), null, 2)}\n`;
  if (junit) return junitOf(verification);
  return verificationText(verification, process.stdout.isTTY && !process.env.NO_COLOR);
}
