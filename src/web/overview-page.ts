import type { Standing } from "../domain/lifecycle.ts";
import { html, type Markup, type Piece } from "../output/html.ts";
import { unrecordedWords } from "../output/state.ts";
import { accessCard, grantLine } from "./access-card.ts";
import { commitLink, page, type Reader, when } from "./layout.ts";
import { requestCard } from "./request-card.ts";
import type { ShownLockbox, Sight } from "./source.ts";

/** Who has access to what now, until when and why; and what is asked for, waiting on whom. */
export async function overviewPage(lockbox: ShownLockbox, sight: Sight, reader: Reader): Promise<string> {
  const { at, main, standings, open, unreviewed } = sight;
  const of = (kind: Standing["kind"]) => cards(standings, kind, sight, lockbox);
  const [inForce, waiting, due] = [await of("in-force"), await of("waiting"), await of("due")];
  const strays = standings.flatMap((standing) => (standing.kind === "unrecorded" ? [standing] : []));
  const requests = open
    .toSorted((one, other) => one.decision.pull - other.decision.pull)
    .map((request) => requestCard(request, at, lockbox));
  const people = new Set(
    standings.flatMap((one) =>
      one.kind === "in-force" ? [one.history.activation.subject.toLowerCase()] : [],
    ),
  );
  return page(
    { title: "Access now", lockbox, section: "", reader },
    html`<h1>${inForce.length === 0 ? "Nobody has access now" : people.size === 1 ? "1 person has access now" : `${people.size} people have access now`}</h1>
<p class="quiet">As of ${when(at)}, main at ${commitLink(lockbox, main)}. Load the page again for the latest.</p>
${section(
  "Gives no access, and should not be there",
  strays.map((stray) => strayCard(stray)),
)}
<h2>In force <span class="quiet">(${inForce.length})</span></h2>
${inForce.length === 0 ? html`<p class="empty">No grant is in force.</p>` : inForce}
${section("Not begun yet", waiting)}${section("Over, and about to be removed", due)}
<h2>Requests waiting <span class="quiet">(${requests.length})</span></h2>
${requests.length === 0 ? html`<p class="empty">No request is waiting.</p>` : requests}
${section(
  "Emergencies that nobody has reviewed yet",
  unreviewed.map((history) => html`<div class="card bad">${grantLine(history, lockbox)}</div>`),
)}`,
  );
}

function section(title: string, found: readonly Piece[]): Piece {
  return found.length === 0
    ? null
    : html`<h2>${title} <span class="quiet">(${found.length})</span></h2>${found}`;
}

/** What ends first comes first. */
async function cards(
  standings: readonly Standing[],
  kind: Standing["kind"],
  { at }: Sight,
  lockbox: ShownLockbox,
): Promise<readonly Markup[]> {
  const wanted = standings
    .flatMap((standing) => (standing.kind === "unrecorded" || standing.kind !== kind ? [] : [standing]))
    .toSorted((one, other) => one.history.activation.validUntil - other.history.activation.validUntil);
  return Promise.all(
    wanted.map(async (standing) =>
      accessCard(standing, await lockbox.grantOf(standing.history), at, lockbox),
    ),
  );
}

function strayCard({ file, because }: Extract<Standing, { kind: "unrecorded" }>): Markup {
  return html`<article class="card bad"><h3><code>${file.path}</code></h3><p>${unrecordedWords[because]}</p></article>`;
}
