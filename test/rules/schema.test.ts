import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/domain/finding.ts";
import { compileSchemas, requiredSchemas, type Schemas } from "../../src/rules/schema.ts";
import { readYaml, type YamlValue } from "../../src/rules/yaml.ts";
import { cpuSeconds } from "../cpu-time.ts";

const root = new URL("../../", import.meta.url);

/** The schemas that the project ships. */
function shipped(): Map<string, Uint8Array> {
  const folders = ["schemas/", "schemas/resources/"];
  const paths = folders.flatMap((folder) => readdirSync(new URL(folder, root)).map((name) => folder + name));
  return new Map(
    paths
      .filter((path) => path.endsWith(".schema.json"))
      .map((path) => [path, readFileSync(new URL(path, root))]),
  );
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function kindSchema(kind: string, properties: object = {}, more: object = {}): Uint8Array {
  return json({
    type: "object",
    additionalProperties: false,
    properties: { apiVersion: { const: "grantbox/v1" }, kind: { const: kind }, ...properties },
    ...more,
  });
}

/** The smallest set that compiles, with what a test changes about it. */
function smallest(changes: Readonly<Record<string, Uint8Array | null>> = {}): Map<string, Uint8Array> {
  const files = new Map(Object.entries(requiredSchemas).map(([kind, file]) => [file, kindSchema(kind)]));
  for (const [file, bytes] of Object.entries(changes)) {
    if (bytes) files.set(file, bytes);
    else files.delete(file);
  }
  return files;
}

function compiled(files: ReadonlyMap<string, Uint8Array>): Schemas {
  const result = compileSchemas(files);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.schemas;
}

function problems(files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const result = compileSchemas(files);
  return result.ok ? [] : result.findings.map(({ code, message }) => `${code} ${message}`);
}

/** A schema file of so many bytes. */
function ofSize(bytes: number): Uint8Array {
  const text = JSON.stringify({ type: "object" });
  return new TextEncoder().encode(text.padEnd(bytes));
}

function show({ code, at, message, hint }: Finding): string {
  return `${code} ${at?.line}:${at?.column} ${message}${hint ? ` | ${hint}` : ""}`;
}

function read(text: string) {
  const reading = readYaml(new TextEncoder().encode(text), "a.yaml");
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings));
  return reading;
}

/** What is wrong with the field `x` of a kind whose schema for it is this. */
function about(schema: unknown, x: string, more: object = {}): readonly string[] {
  const schemas = compiled(smallest({ "schemas/t.schema.json": kindSchema("T", { x: schema }, more) }));
  const { value, positions } = read(`kind: T\nx: ${x}\n`);
  return schemas.check("T", value, positions).map(show);
}

