import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

const root = new URL("../../", import.meta.url);

export interface Schema {
  readonly $id: string;
  readonly [keyword: string]: unknown;
}

/** The text of a file of the project. */
export function read(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

/** The value of a YAML file of the project. */
export function readYaml(path: string): unknown {
  return parse(read(path), { strict: true, uniqueKeys: true });
}

/** Names of the files in a folder of the project that end so, sorted. */
export function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith(ending))
    .sort();
}

export const documentSchemas = filesIn("schemas/", ".schema.json").map((name) => `schemas/${name}`);
export const resourceSchemas = filesIn("schemas/resources/", ".schema.json").map(
  (name) => `schemas/resources/${name}`,
);
export const resourceTypes = resourceSchemas.map((path) => path.slice("schemas/resources/".length, -12));

export function schemaAt(path: string): Schema {
  return JSON.parse(read(path)) as Schema;
}

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);
for (const path of [...documentSchemas, ...resourceSchemas]) ajv.addSchema(schemaAt(path));

/** What a schema, or the part of it that a JSON pointer names, has against a value: `where: why`, empty when nothing. */
export function complaints(path: string, value: unknown, pointer = ""): readonly string[] {
  const validate = ajv.compile({ $ref: `https://grantbox.dev/${path}#${pointer}` });
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const field: unknown = Reflect.get(params, "additionalProperty");
    return `${instancePath || "/"}: ${message ?? ""}${typeof field === "string" ? ` (${field})` : ""}`;
  });
}

/** A subschema and the JSON pointer to it, ready for a URI fragment. */
export interface Part {
  readonly pointer: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Every subschema that describes a value of its own: the document, its fields, the items of its lists, its `$defs`. */
export function partsOf(schema: Readonly<Record<string, unknown>>, pointer = ""): readonly Part[] {
  const parts: Part[] = [{ pointer, schema }];
  const visit = (inner: unknown, ...names: readonly string[]) => {
    if (typeof inner !== "object" || inner === null) return;
    const step = names.map(
      (name) => `/${encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"))}`,
    );
    parts.push(...partsOf(inner as Readonly<Record<string, unknown>>, pointer + step.join("")));
  };
  for (const keyword of ["properties", "patternProperties", "$defs"]) {
    for (const [name, inner] of Object.entries((schema[keyword] ?? {}) as object))
      visit(inner, keyword, name);
  }
  for (const keyword of ["items", "additionalProperties"]) visit(schema[keyword], keyword);
  return parts;
}

/** Every value of a keyword anywhere in a schema. */
export function valuesOfKeyword(node: unknown, keyword: string): readonly unknown[] {
  if (Array.isArray(node)) return node.flatMap((item) => valuesOfKeyword(item, keyword));
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [
    ...(key === keyword ? [value] : []),
    ...valuesOfKeyword(value, keyword),
  ]);
}
