import { type Announcement, recordOf, textToSeal } from "../domain/announcement.ts";
import type { CaseRecord } from "../domain/record.ts";
import { addDuration, minutes } from "../domain/time.ts";
import type { Lockbox } from "./context.ts";
import { recordOnce } from "./journal.ts";

/** By how much the clock of another system may be ahead; what is said of later would silence everything until then. */
const AHEAD = minutes(5);

/** Whether a record of a case was made by somebody with the secret, for this repository. */
export function isSealed(record: CaseRecord, { owner, name, seal }: Sealed): boolean {
  return seal?.confirms(textToSeal(record, `${owner}/${name}`), record.seal) === true;
}

type Sealed = Pick<Lockbox, "owner" | "name" | "seal">;

/**
 * Writes on the journal what another system announced of a case, once it is certain who said it; then everything that
 * may hang on it is looked at. What is older than what the journal knows changes nothing, so that nobody gains by
 * sending it again.
 */
export async function convergeAnnouncement(announcement: Announcement, lockbox: Lockbox): Promise<void> {
  const { seal, clock, history, ledger, rules, log } = lockbox;
  if (seal === null) {
    log("a case was announced, but no GRANTBOX_CASE_SECRET is set");
    return;
  }
  const record = recordOf(announcement);
  if (record === null) {
    log("a case was announced in a form that cannot be read, and is ignored");
    return;
  }
  if (!isSealed(record, lockbox)) {
    log("a case was announced with a wrong signature, and is ignored");
    return;
  }
  if (record.at > addDuration(clock.now(), AHEAD)) {
    log("a case was announced for a time to come, and is ignored", { ...record.case, at: announcement.at });
    return;
  }
  await history.refresh([]);
  if (!(await rules.govern((await ledger.read()).main))) return;
  await recordOnce(lockbox, record);
  lockbox.again({ kind: "sweep" });
}
