import { findings, hintOf, isError } from "../domain/finding.ts";
import { type Instant, printInstant } from "../domain/time.ts";
import type { LedgerFinding, Verification } from "../domain/verification.ts";
import { plain } from "./escape.ts";
import { counted, short } from "./words.ts";

/** How many findings of one code are listed for people; the machine-readable forms have all. */
const LISTED = 50;

/** What the command line prints about a ledger that was judged again: what is wrong, by kind, then what was looked at. */
export function verificationText(verification: Verification, colour: boolean): string {
  const paint = (code: number, words: string) => (colour ? `\u001b[${code}m${words}\u001b[0m` : words);
  const errors = verification.findings.filter(isError);
  const warnings = verification.findings.length - errors.length;
  const byCode = Map.groupBy(verification.findings, ({ code }) => code);
  const blocks = [...byCode].map(([code, found]) => {
    const [first] = found;
    const more = found.length - LISTED;
    return [
      `${paint(first && isError(first) ? 31 : 33, code)}: ${findings[code].title}`,
      ...found.slice(0, LISTED).map((one) => `  ${where(one)}  ${plain(one.message)}`),
      ...(more > 0 ? [`  and ${more} more; see --json`] : []),
      ...(first === undefined ? [] : [paint(2, `  hint: ${plain(hintOf(first))}`)]),
      "",
    ].join("\n");
  });
  const { commits, activations, ends, others, main, journal } = verification;
  const looked = `${counted(commits, "commit")}: ${counted(activations, "activation")}, ${counted(ends, "end")}, ${counted(others, "commit")} of the journal`;
  const tips = `main at ${main}${journal === null ? ", no journal" : `, journal at ${journal}`}`;
  const verdict =
    verification.findings.length === 0
      ? paint(32, "Everything holds.")
      : paint(
          errors.length > 0 ? 31 : 33,
          `${counted(errors.length, "error")}, ${counted(warnings, "warning")}.`,
        );
  return `${[...blocks, `${verdict} Looked at ${looked}.`, paint(2, tips)].join("\n")}\n`;
}

function where({ commit, on, grant }: LedgerFinding): string {
  return `${on === "journal" ? "journal " : ""}${short(commit)}${grant === null ? "" : `  ${grant}`}`;
}

/** The same as plain data for `JSON.stringify`. Keys keep their name and meaning; new ones may be added. */
export function verificationJson({ findings: found, ...looked }: Verification, at: Instant) {
  return {
    clean: found.length === 0,
    at: printInstant(at),
    ...looked,
    findings: found.map((one) => ({
      code: one.code,
      severity: findings[one.code].severity,
      title: findings[one.code].title,
      message: one.message,
      hint: hintOf(one),
      commit: one.commit,
      branch: one.on,
      grant: one.grant,
    })),
  };
}
