import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Oid, oid } from "../../src/domain/oid.ts";
import { type Mirror, type MirrorOptions, openMirror } from "../../src/git/mirror.ts";
import { ForgeError } from "../../src/ports/forge.ts";
import { git } from "./git-program.ts";
import { newRepository, type Repository } from "./repository.ts";
import { PASSWORD, type SmartHttp, serveGit } from "./smart-http.ts";

let repository: Repository;
let server: SmartHttp;
let mirror: Mirror;

const open = (options: Partial<MirrorOptions> = {}): Mirror => {
  mirror = openMirror({
    dir: join(repository.root, "mirror"),
    url: server.url(repository.name),
    defaultBranch: "main",
    authenticate: async () => ({ username: "x-access-token", password: PASSWORD }),
    ...options,
  });
  return mirror;
};
const pushed = (edits: Record<string, string>, ...parents: Oid[]): Oid => {
  const tip = repository.commit({ edits, parents });
  repository.point("refs/heads/main", tip);
  return tip;
};
const isPackRequest = (request: IncomingMessage): boolean =>
  request.method === "POST" && request.url?.endsWith("/git-upload-pack") === true;
const failure = async (work: Promise<unknown>): Promise<ForgeError> => {
  const error = await work.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ForgeError);
  return error as ForgeError;
};
const sent = (): number => server.passed.splice(0).reduce((sum, each) => sum + each.sent, 0);

beforeEach(async () => {
  repository = newRepository();
  server = await serveGit(repository.root);
  open();
});
afterEach(async () => {
  await mirror.close();
  await server.close();
  repository.remove();
});

describe("what is transferred", () => {
  it("is only what is new, whatever the ref", async () => {
    const paths = Array.from({ length: 1000 }, (_, index) => [
      `grants/ssh.host/cs-${index}.yaml`,
      `${Math.random()}`,
    ]);
    const base = pushed(Object.fromEntries(paths));
    await mirror.refresh([]);
    expect(sent()).toBeGreaterThan(20_000);
    await mirror.refresh([]);
    expect(sent()).toBeLessThan(200);
    const head = repository.commit({ parents: [base], edits: { "grants/ssh.host/new.yaml": "new" } });
    repository.point("refs/pull/1/head", head);
    await mirror.refresh([1]);
    expect(sent()).toBeLessThan(1500);
    pushed({ "grants/ssh.host/new.yaml": "new" }, base);
    repository.point("refs/heads/grantbox/expire/x", head);
    await mirror.refresh([1]);
    expect(sent()).toBeLessThan(1500);
  });

  it("is only what is new after main was replaced on the server", async () => {
    const first = pushed({ a: "1".repeat(50), b: String(Math.random()) });
    const lost = pushed({ a: "2" }, first);
    await mirror.refresh([]);
    server.passed.splice(0);
    const tip = pushed({ a: "3" }, first);
    repository.run(["reflog", "expire", "--expire=now", "--all"]);
    repository.run(["update-ref", "-d", "refs/built"]);
    repository.run(["gc", "--quiet", "--prune=now"]);
    expect(() => repository.run(["cat-file", "-e", lost])).toThrow();
    await mirror.refresh([]);
    expect(await mirror.resolve("refs/heads/main")).toBe(tip);
    expect(sent()).toBeLessThan(600);
  });

  it("makes a repository that git finds whole", async () => {
    let tip = pushed({ a: "1", "b/c": "2" });
    for (const index of [1, 2, 3]) {
      await mirror.refresh([]);
      tip = pushed({ [`b/${index}`]: "x" }, tip);
    }
    repository.point("refs/heads/grantbox-journal", repository.commit({}));
    await mirror.refresh([]);
    const gitdir = (await mirror.gitdir()) ?? "";
    expect(git(gitdir, ["fsck", "--full", "--strict"])).toBe("");
    expect(git(gitdir, ["for-each-ref", "--format=%(refname)"])).toBe(
      "refs/heads/grantbox-journal\nrefs/heads/main\n",
    );
    expect(git(gitdir, ["rev-parse", "HEAD"]).trim()).toBe(tip);
  });

  it("joins what is asked while a refresh runs into the next one", async () => {
    const tip = pushed({ a: "a" });
    const pulls = Array.from({ length: 30 }, (_, index) => index + 1);
    for (const pull of pulls) repository.point(`refs/pull/${pull}/head`, tip);
    await Promise.all(pulls.map((pull) => mirror.refresh([pull])));
    expect(server.passed.length).toBeLessThanOrEqual(5);
  });

  it("asks for credentials before every exchange and follows a new name of the default branch", async () => {
    const tip = pushed({ a: "a" });
    let asked = 0;
    let branch = "main";
    await mirror.close();
    open({
      defaultBranch: () => branch,
      authenticate: async () => {
        asked += 1;
        return { username: "x-access-token", password: PASSWORD };
      },
    });
    await mirror.refresh([]);
    expect(asked).toBe(server.passed.length);
    repository.point("refs/heads/trunk", tip);
    branch = "trunk";
    await mirror.refresh([]);
    expect(await mirror.resolve("refs/heads/trunk")).toBe(tip);
    expect(await mirror.resolve("refs/heads/main")).toBeNull();
  });
});

