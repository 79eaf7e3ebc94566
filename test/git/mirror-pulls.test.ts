import { describe, expect, it } from "vitest";
import { type Oid, oid } from "../../src/domain/oid.ts";
import { failure, mirrorWorld } from "./mirror-world.ts";

const world = mirrorWorld();

describe("a pull request that cannot be taken", () => {
  const noise = (bytes: number): string =>
    Buffer.from(Array.from({ length: bytes }, () => Math.random() * 256)).toString("base64");
  const twice = (): Oid => {
    const blob = world.repository.object("blob", Buffer.from("x"));
    const entry = Buffer.concat([Buffer.from("100644 twice\0"), Buffer.from(blob, "hex")]);
    const tree = world.repository.object("tree", Buffer.concat([entry, entry]));
    return oid(world.repository.run(["commit-tree", tree, "-m", "x"]).trim());
  };

  it.each<[string, () => Oid, RegExp]>([
    [
      "too large",
      () => world.repository.commit({ edits: { large: noise(60_000) } }),
      /longer than 50000 bytes/,
    ],
    ["malformed", twice, /cannot be used: a tree has an entry without a name of its own/],
  ])("%s: does not keep the others back", async (_, make, sentence) => {
    world.open({ packLimit: 50_000 });
    const main = world.pushed({ a: "a" });
    const good = world.repository.commit({ parents: [main], edits: { b: "b" } });
    world.repository.point("refs/pull/1/head", good);
    world.repository.point("refs/pull/2/head", make());
    for (const round of ["fetched at first", "fetched on top"]) {
      const [one, two] = await Promise.allSettled([world.mirror.refresh([1]), world.mirror.refresh([2])]);
      expect(one.status, round).toBe("fulfilled");
      expect(two.status === "rejected" && String(two.reason), round).toMatch(sentence);
      expect(await world.mirror.resolve("refs/heads/main")).toBe(main);
      expect(await world.mirror.resolve("refs/pull/1/head")).toBe(good);
      expect(await world.mirror.resolve("refs/pull/2/head")).toBeNull();
    }
  });

  it("without end: is not walked", async () => {
    let tree = world.repository.object("tree", Buffer.alloc(0));
    for (let depth = 0; depth < 12; depth += 1) {
      const entries = Array.from({ length: 16 }, (_, index) =>
        Buffer.concat([Buffer.from(`40000 ${index.toString(16)}\0`), Buffer.from(tree, "hex")]),
      );
      tree = world.repository.object("tree", Buffer.concat(entries));
    }
    const main = world.pushed({ a: "a" });
    const head = oid(world.repository.run(["commit-tree", tree, "-p", main, "-m", "x"]).trim());
    world.repository.point("refs/pull/1/head", head);
    await world.mirror.refresh([1]);
    expect((await failure(world.mirror.changes(main, head))).message).toMatch(/more than 500000 files/);
    expect((await failure(world.mirror.files(head, ""))).message).toMatch(/more than 500000 files/);
  });
});
