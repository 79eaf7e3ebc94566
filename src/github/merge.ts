import type { CommitMessage } from "../domain/message.ts";
import { type Oid, type PullNumber, parseOid } from "../domain/oid.ts";
import type { MergeOutcome } from "../ports/forge.ts";
import { notUnderstood } from "./failure.ts";
import { attempt } from "./outcome.ts";
import { place, type Target } from "./target.ts";

/**
 * Squash-merges exactly this head with this message, by exactly one request: `sha` makes GitHub refuse any other
 * head, and nothing here or in octokit repeats the request (github.md, fact 1).
 * https://docs.github.com/rest/pulls/pulls#merge-a-pull-request
 *
 * @throws ForgeError when it is unknown whether GitHub did it; the caller reads again before anything else
 */
export async function squashMerge(
  pull: PullNumber,
  head: Oid,
  message: CommitMessage,
  target: Target,
): Promise<MergeOutcome> {
  const doing = `merge pull request #${pull}`;
  const { calls } = target.clients;
  const answer = await attempt("merge", doing, () =>
    calls.rest.pulls.merge({
      ...place(target),
      pull_number: pull,
      sha: head,
      merge_method: "squash",
      commit_title: message.headline,
      commit_message: message.body,
    }),
  );
  if (!answer.ok) {
    return answer.means === "moved" ? { kind: "moved" } : { kind: "refused", because: answer.because };
  }
  const commit = parseOid(answer.data.sha);
  if (commit === null) throw notUnderstood(doing);
  return { kind: "merged", commit };
}
