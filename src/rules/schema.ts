/**
 * JSON Schema 2020-12 (ajv), with its errors in plain words at their places. The schemas come from the base branch,
 * where administrators write them. ajv turns a schema into code, and it checks each schema against the meta-schema
 * first, so that what ends up in that code is numbers and quoted text. Nothing is ever fetched: a reference may only
 * point into its own file. Patterns run in linear time (pattern.ts), formats are limited to those that do.
 */
import { createHash } from "node:crypto";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats, { type FormatName } from "ajv-formats";
import { type Finding, type FindingCode, finding, type Position } from "../domain/finding.ts";
import { didYouMean, nearest } from "./nearest.ts";
import { compilePattern } from "./pattern.ts";
import { type Positions, quoted, type YamlPath, type YamlValue } from "./yaml.ts";

export interface Schemas {
  /** The kinds of file that there are, as `kind` names them. */
  readonly kinds: ReadonlySet<string>;
  /** The resource types that there are, as `resource.type` names them. */
  readonly resourceTypes: ReadonlySet<string>;
  /** What is wrong with a file that must be of this kind, in the order of the file. */
  check(kind: string, value: YamlValue, positions: Positions): readonly Finding[];
  /** The same for a file that may be of any kind: it says itself which; null when it does not, or names none. */
  checkAny(
    value: YamlValue,
    positions: Positions,
  ): { readonly kind: string | null; readonly findings: readonly Finding[] };
  /** What is wrong with the part of a grant that its resource type decides; `positions` are those of the grant file. */
  checkResource(type: string, part: ResourcePart, positions: Positions): readonly Finding[];
  /** The actions of a resource type, in the order of its schema; none for a type that is not known. */
  actionsOf(type: string): readonly string[];
  /** What the schema of a resource type gives as examples. */
  examplesOf(type: string): ResourceExamples;
}

/** Examples of a resource type: of its id, of a whole scope, and of each field of the scope. */
export interface ResourceExamples {
  readonly id: string | null;
  readonly scope: JsonObject;
  readonly fields: Readonly<Record<string, { readonly isList: boolean; readonly values: readonly Json[] }>>;
}

/** `resource.id`, `access.actions` and `access.scope` of a grant; what is left out counts as missing. */
export interface ResourcePart {
  readonly id: YamlValue;
  readonly actions: YamlValue;
  readonly scope?: YamlValue;
}

export type CompiledSchemas =
  | { readonly ok: true; readonly schemas: Schemas }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** The kinds that Grantbox cannot work without, and their files. */
export const requiredSchemas: Readonly<Record<string, string>> = {
  Grant: "schemas/grant.schema.json",
  ApproverPolicy: "schemas/approver-policy.schema.json",
  ResourceCatalog: "schemas/resource-catalog.schema.json",
  Directory: "schemas/directory.schema.json",
  Settings: "schemas/settings.schema.json",
};

/** The one version of the file format. */
const apiVersion = "grantbox/v1";

/** A file with so many mistakes is no file of its kind; sorting out what follows from what takes square time. */
const errorsLimit = 1000;
/** Comparing all items of a list with one another (`uniqueItems`) takes square time as well. */
const itemsLimit = 2000;
/** More findings than GitHub shows (50 annotations a request) help nobody. */
const findingsLimit = 100;

/** A schema is written by hand; a larger file is a mistake. */
const schemaSizeLimit = 256 * 1024;

/**
 * Formats that are checked without a regular expression that could be slow. Others are refused when the schema is
 * compiled, since a format that is not checked would pass everything.
 */
const formats: FormatName[] = ["date", "time", "date-time", "duration", "uuid", "ipv4"];

type Json = null | boolean | number | string | readonly Json[] | JsonObject;
type JsonObject = { readonly [key: string]: Json };

/**
 * Compiles `schemas/*.schema.json` and `schemas/resources/<type>.schema.json`, given by their paths. All that is wrong
 * with them is reported at once: a missing file as `RULES_SCHEMA_MISSING`, anything else as `RULES_SCHEMA_INVALID`.
 */
