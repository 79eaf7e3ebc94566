import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Delivery, startServer, webhookPath } from "../../src/web/server.ts";

const secret = "the present secret";
const before = "the secret before it";

async function start(receive: (delivery: Delivery) => Promise<void> = async () => {}) {
  const received: Delivery[] = [];
  const logged: { message: string; details: Readonly<Record<string, unknown>> | undefined }[] = [];
  const server = await startServer({
    host: "127.0.0.1",
    port: 0,
    secrets: [secret, before],
    receive: async (delivery) => {
      received.push(delivery);
      await receive(delivery);
    },
    health: () => ({ status: "ok", queued: 3 }),
    pages: null,
    log: (message, details) => logged.push({ message, details }),
  });
  onTestFinished(() => server.stop());
  return { server, received, logged };
}

function signature(body: string, key = secret): string {
  return `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
}

async function post(url: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${url}${webhookPath}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": "push",
      "x-github-delivery": "d-1",
      "x-hub-signature-256": signature(body),
      ...headers,
    },
    body,
  });
  return { status: response.status, text: await response.text() };
}

/** What the server answers to bytes as they are, which no HTTP client would send. */
async function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += String(chunk);
  });
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.write(text);
  await closed;
  return answer;
}

describe("a delivery", () => {
  it("that is signed is handed on with its id, its event and its payload, and accepted", async () => {
    const { server, received } = await start();
    expect(await post(server.url, '{"ref":"refs/heads/main"}')).toEqual({ status: 202, text: "accepted\n" });
    expect(received).toEqual([{ id: "d-1", name: "push", payload: { ref: "refs/heads/main" } }]);
  });

  it("may be signed with the secret before the present one, while that is being changed", async () => {
    const { server, received } = await start();
    const { status } = await post(server.url, "{}", { "x-hub-signature-256": signature("{}", before) });
    expect(status).toBe(202);
    expect(received).toHaveLength(1);
  });

  it.each<[string, string, Readonly<Record<string, string>>, number, RegExp]>([
    ["without an id", "{}", { "x-github-delivery": "" }, 400, /X-GitHub-Delivery/],
    ["without an event", "{}", { "x-github-event": "" }, 400, /X-GitHub-Event/],
    ["without a signature", "{}", { "x-hub-signature-256": "" }, 400, /X-Hub-Signature-256/],
    ["with the old kind of signature only", "{}", { "x-hub-signature-256": "sha1=00" }, 401, /signature/],
    [
      "with a signature that is no hexadecimal",
      "{}",
      { "x-hub-signature-256": "sha256=zz" },
      401,
      /signature/,
    ],
    [
      "signed with another secret",
      "{}",
      { "x-hub-signature-256": signature("{}", "another secret!!") },
      401,
      /signature/,
    ],
    ["signed for another body", "{}", { "x-hub-signature-256": signature("{ }") }, 401, /signature/],
    ["with nothing in it", "", {}, 401, /signature/],
    [
      "as a form",
      "payload=%7B%7D",
      { "content-type": "application/x-www-form-urlencoded" },
      415,
      /application\/json/,
    ],
    ["that is no JSON", "{", {}, 400, /JSON object/],
    ["that is a list", "[]", {}, 400, /JSON object/],
    ["that is null", "null", {}, 400, /JSON object/],
  ])("%s is refused, and nobody hears of it", async (_, body, headers, status, says) => {
    const { server, received } = await start();
    const answer = await post(server.url, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(says);
    expect(received).toEqual([]);
  });

  it("that is forged is logged by its id alone: its body is somebody's invention", async () => {
    const { server, logged } = await start();
    await post(server.url, '{"secret":"x"}', {
      "x-hub-signature-256": "sha256=00",
      "x-github-delivery": "d".repeat(5000),
    });
    expect(logged).toEqual([
      {
        message: "a webhook with a wrong signature was refused",
        details: { delivery: "d".repeat(64), event: "push" },
      },
    ]);
  });

  it("over GitHub's own limit is refused by what its header says", async () => {
    const { server, received } = await start();
    const answer = await raw(
      server.url,
      `POST ${webhookPath} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n` +
        "X-GitHub-Delivery: d\r\nX-GitHub-Event: push\r\nX-Hub-Signature-256: sha256=00\r\n" +
        `Content-Length: ${25 * 1024 * 1024 + 1}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(received).toEqual([]);
  });

  it("over GitHub's own limit is refused by its real size, whatever it says", async () => {
    const { server, received } = await start();
    const chunk = new Uint8Array(1024 * 1024);
    const body = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent < 26; sent++) controller.enqueue(chunk);
        controller.close();
      },
    });
    const answer = await fetch(`${server.url}${webhookPath}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "push",
        "x-github-delivery": "d-1",
        "x-hub-signature-256": "sha256=00",
      },
      body,
      duplex: "half",
    } as RequestInit).then(
      ({ status }) => status,
      // the server may close before the client has sent everything
      () => 413,
    );
    expect(answer).toBe(413);
    expect(received).toEqual([]);
  });

  it("that cannot be taken is answered with an error, in words that give nothing away", async () => {
    const { server, logged } = await start(() => Promise.reject(new Error("a bug at /srv/app")));
    expect(await post(server.url, "{}")).toEqual({ status: 500, text: "internal error\n" });
    expect(logged).toEqual([{ message: "a request failed", details: { error: "a bug at /srv/app" } }]);
  });

  it("that breaks off is survived", async () => {
    const { server, received } = await start();
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${webhookPath} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n` +
        "X-GitHub-Delivery: d\r\nX-GitHub-Event: push\r\nX-Hub-Signature-256: sha256=00\r\n\r\nhalf",
    );
    socket.destroySoon();
    await new Promise((resolve) => socket.once("close", resolve));
    expect((await post(server.url, "{}")).status).toBe(202);
    expect(received).toHaveLength(1);
  });
});

