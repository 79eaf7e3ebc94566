import type { CommitData } from "./commit-data.ts";
import { runGit } from "./git-program.ts";
import { emptyTree, type ObjectStore } from "./objects.ts";
import { readRef } from "./refs.ts";

/** A changed path, as `GET pulls/{n}/files` tells it. https://docs.github.com/rest/pulls/pulls#list-pull-requests-files */
export type ChangedFile = {
  path: string;
  previousPath: string | undefined;
  status: "added" | "removed" | "modified" | "renamed" | "changed";
  blob: string;
  additions: number;
  deletions: number;
};

const longestLine = 50;

export type MergeOutcome = { clean: true; tree: string } | { clean: false };

/**
 * Questions about two commits of one bare repository, asked of the git program. Commits never change, so an
 * answer is asked for once.
 */
export class Comparison {
  readonly #gitDir: string;
  readonly #objects: ObjectStore;
  readonly #answers = new Map<string, Promise<unknown>>();

  constructor(gitDir: string, objects: ObjectStore) {
    this.#gitDir = gitDir;
    this.#objects = objects;
  }

  /**
   * Commits from `base` (without) to `head`, oldest first, when they follow each other in one short line, which
   * is how nearly every request looks: then nothing need be asked of the git program.
   */
  #line(base: string, head: string): Promise<string[] | undefined> {
    return this.#once(`line ${base} ${head}`, async () => {
      const line: string[] = [];
      for (let oid = head; oid !== base; ) {
        const commit = await this.#objects.commit(oid);
        const [parent, ...others] = commit?.parents ?? [];
        if (parent === undefined || others.length > 0 || line.length === longestLine) return undefined;
        line.unshift(oid);
        oid = parent;
      }
      return line;
    });
  }

  /** Best common ancestor, or undefined for unrelated histories. */
  mergeBase(base: string, head: string): Promise<string | undefined> {
    return this.#once(`merge-base ${base} ${head}`, async () => {
      if ((await this.#line(base, head)) !== undefined) return base;
      const outcome = await runGit(this.#gitDir, ["merge-base", base, head]);
      return outcome.code === 0 ? outcome.stdout.toString("utf8").trim() : undefined;
    });
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return ancestor === descendant || (await this.mergeBase(ancestor, descendant)) === ancestor;
  }

  /** Commits that are in `head` and not in `base`, oldest first. */
  commits(base: string, head: string): Promise<string[]> {
    return this.#once(`commits ${base} ${head}`, async () => {
      const line = await this.#line(base, head);
      if (line !== undefined) return line;
      const outcome = await runGit(this.#gitDir, ["rev-list", "--reverse", "--topo-order", head, `^${base}`]);
      return outcome.stdout.toString("utf8").split("\n").filter(Boolean);
    });
  }

  /** Commits of `head` that a branch does not have. */
  newCommits(branch: string, head: string): Promise<string[]> {
    const tip = readRef(this.#gitDir, `refs/heads/${branch}`);
    return tip === undefined ? Promise.resolve([]) : this.commits(tip, head);
  }

  /** Paths that one commit changed against its first parent. */
  filesOfCommit(commit: CommitData): Promise<ChangedFile[]> {
    const from = commit.parents[0] ?? emptyTree;
    return this.#diff(from, commit.oid);
  }

  /** Commits reachable from `head`, newest first. */
  history(head: string, path?: string): Promise<string[]> {
    return this.#once(`history ${head} ${path}`, async () => {
      const args = ["rev-list", "--topo-order", head, ...(path === undefined ? [] : ["--", path])];
      return (await runGit(this.#gitDir, args)).stdout.toString("utf8").split("\n").filter(Boolean);
    });
  }

  /** Paths that differ between the common ancestor and `head`: GitHub's three-dot comparison. */
  async changedFiles(base: string, head: string): Promise<ChangedFile[]> {
    return this.#diff((await this.mergeBase(base, head)) ?? base, head);
  }

  #diff(from: string, to: string): Promise<ChangedFile[]> {
    return this.#once(`files ${from} ${to}`, async () => {
      const outcome = await runGit(this.#gitDir, [
        "diff-tree",
        "-r",
        "-M",
        "-z",
        "--raw",
        "--numstat",
        from,
        to,
      ]);
      return parseRawDiff(outcome.stdout.toString("utf8"));
    });
  }

  /** Unified diff of one path, without the header lines, as GitHub's `patch`. */
  async patch(base: string, head: string, file: ChangedFile): Promise<string> {
    const from = (await this.mergeBase(base, head)) ?? base;
    return this.#once(`patch ${from} ${head} ${file.path}`, async () => {
      const paths = file.previousPath === undefined ? [file.path] : [file.previousPath, file.path];
      const args = ["--literal-pathspecs", "diff-tree", "-r", "-M", "-p", from, head, "--", ...paths];
      const text = (await runGit(this.#gitDir, args)).stdout.toString("utf8");
      const start = text.indexOf("\n@@ ");
      return start < 0 ? "" : text.slice(start + 1).replace(/\n$/, "");
    });
  }

  /** What a merge of `head` into `base` would hold. https://git-scm.com/docs/git-merge-tree */
  merge(base: string, head: string): Promise<MergeOutcome> {
    return this.#once(`merge ${base} ${head}`, async (): Promise<MergeOutcome> => {
      const tree = (await this.#objects.commit(head))?.tree;
      if (tree !== undefined && (await this.#line(base, head)) !== undefined) return { clean: true, tree };
      const outcome = await runGit(this.#gitDir, ["merge-tree", "--write-tree", "--no-messages", base, head]);
      if (outcome.code !== 0) return { clean: false };
      return { clean: true, tree: outcome.stdout.toString("utf8").trim() };
    });
  }

  #once<Answer>(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const known = this.#answers.get(question);
    // The key names the question, and each question has one kind of answer.
    if (known !== undefined) return known as Promise<Answer>;
    const answer = ask();
    this.#answers.set(question, answer);
    return answer;
  }
}

const statusWords: Record<string, ChangedFile["status"]> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
};

function parseRawDiff(text: string): ChangedFile[] {
  const fields = text.split("\0");
  const files: ChangedFile[] = [];
  const lines = new Map<string, { additions: number; deletions: number }>();
  for (let at = 0; at < fields.length; ) {
    const field = fields[at++] ?? "";
    if (field.startsWith(":")) {
      const [, , , newOid, letter = ""] = field.split(" ");
      const oldOid = field.split(" ")[2];
      const first = fields[at++] ?? "";
      const renamed = letter.startsWith("R") || letter.startsWith("C");
      files.push({
        path: renamed ? (fields[at++] ?? "") : first,
        previousPath: renamed ? first : undefined,
        status: statusWords[letter.charAt(0)] ?? "changed",
        blob: (letter.startsWith("D") ? oldOid : newOid) ?? "",
        additions: 0,
        deletions: 0,
      });
    } else if (/^(\d+|-)\t(\d+|-)\t/.test(field)) {
      const [additions, deletions, path] = field.split("\t");
      if (path === "") at += 1;
      const name = path === "" ? (fields[at++] ?? "") : (path ?? "");
      lines.set(name, { additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
    }
  }
  return files.map((file) => ({ ...file, ...lines.get(file.path) }));
}
