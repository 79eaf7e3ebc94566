import { describe, expect, it } from "vitest";
import { oid, type PullNumber } from "../../src/domain/oid.ts";
import { show } from "./forge-publish.ts";
import { PATH, read, request, type Stage } from "./forge-world.ts";

/** What reaches main, and what never does. */
export function mergeContract(stage: Stage): void {
  describe("squashMerge", () => {
    const message = {
      headline: "Grant one (#1)",
      body: "For a case.\n\nGrantbox-Event: activated\nGrant-Id: one",
    };

    it("merges the head it was given, with the message as it was given", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await world.reviews("bob", pull, "APPROVE");
      await world.forge.publish(pull, head, show("approved", "f1"));
      const outcome = await world.forge.squashMerge(pull, head, message);
      const commit = world.tip("main");
      expect(outcome).toEqual({ kind: "merged", commit });
      expect(world.message(commit ?? head)).toBe(`${message.headline}\n\n${message.body}`);
      expect((await read(world, pull)).merge).toEqual({ commit, byApp: true });
      expect(await world.forge.mergedByApp([pull, 4711 as PullNumber])).toEqual(new Map([[pull, commit]]));
    });

    it("does not merge a head that has moved", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await world.forge.publish(pull, head, show("approved", "f1"));
      await world.commits("alice", "one", { [PATH]: "id: one\nmore: yes\n" });
      expect(await world.forge.squashMerge(pull, head, message)).toEqual({ kind: "moved" });
    });

    it("gives GitHub's sentence when a rule forbids it, and asks once", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await world.forge.publish(pull, head, show("pending", "f1"));
      world.calls();
      expect(await world.forge.squashMerge(pull, head, message)).toEqual({
        kind: "refused",
        because: expect.stringContaining("grantbox"),
      });
      expect(world.calls()).toHaveLength(1);
    });
  });

  describe("appendJournal", () => {
    it("begins a journal of empty commits and adds to its tip only", async () => {
      const world = stage();
      expect(await world.forge.appendJournal(null, "first\n\nGrantbox-Event: denied")).toBe(true);
      const first = world.tip("grantbox-journal") ?? oid("0".repeat(40));
      expect(await world.forge.appendJournal(null, "another first")).toBe(false);
      expect(await world.forge.appendJournal(first, "second")).toBe(true);
      expect(await world.forge.appendJournal(first, "another second")).toBe(false);
      const tip = world.tip("grantbox-journal") ?? first;
      expect(world.message(tip)).toBe("second");
      expect(world.message(first)).toBe("first\n\nGrantbox-Event: denied");
      expect(world.paths(tip)).toEqual(world.paths(first));
    });
  });
}
