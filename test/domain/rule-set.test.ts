import { describe, expect, it } from "vitest";
import { catalogFindings, labelsOf } from "../../src/domain/rule-set.ts";

import { content } from "./builders.ts";

const catalog = [
  { type: "ssh.host", id: "*", labels: { tier: "any" } },
  { type: "ssh.host", id: "db-*", labels: { tier: "database" } },
  { type: "ssh.host", id: "db-1", labels: { tier: "this one" } },
  { type: "ssh.host", id: "a-*", labels: { tier: "first" } },
  { type: "ssh.host", id: "*-z", labels: { tier: "second" } },
  { type: "azure.sql", id: "shop/**", labels: { tier: "sql" } },
];
const tier = (type: string, id: string, entries = catalog) => labelsOf({ type, id }, entries)?.tier ?? null;

describe("what a resource is comes from the catalog", () => {
  it.each([
    ["an exact id before any glob", "ssh.host", "db-1", "this one"],
    ["the longer glob before the shorter", "ssh.host", "db-2", "database"],
    ["a glob", "ssh.host", "web", "any"],
    ["of globs of one length always the same", "ssh.host", "a-z", "second"],
    ["a glob over folders", "azure.sql", "shop/eu/orders", "sql"],
    ["an unlisted resource has no labels", "azure.sql", "other/orders", null],
    ["another type has nothing to do with it", "azure.storage", "db-1", null],
    ["an id without an asterisk is no glob", "ssh.host", "eu/db-1", null],
  ])("%s", (_, type, id, expected) => {
    expect(tier(type, id)).toBe(expected);
    expect(tier(type, id, catalog.toReversed())).toBe(expected);
  });
});

describe("a resource that only case keeps from being listed", () => {
  const found = (type: string, id: string) =>
    catalogFindings(content({ resource: { type, id } }), catalog.slice(2)).map(({ message }) => message);

  it("is refused: written otherwise, it would have no labels", () => {
    expect(found("ssh.host", "DB-1")).toEqual([
      "`DB-1` differs only in case from `db-1`, which the catalog lists",
    ]);
  });

  it("is told where the file names it", () => {
    const [one] = catalogFindings(content({ resource: { type: "ssh.host", id: "DB-1" } }), catalog);
    expect(one?.at?.line).toBe(8);
  });

  it("also where a glob lists it", () => {
    expect(found("azure.sql", "SHOP/orders")).toEqual([
      "`SHOP/orders` differs only in case from `shop/**`, which the catalog lists",
    ]);
  });

  it("also where a wider glob lists it as it is written: its labels would be others", () => {
    const all = [...catalog, { type: "ssh.host", id: "**", labels: { tier: "harmless" } }];
    const messages = (id: string) =>
      catalogFindings(content({ resource: { type: "ssh.host", id } }), all).map(({ message }) => message);
    expect(messages("DB-1")).toEqual(["`DB-1` differs only in case from `db-1`, which the catalog lists"]);
    expect(messages("db-1")).toEqual([]);
    expect(messages("Web")).toEqual([]);
  });

  it("is fine where both are listed: there case counts", () => {
    const both = [...catalog, { type: "ssh.host", id: "DB-1", labels: { tier: "another" } }];
    for (const id of ["DB-1", "db-1"]) {
      expect(catalogFindings(content({ resource: { type: "ssh.host", id } }), both)).toEqual([]);
    }
  });

  it("a listed resource is fine, and one that nothing resembles is merely unlisted", () => {
    expect(found("ssh.host", "db-1")).toEqual([]);
    expect(found("ssh.host", "web")).toEqual([]);
    expect(found("azure.storage", "DB-1")).toEqual([]);
  });
});
