import type { Access, Decision } from "../domain/decision.ts";
import { describeDuration, printDuration } from "../domain/time.ts";
import { code, text } from "./escape.ts";
import { listed } from "./words.ts";

/** Said first of an emergency, before anything else: what is skipped, and what is owed for it. Nothing otherwise. */
export function emergencyWarning({ access }: Pick<Decision, "access">): string {
  if (access === null || !access.view.emergency) return "";
  const skipped = listed(access.skipped.map((name) => text(name)));
  return `**EMERGENCY: ${skipped === "" ? "fewer people" : `not asked for are ${skipped}`}.** ${debtWords(access)}`;
}

/** Who has to look at an emergency afterwards, and how soon. */
function debtWords({ view, reviewWithin }: Access): string {
  const soon =
    reviewWithin === null
      ? ""
      : ` within ${describeDuration(reviewWithin)} (${code(printDuration(reviewWithin))}) from its beginning`;
  return `Somebody who is neither the subject nor the requester has to review it afterwards${soon}; until then ${code(view.subject)} gets no other emergency access.`;
}
