import type { Commit, CommitIdentity, Pushers } from "../domain/facts.ts";
import { oid } from "../domain/oid.ts";
import { loginOf } from "./account.ts";
import { type CommitNode, type GitActor, type PullNode, present, whole } from "./facts-answer.ts";

/** Everybody a commit names, by every way in which it can: each bars, none grants (invariant 6). */
export function commitOf(node: CommitNode): Commit {
  const identities = [
    ...identity("author", node.author),
    ...(isGitHub(node.committer) ? [] : identity("committer", node.committer)),
    ...present(node.authors)
      .filter(({ email }) => email !== node.author?.email)
      .flatMap((author) => identity("co-author", author)),
    ...coAuthorsOf(node.message),
  ];
  const seen = new Set<string>();
  return {
    oid: oid(node.oid),
    signed: node.signature?.isValid === true,
    identities: identities.filter(({ role, email, login }) => {
      const key = `${role} ${email} ${login ?? ""}`;
      return seen.size < seen.add(key).size;
    }),
  };
}

/** Whether all commits of a pull request and all their authors were listed. */
export function allCommits({ commits }: PullNode): boolean {
  return whole(commits) && present(commits).every(({ commit }) => commit !== null && whole(commit.authors));
}

function identity(role: CommitIdentity["role"], actor: GitActor | null): CommitIdentity[] {
  return actor === null ? [] : [{ role, email: actor.email ?? "", login: actor.user?.login ?? null }];
}

/**
 * What is committed on the site is committed by `GitHub <noreply@github.com>`, which is no person.
 * https://docs.github.com/authentication/managing-commit-signature-verification/about-commit-signature-verification
 */
function isGitHub(committer: GitActor | null): boolean {
  return committer?.name === "GitHub" && committer.email === "noreply@github.com";
}

/**
 * The trailers themselves: GitHub's `authors` leaves out an address that it does not know, but the directory may know
 * it. https://docs.github.com/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors
 */
function coAuthorsOf(message: string): CommitIdentity[] {
  return [...message.matchAll(/^[ \t]*co-authored-by[ \t]*:[^<\n]*<([^<>\n]*)>/gim)].map(
    ([, email = ""]) => ({
      role: "co-author",
      email: email.trim(),
      login: null,
    }),
  );
}

/**
 * Who pushed, by the check suites that GitHub makes for the app on each push. Null when they do not tell who pushed
 * the head: then the branch's activity has to be asked.
 */
export function pushersBySuites({ commits, headRefOid }: PullNode): Pushers | null {
  const logins = new Set<string>();
  let headIsKnown = false;
  for (const { commit } of present(commits)) {
    for (const { push } of present(commit?.checkSuites)) {
      const pusher = push?.pusher ?? null;
      if (pusher === null) continue;
      logins.add(loginOf(pusher));
      headIsKnown ||= commit?.oid === headRefOid;
    }
  }
  return headIsKnown ? { known: true, logins: [...logins] } : null;
}

/** One movement of a branch, as REST tells it. */
export interface Movement {
  readonly after: string;
  readonly actor: { readonly login: string } | null;
}

/** Who pushed, by the branch's activity, latest first; unknown unless it tells who brought the head. */
export function pushersByActivity(movements: readonly Movement[], head: string): Pushers {
  const logins = new Set(movements.flatMap(({ actor }) => (actor === null ? [] : [actor.login])));
  const isKnown = movements.some(({ after, actor }) => after === head && actor !== null);
  return isKnown ? { known: true, logins: [...logins] } : { known: false };
}
