import { type Announcement, recordOf, textToSeal } from "../domain/announcement.ts";
import { addDuration, minutes } from "../domain/time.ts";
import type { Lockbox } from "./context.ts";
import { recordOnce } from "./journal.ts";

/** By how much the clock of another system may be ahead; what is said of later would silence everything until then. */
const AHEAD = minutes(5);

/**
 * Writes on the journal what another system announced of a case, once it is certain who said it; then everything that
 * may hang on it is looked at. What is older than what the journal knows changes nothing, so that nobody gains by
 * sending it again.
 */
export async function convergeAnnouncement(announcement: Announcement, lockbox: Lockbox): Promise<void> {
  const { owner, name, seal, clock, history, ledger, rules, log } = lockbox;
  if (seal === null) {
    log("a case was announced, but no GRANTBOX_CASE_SECRET is set");
    return;
  }
  const text = textToSeal(announcement, `${owner}/${name}`);
  if (!seal.confirms(text, announcement.signature)) {
    log("a case was announced with a wrong signature, and is ignored");
    return;
  }
  const record = recordOf(announcement);
  if (record === null) {
    log("a case was announced in a form that cannot be read, and is ignored", { at: announcement.at });
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
