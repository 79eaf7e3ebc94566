import type { Standing } from "../domain/lifecycle.ts";
import { describeDuration, durationBetween } from "../domain/time.ts";
import { isActivation } from "../ledger/event.ts";
import type { Chapter } from "../ledger/stories.ts";
import { html, type Piece } from "../output/html.ts";
import { unrecordedWords } from "../output/state.ts";
import { accessCard, accessWords } from "./access-card.ts";
import { page, type Reader, when } from "./layout.ts";
import { requestCard } from "./request-card.ts";
import type { ShownLockbox, Sight } from "./source.ts";
import { stepsOf } from "./story.ts";

/** The whole story of a grant, from the request to the end; null when there never was one of this id. */
export async function grantPage(
  id: string,
  lockbox: ShownLockbox,
  sight: Sight,
  reader: Reader,
): Promise<string | null> {
  const { at, standings, open } = sight;
  const chapters = await lockbox.storyOf(id);
  const requests = open.filter(({ decision }) => decision.file?.id === id);
  const standing = standings.find(({ file }) => file.id === id);
  if (chapters.length === 0 && requests.length === 0 && standing === undefined) return null;
  return page(
    { title: id, lockbox, section: null, reader },
    html`<h1>${id}</h1><p class="quiet">${standingWords(standing, chapters)}. As of ${when(at)}.</p>
${standing === undefined ? past(chapters) : await standingCard(standing, sight, lockbox)}
${requests.length === 0 ? null : html`<h2>Asked for now</h2>${requests.map((request) => requestCard(request, at, lockbox))}`}
${
  chapters.length === 0
    ? null
    : html`<h2>From request to end</h2>${story(chapters, sight, lockbox)}
<p class="quiet small">What began, ended or was refused is a commit of the repository. <code>grantbox verify</code> judges it again, on a clone, without this app.</p>`
}`,
  );
}

function story(chapters: readonly Chapter[], { at }: Sight, lockbox: ShownLockbox): Piece {
  const steps = stepsOf(chapters, at, lockbox).map(
    ({ at: then, kind, what }) =>
      html`<li class="${kind}">${then === null ? null : when(then)}<div>${what}</div></li>`,
  );
  return html`<ol class="story">${steps}</ol>`;
}

async function standingCard(standing: Standing, { at }: Sight, lockbox: ShownLockbox): Promise<Piece> {
  if (standing.kind === "unrecorded") {
    return html`<div class="card bad"><code>${standing.file.path}</code> gives no access: ${unrecordedWords[standing.because]}</div>`;
  }
  return accessCard(standing, await lockbox.grantOf(standing.history), at, lockbox);
}

/** Who had what, and for how long, of a grant that is over; nothing of a request that was never granted. */
function past(chapters: readonly Chapter[]): Piece {
  const records = chapters.flatMap(({ event }) => (event.kind === "record" ? [event.record] : []));
  const activations = records.filter(isActivation);
  const [first, last] = [activations.at(0), activations.at(-1)];
  const end = records.findLast((record) => record.event === "ended");
  if (first === undefined || last === undefined || end === undefined) return null;
  const used = describeDuration(durationBetween(first.validFrom, end.endedAt));
  const granted = describeDuration(durationBetween(first.validFrom, last.validUntil));
  return html`<article class="card"><div class="top"><h3>${accessWords(last, "could")}</h3><span class="pill over">over</span></div>
<p>From ${when(first.validFrom)} until ${when(end.endedAt)}: ${used}${used === granted ? null : ` of ${granted} that were granted`}.</p></article>`;
}

function standingWords(standing: Standing | undefined, chapters: readonly Chapter[]): string {
  switch (standing?.kind) {
    case "in-force":
      return "In force";
    case "waiting":
      return "Not begun yet";
    case "due":
      return "Over";
    case "unrecorded":
      return "Not in force";
    case undefined: {
      if (chapters.length === 0) return "Asked for";
      return chapters.some(({ event }) => event.kind === "record" && isActivation(event.record))
        ? "Ended"
        : "Never granted";
    }
    default:
      return standing satisfies never;
  }
}
