import { commentsOn } from "./comments.ts";
import { splitMessage } from "./commit-data.ts";
import { html } from "./html.ts";
import type { Issue } from "./issues.ts";
import { renderMarkdown } from "./markdown.ts";
import { act, layout, type Visit, when } from "./page-layout.ts";
import { diffOf, stateOf } from "./page-pull.ts";
import { entryType } from "./tree-data.ts";
import { walkTree } from "./trees.ts";
import { branchTip, fullName, resolveCommit } from "./world.ts";

/** A grant that a newcomer can start from; the starter catalog lists its resource. */
function exampleGrant(login: string): string {
  return `apiVersion: grantbox/v1
kind: Grant
id: cs-1001-logs
case: { system: servicenow, id: CS-1001, severity: 2 }
subject: ${login}
resource:
  type: azure.storage
  id: /subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/checkoutprod
access:
  actions: [read, list]
  scope: { container: logs, paths: ["2026/11/**"] }
justification: Checkout times out for tenant 88; need the gateway logs of 23 November.
duration: PT4H
`;
}

/** The sandbox itself: its clock, its people, its addresses. */
export function sandboxPage(visit: Visit): string {
  const { world } = visit;
  const people = world.people.users.map((user) => {
    const teams = world.people.teamsOf(user).map((team) => team.slug);
    return html`<tr><td><strong>${user.login}</strong></td><td>${teams.join(", ")}</td><td>${user.role}</td><td><code>${user.token}</code></td></tr>`;
  });
  const { webhook, url: pages } = world.app;
  const app =
    webhook === undefined
      ? "No app is connected."
      : html`The app listens at ${webhook}${pages === undefined ? "" : html`, and <a href="${pages}">shows who has access now</a>`}.`;
  return layout(
    visit,
    "Sandbox",
    html`<h1>A stand-in for GitHub, on this machine only</h1>
      <p><a href="/${fullName(world)}">${fullName(world)}</a> holds the grants. ${app}</p>
      <ol><li><a href="/${fullName(world)}/new">Ask for access</a>: a pull request with one grant file. Its check says what is wrong, or who must approve.</li>
      <li>Become an approver (<em>you are</em>, top right) and approve. With the last approval the app merges: the access begins.</li>
      <li>Let the time pass (below). The access ends, and <a href="/${fullName(world)}/commits/main">History</a> tells the story.</li></ol>
      <h2>People</h2><div class="scroll"><table><thead><tr><th>login</th><th>teams</th><th>may</th><th>token</th></tr></thead>
      <tbody>${people}</tbody></table></div>
      <h2>Addresses</h2><ul><li>Git <code>${world.url}/${fullName(world)}.git</code></li>
      <li>REST <code>${world.url}/api/v3</code></li><li>GraphQL <code>${world.url}/api/graphql</code></li></ul>`,
  );
}

/** The repository: its files and its way in. */
export async function repositoryPage(visit: Visit): Promise<string> {
  const { world } = visit;
  const tip = await world.objects.commit(branchTip(world, world.defaultBranch) ?? "");
  const entries = tip === undefined ? [] : await walkTree(world.objects, tip.tree);
  const files = entries
    .filter((entry) => entryType(entry.mode) === "blob")
    .map(
      (entry) =>
        html`<li><a href="/${fullName(world)}/blob/main/${encodeURI(entry.path)}">${entry.path}</a></li>`,
    );
  return layout(
    visit,
    "Files",
    html`<h1>${fullName(world)}</h1><p><a href="/${fullName(world)}/new">Ask for access</a></p>
      <h2>Files on main</h2><section class="card"><ul class="list">${files}</ul></section>`,
  );
}

/** One file as it stands. */
export function filePage(visit: Visit, path: string, text: string): string {
  return layout(visit, path, html`<h1>${path}</h1><section class="card"><pre>${text}</pre></section>`);
}

/** Pull requests, open ones first. */
export function pullsPage(visit: Visit): string {
  const { world } = visit;
  const all = [...world.pulls.values()].reverse();
  const sorted = [
    ...all.filter((pull) => pull.state === "open"),
    ...all.filter((pull) => pull.state === "closed"),
  ];
  const items = sorted.map(
    (
      pull,
    ) => html`<li>${stateOf(pull)} <a href="/${fullName(world)}/pull/${pull.number}"><strong>${pull.title}</strong></a>
      <div class="soft">#${pull.number} by ${pull.author.login}, ${when(pull.createdAt)}</div></li>`,
  );
  const list = items.length === 0 ? html`<li class="soft">Nobody has asked for anything yet.</li>` : items;
  return layout(
    visit,
    "Pull requests",
    html`<h1>Pull requests</h1><p><a href="/${fullName(world)}/new">Ask for access</a></p>
      <section class="card"><ul class="list">${list}</ul></section>`,
  );
}

