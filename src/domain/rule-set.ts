import type { Codeowners } from "./codeowners.ts";
import { matchesGlob } from "./glob.ts";
import type { RulesDigest } from "./oid.ts";
import type { Directory } from "./person.ts";
import type { ApproverPolicy, ApproverSource } from "./policy.ts";
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
