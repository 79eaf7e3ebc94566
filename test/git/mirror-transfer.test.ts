import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { git } from "./git-program.ts";
import { mirrorWorld } from "./mirror-world.ts";
import { PASSWORD } from "./smart-http.ts";

const world = mirrorWorld();

describe("what is transferred", () => {
  it("is only what is new, whatever the ref", async () => {
    const paths = Array.from({ length: 1000 }, (_, index) => [
      `grants/ssh.host/cs-${index}.yaml`,
      `${Math.random()}`,
    ]);
    const base = world.pushed(Object.fromEntries(paths));
    await world.mirror.refresh([]);
    expect(world.sent()).toBeGreaterThan(20_000);
    await world.mirror.refresh([]);
    expect(world.sent()).toBeLessThan(200);
    const head = world.repository.commit({ parents: [base], edits: { "grants/ssh.host/new.yaml": "new" } });
    world.repository.point("refs/pull/1/head", head);
    await world.mirror.refresh([1]);
    expect(world.sent()).toBeLessThan(1500);
    world.pushed({ "grants/ssh.host/new.yaml": "new" }, base);
    world.repository.point("refs/heads/grantbox/expire/x", head);
    await world.mirror.refresh([1]);
    expect(world.sent()).toBeLessThan(1500);
  });

  it("is only what is new after main was replaced on the server", async () => {
    const first = world.pushed({ a: "1".repeat(50), b: String(Math.random()) });
    const lost = world.pushed({ a: "2" }, first);
    await world.mirror.refresh([]);
    world.server.passed.splice(0);
    const tip = world.pushed({ a: "3" }, first);
    world.repository.run(["reflog", "expire", "--expire=now", "--all"]);
    world.repository.run(["update-ref", "-d", "refs/built"]);
    world.repository.run(["gc", "--quiet", "--prune=now"]);
    expect(() => world.repository.run(["cat-file", "-e", lost])).toThrow();
    await world.mirror.refresh([]);
    expect(await world.mirror.resolve("refs/heads/main")).toBe(tip);
    expect(world.sent()).toBeLessThan(600);
  });

  it("makes a repository that git finds whole", async () => {
    let tip = world.pushed({ a: "1", "b/c": "2" });
    for (const index of [1, 2, 3]) {
      await world.mirror.refresh([]);
      tip = world.pushed({ [`b/${index}`]: "x" }, tip);
    }
    world.repository.point("refs/heads/grantbox-journal", world.repository.commit({}));
    await world.mirror.refresh([]);
    const gitdir = (await world.mirror.gitdir()) ?? "";
    expect(git(gitdir, ["fsck", "--full", "--strict"])).toBe("");
    expect(git(gitdir, ["for-each-ref", "--format=%(refname)"])).toBe(
      "refs/heads/grantbox-journal\nrefs/heads/main\n",
    );
    expect(git(gitdir, ["rev-parse", "HEAD"]).trim()).toBe(tip);
  });

  it("joins what is asked while a refresh runs into the next one", async () => {
    const tip = world.pushed({ a: "a" });
    const pulls = Array.from({ length: 30 }, (_, index) => index + 1);
    for (const pull of pulls) world.repository.point(`refs/pull/${pull}/head`, tip);
    await Promise.all(pulls.map((pull) => world.mirror.refresh([pull])));
    expect(world.server.passed.length).toBeLessThanOrEqual(5);
  });

  it("asks for credentials before every exchange and follows a new name of the default branch", async () => {
    const tip = world.pushed({ a: "a" });
    let asked = 0;
    let branch = "main";
    await world.mirror.close();
    world.open({
      defaultBranch: () => branch,
      authenticate: async () => {
        asked += 1;
        return { username: "x-access-token", password: PASSWORD };
      },
    });
    await world.mirror.refresh([]);
    expect(asked).toBe(world.server.passed.length);
    world.repository.point("refs/heads/trunk", tip);
    branch = "trunk";
    await world.mirror.refresh([]);
    expect(await world.mirror.resolve("refs/heads/trunk")).toBe(tip);
    expect(await world.mirror.resolve("refs/heads/main")).toBeNull();
  });
});

describe("a mirror that grows", () => {
  it("is fetched anew as one pack, and the old one stays while it is read", async () => {
    world.open({ looseLimit: 100 });
    const main = world.pushed({ a: "a" });
    await world.mirror.refresh([]);
    const before = (await world.mirror.gitdir()) ?? "";
    const edits = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`${index % 5}/${index}`, `${index}`]),
    );
    const head = world.repository.commit({ parents: [main], edits });
    world.repository.point("refs/pull/1/head", head);
    const reading = world.mirror.firstParents(main, null);
    await world.mirror.refresh([1]);
    expect(await reading).toHaveLength(1);
    const after = (await world.mirror.gitdir()) ?? "";
    expect(after).not.toBe(before);
    expect(existsSync(before)).toBe(false);
    expect(git(after, ["count-objects"])).toMatch(/^0 objects/);
    expect(await world.mirror.changes(main, head)).toHaveLength(200);
  });
});
