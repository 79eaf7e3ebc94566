import { readdirSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Oid } from "../../src/domain/oid.ts";
import { historyOf } from "../../src/git/history-isomorphic.ts";
import { type MirrorOptions, openMirror } from "../../src/git/mirror.ts";
import { ForgeError } from "../../src/ports/forge.ts";
import type { History } from "../../src/ports/history.ts";
import { newRepository, type Repository } from "./repository.ts";
import { PASSWORD, type SmartHttp, serveGit } from "./smart-http.ts";

let repository: Repository;
let server: SmartHttp;
let stop: AbortController;

beforeEach(async () => {
  repository = newRepository();
  server = await serveGit(repository.root);
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await server.close();
  repository.remove();
});

const folder = () => join(repository.root, "mirror");

function open(options: Partial<MirrorOptions> = {}): History {
  return historyOf(
    openMirror({
      dir: folder(),
      url: server.url(repository.name),
      defaultBranch: () => "main",
      authenticate: async () => ({ username: "x-access-token", password: PASSWORD }),
      signal: stop.signal,
      ...options,
    }),
  );
}

/** A new commit on main. */
function pushed(edits: Record<string, string>, ...parents: Oid[]): Oid {
  const tip = repository.commit({ edits, parents });
  repository.point("refs/heads/main", tip);
  return tip;
}

const sent = () => server.passed.splice(0).reduce((sum, each) => sum + each.sent, 0);

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ForgeError);
  return error instanceof Error ? error.message : "";
}

describe("a server that does not deliver", () => {
  it.each([
    [401, /refused the credentials \(401\)/],
    [403, /refused the credentials \(403\)/],
    [404, /there is no repository at .*lockbox\.git/],
    [301, /answered 301/],
    [502, /answered 502/],
  ])("answers %d: a plain sentence without the password", async (status, sentence) => {
    server.intercept = (_, response) => {
      response.writeHead(status).end();
      return true;
    };
    const message = await failure(open().refresh([]));
    expect(message).toMatch(sentence);
    expect(message).not.toContain(PASSWORD);
  });

  it("answers rubbish", async () => {
    server.intercept = (_, response) => {
      response.writeHead(200).end("rubbish");
      return true;
    };
    expect(await failure(open().refresh([]))).toMatch(/did not answer in its protocol/);
  });

  it("is not there", async () => {
    await server.close();
    expect(await failure(open().refresh([]))).toMatch(/cannot be reached/);
  });

  it("never answers", async () => {
    server.intercept = () => true;
    expect(await failure(open({ timeout: 100 }).refresh([]))).toMatch(/did not answer within 0.1 s/);
  });

  it("is given up at once when the process stops", async () => {
    server.intercept = () => true;
    const refreshing = open().refresh([]);
    setTimeout(() => stop.abort(), 20);
    expect(await failure(refreshing)).toMatch(/stopping/);
    expect(await failure(open().refresh([]))).toMatch(/stopping/);
  });

  it("fails while the pack is sent: refs stay where their objects are", async () => {
    const history = open();
    const first = pushed({ a: "1" });
    await history.refresh([]);
    pushed({ a: "2" }, first);
    let posts = 0;
    server.intercept = (request, response) => {
      if (request.method !== "POST" || ++posts === 1) return false;
      response.destroy();
      return true;
    };
    await failure(history.refresh([]));
    expect(await history.resolve("refs/heads/main")).toBe(first);
    server.intercept = null;
    await history.refresh([]);
    expect(await history.resolve("refs/heads/main")).not.toBe(first);
  });
});

describe("a pull request that cannot be taken", () => {
  it("is larger than the limit: the others are read all the same", async () => {
    const noise = Buffer.from(Array.from({ length: 60_000 }, () => Math.random() * 256)).toString("base64");
    const history = open({ packLimit: 50_000 });
    const main = pushed({ a: "a" });
    repository.point("refs/pull/1/head", repository.commit({ parents: [main], edits: { b: "b" } }));
    repository.point("refs/pull/2/head", repository.commit({ parents: [main], edits: { large: noise } }));
    expect(await failure(history.refresh([2]))).toMatch(/sent more than 50000 bytes/);
    await history.refresh([1]);
    expect(await history.resolve("refs/pull/1/head")).not.toBeNull();
    expect(await history.resolve("refs/pull/2/head")).toBeNull();
  });

  it("holds a tree without end: it is not walked", async () => {
    let tree = repository.object("tree", Buffer.alloc(0));
    for (let depth = 0; depth < 12; depth += 1) {
      const entries = Array.from({ length: 16 }, (_, index) =>
        Buffer.concat([Buffer.from(`40000 ${index.toString(16)}\0`), Buffer.from(tree, "hex")]),
      );
      tree = repository.object("tree", Buffer.concat(entries));
    }
    const main = pushed({ a: "a" });
    const head = repository.run(["commit-tree", tree, "-p", main, "-m", "x"]).trim() as Oid;
    repository.point("refs/pull/1/head", head);
    const history = open();
    await history.refresh([1]);
    expect(await failure(history.changes(main, head))).toMatch(/more than 500000 files/);
  });
});

describe("what is transferred", () => {
  it("is only what is new, whatever the ref", async () => {
    const paths = Array.from({ length: 1500 }, (_, index) => [
      `grants/ssh.host/cs-${index}.yaml`,
      `${Math.random()}`,
    ]);
    const base = pushed(Object.fromEntries(paths));
    const history = open();
    await history.refresh([]);
    expect(sent()).toBeGreaterThan(20_000);
    await history.refresh([]);
    expect(sent()).toBeLessThan(200);
    const head = repository.commit({ parents: [base], edits: { "grants/ssh.host/new.yaml": "new" } });
    repository.point("refs/pull/1/head", head);
    await history.refresh([1]);
    // the one new file, and the trees above it
    expect(sent()).toBeLessThan(60_000);
    expect(await history.changes(base, head)).toHaveLength(1);
  });

  it("does not pile up packs: small ones become single objects", async () => {
    const history = open();
    let tip = pushed({ a: "0" });
    for (let round = 1; round <= 5; round++) {
      await history.refresh([]);
      tip = pushed({ a: `${round}` }, tip);
    }
    await history.refresh([]);
    expect(readdirSync(join(folder(), "objects/pack"))).toEqual([]);
    expect(await history.firstParents(tip, null)).toHaveLength(6);
  });
});

describe("a mirror that is damaged", () => {
  it.each([
    ["an object is gone", (path: string) => rmSync(path)],
    ["an object is cut short", (path: string) => truncateSync(path, 5)],
  ])("%s: the next refresh mends it", async (_, damage) => {
    const tip = pushed({ a: "1" });
    await open().refresh([]);
    damage(join(folder(), "objects", tip.slice(0, 2), tip.slice(2)));
    const history = open();
    await failure(history.commit(tip));
    await history.refresh([]);
    expect(await history.firstParents(tip, null)).toHaveLength(1);
  });

  it("is gone altogether: it is fetched anew", async () => {
    const tip = pushed({ a: "1" });
    const history = open();
    await history.refresh([]);
    rmSync(folder(), { recursive: true });
    await history.refresh([]);
    expect(await history.firstParents(tip, null)).toHaveLength(1);
  });
});
