import type { Codeowners } from "./codeowners.ts";
import { type Finding, finding } from "./finding.ts";
import { matchesGlob } from "./glob.ts";
import type { RulesDigest } from "./oid.ts";
import type { Directory } from "./person.ts";
import type { ApproverPolicy, ApproverSource } from "./policy.ts";
import type { RequestContent } from "./request.ts";
import type { Duration } from "./time.ts";

/** A catalog entry: what a resource is, said by administrators and never by the requester. */
export interface CatalogEntry {
  readonly type: string;
  /** The resource's id, or a glob over ids. */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Settings {
  /** Who may end any grant and deny any request. */
  readonly administrators: Pick<ApproverSource, "teams" | "users">;
  /** Upper bound of every grant, whatever the policies allow. */
  readonly maxDuration: Duration;
  /** A request that nobody has decided lapses after this time. */
  readonly pendingExpiresAfter: Duration;
}

/** Every rule at one commit, as a value. */
export interface RuleSet {
  readonly digest: RulesDigest;
  readonly policies: readonly ApproverPolicy[];
  readonly catalog: readonly CatalogEntry[];
  readonly directory: Directory;
  readonly settings: Settings;
  /** Null when the repository has no CODEOWNERS file: then nothing has an owner. */
  readonly codeowners: Codeowners | null;
}

/**
 * A resource that the catalog lists only when case is ignored. Many systems ignore case, and whoever writes an id
 * otherwise must not get a resource without labels; which of the two was meant is not guessed.
 */
export function catalogFindings(
  { grant: { resource }, positions }: Extract<RequestContent, { kind: "grant" }>,
  catalog: readonly CatalogEntry[],
): readonly Finding[] {
  if (labelsOf(resource, catalog) !== null) return [];
  const wanted = resource.id.toLowerCase();
  const [near] = catalog
    .filter(({ type, id }) => type === resource.type && matchesGlob(id.toLowerCase(), wanted))
    .map(({ id }) => id)
    .sort();
  if (near === undefined) return [];
  return [
    finding(
      "SCHEMA_WRONG_VALUE",
      `\`${resource.id}\` differs only in case from \`${near}\`, which the catalog lists`,
      positions["resource.id"],
      "write the id as the catalog does, or have this one listed as well",
    ),
  ];
}

/**
 * The labels of a resource, or null when the catalog does not list it. An exact id wins over globs, a longer
 * glob over a shorter one: what was written most precisely was meant for this resource.
 */
export function labelsOf(
  resource: { readonly type: string; readonly id: string },
  catalog: readonly CatalogEntry[],
): Readonly<Record<string, string>> | null {
  const ofType = catalog.filter(({ type }) => type === resource.type);
  const exact = ofType.find(({ id }) => id === resource.id);
  if (exact) return exact.labels;
  const [best] = ofType
    .filter(({ id }) => id.includes("*") && matchesGlob(id, resource.id))
    .sort((one, other) => other.id.length - one.id.length || (one.id < other.id ? -1 : 1));
  return best?.labels ?? null;
}
