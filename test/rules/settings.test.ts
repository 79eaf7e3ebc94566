import { describe, expect, it } from "vitest";
import { hours } from "../../src/domain/time.ts";
import { defaultSettings } from "../../src/rules/settings.ts";
import { loaded, policyText, ruleFiles, wrongWith } from "./rule-files.ts";

const files = (more: string) =>
  ruleFiles({
    "policies/p.yaml": policyText("p"),
    "policies/settings.yaml": `apiVersion: grantbox/v1\nkind: Settings\n${more}`,
  });
const settings = (more: string) => loaded(files(more)).rules.settings;

describe("the settings of a lockbox", () => {
  it("say nothing: eight hours of access, a day with extensions, four days of waiting, a report each month, and nobody has a role", () => {
    expect(settings("")).toEqual({
      administrators: { teams: [], users: [] },
      eligibility: null,
      approvers: null,
      auditors: { teams: [], users: [] },
      maxDuration: hours(8),
      maxTotalDuration: hours(24),
      pendingExpiresAfter: hours(96),
      monthlyReport: true,
    });
    expect(loaded(ruleFiles({ "policies/p.yaml": policyText("p") })).rules.settings).toEqual(defaultSettings);
  });

  it("give roles", () => {
    const roles = `roles:
  request:
    - { teams: [support], resourceTypes: ["azure.*"], onBehalf: true }
    - { users: [alice] }
    - { resourceTypes: [ssh.host] }
  approve: { teams: [privacy] }
  audit: { users: [otto] }
  administer: { teams: [administrators], users: [grace] }`;
    expect(settings(roles)).toMatchObject({
      administrators: { teams: ["administrators"], users: ["grace"] },
      eligibility: [
        { teams: ["support"], users: [], resourceTypes: ["azure.*"], onBehalf: true },
        { teams: [], users: ["alice"], resourceTypes: null, onBehalf: false },
        { teams: [], users: [], resourceTypes: ["ssh.host"], onBehalf: false },
      ],
      approvers: { teams: ["privacy"], users: [] },
      auditors: { teams: [], users: ["otto"] },
    });
  });

  it("bound times", () => {
    expect(
      settings("defaults: { maxDuration: PT2H, maxTotalDuration: PT6H, pendingExpiresAfter: P1D }"),
    ).toMatchObject({ maxDuration: hours(2), maxTotalDuration: hours(6), pendingExpiresAfter: hours(24) });
  });

  it.each([true, false])("say whether each month is reported: %s", (monthly) => {
    expect(settings(`reports: { monthly: ${monthly} }`)).toMatchObject({ monthlyReport: monthly });
  });

  it("are refused with a time of no length", () => {
    expect(wrongWith(files("defaults: { maxTotalDuration: PT0S }"))[0]).toContain("GRANT_DURATION_INVALID");
  });
});

describe("the directory", () => {
  const directory = (more: string) =>
    ruleFiles({
      "policies/p.yaml": policyText("p"),
      "policies/directory.yaml": `apiVersion: grantbox/v1\nkind: Directory\n${more}`,
    });

  it("says who manages whom, and which teams GitHub does not have", () => {
    const { rules } = loaded(
      directory(
        "persons: [{ name: Alice, logins: [alice], managers: [grace] }]\nteams: [{ name: dpo, members: [carol] }]",
      ),
    );
    expect(rules.directory).toEqual({
      entries: [{ name: "Alice", logins: ["alice"], emails: [], managers: ["grace"] }],
      teams: [{ name: "dpo", members: ["carol"] }],
    });
  });

  it("is refused with two teams of one name", () => {
    const teams = "persons: []\nteams: [{ name: dpo, members: [carol] }, { name: dpo, members: [] }]";
    expect(wrongWith(directory(teams))).toEqual([
      expect.stringContaining("RULES_DUPLICATE_NAME policies/directory.yaml:1:1 there are two teams `dpo`"),
    ]);
  });
});
