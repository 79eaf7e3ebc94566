import { Html, html } from "./html.ts";
import { pageStyle } from "./page-style.ts";
import type { User } from "./people.ts";
import { fullName, type World } from "./world.ts";

/** Who looks at a page, where, and what went wrong with what they did last. */
export type Visit = { world: World; user: User; path: string; trouble: string | undefined };

/** A whole page around its content. It has no script, so it may not have any. */
export function layout(visit: Visit, title: string, content: Html): string {
  const { world, user } = visit;
  const home = `/${fullName(world)}`;
  const people = world.people.users.map((one) => {
    const teams = world.people.teamsOf(one).map((team) => team.slug);
    const current = one === user ? html` aria-current="true"` : "";
    return html`<button name="login" value="${one.login}"${current}><strong>${one.login}</strong>
      <span class="soft">${teams.join(", ")}</span></button>`;
  });
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${fullName(world)}</title><style>${style}</style></head><body>
<header class="top"><div><a class="name" href="${home}">${fullName(world)}</a>
<nav><a href="${home}/pulls">Pull requests</a> <a href="${home}/issues">Issues</a> <a href="${home}/commits/main">History</a> <a href="/">Sandbox</a>${pagesLink(world)}</nav>
<details class="who"><summary>you are: ${user.login} ▾</summary><div><form method="post" action="/switch">
<input type="hidden" name="back" value="${visit.path}">${people}</form></div></details></div></header>
<main>${visit.trouble === undefined ? "" : html`<div class="alert" role="alert">${visit.trouble}</div>`}${content}</main>
<footer>${clockForm(visit)}</footer></body></html>`;
  return page.text;
}

/** The app's own pages, while one is connected. */
function pagesLink({ app }: World): Html | string {
  return app.webhook === undefined || app.url === undefined ? "" : html` <a href="${app.url}">Access now</a>`;
}

const style = new Html(pageStyle);

/** An instant as people read it. */
export function when(instant: string): Html {
  return html`<time datetime="${instant}">${instant.slice(0, 16).replace("T", " ")} UTC</time>`;
}

/** A form that is only a button. */
export function act(action: string, label: string, kind: "go" | "stop" | "" = ""): Html {
  return html`<form method="post" action="${action}"><button class="${kind}">${label}</button></form>`;
}

const steps = [
  ["PT5M", "5 minutes"],
  ["PT1H", "1 hour"],
  ["PT4H", "4 hours"],
  ["P1D", "1 day"],
  ["P4D", "4 days"],
] as const;

/** The sandbox's time, and buttons that move it. */
function clockForm(visit: Visit): Html {
  const buttons = steps.map(
    ([duration, words]) => html`<button name="advance" value="${duration}">+ ${words}</button>`,
  );
  return html`<form class="row" method="post" action="/clock"><input type="hidden" name="back" value="${visit.path}">
    <span>It is <strong>${when(visit.world.clock.stamp())}</strong> here.</span> ${buttons}</form>`;
}