describe("other addresses", () => {
  it("tell whether all is well", async () => {
    const { server } = await start();
    const response = await fetch(`${server.url}/health`);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({ status: "ok", queued: 3 });
  });

  it.each([
    ["GET", "/", 404],
    ["POST", "/", 404],
    ["POST", "/health", 404],
    ["GET", `${webhookPath}/more`, 404],
    ["GET", webhookPath, 405],
    ["DELETE", `${webhookPath}?x=1`, 405],
  ])("%s %s is answered with %i", async (method, path, status) => {
    const { server } = await start();
    expect((await fetch(`${server.url}${path}`, { method })).status).toBe(status);
  });

  it.each(["//", "http://[", "*", "/%ff"])(
    "%s, which is no address, is not there, and nothing is logged",
    async (path) => {
      const { server, logged } = await start();
      const answer = await raw(server.url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 404 /);
      expect(logged).toEqual([]);
    },
  );
});

describe("the server", () => {
  it("listens on IPv6 as well", async () => {
    const server = await startServer({
      host: "::1",
      port: 0,
      secrets: [secret],
      receive: async () => {},
      health: () => ({ status: "ok" }),
      pages: null,
      log: () => {},
    });
    onTestFinished(() => server.stop());
    expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it("does not start on a port that is taken", async () => {
    const { server } = await start();
    const port = Number(new URL(server.url).port);
    await expect(
      startServer({
        host: "127.0.0.1",
        port,
        secrets: [secret],
        receive: async () => {},
        health: () => ({}),
        pages: null,
        log: () => {},
      }),
    ).rejects.toThrow("EADDRINUSE");
  });

  it("answers what it has begun before it stops", async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { server } = await start(async () => {
      begun.resolve();
      await gate.promise;
    });
    const answer = post(server.url, "{}");
    await begun.promise;
    const stopping = server.stop();
    gate.resolve();
    expect((await answer).status).toBe(202);
    await stopping;
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });
});
