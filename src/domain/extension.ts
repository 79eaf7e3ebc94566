import { type Finding, finding } from "./finding.ts";
import { type Grant, validFromOf } from "./grant.ts";
import type { RequestContent } from "./request.ts";
import { addDuration, type Instant, printInstant } from "./time.ts";

/** The grant that a request would extend: the same file, as it stands on the default branch. */
export interface Extension {
  readonly before: Grant;
  /** When the access began, before any extension. */
  readonly begun: Instant;
  /** When it ends now; null when it is no grant that gives access. */
  readonly runsUntil: Instant | null;
  /** False when the branch began at an older version of the file: the merge would be of neither. */
  readonly current: boolean;
}

/** What an extension may change: how long, and the words for it. */
const changeable: ReadonlySet<string> = new Set(["duration", "justification"]);

/** What stands against extending the grant that a request is about; nothing for a new grant. */
export function extensionFindings(
  { grant, positions, extension }: Extract<RequestContent, { kind: "grant" }>,
  now: Instant,
): readonly Finding[] {
  if (extension === null) return [];
  const { before, runsUntil, current } = extension;
  if (runsUntil === null || now >= runsUntil) {
    return [finding("EXTENSION_NOT_RUNNING", `\`${grant.id}\` gives no access any more`, positions.id)];
  }
  const found: Finding[] = [];
  if (!current) {
    found.push(
      finding(
        "EXTENSION_NOT_RUNNING",
        "the branch began before the last change of this grant",
        positions.id,
        "bring the branch up to date with the default branch and push again",
      ),
    );
  }
  const changed = namesOf(grant, before).filter(
    (name) =>
      !changeable.has(name) && canonical(Reflect.get(grant, name)) !== canonical(Reflect.get(before, name)),
  );
  for (const name of changed) {
    found.push(finding("EXTENSION_CHANGES_ACCESS", `\`${name}\` is not what it was`, positions[name]));
  }
  if (addDuration(validFromOf(grant, now), grant.duration) <= runsUntil) {
    const message = `the access runs until ${printInstant(runsUntil)} already`;
    found.push(finding("EXTENSION_NOT_LONGER", message, positions.duration));
  }
  return found;
}

function namesOf(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}

/** The same text for the same value, whatever the order of its keys; an absent value is like none. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
