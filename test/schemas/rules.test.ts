import { describe, expect, it } from "vitest";
import { complaints } from "./schema-files.ts";

const policy = {
  apiVersion: "grantbox/v1",
  kind: "ApproverPolicy",
  name: "storage-default",
  description: "Any read of a storage account takes one of its owners.",
  require: [{ name: "resource owners", count: 1, from: { codeowners: true } }],
};
const from = (source: object) => ({ require: [{ name: "owners", count: 1, from: source }] });
const hours = (parts: object) => ({
  timeZone: "Europe/Berlin",
  days: ["mon"],
  from: "08:00",
  until: "18:00",
  ...parts,
});
const counting = (count: number) => ({ require: [{ name: "owners", count, from: { codeowners: true } }] });

describe("an approver policy", () => {
  it.each<[string, object]>([
    ["for every request", {}],
    ["that matches a value", { match: { "resource.type": "azure.*" } }],
    [
      "that matches any of a list",
      { match: { "resource.labels.classification": ["pii", "phi"], "case.severity": [1, 2] } },
    ],
    ["that matches when all values are listed", { match: { "access.actions": { only: ["read", "list"] } } }],
    ["that matches a field of the scope", { match: { "access.scope.redacted": true } }],
    ["with a condition", { when: "resource.listed" }],
    ["with limits", { limits: { maxDuration: "PT4H", minJustification: 40 } }],
    ["that names teams and people", from({ teams: ["privacy"], users: ["carol"], codeowners: true })],
    ["with alternatives", { match: { anyOf: [{ "resource.type": "azure.sql" }, { emergency: true }] } }],
    [
      "with every limit",
      {
        limits: {
          minDuration: "PT15M",
          maxTotalDuration: "PT12H",
          maxActivePerSubject: 2,
          maxPerCase: 5,
          officeHours: hours({ until: "24:00" }),
          regions: ["westeurope"],
          locations: ["DE"],
          actions: ["read"],
          scope: { paths: ["2026/**"] },
          narrow: true,
        },
      },
    ],
    ["with conditions", { conditions: { mfa: true, signedCommits: true, caseOpen: true } }],
    [
      "with a choice",
      {
        require: [
          { anyOf: [policy.require[0], { allOf: [{ name: "x", count: 2, from: { teams: ["a"] } }] }] },
        ],
      },
    ],
    [
      "that names roles and managers, without some",
      from({ roles: ["administer"], requesterManagers: true, not: { users: ["dave"] } }),
    ],
    ["with reminders", { pending: { expiresAfter: "P2D", remindAfter: ["PT2H", "P1D"] } }],
    ["with an escalation", { pending: { escalateAfter: "PT4H", escalateTo: { teams: ["security"] } } }],
    [
      "with an emergency",
      {
        emergency: { count: 1, from: { teams: ["oncall"] }, maxDuration: "PT1H", reviewWithin: "P2D" },
      },
    ],
    ["with denials", { deny: [{ when: "!resource.listed", message: "Not in the catalog." }] }],
  ])("%s is valid", (_, change) => {
    expect(complaints("schemas/approver-policy.schema.json", { ...policy, ...change })).toEqual([]);
  });

  it.each<[string, object]>([
    ["that requires nobody", { require: [] }],
    ["that requires approvals from nowhere", from({})],
    ["that says no to code owners, as if that named somebody", from({ codeowners: false })],
    ["that requires approvals from an empty list of teams", from({ teams: [] })],
    ["that names a team with its organisation", from({ teams: ["acme/privacy"] })],
    ["that requires no approval", counting(0)],
    ["that requires eleven approvals", counting(11)],
    ["that requires half an approval", counting(1.5)],
    ["with a name that is no file name", { name: "Storage Default" }],
    ["without a description", { description: "" }],
    ["that matches a field that no request has", { match: { "resource.typ": "azure.storage" } }],
    ["that matches a label of a label", { match: { "resource.labels.a.b": "x" } }],
    ["that matches nothing", { match: {} }],
    ["that matches an empty list", { match: { "resource.type": [] } }],
    ["that matches with an operator that does not exist", { match: { "access.actions": { all: ["read"] } } }],
    ["that matches null", { match: { "resource.type": null } }],
    ["with a limit in words", { limits: { maxDuration: "4 hours" } }],
    ["with a limit that does not exist", { limits: { maxDurations: "PT4H" } }],
    ["that denies without a message", { deny: [{ when: "true" }] }],
    ["that denies without a condition", { deny: [{ message: "No." }] }],
    ["with a condition that is no text", { when: true }],
    ["with a clause that does not exist", { condition: { mfa: true } }],
    ["with a condition that does not exist", { conditions: { sso: true } }],
    [
      "with office hours without a time zone",
      { limits: { officeHours: { days: ["mon"], from: "08:00", until: "18:00" } } },
    ],
    ["with a time of day that does not exist", { limits: { officeHours: hours({ from: "25:00" }) } }],
    ["with a day that does not exist", { limits: { officeHours: hours({ days: ["monday"] }) } }],
    ["with an empty choice", { require: [{ anyOf: [] }] }],
    [
      "with a requirement that is a choice as well",
      { require: [{ name: "x", count: 1, from: { codeowners: true }, anyOf: [] }] },
    ],
    ["with a role that does not exist", { require: [{ name: "x", count: 1, from: { roles: ["own"] } }] }],
    ["that escalates to nobody", { pending: { escalateAfter: "PT4H" } }],
    ["that escalates at no time", { pending: { escalateTo: { teams: ["security"] } } }],
    [
      "with an emergency that nobody reviews",
      { emergency: { count: 1, from: { teams: ["oncall"] }, maxDuration: "PT1H" } },
    ],
  ])("%s is refused", (_, change) => {
    expect(complaints("schemas/approver-policy.schema.json", { ...policy, ...change })).not.toEqual([]);
  });
});

