import { describe, expect, it } from "vitest";
import { type ContractWorld, NOWHERE } from "./contract-world.ts";

/** What a history says a pull request changes. */
export function changesContract(world: ContractWorld): void {
  describe("changes", () => {
    it("tells additions, removals, edits, renames, modes, links and submodules", async () => {
      const root = world.repository.commit({
        edits: {
          stays: "same",
          "old/name": "moved",
          edited: "one",
          gone: "gone",
          program: "#!",
          link: { mode: "120000", content: "a" },
          module: { mode: "160000", content: NOWHERE },
          "module-to-be": "file",
          "deep/er/and/deeper": "1",
        },
      });
      const head = world.repository.commit({
        parents: [root],
        edits: {
          "old/name": null,
          "new/name": "moved",
          edited: "two",
          gone: null,
          program: { mode: "100755", content: "#!" },
          link: "now a file",
          module: { mode: "160000", content: NOWHERE.replace(/^1/, "2") },
          "module-to-be": { mode: "160000", content: NOWHERE },
          "deep/er/and/deeper": "2",
          STAYS: "same",
        },
      });
      const { seen, wanted } = await world.compared(root, head);
      expect(seen).toEqual(wanted);
      expect(seen).toHaveLength(10);
    });

    it("tells a file that becomes a folder and a folder that becomes a file", async () => {
      const root = world.repository.commit({ edits: { a: "file", "a.b": "x", "c/d": "x", "c/e": "x" } });
      const edits = { a: null, "a/b": "x", "a/c": "x", "c/d": null, "c/e": null, c: "file" };
      const { seen, wanted } = await world.compared(
        root,
        world.repository.commit({ parents: [root], edits }),
      );
      expect(seen).toEqual(wanted);
      expect(seen).toHaveLength(6);
    });

    it("compares with the merge base, not with the tip of main", async () => {
      const root = world.repository.commit({ edits: { a: "1", b: "1" } });
      const base = world.repository.commit({ parents: [root], edits: { b: "2", c: "1" } });
      const head = world.repository.commit({ parents: [root], edits: { a: "2" } });
      const { seen, wanted } = await world.compared(base, head);
      expect(seen?.map(({ path }) => path)).toEqual(["a"]);
      expect(seen).toEqual(wanted);
    });

    it("sees main merged into the branch as no change", async () => {
      const root = world.repository.commit({ edits: { a: "1" } });
      const base = world.repository.commit({ parents: [root], edits: { c: "1" } });
      const work = world.repository.commit({ parents: [root], edits: { g: "1" } });
      const head = world.repository.commit({ parents: [work, base], edits: { c: "1" } });
      const { seen, wanted } = await world.compared(base, head);
      expect(seen?.map(({ path }) => path)).toEqual(["g"]);
      expect(seen).toEqual(wanted);
    });

    it("takes git's choice of several merge bases", async () => {
      const root = world.repository.commit({ edits: { a: "1" } });
      const left = world.repository.commit({ parents: [root], edits: { l: "1" } });
      const right = world.repository.commit({ parents: [root], edits: { r: "1" } });
      const base = world.repository.commit({ parents: [left, right], edits: { r: "1" } });
      const head = world.repository.commit({ parents: [right, left], edits: { l: "1", g: "1" } });
      expect(world.repository.run(["merge-base", "--all", base, head]).trim().split("\n")).toHaveLength(2);
      const { seen, wanted } = await world.compared(base, head);
      expect(seen).toEqual(wanted);
    });

    it("is not misled by commits that lie about their date", async () => {
      const root = world.repository.commit({ edits: { a: "1" }, at: 2_000_000_000 });
      const middle = world.repository.commit({ parents: [root], edits: { m: "1" }, at: 1_000 });
      const base = world.repository.commit({ parents: [middle], edits: { b: "1" }, at: 1_900_000_000 });
      const head = world.repository.commit({ parents: [middle], edits: { g: "1" }, at: 500 });
      const { seen, wanted } = await world.compared(base, head);
      expect(seen).toEqual(wanted);
      expect(seen?.map(({ path }) => path)).toEqual(["g"]);
    });

    it("is empty for an empty commit, a head behind main, and main itself", async () => {
      const root = world.repository.commit({ edits: { a: "1" } });
      const base = world.repository.commit({ parents: [root], edits: { a: "2" } });
      for (const head of [world.repository.commit({ parents: [base] }), root, base]) {
        const { seen } = await world.compared(base, head);
        expect(seen).toEqual([]);
      }
    });

    it("has no answer for unrelated histories", async () => {
      const base = world.repository.commit({ edits: { a: "1" } });
      const head = world.repository.commit({ edits: { a: "1" } });
      world.repository.point("refs/pull/1/head", head);
      await world.main(base, 1);
      expect(await world.history.changes(base, head)).toBeNull();
    });
  });
}
