import { describe, expect, it } from "vitest";
import { complaints } from "./schema-files.ts";

const GRANT = "schemas/grant.schema.json";

const grant = {
  apiVersion: "grantbox/v1",
  kind: "Grant",
  id: "cs-41207-checkout-logs",
  case: { system: "servicenow", id: "CS-41207" },
  subject: "alice",
  resource: { type: "azure.storage", id: "/subscriptions/1/storageAccounts/checkoutprod" },
  access: { actions: ["list", "read"] },
  justification: "Checkout times out for tenant 88.",
  duration: "PT4H",
};

function without(field: keyof typeof grant): object {
  return Object.fromEntries(Object.entries(grant).filter(([key]) => key !== field));
}

describe("a grant", () => {
  it.each([
    ["with only what is required", grant],
    [
      "with a severity and a link",
      { ...grant, case: { ...grant.case, severity: 1, url: "https://acme.example/c?id=7" } },
    ],
    ["with a scope", { ...grant, access: { ...grant.access, scope: { container: "logs" } } }],
    ["that starts later", { ...grant, notBefore: "2026-11-24T12:00:00+01:00" }],
    [
      "with constraints",
      { ...grant, constraints: { locations: ["DE"], networks: ["10.8.0.0/16", "::1/128"], mfa: true } },
    ],
    ["for an emergency", { ...grant, emergency: true }],
    [
      "whose justification has several lines and an accent",
      { ...grant, justification: "Réseau:\n\t- tenant 88\n" },
    ],
    ["for a managed user", { ...grant, subject: "erin-b_acme" }],
    ["of mixed units", { ...grant, duration: "P1W2DT3H4M5S" }],
  ])("%s is valid", (_, value) => {
    expect(complaints(GRANT, value)).toEqual([]);
  });

  it.each(Object.keys(grant) as (keyof typeof grant)[])("without %s is refused", (field) => {
    expect(complaints(GRANT, without(field))).toEqual([`/: must have required property '${field}'`]);
  });

  it.each<[string, object, string]>([
    ["of another version", { apiVersion: "grantbox/v2" }, "/apiVersion"],
    ["of another kind", { kind: "Grants" }, "/kind"],
    ["with a field that does not exist", { approved: true }, "/"],
    ["with capitals in the id", { id: "CS-41207" }, "/id"],
    ["with a path in the id", { id: "../cs-1" }, "/id"],
    ["with two hyphens in a row in the id", { id: "cs--1" }, "/id"],
    ["with an id that ends in a hyphen", { id: "cs-1-" }, "/id"],
    ["with an empty id", { id: "" }, "/id"],
    ["with an id that is a number", { id: 41207 }, "/id"],
    ["with an id of 81 characters", { id: "a".repeat(81) }, "/id"],
    ["with a line break after the id", { id: "cs-1\n" }, "/id"],
    ["without a case number", { case: { system: "servicenow" } }, "/case"],
    ["with a severity of 0", { case: { ...grant.case, severity: 0 } }, "/case/severity"],
    ["with a severity of 5", { case: { ...grant.case, severity: 5 } }, "/case/severity"],
    ["with a severity in words", { case: { ...grant.case, severity: "high" } }, "/case/severity"],
    ["with a link that is not https", { case: { ...grant.case, url: "http://acme.example" } }, "/case/url"],
    ["with a script for a link", { case: { ...grant.case, url: "javascript:alert(1)" } }, "/case/url"],
    [
      "with a link that hides where it leads",
      { case: { ...grant.case, url: "https://acme.example@evil.example/" } },
      "/case/url",
    ],
    [
      "with a link that breaks out of Markdown",
      { case: { ...grant.case, url: "https://acme.example/)![x](y" } },
      "/case/url",
    ],
    ["for a subject with an @", { subject: "@alice" }, "/subject"],
    ["for a bot", { subject: "renovate[bot]" }, "/subject"],
    ["for several subjects", { subject: ["alice", "erin"] }, "/subject"],
    ["for a login of 60 letters", { subject: "a".repeat(60) }, "/subject"],
    [
      "for a resource type that leaves the folder",
      { resource: { type: "../policies", id: "x" } },
      "/resource/type",
    ],
    ["for a resource type without a provider", { resource: { type: "storage", id: "x" } }, "/resource/type"],
    ["for a resource without an id", { resource: { type: "azure.storage" } }, "/resource"],
    [
      "that says itself how sensitive the resource is",
      { resource: { ...grant.resource, labels: { classification: "public" } } },
      "/resource",
    ],
    [
      "with a control character in the resource id",
      { resource: { type: "azure.storage", id: "a\u0007b" } },
      "/resource/id",
    ],
    [
      "with text that runs backwards in the resource id",
      { resource: { type: "azure.storage", id: "a\u202eb" } },
      "/resource/id",
    ],
    [
      "with a resource id of 501 characters",
      { resource: { type: "azure.storage", id: "x".repeat(501) } },
      "/resource/id",
    ],
    ["for no action", { access: { actions: [] } }, "/access/actions"],
    ["for the same action twice", { access: { actions: ["read", "read"] } }, "/access/actions"],
    ["for an action that is a pattern", { access: { actions: ["*"] } }, "/access/actions/0"],
    ["with actions as one word", { access: { actions: "read" } }, "/access/actions"],
    ["with a scope that is a list", { access: { actions: ["read"], scope: ["logs"] } }, "/access/scope"],
    ["with an empty justification", { justification: "" }, "/justification"],
    ["with a justification of 2001 characters", { justification: "x".repeat(2001) }, "/justification"],
    [
      "with an invisible character in the justification",
      { justification: "read\u200b only" },
      "/justification",
    ],
    ["for four hours in words", { duration: "4 hours" }, "/duration"],
    ["for a number of hours", { duration: 4 }, "/duration"],
    ["for a month, which has no fixed length", { duration: "P1M" }, "/duration"],
    ["for a year", { duration: "P1Y" }, "/duration"],
    ["for half an hour as a fraction", { duration: "PT0.5H" }, "/duration"],
    ["for a negative time", { duration: "-PT4H" }, "/duration"],
    ["for a duration without a value", { duration: "P" }, "/duration"],
    ["for a duration that ends in T", { duration: "P1DT" }, "/duration"],
    ["that starts at a local time", { notBefore: "2026-11-24T12:00:00" }, "/notBefore"],
    ["that starts on a day", { notBefore: "2026-11-24" }, "/notBefore"],
    ["that starts on 30 February", { notBefore: "2026-02-30T12:00:00Z" }, "/notBefore"],
    ["with a country in words", { constraints: { locations: ["Germany"] } }, "/constraints/locations/0"],
    ["with no country", { constraints: { locations: [] } }, "/constraints/locations"],
    [
      "with a network without a length",
      { constraints: { networks: ["10.8.0.0"] } },
      "/constraints/networks/0",
    ],
    [
      "with a network that is none",
      { constraints: { networks: ["10.8.0.300/16"] } },
      "/constraints/networks/0",
    ],
    ["with mfa in words", { constraints: { mfa: "yes" } }, "/constraints/mfa"],
    ["with a constraint that nobody enforces", { constraints: { weekday: "monday" } }, "/constraints"],
    ["with constraints that say nothing", { constraints: {} }, "/constraints"],
    ["with emergency in words", { emergency: "yes" }, "/emergency"],
  ])("%s is refused", (_, change, where) => {
    const found = complaints(GRANT, { ...grant, ...change });
    expect(found).not.toEqual([]);
    for (const complaint of found) expect(complaint.slice(0, complaint.indexOf(":"))).toBe(where);
  });
});

