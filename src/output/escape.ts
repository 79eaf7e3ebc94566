/**
 * User text made inert. GitHub looks for mentions and references in the rendered text, so neither a backslash nor
 * an entity stops them; inline code does (github/markup#1168, github/cmark-gfm#181). Hence the one rule here: plain
 * words stay as they are, and whatever else somebody wrote is shown, unchanged, as inline code.
 */

/** Nothing longer than this is shown of one value. */
const VALUE_LIMIT = 200;
/** Nothing longer than this is shown of one piece of prose. */
const PROSE_LIMIT = 600;

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** Choosers between two looks of an emoji: nothing is hidden when they go. */
const emojiLook = /[\u{fe0e}\u{fe0f}]/gu;

/** Words of plain ASCII with single spaces between them: nothing to replace, as in almost every value. */
const tidy = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/** Letters, digits, symbols and the punctuation that Markdown, HTML and GitHub give no meaning to. */
const plainWord = /^[\p{L}\p{M}\p{N}\p{So}\p{Pd}.,;:!?'"“”‘’„«»()/%+=…€£§°·-]*$/u;
/** What GitHub makes a link, a reference or an emoji of, though every character is plain. */
const linking =
  /:\/\/|www\.|mailto:|xmpp:|gh-\d|(?:ghsa|cve)-|(?<![0-9a-z])[0-9a-f]{7,}(?![0-9a-z])|:[\w+-]+:/i;
/** What would begin a list, a rule or a heading at the start of a line. */
const blockMarker = /^(?:[-+=:]+|\d{1,9}[.)])$/;

/**
 * One line without invisible or control characters (each becomes U+FFFD), at most `limit` characters long: for
 * places that print text as it is, such as titles, annotations and terminals.
 */
export function plain(of: string, limit: number = PROSE_LIMIT): string {
  if (of.length <= limit && tidy.test(of)) return of;
  // whatever lies beyond could only be cut anyway, and white space alone shortens
  const line = of
    .slice(0, limit * 8)
    .replaceAll(emojiLook, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(unprintable, "\u{fffd}")
    .trim();
  const characters = Array.from(line);
  const cut = characters.length > limit || of.length > limit * 8;
  return cut ? `${characters.slice(0, limit - 1).join("")}…` : line;
}

/** Inline code that holds any value: backticks, line breaks and pipes included (`table` takes care of pipes). */
export function code(value: string, limit: number = VALUE_LIMIT): string {
  const shown = plain(value, limit);
  if (shown === "") return "` `";
  const runs = shown.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const pad = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** Prose of a user as Markdown that means nothing but itself; each word that is more than plain becomes code. */
export function text(prose: string, limit: number = PROSE_LIMIT): string {
  return plain(prose, limit)
    .split(" ")
    .map((word, index) => (isInert(word, index === 0) ? word : code(word)))
    .join(" ");
}

function isInert(word: string, first: boolean): boolean {
  return plainWord.test(word) && !linking.test(word) && !(first && blockMarker.test(word));
}

/** A sentence of ours with the user's input in backticks, as findings have it; safe whatever that input holds. */
export function sentence(message: string, limit: number = PROSE_LIMIT): string {
  const parts = plain(message, limit).split("`");
  return parts
    .map((part, index) => (index % 2 === 1 && index < parts.length - 1 ? code(part) : between(part)))
    .reduce(beside, "");
}

/** Prose between two quotations: it keeps the spaces that separate it from them. */
function between(part: string): string {
  const words = text(part);
  if (words === "") return part === "" ? "" : " ";
  return `${part.startsWith(" ") ? " " : ""}${words}${part.endsWith(" ") ? " " : ""}`;
}

/** Two pieces of inline code must not touch, since their fences would become one; two spaces become one. */
function beside(before: string, after: string): string {
  if (before.endsWith(" ") && after.startsWith(" ")) return before + after.slice(1);
  return before.endsWith("`") && after.startsWith("`") ? `${before} ${after}` : `${before}${after}`;
}

/** A clause in Markdown as a sentence in bold. */
export function bold(clause: string): string {
  return `**${clause}${/[.!?…]$/.test(clause) ? "" : "."}**`;
}

/** How values, prose and sentences are written where they are shown. */
export interface Print {
  /** A name or value of a user: a login, an id, an action. */
  value(of: string): string;
  /** What a user wrote in words: a reason, a policy's message. */
  prose(of: string): string;
  /** A sentence of ours that quotes users in backticks. */
  sentence(of: string): string;
}

/** For Markdown that GitHub renders. */
export const markdown: Print = {
  value: (of) => code(of),
  prose: (of) => text(of),
  sentence: (of) => sentence(of),
};

/** For titles, annotations and terminals. */
export const plainly: Print = {
  value: (of) => plain(of, VALUE_LIMIT),
  prose: (of) => plain(of),
  sentence: (of) => plain(of),
};
