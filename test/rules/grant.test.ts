import { describe, expect, it } from "vitest";
import type { GrantFile } from "../../src/domain/grant.ts";
import { hours, parseInstant } from "../../src/domain/time.ts";
import { readGrant, resourceTypeIn } from "../../src/rules/grant.ts";
import { grantId, oidOf } from "../domain/builders.ts";
import { bytes, schemas, shown } from "./rule-files.ts";

const compiled = schemas();
const path = "grants/azure.storage/cs-1-logs.yaml";
const file: GrantFile = { path, type: "azure.storage", id: grantId("cs-1-logs"), blob: oidOf("5f0c") };
const account =
  "/subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/checkoutprod";

/** A good grant, line by line; a case replaces the lines it is about. */
const lines = {
  apiVersion: "apiVersion: grantbox/v1",
  kind: "kind: Grant",
  id: "id: cs-1-logs",
  case: "case: { system: servicenow, id: CS-1 }",
  subject: "subject: alice",
  resource: `resource: { type: azure.storage, id: ${account} }`,
  access: "access: { actions: [read, list], scope: { container: logs } }",
  justification: "justification: Checkout times out for tenant 88.",
  duration: "duration: PT4H",
};

function read(changes: Partial<Record<keyof typeof lines, string>> & { readonly more?: string } = {}) {
  const { more, ...replaced } = changes;
  const text = [...Object.values({ ...lines, ...replaced }), ...(more === undefined ? [] : [more])].join(
    "\n",
  );
  return readGrant(bytes(text), file, compiled);
}

function wrong(changes: Parameters<typeof read>[0]): readonly string[] {
  const content = read(changes);
  return content.kind === "refused" ? content.findings.map((one) => shown(one).replace(`${path}:`, "")) : [];
}

describe("a good file", () => {
  it("becomes a grant: lengths and times are values, everything else as written", () => {
    const content = read({ more: 'notBefore: "2026-11-24T12:00:00+01:00"' });
    expect(content).toMatchObject({
      kind: "grant",
      file,
      grant: {
        id: "cs-1-logs",
        subject: "alice",
        case: { system: "servicenow", id: "CS-1" },
        resource: { type: "azure.storage", id: account },
        access: { actions: ["read", "list"] },
        duration: hours(4),
        notBefore: parseInstant("2026-11-24T11:00:00Z"),
      },
    });
  });

  it("without `notBefore` starts at the merge", () => {
    expect(read()).toMatchObject({ grant: { notBefore: null } });
  });

  it("remembers where each value stands, by dotted name, items of lists by their number", () => {
    const content = read({
      access: "access:\n  actions:\n    - read\n    - list\n  scope: { container: logs }",
    });
    if (content.kind !== "grant") throw new Error("refused");
    expect(content.positions).toMatchObject({
      duration: { file: path, line: 13, column: 11 },
      "resource.id": { line: 6 },
      "access.actions": { line: 9, column: 5 },
      "access.actions.1": { line: 10, column: 7 },
    });
    expect(content.positions[""]).toBeUndefined();
  });

  it("takes its id from the file's name, which is what names the grant forever", () => {
    const content = read();
    expect(content.kind === "grant" && content.grant.id).toBe(file.id);
  });
});

describe("a file is refused", () => {
  it.each<[string, Parameters<typeof read>[0], readonly string[]]>([
    [
      "whose id is not its name",
      { id: "id: cs-2-logs" },
      [
        "GRANT_ID_MISMATCH 3:5 the id is `cs-2-logs` and the file is named `cs-1-logs.yaml` | write `id: cs-1-logs`, or rename the file",
      ],
    ],
    [
      "whose resource type is not its folder",
      {
        resource: "resource: { type: ssh.host, id: web-1.prod.acme.example }",
        access: "access: { actions: [login], scope: { account: deploy } }",
      },
      [
        "GRANT_TYPE_MISMATCH 6:19 the resource type is `ssh.host` and the folder is `grants/azure.storage/` | move the file to `grants/ssh.host/`, or correct the type",
      ],
    ],
    [
      "whose resource type has no schema, with the name that was meant",
      { resource: "resource: { type: azure.storge, id: x }" },
      [
        "GRANT_TYPE_MISMATCH 6:19 the resource type is `azure.storge` and the folder is `grants/azure.storage/` | move the file to `grants/azure.storge/`, or correct the type",
        "GRANT_RESOURCE_TYPE_UNKNOWN 6:19 there is no resource type `azure.storge` | did you mean `azure.storage`?",
      ],
    ],
    [
      "whose resource type is like no other",
      { resource: "resource: { type: mainframe.tape, id: x }" },
      [
        "GRANT_TYPE_MISMATCH 6:19 the resource type is `mainframe.tape` and the folder is `grants/azure.storage/` | move the file to `grants/mainframe.tape/`, or correct the type",
        "GRANT_RESOURCE_TYPE_UNKNOWN 6:19 there is no resource type `mainframe.tape`",
      ],
    ],
    [
      "that asks for no time at all",
      { duration: "duration: PT0S" },
      ["GRANT_DURATION_INVALID 9:11 `PT0S` is no length of time"],
    ],
    [
      "that begins in a leap second, which no clock here can tell",
      { more: 'notBefore: "2016-12-31T23:59:60Z"' },
      ["GRANT_NOT_BEFORE_INVALID 10:12 `2016-12-31T23:59:60Z` is no instant"],
    ],
  ])("%s", (_, changes, findings) => {
    expect(wrong(changes)).toEqual(findings);
  });

  it("that is no YAML, with nothing guessed of the rest", () => {
    expect(wrong({ subject: "subject: [alice" })[0]).toMatch(/^YAML_SYNTAX 6:/);
  });

  it("that is no mapping", () => {
    const content = readGrant(bytes("- a\n- list\n"), file, compiled);
    expect(content.kind === "refused" && content.findings.map(({ code }) => code)).toEqual([
      "SCHEMA_WRONG_TYPE",
    ]);
  });

  it("that is a policy", () => {
    expect(wrong({ kind: "kind: ApproverPolicy" })[0]).toMatch(
      /^SCHEMA_UNKNOWN_KIND 2:7 the file is of kind `ApproverPolicy`, and here belongs `Grant`/,
    );
  });

  it("with an action that its resource type does not have, at that action", () => {
    expect(wrong({ access: "access: { actions: [read, reed], scope: { container: logs } }" })).toEqual([
      expect.stringMatching(/^SCHEMA_WRONG_VALUE 7:27 .*`reed`.* did you mean `read`\?$/),
    ]);
  });

  it("without a scope where its resource type needs one", () => {
    expect(wrong({ access: "access: { actions: [read] }" })).toEqual([
      expect.stringMatching(/^SCHEMA_MISSING_FIELD 7:\d+ `access.scope` has no `container`/),
    ]);
  });

  it("with a scope that its resource type does not know", () => {
    expect(wrong({ access: "access: { actions: [read], scope: { container: logs, pahts: [a] } }" })).toEqual([
      expect.stringMatching(/^SCHEMA_UNKNOWN_FIELD 7:54 .*`pahts`.* did you mean `paths`\?$/),
    ]);
  });
});