export function compileSchemas(files: ReadonlyMap<string, Uint8Array>): CompiledSchemas {
  const findings: Finding[] = [];
  const kinds = new Map<string, Compiled>();
  const resourceTypes = new Map<string, Compiled>();
  for (const [file, bytes] of files) {
    const compiled = compiledFile(file, bytes);
    if ("problem" in compiled) {
      findings.push(
        finding(
          "RULES_SCHEMA_INVALID",
          `\`${file}\` ${compiled.problem}`,
          compiled.at ?? { file, line: 1, column: 1 },
        ),
      );
      continue;
    }
    const type = /^schemas\/resources\/([^/]+)\.schema\.json$/.exec(file)?.[1];
    if (type !== undefined) {
      resourceTypes.set(type, compiled);
      continue;
    }
    const kind = at(compiled.schema, "properties", "kind", "const");
    if (typeof kind !== "string") {
      const message = `\`${file}\` does not say which \`kind\` it describes`;
      const hint = 'add `"kind": { "const": "…" }` to its `properties`';
      findings.push(finding("RULES_SCHEMA_INVALID", message, { file, line: 1, column: 1 }, hint));
    } else if (kinds.has(kind)) {
      const message = `\`${file}\` describes the kind ${quoted(kind)}, which another schema describes already`;
      findings.push(finding("RULES_SCHEMA_INVALID", message, { file, line: 1, column: 1 }));
    } else {
      kinds.set(kind, compiled);
    }
  }
  for (const [kind, file] of Object.entries(requiredSchemas)) {
    if (kinds.has(kind)) continue;
    if (!files.has(file)) {
      findings.push(finding("RULES_SCHEMA_MISSING", `\`${file}\` is missing`));
    } else if (!findings.some((other) => other.at?.file === file)) {
      const message = `\`${file}\` does not describe the kind \`${kind}\``;
      findings.push(finding("RULES_SCHEMA_INVALID", message, { file, line: 1, column: 1 }));
    }
  }
  if (findings.length > 0) return { ok: false, findings };
  return { ok: true, schemas: new CompiledSet(kinds, resourceTypes) };
}

interface Compiled {
  readonly schema: JsonObject;
  readonly validate: ValidateFunction;
}

/** How many compiled files are kept: two rule sets' worth. */
const keptFiles = 64;
const kept = new Map<string, ReturnType<typeof compileFile>>();

/** Compiling takes far longer than reading: of one commit's schemas the next commit's mostly differ in none. */
function compiledFile(file: string, bytes: Uint8Array): ReturnType<typeof compileFile> {
  const key = `${createHash("sha256").update(bytes).digest("hex")} ${file}`;
  const compiled = kept.get(key) ?? compileFile(file, bytes);
  kept.delete(key);
  kept.set(key, compiled);
  for (const oldest of [...kept.keys()].slice(0, -keptFiles)) kept.delete(oldest);
  return compiled;
}

function compileFile(file: string, bytes: Uint8Array): Compiled | { problem: string; at?: Position } {
  if (bytes.length > schemaSizeLimit) return { problem: `has more than ${schemaSizeLimit} bytes` };
  let schema: Json;
  try {
    schema = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const { message } = error as Error;
    const place = /\(line (\d+) column (\d+)\)/.exec(message);
    const position = { file, line: Number(place?.[1] ?? 1), column: Number(place?.[2] ?? 1) };
    return { problem: "is not JSON in UTF-8", at: position };
  }
  if (!isObject(schema)) return { problem: "is not a JSON object" };
  // Such a schema would answer with a promise, and a promise is true whatever comes of it.
  if ("$async" in schema) return { problem: "is asynchronous, which is not supported" };
  // One instance a file: what one file calls itself or defines cannot reach another one.
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    // These two only warn about style (`type` beside `$ref`, `required` in a branch).
    strictTypes: false,
    strictRequired: false,
    // `__proto__` and `constructor` are fields only where the file has them.
    ownProperties: true,
    logger: false,
    // The meta-schema is the same for all: it is compiled once, which takes longer than any schema of ours.
    meta: false,
    validateSchema: false,
    code: { regExp: linearRegExp },
  });
  addFormats.default(ajv, formats);
  try {
    if (!metaSchema.validateSchema(schema)) {
      const [error] = metaSchema.errors as [ErrorObject];
      return { problem: `is not a JSON Schema: \`${error.instancePath}\` ${error.message}` };
    }
    return { schema, validate: ajv.compile(schema) };
  } catch (error) {
    return { problem: `cannot be compiled: ${oneLine((error as Error).message)}` };
  }
}

