import type { RequestStanding } from "../domain/plan.ts";
import { commentOf } from "../output/comment.ts";
import { type Marker, markedBody } from "./marker.ts";
import type { Part } from "./mutation.ts";

export const commentParts = {
  add: {
    alias: "comment",
    field: "addComment",
    inputType: "AddCommentInput",
    selection: "commentEdge { node { id } }",
  },
  update: {
    alias: "comment",
    field: "updateIssueComment",
    inputType: "UpdateIssueCommentInput",
    selection: "issueComment { id }",
  },
} as const satisfies Record<string, Omit<Part, "input">>;

/** The write that makes the living comment say where a request stands: edited where there is one, never repeated. */
export function commentPart(
  standing: RequestStanding,
  marker: Marker,
  place: { readonly pullId: string; readonly comment: string | null },
): Part {
  const body = markedBody(marker, commentOf(standing));
  return place.comment === null
    ? { ...commentParts.add, input: { subjectId: place.pullId, body } }
    : { ...commentParts.update, input: { id: place.comment, body } };
}
