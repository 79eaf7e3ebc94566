import { type Oid, oid, parseOid } from "../domain/oid.ts";
import type { FileChange, TreeEntry } from "../domain/request.ts";
import { instantOf } from "../domain/time.ts";
import { ForgeError } from "../ports/forge.ts";
import type { ChangingCommit, History, HistoryCommit } from "../ports/history.ts";
import { openCatFile } from "./cat-file.ts";
import { readCommit } from "./commit.ts";
import { entryOf, guarded, historyOf } from "./history-isomorphic.ts";
import { fieldsOf, startGit, textOf } from "./program.ts";

/** Tree, time and parents; the encoding; the message as it is. Git puts `commit <oid>` on a line before each. */
const FORMAT = "--format=%T %ct %P%x00%e%x00%B%x00";
const HEAD = /^\n?commit ([0-9a-f]{40})\n([0-9a-f]{40}) (\d{1,12}) ([0-9a-f ]*)$/;

/** How many commits may wait for what they changed: far more than git keeps back in its buffers. */
const AHEAD = 1000;
/** How many commits are given at once, so that whoever has them looked at elsewhere is not asked for each. */
const PORTION = 256;
/** The tree without entries: git knows it by heart, and compares a first commit with it. */
const EMPTY_TREE = oid("4b825dc642cb6eb9a060e54bf8d69288fbee4904");

/**
 * The history of a repository on this machine, read by its git program: long walks by one `git rev-list`, what they
 * changed by one `git diff-tree`, and everything else object by object, by the same code as without a program.
 */
export function openHistoryProgram(gitDir: string): History & { close(): Promise<void> } {
  const store = openCatFile(gitDir);
  const base = historyOf(store);
  const standing = (name: Oid): Promise<StandingCommit> =>
    guarded(async () => {
      const commit = readCommit(await store.read(name));
      return { commit: entryOf(name, commit), tree: commit.tree };
    });

  async function* list(revisions: readonly string[]): AsyncGenerator<readonly StandingCommit[]> {
    const args = ["rev-list", "--first-parent", "--reverse", "--encoding=UTF-8", FORMAT, ...revisions, "--"];
    let kept: readonly string[] = [];
    for await (const fields of fieldsOf(startGit(gitDir, args))) {
      const all = kept.length === 0 ? fields : [...kept, ...fields];
      const whole = all.length - (all.length % 3);
      kept = all.slice(whole);
      const commits: StandingCommit[] = [];
      for (let at = 0; at < whole; at += 3) {
        const [head = "", encoding = "", message = ""] = [all[at], all[at + 1], all[at + 2]];
        const plain = encoding === "" ? commitOf(head, message) : null;
        commits.push(plain ?? (await standing(nameIn(head))));
      }
      yield commits;
    }
  }

  async function* walkTrees(tip: Oid, until: Oid | null): AsyncGenerator<readonly StandingCommit[]> {
    if (tip === until) return;
    if (until !== null && (await isCommit(until))) {
      let isOnTheLine = false;
      for await (const commits of list([tip, `^${until}`])) {
        // git leaves out every ancestor of `until`: the rest is whole only if it grows out of `until` itself
        isOnTheLine ||= commits[0]?.commit.parents[0] === until;
        if (!isOnTheLine) break;
        yield commits;
      }
      if (isOnTheLine) return;
    }
    yield* list([tip]);
  }

  async function* walk(tip: Oid, until: Oid | null): AsyncGenerator<readonly HistoryCommit[]> {
    for await (const commits of walkTrees(tip, until)) yield commits.map(({ commit }) => commit);
  }

  const isCommit = (name: Oid): Promise<boolean> =>
    base.commit(name).then(
      () => true,
      () => false,
    );

  /** The tree of a commit's first parent, which mostly is the commit before it. */
  async function treeBefore({ parents }: HistoryCommit, last: StandingCommit | null): Promise<Oid> {
    const [parent] = parents;
    if (parent === undefined) return EMPTY_TREE;
    return parent === last?.commit.oid ? last.tree : (await standing(parent)).tree;
  }

  async function* walkChanges(tip: Oid, until: Oid | null): AsyncGenerator<readonly ChangingCommit[]> {
    // asked about trees: of a commit, git would read the whole message once more
    const args = ["diff-tree", "--stdin", "-r", "-z", "--raw", "--no-renames", "--no-abbrev"];
    const diff = startGit(gitDir, args);
    const waiting: { readonly commit: HistoryCommit; readonly trees: string }[] = [];
    let wake: () => void = () => undefined;
    let isOver = false;
    const feed = (async () => {
      let last: StandingCommit | null = null;
      for await (const commits of walkTrees(tip, until)) {
        let questions = "";
        for (const next of commits) {
          const trees: string = `${await treeBefore(next.commit, last)} ${next.tree}`;
          waiting.push({ commit: next.commit, trees });
          questions += `${trees}\n`;
          last = next;
        }
        diff.child.stdin.write(questions);
        while (waiting.length > AHEAD && !isOver) await new Promise<void>((resolve) => (wake = resolve));
        if (isOver) return;
      }
    })().finally(() => diff.child.stdin.end());
    // whoever walks on is told of it below
    feed.catch(() => undefined);
    const changes = new Changes();
    const portionOf = (done: readonly Changed[]): readonly ChangingCommit[] =>
      done.map(({ trees, changed }) => {
        const next = waiting.shift();
        if (next?.trees !== trees) throw unanswered(next?.commit);
        return { ...next.commit, changes: changed };
      });
    try {
      let portion: ChangingCommit[] = [];
      for await (const text of textOf(diff)) {
        for (const commit of portionOf(changes.take(text))) portion.push(commit);
        wake();
        if (portion.length < PORTION) continue;
        yield portion;
        portion = [];
      }
      await feed;
      const last = changes.last();
      if (last !== null) portion.push(...portionOf([last]));
      // of two trees that it cannot read, git prints nothing, and goes on as if all were well
      const [left] = waiting;
      if (left !== undefined) throw unanswered(left.commit);
      if (portion.length > 0) yield portion;
    } finally {
      isOver = true;
      wake();
    }
  }

  return {
    ...base,
    walk,
    walkChanges,
    async firstParents(tip, until) {
      const commits: HistoryCommit[] = [];
      for await (const portion of walk(tip, until)) commits.push(...portion);
      return commits;
    },
    close: store.close,
  };
}

