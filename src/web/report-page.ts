import type { Month } from "../domain/month.ts";
import { html, type Piece } from "../output/html.ts";
import { reportSections } from "../report/html.ts";
import { titleOf } from "../report/tables.ts";
import { page, type Reader, reportLink, when } from "./layout.ts";
import type { ShownLockbox } from "./source.ts";

/** The months of which there is a report, newest first. */
export async function reportsPage(lockbox: ShownLockbox, reader: Reader): Promise<string> {
  const months = await lockbox.months();
  const items = months
    .toReversed()
    .map(
      (month, index) =>
        html`<li>${reportLink(lockbox, month, month.name)}${index === 0 ? html` <span class="quiet">until now</span>` : null}</li>`,
    );
  return page(
    { title: "Reports", lockbox, section: "/reports", reader },
    html`<h1>Reports</h1>
<p class="quiet">Each month in UTC, from that of the first record on: who asked, who said yes, what began, and what ended when.</p>
${items.length === 0 ? html`<p class="empty">There is no record yet.</p>` : html`<ul class="log">${items}</ul>`}`,
  );
}

/** The report of a month; null where there is none. */
export async function reportPage(
  name: string,
  lockbox: ShownLockbox,
  reader: Reader,
): Promise<string | null> {
  const months = await lockbox.months();
  const index = months.findIndex((month) => month.name === name);
  const month = months[index];
  if (month === undefined) return null;
  const { figures, at } = await lockbox.reportOf(month);
  const title = titleOf(figures);
  const isOver = at >= month.to;
  return page(
    { title, lockbox, section: "/reports", reader },
    html`<h1>${title}</h1>
<p class="quiet">As the ledger stood at ${when(at)}${isOver ? null : ", before the month was over"}.</p>
${beside(lockbox, months[index - 1], months[index + 1])}
${reportSections(figures)}
<p class="quiet small">For the file: <code>grantbox report --month ${name} --out report</code> makes the same of a clone, as a page, Markdown, CSV and JSON.</p>`,
  );
}

/** The ways to the months before and after. */
function beside(lockbox: ShownLockbox, before: Month | undefined, after: Month | undefined): Piece {
  const links = [
    before && reportLink(lockbox, before, html`← ${before.name}`),
    after && reportLink(lockbox, after, html`${after.name} →`),
  ].filter((link) => link !== undefined);
  return links.length === 0
    ? null
    : html`<p>${links.map((link, index) => [index === 0 ? null : " · ", link])}</p>`;
}
