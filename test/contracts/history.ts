import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Oid, oid } from "../../src/domain/oid.ts";
import type { History } from "../../src/ports/history.ts";
import { newRepository, type Repository } from "../git/repository.ts";

/** An implementation under test, over a repository that its server holds. */
export interface HistorySubject {
  readonly history: History;
  close(): Promise<void>;
}

const NOWHERE = oid("1234567890123456789012345678901234567890");

/** What every implementation of the port `History` does; the real git program is the judge. */
export function historyContract(
  name: string,
  make: (repository: Repository) => Promise<HistorySubject>,
): void {
  describe(`history: ${name}`, () => {
    let repository: Repository;
    let subject: HistorySubject;
    let history: History;

    beforeEach(async () => {
      repository = newRepository();
      subject = await make(repository);
      history = subject.history;
    });
    afterEach(async () => {
      await subject.close();
      repository.remove();
    });

    const main = async (tip: Oid, ...pulls: number[]): Promise<Oid> => {
      repository.point("refs/heads/main", tip);
      await history.refresh(pulls);
      return tip;
    };
    /** A pull request from its base to its head, as the port and as git see it. */
    const compared = async (base: Oid, head: Oid) => {
      repository.point("refs/pull/1/head", head);
      await main(base, 1);
      const common = oid(repository.run(["merge-base", base, head]).trim());
      return { seen: await history.changes(base, head), wanted: repository.changes(common, head) };
    };

    describe("refs", () => {
      it("knows no ref of an empty repository", async () => {
        await history.refresh([1]);
        expect(await history.resolve("refs/heads/main")).toBeNull();
        expect(await history.resolve("refs/pull/1/head")).toBeNull();
      });

      it("follows main, journal, own branches and the pulls named, and nothing else", async () => {
        const tip = repository.commit({ edits: { a: "a" } });
        const refs = [
          "refs/heads/main",
          "refs/heads/grantbox-journal",
          "refs/heads/grantbox/expire/x",
          "refs/pull/7/head",
        ];
        const others = ["refs/heads/main-2", "refs/heads/feature", "refs/pull/70/head", "refs/tags/v1"];
        for (const ref of [...refs, ...others]) repository.point(ref, tip);
        await history.refresh([7]);
        for (const ref of refs) expect(await history.resolve(ref), ref).toBe(tip);
        for (const ref of others) expect(await history.resolve(ref), ref).toBeNull();
      });

      it("shows nothing new before the next refresh", async () => {
        const first = await main(repository.commit({ edits: { a: "1" } }));
        repository.point("refs/heads/main", repository.commit({ parents: [first], edits: { a: "2" } }));
        expect(await history.resolve("refs/heads/main")).toBe(first);
      });

      it.each(["refs/heads/main", "refs/heads/grantbox-journal", "refs/pull/1/head"])(
        "follows a force push of %s and its return",
        async (ref) => {
          const first = repository.commit({ edits: { a: "1" } });
          const second = repository.commit({ parents: [first], edits: { a: "2" } });
          const other = repository.commit({ parents: [first], edits: { a: "3" } });
          for (const tip of [second, other, first, second]) {
            repository.point(ref, tip);
            await history.refresh([1]);
            expect(await history.resolve(ref)).toBe(tip);
            expect(await history.files(tip, "")).toEqual(repository.files(tip, ""));
          }
        },
      );

      it("forgets refs that are gone, and finds them when they come again", async () => {
        const tip = await main(repository.commit({ edits: { a: "a" } }));
        const refs = [
          "refs/heads/grantbox-journal",
          "refs/heads/grantbox/release/x",
          "refs/pull/3/head",
        ] as const;
        for (const there of [true, false, true]) {
          for (const ref of refs) repository.point(ref, there ? tip : null);
          await history.refresh([3]);
          for (const ref of refs) expect(await history.resolve(ref), ref).toBe(there ? tip : null);
        }
      });

      it("lets a branch take the name of a folder of branches that is gone", async () => {
        const tip = await main(repository.commit({ edits: { a: "a" } }));
        repository.point("refs/heads/grantbox/x/y", tip);
        await history.refresh([]);
        repository.point("refs/heads/grantbox/x/y", null);
        repository.point("refs/heads/grantbox/x", tip);
        await history.refresh([]);
        expect(await history.resolve("refs/heads/grantbox/x/y")).toBeNull();
        expect(await history.resolve("refs/heads/grantbox/x")).toBe(tip);
      });

      it("keeps the head of a pull request that is not named this time", async () => {
        const tip = repository.commit({ edits: { a: "a" } });
        repository.point("refs/pull/1/head", tip);
        await history.refresh([1]);
        await history.refresh([2]);
        expect(await history.resolve("refs/pull/1/head")).toBe(tip);
      });

      it("answers many refreshes at once", async () => {
        const tip = repository.commit({ edits: { a: "a" } });
        const pulls = Array.from({ length: 20 }, (_, index) => index + 1);
        for (const pull of pulls) repository.point(`refs/pull/${pull}/head`, tip);
        await Promise.all(pulls.map((pull) => history.refresh([pull])));
        for (const pull of pulls) expect(await history.resolve(`refs/pull/${pull}/head`)).toBe(tip);
      });
    });

    describe("first parents", () => {
      it("lists a linear history, oldest first, from the root and from a commit on", async () => {
        const commits: Oid[] = [];
        for (const index of [1, 2, 3, 4]) {
          const parents = commits.slice(-1);
          commits.push(repository.commit({ parents, message: `Commit ${index}\n\nBody.\n` }));
        }
        const [first, second] = commits;
        const tip = await main(commits[3] ?? NOWHERE);
        const all = await history.firstParents(tip, null);
        expect(all.map(({ oid: commit }) => commit)).toEqual(commits);
        expect(all[1]).toEqual({ oid: second, message: "Commit 2\n\nBody.\n", parents: [first] });
        const news = await history.firstParents(tip, second ?? null);
        expect(news.map(({ oid: commit }) => commit)).toEqual(commits.slice(2));
        expect(await history.firstParents(tip, tip)).toEqual([]);
        expect(await history.firstParents(tip, NOWHERE)).toEqual(all);
        expect(await history.commit(second ?? NOWHERE)).toEqual(all[1]);
      });

      it("goes by first parents through merges, and tells all parents", async () => {
        const root = repository.commit({ edits: { a: "a" } });
        const side = repository.commit({ parents: [root], edits: { b: "b" } });
        const trunk = repository.commit({ parents: [root], edits: { c: "c" } });
        const tip = await main(repository.commit({ parents: [trunk, side], edits: { b: "b" } }));
        const commits = await history.firstParents(tip, null);
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
        const tip = await main(repository.commit({ message }));
        const seen = (await history.commit(tip)).message;
        expect(seen).toBe(repository.run(["cat-file", "commit", tip]).split("\n\n").slice(1).join("\n\n"));
        expect(seen).toBe(repository.message(tip));
      });

      it("reads signed, encoded and strange commits as git does", async () => {
        const parent = repository.commit({});
        const tree = repository.run(["rev-parse", `${parent}^{tree}`]).trim();
        const who = "Alice <alice@example.org> 1795500000 +0000";
        const head = `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n`;
        const signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n";
        const commits = [
          `${head}${signature}\nSigned\n`,
          `${head}encoding ISO-8859-1\n\nZo\xeb\n`,
          `${head}mergetag object ${tree}\n type commit\n \n a\nparent ${parent}\n\nExtra parent\n`,
        ];
        for (const commit of commits) {
          const tip = await main(repository.object("commit", Buffer.from(commit, "latin1")));
          const parents = repository.run(["log", "-1", "--format=%P", tip]).trim().split(" ");
          expect(await history.commit(tip)).toEqual({ oid: tip, message: repository.message(tip), parents });
        }
      });
    });

    describe("files", () => {
      const mixed = {
        "README.md": "read me",
        "grants/azure.storage/cs-1.yaml": "one",
        "grants/azure.storage/CS-1.yaml": "one in capitals",
        "grants/azure.storage/run.sh": { mode: "100755", content: "#!/bin/sh" },
        "grants/azure.storage/link": { mode: "120000", content: "../elsewhere" },
        "grants/module": { mode: "160000", content: NOWHERE },
        "grants.yaml": "beside the folder",
        "grants-old/x": "beside it too",
        'quelle/ä 🔑/zeile\n"zwei".txt': "strange name",
      };

      it("lists every file with its mode, in all and below a folder", async () => {
        const tip = await main(repository.commit({ edits: mixed }));
        expect(await history.files(tip, "")).toEqual(repository.files(tip, ""));
        for (const folder of ["grants/", "grants/azure.storage/", "quelle/ä 🔑/"]) {
          const wanted = repository.files(tip, folder);
          expect(wanted).not.toEqual([]);
          expect(await history.files(tip, folder)).toEqual(wanted);
          expect(await history.files(tip, folder.slice(0, -1))).toEqual(wanted);
        }
      });

      it("lists nothing below what is no folder", async () => {
        const tip = await main(repository.commit({ edits: mixed }));
        for (const folder of ["nowhere/", "README.md", "grants/module/", "README.md/x", "Grants/"]) {
          expect(await history.files(tip, folder), folder).toEqual([]);
        }
      });

      it("finds one file by its path", async () => {
        const tip = await main(repository.commit({ edits: mixed }));
        for (const { path, mode, oid: object } of repository.files(tip, "")) {
          expect(await history.file(tip, path), path).toEqual({ mode, oid: object });
        }
        for (const path of [
          "grants",
          "grants/azure.storage",
          "readme.md",
          "README.md/x",
          "",
          "../README.md",
        ]) {
          expect(await history.file(tip, path), path).toBeNull();
        }
      });

      it("reads an empty tree", async () => {
        const tip = await main(repository.commit({}));
        expect(await history.files(tip, "")).toEqual([]);
      });

      it("reads names that nobody should write, and old modes", async () => {
        const blob = repository.object("blob", Buffer.from("x"));
        const entry = (mode: string, name: string, object: string): Buffer =>
          Buffer.concat([Buffer.from(`${mode} ${name}\0`, "latin1"), Buffer.from(object, "hex")]);
        const inner = repository.object("tree", entry("100664", "\xff\xfe\x01\\", blob));
        const tree = repository.object(
          "tree",
          Buffer.concat([
            entry("40000", "..", inner),
            entry("40000", ".git", inner),
            entry("100644", "a\\b", blob),
          ]),
        );
        const tip = await main(oid(repository.run(["commit-tree", tree, "-m", "x"]).trim()));
        expect(await history.files(tip, "")).toEqual(repository.files(tip, ""));
      });
    });

    describe("changes", () => {
      it("tells additions, removals, edits, renames, modes, links and submodules", async () => {
        const root = repository.commit({
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
        const head = repository.commit({
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
        const { seen, wanted } = await compared(root, head);
        expect(seen).toEqual(wanted);
        expect(seen).toHaveLength(10);
      });

      it("tells a file that becomes a folder and a folder that becomes a file", async () => {
        const root = repository.commit({ edits: { a: "file", "a.b": "x", "c/d": "x", "c/e": "x" } });
        const edits = { a: null, "a/b": "x", "a/c": "x", "c/d": null, "c/e": null, c: "file" };
        const { seen, wanted } = await compared(root, repository.commit({ parents: [root], edits }));
        expect(seen).toEqual(wanted);
        expect(seen).toHaveLength(6);
      });

      it("compares with the merge base, not with the tip of main", async () => {
        const root = repository.commit({ edits: { a: "1", b: "1" } });
        const base = repository.commit({ parents: [root], edits: { b: "2", c: "1" } });
        const head = repository.commit({ parents: [root], edits: { a: "2" } });
        const { seen, wanted } = await compared(base, head);
        expect(seen?.map(({ path }) => path)).toEqual(["a"]);
        expect(seen).toEqual(wanted);
      });

      it("sees main merged into the branch as no change", async () => {
        const root = repository.commit({ edits: { a: "1" } });
        const base = repository.commit({ parents: [root], edits: { c: "1" } });
        const work = repository.commit({ parents: [root], edits: { g: "1" } });
        const head = repository.commit({ parents: [work, base], edits: { c: "1" } });
        const { seen, wanted } = await compared(base, head);
        expect(seen?.map(({ path }) => path)).toEqual(["g"]);
        expect(seen).toEqual(wanted);
      });

      it("takes git's choice of several merge bases", async () => {
        const root = repository.commit({ edits: { a: "1" } });
        const left = repository.commit({ parents: [root], edits: { l: "1" } });
        const right = repository.commit({ parents: [root], edits: { r: "1" } });
        const base = repository.commit({ parents: [left, right], edits: { r: "1" } });
        const head = repository.commit({ parents: [right, left], edits: { l: "1", g: "1" } });
        expect(repository.run(["merge-base", "--all", base, head]).trim().split("\n")).toHaveLength(2);
        const { seen, wanted } = await compared(base, head);
        expect(seen).toEqual(wanted);
      });

      it("is not misled by commits that lie about their date", async () => {
        const root = repository.commit({ edits: { a: "1" }, at: 2_000_000_000 });
        const middle = repository.commit({ parents: [root], edits: { m: "1" }, at: 1_000 });
        const base = repository.commit({ parents: [middle], edits: { b: "1" }, at: 1_900_000_000 });
        const head = repository.commit({ parents: [middle], edits: { g: "1" }, at: 500 });
        const { seen, wanted } = await compared(base, head);
        expect(seen).toEqual(wanted);
        expect(seen?.map(({ path }) => path)).toEqual(["g"]);
      });

      it("is empty for an empty commit, a head behind main, and main itself", async () => {
        const root = repository.commit({ edits: { a: "1" } });
        const base = repository.commit({ parents: [root], edits: { a: "2" } });
        for (const head of [repository.commit({ parents: [base] }), root, base]) {
          const { seen } = await compared(base, head);
          expect(seen).toEqual([]);
        }
      });

      it("has no answer for unrelated histories", async () => {
        const base = repository.commit({ edits: { a: "1" } });
        const head = repository.commit({ edits: { a: "1" } });
        repository.point("refs/pull/1/head", head);
        await main(base, 1);
        expect(await history.changes(base, head)).toBeNull();
      });
    });

    describe("size", () => {
      it("reads a large blob whole", async () => {
        const content = Buffer.alloc(10 * 2 ** 20, "0123456789abcdef\n");
        content.writeUInt32LE(0xdeadbeef, 5_000_000);
        const tip = await main(repository.commit({ edits: { large: content } }));
        const [file] = await history.files(tip, "");
        expect(Buffer.compare(await history.blob(file?.oid ?? NOWHERE), content)).toBe(0);
      });

      it("reads a tree of 3,000 files and one change to it", async () => {
        const paths = Array.from({ length: 3000 }, (_, index) => `grants/azure.storage/cs-${index}.yaml`);
        const base = repository.commit({ edits: Object.fromEntries(paths.map((path) => [path, path])) });
        const head = repository.commit({
          parents: [base],
          edits: { "grants/azure.storage/cs-1500.yaml": "new" },
        });
        const { seen, wanted } = await compared(base, head);
        expect(seen).toEqual(wanted);
        expect(await history.files(head, "")).toEqual(repository.files(head, ""));
      });
    });

    describe("what is not there", () => {
      it("is an error, and no harm", async () => {
        const tip = await main(repository.commit({ edits: { a: "content" } }));
        await expect(history.commit(NOWHERE)).rejects.toThrow(NOWHERE);
        await expect(history.blob(NOWHERE)).rejects.toThrow(NOWHERE);
        await expect(history.files(NOWHERE, "")).rejects.toThrow(NOWHERE);
        await expect(history.firstParents(NOWHERE, null)).rejects.toThrow(NOWHERE);
        await expect(history.changes(tip, NOWHERE)).rejects.toThrow(NOWHERE);
        await expect(history.changes(NOWHERE, tip)).rejects.toThrow(NOWHERE);
        await history.refresh([]);
        expect(await history.files(tip, "")).toEqual(repository.files(tip, ""));
      });

      it("is an error when it is of another kind", async () => {
        const tip = await main(repository.commit({ edits: { a: "content" } }));
        const [file] = await history.files(tip, "");
        await expect(history.blob(tip)).rejects.toThrow();
        await expect(history.commit(file?.oid ?? NOWHERE)).rejects.toThrow();
      });
    });
  });
}
