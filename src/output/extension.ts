import type { Access } from "../domain/decision.ts";
import type { Extension } from "../domain/extension.ts";
import { describeDuration, printDuration, printInstant } from "../domain/time.ts";
import { code, text } from "./escape.ts";

/** What an extension would change, as rows of the table of what it allows; none for a new grant. */
export function extensionRows({ extension }: Pick<Access, "extension">): string[][] {
  if (extension === null) return [];
  const { before } = extension;
  return [
    ["Extends", `the access that ${rangeWords(extension)}, and nothing but its time`],
    ["Was asked for", `${describeDuration(before.duration)} (${code(printDuration(before.duration))})`],
    ["Justified then by", text(before.justification, 4000)],
  ];
}

/** The same in a clause, after a comma; nothing for a new grant. */
export function extensionWords({ extension }: Pick<Access, "extension">): string {
  return extension === null ? "" : `, as an extension of the access that ${rangeWords(extension)}`;
}

function rangeWords({ begun, runsUntil }: Extension): string {
  return runsUntil === null
    ? "has ended"
    : `began at ${printInstant(begun)} and ends at ${printInstant(runsUntil)}`;
}