describe("compiling", () => {
  it("takes what the project ships", () => {
    const schemas = compiled(shipped());
    expect([...schemas.kinds].sort()).toEqual([...Object.keys(requiredSchemas), "PolicyTest"].sort());
    expect(schemas.resourceTypes.size).toBeGreaterThanOrEqual(10);
    for (const type of schemas.resourceTypes) expect(schemas.actionsOf(type).length).toBeGreaterThan(0);
    expect(schemas.actionsOf("azure.storage")).toEqual(["list", "read", "write", "delete"]);
    expect(schemas.actionsOf("no.such")).toEqual([]);
  });

  it("finds the example of every shipped schema right", () => {
    const files = shipped();
    const schemas = compiled(files);
    const positions = read("a: 1").positions;
    for (const [file, bytes] of files) {
      const { examples } = JSON.parse(new TextDecoder().decode(bytes)) as { examples: readonly never[] };
      const [, type] = /resources\/(.+)\.schema\.json$/.exec(file) ?? [];
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        const findings = type
          ? schemas.checkResource(type, example, positions)
          : schemas.checkAny(example, positions).findings;
        expect([file, findings]).toEqual([file, []]);
      }
    }
  });

  it("reads actions only where the schema lists them", () => {
    const actions = (value: unknown) =>
      compiled(
        smallest({ "schemas/resources/a.b.schema.json": json({ properties: { actions: value } }) }),
      ).actionsOf("a.b");
    expect(actions({ items: { enum: ["read", 1] } })).toEqual(["read"]);
    expect(actions({ items: { const: "read" } })).toEqual([]);
    expect(actions(true)).toEqual([]);
  });

  it.each([
    [
      "a file that is gone",
      { "schemas/grant.schema.json": null },
      "RULES_SCHEMA_MISSING `schemas/grant.schema.json` is missing",
    ],
    [
      "another kind in a required file",
      { "schemas/grant.schema.json": kindSchema("Grants") },
      "RULES_SCHEMA_INVALID `schemas/grant.schema.json` does not describe the kind `Grant`",
    ],
    [
      "no kind",
      { "schemas/x.schema.json": json({}) },
      "RULES_SCHEMA_INVALID `schemas/x.schema.json` does not say which `kind` it describes",
    ],
    [
      "a kind twice",
      { "schemas/x.schema.json": kindSchema("Grant") },
      "RULES_SCHEMA_INVALID `schemas/x.schema.json` describes the kind `Grant`, which another schema describes already",
    ],
    [
      "no JSON",
      { "schemas/grant.schema.json": new TextEncoder().encode("{\n  x") },
      "RULES_SCHEMA_INVALID `schemas/grant.schema.json` is not JSON in UTF-8",
    ],
    [
      "no text",
      { "schemas/grant.schema.json": new Uint8Array([0xff]) },
      "RULES_SCHEMA_INVALID `schemas/grant.schema.json` is not JSON in UTF-8",
    ],
    [
      "JSON with text that is none inside",
      {
        "schemas/grant.schema.json": new Uint8Array([
          ...new TextEncoder().encode('{"title":"'),
          0xff,
          34,
          125,
        ]),
      },
      "RULES_SCHEMA_INVALID `schemas/grant.schema.json` is not JSON in UTF-8",
    ],
    [
      "no object",
      { "schemas/grant.schema.json": json(true) },
      "RULES_SCHEMA_INVALID `schemas/grant.schema.json` is not a JSON object",
    ],
    [
      "a promise",
      { "schemas/grant.schema.json": kindSchema("Grant", {}, { $async: true }) },
      "RULES_SCHEMA_INVALID `schemas/grant.schema.json` is asynchronous, which is not supported",
    ],
    [
      "too much",
      { "schemas/grant.schema.json": json("x".repeat(300_000)) },
      "RULES_SCHEMA_INVALID `schemas/grant.schema.json` has more than 262144 bytes",
    ],
    [
      "a byte too much for a resource type",
      { "schemas/resources/a.b.schema.json": ofSize(262_145) },
      "RULES_SCHEMA_INVALID `schemas/resources/a.b.schema.json` has more than 262144 bytes",
    ],
    [
      "a resource type in a folder of its own",
      { "schemas/resources/azure/sql.schema.json": ofSize(20) },
      "RULES_SCHEMA_INVALID `schemas/resources/azure/sql.schema.json` does not say which `kind` it describes",
    ],
    [
      "a resource type elsewhere",
      { "old/schemas/resources/sql.schema.json": ofSize(20) },
      "RULES_SCHEMA_INVALID `old/schemas/resources/sql.schema.json` does not say which `kind` it describes",
    ],
    [
      "a resource type with another ending",
      { "schemas/resources/sql.schema.json5": ofSize(20) },
      "RULES_SCHEMA_INVALID `schemas/resources/sql.schema.json5` does not say which `kind` it describes",
    ],
    [
      "no schema",
      { "schemas/grant.schema.json": kindSchema("Grant", { x: { maxLength: "9" } }) },
      "RULES_SCHEMA_INVALID `schemas/grant.schema.json` is not a JSON Schema: `/properties/x/maxLength` must be integer",
    ],
    [
      "no schema at all",
      { "schemas/grant.schema.json": json({ type: 1 }) },
      "RULES_SCHEMA_INVALID `schemas/grant.schema.json` is not a JSON Schema: `/type` must be equal to one of the allowed values",
    ],
    [
      "a slow pattern",
      { "schemas/grant.schema.json": kindSchema("Grant", { x: { type: "string", pattern: "(a)\\1" } }) },
      "RULES_SCHEMA_INVALID `schemas/grant.schema.json` cannot be compiled: the pattern `(a)\\1` has a back reference, which cannot be matched in linear time",
    ],
  ])("refuses %s", (_name, changes, expected) => {
    expect(problems(smallest(changes as Record<string, Uint8Array | null>))).toEqual([expected]);
  });

  it("says where JSON breaks, when it can", () => {
    const broken = (text: string) => {
      const result = compileSchemas(
        smallest({ "schemas/grant.schema.json": new TextEncoder().encode(text) }),
      );
      return result.ok ? null : result.findings[0]?.at;
    };
    expect(broken("{\n  x")).toEqual({ file: "schemas/grant.schema.json", line: 2, column: 3 });
    expect(broken(`${"\n".repeat(11)}{${" ".repeat(20)}x`)).toMatchObject({ line: 12, column: 22 });
    expect(broken("")).toEqual({ file: "schemas/grant.schema.json", line: 1, column: 1 });
  });

  it("takes as many bytes as a schema may have, and tells its resource types in order", () => {
    const files = smallest({
      "schemas/resources/b.schema.json": ofSize(262_144),
      "schemas/resources/a.schema.json": ofSize(20),
    });
    expect([...compiled(files).resourceTypes]).toEqual(["a", "b"]);
  });

  it("tells where to mend a file that says no kind, and what is wrong with another one beside it", () => {
    const result = compileSchemas(
      smallest({ "schemas/grant.schema.json": kindSchema("Grants"), "schemas/x.schema.json": json({}) }),
    );
    expect(result.ok ? [] : result.findings.map((found) => `${found.at?.file} ${show(found)}`)).toEqual([
      'schemas/x.schema.json RULES_SCHEMA_INVALID 1:1 `schemas/x.schema.json` does not say which `kind` it describes | add `"kind": { "const": "…" }` to its `properties`',
      "schemas/grant.schema.json RULES_SCHEMA_INVALID 1:1 `schemas/grant.schema.json` does not describe the kind `Grant`",
    ]);
  });

  it("compiles a file of these bytes and this name once, as long as it is among the last 64", () => {
    const scope = { type: "object", examples: [{}] };
    const thing = (title: string) => json({ title, properties: { scope } });
    const file = "schemas/resources/kept.schema.json";
    /** The example object itself, which a file that is compiled anew has another one of. */
    const example = (bytes: Uint8Array) => {
      const result = compileSchemas(new Map([[file, bytes], ...smallest()]));
      return result.ok ? result.schemas.examplesOf("kept").scope : null;
    };
    const others = (count: number, folder = "resources") =>
      compileSchemas(
        new Map(
          Array.from({ length: count }, (_, index) => [`schemas/${folder}/${index}.schema.json`, ofSize(20)]),
        ),
      );
    const first = example(thing("one"));
    expect(example(thing("one"))).toBe(first);
    expect(example(thing("two"))).not.toBe(first);
    others(20, "more");
    // whatever was asked for last stays longest: beside it there are the five that every set has
    example(thing("one"));
    others(58);
    expect(example(thing("one"))).toBe(first);
    others(59);
    expect(example(thing("one"))).not.toBe(first);
  });

  it.each([
    ["a reference to elsewhere", { $ref: "https://example.com/x.json" }],
    ["a reference to another file", { $ref: "grant.schema.json" }],
    ["a reference to nothing", { $ref: "#/$defs/none" }],
    ["a keyword that does not exist", { requierd: ["a"] }],
    ["a format that is not checked", { type: "string", format: "uri" }],
  ])("refuses %s", (_name, schema) => {
    const [first] = problems(
      smallest({
        "schemas/t.schema.json": kindSchema("T", { x: schema }, { $id: "https://example.org/t.json" }),
      }),
    );
    expect(first).toMatch(/^RULES_SCHEMA_INVALID `schemas\/t.schema.json` cannot be compiled: [a-z].*[^.]$/);
  });

  it("refuses another draft", () => {
    const files = smallest({
      "schemas/t.schema.json": kindSchema("T", {}, { $schema: "http://json-schema.org/draft-07/schema#" }),
    });
    expect(problems(files)[0]).toMatch(/cannot be compiled: no schema with key or ref/);
  });

  it("tells all files at once", () => {
    expect(problems(new Map([["schemas/resources/x.schema.json", json([])]]))).toHaveLength(6);
  });
});