describe("a server that does not deliver", () => {
  const answers = (status: number, headers: Record<string, string> = {}, body = "") => {
    server.intercept = (_, response) => {
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
    const error = await failure(mirror.refresh([]));
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain(PASSWORD);
  });

  it("says when to come back", async () => {
    answers(429, { "retry-after": "17" });
    expect((await failure(mirror.refresh([]))).retryAfterSeconds).toBe(17);
  });

  it("is not there at all", async () => {
    await server.close();
    expect((await failure(mirror.refresh([]))).message).toMatch(/cannot be reached: ECONNREFUSED/);
  });

  it("gives the app no credentials", async () => {
    open({ authenticate: () => Promise.reject(new Error("no token")) });
    expect((await failure(mirror.refresh([]))).message).toMatch(/there are no credentials/);
  });

  it("never answers", async () => {
    pushed({ a: "a" });
    server.intercept = () => true;
    open({ patience: { idle: 50 } });
    expect((await failure(mirror.refresh([]))).message).toMatch(/gave no answer for 0.05 s/);
  });

  it("never comes to an end", async () => {
    pushed({ a: "a" });
    server.intercept = (_, response) => {
      response.writeHead(200, { "content-type": "application/x-git-upload-pack-advertisement" });
      const drip = setInterval(() => response.write("0000"), 10);
      response.on("close", () => clearInterval(drip));
      return true;
    };
    open({ patience: { total: 200 } });
    expect((await failure(mirror.refresh([]))).message).toMatch(/did not finish its answer within 0.2 s/);
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
    const first = pushed({ a: "1" });
    await mirror.refresh([]);
    pushed({ a: "2" }, first);
    let requests = 0;
    server.intercept = (request, response) => {
      if (!isPackRequest(request) || ++requests === 1) return false;
      spoil(response);
      return true;
    };
    await failure(mirror.refresh([]));
    expect(await mirror.resolve("refs/heads/main")).toBe(first);
    server.intercept = null;
    await mirror.refresh([]);
    expect(await mirror.resolve("refs/heads/main")).not.toBe(first);
  });
});

