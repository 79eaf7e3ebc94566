import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { failure, mirrorWorld } from "./mirror-world.ts";
import { PASSWORD } from "./smart-http.ts";

const world = mirrorWorld();
const isPackRequest = (request: IncomingMessage): boolean =>
  request.method === "POST" && request.url?.endsWith("/git-upload-pack") === true;

describe("a server that does not deliver", () => {
  const answers = (status: number, headers: Record<string, string> = {}, body = "") => {
    world.server.intercept = (_, response) => {
      response.writeHead(status, headers).end(body);
      return true;
    };
  };

  it.each<[string, () => void, RegExp]>([
    ["refuses the credentials", () => answers(401), /refused the credentials \(401\)/],
    ["forbids", () => answers(403), /refused the credentials \(403\)/],
    ["knows no such repository", () => answers(404), /there is no repository at .*lockbox\.git/],
    ["has moved it", () => answers(301, { location: "http://elsewhere/" }), /moved to http:\/\/elsewhere/],
    ["fails", () => answers(502), /answered 502/],
    ["answers with a page", () => answers(200, { "content-type": "text/html" }, "<p>"), /with text\/html/],
    [
      "speaks an old protocol",
      () =>
        answers(
          200,
          { "content-type": "application/x-git-upload-pack-advertisement" },
          "001e# service=git-upload-pack\n0000",
        ),
      /does not speak Git protocol version 2/,
    ],
    [
      "answers rubbish",
      () => answers(200, { "content-type": "application/x-git-upload-pack-advertisement" }, "rubbish"),
      /cut short or garbled/,
    ],
  ])("%s", async (_, prepare, sentence) => {
    prepare();
    const error = await failure(world.mirror.refresh([]));
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain(PASSWORD);
  });

  it("says when to come back", async () => {
    answers(429, { "retry-after": "17" });
    expect((await failure(world.mirror.refresh([]))).retryAfterSeconds).toBe(17);
  });

  it("is not there at all", async () => {
    await world.server.close();
    expect((await failure(world.mirror.refresh([]))).message).toMatch(/cannot be reached: ECONNREFUSED/);
  });

  it("gives the app no credentials", async () => {
    world.open({ authenticate: () => Promise.reject(new Error("no token")) });
    expect((await failure(world.mirror.refresh([]))).message).toMatch(/there are no credentials/);
  });

  it("never answers", async () => {
    world.pushed({ a: "a" });
    world.server.intercept = () => true;
    world.open({ patience: { idle: 50 } });
    expect((await failure(world.mirror.refresh([]))).message).toMatch(/gave no answer for 0.05 s/);
  });

  it("never comes to an end", async () => {
    world.pushed({ a: "a" });
    world.server.intercept = (_, response) => {
      response.writeHead(200, { "content-type": "application/x-git-upload-pack-advertisement" });
      const drip = setInterval(() => response.write("0000"), 10);
      response.on("close", () => clearInterval(drip));
      return true;
    };
    world.open({ patience: { total: 200 } });
    expect((await failure(world.mirror.refresh([]))).message).toMatch(
      /did not finish its answer within 0.2 s/,
    );
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["fails", (response) => response.writeHead(500).end()],
    ["hangs up", (response) => response.destroy()],
    [
      "sends half a pack",
      (response) =>
        response
          .writeHead(200, { "content-type": "application/x-git-upload-pack-result" })
          .end("000dpackfile\n0009\x01PACK"),
    ],
    [
      "refuses",
      (response) =>
        response
          .writeHead(200, { "content-type": "application/x-git-upload-pack-result" })
          .end("000dERR go away"),
    ],
  ])("%s when the pack is asked for: refs stay where their objects are", async (_, spoil) => {
    const first = world.pushed({ a: "1" });
    await world.mirror.refresh([]);
    world.pushed({ a: "2" }, first);
    let requests = 0;
    world.server.intercept = (request, response) => {
      if (!isPackRequest(request) || ++requests === 1) return false;
      spoil(response);
      return true;
    };
    await failure(world.mirror.refresh([]));
    expect(await world.mirror.resolve("refs/heads/main")).toBe(first);
    world.server.intercept = null;
    await world.mirror.refresh([]);
    expect(await world.mirror.resolve("refs/heads/main")).not.toBe(first);
  });
});

describe("an end", () => {
  it("stops what is under way and everything asked later", async () => {
    world.pushed({ a: "a" });
    world.server.intercept = () => true;
    const refreshing = failure(world.mirror.refresh([]));
    const queued = failure(world.mirror.refresh([1]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await world.mirror.close();
    expect((await refreshing).message).toMatch(/was stopped/);
    expect((await queued).message).toMatch(/stopped|closed/);
    expect((await failure(world.mirror.refresh([]))).message).toMatch(/is closed/);
    expect((await failure(world.mirror.resolve("refs/heads/main"))).message).toMatch(/is closed/);
  });

  it("can come from outside", async () => {
    const stop = new AbortController();
    world.open({ signal: stop.signal });
    world.server.intercept = () => true;
    const refreshing = failure(world.mirror.refresh([]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    stop.abort();
    expect((await refreshing).message).toMatch(/was stopped/);
    world.open({ signal: stop.signal });
    expect((await failure(world.mirror.refresh([]))).message).toMatch(/is closed/);
  });
});
