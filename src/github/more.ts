import type { PullNumber } from "../domain/oid.ts";
import { ForgeError } from "../ports/forge.ts";
import { MORE_QUERY } from "./facts.graphql.ts";
import {
  type CommentNode,
  type Connection,
  type MoreAnswer,
  type PullNode,
  present,
  type ReviewNode,
} from "./facts-answer.ts";
import { ask } from "./graphql.ts";
import type { Target } from "./target.ts";

/** 100 entries a page; GitHub closes a conversation to comments long before. */
const PAGES = 40;

/** All reviews and comments of a pull request. */
export interface Conversation {
  readonly reviews: readonly ReviewNode[];
  readonly comments: readonly CommentNode[];
  /** False when a list had gaps or more pages than are read. */
  readonly complete: boolean;
}

/**
 * Reads on where the first page did not hold everything: no review and no command is lost because there are many.
 *
 * @throws ForgeError when a further page cannot be read
 */
export async function restOf(number: PullNumber, pull: PullNode, target: Target): Promise<Conversation> {
  const doing = `read all reviews and comments of pull request #${number}`;
  const reviews = [...present(pull.reviews)];
  const comments = [...present(pull.comments)];
  let complete = unbroken(pull.reviews) && unbroken(pull.comments);
  let reviewsAfter = next(pull.reviews);
  let commentsAfter = next(pull.comments);
  for (let page = 1; reviewsAfter !== null || commentsAfter !== null; page++) {
    if (page > PAGES) return { reviews, comments, complete: false };
    const { data, errors } = await ask<MoreAnswer>(target.clients.queries, doing, MORE_QUERY, {
      owner: target.owner,
      name: target.repo,
      number,
      reviews: reviewsAfter !== null,
      reviewsAfter,
      comments: commentsAfter !== null,
      commentsAfter,
    });
    const more = data.repository?.pullRequest ?? null;
    if (more === null || errors[0] !== undefined) {
      throw new ForgeError(`could not ${doing}: ${errors[0]?.message ?? "GitHub's answer cannot be read"}`);
    }
    reviews.push(...present(more.reviews));
    comments.push(...present(more.comments));
    complete &&=
      (reviewsAfter === null || unbroken(more.reviews)) &&
      (commentsAfter === null || unbroken(more.comments));
    reviewsAfter = reviewsAfter === null ? null : next(more.reviews);
    commentsAfter = commentsAfter === null ? null : next(more.comments);
  }
  return { reviews, comments, complete };
}

function next<Node>(list: Connection<Node> | null | undefined): string | null {
  return list?.pageInfo.hasNextPage ? (list.pageInfo.endCursor ?? null) : null;
}

/** Without a gap, and with a way on where there is more. */
function unbroken<Node>(list: Connection<Node> | null | undefined): boolean {
  if (list?.nodes == null || list.nodes.includes(null)) return false;
  return !list.pageInfo.hasNextPage || list.pageInfo.endCursor != null;
}
