import type { Grant } from "../domain/grant.ts";
import { beginningOf, type GrantHistory, type Standing } from "../domain/lifecycle.ts";
import type { ActivationRecord } from "../domain/record.ts";
import { describeDuration, durationBetween, type Instant } from "../domain/time.ts";
import { plainly } from "../output/escape.ts";
import { html, type Markup, type Piece } from "../output/html.ts";
import { causeOf, counted } from "../output/words.ts";
import { commitLink, grantLink, joined, pullLink, terms, when } from "./layout.ts";
import type { ShownLockbox } from "./source.ts";

type Granted = Exclude<Standing, { kind: "unrecorded" }>;

/** One grant on main: who may do what, until when, and why. */
export function accessCard(
  standing: Granted,
  grant: Grant | null,
  at: Instant,
  lockbox: ShownLockbox,
): Markup {
  const { activation, commit } = standing.history;
  const kind = standing.kind === "in-force" ? "now" : standing.kind === "waiting" ? "soon" : "";
  return html`<article class="card ${kind}"><div class="top"><h3>${accessWords(activation)}</h3>${timePill(standing, at)}</div>
${terms([
  standing.kind === "waiting" ? ["From", when(activation.validFrom)] : ["", null],
  ["Until", until(standing)],
  ["Only", scopeWords(grant)],
  ["Why", why(activation, grant)],
  ["Asked for by", html`${activation.requestedBy.login} in ${pullLink(lockbox, activation.pull)}`],
  ["Approved by", approvalWords(activation)],
  ["Resource", html`<code class="id">${activation.resource.id}</code>`],
  [
    "On record",
    html`${commitLink(lockbox, commit)}, ${grantLink(lockbox, activation.grant, `the whole story of ${activation.grant}`)}`,
  ],
])}</article>`;
}

/** Who may do what, in one line. */
export function accessWords(
  { subject, actions, resource, emergency }: ActivationRecord,
  may: "may" | "could" = "may",
): Markup {
  const name = resource.id.slice(resource.id.lastIndexOf("/") + 1) || resource.id;
  return html`<strong>${subject}</strong> ${may} ${joined(actions.map((action) => html`<strong>${action}</strong>`))}
 <strong>${name}</strong> <span class="quiet">(${resource.type})</span>${emergency ? html` <span class="pill stop">emergency</span>` : null}`;
}

/** Who said yes, each with what their approval was asked for. */
export function approvalWords({ approvedBy }: Pick<ActivationRecord, "approvedBy">): Piece {
  return approvedBy.length === 0
    ? "nobody"
    : joined(
        approvedBy.map(
          ({ login, requirement }) => html`${login} <span class="quiet">for ${requirement}</span>`,
        ),
      );
}

/** How much time is left, in words of at most two units. */
function timePill(standing: Granted, at: Instant): Markup {
  const { activation } = standing.history;
  switch (standing.kind) {
    case "in-force":
      return html`<span class="pill go">${describeDuration(durationBetween(at, activation.validUntil))} left</span>`;
    case "waiting":
      return html`<span class="pill wait">begins in ${describeDuration(durationBetween(at, activation.validFrom))}</span>`;
    case "due":
      return html`<span class="pill over">over</span>`;
    default:
      return standing satisfies never;
  }
}

function until({ kind, history }: Granted): Markup {
  const { activation, end, earlier } = history;
  const extended =
    earlier.length === 0
      ? null
      : html` <span class="quiet">(since ${when(beginningOf(history).validFrom)}, extended ${counted(earlier.length, "time")})</span>`;
  if (kind !== "due") return html`${when(activation.validUntil)}${extended}`;
  return end === null
    ? html`${when(activation.validUntil)}: its time is over, and its file is about to go`
    : html`${when(end.record.endedAt)}: ${causeOf(end.record, plainly)}, and its file is about to go`;
}

function why(activation: Pick<ActivationRecord, "case">, grant: Grant | null): Markup {
  const { system, id } = activation.case;
  return html`case ${system} ${id}${grant === null ? null : html`: ${grant.justification}`}`;
}

/** What narrows the access down; null where it is the whole resource, or the file cannot be read. */
export function scopeWords(grant: Pick<Grant, "access" | "constraints"> | null): Piece {
  if (grant === null) return null;
  const { locations = [], networks = [], mfa = false } = grant.constraints ?? {};
  const parts: readonly Piece[] = [
    ...Object.entries(grant.access.scope ?? {}).map(
      ([name, value]) =>
        html`${name} <code>${Array.isArray(value) ? value.map(shown).join(", ") : shown(value)}</code>`,
    ),
    ...(locations.length === 0 ? [] : [`from ${locations.join(" or ")}`]),
    ...(networks.length === 0 ? [] : [`in the networks ${networks.join(" or ")}`]),
    ...(mfa ? ["with a second factor"] : []),
  ];
  return parts.length === 0 ? "the whole resource" : joined(parts);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** One line about a grant, with a link to its story. */
export function grantLine({ activation }: GrantHistory, lockbox: ShownLockbox): Markup {
  return html`${accessWords(activation)}, ${grantLink(lockbox, activation.grant, activation.grant)}`;
}