function unanswered(commit: HistoryCommit | undefined): ForgeError {
  return new ForgeError(
    `git cannot tell what ${commit?.oid ?? "a commit"} changed: its tree or that of its parent cannot be read`,
  );
}

/** A commit, and the tree that it stands for. */
interface StandingCommit {
  readonly commit: HistoryCommit;
  readonly tree: Oid;
}

/** A commit as rev-list prints it; null when it says something that this reader leaves to the other one. */
function commitOf(head: string, message: string): StandingCommit | null {
  const [, name, tree, seconds, parents] = HEAD.exec(head) ?? [];
  if (name === undefined || tree === undefined || parents === undefined) return null;
  const commit: HistoryCommit = {
    oid: oid(name),
    message,
    parents: parents === "" ? [] : parents.split(" ").map(oid),
    committedAt: instantOf(Number(seconds) * 1000),
  };
  return { commit, tree: oid(tree) };
}

function nameIn(head: string): Oid {
  const name = parseOid(/^\n?commit (\S+)/.exec(head)?.[1] ?? "");
  if (name === null) throw new ForgeError("git rev-list prints no commit where one is due");
  return name;
}

/** Two trees and all that differs. */
interface Changed {
  readonly trees: string;
  readonly changed: readonly FileChange[];
}

/**
 * Reads what diff-tree prints: a line of two trees, then for each path its modes and blobs, and the path, each ended by
 * a NUL.
 */
class Changes {
  #rest = "";
  #trees: string | null = null;
  #changed: FileChange[] = [];

  /** The trees of which everything is now known. */
  take(text: string): readonly Changed[] {
    const all = `${this.#rest}${text}`;
    const whole: Changed[] = [];
    let at = 0;
    while (at < all.length) {
      if (all.startsWith(":", at)) {
        const middle = all.indexOf("\0", at);
        const end = middle === -1 ? -1 : all.indexOf("\0", middle + 1);
        if (end === -1) break;
        const [before = "", after = "", old = "", young = ""] = all.slice(at + 1, middle).split(" ");
        const path = all.slice(middle + 1, end);
        this.#changed.push({ path, before: side(before, old), after: side(after, young) });
        at = end + 1;
      } else {
        const end = all.indexOf("\n", at);
        if (end === -1) break;
        const done = this.last();
        if (done !== null) whole.push(done);
        this.#trees = all.slice(at, end);
        this.#changed = [];
        at = end + 1;
      }
    }
    this.#rest = all.slice(at);
    return whole;
  }

  /** The trees of which there may be more to come. */
  last(): Changed | null {
    return this.#trees === null ? null : { trees: this.#trees, changed: this.#changed };
  }
}

function side(mode: string, object: string): TreeEntry | null {
  const name = parseOid(object);
  return mode === "000000" || name === null ? null : { mode, oid: name };
}
