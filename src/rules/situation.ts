import type { PolicyTestDocument } from "../domain/documents.ts";
import type { Extension } from "../domain/extension.ts";
import type { Facts } from "../domain/facts.ts";
import { type Finding, finding } from "../domain/finding.ts";
import { type Grant, type GrantFile, parseGrantPath } from "../domain/grant.ts";
import { type GrantId, type Oid, oid, type PullNumber, parseGrantId } from "../domain/oid.ts";
import type { AccessRequest, RequestContent } from "../domain/request.ts";
import { teamsToRead } from "../domain/requirements.ts";
import type { RuleSet } from "../domain/rule-set.ts";
import { addDuration, type Instant, parseInstant } from "../domain/time.ts";
import { grantFrom } from "./grant.ts";
import type { LoadedRules } from "./load.ts";
import { type Layer, type Overlay, overlay } from "./overlay.ts";
import type { Schemas } from "./schema.ts";
import { accountNamed, factsFrom, HEAD } from "./test-facts.ts";
import { type Positions, quoted, readYaml, type YamlPath, type YamlValue } from "./yaml.ts";

/** A request with what is known of it at a moment: everything that a decision hangs on beside the rules. */
export interface Situation {
  readonly request: AccessRequest;
  readonly facts: Facts;
  readonly now: Instant;
}

/** Bytes of a file of the same tree, by its path from the root; null when there is none. */
export type ReadFile = (path: string) => Uint8Array | null;

type CaseDocument = Pick<PolicyTestDocument["cases"][number], "now" | "file" | "grant" | "request" | "facts">;
type ExtendsDocument = NonNullable<NonNullable<CaseDocument["request"]>["extends"]>;

/** What no file says. */
export const unwritten: Positions = { of: nowhere, ofKey: nowhere, inside: nowhere };

/** A layer of a value that no file says: at a place such as `facts.approvedBy`, instead of what lies below. */
export function pretended(at: string, value: YamlValue): Layer {
  const place = at.split(".");
  return { value, positions: unwritten, path: place, at: place, replaces: true };
}

/** A Tuesday morning in UTC, within everybody's office hours from London to Bucharest. */
export const usualNow = "2026-01-13T10:00:00Z";
const BASE: Oid = oid("c".repeat(40));
const BLOB: Oid = oid("d".repeat(40));
const ID = "policy-test" as GrantId;
const PULL = 1 as PullNumber;

/** What a grant of a test need not say. */
const given: Layer = {
  value: { apiVersion: "grantbox/v1", kind: "Grant", id: ID },
  positions: unwritten,
  path: [],
  at: [],
};

function nowhere() {
  return { file: "", line: 1, column: 1 };
}

/**
 * The request, facts and moment that a case describes by its layers, of which the schema accepts what they make. What
 * is wrong with the grant is part of the request; what is wrong with the test itself is a finding here.
 */
export function situationOf(
  layers: readonly Layer[],
  loaded: LoadedRules,
  read: ReadFile,
): { readonly situation: Situation | null; readonly findings: readonly Finding[] } {
  const named = fileLayers(layers, read);
  const reader = new SituationReader(overlay([...named.layers, ...layers]), loaded);
  const situation = reader.read();
  const findings = [...named.findings, ...reader.found];
  return { situation: findings.length > 0 ? null : situation, findings };
}

/** The file that a case begins with lies below everything that it says of the grant. */
function fileLayers(
  layers: readonly Layer[],
  read: ReadFile,
): { readonly layers: readonly Layer[]; readonly findings: readonly Finding[] } {
  const said = layers.findLast(({ at }) => at.join() === "file");
  if (typeof said?.value !== "string") return { layers: [], findings: [] };
  const bytes = read(said.value);
  if (bytes === null) {
    const message = `there is no file ${quoted(said.value)}`;
    return { layers: [], findings: [finding("SCHEMA_WRONG_VALUE", message, said.positions.of(said.path))] };
  }
  const reading = readYaml(bytes, said.value);
  if (!reading.ok) return { layers: [], findings: reading.findings };
  const { value, positions } = reading;
  return { layers: [{ value, positions, path: [], at: ["grant"] }], findings: [] };
}

/** Reads the parts of one situation, and gathers all that is wrong with them. */
class SituationReader {
  readonly found: Finding[] = [];
  readonly #value: YamlValue;
  readonly #positions: Positions;
  readonly #rules: RuleSet;
  readonly #schemas: Schemas;

