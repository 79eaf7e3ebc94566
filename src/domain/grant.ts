import type { GrantDocument } from "./documents.ts";
import { type GrantId, type Oid, parseGrantId } from "./oid.ts";
import { addDuration, type Duration, type Instant, instantOf, ONE_SECOND, wholeSecond } from "./time.ts";

/** A grant file once it has been read: the document of the schema, with its times as values. */
export interface Grant extends Omit<GrantDocument, "id" | "duration" | "notBefore"> {
  readonly id: GrantId;
  readonly duration: Duration;
  readonly notBefore: Instant | null;
}

/** A grant file in a tree: its path says type and id, its blob is what was judged. */
export interface GrantFile {
  readonly path: string;
  readonly type: string;
  readonly id: GrantId;
  readonly blob: Oid;
}

/** The folder under which every grant lies (docs/glossary.md, "The lockbox repository"). */
export const GRANTS_FOLDER = "grants/";

const GRANT_PATH = /^grants\/([a-z0-9]+(?:[.-][a-z0-9]+)*)\/([a-z0-9-]+)\.yaml$/;

/** Type and id that a path stands for; null when it is no path of a grant. */
export function parseGrantPath(path: string): { type: string; id: GrantId } | null {
  const match = GRANT_PATH.exec(path);
  if (match === null) return null;
  const id = parseGrantId(String(match[2]));
  return id && { type: String(match[1]), id };
}

/**
 * What a hurried reader sees in an id: characters that look alike in common fonts become one, runs of hyphens
 * vanish. Two ids with the same skeleton must not both exist.
 */
export function skeletonOf(id: string): string {
  return id
    .toLowerCase()
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replaceAll(/[il]/g, "1")
    .replaceAll("o", "0")
    .replaceAll("-", "");
}

/**
 * When the access begins if it is activated at `activation`, in whole seconds as a record can hold it: at the merge,
 * or at `notBefore` when that is later, and never before it.
 */
export function validFromOf({ notBefore }: Pick<Grant, "notBefore">, activation: Instant): Instant {
  const merged = wholeSecond(activation);
  if (notBefore === null) return merged;
  const begun = wholeSecond(notBefore);
  return instantOf(Math.max(merged, begun < notBefore ? addDuration(begun, ONE_SECOND) : begun));
}
