import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import type { Oid } from "../domain/oid.ts";
import { Entries } from "../exports/entry.ts";
import { type FormatName, formats, isFormat } from "../exports/formats.ts";
import { repositoryName } from "../git/local.ts";
import { placesOf } from "../ledger/after.ts";
import { type LedgerTips, type ReadSoFar, walkLedger } from "../ledger/read.ts";
import type { History, HistoryCommit } from "../ports/history.ts";
import { UsageError } from "./checkout.ts";
import { type OpenLedger, openLedger, readCommit, tipsOf } from "./ledger.ts";
import { print } from "./print.ts";
import { version } from "./version.ts";

/** How often a repository that is followed is looked at, in milliseconds. */
const LOOK_EVERY = 1000;

interface Options {
  format: string;
  since?: readonly string[];
  source?: string;
  branch?: string;
  follow?: true;
}

/** `grantbox export`: the ledger for other systems, an event a line. */
export function exportCommand(): Command {
  const names = Object.keys(formats).join(", ");
  return new Command("export")
    .description(
      "Print the ledger for a log collector or SIEM, one event a line, oldest first: by Git alone, resumable.",
    )
    .argument("[DIR]", "the repository, a checkout or a bare one", ".")
    .requiredOption("--format <NAME>", `one of ${names}`)
    .option(
      "--since <COMMIT...>",
      "only what came after these commits, the last of main and of the journal that were printed; a branch of which none is named is printed whole",
    )
    .option("--follow", "print what is new as it comes, until interrupted")
    .option("--source <URI>", "what events name as their source (default: origin as owner/name)")
    .option("--branch <NAME>", "the default branch, where neither origin nor HEAD names it")
    .action(async (folder: string, options: Options) => {
      const { format } = options;
      if (!isFormat(format)) throw new UsageError(`--format: \`${format}\` is none of ${names}`);
      const since = (options.since ?? []).map((text) => readCommit(text, "--since"));
      const ledger = await openLedger(folder, options.branch);
      try {
        const repository =
          options.source ?? repositoryName(ledger.repository) ?? pathToFileURL(resolve(folder)).href;
        await run(ledger, { format, repository, since, isFollowing: options.follow === true });
      } finally {
        await ledger.close();
      }
    });
}

interface Run {
  readonly format: FormatName;
  readonly repository: string;
  readonly since: readonly Oid[];
  readonly isFollowing: boolean;
}

/** Prints what is there, and what comes. */
async function run(
  { history, tips }: OpenLedger,
  { format, repository, since, isFollowing }: Run,
): Promise<void> {
  const places = await placesOf(history, tips, since);
  if (places.kind === "missing") {
    throw new UsageError(
      `--since: neither the default branch nor the journal has the commit ${places.commit}`,
    );
  }
  const source = { repository, version: version() };
  const entries = new Entries();
  const seen = (commit: HistoryCommit) => entries.seen(commit);
  // an end that is new is told with a grant that is not
  for await (const events of walkLedger(history, places.soFar, undefined, seen)) entries.of(events);
  /** False when nobody reads any more. */
  const printFrom = async (after: ReadSoFar, to: LedgerTips): Promise<boolean> => {
    for await (const events of walkLedger(history, to, { changes: false, after }, seen)) {
      const lines = entries.of(events).flatMap((entry) => formats[format](entry, source));
      if (!(await print(lines.map((line) => `${line}\n`).join("")))) return false;
    }
    return true;
  };
  const goesOn = await printFrom(places.soFar, tips);
  if (goesOn && isFollowing) await follow(history, tips, printFrom);
}

/** Prints what is new, until it is interrupted or nobody reads any more. */
async function follow(
  history: History,
  first: LedgerTips,
  printFrom: (after: LedgerTips, to: LedgerTips) => Promise<boolean>,
): Promise<void> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.on("SIGINT", interrupt);
  try {
    for (let last = first; ; ) {
      await wait(LOOK_EVERY, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return;
      const now = await tipsOf(history, first.branch);
      if (now === null || (now.main === last.main && now.journal === last.journal)) continue;
      await refuseRewritten(history, last, now);
      if (!(await printFrom(last, now))) return;
      last = now;
    }
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** What was printed has to be a part of what is there now. */
async function refuseRewritten(history: History, last: LedgerTips, now: LedgerTips): Promise<void> {
  const printed = [last.main, ...(last.journal === null ? [] : [last.journal])];
  const places = await placesOf(history, now, printed);
  if (places.kind === "missing") {
    throw new UsageError(
      `the history was rewritten: ${places.commit} is no longer a part of it; see \`grantbox verify --anchor\``,
    );
  }
}
