/**
 * Extracts from GitHub's OpenAPI description the operations that the sandbox speaks, into a fixture that the
 * sandbox's tests validate against. The package is 385 MB, so it is no dependency: install it aside and say where.
 *
 *   npm install --ignore-scripts --prefix "$(mktemp -d)" @octokit/openapi@23.0.2
 *   node scripts/extract-openapi.ts <that folder>/node_modules/@octokit/openapi
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { routes } from "../src/sandbox/rest.ts";

type Json = Record<string, unknown>;

const [folder] = process.argv.slice(2);
if (folder === undefined)
  throw new Error("usage: node scripts/extract-openapi.ts <folder of @octokit/openapi>");

const source = asObject(JSON.parse(readFileSync(path.join(folder, "generated/api.github.com.json"), "utf8")));
const manifest = asObject(JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")));
const schemas: Json = {};
const operations: Json = {};

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Follows `#/a/b/c` in the description. */
function lookUp(reference: string): unknown {
  let value: unknown = source;
  for (const name of reference.slice(2).split("/")) value = asObject(value)[name];
  return value;
}

function resolved(value: unknown): Json {
  const reference = asObject(value).$ref;
  return asObject(typeof reference === "string" ? lookUp(reference) : value);
}

/** Words that validate nothing. */
const prose = new Set([
  "description",
  "example",
  "examples",
  "externalDocs",
  "summary",
  "title",
  "deprecated",
]);

/** A schema without its prose; every schema it refers to is taken along. */
function slim(value: unknown, isPropertyMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => slim(item));
  if (typeof value !== "object" || value === null) return value;
  const kept: Json = {};
  for (const [key, member] of Object.entries(value)) {
    if (!isPropertyMap && (prose.has(key) || key.startsWith("x-"))) continue;
    kept[key] =
      key === "enum" || key === "default" ? member : slim(member, !isPropertyMap && key === "properties");
  }
  const reference = kept.$ref;
  if (!isPropertyMap && typeof reference === "string") takeSchema(reference.split("/").at(-1) ?? "");
  return kept;
}

function takeSchema(name: string): void {
  if (name in schemas) return;
  schemas[name] = null;
  schemas[name] = slim(lookUp(`#/components/schemas/${name}`));
}

function jsonSchemaOf(value: unknown): unknown {
  const content = asObject(resolved(value).content);
  const json = Object.entries(content).find(([type]) => type.startsWith("application/json"))?.[1];
  return json === undefined ? null : slim(asObject(json).schema);
}

const wanted = new Set(routes.map((route) => route.operation));
for (const [template, item] of Object.entries(asObject(source.paths))) {
  for (const [method, described] of Object.entries(asObject(item))) {
    const operation = asObject(described);
    const id = operation.operationId;
    if (typeof id !== "string" || !wanted.has(id)) continue;
    const responses: Json = {};
    for (const [status, response] of Object.entries(asObject(operation.responses))) {
      responses[status] = jsonSchemaOf(response);
    }
    const body = operation.requestBody;
    operations[id] = {
      method: method.toUpperCase(),
      path: template,
      ...(body === undefined ? {} : { requestBody: jsonSchemaOf(body) }),
      responses,
    };
    wanted.delete(id);
  }
}
takeSchema("basic-error");
takeSchema("validation-error");
takeSchema("validation-error-simple");
if (wanted.size > 0) throw new Error(`not in GitHub's description: ${[...wanted].join(", ")}`);

const fixture = {
  license: readFileSync(path.join(folder, "LICENSE"), "utf8").trim(),
  package: `${String(manifest.name)}@${String(manifest.version)}`,
  operations,
  components: { schemas },
};
const target = path.join(import.meta.dirname, "../test/fixtures/github/openapi.json");
const text = JSON.stringify(fixture);
writeFileSync(target, `${text}\n`);
console.log(
  `${Object.keys(operations).length} operations, ${Object.keys(schemas).length} schemas, ${text.length} bytes`,
);