describe("a pull request that cannot be taken", () => {
  const noise = (bytes: number): string =>
    Buffer.from(Array.from({ length: bytes }, () => Math.random() * 256)).toString("base64");
  const twice = (): Oid => {
    const blob = repository.object("blob", Buffer.from("x"));
    const entry = Buffer.concat([Buffer.from("100644 twice\0"), Buffer.from(blob, "hex")]);
    const tree = repository.object("tree", Buffer.concat([entry, entry]));
    return oid(repository.run(["commit-tree", tree, "-m", "x"]).trim());
  };

  it.each<[string, () => Oid, RegExp]>([
    ["too large", () => repository.commit({ edits: { large: noise(60_000) } }), /longer than 50000 bytes/],
    ["malformed", twice, /cannot be used: a tree has an entry without a name of its own/],
  ])("%s: does not keep the others back", async (_, make, sentence) => {
    open({ packLimit: 50_000 });
    const main = pushed({ a: "a" });
    const good = repository.commit({ parents: [main], edits: { b: "b" } });
    repository.point("refs/pull/1/head", good);
    repository.point("refs/pull/2/head", make());
    for (const round of ["fetched at first", "fetched on top"]) {
      const [one, two] = await Promise.allSettled([mirror.refresh([1]), mirror.refresh([2])]);
      expect(one.status, round).toBe("fulfilled");
      expect(two.status === "rejected" && String(two.reason), round).toMatch(sentence);
      expect(await mirror.resolve("refs/heads/main")).toBe(main);
      expect(await mirror.resolve("refs/pull/1/head")).toBe(good);
      expect(await mirror.resolve("refs/pull/2/head")).toBeNull();
    }
  });

  it("without end: is not walked", async () => {
    let tree = repository.object("tree", Buffer.alloc(0));
    for (let depth = 0; depth < 12; depth += 1) {
      const entries = Array.from({ length: 16 }, (_, index) =>
        Buffer.concat([Buffer.from(`40000 ${index.toString(16)}\0`), Buffer.from(tree, "hex")]),
      );
      tree = repository.object("tree", Buffer.concat(entries));
    }
    const main = pushed({ a: "a" });
    const head = oid(repository.run(["commit-tree", tree, "-p", main, "-m", "x"]).trim());
    repository.point("refs/pull/1/head", head);
    await mirror.refresh([1]);
    expect((await failure(mirror.changes(main, head))).message).toMatch(/more than 500000 files/);
    expect((await failure(mirror.files(head, ""))).message).toMatch(/more than 500000 files/);
  });
});

describe("a mirror that is not whole", () => {
  const inside = async (pattern: RegExp): Promise<string> => {
    const gitdir = (await mirror.gitdir()) ?? "";
    const found = readdirSync(gitdir, { recursive: true, encoding: "utf8" }).filter((name) =>
      pattern.test(name),
    );
    return join(gitdir, found[0] ?? "");
  };
  const flip = (path: string): void => {
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
    rmSync(path);
    writeFileSync(path, bytes);
  };
  let tip: Oid;

  beforeEach(async () => {
    tip = pushed({ a: "1", "b/c": "2" });
    await mirror.refresh([]);
    tip = pushed({ "b/c": "3" }, tip);
    await mirror.refresh([]);
  });

  it.each<[string, () => Promise<void>]>([
    ["pack cut short", async () => truncateSync(await inside(/\.pack$/), 100)],
    ["pack with another byte", async () => flip(await inside(/\.pack$/))],
    ["pack gone", async () => rmSync(await inside(/\.pack$/))],
    ["index gone", async () => rmSync(await inside(/\.idx$/))],
    ["index with another byte", async () => flip(await inside(/\.idx$/))],
    ["refs gone", async () => rmSync(await inside(/packed-refs$/))],
    ["refs cut short", async () => truncateSync(await inside(/packed-refs$/), 60)],
    ["refs garbled", async () => appendFileSync(await inside(/packed-refs$/), "rubbish\n")],
    [
      "loose commit gone",
      async () => rmSync(join((await mirror.gitdir()) ?? "", `objects/${tip.slice(0, 2)}/${tip.slice(2)}`)),
    ],
    [
      "loose commit cut short",
      async () =>
        truncateSync(join((await mirror.gitdir()) ?? "", `objects/${tip.slice(0, 2)}/${tip.slice(2)}`), 10),
    ],
    ["everything gone", async () => rmSync((await mirror.gitdir()) ?? "", { recursive: true })],
  ])("%s: is thrown away when it is opened, and fetched anew", async (_, damage) => {
    const before = await inside(/packed-refs$/);
    await damage();
    await mirror.close();
    open();
    expect(await mirror.resolve("refs/heads/main")).toBeNull();
    expect(existsSync(before)).toBe(false);
    await mirror.refresh([]);
    expect(await mirror.files(tip, "")).toEqual(repository.files(tip, ""));
  });

  it("serves without the server when it is whole", async () => {
    await mirror.close();
    await server.close();
    open();
    expect(await mirror.files(tip, "")).toEqual(repository.files(tip, ""));
  });

  it("of another repository is thrown away", async () => {
    await mirror.close();
    open({ url: server.url("other.git") });
    expect(await mirror.resolve("refs/heads/main")).toBeNull();
  });

  it("half-written beside a whole one is deleted", async () => {
    const whole = (await mirror.gitdir()) ?? "";
    const half = join(repository.root, "mirror", "9.git");
    mkdirSync(join(half, "objects/pack"), { recursive: true });
    writeFileSync(join(half, "objects/pack/tmp-1"), "PACK");
    await mirror.close();
    open();
    expect(await mirror.resolve("refs/heads/main")).toBe(tip);
    expect(await mirror.gitdir()).toBe(whole);
    expect(existsSync(half)).toBe(false);
  });

  it("damaged while it is read says so, and heals with the next refresh", async () => {
    const [file] = (await mirror.files(tip, "b/")).map((each) => each.oid);
    truncateSync(join((await mirror.gitdir()) ?? "", `objects/${file?.slice(0, 2)}/${file?.slice(2)}`), 5);
    expect((await failure(mirror.blob(file ?? tip))).message).toMatch(/is damaged .* fetches it anew/);
    await mirror.refresh([]);
    expect(Buffer.from(await mirror.blob(file ?? tip)).toString()).toBe("3");
  });

  it("is checked after something was not there, and fetched anew only when it is damaged", async () => {
    const nowhere = oid("1".repeat(40));
    const before = await mirror.gitdir();
    await failure(mirror.blob(nowhere));
    await mirror.refresh([]);
    expect(await mirror.gitdir()).toBe(before);
    rmSync(await inside(/\.idx$/));
    await failure(mirror.blob(nowhere));
    await mirror.refresh([]);
    expect(await mirror.gitdir()).not.toBe(before);
    expect(await mirror.files(tip, "")).toEqual(repository.files(tip, ""));
  });
});

