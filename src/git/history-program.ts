import { type Oid, oid, parseOid } from "../domain/oid.ts";
import type { FileChange, TreeEntry } from "../domain/request.ts";
import { instantOf } from "../domain/time.ts";
import { ForgeError } from "../ports/forge.ts";
import type { ChangingCommit, History, HistoryCommit } from "../ports/history.ts";
import { openCatFile } from "./cat-file.ts";
import { historyOf } from "./history-isomorphic.ts";
import { fieldsOf, startGit } from "./program.ts";

/** Tree, time and parents; the encoding; the message as it is. Git puts `commit <oid>` on a line before each. */
const FORMAT = "--format=%T %ct %P%x00%e%x00%B%x00";
const HEAD = /^\n?commit ([0-9a-f]{40})\n[0-9a-f]{40} (\d{1,12}) ([0-9a-f ]*)$/;

/** How many commits may wait for what they changed: far more than git keeps back in its buffers. */
const AHEAD = 5000;
/** How many commits are given at once, so that whoever has them looked at elsewhere is not asked for each. */
const PORTION = 256;

/**
 * The history of a repository on this machine, read by its git program: long walks by one `git rev-list`, what they
 * changed by one `git diff-tree`, and everything else object by object, by the same code as without a program.
 */
export function openHistoryProgram(gitDir: string): History & { close(): Promise<void> } {
  const store = openCatFile(gitDir);
  const base = historyOf(store);

  async function* list(revisions: readonly string[]): AsyncGenerator<readonly HistoryCommit[]> {
    const args = ["rev-list", "--first-parent", "--reverse", "--encoding=UTF-8", FORMAT, ...revisions, "--"];
    let kept: readonly string[] = [];
    for await (const fields of fieldsOf(startGit(gitDir, args))) {
      const all = kept.length === 0 ? fields : [...kept, ...fields];
      const whole = all.length - (all.length % 3);
      kept = all.slice(whole);
      const commits: HistoryCommit[] = [];
      for (let at = 0; at < whole; at += 3) {
        const [head = "", encoding = "", message = ""] = [all[at], all[at + 1], all[at + 2]];
        const plain = encoding === "" ? commitOf(head, message) : null;
        commits.push(plain ?? (await base.commit(nameIn(head))));
      }
      yield commits;
    }
  }

  async function* walk(tip: Oid, until: Oid | null): AsyncGenerator<readonly HistoryCommit[]> {
    if (tip === until) return;
    if (until !== null && (await isCommit(until))) {
      let isOnTheLine = false;
      for await (const commits of list([tip, `^${until}`])) {
        // git leaves out every ancestor of `until`: the rest is whole only if it grows out of `until` itself
        isOnTheLine ||= commits[0]?.parents[0] === until;
        if (!isOnTheLine) break;
        yield commits;
      }
      if (isOnTheLine) return;
    }
    yield* list([tip]);
  }

  const isCommit = (name: Oid): Promise<boolean> =>
    base.commit(name).then(
      () => true,
      () => false,
    );

  async function* walkChanges(tip: Oid, until: Oid | null): AsyncGenerator<readonly ChangingCommit[]> {
    const diff = startGit(gitDir, [
      "diff-tree",
      "--stdin",
      "--always",
      "--root",
      "-r",
      "-z",
      "--raw",
      "--no-renames",
      "--no-abbrev",
    ]);
    const waiting: HistoryCommit[] = [];
    let wake: () => void = () => undefined;
    let isOver = false;
    const feed = (async () => {
      for await (const commits of walk(tip, until)) {
        for (const commit of commits) waiting.push(commit);
        diff.child.stdin.write(
          commits.map(({ oid: name, parents }) => `${name} ${parents[0] ?? ""}\n`).join(""),
        );
        while (waiting.length > AHEAD && !isOver) await new Promise<void>((resolve) => (wake = resolve));
        if (isOver) return;
      }
    })().finally(() => diff.child.stdin.end());
    // whoever walks on is told of it below
    feed.catch(() => undefined);
    const changes = new Changes();
    const portionOf = (done: readonly Changed[]): readonly ChangingCommit[] =>
      done.map(({ commit, changed }) => {
        const next = waiting.shift();
        if (next?.oid !== commit) throw new ForgeError(`git diff-tree answers about ${commit} out of turn`);
        return { ...next, changes: changed };
      });
    try {
      let portion: ChangingCommit[] = [];
      for await (const fields of fieldsOf(diff)) {
        for (const commit of portionOf(changes.take(fields))) portion.push(commit);
        wake();
        if (portion.length < PORTION) continue;
        yield portion;
        portion = [];
      }
      await feed;
      const last = changes.last();
      if (last !== null) portion.push(...portionOf([last]));
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

/** A commit as rev-list prints it; null when it says something that this reader leaves to the other one. */
function commitOf(head: string, message: string): HistoryCommit | null {
  const [, name, seconds, parents] = HEAD.exec(head) ?? [];
  if (name === undefined || parents === undefined) return null;
  return {
    oid: oid(name),
    message,
    parents: parents === "" ? [] : parents.split(" ").map(oid),
    committedAt: instantOf(Number(seconds) * 1000),
  };
}

function nameIn(head: string): Oid {
  const name = parseOid(/^\n?commit (\S+)/.exec(head)?.[1] ?? "");
  if (name === null) throw new ForgeError("git rev-list prints no commit where one is due");
  return name;
}

/** A commit and all that it changed. */
interface Changed {
  readonly commit: Oid;
  readonly changed: readonly FileChange[];
}

/** Reads what diff-tree prints: a commit's name, then for each path a field of modes and blobs and a field of the path. */
class Changes {
  #commit: Oid | null = null;
  #changed: FileChange[] = [];
  #entry: string | null = null;

  /** The commits whose changes are now known whole. */
  take(fields: readonly string[]): readonly Changed[] {
    const whole: Changed[] = [];
    for (const field of fields) {
      if (this.#entry !== null) {
        const [before = "", after = "", old = "", young = ""] = this.#entry.slice(1).split(" ");
        this.#changed.push({ path: field, before: side(before, old), after: side(after, young) });
        this.#entry = null;
      } else if (field.startsWith(":")) {
        this.#entry = field;
      } else {
        const done = this.last();
        if (done !== null) whole.push(done);
        this.#commit = oid(field);
        this.#changed = [];
      }
    }
    return whole;
  }

  /** The commit whose changes may still go on. */
  last(): Changed | null {
    return this.#commit === null ? null : { commit: this.#commit, changed: this.#changed };
  }
}

function side(mode: string, object: string): TreeEntry | null {
  const name = parseOid(object);
  return mode === "000000" || name === null ? null : { mode, oid: name };
}
