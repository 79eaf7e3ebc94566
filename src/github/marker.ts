import type { CommentNode } from "./facts-answer.ts";
import { isRecord } from "./failure.ts";

/** What the living comment carries unseen: what it shows, and who has been asked for a review so far. */
export interface Marker {
  readonly fingerprint: string | null;
  readonly asked: ReadonlySet<string>;
}

/** Only at the very start, where no text of a user ever stands. */
const MARKER = /^<!-- grantbox (\{[^\n]{0,20000}\}) -->/;
const LIMIT = 65_536;

/** The body of the living comment: marker, then text, within GitHub's 65,536 characters. */
export function markedBody({ fingerprint, asked }: Marker, text: string): string {
  // `>` could end the HTML comment early
  const json = JSON.stringify({ fingerprint, asked: [...asked].sort() }).replaceAll(">", "\\u003e");
  return `<!-- grantbox ${json} -->\n${text}`.slice(0, LIMIT);
}

/** The marker of a comment's body; null when it is no living comment. */
export function readMarker(body: string): Marker | null {
  const [, json] = MARKER.exec(body) ?? [];
  if (json === undefined) return null;
  try {
    const value: unknown = JSON.parse(json);
    if (!isRecord(value)) return null;
    const asked = Array.isArray(value.asked) ? value.asked.filter((one) => typeof one === "string") : [];
    return {
      fingerprint: typeof value.fingerprint === "string" ? value.fingerprint : null,
      asked: new Set(asked),
    };
  } catch {
    return null;
  }
}

/** The living comment among the app's own, and what it says as long as nobody else has touched it. */
export interface Living extends Marker {
  readonly id: string;
}

/**
 * Finds the living comment. A marker counts only in a comment that the app wrote: anybody can copy one. One that
 * somebody else has edited says nothing any more, and is written again.
 */
export function livingComment(comments: readonly CommentNode[], viewer: string): Living | null {
  const marked = comments.flatMap((comment) => {
    const marker = comment.viewerDidAuthor ? readMarker(comment.body) : null;
    if (marker === null) return [];
    return [{ id: comment.id, isIntact: isUntouched(comment, viewer), marker }];
  });
  const found = marked.find(({ isIntact }) => isIntact) ?? marked[0];
  if (found === undefined) return null;
  const nothing: Marker = { fingerprint: null, asked: new Set() };
  return { id: found.id, ...(found.isIntact ? found.marker : nothing) };
}

/** Whether nobody but the app has edited a comment or an issue of its own. */
export function isUntouched(
  { lastEditedAt, editor }: Pick<CommentNode, "lastEditedAt" | "editor">,
  viewer: string,
): boolean {
  return lastEditedAt === null || isSelf(editor, viewer);
}

function isSelf(editor: { readonly login: string } | null, viewer: string): boolean {
  const slug = (login: string) => login.toLowerCase().replace(/\[bot\]$/, "");
  return editor !== null && slug(editor.login) === slug(viewer);
}
