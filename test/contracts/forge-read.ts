import { describe, expect, it } from "vitest";
import type { PullNumber } from "../../src/domain/oid.ts";
import { PATH, read, request, type Stage } from "./forge-world.ts";

/** What a reading says. */
export function readContract(stage: Stage): void {
  describe("read", () => {
    it("says who asks for what, against which branch, and that nothing is shown yet", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      expect(await read(world, pull)).toMatchObject({
        pull,
        requester: { login: "alice", kind: "user" },
        head,
        headBranch: "one",
        baseBranch: "main",
        defaultBranch: "main",
        fork: false,
        draft: false,
        merge: null,
        openedByApp: false,
        facts: { head, complete: true, pushers: { known: true, logins: ["alice"] }, ownerErrors: [] },
        shown: { state: "open", closedBy: null, check: null, comment: null },
      });
    });

    it("knows no pull request that does not exist", async () => {
      const world = stage();
      expect(await world.forge.read(4711 as PullNumber, ["privacy"])).toBeNull();
    });

    it("binds a review to the commit that was looked at", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await world.reviews("bob", pull, "APPROVE");
      await world.commits("alice", "one", { [PATH]: "id: one\nmore: yes\n" });
      const reading = await read(world, pull);
      expect(reading.head).not.toBe(head);
      expect(reading.facts.reviews).toMatchObject([
        { author: { login: "bob", kind: "user" }, state: "approved", commit: head },
      ]);
    });

    it("tells a dismissed review from an approval", async () => {
      const world = stage();
      const { pull } = await request(world);
      const review = await world.reviews("bob", pull, "APPROVE");
      await world.dismisses("grace", pull, review);
      expect((await read(world, pull)).facts.reviews).toMatchObject([{ id: review, state: "dismissed" }]);
    });

    it("names everybody behind the commits: authors, co-authors, whoever pushed", async () => {
      const world = stage();
      await world.commits("alice", "one", { [PATH]: "id: one\n" });
      await world.commits(
        "erin",
        "one",
        { [PATH]: "id: one\n\n" },
        "More\n\nco-authored-by: Bob <bob@x.example>",
      );
      const { facts } = await read(world, await world.opens("alice", "one"));
      expect(facts.commits).toHaveLength(2);
      const names = facts.commits.flatMap(({ identities }) => identities);
      expect(names).toContainEqual(expect.objectContaining({ role: "author", login: "alice" }));
      expect(names).toContainEqual(expect.objectContaining({ role: "author", login: "erin" }));
      expect(names).toContainEqual(expect.objectContaining({ role: "co-author", email: "bob@x.example" }));
      expect(facts.pushers.known && new Set(facts.pushers.logins)).toEqual(new Set(["alice", "erin"]));
    });

    it("lists the members of teams, and says of an unknown team that it is unread", async () => {
      const world = stage();
      const { pull } = await request(world);
      expect((await read(world, pull, ["Privacy", "nosuch"])).facts.teams).toEqual({
        privacy: { read: true, members: ["carol"] },
        nosuch: { read: false, because: expect.any(String) },
      });
    });

    it("gives comments word for word, and marks those that were edited", async () => {
      const world = stage();
      const { pull } = await request(world);
      const first = await world.comments("bob", pull, "/deny  no\nreason");
      const second = await world.comments("carol", pull, "hello");
      await world.edits("grace", second, "/deny forged");
      expect((await read(world, pull)).facts.comments).toMatchObject([
        { id: first, author: { login: "bob" }, body: "/deny  no\nreason", edited: false },
        { id: second, author: { login: "carol" }, body: "/deny forged", edited: true },
      ]);
    });

    it("says who closed it", async () => {
      const world = stage();
      const { pull } = await request(world);
      await world.closes("erin", pull);
      expect((await read(world, pull)).shown).toMatchObject({ state: "closed", closedBy: { login: "erin" } });
    });

    it("tells a merge by somebody else from one by the app", async () => {
      const world = stage();
      const { pull } = await request(world);
      await world.reviews("bob", pull, "APPROVE");
      const commit = await world.merges("grace", pull);
      expect(await read(world, pull)).toMatchObject({
        merge: { commit, byApp: false },
        shown: { state: "merged" },
      });
      expect(await world.forge.mergedByApp([pull])).toEqual(new Map());
    });
  });
}