describe("what a mistake is called", () => {
  const text = {
    type: "string",
    title: "Text",
    description: "What it is called. Be brief.",
    examples: ["one", "two", "three", "four"],
  };
  const words = "what it is called. Be brief; for example `one`, `two`, `three`";

  it.each<[string, unknown, string, readonly string[]]>([
    [
      "another type",
      text,
      "[a]",
      [`SCHEMA_WRONG_TYPE 2:4 \`x\` is a list, and text belongs here | ${words}`],
    ],
    [
      "a number for text",
      text,
      "8",
      ['SCHEMA_WRONG_TYPE 2:4 `x` is `8`, and text belongs here | if it is text, quote it: `"8"`'],
    ],
    [
      "a truth value for text",
      text,
      "true",
      ['SCHEMA_WRONG_TYPE 2:4 `x` is `true`, and text belongs here | if it is text, quote it: `"true"`'],
    ],
    ["nothing", text, "", [`SCHEMA_WRONG_TYPE 2:4 \`x\` is empty, and text belongs here | ${words}`]],
    [
      "text for a number",
      { type: "number" },
      "a",
      ["SCHEMA_WRONG_TYPE 2:4 `x` is the text `a`, and a number belongs here"],
    ],
    [
      "a part of a number",
      { type: "integer" },
      "1.5",
      ["SCHEMA_WRONG_TYPE 2:4 `x` is `1.5`, and a whole number belongs here"],
    ],
    [
      "text for a choice of types",
      { type: ["boolean", "null"] },
      "a",
      ["SCHEMA_WRONG_TYPE 2:4 `x` is the text `a`, and `true` or `false` or nothing belongs here"],
    ],
    [
      "a mapping for a list",
      { type: "array" },
      "{}",
      ["SCHEMA_WRONG_TYPE 2:4 `x` is a mapping, and a list belongs here"],
    ],
    [
      "a list for a mapping",
      { type: "object" },
      "[]",
      ["SCHEMA_WRONG_TYPE 2:4 `x` is a list, and a mapping belongs here"],
    ],
    [
      "a word that is near",
      { enum: ["read", "write"] },
      "raed",
      [
        "SCHEMA_WRONG_VALUE 2:4 `x` is the text `raed`, and it is one of `read`, `write` | did you mean `read`?",
      ],
    ],
    [
      "a word that is not",
      { enum: ["read", 1] },
      "x",
      ["SCHEMA_WRONG_VALUE 2:4 `x` is the text `x`, and it is one of `read`, `1`"],
    ],
    [
      "no word",
      { enum: ["read"], title: "Action" },
      "1",
      ["SCHEMA_WRONG_VALUE 2:4 `x` is `1`, and it is one of `read` | action"],
    ],
    [
      "one of many",
      { enum: Array.from({ length: 14 }, (_, n) => `e${n}`) },
      "zzzz",
      [expect.stringMatching(/`e11` and 2 more$/) as unknown as string],
    ],
    [
      "another constant",
      { const: "a" },
      "b",
      ["SCHEMA_WRONG_VALUE 2:4 `x` is the text `b`, and it must be the text `a`"],
    ],
    [
      "another form",
      { ...text, pattern: "^a+$" },
      "b",
      [`SCHEMA_WRONG_VALUE 2:4 \`b\` is not a valid \`x\` | ${words}`],
    ],
    [
      "no date",
      { type: "string", format: "date-time" },
      "2026-02-30",
      ["SCHEMA_WRONG_VALUE 2:4 `2026-02-30` is not a valid `x`"],
    ],
    [
      "of the wrong form and too long",
      { allOf: [{ pattern: "^a+$" }], maxLength: 2 },
      "bbb",
      ["SCHEMA_WRONG_VALUE 2:4 `x` has 3 characters, and at most 2 are allowed"],
    ],
    [
      "a misspelt field where nothing may be left over",
      { type: "object", unevaluatedProperties: false, required: ["duration"], properties: { duration: {} } },
      "{durations: 1}",
      ["SCHEMA_UNKNOWN_FIELD 2:5 `x` has no field `durations` | did you mean `duration`?"],
    ],
    [
      "wrong in two ways",
      { type: "string", maxLength: 2, pattern: "^a+$", format: "date" },
      "bbb",
      ["SCHEMA_WRONG_VALUE 2:4 `x` has 3 characters, and at most 2 are allowed"],
    ],
    ["empty", { type: "string", minLength: 1 }, "''", ["SCHEMA_WRONG_VALUE 2:4 `x` is empty"]],
    [
      "short",
      { type: "string", minLength: 2 },
      "a",
      ["SCHEMA_WRONG_VALUE 2:4 `x` has 1 character, and at least 2 are needed"],
    ],
    [
      "few",
      { type: "array", minItems: 1 },
      "[]",
      ["SCHEMA_WRONG_VALUE 2:4 `x` has 0 items, and at least 1 is needed"],
    ],
    [
      "many",
      { type: "array", maxItems: 1 },
      "[1, 2]",
      ["SCHEMA_WRONG_VALUE 2:4 `x` has 2 items, and at most 1 is allowed"],
    ],
    [
      "few fields",
      { type: "object", minProperties: 1 },
      "{}",
      ["SCHEMA_WRONG_VALUE 2:4 `x` has 0 fields, and at least 1 is needed"],
    ],
    [
      "many fields",
      { type: "object", maxProperties: 1 },
      "{a: 1, b: 2}",
      ["SCHEMA_WRONG_VALUE 2:4 `x` has 2 fields, and at most 1 is allowed"],
    ],
    [
      "small",
      { type: "integer", minimum: 1 },
      "0",
      ["SCHEMA_WRONG_VALUE 2:4 `x` is 0, and it must be at least 1"],
    ],
    [
      "large",
      { type: "integer", maximum: 4 },
      "9",
      ["SCHEMA_WRONG_VALUE 2:4 `x` is 9, and it must be at most 4"],
    ],
    [
      "just too small",
      { type: "number", exclusiveMinimum: 0 },
      "0",
      ["SCHEMA_WRONG_VALUE 2:4 `x` is 0, and it must be more than 0"],
    ],
    [
      "just too large",
      { type: "number", exclusiveMaximum: 1 },
      "1",
      ["SCHEMA_WRONG_VALUE 2:4 `x` is 1, and it must be less than 1"],
    ],
    [
      "twice",
      { type: "array", uniqueItems: true },
      "[{a: 1}, b, {a: 1}]",
      ["SCHEMA_WRONG_VALUE 2:16 `x[2]` is equal to `x[0]` | remove one of them"],
    ],
    [
      "a name",
      { type: "object", propertyNames: { pattern: "^a", description: "Begins with a." }, title: "Map" },
      "{b: 1}",
      ["SCHEMA_WRONG_VALUE 2:5 `b` cannot be the name of a field of `x` | begins with a"],
    ],
    [
      "a name without words",
      { type: "object", propertyNames: { maxLength: 1 }, title: "Map" },
      "{bb: 1}",
      ["SCHEMA_WRONG_VALUE 2:5 `bb` cannot be the name of a field of `x` | map"],
    ],
    [
      "what is ruled out",
      { type: "object", properties: { a: false } },
      "{a: 1}",
      ["SCHEMA_UNKNOWN_FIELD 2:5 `x.a` is not allowed here"],
    ],
    [
      "what schemas seldom use",
      { type: "integer", multipleOf: 5 },
      "3",
      ["SCHEMA_WRONG_VALUE 2:4 `x` must be multiple of 5"],
    ],
    [
      "two fields that go together",
      { type: "object", dependentRequired: { a: ["b"] } },
      "{a: 1}",
      ["SCHEMA_MISSING_FIELD 2:1 `x` has no `b`, which goes with `a`"],
    ],
    [
      "a field that is left over",
      { type: "object", unevaluatedProperties: false, properties: { abcd: true } },
      "{abce: 1}",
      ["SCHEMA_UNKNOWN_FIELD 2:5 `x` has no field `abce` | did you mean `abcd`?"],
    ],
    [
      "a field where none is",
      { type: "object", additionalProperties: false },
      "{a: 1}",
      ["SCHEMA_UNKNOWN_FIELD 2:5 `x` has no field `a`"],
    ],
    [
      "a missing field that every object inherits",
      { type: "object", required: ["constructor"] },
      "{}",
      ["SCHEMA_MISSING_FIELD 2:1 `x` has no `constructor`"],
    ],
    [
      "another type and another value",
      { type: "string", const: "a" },
      "1",
      ['SCHEMA_WRONG_TYPE 2:4 `x` is `1`, and text belongs here | if it is text, quote it: `"1"`'],
    ],
    [
      "another value, none of those that there are, and short",
      { minLength: 3, enum: ["ab"], const: "aa" },
      "q",
      ["SCHEMA_WRONG_VALUE 2:4 `x` is the text `q`, and it must be the text `aa`"],
    ],
    [
      "one of as many as are listed",
      { enum: Array.from({ length: 12 }, (_, n) => `e${n}`) },
      "zzzz",
      [expect.stringMatching(/`e10`, `e11`$/) as unknown as string],
    ],
    [
      "fields whose names are numbers",
      { type: "object", additionalProperties: { type: "boolean" } },
      "{'12': 1, 2nd: 1}",
      [
        "SCHEMA_WRONG_TYPE 2:11 `x.12` is `1`, and `true` or `false` belongs here",
        "SCHEMA_WRONG_TYPE 2:19 `x.2nd` is `1`, and `true` or `false` belongs here",
      ],
    ],
    [
      "a place deep inside",
      {
        type: "array",
        items: { type: "object", properties: { "a/b~c": { type: "array", items: { type: "boolean" } } } },
      },
      '[{"a/b~c": [true, 1]}]',
      ["SCHEMA_WRONG_TYPE 2:22 `x[0].a/b~c[1]` is `1`, and `true` or `false` belongs here"],
    ],
  ])("%s", (_name, schema, value, expected) => {
    expect(about(schema, value)).toEqual(expected);
  });

  it("names a missing field and says what belongs there", () => {
    const schema = { type: "object", required: ["a", "b"], properties: { a: text } };
    expect(about(schema, "{}")).toEqual([
      `SCHEMA_MISSING_FIELD 2:1 \`x\` has no \`a\` | add \`a\`: ${words}`,
      "SCHEMA_MISSING_FIELD 2:1 `x` has no `b`",
    ]);
    expect(about(true, "1", { required: ["y"] })).toEqual(["SCHEMA_MISSING_FIELD 1:1 the file has no `y`"]);
  });

  it.each<[string, object, string]>([
    [
      "on one line, without a capital and without a full stop",
      { title: "Not this", description: "  The  name\n of it.  " },
      " | the name of it",
    ],
    ["an acronym keeps its letters", { description: "URL of it. Or so" }, " | URL of it. Or so"],
    ["the title where there is no description", { title: "Name" }, " | name"],
    ["examples alone", { examples: ["a", "b"] }, " | for example `a`, `b`"],
    [
      "no examples that are no words",
      { title: "Name", examples: [{ a: 1 }, ["b"], "c"] },
      " | name; for example `c`",
    ],
    ["nothing where there is nothing", { examples: [{}] }, ""],
    ["no more than 400 characters", { description: "x".repeat(401) }, ` | ${"x".repeat(400)}`],
  ])("is explained in the words of the schema: %s", (_name, words, hint) => {
    expect(about({ type: "string", ...words }, "[]")).toEqual([
      `SCHEMA_WRONG_TYPE 2:4 \`x\` is a list, and text belongs here${hint}`,
    ]);
  });

  it.each<[string, string, boolean]>([
    ["a", "b", false],
    ["ab", "ac", true],
    ["ab", "cd", false],
    ["abc", "abd", true],
    ["abc", "add", false],
    ["abcd", "abzz", true],
    ["abcd", "azzz", false],
    ["abcdefgh", "abcdefzz", true],
    ["abcdefgh", "abcdezzz", false],
    ["abcdefghi", "abcdefzzz", true],
    ["abcdefghi", "abcdezzzz", false],
  ])("for `%s` somebody may have written `%s`: %s", (choice, word, near) => {
    expect(about({ enum: [choice] }, word)).toEqual([
      expect.stringMatching(near ? new RegExp(`did you mean \`${choice}\`\\?$`) : /`$/),
    ]);
  });

  it("takes a misspelt field for one mistake", () => {
    const schema = {
      type: "object",
      additionalProperties: false,
      required: ["duration", "id"],
      properties: { duration: {}, id: {} },
    };
    expect(about(schema, "{durations: 1, id: 1}")).toEqual([
      "SCHEMA_UNKNOWN_FIELD 2:5 `x` has no field `durations` | did you mean `duration`?",
    ]);
    expect(about(schema, "{Duration: 1, id: 1}")).toEqual([
      "SCHEMA_UNKNOWN_FIELD 2:5 `x` has no field `Duration` | did you mean `duration`?",
    ]);
    const { required: _, ...rest } = { ...schema, dependentRequired: { id: ["duration"] } };
    expect(about(rest, "{durations: 1, id: 1}")).toEqual([
      "SCHEMA_UNKNOWN_FIELD 2:5 `x` has no field `durations` | did you mean `duration`?",
    ]);
    // What is there already is not meant again.
    expect(about(schema, "{duration: 1, durations: 1, id: 1}")).toEqual([
      "SCHEMA_UNKNOWN_FIELD 2:18 `x` has no field `durations` | the fields here are `duration`, `id`",
    ]);
    expect(about(schema, `{${"duration".repeat(20)}: 1, id: 1}`)).toHaveLength(2);
  });

  it("asks for the nearest of several", () => {
    const schema = { type: "object", additionalProperties: false, properties: { tables: {}, table: {} } };
    expect(about(schema, "{tabl: 1}")).toEqual([
      "SCHEMA_UNKNOWN_FIELD 2:5 `x` has no field `tabl` | did you mean `table`?",
    ]);
    expect(about({ enum: ["read", "red"] }, "raed")).toEqual([
      "SCHEMA_WRONG_VALUE 2:4 `x` is the text `raed`, and it is one of `read`, `red` | did you mean `red`?",
    ]);
  });

  it("tells the condition of a branch, not that there is one", () => {
    const schema = {
      type: "object",
      properties: {
        a: {},
        b: { $ref: "#/$defs/b" },
        c: { type: "array", items: { properties: { d: text } } },
      },
      if: { required: ["a"] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ["b"], properties: { c: { items: { required: ["d"] } } } },
    };
    const defs = { $defs: { b: { description: "The second." } } };
    const then = { required: ["b"], properties: { b: { description: "In this case." } } };
    expect(about({ if: { required: ["a"] }, then }, "{a: 1}")).toEqual([
      "SCHEMA_MISSING_FIELD 2:1 `x` has no `b` | add `b`: in this case",
    ]);
    expect(about(schema, "{a: 1, c: [{}]}", defs)).toEqual([
      "SCHEMA_MISSING_FIELD 2:1 `x` has no `b` | add `b`: the second",
      `SCHEMA_MISSING_FIELD 2:15 \`x.c[0]\` has no \`d\` | add \`d\`: ${words}`,
    ]);
  });

  it("finds the words for a place that a branch has none for, in references too", () => {
    const schema = { $ref: "#/$defs/outer", description: "The outer one." };
    const more = {
      $defs: {
        outer: {
          properties: {
            x: { $ref: "#/$defs/in~1n~0er", description: "The middle one." },
            y: { $ref: "#/$defs/y", description: "Its own words." },
          },
        },
        "in/n~er": { properties: { z: { $ref: "#/$defs/y" } } },
        y: { description: "The words of the definition." },
      },
      if: { required: ["x"] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { x: { required: ["y"], properties: { x: { required: ["z"] } } } } },
    };
    expect(about(schema, "{x: {}}", more)).toEqual([
      "SCHEMA_MISSING_FIELD 2:1 `x` has no `y` | add `y`: its own words",
      "SCHEMA_MISSING_FIELD 2:5 `x.x` has no `z` | add `z`: the words of the definition",
    ]);
  });

  describe("choices", () => {
    const choice = {
      title: "Value",
      anyOf: [
        { type: "string", maxLength: 3 },
        { $ref: "#/$defs/list" },
        { $ref: "#/$defs/only" },
        { type: "object", required: ["p", "q"], properties: { p: {}, q: {} }, additionalProperties: false },
      ],
    };
    const defs = {
      $defs: {
        list: { type: "array", minItems: 1, items: { $ref: "#/$defs/one" } },
        one: { anyOf: [{ type: "string" }, { type: "integer" }] },
        only: {
          type: "object",
          required: ["only"],
          properties: { only: { $ref: "#/$defs/list" } },
          additionalProperties: false,
        },
      },
    };
    it.each([
      ["ab", []],
      ["[a, 1]", []],
      ["{only: [a]}", []],
      ["abcd", ["SCHEMA_WRONG_VALUE 2:4 `x` has 4 characters, and at most 3 are allowed | value"]],
      ["[]", ["SCHEMA_WRONG_VALUE 2:4 `x` has 0 items, and at least 1 is needed | value"]],
      [
        "[a, true]",
        [
          'SCHEMA_WRONG_TYPE 2:8 `x[1]` is `true`, and text or a whole number belongs here | if it is text, quote it: `"true"`',
        ],
      ],
      ["{only: a}", ["SCHEMA_WRONG_TYPE 2:11 `x.only` is the text `a`, and a list belongs here"]],
      ["{onyl: [a]}", ["SCHEMA_UNKNOWN_FIELD 2:5 `x` has no field `onyl` | did you mean `only`?"]],
      ["{p: 1}", ["SCHEMA_MISSING_FIELD 2:1 `x` has no `q`"]],
      [
        "2",
        [
          'SCHEMA_WRONG_TYPE 2:4 `x` is `2`, and text or a list or a mapping belongs here | if it is text, quote it: `"2"`',
        ],
      ],
    ])("%s", (value, expected) => {
      expect(about(choice, value, defs)).toEqual(expected);
    });

    it("that points to its own file by the file's name", () => {
      const named = { $id: "https://example.org/t.json", ...defs };
      const far = { anyOf: [{ $ref: "https://example.org/t.json#/$defs/list" }, { type: "boolean" }] };
      expect(about(far, "[a]", named)).toEqual([]);
      expect(about(far, "[]", named)).toHaveLength(1);
      expect(about(far, "1", named)).toHaveLength(1);
    });

    it("are settled one by one where several values are wrong", () => {
      const items = ["ab", "[]", ...Array(8).fill("ab"), "true"];
      expect(about({ type: "array", items: choice }, `[${items.join(", ")}]`, defs)).toEqual([
        "SCHEMA_WRONG_VALUE 2:9 `x[1]` has 0 items, and at least 1 is needed | value",
        expect.stringMatching(
          /^SCHEMA_WRONG_TYPE 2:45 `x\[10\]` is `true`, and text or a list or a mapping /,
        ),
      ]);
    });

    it("stand beside what else is asked of the value", () => {
      const schema = { minItems: 3, anyOf: [{ items: { type: "string" } }, { items: { type: "integer" } }] };
      expect(about(schema, "[true]")).toEqual([
        "SCHEMA_WRONG_VALUE 2:4 `x` has 1 item, and at least 3 are needed",
        'SCHEMA_WRONG_TYPE 2:5 `x[0]` is `true`, and text belongs here | if it is text, quote it: `"true"`',
      ]);
    });

    it("of a form that is put together from others", () => {
      const schema = { anyOf: [{ allOf: [{ type: "string", maxLength: 3 }] }, { type: "array" }] };
      expect(about(schema, "abcd")).toEqual([
        "SCHEMA_WRONG_VALUE 2:4 `x` has 4 characters, and at most 3 are allowed",
      ]);
    });

    it("name each type once, also of a branch that is of another type and has another value", () => {
      const schema = {
        anyOf: [
          { type: "string", enum: ["a"] },
          { type: ["string", "array"], minItems: 1 },
        ],
      };
      expect(about(schema, "{}")).toEqual([
        "SCHEMA_WRONG_TYPE 2:4 `x` is a mapping, and text or a list belongs here",
      ]);
    });

    describe("inside of choices", () => {
      const leaf = { $ref: "#/$defs/leaf" };
      const all = { $ref: "#/$defs/all" };
      const clauses = (...anyOf: readonly object[]) => ({
        $defs: {
          clause: { anyOf },
          leaf: { type: "object", required: ["name"], properties: { name: {} }, additionalProperties: false },
          all: {
            type: "object",
            required: ["all"],
            properties: { all: { type: "array", items: { $ref: "#/$defs/clause" } } },
            additionalProperties: false,
          },
        },
      });
      it.each<[string, readonly object[], string, string]>([
        [
          "a list, misspelt",
          [all, leaf],
          "{alll: []}",
          "UNKNOWN_FIELD 2:5 `x` has no field `alll` | did you mean `all`?",
        ],
        [
          "one, misspelt",
          [leaf, all],
          "{nam: 1}",
          "UNKNOWN_FIELD 2:5 `x` has no field `nam` | did you mean `name`?",
        ],
        [
          "a list of what is empty",
          [leaf, all],
          "{all: [{}]}",
          "MISSING_FIELD 2:11 `x.all[0]` has no `name`",
        ],
      ])("%s", (_name, order, value, expected) => {
        expect(about({ $ref: "#/$defs/clause" }, value, clauses(...order))).toEqual([`SCHEMA_${expected}`]);
      });
    });

    it("of which a value fits two, or none that says its type", () => {
      expect(about({ oneOf: [{ type: "integer" }, { type: "number" }] }, "1")).toEqual([
        "SCHEMA_WRONG_VALUE 2:4 `x` fits none of the forms that it may have",
      ]);
      for (const [type, value] of [
        ["number", "1"],
        ["integer", "1"],
        ["number", "1.5"],
        ["string", "a"],
      ] as const) {
        expect(about({ oneOf: [{ type }, { type, maximum: 5 }] }, value)).toEqual([
          "SCHEMA_WRONG_VALUE 2:4 `x` fits none of the forms that it may have",
        ]);
      }
      expect(about({ anyOf: [{ const: 1 }, { const: 2 }] }, "3")).toEqual([
        "SCHEMA_WRONG_VALUE 2:4 `x` is `3`, and it must be `1`",
      ]);
      expect(about({ oneOf: [true, {}] }, "3")).toEqual([
        "SCHEMA_WRONG_VALUE 2:4 `x` fits none of the forms that it may have",
      ]);
    });
  });

  it("says everything, in the order of the file", () => {
    const schemas = compiled(
      smallest({
        "schemas/t.schema.json": kindSchema("T", { a: { type: "string" }, b: { type: "integer" } }),
      }),
    );
    const places = (text: string) => {
      const { value, positions } = read(text);
      return schemas.check("T", value, positions).map(({ at }) => [at?.line, at?.column]);
    };
    expect(places("z: 1\nkind: T\nb: x\na: 1\n")).toEqual([
      [1, 1],
      [3, 4],
      [4, 4],
    ]);
    expect(places("{ b: x, a: 1, z: 1,\n  kind: T, y: 1 }")).toEqual([
      [1, 6],
      [1, 12],
      [1, 15],
      [2, 12],
    ]);
  });
});

describe("kinds", () => {
  const schemas = compiled(smallest());
  const check = (kind: string, text: string) => {
    const { value, positions } = read(text);
    return schemas.check(kind, value, positions).map(show);
  };
  const checkAny = (text: string) => {
    const { value, positions } = read(text);
    const { kind, findings } = schemas.checkAny(value, positions);
    return [kind, ...findings.map(show)];
  };
  const all = "`Grant`, `ApproverPolicy`, `ResourceCatalog`, `Directory`, `Settings`";

  it("checks a file that must be of one kind", () => {
    expect(check("Grant", "apiVersion: grantbox/v1\nkind: Grant")).toEqual([]);
    expect(check("Grant", "x: 1")).toEqual([expect.stringMatching(/^SCHEMA_UNKNOWN_FIELD 1:1 /)]);
    expect(check("Grant", "- a")).toEqual([
      "SCHEMA_WRONG_TYPE 1:1 the file is a list, and a mapping of fields belongs here",
    ]);
    expect(check("Grant", "kind: Grant\napiVersion: grantbox/v2\nx: 1")).toEqual([
      "SCHEMA_UNKNOWN_KIND 2:13 `apiVersion` is the text `grantbox/v2`, and Grantbox reads `grantbox/v1` | write `apiVersion: grantbox/v1`",
    ]);
    expect(check("Grant", "kind: Settings\nx: 1")).toEqual([
      "SCHEMA_UNKNOWN_KIND 1:7 the file is of kind `Settings`, and here belongs `Grant` | write `kind: Grant`, or move the file",
    ]);
    expect(check("Grant", "kind: Grnat")).toEqual([
      "SCHEMA_UNKNOWN_KIND 1:7 the text `Grnat` is not a kind that Grantbox reads | did you mean `Grant`?",
    ]);
    expect(check("Grant", "kind: [1]")).toEqual([
      `SCHEMA_UNKNOWN_KIND 1:7 a list is not a kind that Grantbox reads | use one of ${all}`,
    ]);
    expect(check("Gift", "kind: Grant")).toEqual([
      `SCHEMA_UNKNOWN_KIND 1:7 the text \`Gift\` is not a kind that Grantbox reads | use one of ${all}`,
    ]);
  });

  it("lets a file say itself what it is", () => {
    expect(checkAny("kind: Settings")).toEqual(["Settings"]);
    expect(checkAny("kind: Settings\nx: 1")[0]).toBe("Settings");
    expect(checkAny("kind: settings")).toEqual([
      null,
      "SCHEMA_UNKNOWN_KIND 1:7 the text `settings` is not a kind that Grantbox reads | did you mean `Settings`?",
    ]);
    expect(checkAny("kind: 1")).toEqual([
      null,
      `SCHEMA_UNKNOWN_KIND 1:7 \`1\` is not a kind that Grantbox reads | use one of ${all}`,
    ]);
    expect(checkAny("a: 1")).toEqual([
      null,
      `SCHEMA_MISSING_FIELD 1:1 the file has no \`kind\` | add \`kind\`, which is one of ${all}`,
    ]);
    expect(checkAny("text")).toEqual([
      null,
      "SCHEMA_WRONG_TYPE 1:1 the file is the text `text`, and a mapping of fields belongs here",
    ]);
  });
});

describe("the part of a grant that its resource type decides", () => {
  const schemas = compiled(shipped());
  const id =
    "/subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/checkoutprod";
  function resource(text: string, type = "azure.storage"): readonly string[] {
    const { value, positions } = read(text);
    const grant = value as { resource: { id: YamlValue }; access: { actions: YamlValue; scope?: YamlValue } };
    const { actions, scope } = grant.access;
    const part = { id: grant.resource.id, actions, ...(scope === undefined ? {} : { scope }) };
    return schemas.checkResource(type, part, positions).map((found) => show(found).replace(/ \| .*/, ""));
  }

  it("is told at its places in the grant", () => {
    const grant = `resource: { id: ${id} }\naccess:\n  actions: [read]\n  scope: { container: logs }\n`;
    expect(resource(grant)).toEqual([]);
    expect(resource(grant.replace("[read]", "[read, raed]"))).toEqual([
      "SCHEMA_WRONG_VALUE 3:19 `access.actions[1]` is the text `raed`, and it is one of `list`, `read`, `write`, `delete`",
    ]);
    expect(resource(grant.replace("container", "contaner"))).toEqual([
      "SCHEMA_UNKNOWN_FIELD 4:12 `access.scope` has no field `contaner`",
    ]);
    expect(resource(grant.replace("{ container: logs }", "{}"))).toEqual([
      "SCHEMA_MISSING_FIELD 4:3 `access.scope` has no `container`",
    ]);
    expect(resource(grant.replace("  scope: { container: logs }\n", ""))).toEqual([
      "SCHEMA_MISSING_FIELD 2:1 `access` has no `scope`",
    ]);
    expect(resource(grant.replace(id, "prod"))).toEqual([
      "SCHEMA_WRONG_VALUE 1:17 `prod` is not a valid `resource.id`",
    ]);
  });

  it("is told at the access where it is wrong as a whole", () => {
    const bytes = json({ type: "object", maxProperties: 1 });
    const types = compiled(smallest({ "schemas/resources/a.b.schema.json": bytes }));
    const { positions } = read("resource: { id: x }\naccess: { actions: [a] }");
    expect(types.checkResource("a.b", { id: "x", actions: ["a"] }, positions).map(show)).toEqual([
      "SCHEMA_WRONG_VALUE 2:9 `access` has 2 fields, and at most 1 is allowed",
    ]);
  });

  it("of a type that nobody knows has a finding of its own", () => {
    const { value, positions } = read("resource: { type: azure.storag }");
    const findings = schemas.checkResource("azure.storag", { id: value, actions: [] }, positions);
    expect(findings.map(show)).toEqual([
      "GRANT_RESOURCE_TYPE_UNKNOWN 1:19 the resource type `azure.storag` has no schema | did you mean `azure.storage`?",
    ]);
  });
});

it("judges any value without throwing, and never finds nothing wrong with a wrong one", () => {
  const schemas = compiled(shipped());
  const { positions } = read("a: 1");
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...schemas.kinds), (value, kind) => {
      const own =
        typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value, kind } : value;
      const findings = schemas.check(kind, own as YamlValue, positions);
      expect(findings.length).toBeGreaterThan(0);
      for (const { message } of findings) expect(message).toMatch(/^\S.*[^.\s]$/);
    }),
    { numRuns: 300 },
  );
});

