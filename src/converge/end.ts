import type { GrantFile } from "../domain/grant.ts";
import type { GrantHistory } from "../domain/lifecycle.ts";
import { endHeadline, endMessage } from "../domain/message.ts";
import type { EndCause, EndRecord, Named } from "../domain/record.ts";
import type { Instant } from "../domain/time.ts";
import { ForgeError } from "../ports/forge.ts";
import type { Lockbox } from "./context.ts";
import { recordOnce } from "./journal.ts";
import { publishHistory } from "./publish-history.ts";
import { MOST_CHARACTERS, signEnd } from "./sign.ts";

/** What the headline of a message can have at most, as GitHub takes it. */
const HEADLINE = 256;

/** A grant whose file has to leave main, and the record of that. */
export interface Ending {
  readonly history: GrantHistory;
  readonly file: GrantFile;
  readonly record: EndRecord;
}

/** The ending of a grant for a cause; an expiry happened when the grant said, however late the file goes. */
export function endingOf(
  history: GrantHistory,
  file: GrantFile,
  cause: EndCause,
  now: Instant,
  by: { readonly requestedBy: Named | null; readonly reason: string } | null = null,
): Ending {
  const { activation } = history;
  const record: EndRecord = {
    event: "ended",
    grant: activation.grant,
    blob: activation.blob,
    cause,
    requestedBy: by?.requestedBy ?? null,
    reason: by?.reason ?? "",
    endedAt: cause === "expiry" ? activation.validUntil : now,
  };
  return { history, file, record };
}

const branchVerbs = {
  expiry: "expire",
  revocation: "revoke",
  release: "release",
  "case-resolved": "resolve",
} as const satisfies Record<EndCause, string>;

/**
 * Takes grant files off main: one revert pull request for all that are given, or for as many as one commit message
 * takes, squash-merged with the record of each. When GitHub refuses the merge, the end is recorded on the journal, so
 * that it counts all the same, and the pull request stays open for an owner to merge.
 */
export async function endGrants(endings: readonly Ending[], lockbox: Lockbox): Promise<void> {
  for (const portion of portionsOf(endings)) await endTogether(portion, lockbox);
}

/** What an end adds to the message of its merge: its sentence and its record. */
function lengthOf(ending: Ending): number {
  return endMessage("", ending.history.activation.pull, [recordOf(ending)]).body.length + 1;
}

const recordOf = ({ history, record }: Ending): EndRecord => history.end?.record ?? record;

/**
 * Endings in the order of their ids, cut so that the message of each portion is one that GitHub takes. What is left
 * after a pass that died is cut at the same places, so that its branch is found again.
 */
function portionsOf(endings: readonly Ending[]): readonly (readonly Ending[])[] {
  const sorted = [...endings].sort((one, other) => (one.file.id < other.file.id ? -1 : 1));
  const portions: Ending[][] = [];
  let room = 0;
  for (const ending of sorted) {
    const length = lengthOf(ending);
    if (length > room || portions.length === 0) {
      portions.push([]);
      room = MOST_CHARACTERS - HEADLINE;
    }
    portions.at(-1)?.push(ending);
    room -= length;
  }
  return portions;
}

async function endTogether(sorted: readonly Ending[], lockbox: Lockbox): Promise<void> {
  const [first] = sorted;
  if (first === undefined) return;
  const { forge, history, ledger } = lockbox;
  const onto = (await ledger.read()).main;
  const records = sorted.map(recordOf);
  const title = endHeadline(sorted.map((ending) => ending.history.headline));
  const removal = await forge.openRemoval({
    branch: `grantbox/${branchVerbs[first.record.cause]}/${first.file.id}`,
    onto,
    paths: sorted.map(({ file }) => file.path),
    title,
    histories: sorted.map((ending) => ending.history),
    records,
  });
  // INVARIANT 8: another machine may have merged these ends meanwhile, and a second merge would record them twice
  await history.refresh([]);
  const standing = await stillThere(sorted, lockbox);
  if (standing.length < sorted.length) {
    await forge.close(removal.pull);
    if (standing.length === 0) return;
    throw new ForgeError("the default branch moved while grants were being ended");
  }
  const message = await signEnd(endMessage(title, removal.pull, records), lockbox);
  const outcome = await forge.squashMerge(removal.pull, removal.head, message);
  await history.refresh([]);
  if (outcome.kind === "merged") {
    lockbox.log("grants ended", { grants: records.map(({ grant }) => grant), pull: removal.pull });
    for (const { record, history: known } of sorted) {
      await publishHistory({ ...known, end: { record, on: "main" } }, lockbox);
    }
    return;
  }
  // refused or moved: perhaps somebody else removed the files meanwhile, and then there is nothing left to do
  const left = await stillThere(sorted, lockbox);
  if (left.length === 0) return;
  if (outcome.kind === "moved")
    throw new ForgeError("the default branch moved while grants were being ended");
  for (const { record, history: known } of left) {
    if (known.end !== null) continue;
    await recordOnce(lockbox, record);
    await publishHistory({ ...known, end: { record, on: "journal" } }, lockbox);
  }
  await forge.announceRefusal(removal.pull, outcome.because);
  lockbox.log("GitHub refused to merge the end of grants", { pull: removal.pull, because: outcome.because });
}

/** Those whose very file is still on the default branch, as the mirror has it: one that was extended meanwhile is another. */
async function stillThere(endings: readonly Ending[], { ledger }: Lockbox): Promise<readonly Ending[]> {
  const present = new Set((await ledger.read()).files.map(({ path, blob }) => `${blob} ${path}`));
  return endings.filter(({ file }) => present.has(`${file.blob} ${file.path}`));
}