describe("all that is wrong is said at once", () => {
  it("of the file, of the part that its resource type decides, of its place and its times", () => {
    expect(
      wrong({
        id: "id: cs-2",
        access: "access: { actions: [reed], scope: { container: logs } }",
        duration: "duration: PT0S",
        more: 'notBefore: "2016-12-31T23:59:60Z"',
      }).map((line) => line.split(" ", 2).join(" ")),
    ).toEqual([
      "GRANT_ID_MISMATCH 3:5",
      "SCHEMA_WRONG_VALUE 7:21",
      "GRANT_DURATION_INVALID 9:11",
      "GRANT_NOT_BEFORE_INVALID 10:12",
    ]);
  });

  it("also where the file itself does not fit its schema", () => {
    const found = wrong({
      id: "id: cs-2",
      subject: "subjet: alice",
      access: "access: { actions: [reed], scope: { container: logs } }",
    });
    expect(found.map((line) => line.split(" ", 1)[0]).sort()).toEqual([
      "GRANT_ID_MISMATCH",
      "SCHEMA_UNKNOWN_FIELD",
      "SCHEMA_WRONG_VALUE",
    ]);
  });

  it("but an id in the wrong form is not also told that it is another one", () => {
    expect(wrong({ id: "id: CS 2" }).map((line) => line.split(" ", 2).join(" "))).toEqual([
      "SCHEMA_WRONG_VALUE 3:5",
    ]);
  });

  it("and is told as well that it is another one, when something else is wrong in the same line or column", () => {
    const found = wrong({
      case: "case:\n    system: servicenow\n    id: CS-1\n    idd: CS-1",
      id: "id: cs-2",
      resource: "resource: { type: ssh.host, id: 7 }",
    });
    expect(found.map((line) => line.split(" ", 2).join(" ")).sort()).toEqual([
      "GRANT_ID_MISMATCH 3:5",
      "GRANT_TYPE_MISMATCH 9:19",
      "SCHEMA_UNKNOWN_FIELD 7:5",
      "SCHEMA_WRONG_TYPE 9:33",
    ]);
  });

  it.each([
    ["the resource is empty", { resource: "resource:" }],
    ["the resource is a list", { resource: "resource: [azure.storage]" }],
    ["the resource type is a number", { resource: "resource: { type: 7, id: x }" }],
    ["the resource has no id", { resource: "resource: { type: azure.storage }" }],
    ["the actions are one word", { access: "access: { actions: read }" }],
    ["there is no access", { access: "" }],
  ])("without guessing what %s would mean", (_, changes) => {
    const found = wrong(changes);
    expect(found.length).toBeGreaterThan(0);
    for (const line of found) expect(line).toMatch(/^SCHEMA_/);
  });
});

describe("the type that a file names itself", () => {
  it.each<[string, string, string | null]>([
    ["stands in it, whatever else is wrong", "resource: { type: azure.sql }\nkind: Nothing\n", "azure.sql"],
    ["is none where it is no text", "resource: { type: [azure.sql] }\n", null],
    ["is none where there is no resource", "kind: Grant\n", null],
    ["is none where the resource is empty", "resource:\n", null],
    ["is none where the resource is no mapping", "resource: azure.sql\n", null],
    ["is none of a file that cannot be read", "resource: { type: 'azure.sql }\n", null],
    ["is none of a list", "- azure.sql\n", null],
  ])("%s", (_, text, type) => {
    expect(resourceTypeIn(new TextEncoder().encode(text))).toBe(type);
  });
});
