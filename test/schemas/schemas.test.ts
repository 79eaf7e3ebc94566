import { describe, expect, it } from "vitest";
import { viewFields } from "../../src/domain/view.ts";
import { cpuSeconds } from "../cpu-time.ts";
import {
  complaints,
  documentSchemas,
  partsOf,
  resourceSchemas,
  resourceTypes,
  type Schema,
  schemaAt,
  valuesOfKeyword,
} from "./schema-files.ts";

const all = [...documentSchemas, ...resourceSchemas];

/**
 * The open objects: a scope has the fields that the resource type gives it, and that schema is closed; the grant of a
 * test may be wrong on purpose, and is read by the schema of grants.
 */
const OPEN = [
  "schemas/grant.schema.json#/properties/access/properties/scope",
  "schemas/policy-test.schema.json#/%24defs/someGrant",
];

it("there is a schema for each kind and each resource type", () => {
  expect(documentSchemas.map((path) => path.slice(8, -12))).toEqual([
    "approver-policy",
    "directory",
    "grant",
    "policy-test",
    "resource-catalog",
    "settings",
  ]);
  expect(resourceTypes).toEqual([
    "aws.account",
    "azure.app-service",
    "azure.key-vault",
    "azure.sql",
    "azure.storage",
    "azure.vm",
    "github.team",
    "kubernetes.namespace",
    "postgres.database",
    "ssh.host",
  ]);
});

describe.each(all)("%s", (path) => {
  const schema = schemaAt(path);
  const parts = partsOf(schema);

  it("says what it is and is valid in the strict reading of 2020-12", () => {
    expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(schema.$id).toBe(`https://grantbox.dev/${path}`);
    expect(() => complaints(path, {})).not.toThrow();
  });

  it("describes every field, so that an editor can explain it", () => {
    const silent = parts.filter(
      ({ schema: part, pointer }) =>
        !(pointer.endsWith("/items") && typeof part.$ref === "string") &&
        !(typeof part.title === "string" && typeof part.description === "string" && nonEmpty(part.examples)),
    );
    expect(silent.map(({ pointer }) => pointer)).toEqual([]);
  });

  it("has only valid examples", () => {
    for (const { pointer, schema: part } of parts) {
      for (const example of (part.examples ?? []) as unknown[]) {
        expect({ pointer, example, complaints: complaints(path, example, pointer) }).toEqual({
          pointer,
          example,
          complaints: [],
        });
      }
    }
  });

  it("is closed: a field that nobody reads is refused", () => {
    const open = parts.filter(
      ({ schema: part, pointer }) =>
        part.type === "object" &&
        part.additionalProperties !== false &&
        typeof part.additionalProperties !== "object" &&
        !OPEN.includes(`${path}#${pointer}`),
    );
    expect(open.map(({ pointer }) => pointer)).toEqual([]);
  });

  it("bounds every text and every list", () => {
    const unbounded = parts.filter(({ schema: part }) => {
      const enumerated = "enum" in part || "const" in part;
      if (part.type === "string")
        return !enumerated && !("maxLength" in part) && !isFixedLength(part.pattern);
      if (part.type === "array") return !("maxItems" in part) && part.uniqueItems !== true;
      return false;
    });
    expect(unbounded.map(({ pointer }) => pointer)).toEqual([]);
  });

  it("has patterns that are anchored and take linear time", () => {
    const patterns = [
      ...valuesOfKeyword(schema, "pattern").filter((value) => typeof value === "string"),
      ...valuesOfKeyword(schema, "patternProperties").flatMap((value) => Object.keys(value as object)),
    ];
    for (const pattern of patterns) {
      expect(pattern).toMatch(/^\^.*\$$/s);
      const regex = new RegExp(pattern, "u");
      // as long as a file may be; a pattern that backtracks would take minutes
      for (const unit of [
        "a",
        "a-",
        "-",
        "a.",
        ".",
        "/a",
        "/",
        "0",
        "1.",
        "::",
        "a_",
        "P1",
        "https://a",
        " ",
        "*",
      ]) {
        const took = cpuSeconds(() => {
          regex.test(`${unit.repeat(Math.ceil(65_536 / unit.length))}\u0000`);
          regex.test(`a${unit.repeat(Math.ceil(65_536 / unit.length))}\u0000`);
        });
        expect(took, `${pattern} on ${unit}`).toBeLessThan(2);
      }
    }
  });
});

it("`match` may name exactly the fields that a request has", () => {
  const { match } = schemaAt("schemas/approver-policy.schema.json").$defs as Record<string, Schema>;
  const names = [
    ...Object.keys(match?.properties as object).filter((name) => name !== "anyOf"),
    ...Object.keys(match?.patternProperties as object).map((pattern) =>
      pattern.replaceAll("\\", "").replace(/^\^(.*)\.\[.*$/, "$1.*"),
    ),
  ];
  expect(names.sort()).toEqual([...viewFields].sort());
});

it.each(resourceSchemas)("%s explains each of its actions", (path) => {
  const { actions } = schemaAt(path).properties as {
    actions: { description: string; items: { enum: readonly string[] } };
  };
  for (const name of actions.items.enum) expect(actions.description).toContain(`${name}: `);
});

function nonEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function isFixedLength(pattern: unknown): boolean {
  return typeof pattern === "string" && !/[*+]|\{\d+,\}/.test(pattern);
}
