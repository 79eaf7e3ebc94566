import { createHash } from "node:crypto";
import { type Codeowners, codeownersLocations, parseCodeowners } from "../domain/codeowners.ts";
import type {
  ApproverPolicyDocument,
  DirectoryDocument,
  ResourceCatalogDocument,
  SettingsDocument,
} from "../domain/documents.ts";
import { type Finding, finding, type Position } from "../domain/finding.ts";
import type { RulesDigest } from "../domain/oid.ts";
import type { DirectoryEntry, DirectoryTeam } from "../domain/person.ts";
import type { ApproverPolicy } from "../domain/policy.ts";
import type { CatalogEntry, RuleSet } from "../domain/rule-set.ts";
import { ALLOWED_SIGNERS_PATH } from "../domain/signature.ts";
import { readPolicy } from "./policy.ts";
import { compileSchemas, type Schemas } from "./schema.ts";
import { defaultSettings, readSettings } from "./settings.ts";
import { readYaml, type YamlReading } from "./yaml.ts";

/** The rule files of one commit: bytes by path. */
export type RuleFiles = ReadonlyMap<string, Uint8Array>;

/** The rules of one commit, ready to judge with, and the schemas that read a grant. */
export interface LoadedRules {
  readonly rules: RuleSet;
  readonly schemas: Schemas;
  readonly places: RulePlaces;
}

/** Where rules are written that do not say so themselves. */
export interface RulePlaces {
  /** Of each entry of the catalog, in its order. */
  readonly catalog: readonly Position[];
  /** The settings by dotted name (`roles.request`); the file itself by an empty one. */
  readonly settings: Readonly<Record<string, Position>>;
}

export type RulesReading =
  | { readonly ok: true; readonly loaded: LoadedRules }
  | { readonly ok: false; readonly findings: readonly Finding[] };

const inPolicies = /^policies\/[^/]+\.yaml$/;

/** Whether a file of a lockbox repository is a rule file: what the digest covers, and only administrators change. */
export function isRuleFile(path: string): boolean {
  return (
    inPolicies.test(path) ||
    /^schemas\/(?:resources\/)?[^/]+\.schema\.json$/.test(path) ||
    path === ALLOWED_SIGNERS_PATH ||
    codeownersLocations.some((location) => location === path)
  );
}

