import { Command } from "commander";
import { rulesFrom } from "../converge/rules.ts";
import { type Oid, parseOid } from "../domain/oid.ts";
import { givesNewAccess, requestsOfTest, type TestRequest } from "../domain/replay.ts";
import { repositoryName } from "../git/local.ts";
import { pastRequests } from "../ledger/past.ts";
import { replay } from "../ledger/replay.ts";
import { replayJson, replayText } from "../output/replay.ts";
import { terminalOf } from "../output/terminal.ts";
import type { History } from "../ports/history.ts";
import { type LoadedRules, loadRules, type RulesReading } from "../rules/load.ts";
import { isPolicyTest, readPolicyTest } from "../rules/policy-test.ts";
import type { ReadFile } from "../rules/situation.ts";
import { type Checkout, findCheckout, readerOf, ruleFilesOf, testFilesOf, UsageError } from "./checkout.ts";
import { type OpenLedger, openLedger } from "./ledger.ts";
import { print } from "./print.ts";
import { progress } from "./progress.ts";

interface Options {
  base: string;
  head?: string;
  newAccess: boolean;
  last?: string;
  organization?: string;
  branch?: string;
  repo: string;
  json?: true;
}

/** `grantbox policy replay`: what a change of the rules would have done to every request that there was. */
export function policyReplay(): Command {
  return new Command("replay")
    .description(
      "Judge every request of the history again, under the rules of one commit and of another, and say what differs.\n" +
        "REF is a branch, a tag, HEAD or a full commit. Exit code 0; with --no-new-access 1 if anything would pass with less than before; 2: wrong call.",
    )
    .requiredOption("--base <REF>", "the rules as they are, for example main")
    .option(
      "--head <REF>",
      "the rules as they would be (default: the files of the checkout, saved or committed; HEAD of a bare repository)",
    )
    .option(
      "--no-new-access",
      "fail if any request would pass that did not, or with fewer approvals, longer or wider",
    )
    .option("--last <N>", "judge only the newest N requests")
    .option("--organization <LOGIN>", "owner of the repository on GitHub (default: that of origin)")
    .option("--repo <DIR>", "the repository, a checkout or a bare one", ".")
    .option("--branch <NAME>", "the default branch, where neither origin nor HEAD names it")
    .option("--json", "print JSON")
    .action(async (options: Options) => {
      const most = options.last === undefined ? null : countOf(options.last);
      const ledger = await openLedger(options.repo, options.branch);
      try {
        const rules = rulesFrom(ledger.history);
        const base = await commitOf(options.base, "--base", ledger.history);
        const before = mustRead(await rules.at(base), `the rules at ${options.base}`);
        const after =
          options.head === undefined
            ? mustRead(await presentRules(options.repo, ledger), "the rules as they stand")
            : mustRead(
                await rules.at(await commitOf(options.head, "--head", ledger.history)),
                `the rules at ${options.head}`,
              );
        const tests = await testRequests(options, ledger, after);
        const bar = progress("judging again");
        const result = await replay(
          ledger.history,
          await pastRequests(ledger.history, ledger.tips),
          tests,
          [before, after],
          {
            organization: options.organization ?? repositoryName(ledger.repository)?.split("/")[0] ?? "",
            most,
            seen: (judged, of) => bar.at(judged / of),
          },
        );
        bar.clear();
        await print(
          options.json
            ? `${JSON.stringify(replayJson(result), null, 2)}\n`
            : replayText(result, process.stdout.isTTY && !process.env.NO_COLOR),
        );
        process.exitCode = !options.newAccess && givesNewAccess(result) ? 1 : 0;
      } finally {
        await ledger.close();
      }
    });
}

/** The files of a checkout, as they are saved; of a bare repository those of HEAD. */
async function presentRules(folder: string, { history }: OpenLedger): Promise<RulesReading> {
  const checkout = checkoutAt(folder);
  return checkout === null
    ? rulesFrom(history).at(await commitOf("HEAD", "--head", history))
    : loadRules(ruleFilesOf(checkout));
}

/** The requests of the policy tests that belong to the new rules. */
async function testRequests(
  { head, repo }: Options,
  { history }: OpenLedger,
  loaded: LoadedRules,
): Promise<readonly TestRequest[]> {
  const files = new Map<string, Uint8Array>();
  let read: ReadFile = () => null;
  const checkout = head === undefined ? checkoutAt(repo) : null;
  if (checkout !== null) {
    for (const [path, bytes] of testFilesOf(checkout)) files.set(path, bytes);
    read = readerOf(checkout);
  } else {
    const commit = await commitOf(head ?? "HEAD", "--head", history);
    const all = new Map<string, Uint8Array>();
    for (const folder of ["policies/tests", "grants"]) {
      for (const { path, oid, mode } of await history.files(commit, folder))
        if (mode.startsWith("100")) all.set(path, await history.blob(oid));
    }
    for (const [path, bytes] of all) if (isPolicyTest(path)) files.set(path, bytes);
    read = (path) => all.get(path) ?? null;
  }
  return [...files].flatMap(([path, bytes]) => {
    const reading = readPolicyTest(bytes, path, loaded, read);
    if (!reading.ok) throw new UsageError(terminalOf([{ file: path, findings: reading.findings }], false));
    return requestsOfTest(reading.test);
  });
}

/** The checkout in a folder, or around it; null for a bare repository. */
function checkoutAt(folder: string): Checkout | null {
  try {
    return findCheckout(folder);
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function mustRead(reading: RulesReading, what: string): LoadedRules {
  if (reading.ok) return reading.loaded;
  throw new UsageError(
    `${what} cannot be read:\n${terminalOf([{ file: what, findings: reading.findings }], false)}`,
  );
}

/** The commit that a user named. */
async function commitOf(text: string, option: string, history: History): Promise<Oid> {
  const named = parseOid(text.toLowerCase());
  if (named !== null) {
    const found = await history.commit(named).catch(() => null);
    if (found !== null) return named;
  }
  for (const ref of [text, `refs/heads/${text}`, `refs/remotes/origin/${text}`, `refs/tags/${text}`]) {
    const found = await history.resolve(ref).catch(() => null);
    if (found !== null) return found;
  }
  throw new UsageError(`${option}: the repository has no branch, tag or commit \`${text}\``);
}

function countOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--last: \`${text}\` is no number of requests`);
  return Number(text);
}
