import { describe, expect, it } from "vitest";
import type { Oid } from "../../src/domain/oid.ts";
import { type ContractWorld, NOWHERE, whole } from "./contract-world.ts";

/** What a history says of commits. */
export function commitsContract(world: ContractWorld): void {
  describe("first parents", () => {
    it("lists a linear history, oldest first, from the root and from a commit on", async () => {
      const commits: Oid[] = [];
      for (const index of [1, 2, 3, 4]) {
        const parents = commits.slice(-1);
        commits.push(world.repository.commit({ parents, message: `Commit ${index}\n\nBody.\n` }));
      }
      const [first, second] = commits;
      const tip = await world.main(commits[3] ?? NOWHERE);
      const all = await world.history.firstParents(tip, null);
      expect(all.map(({ oid: commit }) => commit)).toEqual(commits);
      expect(all[1]).toEqual({
        oid: second,
        message: "Commit 2\n\nBody.\n",
        parents: [first],
        committedAt: world.repository.committedAt(second ?? NOWHERE),
      });
      const news = await world.history.firstParents(tip, second ?? null);
      expect(news.map(({ oid: commit }) => commit)).toEqual(commits.slice(2));
      expect(await world.history.firstParents(tip, tip)).toEqual([]);
      expect(await world.history.firstParents(tip, NOWHERE)).toEqual(all);
      expect(await world.history.commit(second ?? NOWHERE)).toEqual(all[1]);
    });

    it("goes by first parents through merges, and tells all parents", async () => {
      const root = world.repository.commit({ edits: { a: "a" } });
      const side = world.repository.commit({ parents: [root], edits: { b: "b" } });
      const trunk = world.repository.commit({ parents: [root], edits: { c: "c" } });
      const tip = await world.main(world.repository.commit({ parents: [trunk, side], edits: { b: "b" } }));
      const commits = await world.history.firstParents(tip, null);
      expect(commits.map(({ oid: commit }) => commit)).toEqual([root, trunk, tip]);
      expect(commits.at(-1)?.parents).toEqual([trunk, side]);
    });

    it.each([
      ["empty", ""],
      ["without a line end", "One line"],
      ["of blank lines", "\n\n\n"],
      ["beginning with blank lines", "\n\nLate\n"],
      ["ending in many", "Subject\n\nBody\n\n\n\n"],
      ["with CR LF", "Subject\r\n\r\nBody\r\n"],
      ["with trailing blanks", "Subject  \n\n  Body\t\n"],
      ["with a byte order mark", "\ufeffSubject\n"],
      ["with other alphabets", "Zugang für Zoë 🔑\n"],
      ["that looks like headers", "parent 1234567890123456789012345678901234567890\n\ntree x\n"],
      ["that is no UTF-8", Buffer.from([0x41, 0xff, 0xfe, 0x0a])],
    ])("gives a message %s as git has it", async (_, message) => {
      const tip = await world.main(world.repository.commit({ message }));
      const seen = (await world.history.commit(tip)).message;
      expect(seen).toBe(
        world.repository.run(["cat-file", "commit", tip]).split("\n\n").slice(1).join("\n\n"),
      );
      expect(seen).toBe(world.repository.message(tip));
      for (const walk of [world.history.walk(tip, null), world.history.walkChanges(tip, null)]) {
        expect((await whole(walk)).map((commit) => commit.message)).toEqual([seen]);
      }
    });

    it("reads signed, encoded and strange commits as git does", async () => {
      const parent = world.repository.commit({});
      const tree = world.repository.run(["rev-parse", `${parent}^{tree}`]).trim();
      const who = "Alice <alice@example.org> 1795500000 +0000";
      const head = `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n`;
      const signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n";
      const commits = [
        `${head}${signature}\nSigned\n`,
        `${head}encoding ISO-8859-1\n\nZo\xeb\n`,
        `${head}mergetag object ${tree}\n type commit\n \n a\nparent ${parent}\n\nExtra parent\n`,
      ];
      for (const commit of commits) {
        const tip = await world.main(world.repository.object("commit", Buffer.from(commit, "latin1")));
        const parents = world.repository.run(["log", "-1", "--format=%P", tip]).trim().split(" ");
        expect(await world.history.commit(tip)).toEqual({
          oid: tip,
          message: world.repository.message(tip),
          parents,
          committedAt: 1_795_500_000_000,
        });
        const [walked] = await world.history.firstParents(tip, parent);
        expect(walked).toEqual(await world.history.commit(tip));
      }
    });
  });

  describe("a walk", () => {
    it("gives the same commits as the list of first parents, with what each changed", async () => {
      const root = world.repository.commit({ edits: { a: "a", "b/c": "c" } });
      const side = world.repository.commit({ parents: [root], edits: { side: "s" } });
      const empty = world.repository.commit({ parents: [root] });
      const merge = world.repository.commit({ parents: [empty, side], edits: { side: "s", a: "2" } });
      const tip = await world.main(
        world.repository.commit({ parents: [merge], edits: { "b/c": null, "ä\n": "umlaut" } }),
      );
      const wanted = [
        { oid: root, changes: world.repository.changes(world.repository.emptyTree(), root) },
        { oid: empty, changes: [] },
        { oid: merge, changes: world.repository.changes(empty, merge) },
        { oid: tip, changes: world.repository.changes(merge, tip) },
      ];
      const walked = await whole(world.history.walkChanges(tip, null));
      expect(walked.map(({ oid: commit, changes }) => ({ oid: commit, changes }))).toEqual(wanted);
      expect(walked.map(({ changes: _, ...commit }) => commit)).toEqual(
        await world.history.firstParents(tip, null),
      );
      const news = await whole(world.history.walkChanges(tip, empty));
      expect(news).toEqual(walked.slice(2));
      expect(await whole(world.history.walk(tip, empty))).toEqual(
        await world.history.firstParents(tip, empty),
      );
    });

    it("goes back to the root when it never comes by the commit where it should end", async () => {
      const root = world.repository.commit({ edits: { a: "1" } });
      const side = world.repository.commit({ parents: [root], edits: { b: "1" } });
      const trunk = world.repository.commit({ parents: [root], edits: { c: "1" } });
      const tip = await world.main(world.repository.commit({ parents: [trunk, side] }));
      const later = world.repository.commit({ parents: [tip] });
      world.repository.point("refs/pull/1/head", later);
      await world.history.refresh([1]);
      for (const until of [side, later]) {
        const walked = await world.history.firstParents(tip, until);
        expect(walked.map(({ oid: commit }) => commit)).toEqual([root, trunk, tip]);
      }
    });

    it("can be left before its end", async () => {
      let parents: Oid[] = [];
      for (let index = 0; index < 20; index++)
        parents = [world.repository.commit({ parents, edits: { a: `${index}` } })];
      const tip = await world.main(parents[0] ?? NOWHERE);
      for (const walk of [world.history.walk(tip, null), world.history.walkChanges(tip, null)]) {
        for await (const portion of walk) {
          expect(portion.length).toBeGreaterThan(0);
          break;
        }
      }
    });
  });

  describe("what is not there", () => {
    it("is an error, and no harm", async () => {
      const tip = await world.main(world.repository.commit({ edits: { a: "content" } }));
      await expect(world.history.commit(NOWHERE)).rejects.toThrow(NOWHERE);
      await expect(world.history.blob(NOWHERE)).rejects.toThrow(NOWHERE);
      await expect(world.history.files(NOWHERE, "")).rejects.toThrow(NOWHERE);
      await expect(world.history.firstParents(NOWHERE, null)).rejects.toThrow(NOWHERE);
      await expect(world.history.changes(tip, NOWHERE)).rejects.toThrow(NOWHERE);
      await expect(world.history.changes(NOWHERE, tip)).rejects.toThrow(NOWHERE);
      await world.history.refresh([]);
      expect(await world.history.files(tip, "")).toEqual(world.repository.files(tip, ""));
    });

    it("is an error when it is of another kind", async () => {
      const tip = await world.main(world.repository.commit({ edits: { a: "content" } }));
      const [file] = await world.history.files(tip, "");
      await expect(world.history.blob(tip)).rejects.toThrow();
      await expect(world.history.commit(file?.oid ?? NOWHERE)).rejects.toThrow();
    });
  });
}
