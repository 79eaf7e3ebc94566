import { expect, it, onTestFinished } from "vitest";
import { jira } from "../../src/cases/jira.ts";
import { caseSystemContract } from "../contracts/case-system.ts";
import { reply, serve, signal } from "./server.ts";

/** As Jira describes an issue when only its status is asked for. https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/ */
function issue(key: string, category: string): string {
  return JSON.stringify({
    expand: "renderedFields,names,schema",
    id: "10002",
    self: `https://acme.atlassian.net/rest/api/2/issue/10002`,
    key,
    fields: {
      status: {
        id: "3",
        name: "Waiting for customer",
        statusCategory: { id: 4, key: category, colorName: "yellow", name: "In Progress" },
      },
    },
  });
}

const NOT_FOUND = JSON.stringify({
  errorMessages: ["Issue does not exist or you do not have permission to see it."],
  errors: {},
});

async function jiraServer(categories: Readonly<Record<string, string>>) {
  let fixed: { status: number; body: string } | null = null;
  const server = await serve((request, response) => {
    if (fixed !== null) return reply(response, fixed.status, fixed.body);
    const [, key = ""] = /^\/rest\/api\/2\/issue\/([^?]+)\?fields=status$/.exec(request.url ?? "") ?? [];
    const category = categories[key.toUpperCase()];
    if (category === undefined) reply(response, 404, NOT_FOUND);
    else reply(response, 200, issue(key, category));
  });
  return {
    ...server,
    answers: (status: number, body = "{}") => {
      fixed = { status, body };
    },
  };
}

caseSystemContract(async () => {
  const server = await jiraServer({ "SUP-1": "indeterminate", "SUP-2": "done" });
  return {
    system: jira({ url: server.url, authorization: "Bearer token", signal }),
    open: "SUP-1",
    resolved: "SUP-2",
    missing: "SUP-404",
    answers: server.answers,
    asked: () => server.requests.length,
    end: server.end,
  };
});

it.each([
  ["new", { read: true, state: "open" }],
  ["indeterminate", { read: true, state: "open" }],
  ["done", { read: true, state: "resolved" }],
  ["undefined", { read: false, because: "Jira: its answer cannot be read" }],
])("an issue in the status category %s", async (category, fact) => {
  const server = await jiraServer({ "SUP-1": category });
  onTestFinished(server.end);
  const system = jira({ url: server.url, authorization: "Basic abc", signal });
  expect((await system.read("sup-1")).fact).toEqual(fact);
  expect(server.requests).toEqual([
    { path: "/rest/api/2/issue/sup-1?fields=status", authorization: "Basic abc" },
  ]);
});

it.each(["10002", "SUP-0", "SUP-01", "SUP"])(
  "%s is no key of an issue: one case has one name",
  async (id) => {
    const server = await jiraServer({});
    onTestFinished(server.end);
    const system = jira({ url: server.url, authorization: "Basic abc", signal });
    expect((await system.read(id)).fact).toMatchObject({ read: false });
    expect(server.requests).toEqual([]);
  },
);