/** Checks schemas themselves, against draft 2020-12; holds nothing of any of them. */
const metaSchema = new Ajv2020({ logger: false });

/** ajv's way to another engine for `pattern` and `patternProperties`; throws while a schema is compiled, never later. */
const linearRegExp = Object.assign(
  (pattern: string) => {
    const compiled = compilePattern(pattern);
    if (!compiled.ok) throw new Error(`the pattern ${quoted(pattern)} ${compiled.problem}`);
    // ajv tells its patterns apart by `toString`: without it all of them would be the first one.
    return { test: compiled.test, toString: () => pattern };
  },
  // Only used when ajv writes a schema to a file, which we do not.
  { code: "linearRegExp" },
);

class CompiledSet implements Schemas {
  readonly kinds: ReadonlySet<string>;
  readonly resourceTypes: ReadonlySet<string>;
  readonly #kinds: ReadonlyMap<string, Compiled>;
  readonly #types: ReadonlyMap<string, Compiled>;

  constructor(kinds: ReadonlyMap<string, Compiled>, types: ReadonlyMap<string, Compiled>) {
    this.#kinds = kinds;
    this.#types = types;
    this.kinds = new Set(kinds.keys());
    this.resourceTypes = new Set([...types.keys()].sort());
  }

  check(kind: string, value: YamlValue, positions: Positions): readonly Finding[] {
    const compiled = this.#kinds.get(kind);
    if (compiled === undefined) return [this.#unknownKind(kind, positions)];
    if (!isObject(value)) {
      const message = `the file is ${describe(value)}, and a mapping of fields belongs here`;
      return [finding("SCHEMA_WRONG_TYPE", message, positions.of([]))];
    }
    const { kind: said, apiVersion: version } = value;
    // Under another version or kind every other complaint would be noise.
    if (version !== undefined && version !== apiVersion) {
      const message = `\`apiVersion\` is ${describe(version)}, and Grantbox reads \`${apiVersion}\``;
      return [
        finding(
          "SCHEMA_UNKNOWN_KIND",
          message,
          positions.of(["apiVersion"]),
          `write \`apiVersion: ${apiVersion}\``,
        ),
      ];
    }
    if (said !== undefined && said !== kind) {
      if (typeof said !== "string" || !this.#kinds.has(said)) return [this.#unknownKind(said, positions)];
      const message = `the file is of kind \`${said}\`, and here belongs \`${kind}\``;
      return [
        finding(
          "SCHEMA_UNKNOWN_KIND",
          message,
          positions.of(["kind"]),
          `write \`kind: ${kind}\`, or move the file`,
        ),
      ];
    }
    return validate(compiled, value, positions, (path) => path);
  }

  checkAny(value: YamlValue, positions: Positions): { kind: string | null; findings: readonly Finding[] } {
    const known = [...this.kinds].map((kind) => `\`${kind}\``).join(", ");
    if (!isObject(value)) {
      const message = `the file is ${describe(value)}, and a mapping of fields belongs here`;
      return { kind: null, findings: [finding("SCHEMA_WRONG_TYPE", message, positions.of([]))] };
    }
    const { kind } = value;
    if (kind === undefined) {
      const hint = `add \`kind\`, which is one of ${known}`;
      return {
        kind: null,
        findings: [finding("SCHEMA_MISSING_FIELD", "the file has no `kind`", positions.of([]), hint)],
      };
    }
    if (typeof kind !== "string" || !this.#kinds.has(kind)) {
      return { kind: null, findings: [this.#unknownKind(kind, positions)] };
    }
    return { kind, findings: this.check(kind, value, positions) };
  }

  checkResource(type: string, part: ResourcePart, positions: Positions): readonly Finding[] {
    const compiled = this.#types.get(type);
    if (compiled === undefined) {
      const message = `the resource type ${quoted(type)} has no schema`;
      const hint = didYouMean(meantBy(type, [...this.resourceTypes]));
      return [finding("GRANT_RESOURCE_TYPE_UNKNOWN", message, positions.of(["resource", "type"]), hint)];
    }
    const { id, actions, scope } = part;
    const value = scope === undefined ? { id, actions } : { id, actions, scope };
    // The schema of a type sees the three as one object; in the file they stand in two places.
    return validate(compiled, value, positions, ([first, ...rest]) =>
      first === undefined ? ["access"] : [first === "id" ? "resource" : "access", first, ...rest],
    );
  }

  examplesOf(type: string): ResourceExamples {
    const schema = this.#types.get(type)?.schema;
    const [id] = listAt(schema, "properties", "id", "examples");
    const [scope] = listAt(schema, "properties", "scope", "examples");
    const fields = at(schema, "properties", "scope", "properties");
    return {
      id: typeof id === "string" ? id : null,
      scope: isObject(scope) ? scope : {},
      fields: Object.fromEntries(
        Object.entries(isObject(fields) ? fields : {}).map(([name, field]) => [
          name,
          { isList: at(field, "type") === "array", values: listAt(field, "examples") },
        ]),
      ),
    };
  }

  actionsOf(type: string): readonly string[] {
    const actions = listAt(this.#types.get(type)?.schema, "properties", "actions", "items", "enum");
    return actions.filter((action) => typeof action === "string");
  }

  #unknownKind(kind: YamlValue, positions: Positions): Finding {
    const kinds = [...this.kinds];
    const hint = didYouMean(meantBy(kind, kinds)) ?? `use one of ${list(kinds)}`;
    return finding(
      "SCHEMA_UNKNOWN_KIND",
      `${describe(kind)} is not a kind that Grantbox reads`,
      positions.of(["kind"]),
      hint,
    );
  }
}

type PlaceInFile = (path: YamlPath) => YamlPath;

function validate(
  { schema, validate: check }: Compiled,
  value: YamlValue,
  positions: Positions,
  inFile: PlaceInFile,
): readonly Finding[] {
  // A copy with ordinary prototypes, which the library's comparison of items needs; `ownProperties` keeps it safe.
  const copy = ordinary(value);
  if (copy === TOO_LONG) {
    return longListsIn(value, []).map((long) => {
      const path = inFile(long);
      const message = `${nameOf(path)} has more than ${itemsLimit} items`;
      return finding("SCHEMA_WRONG_VALUE", message, positions.of(path), "shorten it");
    });
  }
  if (check(copy)) return [];
  const findings = new Map<string, Finding>();
  for (const error of withoutNoise(schema, (check.errors as ErrorObject[]).slice(0, errorsLimit))) {
    const told = tell(schema, error, copy, inFile);
    const place = told.key ? positions.ofKey(told.path) : positions.of(told.path);
    // One place has one mistake: a value of the wrong length mostly has the wrong form as well.
    const slot = JSON.stringify([told.path, told.field]);
    if (!findings.has(slot)) findings.set(slot, finding(told.code, told.message, place, told.hint));
  }
  const inOrder = [...findings.values()].sort(
    (a, b) => Number(a.at?.line) - Number(b.at?.line) || Number(a.at?.column) - Number(b.at?.column),
  );
  return inOrder.slice(0, findingsLimit);
}

/** Instead of a copy, where a list is too long to be checked. */
const TOO_LONG = Symbol("too long");

function ordinary(value: YamlValue | undefined): unknown {
  if (Array.isArray(value)) {
    if (value.length > itemsLimit) return TOO_LONG;
    const items = value.map(ordinary);
    return items.includes(TOO_LONG) ? TOO_LONG : items;
  }
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const item = ordinary(value[name]);
    if (item === TOO_LONG) return TOO_LONG;
    if (name === "__proto__") Object.defineProperty(copy, name, { value: item, enumerable: true });
    else copy[name] = item;
  }
  return copy;
}

/** Where lists stand that are too long to be checked. */
function longListsIn(value: YamlValue, path: YamlPath): readonly YamlPath[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value) && value.length > itemsLimit) return [path];
  return Object.entries(value).flatMap(([name, item]) =>
    longListsIn(item, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}

/** Of several errors about one value, these say most and come first. */
const importance = ["type", "const", "enum", "minLength", "maxLength", "format"];

function rank(error: ErrorObject): number {
  const place = importance.indexOf(error.keyword);
  return place < 0 ? importance.length : place;
}

function withoutNoise(root: JsonObject, errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let left = [...errors];
  // ajv tells a choice after the errors of its branches, so inner choices are settled before outer ones.
  for (const choice of errors) {
    if (choice.keyword === "anyOf" || choice.keyword === "oneOf") left = settleChoice(root, choice, left);
  }
  const typos = new Set(
    left.filter(isUnknownField).map((error) => `${error.instancePath} ${likelyField(error)}`),
  );
  return left
    .filter(
      (error) =>
        // What failed is told by the branch (`if`) or by the name itself (`propertyNames`).
        error.keyword !== "if" &&
        error.propertyName === undefined &&
        // `durations: PT4H` is one mistake, not an unknown field and a missing one.
        !typos.has(`${error.instancePath} ${error.params.missingProperty}`),
    )
    .sort((a, b) => rank(a) - rank(b));
}

/**
 * Of a value that fits no branch of a choice, keeps the errors of the branch that it comes nearest to; when it is not
 * even of a type that some branch asks for, keeps the error of the choice itself.
 */
function settleChoice(root: JsonObject, choice: ErrorObject, errors: readonly ErrorObject[]): ErrorObject[] {
  const { instancePath } = choice;
  const branches = (choice.schema as readonly Json[]).map((branch) => ({
    head: resolve(root, branch),
    parts: partsOf(root, branch, new Set()),
  }));
  const within = errors.filter(
    (error) =>
      error !== choice &&
      (error.instancePath === instancePath || error.instancePath.startsWith(`${instancePath}/`)) &&
      branches.some(({ parts }) => parts.has(error.parentSchema)),
  );
  const isHere = (error: ErrorObject) => error.instancePath === instancePath;
  const [nearest] = branches
    .map(({ head, parts }) =>
      within.filter(
        (error) =>
          parts.has(error.parentSchema) &&
          // Branches may share a definition; what another branch says of the value itself is not said by this one.
          !(
            isHere(error) &&
            error.parentSchema !== head &&
            branches.some((other) => other.head === error.parentSchema)
          ),
      ),
    )
    .filter((own) => own.length > 0 && !own.some((error) => error.keyword === "type" && isHere(error)))
    .sort((a, b) => a.length - b.length);
  const keep = nearest ?? [choice];
  return errors.filter((error) => keep.includes(error) || !(error === choice || within.includes(error)));
}

/** The schema objects that a branch consists of, references followed. */
function partsOf(root: JsonObject, schema: Json, parts: Set<unknown>): Set<unknown> {
  if (Array.isArray(schema)) for (const item of schema) partsOf(root, item, parts);
  if (!isObject(schema) || parts.has(schema)) return parts;
  parts.add(schema);
  for (const value of Object.values(schema)) partsOf(root, value, parts);
  return partsOf(root, resolve(root, schema), parts);
}

/** The schema itself, or what its reference into the file (`#/$defs/name`) points to. */
function resolve(root: JsonObject, schema: Json): Json {
  if (!isObject(schema) || typeof schema.$ref !== "string") return schema;
  return at(root, ...schema.$ref.split("/").slice(1).map(unescapePointer)) ?? null;
}

/** The schema that a file's main description has for a place, where a branch (`if`, `anyOf`) has no words for it. */
function described(root: JsonObject, path: YamlPath): Json | undefined {
  let schema: Json | undefined = root;
  for (const [index, step] of path.entries()) {
    schema = typeof step === "number" ? at(schema, "items") : at(schema, "properties", step);
    if (!isObject(schema)) return undefined;
    // A reference with words of its own beside it is left in place when the path ends there.
    if (explain(schema) === undefined || index < path.length - 1) schema = resolve(root, schema);
  }
  return schema;
}

/** RFC 6901, section 4. */
function unescapePointer(name: string): string {
  return name.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** A pointer into a value as a path: items of a list have numbers, fields of a mapping have names. */
function pathIn(value: unknown, pointer: string): YamlPath {
  let inner = value;
  return pointer
    .split("/")
    .slice(1)
    .map((escaped) => {
      const name = unescapePointer(escaped);
      const step = Array.isArray(inner) ? Number(name) : name;
      inner = Reflect.get(Object(inner), name);
      return step;
    });
}

interface Told {
  readonly code: FindingCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly path: YamlPath;
  /** The place is the key, not the value. */
  readonly key?: boolean;
  /** The field that is missing at the path: each is a mistake of its own. */
  readonly field?: string;
}

function tell(root: JsonObject, error: ErrorObject, checked: unknown, inFile: PlaceInFile): Told {
  const own = pathIn(checked, error.instancePath);
  const path = inFile(own);
  const name = nameOf(path);
  const { params, data, keyword } = error;
  const schema = error.parentSchema as Json | undefined;
  const hint = explain(schema) ?? explain(described(root, own));
  const wrong = (message: string, better = hint): Told => ({
    code: "SCHEMA_WRONG_VALUE",
    message,
    hint: better,
    path,
  });

  switch (keyword) {
    case "additionalProperties":
    case "unevaluatedProperties": {
      const field = unknownField(error);
      const place = inFile([...own, field]);
      const fields = fieldsOf(schema);
      const near = likelyField(error);
      const instead = fields.length > 0 ? `the fields here are ${list(fields)}` : undefined;
      const message = `${nameOf(place.slice(0, -1))} has no field ${quoted(field)}`;
      return {
        code: "SCHEMA_UNKNOWN_FIELD",
        message,
        hint: didYouMean(near) ?? instead,
        path: place,
        key: true,
      };
    }
    case "false schema":
      return { code: "SCHEMA_UNKNOWN_FIELD", message: `${name} is not allowed here`, path, key: true };
    case "required":
    case "dependentRequired": {
      const field: string = params.missingProperty;
      // What is missing may belong elsewhere in the file than what its schema sees beside it.
      const parent = inFile([...own, field]).slice(0, -1);
      const words = explain(at(schema, "properties", field)) ?? explain(described(root, [...own, field]));
      const because = keyword === "dependentRequired" ? `, which goes with \`${params.property}\`` : "";
      return {
        code: "SCHEMA_MISSING_FIELD",
        message: `${nameOf(parent)} has no \`${field}\`${because}`,
        hint: words && `add \`${field}\`: ${words}`,
        path: parent,
        key: true,
        field,
      };
    }
    case "type":
    case "anyOf":
    case "oneOf": {
      const wanted =
        keyword === "type" ? [params.type].flat() : typesOf(root, error.schema as readonly Json[]);
      if (wanted.length === 0 || typesOfValue(data).some((type) => wanted.includes(type)))
        return wrong(`${name} fits none of the forms that it may have`);
      const words = wanted.map((type) => String(typeWords[type])).join(" or ");
      const isShort = typeof data === "number" || typeof data === "boolean";
      const quote = wanted.includes("string") && isShort ? `if it is text, quote it: \`"${data}"\`` : hint;
      return {
        ...wrong(`${name} is ${describe(data)}, and ${words} belongs here`, quote),
        code: "SCHEMA_WRONG_TYPE",
      };
    }
    case "enum": {
      const choices = (params.allowedValues as readonly Json[]).map((value) =>
        typeof value === "string" ? value : JSON.stringify(value),
      );
      return wrong(
        `${name} is ${describe(data)}, and it is one of ${list(choices)}`,
        didYouMean(meantBy(data, choices)) ?? hint,
      );
    }
    case "const":
      return wrong(`${name} is ${describe(data)}, and it must be ${describe(params.allowedValue)}`);
    case "pattern":
    case "format":
      return wrong(`${quoted(data as string)} is not a valid ${name}`);
    case "minLength":
    case "maxLength": {
      const length = Array.from(data as string).length;
      return wrong(
        length === 0 ? `${name} is empty` : `${name} has ${count(length, "character")}, ${bound(error)}`,
      );
    }
    case "minItems":
    case "maxItems":
      return wrong(`${name} has ${count((data as readonly Json[]).length, "item")}, ${bound(error)}`);
    case "minProperties":
    case "maxProperties":
      return wrong(`${name} has ${count(Object.keys(data as JsonObject).length, "field")}, ${bound(error)}`);
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return wrong(`${name} is ${data}, and it must be ${comparisons[params.comparison]} ${params.limit}`);
    case "uniqueItems": {
      const [first, second] = [params.i as number, params.j as number].toSorted((a, b) => a - b) as [
        number,
        number,
      ];
      const message = `${nameOf([...path, second])} is equal to ${nameOf([...path, first])}`;
      return { ...wrong(message, "remove one of them"), path: [...path, second] };
    }
    case "propertyNames": {
      const field: string = params.propertyName;
      const message = `${quoted(field)} cannot be the name of a field of ${name}`;
      return {
        ...wrong(message, explain(at(schema, "propertyNames")) ?? hint),
        path: [...path, field],
        key: true,
      };
    }
    default:
      // ajv's own words ("must be multiple of 5") for what schemas of access seldom use.
      return wrong(`${name} ${oneLine(String(error.message))}`);
  }
}

function isUnknownField(error: ErrorObject): boolean {
  return error.keyword === "additionalProperties" || error.keyword === "unevaluatedProperties";
}

function unknownField(error: ErrorObject): string {
  return error.params.additionalProperty ?? error.params.unevaluatedProperty;
}

/** The fields that a schema names. */
function fieldsOf(schema: Json | undefined): readonly string[] {
  return Object.keys(at(schema, "properties") ?? {});
}

/** The field that an unknown one was probably meant to be: one of the schema's that the file does not have yet. */
function likelyField(error: ErrorObject): string | null {
  const present = error.data as JsonObject;
  const missing = fieldsOf(error.parentSchema as Json).filter((field) => !Object.hasOwn(present, field));
  return meantBy(unknownField(error), missing);
}

/** The choice that a word was probably meant to be: two letters of it may be wrong, and a third of a long one. */
function meantBy(word: unknown, choices: readonly string[]): string | null {
  if (typeof word !== "string") return null;
  const most = word.length < 4 ? Math.min(1, word.length - 1) : Math.max(2, Math.floor(word.length / 3));
  return nearest(word, choices, most);
}

/** The types that the branches of a choice ask for; none when some branch does not say. */
function typesOf(root: JsonObject, branches: readonly Json[]): readonly string[] {
  const types = branches.map((branch) => at(resolve(root, branch), "type"));
  if (types.includes(undefined)) return [];
  return [...new Set(types.flat())].map(String);
}

const comparisons: Readonly<Record<string, string>> = {
  ">=": "at least",
  "<=": "at most",
  ">": "more than",
  "<": "less than",
};

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "`true` or `false`",
  array: "a list",
  object: "a mapping",
  null: "nothing",
};

/** All types of JSON Schema that a value has. */
function typesOfValue(value: unknown): readonly string[] {
  return Number.isInteger(value) ? ["integer", "number"] : [typeOf(value)];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}

/** What stands there, in words. */
function describe(value: unknown): string {
  switch (typeOf(value)) {
    case "null":
      return "empty";
    case "array":
      return "a list";
    case "object":
      return "a mapping";
    case "string":
      return `the text ${quoted(value as string)}`;
    default:
      return `\`${value}\``;
  }
}

/** How a place is called: `require[0].from`. */
function nameOf(path: YamlPath): string {
  if (path.length === 0) return "the file";
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : step));
  return quoted(steps.join(".").replaceAll(".[", "["));
}

/** What belongs at a place, in the schema's own words and examples: a regular expression explains nothing. */
function explain(schema: Json | undefined): string | undefined {
  if (!isObject(schema)) return undefined;
  const { description, title, examples } = schema;
  const words = typeof description === "string" ? description : title;
  const shown = Array.isArray(examples)
    ? examples.filter((example) => typeof example !== "object").slice(0, 3)
    : [];
  const parts = [
    ...(typeof words === "string" ? [oneLine(words)] : []),
    ...(shown.length > 0 ? [`for example ${list(shown.map(String))}`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join("; ");
}

/** A sentence of somebody else in our style: one line, lower case, no full stop. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim().slice(0, 400).replace(/\.$/, "");
  // An acronym keeps its letters.
  return /^[A-Z][^A-Z]/.test(line) ? line.charAt(0).toLowerCase() + line.slice(1) : line;
}

function list(choices: readonly string[]): string {
  const most = 12;
  const shown = choices.slice(0, most).map(quoted).join(", ");
  return choices.length > most ? `${shown} and ${choices.length - most} more` : shown;
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

function bound({ keyword, params }: ErrorObject): string {
  return `and ${keyword.startsWith("min") ? "at least" : "at most"} ${params.limit} ${params.limit === 1 ? "is" : "are"} ${keyword.startsWith("min") ? "needed" : "allowed"}`;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at a place of a schema; undefined when nothing does. */
function at(schema: Json | undefined, ...names: readonly string[]): Json | undefined {
  let value = schema;
  for (const name of names) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** The list at a place of a schema; empty when there is none. */
function listAt(schema: Json | undefined, ...names: readonly string[]): readonly Json[] {
  const value = at(schema, ...names);
  return Array.isArray(value) ? value : [];
}
