import { type Oid, oid, type PullNumber, parseOid, parsePullNumber } from "../domain/oid.ts";
import { removalBody } from "../output/removal.ts";
import { ForgeError, type Removal } from "../ports/forge.ts";
import { type Nodes, present } from "./facts-answer.ts";
import { askWhole } from "./graphql.ts";
import { mutate, type Part } from "./mutation.ts";
import { attempt, expect, understand } from "./outcome.ts";
import { repositoryOf } from "./repository.ts";
import { place, type Target } from "./target.ts";

export const removalParts = {
  ref: { alias: "ref", field: "createRef", inputType: "CreateRefInput", selection: "ref { id }" },
  commit: {
    alias: "commit",
    field: "createCommitOnBranch",
    inputType: "CreateCommitOnBranchInput",
    selection: "commit { oid }",
  },
} as const satisfies Record<string, Omit<Part, "input">>;

export const BRANCH_QUERY = `query Branch($owner: String!, $name: String!, $ref: String!, $branch: String!) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $ref) { target { oid } }
    pullRequests(first: 20, states: [OPEN], headRefName: $branch) {
      nodes { number headRefOid baseRefName isCrossRepository }
    }
  }
}`;

interface BranchAnswer {
  readonly repository: {
    readonly ref: { readonly target: { readonly oid: string } | null } | null;
    readonly pullRequests: Nodes<{
      readonly number: number;
      readonly headRefOid: string;
      readonly baseRefName: string;
      readonly isCrossRepository: boolean;
    }> | null;
  } | null;
}

/**
 * Opens, or finds again, the pull request that removes files. The usual way is two calls: branch and commit in one
 * mutation, then the pull request. When the branch is already there (an earlier pass died, another machine was
 * faster, or somebody made it), what stands on it is kept if it is exactly this removal, so that approvals of an
 * open pull request are not dismissed; anything else is replaced, never trusted.
 *
 * @throws ForgeError when it is not known to stand; the same call later goes on from wherever this one came to
 */
export async function openRemoval(
  removal: Removal,
  target: Target,
): Promise<{ readonly pull: PullNumber; readonly head: Oid }> {
  const made = await makeBranch(removal, target);
  if (made !== null) return { pull: await openPull(removal, target), head: made };
  const { tip, pulls } = await lookAt(removal, target);
  const { defaultBranch } = await repositoryOf(target);
  const head =
    tip !== null && (await isThisRemoval(tip, removal, target)) ? tip : await replace(tip, removal, target);
  const open = pulls.find(
    ({ baseRefName, isCrossRepository }) => baseRefName === defaultBranch && !isCrossRepository,
  );
  return { pull: parsePullNumber(open?.number ?? 0) ?? (await openPull(removal, target)), head };
}

const doingOf = ({ branch }: Removal): string => `make the branch ${branch}`;

/**
 * Branch and commit in one document; the commit is made only if the branch is exactly at `onto`. Null when it is not.
 * https://docs.github.com/graphql/reference/mutations#createcommitonbranch
 */
async function makeBranch(removal: Removal, target: Target): Promise<Oid | null> {
  const { branch, onto, paths, title } = removal;
  const repository = await repositoryOf(target);
  const ref = { repositoryId: repository.id, name: `refs/heads/${branch}`, oid: onto };
  const commit = {
    branch: { repositoryNameWithOwner: `${target.owner}/${target.repo}`, branchName: branch },
    expectedHeadOid: onto,
    message: { headline: title },
    fileChanges: { deletions: paths.map((path) => ({ path })) },
  };
  const { data } = await mutate<{ readonly commit?: { readonly oid: string } | null }>(
    target.clients.calls,
    doingOf(removal),
    "Remove",
    [
      { ...removalParts.ref, input: ref },
      { ...removalParts.commit, input: commit },
    ],
  );
  return parseOid(data.commit?.commit?.oid ?? "");
}

async function lookAt(removal: Removal, target: Target) {
  const { repository } = await askWhole<BranchAnswer>(
    target.clients.queries,
    doingOf(removal),
    BRANCH_QUERY,
    {
      owner: target.owner,
      name: target.repo,
      ref: `refs/heads/${removal.branch}`,
      branch: removal.branch,
    },
  );
  if (repository === null) throw new ForgeError(`could not ${doingOf(removal)}: there is no such repository`);
  return { tip: parseOid(repository.ref?.target?.oid ?? ""), pulls: present(repository.pullRequests) };
}

/**
 * Whether what a branch would change is this removal and nothing else: the difference between its merge base with
 * `onto` and its tip, which is what a squash merge carries over. At most 300 files are listed; more are not believed.
 * https://docs.github.com/rest/commits/commits#compare-two-commits
 */
async function isThisRemoval(tip: Oid, { onto, paths }: Removal, target: Target): Promise<boolean> {
  const compared = await attempt("compare", "compare a removal with the default branch", () =>
    target.clients.queries.rest.repos.compareCommitsWithBasehead({
      ...place(target),
      basehead: `${onto}...${tip}`,
    }),
  );
  if (!compared.ok) return false;
  const files = compared.data.files ?? [];
  const wanted = new Set(paths);
  return (
    files.length === wanted.size &&
    files.every(({ status, filename }) => status === "removed" && wanted.has(filename))
  );
}

/**
 * Puts the branch at a new commit that is this removal. The commit is made before the branch moves: a branch that is
 * set back to the default branch first would make GitHub close its pull request.
 */
async function replace(tip: Oid | null, removal: Removal, target: Target): Promise<Oid> {
  const { branch, onto, paths, title } = removal;
  const { git } = target.clients.calls.rest;
  const doing = doingOf(removal);
  const base = await expect(doing, () => git.getCommit({ ...place(target), commit_sha: onto }));
  const tree = await expect(doing, () =>
    git.createTree({
      ...place(target),
      base_tree: base.tree.sha,
      tree: paths.map((path) => ({ path, mode: "100644", type: "blob", sha: null })),
    }),
  );
  const commit = await expect(doing, () =>
    git.createCommit({ ...place(target), message: title, tree: tree.sha, parents: [onto] }),
  );
  await expect(doing, () =>
    tip === null
      ? git.createRef({ ...place(target), ref: `refs/heads/${branch}`, sha: commit.sha })
      : git.updateRef({ ...place(target), ref: `heads/${branch}`, sha: commit.sha, force: true }),
  );
  return understand(doing, () => oid(commit.sha));
}

/** https://docs.github.com/rest/pulls/pulls#create-a-pull-request; one that is already open is found instead. */
async function openPull(removal: Removal, target: Target): Promise<PullNumber> {
  const doing = `open the pull request of ${removal.branch}`;
  const { defaultBranch } = await repositoryOf(target);
  const opened = await attempt("create-pull", doing, () =>
    target.clients.calls.rest.pulls.create({
      ...place(target),
      title: removal.title,
      head: removal.branch,
      base: defaultBranch,
      body: removalBody(removal).slice(0, 65_536),
      maintainer_can_modify: false,
    }),
  );
  const numbers = opened.ok
    ? [opened.data.number]
    : (await lookAt(removal, target)).pulls
        .filter(({ baseRefName, isCrossRepository }) => baseRefName === defaultBranch && !isCrossRepository)
        .map(({ number }) => number);
  const pull = parsePullNumber(numbers[0] ?? 0);
  if (pull === null) throw new ForgeError(`could not ${doing}: GitHub says there is one, and names none`);
  return pull;
}
