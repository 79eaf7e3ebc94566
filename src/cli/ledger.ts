import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Oid, parseOid } from "../domain/oid.ts";
import { type Instant, parseInstant } from "../domain/time.ts";
import {
  findRepository,
  type LocalRepository,
  type OpenHistory,
  openLocal,
  symbolicRef,
} from "../git/local.ts";
import { type Checkpoint, parseCheckpoint, printCheckpoint } from "../ledger/checkpoint.ts";
import type { LedgerTips } from "../ledger/read.ts";
import type { History } from "../ports/history.ts";
import { UsageError } from "./checkout.ts";

/** A ledger on this machine, open for reading. */
export interface OpenLedger extends OpenHistory {
  readonly repository: LocalRepository;
  readonly tips: LedgerTips;
}

/**
 * Opens the ledger of the repository in or around a folder: a checkout or a bare one. Its default branch is the one
 * that is named, else the one that origin's HEAD names, else HEAD; what origin has counts before what is here.
 *
 * @throws UsageError when there is no repository, or no such branch
 */
export async function openLedger(folder: string, named: string | undefined): Promise<OpenLedger> {
  const repository = findRepository(folder);
  if (repository === null) throw new UsageError(`no Git repository in or around ${folder}`);
  const origin = symbolicRef("refs/remotes/origin/HEAD", repository)?.replace("refs/remotes/origin/", "");
  const branch = named ?? origin ?? symbolicRef("HEAD", repository)?.replace("refs/heads/", "");
  if (branch === undefined) {
    throw new UsageError("HEAD names no branch; say which is the default branch with --branch");
  }
  const open = openLocal(repository);
  const tips = await tipsOf(open.history, branch);
  if (tips === null) {
    await open.close();
    throw new UsageError(`the repository has no branch ${branch}; name the default branch with --branch`);
  }
  return { ...open, repository, tips };
}

/** Where the two branches are now; null when there is no such default branch. */
export async function tipsOf(history: History, branch: string): Promise<LedgerTips | null> {
  const tipOf = async (name: string) =>
    (await history.resolve(`refs/remotes/origin/${name}`)) ?? history.resolve(`refs/heads/${name}`);
  const main = await tipOf(branch);
  return main === null ? null : { branch, main, journal: await tipOf("grantbox-journal") };
}

/**
 * A commit that a user named.
 *
 * @throws UsageError when it is not written whole
 */
export function readCommit(text: string, option: string): Oid {
  const oid = parseOid(text.toLowerCase());
  if (oid === null)
    throw new UsageError(
      `${option}: \`${text}\` is no commit; write all 40 digits, as \`git rev-parse\` does`,
    );
  return oid;
}

/**
 * An instant that a user wrote: RFC 3339 with an offset, or a day, which begins at midnight UTC.
 *
 * @throws UsageError when it is neither
 */
export function readInstant(text: string, option: string): Instant {
  const instant = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (instant === null) {
    throw new UsageError(`${option}: \`${text}\` is no time; write 2026-11-24T12:00:00Z, or 2026-11-24`);
  }
  return instant;
}

const cacheFile = ({ commonDir }: LocalRepository) => join(commonDir, "grantbox", "ledger-cache");

/** Where the last reading came to; null when it is not known. The file may be deleted at any time. */
export function cachedCheckpoint(repository: LocalRepository): Checkpoint | null {
  try {
    return parseCheckpoint(readFileSync(cacheFile(repository), "utf8"));
  } catch {
    return null;
  }
}

/** Keeps a checkpoint for the next reading, where the repository may be written; without it the next one is slower. */
export function keepCheckpoint(repository: LocalRepository, checkpoint: Checkpoint): void {
  const file = cacheFile(repository);
  try {
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, printCheckpoint(checkpoint));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // an auditor's copy may be read-only
  }
}
