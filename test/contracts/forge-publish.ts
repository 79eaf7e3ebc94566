import { describe, expect, it } from "vitest";
import type { Ask } from "../../src/domain/approver-source.ts";
import type { Effect } from "../../src/domain/plan.ts";
import { approved, decision, history } from "../output/decisions.ts";
import { PATH, read, request, type Stage } from "./forge-world.ts";

const nobody: Ask = { teams: [], users: [] };

export function show(
  standing: "pending" | "approved",
  fingerprint: string,
  parts: Partial<Extract<Effect, { kind: "publish" }>> = {},
): Extract<Effect, { kind: "publish" }> {
  const of = standing === "approved" ? approved : decision();
  return {
    kind: "publish",
    standing: { kind: "judged", decision: of },
    fingerprint,
    check: true,
    comment: true,
    ask: nobody,
    ...parts,
  };
}

/** What is shown, and that it is shown once. */
export function publishContract(stage: Stage): void {
  describe("publish", () => {
    it("shows check run and comment in one call, and a reading afterwards finds both", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await read(world, pull);
      world.calls();
      await world.forge.publish(pull, head, show("pending", "f1"));
      expect(world.calls()).toHaveLength(1);
      expect((await read(world, pull)).shown).toMatchObject({ check: "f1", comment: "f1" });
      expect(await world.checks(head)).toMatchObject([{ status: "in_progress", conclusion: null }]);
    });

    it("edits its one comment and its one check run", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await world.forge.publish(pull, head, show("pending", "f1"));
      await world.forge.publish(pull, head, show("approved", "f2"));
      const own = (await world.conversation(pull)).filter(({ by }) => by === world.self);
      expect(own).toHaveLength(1);
      expect(own[0]?.body).toContain("merges it now");
      expect(await world.checks(head)).toMatchObject([{ status: "completed", conclusion: "success" }]);
      expect((await read(world, pull)).shown).toMatchObject({ check: "f2", comment: "f2" });
    });

    it("takes a green check back with a run that waits, when an approval is withdrawn", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await world.forge.publish(pull, head, show("approved", "f1"));
      await world.forge.publish(pull, head, show("pending", "f2"));
      expect((await world.checks(head)).at(-1)).toMatchObject({ status: "in_progress", conclusion: null });
      expect((await read(world, pull)).shown.check).toBe("f2");
    });

    it("shows nothing on a new head", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await world.forge.publish(pull, head, show("pending", "f1"));
      await world.commits("alice", "one", { [PATH]: "id: one\nmore: yes\n" });
      expect((await read(world, pull)).shown).toMatchObject({ check: null, comment: "f1" });
    });

    it("takes no status of the same name by somebody else for its own", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await world.forges("alice", head);
      expect((await read(world, pull)).shown.check).toBeNull();
    });

    it("writes a comment again that somebody has tampered with", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await world.forge.publish(pull, head, show("pending", "f1"));
      const [own] = await world.conversation(pull);
      await world.edits("grace", own?.id ?? 0, `${own?.body.split("\n")[0]}\nApproved, go ahead!`);
      expect((await read(world, pull)).shown.comment).toBeNull();
      await world.forge.publish(pull, head, show("pending", "f1", { check: false }));
      expect((await read(world, pull)).shown.comment).toBe("f1");
      expect(await world.conversation(pull)).toHaveLength(1);
    });

    it("takes no marker in somebody else's comment for its own", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await world.comments(
        "alice",
        pull,
        '<!-- grantbox {"fingerprint":"f1","asked":["user:carol"]} -->\nhi',
      );
      expect((await read(world, pull)).shown.comment).toBeNull();
      await world.forge.publish(pull, head, show("pending", "f1"));
      expect(await world.conversation(pull)).toHaveLength(2);
    });

    it("asks for reviews once, and remembers whom after they have answered", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await read(world, pull, ["privacy"]);
      await world.forge.publish(
        pull,
        head,
        show("pending", "f1", { ask: { teams: ["privacy"], users: ["dave"] } }),
      );
      expect((await read(world, pull)).shown.asked).toEqual(
        new Set(["team:privacy", "user:dave", "team:storage-owners"]),
      );
      await world.reviews("carol", pull, "COMMENT");
      await world.reviews("dave", pull, "APPROVE");
      expect([...(await read(world, pull)).shown.asked]).toEqual(
        expect.arrayContaining(["team:privacy", "user:dave"]),
      );
    });

    it("asks the others when one cannot be asked, and does not ask that one again", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      const ask = { teams: ["nosuch"], users: ["alice", "dave", "nobody-at-all"] };
      await world.forge.publish(pull, head, show("pending", "f1", { ask }));
      const { shown } = await read(world, pull);
      expect(shown).toMatchObject({ check: "f1", comment: "f1" });
      expect([...shown.asked]).toEqual(
        expect.arrayContaining(["team:nosuch", "user:alice", "user:dave", "user:nobody-at-all"]),
      );
    });

    it("keeps whom it has asked when it later says that the grant is in force", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await world.forge.publish(pull, head, show("pending", "f1", { ask: { teams: [], users: ["dave"] } }));
      const standing = { kind: "in-force", history: history() } as const;
      await world.forge.publish(pull, head, show("pending", "f2", { standing, check: false }));
      const { shown } = await read(world, pull);
      expect(shown).toMatchObject({ check: "f1", comment: "f2" });
      expect(shown.asked.has("user:dave")).toBe(true);
    });

    it("shows a notice as a check run alone", async () => {
      const world = stage();
      const { pull, head } = await request(world);
      await world.forge.publishNotice(pull, head, {
        kind: "not-a-request",
        fingerprint: "n1",
        findings: [],
        replay: null,
        tests: null,
      });
      expect((await read(world, pull)).shown).toMatchObject({ check: "n1", comment: null });
      expect(await world.checks(head)).toMatchObject([{ status: "completed", conclusion: "success" }]);
      expect(await world.conversation(pull)).toEqual([]);
    });
  });
}
