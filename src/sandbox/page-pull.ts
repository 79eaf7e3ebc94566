import { type CheckRun, runsOn } from "./checks.ts";
import { commentsOn } from "./comments.ts";
import { type Html, html } from "./html.ts";
import { renderMarkdown } from "./markdown.ts";
import { violationsOfMerge } from "./mergeable.ts";
import { act, layout, type Visit, when } from "./page-layout.ts";
import type { Pull } from "./pulls.ts";
import type { Review } from "./reviews.ts";
import { reviewsOf } from "./standing-reviews.ts";
import { entryAt } from "./trees.ts";
import { fullName } from "./world.ts";

/** A pull request's state as one word with its colour. */
export function stateOf(pull: Pull): Html {
  if (pull.mergedAt !== undefined) return html`<span class="pill merged">merged</span>`;
  if (pull.state === "closed") return html`<span class="pill bad">closed</span>`;
  return pull.draft ? html`<span class="pill soft">draft</span>` : html`<span class="pill good">open</span>`;
}

/** Lines of a patch, each in its colour. */
export function diffOf(patch: string): Html {
  const kind = (line: string) =>
    line.startsWith("@@") ? "hunk" : line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : "";
  const lines = patch
    .split("\n")
    .map((line) => html`<span class="${kind(line)}">${line === "" ? " " : line}</span>`);
  return html`<pre class="diff">${lines}</pre>`;
}

const reviewWords: Record<Review["state"], { words: string; tone: string }> = {
  APPROVED: { words: "approved", tone: "good" },
  CHANGES_REQUESTED: { words: "asked for changes", tone: "bad" },
  COMMENTED: { words: "reviewed", tone: "soft" },
  DISMISSED: { words: "dismissed", tone: "soft" },
  PENDING: { words: "pending", tone: "soft" },
};

function checkCard(run: CheckRun): Html {
  const tones: Record<string, string> = { success: "good", failure: "bad", action_required: "bad" };
  const word = run.conclusion ?? run.status;
  const notes = run.annotations.map(
    (
      note,
    ) => html`<div class="note ${note.annotation_level}"><strong>${note.title ?? note.annotation_level}</strong>
      <code>${note.path}:${note.start_line}</code><div>${note.message}</div></div>`,
  );
  return html`<section class="card"><header><strong>${run.name}</strong>
    <span class="pill ${tones[word] ?? "wait"}">${word.replaceAll("_", " ")}</span> <span>${run.title}</span></header>
    <div class="in">${renderMarkdown(run.summary ?? "")}${renderMarkdown(run.text ?? "")}${notes}</div></section>`;
}

function conversation(visit: Visit, pull: Pull): Html[] {
  const { world } = visit;
  const reviews = reviewsOf(world, pull).map((review) => {
    const { words, tone } = reviewWords[review.state];
    const stale =
      review.commit === pull.head.sha ? "" : html` <span class="soft">of an earlier commit</span>`;
    const body = review.body === "" ? "" : html`<div class="in">${renderMarkdown(review.body)}</div>`;
    return {
      at: review.submittedAt,
      id: review.id,
      card: html`<section class="card"><header><strong>${review.author.login}</strong>
        <span class="${tone}">${words}</span>${stale} <span class="soft">${when(review.submittedAt)}</span></header>${body}</section>`,
    };
  });
  const comments = commentsOn(world, pull.number).map((comment) => ({
    at: comment.createdAt,
    id: comment.id,
    card: html`<section class="card" id="issuecomment-${comment.id}"><header><strong>${comment.author.login}</strong>
      <span class="soft">${when(comment.createdAt)}${comment.editedAt === undefined ? "" : " · edited"}</span></header>
      <div class="in">${renderMarkdown(comment.body)}</div></section>`,
  }));
  return [...reviews, ...comments].sort((a, b) => a.id - b.id).map((one) => one.card);
}

async function changes(visit: Visit, pull: Pull): Promise<Html[]> {
  const { compare } = visit.world;
  const files = await compare.changedFiles(pull.base.sha, pull.head.sha);
  return Promise.all(
    files.map(async (file) => {
      const patch = await compare.patch(pull.base.sha, pull.head.sha, file);
      return html`<section class="card"><header><code>${file.path}</code> <span class="soft">${file.status}</span></header>
        ${diffOf(patch)}${await editor(visit, pull, file.path)}</section>`;
    }),
  );
}