describe("the other rule files", () => {
  const catalog = (entry: object) => ({
    apiVersion: "grantbox/v1",
    kind: "ResourceCatalog",
    resources: [entry],
  });
  const directory = (person: object) => ({ apiVersion: "grantbox/v1", kind: "Directory", persons: [person] });
  const settings = (change: object) => ({ apiVersion: "grantbox/v1", kind: "Settings", ...change });

  it.each<[string, string, object]>([
    ["an empty catalog", "resource-catalog", { ...catalog({}), resources: [] }],
    [
      "a label of one's own",
      "resource-catalog",
      catalog({ type: "ssh.host", id: "web-*", labels: { residency: "eu" } }),
    ],
    ["an empty directory", "directory", { ...directory({}), persons: [] }],
    ["a person with two logins", "directory", directory({ name: "Erin", logins: ["erin", "erin-acme"] })],
    ["settings that say nothing", "settings", settings({})],
    [
      "settings that say who administers",
      "settings",
      settings({ roles: { administer: { users: ["grace"] } } }),
    ],
  ])("%s is valid", (_, schema, value) => {
    expect(complaints(`schemas/${schema}.schema.json`, value)).toEqual([]);
  });

  it.each<[string, string, object]>([
    [
      "a classification that no policy knows",
      "resource-catalog",
      catalog({ type: "ssh.host", id: "x", labels: { classification: "secret" } }),
    ],
    [
      "an environment that no policy knows",
      "resource-catalog",
      catalog({ type: "ssh.host", id: "x", labels: { environment: "production" } }),
    ],
    [
      "a label that is a number",
      "resource-catalog",
      catalog({ type: "ssh.host", id: "x", labels: { tier: 1 } }),
    ],
    [
      "a label that an expression cannot name",
      "resource-catalog",
      catalog({ type: "ssh.host", id: "x", labels: { "cost-centre": "7" } }),
    ],
    ["a resource without labels", "resource-catalog", catalog({ type: "ssh.host", id: "x" })],
    ["a person without a login", "directory", directory({ name: "Erin", logins: [] })],
    ["a person without a name", "directory", directory({ logins: ["erin"] })],
    [
      "a mail address without a host",
      "directory",
      directory({ name: "Erin", logins: ["erin"], emails: ["erin@"] }),
    ],
    ["a role that does not exist", "settings", settings({ roles: { own: { teams: ["auditors"] } } })],
    ["a list of roles that is none", "settings", settings({ roles: { request: { teams: ["support"] } } })],
    [
      "a team without a name",
      "directory",
      { ...directory({ name: "Carol", logins: ["carol"] }), teams: [{ members: ["carol"] }] },
    ],
    ["a role that nobody has", "settings", settings({ roles: { administer: {} } })],
    ["a default that does not exist", "settings", settings({ defaults: { maxAge: "P4D" } })],
  ])("%s is refused", (_, schema, value) => {
    expect(complaints(`schemas/${schema}.schema.json`, value)).not.toEqual([]);
  });
});