describe("what a resource type allows", () => {
  const storage =
    "/subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/checkoutprod";
  const vault = storage.replace("Storage/storageAccounts/checkoutprod", "KeyVault/vaults/checkout-keys");

  it.each<[string, string, object]>([
    ["a storage account without a container", "azure.storage", { id: storage, actions: ["read"], scope: {} }],
    [
      "every path of a container at once",
      "azure.storage",
      { id: storage, actions: ["read"], scope: { container: "logs", paths: ["**"] } },
    ],
    [
      "a path that climbs",
      "azure.storage",
      { id: storage, actions: ["read"], scope: { container: "logs", paths: ["2026/../.."] } },
    ],
    [
      "an absolute path",
      "azure.storage",
      { id: storage, actions: ["read"], scope: { container: "logs", paths: ["/2026"] } },
    ],
    [
      "an action of another type",
      "azure.storage",
      { id: storage, actions: ["exec"], scope: { container: "logs" } },
    ],
    [
      "a field of another type",
      "azure.storage",
      { id: storage, actions: ["read"], scope: { container: "logs", pods: ["x"] } },
    ],
    [
      "a resource of another type",
      "azure.storage",
      { id: "prod-eu/checkout", actions: ["read"], scope: { container: "logs" } },
    ],
    [
      "all storage accounts",
      "azure.storage",
      { id: storage.replace("checkoutprod", "*"), actions: ["read"], scope: { container: "logs" } },
    ],
    [
      "the value of a secret that is not named",
      "azure.key-vault",
      { id: vault, actions: ["view"], scope: {} },
    ],
    ["secrets by wildcard", "azure.key-vault", { id: vault, actions: ["view"], scope: { secrets: ["*"] } }],
    [
      "rows without naming tables",
      "postgres.database",
      { id: "db.acme.example/orders", actions: ["select"], scope: { schemas: ["sales"] } },
    ],
    [
      "rows among other actions without naming tables",
      "azure.sql",
      {
        id: vault.replace("KeyVault/vaults/checkout-keys", "Sql/servers/crm/databases/customers"),
        actions: ["metrics", "select"],
        scope: {},
      },
    ],
    ["a shell without an account", "ssh.host", { id: "web-03.acme.example", actions: ["login"], scope: {} }],
    ["root by any command", "ssh.host", { id: "web-03.acme.example", actions: ["sudo"], scope: {} }],
    [
      "commands chained to an allowed one",
      "ssh.host",
      { id: "web-03.acme.example", actions: ["sudo"], scope: { commands: ["/bin/true; sh"] } },
    ],
    ["commands in any pod", "kubernetes.namespace", { id: "prod-eu/checkout", actions: ["exec"], scope: {} }],
    [
      "a cluster without a namespace",
      "kubernetes.namespace",
      { id: "prod-eu", actions: ["logs"], scope: {} },
    ],
    [
      "an account by its name",
      "aws.account",
      { id: "acme-prod", actions: ["logs"], scope: { services: ["logs"] } },
    ],
    ["an account without services", "aws.account", { id: "123456789012", actions: ["logs"], scope: {} }],
    [
      "data in any resource of a service",
      "aws.account",
      { id: "123456789012", actions: ["read"], scope: { services: ["s3"] } },
    ],
    [
      "a team with a scope",
      "github.team",
      { id: "acme/privacy", actions: ["member"], scope: { until: "tomorrow" } },
    ],
  ])("does not include %s", (_, type, access) => {
    expect(complaints(`schemas/resources/${type}.schema.json`, access)).not.toEqual([]);
  });
});
