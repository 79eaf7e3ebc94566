import type { Actor } from "./actor.ts";
import { createRef } from "./branches.ts";
import { durationMs } from "./clock.ts";
import { addComment } from "./comments.ts";
import { editIssue } from "./issues.ts";
import { mergePull } from "./merge.ts";
import { roleIncludes } from "./people.ts";
import { closePull, findPull, openPull, reopenPull } from "./pulls.ts";
import { isRefName } from "./refs.ts";
import { notFound, Refusal } from "./refusal.ts";
import { submitReview } from "./reviews.ts";
import { branchTip, fullName, type World } from "./world.ts";
import { commitOnBranch } from "./written-commits.ts";

/** Does what a form asks for, with the same acts and the same refusals as the API; tells where to go next. */
export async function actOnForm(
  world: World,
  actor: Actor,
  path: string,
  form: URLSearchParams,
): Promise<string> {
  if (path === "/clock") {
    const advance = form.get("advance") ?? "";
    durationMs(advance);
    await world.clock.advance(advance);
    const back = form.get("back") ?? "/";
    return /^\/(?!\/)/.test(back) ? back : "/";
  }
  const home = `/${fullName(world)}`;
  if (path === `${home}/new`) return openByForm(world, actor, form);
  const match = new RegExp(`^${home}/(pull|issues)/(\\d+)/(say|edit|merge|close|reopen)$`).exec(path);
  if (match === null) throw notFound();
  const [, folder, digits, verb] = match;
  const number = Number(digits);
  const body = (form.get("body") ?? "").replaceAll("\r\n", "\n");
  if (folder === "issues") await actOnIssue(world, actor, number, verb ?? "", body);
  else if (verb === "edit") await editByForm(world, actor, number, form);
  else await actOnPull(world, actor, number, verb ?? "", body, form.get("event"));
  return `${home}/${folder}/${number}`;
}

async function actOnIssue(
  world: World,
  actor: Actor,
  number: number,
  verb: string,
  body: string,
): Promise<void> {
  const issue = world.issues.get(number);
  if (issue === undefined) throw notFound();
  if (verb === "say") await addComment(world, actor, number, body);
  else await editIssue(world, actor, issue, { state: verb === "close" ? "closed" : "open" });
}

async function actOnPull(
  world: World,
  actor: Actor,
  number: number,
  verb: string,
  body: string,
  event: string | null,
): Promise<void> {
  const pull = findPull(world, number);
  switch (verb) {
    case "say":
      if (event === "APPROVE" || event === "REQUEST_CHANGES") {
        await submitReview(world, actor, pull, { event, body, commit: undefined });
      } else {
        await addComment(world, actor, number, body);
      }
      return;
    case "merge":
      mayWrite(actor);
      await mergePull(world, actor, pull, {
        sha: pull.head.sha,
        method: "squash",
        title: undefined,
        message: undefined,
      });
      return;
    case "close":
      return closePull(world, actor, pull);
    case "reopen":
      return reopenPull(world, actor, pull);
    default:
      throw notFound();
  }
}

/** Commits a file of a pull request anew, as GitHub's own editor does. */
async function editByForm(world: World, actor: Actor, number: number, form: URLSearchParams): Promise<void> {
  mayWrite(actor);
  const path = form.get("path") ?? "";
  await commitOnBranch(world, actor, {
    branch: findPull(world, number).head.ref,
    expectedHead: undefined,
    message: `Change ${path}`,
    changes: [{ path, content: contentOf(form) }],
  });
}

/** Text of a form as a file: with plain line ends, and one at the end. */
function contentOf(form: URLSearchParams): Buffer {
  return Buffer.from((form.get("content") ?? "").replaceAll("\r\n", "\n").replace(/\n*$/, "\n"));
}

function mayWrite(actor: Actor): void {
  if (actor.kind === "user" && !roleIncludes(actor.account.role, "write")) {
    throw new Refusal(403, "Must have push access to repository");
  }
}

async function openByForm(world: World, actor: Actor, form: URLSearchParams): Promise<string> {
  mayWrite(actor);
  const field = (name: string) => (form.get(name) ?? "").trim();
  const branch = field("branch");
  const tip = branchTip(world, world.defaultBranch);
  if (tip === undefined || !isRefName(`refs/heads/${branch}`))
    throw new Refusal(422, `${branch} is no name for a branch`);
  if (branchTip(world, branch) === undefined) await createRef(world, actor, `refs/heads/${branch}`, tip);
  await commitOnBranch(world, actor, {
    branch,
    expectedHead: undefined,
    message: field("title"),
    changes: [{ path: field("path"), content: contentOf(form) }],
  });
  const pull = await openPull(world, actor, {
    title: field("title"),
    body: null,
    head: branch,
    base: world.defaultBranch,
    draft: false,
  });
  return `/${fullName(world)}/pull/${pull.number}`;
}
