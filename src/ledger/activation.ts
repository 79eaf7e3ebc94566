import { parseGrantPath } from "../domain/grant.ts";
import type { GrantHistory } from "../domain/lifecycle.ts";
import type { ActivationRecord } from "../domain/record.ts";
import { addDuration, type Duration, printInstant } from "../domain/time.ts";
import type { ChangingCommit } from "../ports/history.ts";
import { type Complaint, complaint } from "./complaint.ts";
import { judgeAgain } from "./judgement.ts";
import type { RulesThen } from "./rule-line.ts";

/** Between the app's look at its clock and GitHub's commit lie calls, retries and two clocks. */
const LEEWAY = (5 * 60 * 1000) as Duration;

/** What an activation is looked at with. */
export interface ActivationContext {
  readonly commit: ChangingCommit;
  /** The lines in which its message keeps facts. */
  readonly facts: readonly string[];
  /** The bytes of the blob that the record names; null when the repository does not have it. */
  readonly blob: Uint8Array | null;
  /** The bytes of the file that an extension changes; null for an activation, or where the repository does not have them. */
  readonly previous: Uint8Array | null;
  /** The rules at the base that the record names; null when that was no commit of main before this one. */
  readonly base: RulesThen | null;
  /** The rules at the first parent: what the merge was really made on. */
  readonly parent: RulesThen | null;
  /** The story of the grant before this commit. */
  readonly before: GrantHistory | null;
}

/** Everything about an activation or extension that the repository itself can tell. */
export function examineActivation(
  record: ActivationRecord,
  context: ActivationContext,
): readonly Complaint[] {
  const { commit, facts, blob, base, parent } = context;
  return [
    ...changeComplaints(record, context),
    ...baseComplaints(record, base),
    ...timeComplaints(record, commit),
    ...(blob === null
      ? [
          complaint(
            "RECORD_CHANGE_DIFFERS",
            `the repository has no blob ${record.blob}, which the record names`,
          ),
        ]
      : judgeAgain(record, {
          commit,
          facts,
          blob,
          previous: context.previous,
          before: context.before,
          base,
          parent,
        })),
  ];
}

/** The commit has one parent, and changes exactly the file that its record is about. */
function changeComplaints(
  record: ActivationRecord,
  { commit, before }: ActivationContext,
): readonly Complaint[] {
  const found: Complaint[] = [];
  const say = (message: string) => found.push(complaint("RECORD_CHANGE_DIFFERS", message));
  if (commit.parents.length !== 1)
    say(`the commit has ${commit.parents.length} parents; the app's merges have one`);
  const [change, ...others] = commit.changes;
  if (change === undefined || others.length > 0)
    say(`the commit changes ${commit.changes.length} files, and its record is about one`);
  const own = commit.changes.find(({ path }) => parseGrantPath(path)?.id === record.grant);
  if (own === undefined) {
    say(`the commit does not touch the grant \`${record.grant}\``);
    return found;
  }
  const { path, before: old, after } = own;
  if (path !== `grants/${record.resource.type}/${record.grant}.yaml`)
    say(`the file is \`${path}\`, and the record is about \`${record.resource.type}\``);
  if (after === null) say(`the commit removes \`${path}\``);
  else if (after.oid !== record.blob)
    say(`the file is blob ${after.oid}, and the record names ${record.blob}`);
  else if (after.mode !== "100644") say(`\`${path}\` has the mode ${after.mode}`);
  if (record.event === "activated" && old !== null) say(`\`${path}\` was there before`);
  if (record.event === "extended" && old?.oid !== before?.activation.blob) {
    say(`\`${path}\` was not the file that is extended`);
  }
  if (record.event === "extended" && (before === null || before.end !== null)) {
    found.push(complaint("RECORD_WITHOUT_GRANT", `\`${record.grant}\` is not running, and is extended`));
  }
  return found;
}

function baseComplaints(record: ActivationRecord, base: RulesThen | null): readonly Complaint[] {
  if (base === null) {
    return [
      complaint(
        "RECORD_BASE_UNKNOWN",
        `the base ${record.base} is no commit of the default branch before this one`,
      ),
    ];
  }
  const found: Complaint[] = [];
  if (base.digest !== record.rules) {
    found.push(
      complaint(
        "RECORD_RULES_DIFFER",
        `the rules at the base have the digest ${base.digest}, and the record names ${record.rules}`,
      ),
    );
  }
  if (base.loaded === null) {
    found.push(
      complaint(
        "RECORD_NOT_APPROVED",
        "the rules at the base cannot be read, so that nothing could be granted",
      ),
    );
  }
  return found;
}

function timeComplaints(
  { validFrom, validUntil }: ActivationRecord,
  { committedAt }: ChangingCommit,
): readonly Complaint[] {
  const isLate = committedAt > addDuration(validFrom, LEEWAY);
  if (isLate) {
    return [
      complaint(
        "RECORD_TIME_WRONG",
        `it is in force from ${printInstant(validFrom)} on, and the commit was made at ${printInstant(committedAt)}`,
      ),
    ];
  }
  return validUntil > validFrom ? [] : [complaint("RECORD_TIME_WRONG", "it ends before it begins")];
}
