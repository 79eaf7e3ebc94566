import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { oid } from "../../src/domain/oid.ts";
import { findRepository, openLocal, type Reader, symbolicRef } from "../../src/git/local.ts";
import { ForgeError } from "../../src/ports/forge.ts";
import { historyContract } from "../contracts/history.ts";
import { whole } from "./contract-world.ts";
import { git } from "./git-program.ts";

for (const reader of ["git", "isomorphic-git"] as const satisfies readonly Reader[]) {
  historyContract(
    `a repository on this machine, by ${reader}`,
    async ({ path }) => {
      const repository = findRepository(path);
      if (repository === null) throw new Error(`no repository in ${path}`);
      return openLocal(repository, reader);
    },
    "as they stand",
  );
}

describe("finding a repository on this machine", () => {
  const world = () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "grantbox-local-")));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const bare = join(root, "lockbox.git");
    git(root, ["init", "--quiet", "--bare", "--initial-branch=trunk", bare]);
    const work = join(root, "work");
    git(root, ["clone", "--quiet", bare, work]);
    mkdirSync(join(work, "grants", "azure.storage"), { recursive: true });
    git(work, ["commit", "--quiet", "--allow-empty", "-m", "Begin"]);
    git(work, ["push", "--quiet", "origin", "HEAD:trunk"]);
    return { root, bare, work };
  };

  it.each([
    ["a bare repository", "lockbox.git", "lockbox.git"],
    ["a folder of a bare repository", "lockbox.git/objects", "lockbox.git"],
    ["a checkout", "work", "work/.git"],
    ["a folder of a checkout", "work/grants/azure.storage", "work/.git"],
    ["the .git of a checkout", "work/.git", "work/.git"],
  ])("finds %s", (_, from, found) => {
    const { root } = world();
    expect(findRepository(join(root, from))).toEqual({
      gitDir: join(root, found),
      commonDir: join(root, found),
    });
  });

  it("finds the repository of another worktree, and its objects", async () => {
    const { root, work } = world();
    git(work, ["worktree", "add", "--quiet", "--detach", join(root, "second")]);
    const found = findRepository(join(root, "second"));
    expect(found?.commonDir).toBe(join(work, ".git"));
    if (found === null) return;
    for (const reader of ["git", "isomorphic-git"] as const) {
      const { history, close } = openLocal(found, reader);
      expect(await history.resolve("refs/heads/trunk"), reader).not.toBeNull();
      await close();
    }
  });

  it("tells the changes of a long history, in which most commits change nothing", async () => {
    const { bare } = world();
    const commits = Array.from({ length: 3000 }, (_, at) => {
      const change = at % 50 === 49 ? `M 100644 inline a/${at}\ndata 1\nx\n` : "";
      return `commit refs/heads/long\ncommitter A <a@example.org> ${at + 1} +0000\ndata 1\nm\n${change}`;
    });
    git(bare, ["fast-import", "--quiet"], { input: commits.join("\n") });
    const found = findRepository(bare);
    if (found === null) return;
    const [one, other] = await Promise.all(
      (["git", "isomorphic-git"] as const).map(async (reader) => {
        const { history, close } = openLocal(found, reader);
        const tip = await history.resolve("refs/heads/long");
        const walked = tip === null ? [] : await whole(history.walkChanges(tip, null));
        await close();
        return walked;
      }),
    );
    expect(one?.map(({ changes }) => changes.length)).toEqual(
      commits.map((_, at) => (at % 50 === 49 ? 1 : 0)),
    );
    expect(one).toEqual(other);
  });

  it("finds none where there is none", () => {
    const root = mkdtempSync(join(tmpdir(), "grantbox-local-"));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    expect(findRepository(root)).toBeNull();
  });

  it("reads which branch HEAD and origin name", () => {
    const { root, bare } = world();
    const clone = join(root, "clone");
    git(root, ["clone", "--quiet", bare, clone]);
    const found = findRepository(clone);
    expect(found && symbolicRef("HEAD", found)).toBe("refs/heads/trunk");
    expect(found && symbolicRef("refs/remotes/origin/HEAD", found)).toBe("refs/remotes/origin/trunk");
    git(clone, ["checkout", "--quiet", "--detach"]);
    expect(found && symbolicRef("HEAD", found)).toBeNull();
  });

  it("refuses a clone whose history is cut off", () => {
    const { root, bare, work } = world();
    git(work, ["commit", "--quiet", "--allow-empty", "-m", "More"]);
    git(work, ["push", "--quiet", "origin", "HEAD:trunk"]);
    const shallow = join(root, "shallow");
    git(root, ["clone", "--quiet", "--depth=1", `file://${bare}`, shallow]);
    const found = findRepository(shallow);
    expect(() => found && openLocal(found)).toThrow(/shallow clone.*--unshallow/);
  });

  it("sees what is there and not what replace refs, grafts or a mailmap make of it", async () => {
    const { work } = world();
    const real = git(work, ["rev-parse", "HEAD"]).trim();
    git(work, ["commit", "--quiet", "--amend", "--allow-empty", "-m", "Forged"]);
    const forged = git(work, ["rev-parse", "HEAD"]).trim();
    git(work, ["reset", "--quiet", "--hard", real]);
    git(work, ["replace", real, forged]);
    writeFileSync(join(work, ".git", "info", "grafts"), `${real} ${forged}\n`);
    for (const [name, value] of Object.entries({
      "log.showSignature": "true",
      "gpg.program": "false",
      "core.fsmonitor": "false",
    })) {
      git(work, ["config", name, value]);
    }
    const found = findRepository(work);
    if (found === null) return;
    for (const reader of ["git", "isomorphic-git"] as const) {
      const { history, close } = openLocal(found, reader);
      const commits = await history.firstParents(oid(real), null);
      expect(
        commits.map(({ message, parents }) => ({ message, parents })),
        reader,
      ).toEqual([{ message: "Begin\n", parents: [] }]);
      await close();
    }
  });

  it("finds out that an object is not what its name says", async () => {
    const { work } = world();
    const head = oid(git(work, ["rev-parse", "HEAD"]).trim());
    git(work, ["commit", "--quiet", "--amend", "--allow-empty", "-m", "Forged"]);
    const forged = git(work, ["rev-parse", "HEAD"]).trim();
    const loose = (name: string) => join(work, ".git", "objects", name.slice(0, 2), name.slice(2));
    rmSync(loose(head));
    copyFileSync(loose(forged), loose(head));
    const found = findRepository(work);
    if (found === null) return;
    for (const reader of ["git", "isomorphic-git"] as const) {
      const { history, close } = openLocal(found, reader);
      await expect(history.commit(head), reader).rejects.toThrow();
      await close();
    }
  });

  it.each([
    ["last commit", "is missing", [false, true]],
    ["last commit", "is a file", [false, true]],
    ["commit before the last", "is missing", [false, true, false]],
    ["commit before the last", "is a file", [false, true, false]],
    ["first commit", "is missing", [true, false, false]],
  ])("passes over no commit: the tree of the %s %s", async (_, how, bad) => {
    const { work } = world();
    const make = (type: string, input: string) =>
      git(work, ["hash-object", "-w", "-t", type, "--stdin"], { input }).trim();
    const file = make("blob", "x");
    const who = "A <a@example.org> 1 +0000";
    const tip = bad.reduce((parent, isBad, at) => {
      const good = git(work, ["mktree"], { input: `100644 blob ${file}\tfile${at}\n` }).trim();
      const tree = isBad ? (how === "is a file" ? file : "1".repeat(40)) : good;
      const before = parent === "" ? "" : `parent ${parent}\n`;
      return make("commit", `tree ${tree}\n${before}author ${who}\ncommitter ${who}\n\nm\n`);
    }, "");
    const found = findRepository(work);
    if (found === null) return;
    for (const reader of ["git", "isomorphic-git"] as const) {
      const { history, close } = openLocal(found, reader);
      await expect(whole(history.walkChanges(oid(tip), null)), reader).rejects.toThrow(ForgeError);
      await close();
    }
  });
});
