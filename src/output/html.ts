/** HTML that is written already. Whatever else enters a page is text. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

/** What a template takes: text and numbers are escaped, markup is kept, of null and false nothing is left. */
export type Piece = Markup | string | number | null | false | readonly Piece[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What shows nothing, or turns text around: a page must not read otherwise than what somebody wrote. */
const unseen = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** Choosers between two looks of an emoji: nothing is hidden when they go. */
const emojiLook = /[\u{fe0e}\u{fe0f}]/gu;

/** Text as it stands in HTML, between tags or in a quoted attribute; invisible characters become U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(emojiLook, "")
    .replaceAll(/[^\S \n]/g, " ")
    .replaceAll(unseen, "\u{fffd}")
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** A template of HTML; attributes must be quoted. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(strings.map((string, index) => string + written(pieces[index] ?? null)).join(""));
}

function written(piece: Piece): string {
  if (piece instanceof Markup) return piece.html;
  if (piece === null || piece === false) return "";
  if (typeof piece === "string") return escapeHtml(piece);
  return typeof piece === "number" ? String(piece) : piece.map(written).join("");
}