describe("a file made to be slow is not", () => {
  const schemas = compiled(shipped());
  const policy = (match: string, requirements: number) =>
    `kind: ApproverPolicy\nmatch: { a: [{ b: 1 }], resource.type: [${match}] }\nrequire:\n${"  - {}\n".repeat(requirements)}`;

  it("wrong all over: told soon, and not at full length", () => {
    const { value, positions } = read(policy("{}, ".repeat(1500), 1500));
    const took = cpuSeconds(() => {
      expect(schemas.checkAny(value, positions).findings).toHaveLength(100);
    });
    // Measured: 0.3 s; without the limits, minutes.
    expect(took).toBeLessThan(10);
  });

  it("long lists: not looked into", () => {
    const { value, positions } = read(policy("1, ".repeat(2001), 1));
    expect(schemas.checkAny(value, positions).findings.map(show)).toEqual([
      "SCHEMA_WRONG_VALUE 2:40 `match.resource.type` has more than 2000 items | shorten it",
    ]);
    const longest = read(policy("1, ".repeat(2000), 1));
    const looked = schemas.checkAny(longest.value, longest.positions).findings.map(show);
    expect(looked.length).toBeGreaterThan(0);
    expect(looked).not.toContainEqual(expect.stringContaining("more than"));
    const several = `match: { n: null, a: [[${"1, ".repeat(2001)}]], b: [${"1, ".repeat(2001)}], c: [${"1, ".repeat(2000)}] }`;
    const nested = read(`kind: ApproverPolicy\n${several}\n`);
    expect(schemas.checkAny(nested.value, nested.positions).findings.map(({ message }) => message)).toEqual([
      "`match.a[0]` has more than 2000 items",
      "`match.b` has more than 2000 items",
    ]);
    const grant = read(`resource: {}\naccess: { actions: [${"a, ".repeat(2001)}] }`);
    const actions = Array(2001).fill("a");
    expect(schemas.checkResource("azure.storage", { id: "x", actions }, grant.positions).map(show)).toEqual([
      "SCHEMA_WRONG_VALUE 2:20 `access.actions` has more than 2000 items | shorten it",
    ]);
  });
});

