import type { Instant } from "../domain/time.ts";
import { html, Markup, type Piece } from "../output/html.ts";
import { barChart, timeline } from "./chart.ts";
import type { SectionId } from "./controls.ts";
import { type MonthFigures, outcomes } from "./month.ts";
import { sectionStyle } from "./style.ts";
import { asOf, CONTROLS_NOTE, controlTable, sectionsOf, type Table, titleOf } from "./tables.ts";

/**
 * The report as one page that needs nothing else: no script, no font, no address. It may be filed and printed, and is
 * read in dark and light, on a phone and by a screen reader.
 */
export function reportHtml(figures: MonthFigures, now: Instant): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${titleOf(figures)}</title><style>${new Markup(STYLE)}</style></head>
<body><header><h1>${titleOf(figures)}</h1><p>${asOf(now)}</p></header>
<main>${reportSections(figures)}</main></body></html>
`.html;
}

/** What stands below the title: the list of sections, each with its charts and tables, and the control map. */
export function reportSections(figures: MonthFigures): Markup {
  const all = sectionsOf(figures);
  const body = all.map(({ id, title, note, tables }) =>
    section(id, title, note, html`${chartOf(id, figures)}${tables.map(tableOf)}`),
  );
  const contents = all.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  return html`<nav class="contents" aria-label="Sections"><ol>${contents}<li><a href="#controls">Control map</a></li></ol></nav>
${body}${section("controls", "Control map", CONTROLS_NOTE, tableOf(controlTable))}`;
}

function section(id: string, title: string, note: string, content: Piece): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><p>${note}</p>${content}</section>`;
}

function chartOf(id: SectionId, figures: MonthFigures): Piece {
  const { from, to } = figures.month;
  switch (id) {
    case "requests":
      return barChart(
        "Requests by outcome",
        outcomes.map((name) => ({ name, value: figures.outcomes[name] })),
      );
    case "shares":
      return figures.byResourceType.length === 0
        ? null
        : barChart(
            "Grants by resource type",
            figures.byResourceType.map(({ name, grants }) => ({ name, value: grants })),
          );
    case "ends":
      return figures.ends.length === 0
        ? null
        : timeline("Planned and actual time of each grant in the month", from, to, figures.ends);
    case "times":
    case "approvers":
    case "stamps":
    case "emergencies":
    case "outOfBand":
    case "rules":
      return null;
    default:
      return id satisfies never;
  }
}

function tableOf({ caption, header, rows, unbroken, long }: Table): Markup {
  if (rows.length === 0) return html`<p class="none">${caption}: none.</p>`;
  const kinds = header.map((_, index) =>
    unbroken.includes(index) ? html` class="unbroken"` : long.includes(index) ? html` class="long"` : null,
  );
  const head = header.map((name) => html`<th scope="col">${name}</th>`);
  const body = rows.map((row) => {
    const cells = row.map((cell, index) => {
      const [kind = null, content] = [kinds[index], contentOf(cell)];
      return index === 0 ? html`<th scope="row"${kind}>${content}</th>` : html`<td${kind}>${content}</td>`;
    });
    return html`<tr>${cells}</tr>`;
  });
  return html`<div class="table" tabindex="0" role="region" aria-label="${caption}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** A time is written on two lines, since a row may have three of them. */
function contentOf(cell: string): Piece {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z$/.exec(cell) ?? [];
  return day === undefined || time === undefined
    ? cell
    : html`<time datetime="${cell}">${day}<br>${time} UTC</time>`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #57606a; --edge: #d0d7de; --paper: #fff; --bar: #0a5fb4; --planned: #b6d4f2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9aa4af; --edge: #3a424b; --paper: #0f1318; --bar: #58a6ff;
  --planned: #274b74; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); }
h1 { margin: 0; font-size: 1.75rem; } h2 { margin: 2.5rem 0 .25rem; font-size: 1.25rem; }
p { margin: .25rem 0 .75rem; } header p { color: var(--quiet); } a { color: var(--bar); }
@media print { :root { --ink: #000; --quiet: #333; --edge: #999; --paper: #fff; --bar: #0a5fb4; --planned: #b6d4f2; }
  body { max-width: none; padding: 0; font-size: 11pt; } }
${sectionStyle}`;
