import { type Finding, findings, hintOf, type Position } from "../domain/finding.ts";
import { plain } from "./escape.ts";
import { counted } from "./words.ts";

/** What linting has come to, with the check that found each thing. */
export interface LintSubject {
  readonly findings: readonly (Finding & { readonly lint: string })[];
  readonly undecided: readonly { readonly lint: string; readonly at: Position; readonly because: string }[];
}

/** What the command line prints about rules that were linted. */
export function lintText({ findings: found, undecided }: LintSubject, colour: boolean): string {
  const paint = (words: string, code: number) => (colour ? `\u001b[${code}m${words}\u001b[0m` : words);
  const place = (at: Position | undefined) =>
    at === undefined ? "rules" : `${plain(at.file)}:${at.line}:${at.column}`;
  const blocks = found.map((one) =>
    [
      `${place(one.at)}  ${paint(one.code, 33)}  ${plain(one.message)} (${one.lint})`,
      paint(`  hint: ${plain(hintOf(one))}`, 2),
    ].join("\n"),
  );
  const unsaid =
    undecided.length === 0
      ? []
      : [
          "Not decided:",
          ...undecided.map(({ lint, at, because }) => `  ${place(at)}  ${plain(because)} (${lint})`),
        ];
  const verdict =
    found.length === 0
      ? paint("Nothing found.", 32)
      : paint(`${counted(found.length, "thing")} to look at.`, 33);
  return `${[...blocks, ...unsaid, verdict].join("\n")}\n`;
}

/** The same as plain data for `JSON.stringify`. Keys keep their name and meaning; new ones may be added. */
export function lintJson({ findings: found, undecided }: LintSubject) {
  return {
    clean: found.length === 0,
    findings: found.map((one) => ({
      lint: one.lint,
      code: one.code,
      severity: findings[one.code].severity,
      message: one.message,
      hint: hintOf(one),
      file: one.at?.file ?? null,
      line: one.at?.line ?? null,
      column: one.at?.column ?? null,
    })),
    undecided: undecided.map(({ lint, at, because }) => ({
      lint,
      because,
      file: at.file,
      line: at.line,
      column: at.column,
    })),
  };
}