describe("the examples of a resource type", () => {
  const examplesOf = (schema: object) =>
    compiled(smallest({ "schemas/resources/acme.thing.schema.json": json(schema) })).examplesOf("acme.thing");

  it("are those of its schema, with what a field of the scope holds", () => {
    const scope = {
      type: "object",
      examples: [{ rows: 1 }],
      properties: {
        rows: { type: "integer", examples: [1, 2] },
        paths: { type: "array", items: { type: "string" } },
      },
    };
    expect(
      examplesOf({ type: "object", properties: { id: { type: "string", examples: ["a"] }, scope } }),
    ).toEqual({
      id: "a",
      scope: { rows: 1 },
      fields: { rows: { isList: false, values: [1, 2] }, paths: { isList: true, values: [] } },
    });
  });

  it.each<[string, object]>([
    ["has none", { type: "object" }],
    [
      "has others than it should",
      { type: "object", properties: { id: { examples: [7] }, scope: { examples: ["x"], properties: {} } } },
    ],
  ])("are none where the schema %s", (_, schema) => {
    expect(examplesOf(schema)).toEqual({ id: null, scope: {}, fields: {} });
  });

  it("are none of a type that there is not", () => {
    expect(compiled(smallest()).examplesOf("acme.nothing")).toEqual({ id: null, scope: {}, fields: {} });
  });
});

it("a field that every object inherits is unknown like any other", () => {
  const schemas = compiled(shipped());
  const { value, positions } = read(
    "apiVersion: grantbox/v1\nkind: Settings\n__proto__: { administrators: {} }\n",
  );
  expect(schemas.check("Settings", value, positions).map(show)).toContainEqual(
    expect.stringContaining("SCHEMA_UNKNOWN_FIELD 3:1 the file has no field `__proto__`"),
  );
});
