import { type FindingCode, findings } from "../domain/finding.ts";
import type { FindingRecord } from "../domain/record.ts";
import { printInstant } from "../domain/time.ts";
import { joined } from "./bytes.ts";
import { bold, code, plain, sentence, text } from "./escape.ts";
import { bullets } from "./table.ts";

/** Something on main or the journal that should not be there; `path` is a file, or the branch that was rewritten. */
export interface IssueSubject {
  readonly record: FindingRecord;
  readonly path: string;
  readonly because: string;
}

/** GitHub takes 256 characters. */
const TITLE_LIMIT = 200;

/** The issue for administrators about a finding of the ledger. The same finding always has the same title. */
export function issueOf({ record, path, because }: IssueSubject): {
  readonly title: string;
  readonly body: string;
} {
  const kind = isFindingCode(record.code) ? findings[record.code] : null;
  return {
    title: plain(`${record.code}: ${path} (${record.commit.slice(0, 12)})`, TITLE_LIMIT),
    body: joined([
      bold(`What to do: ${sentence(kind?.hint ?? "look at the commit below")}`),
      `${code(path, 400)}: ${kind?.title ?? "something is not as it should be"}. ${text(`Why: ${because}.`)}`,
      bullets(
        [
          `Finding: ${code(record.code)}`,
          `Commit: ${code(record.commit)}`,
          ...(record.grant === null ? [] : [`Grant: ${code(record.grant)}`]),
          `Found at: ${printInstant(record.at)}`,
        ],
        4,
      ),
      "Grantbox has written this to the journal and will not report it again. Close the issue when it is settled.",
    ]),
  };
}

function isFindingCode(code: string): code is FindingCode {
  return Object.hasOwn(findings, code);
}
