import { describe, expect, it } from "vitest";
import { readCaseSettings } from "../../src/cases/settings.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

function read(environment: Readonly<Record<string, string>>) {
  const problems: string[] = [];
  const settings = readCaseSettings((name) => environment[name] ?? null, problems);
  return { settings, problems };
}

describe("what is agreed on with case systems", () => {
  it("is nothing unless it is set", () => {
    expect(read({})).toEqual({ settings: { serviceNow: null, jira: null, secrets: [] }, problems: [] });
  });

  it("is an address with a user and a password, or with a token alone", () => {
    const { settings, problems } = read({
      GRANTBOX_SERVICENOW_URL: "https://acme.service-now.com/",
      GRANTBOX_SERVICENOW_USER: "grantbox",
      GRANTBOX_SERVICENOW_PASSWORD: "secret",
      GRANTBOX_SERVICENOW_TABLE: "sn_customerservice_case",
      GRANTBOX_SERVICENOW_RESOLVED: "6, 3",
      GRANTBOX_JIRA_URL: "https://acme.example/jira/",
      GRANTBOX_JIRA_TOKEN: "token",
      GRANTBOX_CASE_SECRET: SECRET,
      GRANTBOX_CASE_SECRET_PREVIOUS: "old",
    });
    expect(problems).toEqual([]);
    expect(settings).toEqual({
      serviceNow: {
        url: "https://acme.service-now.com",
        authorization: `Basic ${Buffer.from("grantbox:secret").toString("base64")}`,
        table: "sn_customerservice_case",
        resolvedStates: ["6", "3"],
      },
      jira: { url: "https://acme.example/jira", authorization: "Bearer token" },
      secrets: [SECRET, "old"],
    });
  });

  it("may be plain http on this machine, for a try", () => {
    expect(read({ GRANTBOX_JIRA_URL: "http://127.0.0.1:8080", GRANTBOX_JIRA_TOKEN: "t" }).problems).toEqual(
      [],
    );
  });

  const jira = { GRANTBOX_JIRA_TOKEN: "a-token" };
  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      "plain http elsewhere",
      { ...jira, GRANTBOX_JIRA_URL: "http://jira.acme.example" },
      /GRANTBOX_JIRA_URL is not an https/,
    ],
    [
      "credentials in the address",
      { ...jira, GRANTBOX_JIRA_URL: "https://me:pw@acme.example" },
      /GRANTBOX_JIRA_URL/,
    ],
    [
      "an address with a query",
      { ...jira, GRANTBOX_JIRA_URL: "https://acme.example/?x" },
      /GRANTBOX_JIRA_URL/,
    ],
    ["an address that is none", { ...jira, GRANTBOX_JIRA_URL: "acme" }, /GRANTBOX_JIRA_URL/],
    [
      "an address without a token",
      { GRANTBOX_JIRA_URL: "https://acme.example" },
      /GRANTBOX_JIRA_TOKEN is not/,
    ],
    ["a token without an address", jira, /GRANTBOX_JIRA_TOKEN is set, and GRANTBOX_JIRA_URL is not/],
    ["a table that is none", { GRANTBOX_SERVICENOW_TABLE: "task/../x" }, /GRANTBOX_SERVICENOW_TABLE/],
    [
      "states that are no numbers",
      { GRANTBOX_SERVICENOW_RESOLVED: "resolved" },
      /GRANTBOX_SERVICENOW_RESOLVED/,
    ],
    ["a secret that is short", { GRANTBOX_CASE_SECRET: "short" }, /shorter than 32/],
    ["only the secret before", { GRANTBOX_CASE_SECRET_PREVIOUS: SECRET }, /GRANTBOX_CASE_SECRET is not/],
  ])("is refused with %s, and no value is shown", (_, environment, problem) => {
    const { problems } = read(environment);
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems.join("")).not.toMatch(/a-token|me:pw|0123456789|"short"/);
  });
});
