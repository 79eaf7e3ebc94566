import type { Month } from "../domain/month.ts";
import { type Instant, printInstant } from "../domain/time.ts";
import { html, Markup, type Piece } from "../output/html.ts";
import { short } from "../output/words.ts";
import type { ShownLockbox } from "./source.ts";
import { style } from "./style.ts";

/** Who looks on: somebody who has signed in, or anybody on this machine. */
export interface Reader {
  /** Null where nobody signs in. */
  readonly login: string | null;
}

const sections = [
  ["", "Access now"],
  ["/history", "History"],
  ["/reports", "Reports"],
] as const;

/** What stands around every page. */
interface Frame {
  readonly title: string;
  /** Null on pages that are about no repository. */
  readonly lockbox: ShownLockbox | null;
  readonly section: (typeof sections)[number][0] | null;
  readonly reader: Reader;
}

/** A whole page. It has no script and loads nothing. */
export function page({ title, lockbox, section, reader }: Frame, content: Piece): string {
  const name = lockbox === null ? "Grantbox" : `${lockbox.owner}/${lockbox.name}`;
  const links =
    lockbox === null
      ? null
      : html`<nav aria-label="Pages"><ul>${sections.map(
          ([path, words]) =>
            html`<li><a href="${homeOf(lockbox)}${path}"${path === section ? html` aria-current="page"` : null}>${words}</a></li>`,
        )}</ul></nav>`;
  const who =
    reader.login === null
      ? null
      : html`<form class="who" method="post" action="/sign-out"><span>${reader.login}</span><button>Sign out</button></form>`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${name}</title><style>${new Markup(style)}</style></head>
<body><a class="skip" href="#content">Skip to the content</a>
<header><div class="wide"><strong>${lockbox === null ? name : html`<a href="${lockbox.address}">${name}</a>`}</strong>${links}${who}</div></header>
<main id="content" class="wide">${content}</main>
<footer><div class="wide">Grantbox shows what Git says, and changes nothing here. Times are UTC.</div></footer>
</body></html>`.html;
}

/** Where the pages of a repository begin. */
export function homeOf({ owner, name }: Pick<ShownLockbox, "owner" | "name">): string {
  return `/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}

/** An instant as people read it: `2026-11-24 10:02:11 UTC`. */
export function when(at: Instant): Markup {
  const text = printInstant(at);
  return html`<time datetime="${text}">${text.replace("T", " ").replace("Z", " UTC")}</time>`;
}

/** A commit of the repository, linked to where GitHub shows it. */
export function commitLink({ address }: ShownLockbox, oid: string): Markup {
  return html`<a href="${address}/commit/${oid}"><code>${short(oid)}</code></a>`;
}

/** A pull request, linked to where it is on GitHub. */
export function pullLink({ address }: ShownLockbox, pull: number): Markup {
  return html`<a href="${address}/pull/${pull}">#${pull}</a>`;
}

/** The page of a grant. */
export function grantLink(lockbox: ShownLockbox, id: string, words: string): Markup {
  return html`<a href="${homeOf(lockbox)}/grants/${encodeURIComponent(id)}">${words}</a>`;
}

/** The page of a month's report. */
export function reportLink(lockbox: ShownLockbox, { name }: Month, words: Piece): Markup {
  return html`<a href="${homeOf(lockbox)}/reports/${name}">${words}</a>`;
}

/** `a, b and c`, of pieces. */
export function joined(pieces: readonly Piece[], conjunction = "and"): Piece {
  return pieces.map((piece, index) => {
    const before = index === 0 ? "" : index === pieces.length - 1 ? ` ${conjunction} ` : ", ";
    return [before, piece];
  });
}

/** Terms with what they mean; a row without a meaning is left out. */
export function terms(rows: readonly (readonly [string, Piece])[]): Markup {
  const shown = rows.filter(([, meaning]) => meaning !== null && meaning !== false && meaning !== "");
  return html`<dl>${shown.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl>`;
}
