import { type Saying, sayingKey } from "../domain/saying.ts";
import { sayingText } from "../output/saying.ts";
import { isUntouched } from "./marker.ts";
import { expect } from "./outcome.ts";
import { place, type Target } from "./target.ts";

const MARKER = /^<!-- grantbox says ([^\n>]{1,200}) -->/;
const LIMIT = 65_536;

/** A comment as far as it tells what has been said. */
interface Said {
  readonly body: string;
  readonly viewerDidAuthor: boolean;
  readonly lastEditedAt: string | null;
  readonly editor: { readonly login: string } | null;
}

/** What has been said, by its keys: only in comments that the app wrote and nobody else has touched since. */
export function saidIn(comments: readonly Said[], viewer: string): ReadonlySet<string> {
  return new Set(
    comments.flatMap((comment) => {
      const [, key] = comment.viewerDidAuthor ? (MARKER.exec(comment.body) ?? []) : [];
      return key !== undefined && isUntouched(comment, viewer) ? [key] : [];
    }),
  );
}

/**
 * Says something in a new comment on a pull request or an issue, so that those who are called are told.
 * https://docs.github.com/rest/issues/comments#create-an-issue-comment
 *
 * @throws ForgeError when it is unknown whether it was said
 */
export async function say(thread: number, saying: Saying, target: Target): Promise<void> {
  const body = `<!-- grantbox says ${sayingKey(saying)} -->\n${sayingText(saying, target.owner)}`;
  await expect(`say something on #${thread}`, () =>
    target.clients.calls.rest.issues.createComment({
      ...place(target),
      issue_number: thread,
      body: body.slice(0, LIMIT),
    }),
  );
}
