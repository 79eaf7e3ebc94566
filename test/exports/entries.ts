import type { Branch } from "../../src/domain/lifecycle.ts";
import { wholeMessage } from "../../src/domain/message.ts";
import { type Oid, oid } from "../../src/domain/oid.ts";
import { type DecisionRecord, trailersOf } from "../../src/domain/record.ts";
import { type Trailer, withTrailers } from "../../src/domain/trailer.ts";
import { Entries, type Entry, type Source } from "../../src/exports/entry.ts";
import { eventsOf } from "../../src/ledger/event.ts";
import { at } from "../domain/builders.ts";

export const source: Source = { repository: "acme/lockbox", version: "0.1.0" };

/** A commit: records, or the text of a message that is none; and trailers beside them. */
export interface Told {
  readonly records: readonly DecisionRecord[] | string;
  readonly more?: readonly Trailer[];
  readonly on?: Branch;
}

/** What commits tell, as the exports are given it. */
export function entriesOf(commits: readonly Told[]): readonly Entry[] {
  const entries = new Entries();
  return entries.of(
    commits.flatMap(({ records, more = [], on = "main" }, position) => {
      const message = typeof records === "string" ? records : messageOf(records, more);
      const commit = {
        oid: numbered(position),
        message,
        parents: [],
        committedAt: at("2026-11-24T10:02:11Z"),
      };
      entries.seen(commit);
      return eventsOf(commit, on, position);
    }),
  );
}

function messageOf(records: readonly DecisionRecord[], more: readonly Trailer[]): string {
  const body = withTrailers("", "", [...records.flatMap(trailersOf), ...more]);
  return wholeMessage({ headline: "Something happened (#42)", body });
}

function numbered(position: number): Oid {
  return oid(position.toString(16).padStart(40, "0"));
}
