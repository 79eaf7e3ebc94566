import type { GrantHistory } from "../domain/lifecycle.ts";
import type { EndRecord } from "../domain/record.ts";
import { printInstant } from "../domain/time.ts";
import { joined, within } from "./bytes.ts";
import { code, markdown, text } from "./escape.ts";
import { bullets } from "./table.ts";
import { because, causeOf } from "./words.ts";

/** GitHub takes 65,536 characters; a sweep may end thousands of grants at once. */
const ENDS_NAMED = 100;

/** What a pull request of the app ends: each grant with its end. */
export interface RemovalSubject {
  readonly histories: readonly GrantHistory[];
  readonly records: readonly EndRecord[];
}

/**
 * The text of the pull request with which the app ends grants: which, why, asked for by whom. It is the one text
 * that refers to other pull requests on purpose: the numbers come from records, not from anybody's words.
 */
export function removalBody({ histories, records }: RemovalSubject): string {
  const pulls = new Map(histories.map(({ activation }) => [activation.grant, activation.pull]));
  return within(
    [
      `Nothing to do here: Grantbox merges this pull request by itself. It takes ${records.length === 1 ? "a grant that has" : "grants that have"} ended off the default branch.`,
      bullets(
        records.map(
          (record) => `${code(record.grant)}${asked(pulls.get(record.grant))}: ${endWords(record)}`,
        ),
        ENDS_NAMED,
      ),
    ],
    "The access ended at the time named, whether or not this pull request is merged. Only if GitHub refuses the merge does somebody have to act: a comment here will say so.",
  );
}

function asked(pull: number | undefined): string {
  return pull === undefined ? "" : ` (asked for in #${pull})`;
}

function endWords(record: EndRecord): string {
  return `ended at ${printInstant(record.endedAt)}, because ${causeOf(record, markdown)}${because(record.reason, markdown)}`;
}

/** The comment on a removal that GitHub would not let the app merge: what it means, and who has to do what. */
export function refusalComment(refusal: string): string {
  return joined([
    "**A code owner has to merge this pull request: GitHub refused the merge by Grantbox.**",
    `GitHub says: ${text(refusal)}`,
    "The grants it names count as ended all the same: the end is on the journal, and the files give no access although they are still on the default branch.",
    "So that this does not happen again, an administrator gives the app a bypass in the ruleset of the default branch; `docs/operating.md` says how.",
  ]);
}
