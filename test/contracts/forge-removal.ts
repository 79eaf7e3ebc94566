import { describe, expect, it } from "vitest";
import { type Oid, oid, type PullNumber } from "../../src/domain/oid.ts";
import type { Removal } from "../../src/ports/forge.ts";
import { end, history } from "../output/decisions.ts";
import { type ForgeWorld, PATH, read, type Stage } from "./forge-world.ts";

/** How files leave main. */
export function removalContract(stage: Stage): void {
  describe("openRemoval", () => {
    const removal = (world: ForgeWorld, parts: Partial<Removal> = {}): Removal => ({
      branch: "grantbox/expire/one",
      onto: world.tip("main") ?? oid("0".repeat(40)),
      paths: [PATH],
      title: 'Revert "Grant one"',
      histories: [history()],
      records: [end()],
      ...parts,
    });
    const without = (world: ForgeWorld, commit: Oid, gone: readonly string[]) =>
      world.paths(commit).filter((path) => !gone.includes(path));

    async function grantOnMain(world: ForgeWorld, path = PATH, branch = "granted"): Promise<Oid> {
      await world.commits("alice", branch, { [path]: "id: x\n" });
      const pull = await world.opens("alice", branch);
      await world.reviews("bob", pull, "APPROVE");
      return world.merges("grace", pull);
    }

    it("opens a pull request whose head takes away exactly these files, in two calls", async () => {
      const world = stage();
      const onto = await grantOnMain(world);
      await world.forge.read(1 as PullNumber, []);
      world.calls();
      const { pull, head } = await world.forge.openRemoval(removal(world));
      expect(world.calls()).toHaveLength(2);
      expect(world.paths(head)).toEqual(without(world, onto, [PATH]));
      const reading = await read(world, pull);
      expect(reading).toMatchObject({ head, openedByApp: true, headBranch: "grantbox/expire/one" });
      const outcome = await world.forge.squashMerge(pull, head, { headline: "Revert (#2)", body: "Ended." });
      expect(outcome.kind).toBe("merged");
    });

    it("finds it again, and keeps an approval that it has", async () => {
      const world = stage();
      await grantOnMain(world);
      const first = await world.forge.openRemoval(removal(world));
      await world.reviews("bob", first.pull, "APPROVE");
      expect(await world.forge.openRemoval(removal(world))).toEqual(first);
      expect((await read(world, first.pull)).facts.reviews).toMatchObject([
        { state: "approved", commit: first.head },
      ]);
    });

    it("finds it again after the default branch has moved on", async () => {
      const world = stage();
      await grantOnMain(world);
      const first = await world.forge.openRemoval(removal(world));
      await grantOnMain(world, "grants/azure.storage/two.yaml", "two");
      expect(await world.forge.openRemoval(removal(world))).toEqual(first);
    });

    it("goes on where a pass died: branch made, or commit made, but no pull request", async () => {
      const world = stage();
      const onto = await grantOnMain(world);
      await world.moves("bob", "grantbox/expire/one", onto);
      const { head } = await world.forge.openRemoval(removal(world));
      expect(world.paths(head)).toEqual(without(world, onto, [PATH]));
    });

    it("trusts nothing that stands on the branch already", async () => {
      const world = stage();
      const onto = await grantOnMain(world);
      await world.commits("bob", "grantbox/expire/one", { [PATH]: null, "policies/x.yaml": "evil\n" });
      const { pull, head } = await world.forge.openRemoval(removal(world));
      expect(world.paths(head)).toEqual(without(world, onto, [PATH]));
      expect((await read(world, pull)).head).toBe(head);
    });

    it("keeps the pull request open when its files are replaced by others", async () => {
      const world = stage();
      const two = "grants/azure.storage/two.yaml";
      await grantOnMain(world);
      await grantOnMain(world, two, "two");
      const first = await world.forge.openRemoval(removal(world));
      const onto = world.tip("main") ?? first.head;
      const second = await world.forge.openRemoval(removal(world, { paths: [PATH, two] }));
      expect(second.pull).toBe(first.pull);
      expect(world.paths(second.head)).toEqual(without(world, onto, [PATH, two]));
      expect((await read(world, second.pull)).shown.state).toBe("open");
    });
  });
}