describe("a mirror that grows", () => {
  it("is fetched anew as one pack, and the old one stays while it is read", async () => {
    open({ looseLimit: 100 });
    const main = pushed({ a: "a" });
    await mirror.refresh([]);
    const before = (await mirror.gitdir()) ?? "";
    const edits = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`${index % 5}/${index}`, `${index}`]),
    );
    const head = repository.commit({ parents: [main], edits });
    repository.point("refs/pull/1/head", head);
    const reading = mirror.firstParents(main, null);
    await mirror.refresh([1]);
    expect(await reading).toHaveLength(1);
    const after = (await mirror.gitdir()) ?? "";
    expect(after).not.toBe(before);
    expect(existsSync(before)).toBe(false);
    expect(git(after, ["count-objects"])).toMatch(/^0 objects/);
    expect(await mirror.changes(main, head)).toHaveLength(200);
  });
});

describe("an end", () => {
  it("stops what is under way and everything asked later", async () => {
    pushed({ a: "a" });
    server.intercept = () => true;
    const refreshing = failure(mirror.refresh([]));
    const queued = failure(mirror.refresh([1]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await mirror.close();
    expect((await refreshing).message).toMatch(/was stopped/);
    expect((await queued).message).toMatch(/stopped|closed/);
    expect((await failure(mirror.refresh([]))).message).toMatch(/is closed/);
    expect((await failure(mirror.resolve("refs/heads/main"))).message).toMatch(/is closed/);
  });

  it("can come from outside", async () => {
    const stop = new AbortController();
    open({ signal: stop.signal });
    server.intercept = () => true;
    const refreshing = failure(mirror.refresh([]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    stop.abort();
    expect((await refreshing).message).toMatch(/was stopped/);
    open({ signal: stop.signal });
    expect((await failure(mirror.refresh([]))).message).toMatch(/is closed/);
  });
});
