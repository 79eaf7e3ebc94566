import { type Duration, type Instant, printDuration, printInstant } from "../domain/time.ts";
import { controls } from "./controls.ts";
import type { MonthFigures, Share, Spread } from "./month.ts";

/**
 * The figures as plain data for `JSON.stringify`: instants in RFC 3339, lengths in ISO 8601, null for what is not
 * known. Keys keep their name and meaning; new ones may be added.
 */
export function reportJson(figures: MonthFigures, now: Instant) {
  return {
    month: figures.month.name,
    asOf: printInstant(now),
    outcomes: figures.outcomes,
    toFirstReview: spreadJson(figures.toFirstReview),
    toActivation: spreadJson(figures.toActivation),
    asked: spreadJson(figures.asked),
    used: spreadJson(figures.used),
    byResourceType: figures.byResourceType.map(shareJson),
    byClassification: figures.byClassification.map(shareJson),
    byTeam: figures.byTeam.map(shareJson),
    byCase: figures.byCase.map(shareJson),
    approvers: figures.approvers,
    rubberStamps: figures.rubberStamps.map(({ after, asked, ...stamp }) => ({
      ...stamp,
      after: printDuration(after),
      asked: printDuration(asked),
    })),
    emergencies: figures.emergencies.map(({ at, review, ...emergency }) => ({
      ...emergency,
      at: printInstant(at),
      review: review && { by: review.by, at: printInstant(review.at) },
    })),
    ends: figures.ends.map(({ from, planned, actual, ...end }) => ({
      ...end,
      from: printInstant(from),
      planned: printInstant(planned),
      actual: actual && printInstant(actual),
    })),
    outOfBand: figures.outOfBand.map(({ at, code, grant, commit, reason }) => ({
      at: printInstant(at),
      code,
      grant,
      commit,
      reason,
    })),
    rulesChanged: figures.rulesChanged.map(({ at, ...change }) => ({ ...change, at: printInstant(at) })),
    controls,
  };
}

function spreadJson({ known, unknown, median, p90 }: Spread) {
  const print = (of: Duration | null) => (of === null ? null : printDuration(of));
  return { known, unknown, median: print(median), p90: print(p90) };
}

function shareJson({ name, grants, asked, used }: Share) {
  return { name, grants, asked: printDuration(asked), used: printDuration(used) };
}