/** A form that commits the file anew on the branch, while the pull request is open. */
async function editor(visit: Visit, pull: Pull, path: string): Promise<Html> {
  const { objects } = visit.world;
  const commit = await objects.commit(pull.head.sha);
  const entry = commit === undefined ? undefined : await entryAt(objects, commit.tree, path);
  const blob = entry === undefined ? undefined : await objects.read(entry.oid);
  if (pull.state === "closed" || blob?.type !== "blob") return html``;
  return html`<details class="in"><summary>Change this file</summary>
    <form method="post" action="/${fullName(visit.world)}/pull/${pull.number}/edit"><input type="hidden" name="path" value="${path}">
    <textarea class="code" name="content" aria-label="Content of ${path}" required spellcheck="false">${blob.body.toString("utf8")}</textarea>
    <p class="row"><button>Commit as ${visit.user.login}</button></p></form></details>`;
}

async function mergeBox(visit: Visit, pull: Pull): Promise<Html> {
  if (pull.state === "closed") return html``;
  const here = `/${fullName(visit.world)}/pull/${pull.number}`;
  const against = await violationsOfMerge(visit.world, { kind: "user", account: visit.user }, pull);
  const reasons = against.map((reason) => html`<li>${reason}</li>`);
  const words =
    reasons.length === 0
      ? html`<p class="good">Nothing stands against a merge by ${visit.user.login}.</p>`
      : html`<p class="soft">The rules of <code>${pull.base.ref}</code> stand against a merge by ${visit.user.login}:</p><ul>${reasons}</ul>`;
  return html`<section class="card"><div class="in">${words}<div class="row"><form class="row" method="post" action="${here}/merge">
    <button>Squash and merge</button></form></div></div></section>`;
}

function speak(visit: Visit, pull: Pull): Html {
  const here = `/${fullName(visit.world)}/pull/${pull.number}`;
  const own = pull.author === visit.user;
  const verdicts = own
    ? ""
    : html`<button class="go" name="event" value="APPROVE">Approve</button>
      <button class="stop" name="event" value="REQUEST_CHANGES">Request changes</button>`;
  const close =
    pull.state === "open" ? act(`${here}/close`, "Close", "stop") : act(`${here}/reopen`, "Reopen");
  return html`<h2>Say something as ${visit.user.login}</h2><form method="post" action="${here}/say">
    <textarea name="body" aria-label="Your words" placeholder="Words, or a command such as /deny, /revoke or /release"></textarea>
    <p class="row"><button name="event" value="COMMENT">Comment</button> ${pull.state === "open" ? verdicts : ""}</p></form>
    ${pull.mergedAt === undefined ? close : ""}`;
}

/** The page of one pull request: what it changes, what was said, what the checks say, what one can do. */
export async function pullPage(visit: Visit, pull: Pull): Promise<string> {
  const { world } = visit;
  const asked = [...pull.askedUsers, ...pull.askedTeams.map((slug) => `${world.org.login}/${slug}`)];
  const checks = runsOn(world, pull.head.sha);
  const newest = checks.filter((run) => checks.findLast((other) => other.name === run.name) === run);
  const body =
    pull.body === null || pull.body === ""
      ? html`<p class="soft">No description.</p>`
      : renderMarkdown(pull.body);
  return layout(
    visit,
    `${pull.title} #${pull.number}`,
    html`<h1>${pull.title} <span class="soft">#${pull.number}</span></h1>
      <p>${stateOf(pull)} <strong>${pull.author.login}</strong> <span class="soft">asks to merge</span> <code>${pull.head.ref}</code>
      <span class="soft">into</span> <code>${pull.base.ref}</code> <span class="soft">· ${when(pull.createdAt)}</span></p>
      ${asked.length === 0 ? "" : html`<p class="soft">Asked for a review: ${asked.join(", ")}</p>`}
      <section class="card"><header><strong>${pull.author.login}</strong></header><div class="in">${body}</div></section>
      ${newest.length === 0 ? "" : html`<h2>Checks</h2>${newest.map(checkCard)}`}
      <h2>Conversation</h2>${conversation(visit, pull)}${await mergeBox(visit, pull)}${speak(visit, pull)}
      <h2>Changes</h2>${await changes(visit, pull)}`,
  );
}
