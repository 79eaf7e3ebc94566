import { parseGrantPath } from "../domain/grant.ts";
import type { GrantHistories } from "../domain/lifecycle.ts";
import { sameLogin } from "../domain/person.ts";
import type { EndRecord } from "../domain/record.ts";
import {
  addDuration,
  type Duration,
  describeDuration,
  durationBetween,
  printInstant,
} from "../domain/time.ts";
import type { ChangingCommit, HistoryCommit } from "../ports/history.ts";
import { type Complaint, complaint } from "./complaint.ts";

/** Two clocks, and calls in between. */
const LEEWAY = (5 * 60 * 1000) as Duration;
/** The app looks at everything every five minutes: later than twice that it was away. */
const PATIENCE = (10 * 60 * 1000) as Duration;

/** Ends on the default branch: each of a running grant, and the commit removes exactly their files. */
export function examineEnds(
  records: readonly EndRecord[],
  commit: ChangingCommit,
  before: GrantHistories,
): readonly Complaint[] {
  const found = records.flatMap((record) => [
    ...grantComplaints(record, before, "main"),
    ...timeComplaints(record, commit, before),
    ...lateness(record, commit),
  ]);
  const ended = new Set(records.map(({ grant }) => grant));
  for (const { path, after } of commit.changes) {
    const id = parseGrantPath(path)?.id ?? null;
    if (id === null || !ended.has(id) || after !== null) {
      found.push(
        complaint(
          "RECORD_CHANGE_DIFFERS",
          `the commit changes \`${path}\`, and its record is about the end of ${[...ended].join(", ")}`,
          id,
        ),
      );
    }
  }
  const removed = new Set(
    commit.changes.flatMap(({ path, after }) => (after === null ? (parseGrantPath(path)?.id ?? []) : [])),
  );
  for (const id of ended) {
    if (!removed.has(id))
      found.push(complaint("RECORD_CHANGE_DIFFERS", `the commit does not remove the grant \`${id}\``, id));
  }
  if (commit.parents.length !== 1) {
    found.push(
      complaint(
        "RECORD_CHANGE_DIFFERS",
        `the commit has ${commit.parents.length} parents; the app's merges have one`,
      ),
    );
  }
  return found;
}

/** An end that GitHub would not let onto the default branch, on the journal. */
export function examineJournalEnd(
  record: EndRecord,
  commit: HistoryCommit,
  onMain: GrantHistories,
): readonly Complaint[] {
  return [...grantComplaints(record, onMain, "journal"), ...timeComplaints(record, commit, onMain)];
}

function grantComplaints(
  { grant, blob }: EndRecord,
  before: GrantHistories,
  on: "main" | "journal",
): readonly Complaint[] {
  const history = before.get(grant);
  if (history === undefined)
    return [complaint("RECORD_WITHOUT_GRANT", `\`${grant}\` was never activated, and ends`, grant)];
  if (history.activation.blob !== blob) {
    return [
      complaint(
        "RECORD_WITHOUT_GRANT",
        `\`${grant}\` ends as blob ${blob}, and was activated as ${history.activation.blob}`,
        grant,
      ),
    ];
  }
  return on === "main" && history.end !== null
    ? [complaint("RECORD_WITHOUT_GRANT", `\`${grant}\` had ended before`, grant)]
    : [];
}

function timeComplaints(
  { grant, cause, endedAt, requestedBy }: EndRecord,
  { committedAt }: HistoryCommit,
  before: GrantHistories,
): readonly Complaint[] {
  const activation = before.get(grant)?.activation;
  if (activation === undefined) return [];
  const found: Complaint[] = [];
  if (endedAt > addDuration(committedAt, LEEWAY)) {
    found.push(
      complaint(
        "RECORD_TIME_WRONG",
        `\`${grant}\` ends at ${printInstant(endedAt)}, after its commit at ${printInstant(committedAt)}`,
        grant,
      ),
    );
  }
  if (cause === "expiry" && endedAt !== activation.validUntil) {
    found.push(
      complaint(
        "RECORD_TIME_WRONG",
        `\`${grant}\` expires at ${printInstant(endedAt)}, and was given until ${printInstant(activation.validUntil)}`,
        grant,
      ),
    );
  }
  if (
    cause !== "expiry" &&
    addDuration(endedAt, LEEWAY) < activation.validFrom &&
    activation.validFrom <= committedAt
  ) {
    found.push(
      complaint("RECORD_TIME_WRONG", `\`${grant}\` ends at ${printInstant(endedAt)}, before it began`, grant),
    );
  }
  if (cause === "release" && (requestedBy === null || !sameLogin(requestedBy.login, activation.subject))) {
    found.push(
      complaint(
        "RECORD_DIFFERS",
        `\`${grant}\` is released by \`${requestedBy?.login ?? "nobody"}\`, and its subject is \`${activation.subject}\``,
        grant,
      ),
    );
  }
  return found;
}

function lateness({ grant, endedAt }: EndRecord, { committedAt }: HistoryCommit): readonly Complaint[] {
  const late = durationBetween(endedAt, committedAt);
  return late > PATIENCE
    ? [
        complaint(
          "GRANT_ENDED_LATE",
          `the file of \`${grant}\` was removed ${describeDuration(late)} after ${printInstant(endedAt)}, when access ended`,
          grant,
        ),
      ]
    : [];
}
