import { describe, expect, it, onTestFinished } from "vitest";
import { serviceNow } from "../../src/cases/servicenow.ts";
import { caseSystemContract } from "../contracts/case-system.ts";
import { reply, serve, signal } from "./server.ts";

interface Row {
  readonly number?: unknown;
  readonly state?: unknown;
  readonly active?: unknown;
}

/** The table API: every value is text. https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html */
async function instance(table: string, rows: readonly Row[], ignoresQuery = false) {
  let fixed: { status: number; body: string } | null = null;
  const server = await serve((request, response) => {
    if (fixed !== null) return reply(response, fixed.status, fixed.body);
    const url = new URL(request.url ?? "", "http://x");
    const number = url.searchParams.get("sysparm_query")?.replace(/^number=/, "");
    if (url.pathname !== `/api/now/table/${table}`) {
      return reply(response, 400, JSON.stringify({ error: { message: "Invalid table" }, status: "failure" }));
    }
    const result = rows.filter(
      (row) => ignoresQuery || String(row.number).toLowerCase() === number?.toLowerCase(),
    );
    const limit = Number(url.searchParams.get("sysparm_limit"));
    reply(response, 200, JSON.stringify({ result: result.slice(0, limit) }));
  });
  return {
    ...server,
    answers: (status: number, body = "{}") => {
      fixed = { status, body };
    },
  };
}

const options = { authorization: "Basic abc", signal, table: "task", resolvedStates: ["6"] };
const open = { number: "CS0001", state: "10", active: "true" };

caseSystemContract(async () => {
  const server = await instance("task", [open, { number: "CS0002", state: "3", active: "false" }]);
  return {
    system: serviceNow({ ...options, url: server.url }),
    open: "CS0001",
    resolved: "CS0002",
    missing: "CS0404",
    answers: server.answers,
    asked: () => server.requests.length,
    end: server.end,
  };
});

describe("a record of ServiceNow", () => {
  it.each<[string, Row, unknown]>([
    ["active is open", open, { read: true, state: "open" }],
    ["active and resolved is resolved", { ...open, state: "6" }, { read: true, state: "resolved" }],
    ["no longer active is resolved", { ...open, active: "false" }, { read: true, state: "resolved" }],
    ["without a word on being active is unread", { ...open, active: "" }, { read: false }],
    ["whose state may not be seen is unread", { number: "CS0001", active: "true" }, { read: false }],
    ["of another number is unread", { ...open, number: "CS0009" }, { read: false }],
  ])("%s", async (_, row, fact) => {
    const server = await instance("task", [row], true);
    onTestFinished(server.end);
    expect((await serviceNow({ ...options, url: server.url }).read("CS0001")).fact).toMatchObject(
      Object(fact),
    );
  });

  it("that is one of several of its number is unread", async () => {
    const server = await instance("task", [open, open]);
    onTestFinished(server.end);
    expect((await serviceNow({ ...options, url: server.url }).read("cs0001")).fact).toMatchObject({
      read: false,
    });
  });

  it("is found in the table that is configured, whatever the letters of its number", async () => {
    const server = await instance("sn_customerservice_case", [open]);
    onTestFinished(server.end);
    const system = serviceNow({ ...options, url: server.url, table: "sn_customerservice_case" });
    expect((await system.read("cs0001")).fact).toEqual({ read: true, state: "open" });
    expect(server.requests[0]?.authorization).toBe("Basic abc");
  });
});
