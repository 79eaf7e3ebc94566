import type { LedgerEvent } from "../ledger/event.ts";
import { grantOf } from "../ledger/event.ts";
import { recordWords } from "../output/event.ts";
import { html, type Markup } from "../output/html.ts";
import { commitLink, grantLink, page, type Reader, when } from "./layout.ts";
import type { ShownLockbox } from "./source.ts";

/** As many commits of the past as a page shows. */
const SHOWN = 100;

/** What happened lately, newest first: each commit of main and journal. */
export async function historyPage(lockbox: ShownLockbox, reader: Reader): Promise<string> {
  const chapters = await lockbox.latest(SHOWN);
  const items = chapters.map(({ event }) => eventItem(event, lockbox));
  return page(
    { title: "History", lockbox, section: "/history", reader },
    html`<h1>History</h1>
<p class="quiet">The newest ${SHOWN} commits of main and journal, newest first. In a clone, <code>grantbox history</code> shows all, and selects by person, resource, approver, case and time.</p>
<ul class="log">${items}</ul>`,
  );
}

const marks = {
  activated: ["go", "began"],
  extended: ["go", "extended"],
  ended: ["over", "ended"],
  denied: ["stop", "denied"],
  lapsed: ["over", "lapsed"],
  withdrawn: ["over", "withdrawn"],
  finding: ["stop", "reported"],
  reviewed: ["over", "reviewed"],
  case: ["over", "case"],
} as const;

function eventItem(event: LedgerEvent, lockbox: ShownLockbox): Markup {
  const [kind, word] =
    event.kind === "record"
      ? marks[event.record.event]
      : ["over", event.kind === "malformed" ? "unreadable" : "change"];
  const words =
    event.kind === "record"
      ? recordWords(event.record)
      : event.kind === "malformed"
        ? `${event.headline}: the record cannot be read, ${event.because}`
        : event.headline;
  const grant = grantOf(event);
  return html`<li><span class="pill ${kind}">${word}</span> ${grant === null ? null : html`${grantLink(lockbox, grant, grant)}: `}${words}
<div class="quiet small">${when(event.at)} · ${commitLink(lockbox, event.commit)}${event.on === "journal" ? " on the journal" : null}</div></li>`;
}