  constructor({ value, positions }: Overlay, { rules, schemas }: LoadedRules) {
    this.#value = value;
    this.#positions = positions;
    this.#rules = rules;
    this.#schemas = schemas;
  }

  read(): Situation | null {
    // the schema has checked this shape
    const document = this.#value as unknown as CaseDocument;
    const { request: asked = {}, facts: said = {} } = document;
    const now = this.#instant(document.now ?? usualNow, ["now"]);
    const openedAt =
      asked.openedAt === undefined ? now : this.#instant(asked.openedAt, ["request", "openedAt"]);
    for (const [index, { runsUntil }] of (said.grants ?? []).entries()) {
      if (runsUntil !== undefined) this.#instant(runsUntil, ["facts", "grants", index, "runsUntil"]);
    }
    const layers = [given, ...this.#layer("grant")];
    const content = this.#content(layers, document);
    if (now === null || openedAt === null) return null;

    const grant = content.kind === "grant" ? content.grant : null;
    const requester = asked.requester ?? grant?.subject ?? "somebody";
    const organization = asked.organization ?? organizationOf(this.#rules);
    const path = content.kind === "grant" ? content.file.path : "";
    const teams = teamsToRead(path, this.#rules.policies, this.#rules, organization);
    return {
      request: {
        pull: PULL,
        organization,
        requester: accountNamed(requester),
        openedAt,
        head: HEAD,
        base: BASE,
        baseBranch: asked.baseBranch ?? "main",
        defaultBranch: "main",
        fork: asked.fork ?? false,
        draft: asked.draft ?? false,
        content,
      },
      facts: factsFrom(said, { requester, grant, teams, now }),
      now,
    };
  }

  #instant(text: string, path: YamlPath): Instant | null {
    const parsed = parseInstant(text);
    if (parsed === null) {
      this.found.push(
        finding("SCHEMA_WRONG_VALUE", `${quoted(text)} is no instant`, this.#positions.of(path)),
      );
    }
    return parsed;
  }

  #layer(...place: readonly string[]): readonly Layer[] {
    const value = place.reduce<YamlValue | undefined>(fieldOf, this.#value);
    if (value === undefined) return [];
    return [{ value, positions: this.#positions, path: place, at: [] }];
  }

  #content(layers: readonly Layer[], { file, request = {} }: CaseDocument): RequestContent {
    const content = contentOf(overlay(layers), file, this.#schemas);
    if (content.kind === "refused" || request.extends === undefined) return content;
    const before = [...layers, ...this.#layer("request", "extends", "before")];
    const present = contentOf(overlay(before), file, this.#schemas);
    if (present.kind === "refused") {
      this.found.push(...present.findings);
      return content;
    }
    return { ...content, extension: this.#extension(request.extends, present.grant) };
  }

  #extension({ begun: text, runsUntil, ended, outdated }: ExtendsDocument, before: Grant): Extension | null {
    const begun = this.#instant(text, ["request", "extends", "begun"]);
    if (begun === null) return null;
    const until =
      runsUntil === undefined
        ? addDuration(begun, before.duration)
        : this.#instant(runsUntil, ["request", "extends", "runsUntil"]);
    return { before, begun, runsUntil: ended === true ? null : until, current: outdated !== true };
  }
}

function contentOf(
  { value, positions }: Overlay,
  named: string | undefined,
  schemas: Schemas,
): RequestContent {
  return grantFrom(value, positions, grantFileOf(value, named), schemas);
}

/** Where the grant would lie: where the named file does, else where its type and id put it. */
function grantFileOf(value: YamlValue, named: string | undefined): GrantFile {
  const type = fieldOf(fieldOf(value, "resource"), "type");
  const id = fieldOf(value, "id");
  const path = `grants/${String(type)}/${String(id)}.yaml`;
  for (const candidate of [named ?? path, path]) {
    const parsed = parseGrantPath(candidate);
    if (parsed !== null) return { path: candidate, ...parsed, blob: BLOB };
  }
  return { path, type: String(type), id: parseGrantId(String(id)) ?? ID, blob: BLOB };
}

/** The organisation of the first team that owns something: its lockbox is the only one that these rules can govern. */
function organizationOf({ codeowners }: Pick<RuleSet, "codeowners">): string {
  for (const { owners } of codeowners?.lines ?? []) {
    for (const owner of owners) if (owner.kind === "team") return owner.organization;
  }
  return "acme";
}

/** A field of a mapping; anything else has none of these names. */
function fieldOf(value: YamlValue | undefined, name: string): YamlValue | undefined {
  return Object.entries(value ?? {}).find(([key]) => key === name)?.[1];
}
