import type { Ask } from "../domain/approver-source.ts";
import type { ReviewRefusal } from "../domain/emergency-review.ts";
import { beginningOf, type GrantHistory } from "../domain/lifecycle.ts";
import type { ReviewSaying } from "../domain/saying.ts";
import { type Instant, printInstant } from "../domain/time.ts";
import { joined } from "./bytes.ts";
import { code } from "./escape.ts";
import { mentions } from "./mention.ts";
import { bullets } from "./table.ts";
import { listed } from "./words.ts";

/** An emergency grant that somebody has to look at, until when, and who is called for it. */
export interface ReviewSubject {
  readonly history: GrantHistory;
  readonly due: Instant;
  readonly to: Ask;
}

/** The issue in which an emergency is reviewed. The same grant always has the same title. */
export function reviewIssueOf(
  { history, due, to }: ReviewSubject,
  organization: string,
): { readonly title: string; readonly body: string } {
  const began = beginningOf(history);
  const { grant, subject, actions, resource, case: about, approvedBy, pull, validFrom } = began;
  const may = listed(actions.map((action) => code(action)));
  const by = [...new Set(approvedBy.map(({ login }) => code(login)))];
  return {
    title: `Review of emergency grant ${grant}`,
    body: joined([
      `${called(to, organization)}**please review this by ${printInstant(due)}, and close this issue when you have.**`,
      `In an emergency ${code(subject)} was allowed ${may} on ${code(resource.type)} ${code(resource.id, 400)}, with fewer approvals than usual. The request with all its reasons is #${pull}.`,
      bullets(
        [
          `Asked for by ${code(began.requestedBy.login)}, for case ${code(`${about.system} ${about.id}`)}`,
          `Approved by ${listed(by) || "nobody"}`,
          `From ${printInstant(validFrom)} until ${printInstant(began.validUntil)}, unless it was ended or extended since`,
        ],
        3,
      ),
      "Was it an emergency? Was the access used for this case and nothing else? Say in a comment what you found.",
      `Whoever had the access or asked for it cannot close this for themselves: then it is opened again. Until somebody else has, ${code(subject)} gets no other emergency access. Leave this text as it is: by it Grantbox finds the issue again.`,
    ]),
  };
}

const refusalWords = {
  "account-is-gone": "it is not known who closed it",
  "is-bot": "no bot or app can review it",
  "is-subject": "whoever had the access cannot review it",
  "is-requester": "whoever asked for the access cannot review it",
} as const satisfies Record<ReviewRefusal, string>;

/** The text of a comment about an emergency: on its pull request, or on the issue of its review. */
export function reviewSayingText(saying: ReviewSaying, organization: string): string {
  switch (saying.kind) {
    case "emergency": {
      const { subject, validFrom, validUntil } = beginningOf(saying.history);
      return `${called(saying.to, organization)}**EMERGENCY ACCESS WAS GIVEN, with fewer approvals than usual:** to ${code(subject)}, from ${printInstant(validFrom)} until ${printInstant(validUntil)}. Somebody who neither had it nor asked for it has to review it by ${printInstant(saying.due)}, in #${saying.issue}. To end it now, comment \`/revoke <reason>\` here.`;
    }
    case "review-overdue":
      return `${called(saying.to, organization)}**this review was due at ${printInstant(saying.due)}, and nobody has closed the issue yet.**`;
    case "review-refused": {
      const who = saying.by === null ? "" : `${code(saying.by)} closed it, and `;
      return `**Opened again:** ${who}${refusalWords[saying.because]}. Somebody else has to.`;
    }
    default:
      return saying satisfies never;
  }
}

function called(to: Ask, organization: string): string {
  const names = mentions(to, organization);
  return names === "" ? "" : `${names}: `;
}
