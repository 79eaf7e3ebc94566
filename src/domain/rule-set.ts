import type { Group } from "./approver-source.ts";
import type { Codeowners } from "./codeowners.ts";
import { type Finding, finding } from "./finding.ts";
import { matchesGlob } from "./glob.ts";
import type { RulesDigest } from "./oid.ts";
import type { Directory } from "./person.ts";
import type { ApproverPolicy } from "./policy.ts";
import type { RequestContent } from "./request.ts";
import type { Duration } from "./time.ts";

/** A catalog entry: what a resource is, said by administrators and never by the requester. */
export interface CatalogEntry {
  readonly type: string;
  /** The resource's id, or a glob over ids. */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Some people, and what they may ask for; with neither teams nor users it is for everybody. */
export interface Eligibility extends Group {
  /** Globs over types of resources; null for all. */
  readonly resourceTypes: readonly string[] | null;
  /** Whether they may ask for somebody else, who must be eligible too. */
  readonly onBehalf: boolean;
}

export interface Settings {
  /** Who may end any grant and deny any request. */
  readonly administrators: Group;
  /** Who may ask for what; null: everybody, for themselves only. */
  readonly eligibility: readonly Eligibility[] | null;
  /** Who may approve at all; null: the policies alone decide. */
  readonly approvers: Group | null;
  readonly auditors: Group;
  /** Upper bound of every grant, whatever the policies allow. */
  readonly maxDuration: Duration;
  /** Upper bound from a grant's activation to the end of its last extension. */
  readonly maxTotalDuration: Duration;
  /** A request that nobody has decided lapses after this time. */
  readonly pendingExpiresAfter: Duration;
  /** Whether the report of each month becomes an issue. */
  readonly monthlyReport: boolean;
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
  resource: Pick<CatalogEntry, "type" | "id">,
  catalog: readonly CatalogEntry[],
): Readonly<Record<string, string>> | null {
  return entryOf(resource, catalog, asWritten)?.labels ?? null;
}

/**
 * A resource that the catalog would call something else if case were ignored. Many systems ignore case, and whoever
 * writes an id otherwise must not get around its labels; which of the two was meant is not guessed.
 */
export function catalogFindings(
  { grant: { resource }, positions }: Extract<RequestContent, { kind: "grant" }>,
  catalog: readonly CatalogEntry[],
): readonly Finding[] {
  const meant = entryOf(resource, catalog, withoutCase);
  const listed = entryOf(resource, catalog, asWritten);
  if (meant === null || meant === listed || listed?.id === resource.id) return [];
  return [
    finding(
      "SCHEMA_WRONG_VALUE",
      `\`${resource.id}\` differs only in case from \`${meant.id}\`, which the catalog lists`,
      positions["resource.id"],
      "write the id as the catalog does, or have this one listed as well",
    ),
  ];
}

const asWritten = (id: string) => id;
const withoutCase = (id: string) => id.toLowerCase();

function entryOf(
  resource: Pick<CatalogEntry, "type" | "id">,
  catalog: readonly CatalogEntry[],
  spelled: (id: string) => string,
): CatalogEntry | null {
  const wanted = spelled(resource.id);
  const fitting = catalog.filter(
    ({ type, id }) => type === resource.type && matchesGlob(spelled(id), wanted),
  );
  const [best] = fitting.sort(
    (one, other) => other.id.length - one.id.length || (one.id < other.id ? -1 : 1),
  );
  return fitting.find(({ id }) => spelled(id) === wanted) ?? best ?? null;
}
