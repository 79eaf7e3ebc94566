/** What is agreed on with the systems that keep support cases; null where there is no such system. */
export interface CaseSettings {
  readonly serviceNow: {
    readonly url: string;
    readonly authorization: string;
    readonly table: string;
    readonly resolvedStates: readonly string[];
  } | null;
  readonly jira: { readonly url: string; readonly authorization: string } | null;
  /** What announcements are signed with: the present secret first. Empty when nobody may announce. */
  readonly secrets: readonly string[];
}

/** The variables that are read here, in the order in which they are explained. */
export const caseVariables = [
  {
    name: "GRANTBOX_CASE_SECRET",
    meaning: "the secret that announcements of cases are signed with, at least 32 characters",
  },
  {
    name: "GRANTBOX_CASE_SECRET_PREVIOUS",
    meaning: "the secret before the present one, accepted as well while you change it",
  },
  {
    name: "GRANTBOX_SERVICENOW_URL",
    meaning: "address of a ServiceNow instance to ask about cases (https://acme.service-now.com)",
  },
  {
    name: "GRANTBOX_SERVICENOW_USER",
    meaning: "its user that may read the table; absent, the password is a token",
  },
  { name: "GRANTBOX_SERVICENOW_PASSWORD", meaning: "that user's password, or an OAuth access token" },
  {
    name: "GRANTBOX_SERVICENOW_TABLE",
    meaning: "the table that holds the cases (default task, which holds those of all that extend it)",
  },
  {
    name: "GRANTBOX_SERVICENOW_RESOLVED",
    meaning: "values of `state` that mean resolved although a record is active, with commas (default 6)",
  },
  {
    name: "GRANTBOX_JIRA_URL",
    meaning: "address of a Jira to ask about cases (https://acme.atlassian.net)",
  },
  {
    name: "GRANTBOX_JIRA_USER",
    meaning: "the account's e-mail, for Jira Cloud; absent, the token is a personal one",
  },
  { name: "GRANTBOX_JIRA_TOKEN", meaning: "an API token (Cloud) or a personal access token (Data Center)" },
] as const satisfies readonly { readonly name: string; readonly meaning: string }[];

type Name = (typeof caseVariables)[number]["name"];

/** Reads the settings, and all that is wrong with them; values never appear in a problem. */
export function readCaseSettings(get: (name: string) => string | null, problems: string[]): CaseSettings {
  const value = (name: Name) => get(name);
  const jira = systemOf("GRANTBOX_JIRA_URL", "GRANTBOX_JIRA_USER", "GRANTBOX_JIRA_TOKEN", value, problems);
  const serviceNow = systemOf(
    "GRANTBOX_SERVICENOW_URL",
    "GRANTBOX_SERVICENOW_USER",
    "GRANTBOX_SERVICENOW_PASSWORD",
    value,
    problems,
  );
  const table = value("GRANTBOX_SERVICENOW_TABLE") ?? "task";
  if (!/^[a-z0-9_]{1,80}$/.test(table)) problems.push("GRANTBOX_SERVICENOW_TABLE is not the name of a table");
  const resolvedStates = (value("GRANTBOX_SERVICENOW_RESOLVED") ?? "6")
    .split(",")
    .map((state) => state.trim());
  if (!resolvedStates.every((state) => /^-?\d{1,6}$/.test(state))) {
    problems.push("GRANTBOX_SERVICENOW_RESOLVED is not a list of numbers with commas");
  }
  return {
    jira,
    serviceNow: serviceNow === null ? null : { ...serviceNow, table, resolvedStates },
    secrets: readSecrets(value, problems),
  };
}

function readSecrets(value: (name: Name) => string | null, problems: string[]): readonly string[] {
  const secret = value("GRANTBOX_CASE_SECRET");
  const previous = value("GRANTBOX_CASE_SECRET_PREVIOUS");
  if (secret === null) {
    if (previous !== null)
      problems.push("GRANTBOX_CASE_SECRET_PREVIOUS is set, and GRANTBOX_CASE_SECRET is not");
    return [];
  }
  if (secret.length < 32) problems.push("GRANTBOX_CASE_SECRET is shorter than 32 characters");
  return previous === null ? [secret] : [secret, previous];
}

function systemOf(
  url: Name,
  user: Name,
  password: Name,
  value: (name: Name) => string | null,
  problems: string[],
): { url: string; authorization: string } | null {
  const address = value(url);
  const [login, secret] = [value(user), value(password)];
  if (address === null) {
    for (const name of [user, password]) {
      if (value(name) !== null) problems.push(`${name} is set, and ${url} is not`);
    }
    return null;
  }
  const base = baseOf(address);
  if (base === null) problems.push(`${url} is not an https address without user, query and fragment`);
  if (secret === null) problems.push(`${url} is set, and ${password} is not`);
  if (base === null || secret === null) return null;
  const basic = Buffer.from(`${login}:${secret}`).toString("base64");
  return { url: base, authorization: login === null ? `Bearer ${secret}` : `Basic ${basic}` };
}

/** The address without a slash at its end; null when credentials must not be sent there. Plain http is for this machine. */
function baseOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, username, password, search, hash, href } = new URL(text);
  const isSafe =
    protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost"].includes(hostname));
  const isPlain = username === "" && password === "" && search === "" && hash === "";
  return isSafe && isPlain ? href.replace(/\/+$/, "") : null;
}
