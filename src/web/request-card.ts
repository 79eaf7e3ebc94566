import type { Decision } from "../domain/decision.ts";
import { type Finding, hintOf, isError } from "../domain/finding.ts";
import type { RequirementResult } from "../domain/fulfilment.ts";
import { describeDuration, durationBetween, type Instant } from "../domain/time.ts";
import { plainly } from "../output/escape.ts";
import { verdictWords } from "../output/headline.ts";
import { html, type Markup, type Piece } from "../output/html.ts";
import { mendersOf, sourceWords } from "../output/words.ts";
import { joined, pullLink, terms, when } from "./layout.ts";
import { withCode } from "./prose.ts";
import type { ShownLockbox, Sight } from "./source.ts";

/** More findings than these are read on the pull request. */
const FINDINGS_SHOWN = 3;

/** One open request: what it asks for, on whom it waits, and until when. */
export function requestCard(
  { decision, title, openedAt }: Sight["open"][number],
  at: Instant,
  lockbox: ShownLockbox,
): Markup {
  const { access, requester, lapsesAt } = decision;
  return html`<article class="card soon"><div class="top"><h3>${asked(decision, title)}</h3><span class="pill wait">${waits(decision)}</span></div>
${terms([
  [decision.verdict === "invalid" ? "To mend" : "Waits for", waitsFor(decision)],
  ["Said yes", decision.verdict === "invalid" ? null : approvals(decision.requirements)],
  [
    "Why",
    access === null
      ? null
      : html`case ${access.view.case.system} ${access.view.case.id}: ${access.view.justification}`,
  ],
  ["Asked for by", html`${requester.login} in ${pullLink(lockbox, decision.pull)}, ${when(openedAt)}`],
  ["Resource", access === null ? null : html`<code class="id">${access.view.resource.id}</code>`],
  [
    "Lapses",
    lapsesAt === null
      ? null
      : html`${when(lapsesAt)}, in ${describeDuration(durationBetween(at, lapsesAt))}, if nobody decides`,
  ],
])}</article>`;
}

function asked({ access, requester }: Decision, title: string): Markup {
  if (access === null) return html`${requester.login} asks: ${title}`;
  const { view, subject, duration, extension } = access;
  const name = view.resource.id.slice(view.resource.id.lastIndexOf("/") + 1) || view.resource.id;
  return html`<strong>${subject}</strong> to ${joined(view.access.actions.map((action) => html`<strong>${action}</strong>`))}
 <strong>${name}</strong> <span class="quiet">(${view.resource.type})</span> for <strong>${describeDuration(duration)}</strong>${extension === null ? null : " more or less than now"}${view.emergency ? html` <span class="pill stop">emergency</span>` : null}`;
}

/** On whom a request waits, in a word or two. */
function waits(decision: Decision): string {
  switch (decision.verdict) {
    case "invalid":
      return mendersOf(decision.findings).has("requester")
        ? "waits for the requester"
        : "waits for an administrator";
    case "pending":
      return decision.requirements.some(({ missing }) => missing > 0)
        ? "waits for approvers"
        : "waits for a condition";
    case "approved":
      return "waits for GitHub";
    case "denied":
      return "denied";
    default:
      return decision.verdict satisfies never;
  }
}

function waitsFor(decision: Decision): Piece {
  const open =
    decision.verdict === "invalid" ? [] : decision.requirements.filter(({ missing }) => missing > 0);
  if (open.length > 0) return joined(open.map(missingOf));
  const hindrances = decision.findings.filter(isError);
  if (hindrances.length === 0) return verdictWords(decision, plainly);
  const more = hindrances.length - FINDINGS_SHOWN;
  return [
    hindrances.slice(0, FINDINGS_SHOWN).map((one, index) => [index === 0 ? null : "\n", hindrance(one)]),
    more > 0 ? `\nand ${more} more` : null,
  ];
}

function missingOf({ requirement, missing, candidates }: RequirementResult): Markup {
  const people =
    candidates.length === 0
      ? html`<strong>nobody is left who could</strong> (${sourceWords(requirement.from, plainly)})`
      : joined(
          candidates.slice(0, 8).map((person) => html`<strong>${person}</strong>`),
          "or",
        );
  const rest = candidates.length > 8 ? ` and ${candidates.length - 8} others` : null;
  return html`${missing} of ${requirement.name}: ${people}${rest}`;
}

function hindrance(one: Finding): Markup {
  return html`${withCode(one.message)} <span class="quiet">(${withCode(hintOf(one))})</span>`;
}

function approvals(requirements: readonly RequirementResult[]): Piece {
  const filled = requirements.flatMap(({ requirement, filledBy }) =>
    filledBy.map(({ by }) => html`${by.login} <span class="quiet">for ${requirement.name}</span>`),
  );
  return filled.length === 0 ? "nobody yet" : joined(filled);
}
