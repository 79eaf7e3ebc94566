/** One trailer of a commit message. Source: git-interpret-trailers(1). */
export type Trailer = readonly [key: string, value: string];

const BLANK = /^[ \t]*$/;
const TRAILER = /^[A-Za-z][A-Za-z0-9-]*:.*$/u;

/**
 * The trailers of a message: the lines of its last paragraph, when each of them is one and it is not the only
 * paragraph (a subject is never a trailer). `git log --format='%(trailers)'` reads the same.
 */
export function readTrailers(message: string): readonly Trailer[] {
  const text = (message.includes("\r\n") ? message.replaceAll("\r\n", "\n") : message).trimEnd();
  const trailers: Trailer[] = [];
  // from the last line up: what stands above the last paragraph is not looked at
  for (let end = text.length; end > 0; ) {
    const start = text.lastIndexOf("\n", end - 1) + 1;
    const line = text.slice(start, end);
    if (!TRAILER.test(line)) return start > 0 && BLANK.test(line) ? trailers.reverse() : [];
    const colon = line.indexOf(":");
    trailers.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
    end = start - 1;
  }
  return [];
}

/** A message whose last paragraph is the trailers; whatever a value holds, it is one line. */
export function withTrailers(subject: string, body: string, trailers: readonly Trailer[]): string {
  const lines = trailers.map(([key, value]) => `${key}: ${flat(value)}`).join("\n");
  return [subject, body, lines].filter((part) => part !== "").join("\n\n");
}

/** Words of ASCII with one space between them: one line already, as nearly every value is. */
const PLAIN = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/** One line: control, invisible and white characters become single spaces. */
function flat(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
}

/** Without any of these a text neither mentions anybody nor closes anything. */
const SIGNS = /@|#|gh-|\/issues\//i;
/** A mention, unless it is part of a mail address. */
const MENTION = /(?<![\p{L}\p{N}_.+-])@(?=[\p{L}\p{N}])/gu;
/** A word with which a commit closes an issue, and the issue; the quotation mark is ours. */
const CLOSING = /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(:? )(?=[^" ]*(?:#|gh-|\/issues\/)\d)([^" ]+)/giu;

/**
 * Free text on one line, without control or invisible characters, at most 500 characters: safe as subject or
 * trailer. GitHub acts on commit messages, so that nothing in it calls anybody or closes an issue.
 * Source: docs.github.com, "Linking a pull request to an issue" and "Basic writing and formatting syntax".
 */
export function oneLine(text: string): string {
  const plain = flat(text);
  const line = SIGNS.test(plain) ? plain.replaceAll(MENTION, "@ ").replaceAll(CLOSING, '$1$2"$3"') : plain;
  if (line.length <= 500) return line;
  const characters = Array.from(line);
  return characters.length > 500 ? `${characters.slice(0, 499).join("")}…` : line;
}
