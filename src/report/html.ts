import type { Instant } from "../domain/time.ts";
import { html, Markup, type Piece } from "../output/html.ts";
import { barChart, timeline } from "./chart.ts";
import type { SectionId } from "./controls.ts";
import { type MonthFigures, outcomes } from "./month.ts";
import { asOf, CONTROLS_NOTE, controlTable, sectionsOf, type Table, titleOf } from "./tables.ts";

/**
 * The report as one page that needs nothing else: no script, no font, no address. It may be filed and printed, and is
 * read in dark and light, on a phone and by a screen reader.
 */
export function reportHtml(figures: MonthFigures, now: Instant): string {
  const all = sectionsOf(figures);
  const body = all.map(
    ({ id, title, note, tables }) =>
      html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><p>${note}</p>${chartOf(id, figures)}${tables.map(tableOf)}</section>`,
  );
  const contents = all.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${titleOf(figures)}</title><style>${new Markup(STYLE)}</style></head>
<body><header><h1>${titleOf(figures)}</h1><p>${asOf(now)}</p></header>
<nav aria-label="Sections"><ol>${contents}<li><a href="#controls">Control map</a></li></ol></nav>
<main>${body}<section id="controls" aria-labelledby="controls-title"><h2 id="controls-title">Control map</h2><p>${CONTROLS_NOTE}</p>${tableOf(controlTable)}</section></main></body></html>
`.html;
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

function tableOf({ caption, header, rows }: Table): Markup {
  if (rows.length === 0) return html`<p class="none">${caption}: none.</p>`;
  const head = header.map((name) => html`<th scope="col">${name}</th>`);
  const body = rows.map(
    ([first = "", ...cells]) =>
      html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  );
  return html`<div class="table" tabindex="0" role="region" aria-label="${caption}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const STYLE = `
:root{color-scheme:light dark;--text:#1b1f24;--soft:#57606a;--line:#d0d7de;--ground:#fff;--bar:#0a5fb4;--planned:#b6d4f2}
@media (prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#9aa4af;--line:#3a424b;--ground:#0f1318;--bar:#58a6ff;--planned:#274b74}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;font:16px/1.5 system-ui,sans-serif;color:var(--text);background:var(--ground)}
h1{margin:0;font-size:1.75rem}h2{margin:2.5rem 0 .25rem;font-size:1.25rem}
p{margin:.25rem 0 .75rem}header p,section>p,.none{color:var(--soft)}
nav ol{columns:2;padding-left:1.25rem;margin:1rem 0}
a{color:var(--bar)}
.table{overflow-x:auto;margin:.75rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:break-word;max-width:18rem}
thead th{color:var(--soft);font-weight:600}tbody th{font-weight:600}
svg{display:block;width:100%;max-width:40rem;height:auto;margin:.5rem 0}
svg text{font-size:12px;fill:var(--text);dominant-baseline:central}svg .label{text-anchor:end}
svg rect{fill:var(--bar)}svg .planned{fill:var(--planned)}
@media (max-width:40rem){nav ol{columns:1}}
@media print{:root{--text:#000;--soft:#333;--line:#999;--ground:#fff;--bar:#0a5fb4;--planned:#b6d4f2}body{max-width:none;padding:0;font-size:11pt;print-color-adjust:exact}nav{display:none}.table{overflow:visible}table{font-size:8pt}td,th{overflow-wrap:anywhere;padding-right:.4rem}tr,svg{break-inside:avoid}h2{break-after:avoid}}
`;
