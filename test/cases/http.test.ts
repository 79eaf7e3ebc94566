import { describe, expect, it, onTestFinished } from "vitest";
import { getter } from "../../src/cases/http.ts";
import { reply, serve, signal } from "./server.ts";

type Answer = Parameters<typeof serve>[0];

async function asking(answer: Answer, bounds: { timeoutMs?: number; restMs?: number } = {}) {
  const server = await serve(answer);
  onTestFinished(server.end);
  const get = getter({ url: server.url, authorization: "Bearer a-secret", signal, ...bounds });
  return { get, server };
}

describe("asking a case system", () => {
  it("sends the query and the credentials, and gives status and JSON", async () => {
    const { get, server } = await asking((_, response) => reply(response, 404, '{"a":1}'));
    expect(await get("/x", { fields: "a&b" })).toEqual({ kind: "answered", status: 404, body: { a: 1 } });
    expect(server.requests).toEqual([{ path: "/x?fields=a%26b", authorization: "Bearer a-secret" }]);
  });

  it("does not carry the credentials to where a redirect points", async () => {
    const other = await serve((_, response) => reply(response, 200, "{}"));
    onTestFinished(other.end);
    const { get } = await asking((_, response) => {
      response.writeHead(302, { location: other.url });
      response.end();
    });
    expect(await get("/x", {})).toMatchObject({ kind: "answered", status: 302 });
    expect(other.requests).toEqual([]);
  });

  it("reads no more than it needs: a larger answer is none", async () => {
    const { get } = await asking((_, response) => reply(response, 200, `"${"x".repeat(300_000)}"`));
    expect(await get("/x", {})).toEqual({ kind: "answered", status: 200, body: undefined });
  });

  it("gives up on a system that does not answer, and leaves it alone for a while", async () => {
    const { get, server } = await asking(() => undefined, { timeoutMs: 50 });
    expect(await get("/x", {})).toEqual({ kind: "silent", because: "it took too long to answer" });
    expect(await get("/x", {})).toEqual({ kind: "silent", because: "it did not answer a moment ago" });
    expect(server.requests).toHaveLength(1);
  });

  it("asks it again after that", async () => {
    let isAway = true;
    const { get } = await asking(
      (_, response) => (isAway ? response.destroy() : reply(response, 200, "{}")),
      {
        restMs: 0,
      },
    );
    expect(await get("/x", {})).toMatchObject({ kind: "silent" });
    isAway = false;
    expect(await get("/x", {})).toMatchObject({ kind: "answered", status: 200 });
  });

  it("gives up on an answer that does not end", async () => {
    const { get } = await asking(
      (_, response) => {
        response.writeHead(200);
        response.write("{");
      },
      { timeoutMs: 50 },
    );
    expect(await get("/x", {})).toMatchObject({ kind: "silent" });
  });

  it("says that nobody is there, and not what with", async () => {
    const { get, server } = await asking(() => undefined);
    await server.end();
    expect(await get("/x", {})).toEqual({ kind: "silent", because: "it could not be reached" });
  });

  it("stops with the process", async () => {
    const server = await serve(() => undefined);
    onTestFinished(server.end);
    const process = new AbortController();
    const get = getter({ url: server.url, authorization: "", signal: process.signal });
    const answer = get("/x", {});
    process.abort();
    expect(await answer).toMatchObject({ kind: "silent" });
  });
});
