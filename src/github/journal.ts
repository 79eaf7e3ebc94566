import { type Oid, oid } from "../domain/oid.ts";
import { ForgeError } from "../ports/forge.ts";
import { attempt, expect, understand } from "./outcome.ts";
import { place, type Target } from "./target.ts";

/** The branch of what never reached main. */
const BRANCH = "heads/grantbox-journal";
/** Git's empty tree, which every repository knows without storing it. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

const README = `# Journal of this lockbox

What never reached the default branch: requests that were denied, lapsed or withdrawn, and findings. Read it with
\`git log\`; each commit is one record.
`;

/**
 * Adds an empty commit to the journal. The ref moves only from exactly `parent`: creating one that exists and moving
 * one that has moved are both refused by GitHub, and that is the only lock. The commit names no author, so that
 * GitHub makes it the app's and signs it. https://docs.github.com/rest/git/commits#create-a-commit
 *
 * @returns false when the journal has moved
 * @throws ForgeError when it is unknown whether it was added
 */
export async function appendJournal(parent: Oid | null, message: string, target: Target): Promise<boolean> {
  const { calls } = target.clients;
  const tree = parent === null ? EMPTY_TREE : await treeOf(parent, target);
  const commit = await commitJournal(message, tree, parent, target);
  const moved =
    parent === null
      ? await attempt("create-ref", "begin the journal", () =>
          calls.rest.git.createRef({ ...place(target), ref: `refs/${BRANCH}`, sha: commit.sha }),
        )
      : await attempt("update-ref", "add to the journal", () =>
          calls.rest.git.updateRef({ ...place(target), ref: BRANCH, sha: commit.sha, force: false }),
        );
  if (moved.ok) {
    const tip = understand("add to the journal", () => oid(commit.sha));
    target.memory.journal = { tip, tree: commit.tree };
  }
  return moved.ok;
}

async function commitJournal(
  message: string,
  tree: string,
  parent: Oid | null,
  target: Target,
): Promise<{ readonly sha: string; readonly tree: string }> {
  const doing = "write a commit of the journal";
  const { git } = target.clients.calls.rest;
  const write = (chosen: string) =>
    git.createCommit({ ...place(target), message, tree: chosen, parents: parent === null ? [] : [parent] });
  const made = await attempt("create-commit", doing, () => write(tree));
  if (made.ok) return { sha: made.data.sha, tree };
  if (parent !== null) throw new ForgeError(`could not ${doing}: GitHub answered: ${made.because}`);
  // GitHub is reported to know the empty tree; should one not, the first commit says what the branch is
  const readme = await expect("begin the journal", () =>
    git.createTree({
      ...place(target),
      tree: [{ path: "README.md", mode: "100644", type: "blob", content: README }],
    }),
  );
  const commit = await expect(doing, () => write(readme.sha));
  return { sha: commit.sha, tree: readme.sha };
}

async function treeOf(commit: Oid, { memory, clients, ...target }: Target): Promise<string> {
  if (memory.journal?.tip === commit) return memory.journal.tree;
  const data = await expect("read the journal's tip", () =>
    clients.queries.rest.git.getCommit({ owner: target.owner, repo: target.repo, commit_sha: commit }),
  );
  return understand("read the journal's tip", () => oid(data.tree.sha));
}
