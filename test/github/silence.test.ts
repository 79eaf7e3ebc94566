import { createServer, type ServerResponse } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { failureOf, forge } from "./nock.ts";

/** A server in GitHub's place that grants tokens and answers everything else as it is told. */
async function server(answer: (response: ServerResponse) => void): Promise<string> {
  const listening = createServer((request, response) => {
    request.resume();
    response.setHeader("content-type", "application/json");
    if (request.url?.endsWith("/access_tokens")) {
      response.statusCode = 201;
      response.end(
        JSON.stringify({ token: "ghs_7_secret.secret", expires_at: "2030-01-01T00:00:00Z", permissions: {} }),
      );
    } else answer(response);
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    listening.closeAllConnections();
    listening.close();
  });
  const address = listening.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

describe("a GitHub that does not answer", () => {
  it.each([
    ["is silent", () => undefined, "it took too long"],
    [
      "trickles",
      (response: ServerResponse) => {
        response.setHeader("content-length", 1000);
        response.write('{"permission": "adm');
      },
      "GitHub's answer cannot be read",
    ],
  ] as const)("is given up after a time when it %s", async (_, answer, because) => {
    const baseUrl = await server(answer);
    const error = await failureOf(forge({ baseUrl, timeoutMs: 300 }).mayWrite("bob"));
    expect(error).toMatchObject({ name: "ForgeError", message: expect.stringContaining(because) });
  });

  it("is given up when the process stops", async () => {
    const stop = new AbortController();
    const baseUrl = await server(() => stop.abort());
    expect(await failureOf(forge({ baseUrl, signal: stop.signal }).mayWrite("bob"))).toMatchObject({
      name: "ForgeError",
      message: expect.stringContaining("the call was given up"),
    });
  });

  it("cannot be reached", async () => {
    expect(await failureOf(forge({ baseUrl: "http://127.0.0.1:1" }).mayWrite("bob"))).toMatchObject({
      message: expect.stringMatching(/^could not .*: GitHub could not be asked \(/),
    });
  });

  it("breaks off in the middle of an answer", async () => {
    const baseUrl = await server((response) => {
      response.setHeader("content-length", 1000);
      response.write('{"permission": "admin"}');
      setTimeout(() => response.destroy(), 50);
    });
    expect(await failureOf(forge({ baseUrl }).mayWrite("bob"))).toMatchObject({ name: "ForgeError" });
  });

  it("is told of by a sentence without token, body or stack", async () => {
    const baseUrl = await server((response) => {
      response.statusCode = 500;
      response.end(JSON.stringify({ message: "token ghs_7_secret.secret\nis bad, eyJhbGciOi.J9.x too" }));
    });
    const error = await failureOf(forge({ baseUrl }).mayWrite("bob"));
    expect(error).toMatchObject({
      message:
        "could not read what somebody may do in the repository: GitHub answered 500: token [token] is bad, [token] too",
    });
    expect(error).not.toHaveProperty("cause");
  });
});
