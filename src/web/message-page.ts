import { html } from "../output/html.ts";
import { homeOf, page, type Reader } from "./layout.ts";
import type { ShownLockbox } from "./source.ts";

/** A page that says one thing. */
export function messagePage(title: string, words: string, reader: Reader): string {
  return page({ title, lockbox: null, section: null, reader }, html`<h1>${title}</h1><p>${words}</p>`);
}

/** The repositories that a reader may choose from. */
export function choicePage(lockboxes: readonly ShownLockbox[], reader: Reader): string {
  const items = lockboxes.map((one) => html`<li><a href="${homeOf(one)}">${one.owner}/${one.name}</a></li>`);
  return page(
    { title: "Repositories", lockbox: null, section: null, reader },
    items.length === 0
      ? html`<h1>No repository</h1><p>Grantbox is installed on no repository that you may read.</p>`
      : html`<h1>Repositories</h1><ul class="log">${items}</ul>`,
  );
}
