import type { GrantHistories } from "../domain/lifecycle.ts";
import { journalMessage } from "../domain/message.ts";
import { readRecords } from "../domain/record.ts";
import { addDuration, type Duration, printInstant } from "../domain/time.ts";
import type { ChangingCommit } from "../ports/history.ts";
import { type Complaint, complaint } from "./complaint.ts";
import { examineJournalEnd } from "./ending.ts";
import { isActivation } from "./event.ts";
import type { Used } from "./used.ts";

const LEEWAY = (5 * 60 * 1000) as Duration;

/** Everything about a commit of the journal: an empty commit after the one before, with one record of what never reached main. */
export function examineJournal(
  commit: ChangingCommit,
  isFirst: boolean,
  onMain: GrantHistories,
  used: Used,
): readonly Complaint[] {
  const found: Complaint[] = [];
  if (commit.parents.length > 1) found.push(complaint("JOURNAL_BROKEN", "the commit is a merge"));
  const [change, ...others] = commit.changes;
  // where GitHub does not know the empty tree, the first commit says what the branch is
  const isReadme = isFirst && change?.path === "README.md" && others.length === 0;
  if (change !== undefined && !isReadme) {
    found.push(
      complaint(
        "JOURNAL_BROKEN",
        `the commit changes \`${change.path}\`${others.length > 0 ? ` and ${others.length} more` : ""}`,
      ),
    );
  }
  const reading = readRecords(commit.message);
  if (reading.kind === "malformed") return [...found, complaint("RECORD_MALFORMED", reading.because)];
  if (reading.kind === "none")
    return [...found, complaint("JOURNAL_WITHOUT_RECORD", "the commit has no record")];
  if (reading.records.length > 1)
    found.push(complaint("RECORD_SEVERAL", `the commit has ${reading.records.length} records`));
  for (const record of reading.records) {
    const grant = "grant" in record ? record.grant : null;
    if (isActivation(record)) {
      found.push(complaint("RECORD_MISPLACED", `\`${record.event}\` stands on the journal`, grant));
      continue;
    }
    if (record.event === "ended") found.push(...examineJournalEnd(record, commit, onMain));
    else if (record.at > addDuration(commit.committedAt, LEEWAY)) {
      found.push(
        complaint(
          "RECORD_TIME_WRONG",
          `it happened at ${printInstant(record.at)}, after its commit at ${printInstant(commit.committedAt)}`,
          grant,
        ),
      );
    }
    if (record.event === "denied" || record.event === "lapsed" || record.event === "withdrawn")
      found.push(...used.closure(record));
    if (record.event === "finding" && record.code === "HISTORY_REWRITTEN") {
      found.push(
        complaint("HISTORY_REWRITTEN", `the app saw it at ${printInstant(record.at)}: ${record.reason}`),
      );
    }
    if (record.event === "reviewed" && onMain.get(record.grant)?.activation.emergency !== true) {
      found.push(
        complaint(
          "RECORD_WITHOUT_GRANT",
          `\`${record.grant}\` was no emergency, and is reviewed as one`,
          grant,
        ),
      );
    }
    if (reading.records.length === 1 && !commit.message.startsWith(journalMessage(record))) {
      found.push(
        complaint(
          "RECORD_TEXT_DIFFERS",
          `the message should begin with \`${journalMessage(record).split("\n", 1)[0]}\``,
          grant,
        ),
      );
    }
  }
  return found;
}
