import { describe, expect, it } from "vitest";
import { read, readYaml, resourceTypes, schemaAt } from "./schema-files.ts";

describe("the issue form", () => {
  interface Field {
    readonly type: string;
    readonly id?: string;
    readonly attributes: { readonly description?: string; readonly options?: readonly string[] };
  }
  const { body } = readYaml(".github/ISSUE_TEMPLATE/access-request.yml") as {
    readonly body: readonly Field[];
  };

  it("asks for every field of a grant but those that the author of the file decides", () => {
    const named = body.map(({ attributes }) => /\(`([A-Za-z.]+)`\)/.exec(attributes.description ?? "")?.[1]);
    expect(named.filter((field) => field !== undefined).sort()).toEqual(
      fieldsOf(schemaAt("schemas/grant.schema.json"))
        .filter((field) => !["apiVersion", "kind", "id", "emergency"].includes(field))
        .sort(),
    );
  });

  it("offers the resource types that have a schema", () => {
    const types = body.find(({ id }) => id === "resource-type")?.attributes.options ?? [];
    expect([...types].sort()).toEqual(resourceTypes);
  });
});

describe("the app's manifest", () => {
  const manifest = readYaml("app.yml") as {
    readonly hook_attributes: { readonly url: string };
    readonly default_permissions: Readonly<Record<string, string>>;
    readonly default_events: readonly string[];
    readonly public: boolean;
  };

  it("asks for what the code needs and nothing else", () => {
    expect(manifest.default_permissions).toEqual({
      metadata: "read",
      contents: "write",
      pull_requests: "write",
      checks: "write",
      statuses: "write",
      issues: "write",
      members: "read",
      administration: "read",
    });
    expect(manifest.public).toBe(false);
  });

  it("says in a comment above each permission and event what it is for", () => {
    const lines = read("app.yml").split("\n");
    for (const name of Object.keys(manifest.default_permissions)) {
      const at = lines.findIndex((line) => line.startsWith(`  ${name}: `));
      expect(lines[at - 1], name).toMatch(/^ {2}# /);
    }
  });

  it("sends events where the app listens", () => {
    expect(new URL(manifest.hook_attributes.url).pathname).toBe("/api/github/webhooks");
    expect(new Set(manifest.default_events).size).toBe(manifest.default_events.length);
  });
});

/** The fields of a grant that a form asks for one by one: those of case, resource and access, and the others whole. */
function fieldsOf(schema: Readonly<Record<string, unknown>>): readonly string[] {
  const properties = schema.properties as Readonly<Record<string, { readonly properties?: object }>>;
  return Object.entries(properties).flatMap(([name, { properties: inner }]) =>
    ["case", "resource", "access"].includes(name) && inner !== undefined
      ? Object.keys(inner).map((field) => `${name}.${field}`)
      : [name],
  );
}