/** SHA-256 over all rule files: each path and its bytes, with their lengths, in the order of the paths. */
export function digestOf(files: RuleFiles): RulesDigest {
  const hash = createHash("sha256");
  for (const [path, bytes] of [...files].filter(([name]) => isRuleFile(name)).sort(byPath)) {
    hash.update(`${Buffer.byteLength(path)}:${path}${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex") as RulesDigest;
}

/** What a file of `policies/` says: neither hangs on anything but the file. */
interface KeptFile {
  readonly reading: YamlReading;
  /** Null until it was read as a policy. */
  policy: ReturnType<typeof readPolicy> | null;
}

/** How many files are kept: some rule sets' worth. */
const keptFiles = 200;
const kept = new Map<string, KeptFile>();

/** Of one commit's rules the next commit's mostly differ in one file, and all that is compiled takes long. */
function keptFile(file: string, bytes: Uint8Array): KeptFile {
  const key = `${createHash("sha256").update(bytes).digest("hex")} ${file}`;
  const known = kept.get(key) ?? { reading: readYaml(bytes, file), policy: null };
  kept.delete(key);
  kept.set(key, known);
  for (const oldest of [...kept.keys()].slice(0, -keptFiles)) kept.delete(oldest);
  return known;
}

/** Reads all rules of one commit. Collects everything that is wrong before it refuses; never the first error only. */
export function loadRules(files: RuleFiles): RulesReading {
  const compiled = compileSchemas(new Map([...files].filter(([path]) => path.startsWith("schemas/"))));
  if (!compiled.ok) return compiled;
  const { schemas } = compiled;
  const found: Finding[] = [];
  const policies: ApproverPolicy[] = [];
  const catalog: CatalogEntry[] = [];
  const entries: DirectoryEntry[] = [];
  const teams: DirectoryTeam[] = [];
  const catalogPlaces: Position[] = [];
  let settings = defaultSettings;
  let settingsPlaces: RulePlaces["settings"] = {};
  const firstOfKind = new Map<string, string>();

  for (const [file, bytes] of [...files].sort(byPath)) {
    if (!inPolicies.test(file)) continue;
    const known = keptFile(file, bytes);
    const { reading } = known;
    if (!reading.ok) {
      found.push(...reading.findings);
      continue;
    }
    const { value, positions } = reading;
    const { kind, findings: wrong } = schemas.checkAny(value, positions);
    found.push(...wrong);
    if (kind === null || wrong.length > 0) continue;
    if (kind !== "ApproverPolicy") found.push(...onlyOne(kind, file, firstOfKind));
    // the schema has just checked the shape that each of these documents claims
    switch (kind) {
      case "ApproverPolicy": {
        const policy =
          known.policy ?? readPolicy(value as unknown as ApproverPolicyDocument, file, positions);
        known.policy = policy;
        found.push(...policy.findings);
        if (policy.policy) policies.push(policy.policy);
        break;
      }
      case "ResourceCatalog":
        catalogPlaces.push(
          ...(value as unknown as ResourceCatalogDocument).resources.map((_, index) =>
            positions.of(["resources", index]),
          ),
        );
        catalog.push(...(value as unknown as ResourceCatalogDocument).resources.map(catalogEntry));
        break;
      case "Directory": {
        const { persons, teams: defined = [] } = value as unknown as DirectoryDocument;
        entries.push(...persons.map(directoryEntry));
        teams.push(...defined);
        found.push(...doubledTeams(defined, file));
        break;
      }
      case "Settings": {
        const read = readSettings(value as unknown as SettingsDocument, positions);
        settings = read.settings;
        settingsPlaces = read.places;
        found.push(...read.findings);
        break;
      }
      default:
        found.push(
          finding(
            "SCHEMA_UNKNOWN_KIND",
            `a ${kind} does not belong in \`policies/\``,
            positions.ofKey(["kind"]),
          ),
        );
    }
  }
  found.push(...sharedLogins(entries));
  if (found.length > 0) return { ok: false, findings: found };
  const rules: RuleSet = {
    digest: digestOf(files),
    policies,
    catalog,
    directory: { entries, teams },
    settings,
    codeowners: readCodeowners(files),
  };
  const places = { catalog: catalogPlaces, settings: settingsPlaces };
  return { ok: true, loaded: { rules, schemas, places } };
}

function onlyOne(kind: string, file: string, firstOfKind: Map<string, string>): Finding[] {
  const first = firstOfKind.get(kind);
  firstOfKind.set(kind, first ?? file);
  if (first === undefined) return [];
  return [
    finding("RULES_SEVERAL_OF_KIND", `\`${first}\` is a ${kind} already`, { file, line: 1, column: 1 }),
  ];
}

function catalogEntry({ type, id, labels }: ResourceCatalogDocument["resources"][number]): CatalogEntry {
  const known = Object.entries(labels).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string",
  );
  return { type, id, labels: Object.fromEntries(known) };
}

function directoryEntry({
  name,
  logins,
  emails = [],
  managers = [],
}: DirectoryDocument["persons"][number]): DirectoryEntry {
  return { name, logins, emails, managers };
}

/** Which of two teams of one name would be meant, nobody could say. */
function doubledTeams(teams: readonly DirectoryTeam[], file: string): Finding[] {
  const names = teams.map(({ name }) => name);
  const doubled = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...doubled].map((name) =>
    finding("RULES_DUPLICATE_NAME", `there are two teams \`${name}\``, { file, line: 1, column: 1 }),
  );
}

/** A login or address of two persons would make two people one, or one person two. */
function sharedLogins(entries: readonly DirectoryEntry[]): Finding[] {
  const owners = new Map<string, string>();
  const found: Finding[] = [];
  for (const { name, logins, emails } of entries) {
    for (const key of new Set([...logins, ...emails].map((text) => text.toLowerCase()))) {
      const other = owners.get(key);
      if (other !== undefined) {
        found.push(
          finding("RULES_DUPLICATE_NAME", `\`${key}\` belongs to both \`${other}\` and \`${name}\``),
        );
      }
      owners.set(key, name);
    }
  }
  return found;
}

/** GitHub takes the first file that exists and ignores the others. */
function readCodeowners(files: RuleFiles): Codeowners | null {
  for (const location of codeownersLocations) {
    const bytes = files.get(location);
    if (bytes) return parseCodeowners(new TextDecoder().decode(bytes), location);
  }
  return null;
}

function byPath([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
