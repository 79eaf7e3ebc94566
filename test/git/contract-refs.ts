import { describe, expect, it } from "vitest";
import type { ContractWorld } from "./contract-world.ts";

/** How a history follows refs. */
export function refsContract(world: ContractWorld): void {
  describe("refs", () => {
    it("knows no ref of an empty repository", async () => {
      await world.history.refresh([1]);
      expect(await world.history.resolve("refs/heads/main")).toBeNull();
      expect(await world.history.resolve("refs/pull/1/head")).toBeNull();
    });

    it("follows main, journal, own branches and the pulls named, and nothing else", async () => {
      const tip = world.repository.commit({ edits: { a: "a" } });
      const refs = [
        "refs/heads/main",
        "refs/heads/grantbox-journal",
        "refs/heads/grantbox/expire/x",
        "refs/pull/7/head",
      ];
      const others = ["refs/heads/main-2", "refs/heads/feature", "refs/pull/70/head", "refs/tags/v1"];
      for (const ref of [...refs, ...others]) world.repository.point(ref, tip);
      await world.history.refresh([7]);
      for (const ref of refs) expect(await world.history.resolve(ref), ref).toBe(tip);
      for (const ref of others) expect(await world.history.resolve(ref), ref).toBeNull();
    });

    it("shows nothing new before the next refresh", async () => {
      const first = await world.main(world.repository.commit({ edits: { a: "1" } }));
      world.repository.point(
        "refs/heads/main",
        world.repository.commit({ parents: [first], edits: { a: "2" } }),
      );
      expect(await world.history.resolve("refs/heads/main")).toBe(first);
    });

    it.each(["refs/heads/main", "refs/heads/grantbox-journal", "refs/pull/1/head"])(
      "follows a force push of %s and its return",
      async (ref) => {
        const first = world.repository.commit({ edits: { a: "1" } });
        const second = world.repository.commit({ parents: [first], edits: { a: "2" } });
        const other = world.repository.commit({ parents: [first], edits: { a: "3" } });
        await world.main(first);
        for (const tip of [second, other, first, second]) {
          world.repository.point(ref, tip);
          await world.history.refresh([1]);
          expect(await world.history.resolve(ref)).toBe(tip);
          expect(await world.history.files(tip, "")).toEqual(world.repository.files(tip, ""));
        }
      },
    );

    it("forgets refs that are gone, and finds them when they come again", async () => {
      const tip = await world.main(world.repository.commit({ edits: { a: "a" } }));
      const refs = [
        "refs/heads/grantbox-journal",
        "refs/heads/grantbox/release/x",
        "refs/pull/3/head",
      ] as const;
      for (const there of [true, false, true]) {
        for (const ref of refs) world.repository.point(ref, there ? tip : null);
        await world.history.refresh([3]);
        for (const ref of refs) expect(await world.history.resolve(ref), ref).toBe(there ? tip : null);
      }
    });

    it("lets a branch take the name of a folder of branches that is gone", async () => {
      const tip = await world.main(world.repository.commit({ edits: { a: "a" } }));
      world.repository.point("refs/heads/grantbox/x/y", tip);
      await world.history.refresh([]);
      world.repository.point("refs/heads/grantbox/x/y", null);
      world.repository.point("refs/heads/grantbox/x", tip);
      await world.history.refresh([]);
      expect(await world.history.resolve("refs/heads/grantbox/x/y")).toBeNull();
      expect(await world.history.resolve("refs/heads/grantbox/x")).toBe(tip);
    });

    it("keeps the head of a pull request that is not named this time", async () => {
      const tip = await world.main(world.repository.commit({ edits: { a: "a" } }));
      world.repository.point("refs/pull/1/head", tip);
      await world.history.refresh([1]);
      await world.history.refresh([2]);
      expect(await world.history.resolve("refs/pull/1/head")).toBe(tip);
    });

    it("answers many refreshes at once", async () => {
      const tip = await world.main(world.repository.commit({ edits: { a: "a" } }));
      const pulls = Array.from({ length: 20 }, (_, index) => index + 1);
      for (const pull of pulls) world.repository.point(`refs/pull/${pull}/head`, tip);
      await Promise.all(pulls.map((pull) => world.history.refresh([pull])));
      for (const pull of pulls) expect(await world.history.resolve(`refs/pull/${pull}/head`)).toBe(tip);
    });
  });
}

/** How the history of a repository on this machine sees its refs. */
export function localRefsContract(world: ContractWorld): void {
  describe("refs", () => {
    it("finds every ref as it stands, packed or loose", async () => {
      const first = world.repository.commit({ edits: { a: "1" } });
      const second = world.repository.commit({ parents: [first], edits: { a: "2" } });
      const refs = ["refs/heads/main", "refs/heads/grantbox/expire/x", "refs/remotes/origin/main"];
      for (const ref of refs) world.repository.point(ref, first);
      for (const ref of refs) expect(await world.history.resolve(ref), ref).toBe(first);
      world.repository.run(["pack-refs", "--all"]);
      for (const ref of refs) expect(await world.history.resolve(ref), ref).toBe(first);
      for (const ref of refs) world.repository.point(ref, second);
      for (const ref of refs) expect(await world.history.resolve(ref), ref).toBe(second);
    });

    it.each([
      "refs/heads/nowhere",
      "refs/heads/main~1",
      "refs/heads/main^{tree}",
      "refs/heads/main:a",
      "refs/heads/../heads/main",
      ":/A",
      "refs/heads/main\nrefs/heads/main",
      "",
    ])("knows no ref %j", async (ref) => {
      const first = world.repository.commit({ edits: { a: "1" } });
      await world.main(world.repository.commit({ parents: [first] }));
      expect(await world.history.resolve(ref)).toBeNull();
      expect(await world.history.resolve("refs/heads/main")).not.toBeNull();
    });
  });
}
