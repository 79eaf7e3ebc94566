import { sourceKey } from "../domain/approver-source.ts";
import type { Decision } from "../domain/decision.ts";
import type { RequirementResult } from "../domain/fulfilment.ts";
import { candidateWords } from "./approval.ts";
import { text } from "./escape.ts";
import { bullets } from "./table.ts";
import { listed } from "./words.ts";

/** More ways than this are only numbered. */
const WAYS_SHOWN = 4;

/** Another way to meet what is asked, as far as it differs. */
export interface WayInstead {
  /** Names of the requirements that need not be met then. */
  readonly spared: readonly string[];
  /** What is missing of those that come in their place. */
  readonly instead: readonly RequirementResult[];
}

/** What could be filled instead of what is missing: only ways that can still be filled, each once. */
export function waysInstead({
  requirements,
  otherWays,
}: Pick<Decision, "requirements" | "otherWays">): readonly WayInstead[] {
  const ways = otherWays.flatMap((way): WayInstead[] => {
    const instead = without(way, requirements).filter(({ missing }) => missing > 0);
    const canFill = way.every(({ missing, candidates }) => missing <= candidates.length);
    if (!canFill || instead.length === 0) return [];
    return [{ spared: without(requirements, way).map(({ requirement }) => requirement.name), instead }];
  });
  const key = ({ spared, instead }: WayInstead) => JSON.stringify([spared, instead.map(keyOf)]);
  return [...new Map(ways.map((way) => [key(way), way])).values()];
}

/** The same as a list in Markdown, one line a way. */
export function otherWayLines(
  decision: Pick<Decision, "requirements" | "otherWays">,
  most: number = WAYS_SHOWN,
): string {
  const lines = waysInstead(decision).map(({ spared, instead }) => {
    const named = instead.map(
      (result) => `${text(result.requirement.name)}, ${result.missing} missing: ${candidateWords(result)}`,
    );
    const of = spared.length === 0 ? "" : ` of ${listed(spared.map((name) => text(name)))}`;
    return `Or instead${of}: ${listed(named)}`;
  });
  return bullets(lines, most);
}

function without(
  these: readonly RequirementResult[],
  those: readonly RequirementResult[],
): readonly RequirementResult[] {
  const known = new Set(those.map(keyOf));
  return these.filter((one) => !known.has(keyOf(one)));
}

function keyOf({ requirement: { name, count, from } }: RequirementResult): string {
  return JSON.stringify([name, count, sourceKey(from)]);
}
