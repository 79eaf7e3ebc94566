import type { Finding } from "../domain/finding.ts";
import { finding } from "../domain/finding.ts";
import { fingerprintOf } from "../domain/fingerprint.ts";
import type { GrantFile } from "../domain/grant.ts";
import { endMessage } from "../domain/message.ts";
import { personOf } from "../domain/person.ts";
import type { PastRequest } from "../domain/replay.ts";
import type { Change } from "../domain/request.ts";
import { ForgeError, type Notice, type PullReading } from "../ports/forge.ts";
import { readGrant } from "../rules/grant.ts";
import { lint } from "../rules/lint.ts";
import type { RulesReading } from "../rules/load.ts";
import type { Lockbox } from "./context.ts";
import { type Ending, endingOf } from "./end.ts";
import type { LedgerState } from "./ledger.ts";
import { publishHistory } from "./publish-history.ts";
import { isRulePath } from "./rules.ts";
import { testOutcome } from "./rules-tests.ts";
import { signEnd } from "./sign.ts";

/**
 * A pull request that touches no grant; the app never merges it. A change of the rules is read as a preview, with what
 * it would have done to the requests that there were.
 */
export async function convergeNotice(
  change: Change,
  reading: PullReading,
  state: LedgerState,
  lockbox: Lockbox,
): Promise<void> {
  if (reading.shown.state !== "open") return;
  if (change.kind !== "other" || !change.paths.some(isRulePath)) {
    await show("not-a-request", [], reading, lockbox);
    return;
  }
  const proposed = await lockbox.rules.at(reading.head);
  const present = await lockbox.rules.at(state.main);
  const unwise = proposed.ok
    ? lint({ ...proposed.loaded, organization: lockbox.owner, teams: null }).findings
    : [];
  const against = againstGranting(proposed);
  // under rules that grant nothing every test fails, and says nothing of its own
  const tests =
    proposed.ok && against.length === 0
      ? testOutcome(await lockbox.rules.tests(reading.head), proposed.loaded)
      : null;
  const replay =
    proposed.ok && present.ok
      ? await lockbox.replay(requestsIn(state), tests?.requests ?? [], [present.loaded, proposed.loaded])
      : null;
  const found = [...against, ...(tests?.findings ?? []), ...unwise];
  const came = tests && { cases: tests.cases, failed: tests.failed };
  await show("rules", found, reading, lockbox, { replay, tests: came });
}

/** Every request that the ledger knows; of a grant that was extended the last. */
function requestsIn({ histories, closures }: LedgerState): readonly PastRequest[] {
  const granted = [...histories.values()].map(({ activation, commit, earlier }): PastRequest => {
    const [last, first] = [earlier.at(-1), earlier[0]];
    return { record: activation, commit, extended: last && first ? { last, first } : null };
  });
  const closed = [...closures.values()].map(
    ({ record, commit }): PastRequest => ({ record, commit, extended: null }),
  );
  return [...granted, ...closed];
}

/** What would keep everything from being granted; a line of CODEOWNERS that GitHub skips is as bad as an unreadable rule. */
function againstGranting(reading: RulesReading): readonly Finding[] {
  return reading.ok ? (reading.loaded.rules.codeowners?.findings ?? []) : reading.findings;
}

/**
 * A pull request that only removes grant files ends them early, without a review: ending access is the safe
 * direction. Whoever opened it must be allowed to write to the repository.
 */
export async function convergeRemoval(
  files: readonly GrantFile[],
  reading: PullReading,
  state: LedgerState,
  lockbox: Lockbox,
): Promise<"settled" | "again"> {
  if (reading.shown.state !== "open" || reading.draft) return "settled";
  const refusals = await removalFindings(reading, lockbox);
  if (refusals.length > 0) {
    await show("removal-refused", refusals, reading, lockbox);
    return "settled";
  }
  await show("removal", [], reading, lockbox);
  const endings = await endingsOf(files, reading, state, lockbox);
  const records = endings.map(({ record }) => record);
  const message = await signEnd(endMessage(reading.title, reading.pull, records), lockbox);
  const outcome = await lockbox.forge.squashMerge(reading.pull, reading.head, message);
  if (outcome.kind === "moved") return "again";
  await lockbox.history.refresh([]);
  if (outcome.kind === "refused") {
    const left = new Set((await lockbox.ledger.read()).files.map(({ path }) => path));
    if (files.some(({ path }) => left.has(path))) {
      // the app can open a removal of its own, which its bypass covers
      lockbox.log("GitHub refused to merge a removal", { pull: reading.pull, because: outcome.because });
      throw new ForgeError(`GitHub refused to merge the removal #${reading.pull}: ${outcome.because}`);
    }
    return "settled";
  }
  for (const { history, record } of endings) {
    await publishHistory({ ...history, end: { record, on: "main" } }, lockbox);
  }
  return "settled";
}

async function removalFindings(reading: PullReading, { forge }: Lockbox): Promise<readonly Finding[]> {
  if (reading.fork) return [finding("REQUEST_FROM_FORK", "a removal comes from a branch of this repository")];
  if (reading.baseBranch !== reading.defaultBranch) {
    return [finding("REQUEST_WRONG_BASE", `it targets \`${reading.baseBranch}\``)];
  }
  if (await forge.mayWrite(reading.requester.login)) return [];
  return [finding("REMOVAL_NOT_ALLOWED", `\`${reading.requester.login}\` may not write to this repository`)];
}

/** What each removal means for the ledger; a file that never was a grant needs no record of an end. */
async function endingsOf(
  files: readonly GrantFile[],
  reading: PullReading,
  state: LedgerState,
  lockbox: Lockbox,
): Promise<readonly Ending[]> {
  const rules = await lockbox.rules.at(state.main);
  const endings: Ending[] = [];
  for (const file of files) {
    const history = state.histories.get(file.id);
    if (history === undefined || history.activation.blob !== file.blob || history.end?.on === "main")
      continue;
    const content = rules.ok
      ? readGrant(await lockbox.history.blob(file.blob), file, rules.loaded.schemas)
      : null;
    const directory = rules.ok ? rules.loaded.rules.directory : { entries: [] };
    const released =
      content?.kind === "grant" &&
      personOf(content.grant.subject, directory) === personOf(reading.requester.login, directory);
    const by = { requestedBy: reading.requester, reason: reading.title };
    endings.push(endingOf(history, file, released ? "release" : "revocation", lockbox.clock.now(), by));
  }
  return endings;
}

async function show(
  kind: Notice["kind"],
  found: readonly Finding[],
  { pull, head, shown }: PullReading,
  { forge }: Lockbox,
  change: Pick<Notice, "replay" | "tests"> = { replay: null, tests: null },
): Promise<void> {
  const { replay, tests } = change;
  const fingerprint = fingerprintOf([kind, found, replay, tests]);
  if (shown.check !== fingerprint)
    await forge.publishNotice(pull, head, { kind, fingerprint, findings: found, replay, tests });
}