/** A form that makes a branch with one file and opens a pull request of it. */
export function newPullPage(visit: Visit, fields: Record<string, string>): string {
  const value = (name: string, otherwise: string) => fields[name] ?? otherwise;
  return layout(
    visit,
    "Ask for access",
    html`<h1>Ask for access</h1><p class="soft">A request is a pull request that adds one grant file.</p>
      <form method="post" action="/${fullName(visit.world)}/new">
      <label>Title <input type="text" name="title" required value="${value("title", "Grant cs-1001-logs")}"></label>
      <label>Branch <input type="text" name="branch" required value="${value("branch", "cs-1001-logs")}"></label>
      <label>File <input type="text" name="path" required value="${value("path", "grants/azure.storage/cs-1001-logs.yaml")}"></label>
      <label>Content <textarea class="code" name="content" required spellcheck="false">${value("content", exampleGrant(visit.user.login))}</textarea></label>
      <button class="go">Open pull request as ${visit.user.login}</button></form>`,
  );
}

/** The history of a branch: one line a commit. */
export async function commitsPage(visit: Visit, branch: string): Promise<string> {
  const { world } = visit;
  const oids = await world.compare.history(await resolveCommit(world, branch));
  const commits = (await Promise.all(oids.map((oid) => world.objects.commit(oid)))).filter(
    (one) => one !== undefined,
  );
  const items = commits.map(
    (
      commit,
    ) => html`<li><a href="/${fullName(world)}/commit/${commit.oid}"><strong>${splitMessage(commit.message).headline}</strong></a>
      <div class="soft"><code>${commit.oid.slice(0, 7)}</code> ${commit.author.name}, ${when(commit.committer.date)}</div></li>`,
  );
  return layout(
    visit,
    branch,
    html`<h1>History of ${branch}</h1><section class="card"><ul class="list">${items}</ul></section>`,
  );
}

/** One commit: its whole message and what it changed. */
export async function commitPage(visit: Visit, name: string): Promise<string> {
  const { world } = visit;
  const commit = await world.objects.commit(await resolveCommit(world, name));
  if (commit === undefined) return layout(visit, "Commit", html`<h1>No such commit</h1>`);
  const { headline, body } = splitMessage(commit.message);
  const files = await world.compare.filesOfCommit(commit);
  const from = commit.parents[0];
  const cards = files.map(async (file) => {
    const patch = from === undefined ? "" : await world.compare.patch(from, commit.oid, file);
    return html`<section class="card"><header><code>${file.path}</code> <span class="soft">${file.status}</span></header>
      ${patch === "" ? "" : diffOf(patch)}</section>`;
  });
  return layout(
    visit,
    headline,
    html`<h1>${headline}</h1><p class="soft"><code>${commit.oid}</code> · ${commit.author.name}, committed by ${commit.committer.name}, ${when(commit.committer.date)}</p>
      ${body === "" ? "" : html`<pre>${body}</pre>`}<h2>Changes</h2>${await Promise.all(cards)}`,
  );
}

/** Issues: what the app has found, and cases. */
export function issuesPage(visit: Visit): string {
  const { world } = visit;
  const items = [...world.issues.values()].reverse().map(
    (issue) => html`<li><span class="pill ${issue.state === "open" ? "good" : "merged"}">${issue.state}</span>
      <a href="/${fullName(world)}/issues/${issue.number}"><strong>${issue.title}</strong></a>
      <div class="soft">#${issue.number} by ${issue.author.login}, ${when(issue.createdAt)}</div></li>`,
  );
  const list = items.length === 0 ? html`<li class="soft">No issues.</li>` : items;
  return layout(
    visit,
    "Issues",
    html`<h1>Issues</h1><section class="card"><ul class="list">${list}</ul></section>`,
  );
}

/** One issue with its comments. */
export function issuePage(visit: Visit, issue: Issue): string {
  const here = `/${fullName(visit.world)}/issues/${issue.number}`;
  const cards = [
    { author: issue.author, createdAt: issue.createdAt, body: issue.body ?? "" },
    ...commentsOn(visit.world, issue.number),
  ].map(
    (
      one,
    ) => html`<section class="card"><header><strong>${one.author.login}</strong> <span class="soft">${when(one.createdAt)}</span></header>
      <div class="in">${renderMarkdown(one.body)}</div></section>`,
  );
  return layout(
    visit,
    issue.title,
    html`<h1>${issue.title} <span class="soft">#${issue.number}</span></h1>${cards}
      <form method="post" action="${here}/say"><textarea name="body" aria-label="Your words"></textarea>
      <p><button>Comment as ${visit.user.login}</button></p></form>
      ${issue.state === "open" ? act(`${here}/close`, "Close", "stop") : act(`${here}/reopen`, "Reopen")}`,
  );
}
