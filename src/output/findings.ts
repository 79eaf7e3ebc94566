import { type Finding, hintOf, isError } from "../domain/finding.ts";
import { plain, sentence } from "./escape.ts";
import { position } from "./policies.ts";
import { bullets } from "./table.ts";
import { denialCodes } from "./words.ts";

/** A finding at its line, as GitHub shows it beside the code. Plain text, not Markdown. */
export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly level: "failure" | "warning";
  /** The code of the finding. */
  readonly title: string;
  readonly message: string;
}

/** GitHub takes 50 annotations in one call. */
const ANNOTATIONS = 50;
const FINDINGS_SHOWN = 100;

/** The findings that have a place, errors first, at most 50. */
export function annotationsOf(found: readonly Finding[]): readonly Annotation[] {
  return errorsFirst(found)
    .flatMap((one): Annotation[] =>
      one.at === undefined
        ? []
        : [
            {
              path: one.at.file,
              line: one.at.line,
              column: one.at.column,
              level: isError(one) ? "failure" : "warning",
              title: one.code,
              message: `${plain(one.message, 1500)}; ${plain(hintOf(one))}`,
            },
          ],
    )
    .slice(0, ANNOTATIONS);
}

/** Findings as a list: what is wrong, where, what to do; errors first. */
export function findingLines(found: readonly Finding[], most: number = FINDINGS_SHOWN): string {
  return bullets(errorsFirst(found).map(findingLine), most);
}

/** Findings beside the denials, which are told with their reasons elsewhere. */
export function undenied(found: readonly Finding[]): readonly Finding[] {
  const told: ReadonlySet<string> = new Set(Object.values(denialCodes));
  return found.filter(({ code }) => !told.has(code));
}

function findingLine(one: Finding): string {
  const where = one.at === undefined ? "" : ` at ${position(one.at)}`;
  const kind = isError(one) ? "" : "Warning: ";
  return `${kind}\`${one.code}\`${where}: ${sentence(one.message)}. **To do:** ${sentence(hintOf(one))}`;
}

function errorsFirst(found: readonly Finding[]): readonly Finding[] {
  return [...found.filter(isError), ...found.filter((one) => !isError(one))];
}
