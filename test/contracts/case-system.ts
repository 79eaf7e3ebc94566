import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CaseSystem } from "../../src/ports/cases.ts";

/** A case system with someone in it who opens and resolves cases without Grantbox, and ways for it to fail. */
export interface CaseWorld {
  readonly system: CaseSystem;
  /** Ids of an open and of a resolved case, and of one that does not exist. */
  readonly open: string;
  readonly resolved: string;
  readonly missing: string;
  /** From now on it answers with this status, and with this body where one is given. */
  answers(status: number, body?: string): void;
  /** How often it was asked. */
  asked(): number;
  end(): Promise<void>;
}

/** What every case system does, whatever stands behind it. */
export function caseSystemContract(make: () => Promise<CaseWorld>): void {
  describe("a case system", () => {
    let world: CaseWorld;
    beforeEach(async () => {
      world = await make();
    });
    afterEach(() => world.end());

    it("says that an open case is open, and since when nothing is resolved", async () => {
      expect(await world.system.read(world.open)).toEqual({
        fact: { read: true, state: "open" },
        resolvedAt: null,
      });
    });

    it("says that a resolved case is resolved", async () => {
      expect((await world.system.read(world.resolved)).fact).toEqual({ read: true, state: "resolved" });
    });

    it("says that a case is missing", async () => {
      expect((await world.system.read(world.missing)).fact).toEqual({ read: true, state: "missing" });
    });

    it.each([
      ["refuses the credentials", 401, "{}"],
      ["forbids it", 403, "{}"],
      ["is asked too often", 429, "{}"],
      ["is broken", 500, "<html>"],
      ["is away behind its proxy", 502, ""],
      ["sends no JSON", 200, "<html>Sign in</html>"],
      ["sends half an answer", 200, '{"fields": {"status"'],
      ["sends an empty object", 200, "{}"],
      ["sends a list", 200, "[]"],
      ["sends null", 200, "null"],
    ])("knows nothing of a case when it %s, and says why", async (_, status, body) => {
      world.answers(status, body);
      expect(await world.system.read(world.open)).toEqual({
        fact: { read: false, because: expect.stringMatching(/\S/) },
        resolvedAt: null,
      });
    });

    it.each(["", " ", "a b", "CS-1^ORnumber=CS-2", "../../users", "1?x=1", "1&x=1", "x".repeat(200)])(
      "is not asked about %j, which names no case",
      async (id) => {
        expect((await world.system.read(id)).fact).toMatchObject({ read: false });
        expect(world.asked()).toBe(0);
      },
    );
  });
}
