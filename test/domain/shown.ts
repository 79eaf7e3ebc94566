import { journalMessage } from "../../src/domain/message.ts";
import type { Effect, RequestStanding, Shown } from "../../src/domain/plan.ts";
import { type ClosureRecord, readRecords } from "../../src/domain/record.ts";
import { sayingKey } from "../../src/domain/saying.ts";

/** A pull request on which nothing is shown yet. */
export const blank: Shown = {
  state: "open",
  closedBy: null,
  check: null,
  comment: null,
  asked: new Set(),
  said: new Set(),
  closure: null,
};

/** What GitHub and the journal show once a plan was carried out; records as they are read back from Git. */
export function shownAfter(effects: readonly Effect[], before: Shown): Shown {
  return effects.reduce(after, before);
}

function after(shown: Shown, effect: Effect): Shown {
  switch (effect.kind) {
    case "publish": {
      const { check, comment, fingerprint, ask } = effect;
      const asked = [
        ...ask.teams.map((slug) => `team:${slug}`),
        ...ask.users.map((login) => `user:${login}`),
      ];
      return {
        ...shown,
        check: check ? fingerprint : shown.check,
        comment: comment ? fingerprint : shown.comment,
        asked: new Set([...shown.asked, ...asked]),
      };
    }
    case "say":
      return { ...shown, said: new Set([...shown.said, sayingKey(effect.saying)]) };
    case "record":
      return { ...shown, closure: asRead(effect.record) };
    case "close":
      return { ...shown, state: "closed" };
    case "merge":
      return { ...shown, state: "merged" };
    default:
      return effect satisfies never;
  }
}

function asRead(record: ClosureRecord): ClosureRecord {
  const reading = readRecords(journalMessage(record));
  const [read] = reading.kind === "records" ? reading.records : [];
  if (read === undefined || !("closedBy" in read)) {
    throw new TypeError("a record of a closed request cannot be read back");
  }
  return read;
}

export const isPublish = (effect: Effect): effect is Extract<Effect, { kind: "publish" }> =>
  effect.kind === "publish";

export const standingOf = (effects: readonly Effect[]): RequestStanding["kind"] | null =>
  effects.find(isPublish)?.standing.kind ?? null;
