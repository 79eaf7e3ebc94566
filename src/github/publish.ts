import type { Oid, PullNumber } from "../domain/oid.ts";
import type { Effect } from "../domain/plan.ts";
import { checkOf } from "../output/check.ts";
import { noticeOf } from "../output/notice.ts";
import { ForgeError, type Notice } from "../ports/forge.ts";
import { type CheckToShow, checkPart, furtherParts } from "./check-run.ts";
import { commentPart } from "./comment.ts";
import type { Sighting } from "./memory.ts";
import { mutate, type Part } from "./mutation.ts";
import { readPull } from "./read.ts";
import { repositoryOf } from "./repository.ts";
import { namesOf, reviewRequests } from "./reviewers.ts";
import type { Target } from "./target.ts";

/** That there is no comment or check run yet is believed this long; then it is read again, lest a second one is made. */
const FRESH_MS = 60_000;

type Publish = Extract<Effect, { kind: "publish" }>;

interface Written {
  readonly checkRun?: { readonly id: string } | null;
  readonly commentEdge?: { readonly node: { readonly id: string } | null } | null;
  readonly issueComment?: { readonly id: string } | null;
}

/**
 * Shows where a request stands: everything that is out of date in one call. Reviews are asked for before the comment
 * remembers it. Whoever cannot be asked counts as asked, so that the loop ends; that is reported to the log.
 *
 * @throws ForgeError when check run or comment could not be written
 */
export async function publish(pull: PullNumber, head: Oid, effect: Publish, target: Target): Promise<void> {
  const doing = `show where pull request #${pull} stands`;
  const seen = await sightingOf(pull, head, target);
  const { standing, fingerprint } = effect;
  const isOpen = standing.kind === "judged" || standing.kind === "closed";
  const check =
    effect.check && isOpen ? await checkToShow(head, fingerprint, checkOf(standing), seen, target) : null;
  const names = namesOf(effect.ask);
  const asks = await reviewRequests(names, seen.pullId, target);
  const asked = new Set([...seen.asked, ...names]);
  const comment =
    effect.comment || names.length > 0 ? [commentPart(standing, { fingerprint, asked }, seen)] : [];
  const parts = [...(check === null ? [] : [checkPart(check)]), ...asks.parts, ...comment];
  const data = await write(doing, pull, parts, asks.names, target);
  for (const name of asks.lost) target.clients.calls.log.warn(`GitHub knows no ${name} to ask for a review`);
  const run = check === null ? seen.run : await finishCheck(doing, pull, check, data.check, target);
  const written = data.comment?.commentEdge?.node?.id ?? data.comment?.issueComment?.id ?? null;
  target.memory.sawPull(pull, { ...seen, at: target.now(), run, comment: written ?? seen.comment, asked });
}

/**
 * Shows a check run on a pull request that is no access request.
 *
 * @throws ForgeError when it could not be written
 */
export async function publishNotice(
  pull: PullNumber,
  head: Oid,
  notice: Notice,
  target: Target,
): Promise<void> {
  const doing = `show a check on pull request #${pull}`;
  const seen = await sightingOf(pull, head, target);
  const check = await checkToShow(head, notice.fingerprint, noticeOf(notice), seen, target);
  const data = await write(doing, pull, [checkPart(check)], new Map(), target);
  const run = await finishCheck(doing, pull, check, data.check, target);
  target.memory.sawPull(pull, { ...seen, at: target.now(), run });
}

async function checkToShow(
  head: Oid,
  fingerprint: string,
  text: CheckToShow["text"],
  { run }: Sighting,
  target: Target,
): Promise<CheckToShow> {
  const { id } = await repositoryOf(target);
  return { repositoryId: id, head, fingerprint, text, run };
}

async function write(
  doing: string,
  pull: PullNumber,
  parts: readonly Part[],
  reviewers: ReadonlyMap<string, string>,
  target: Target,
): Promise<Partial<Record<string, Written | null>>> {
  if (parts.length === 0) return {};
  try {
    const { data, errors } = await mutate<Written>(target.clients.calls, doing, "Publish", parts);
    for (const { path, message } of errors) {
      const name = reviewers.get(String(path[0]));
      if (name === undefined) throw new ForgeError(`could not ${doing}: GitHub answered: ${message}`);
      target.memory.forgetNodeId(name);
      target.clients.calls.log.warn(`GitHub would not ask ${name} for a review of #${pull}: ${message}`);
    }
    return data;
  } catch (error) {
    target.memory.forgetPull(pull);
    throw error;
  }
}

/** Adds the annotations that did not fit into the first call; gives what is known of the run then. */
async function finishCheck(
  doing: string,
  pull: PullNumber,
  check: CheckToShow,
  written: Written | null | undefined,
  target: Target,
): Promise<Sighting["run"]> {
  const id = written?.checkRun?.id;
  if (id === undefined) {
    target.memory.forgetPull(pull);
    throw new ForgeError(`could not ${doing}: GitHub named no check run`);
  }
  await write(doing, pull, furtherParts(check, id), new Map(), target);
  return { id, completed: check.text.conclusion !== null, annotated: check.text.annotations.length > 0 };
}

/** What is known of a pull request, read anew where it is not about this head or too old to be relied on. */
async function sightingOf(pull: PullNumber, head: Oid, target: Target): Promise<Sighting> {
  const known = target.memory.pull(pull);
  const isFresh = known !== null && target.now() - known.at < FRESH_MS;
  if (known?.head === head && (isFresh || known.comment !== null)) return known;
  await readPull(pull, [], null, target);
  const seen = target.memory.pull(pull);
  if (seen === null) throw new ForgeError(`could not show anything on pull request #${pull}: there is none`);
  // the head moved on: what is shown there is none of this head's
  return seen.head === head ? seen : { ...seen, run: null };
}
