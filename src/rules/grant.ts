import type { GrantDocument } from "../domain/documents.ts";
import { type Finding, finding, type Position } from "../domain/finding.ts";
import type { Grant, GrantFile } from "../domain/grant.ts";
import type { RequestContent } from "../domain/request.ts";
import { parseInstant } from "../domain/time.ts";
import { readDuration } from "./duration.ts";
import { didYouMean, nearest } from "./nearest.ts";
import type { Schemas } from "./schema.ts";
import { type Positions, quoted, readYaml, type YamlPath, type YamlValue } from "./yaml.ts";

/**
 * Raw bytes become a grant once, here. Everything that is wrong with the file is found at once: YAML, schema, the
 * schema of its resource type, and whether the file is where it says it is.
 */
export function readGrant(bytes: Uint8Array, file: GrantFile, schemas: Schemas): RequestContent {
  const reading = readYaml(bytes, file.path);
  if (!reading.ok) return { kind: "refused", findings: reading.findings };
  return grantFrom(reading.value, reading.positions, file, schemas);
}

/** The same for a file that has been read as YAML already, or was never written as one (a case of a policy test). */
export function grantFrom(
  value: YamlValue,
  positions: Positions,
  file: GrantFile,
  schemas: Schemas,
): RequestContent {
  const wrong = schemas.check("Grant", value, positions);
  // a value that has the wrong form is not also told that it is another one
  const place = placeFindings(value, file, positions).filter(
    ({ at }) => !wrong.some((one) => isSame(one.at, at)),
  );
  const found = [...wrong, ...place, ...partFindings(value, schemas, positions)];
  if (wrong.length > 0) return { kind: "refused", findings: found };
  // the schema has just checked this shape
  const document = value as unknown as GrantDocument;
  const { duration: durationText, notBefore: notBeforeText, ...rest } = document;
  const { duration, findings: lengthFindings } = readDuration(durationText, () => positions.of(["duration"]));
  found.push(...lengthFindings);
  const notBefore = notBeforeText === undefined ? null : parseInstant(notBeforeText);
  if (notBefore === null && notBeforeText !== undefined) {
    found.push(
      finding("GRANT_NOT_BEFORE_INVALID", `\`${notBeforeText}\` is no instant`, positions.of(["notBefore"])),
    );
  }
  if (found.length > 0 || duration === null) return { kind: "refused", findings: found };
  const grant: Grant = { ...rest, id: file.id, duration, notBefore };
  const known = whenAsked(() => Object.fromEntries(places(value, positions)));
  return { kind: "grant", file, grant, extension: null, positions: known };
}

/** A record that is made when somebody looks into it: most files have no mistake, and then nobody asks for a place. */
function whenAsked(make: () => Record<string, Position>): Readonly<Record<string, Position>> {
  let made: Record<string, Position> | null = null;
  const record = () => {
    made ??= make();
    return made;
  };
  return new Proxy<Record<string, Position>>(
    {},
    {
      get: (_, name) => Reflect.get(record(), name),
      has: (_, name) => Reflect.has(record(), name),
      ownKeys: () => Reflect.ownKeys(record()),
      getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(record(), name),
    },
  );
}

/** The resource type that a grant file names itself, whether or not the rest of it can be read; null when it names none. */
export function resourceTypeIn(bytes: Uint8Array): string | null {
  const reading = readYaml(bytes, "a grant file");
  if (!reading.ok) return null;
  const { type } = mapping(mapping(reading.value).resource);
  return typeof type === "string" ? type : null;
}

/** Whether the file is where it says it is, as far as it says so. */
function placeFindings(value: YamlValue, file: GrantFile, positions: Positions): Finding[] {
  const found: Finding[] = [];
  const { id, resource } = mapping(value);
  const { type } = mapping(resource);
  if (typeof id === "string" && id !== file.id) {
    found.push(
      finding(
        "GRANT_ID_MISMATCH",
        `the id is ${quoted(id)} and the file is named \`${file.id}.yaml\``,
        positions.of(["id"]),
        `write \`id: ${file.id}\`, or rename the file`,
      ),
    );
  }
  if (typeof type === "string" && type !== file.type) {
    found.push(
      finding(
        "GRANT_TYPE_MISMATCH",
        `the resource type is ${quoted(type)} and the folder is \`grants/${file.type}/\``,
        positions.of(["resource", "type"]),
        `move the file to ${quoted(`grants/${type}/`)}, or correct the type`,
      ),
    );
  }
  return found;
}

/** What the resource type says against the access, also in a file that has other mistakes: all are told at once. */
function partFindings(value: YamlValue, schemas: Schemas, positions: Positions): readonly Finding[] {
  const resource = mapping(mapping(value).resource);
  const access = mapping(mapping(value).access);
  const { type, id } = resource;
  if (typeof type !== "string" || typeof id !== "string" || !Array.isArray(access.actions)) return [];
  if (!schemas.resourceTypes.has(type)) {
    return [
      finding(
        "GRANT_RESOURCE_TYPE_UNKNOWN",
        `there is no resource type ${quoted(type)}`,
        positions.of(["resource", "type"]),
        didYouMean(nearest(type, [...schemas.resourceTypes])),
      ),
    ];
  }
  return schemas.checkResource(type, { id, actions: access.actions, scope: access.scope ?? {} }, positions);
}

function isSame(one: Position | undefined, other: Position | undefined): boolean {
  return one?.line === other?.line && one?.column === other?.column;
}

function mapping(value: YamlValue | undefined): { readonly [key: string]: YamlValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: YamlValue })
    : {};
}

/** Where each named value stands, by dotted name; items of lists by their number. */
function* places(value: YamlValue, positions: Positions, path: YamlPath = []): Generator<[string, Position]> {
  if (path.length > 0) yield [path.join("."), positions.of(path)];
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* places(item, positions, [...path, index]);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* places(item, positions, [...path, key]);
  }
}
