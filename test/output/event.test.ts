import { describe, expect, it } from "vitest";
import { oid } from "../../src/domain/oid.ts";
import { type DecisionRecord, trailersOf } from "../../src/domain/record.ts";
import { eventColumns, eventJson, eventLine, eventRow, type ShownEvent } from "../../src/output/event.ts";
import { activation, at, closure, ending, report, reviewed, said } from "../domain/builders.ts";

const told = {
  at: at("2026-11-24T10:02:11Z"),
  on: "main",
  commit: oid("c".repeat(40)),
  headline: "Change the catalog",
} as const;
const event = (record: DecisionRecord): ShownEvent => ({ ...told, kind: "record", record });

describe("an event on one line", () => {
  it.each<[string, ShownEvent, RegExp]>([
    [
      "an activation",
      event(activation()),
      /^2026-11-24T10:02:11Z {2}activated {2}\S+ {2}alice may .* until \S+, approved by .*, for case .*\[cccccccccc\]$/,
    ],
    ["an extension", event(activation({ event: "extended" })), /extended/],
    ["an emergency", event(activation({ emergency: true })), /emergency: alice may/],
    ["an end", event(ending()), /ended .*its time was over/],
    [
      "a revocation with its reason",
      event(ending({ cause: "revocation", requestedBy: { login: "bob", id: 1 }, reason: "done" })),
      /bob revoked it: done/,
    ],
    ["a request that was denied", event(closure({ event: "denied" })), /denied .*request of alice/],
    ["a finding", event(report()), /finding {2}/],
    ["a review", event(reviewed()), /reviewed .*emergency access reviewed by/],
    ["a case", event(said()), /case .* is /],
    ["a commit without a record", { ...told, kind: "unrecorded" }, /no record {2}Change the catalog/],
    [
      "a record that cannot be read",
      { ...told, kind: "malformed", because: "`Base` is missing" },
      /malformed .*`Base` is missing/,
    ],
    ["one of the journal", { ...event(closure()), on: "journal" }, /\[journal cccccccccc\]$/],
  ])("%s", (_, shown, line) => {
    expect(eventLine(shown)).toMatch(line);
    expect(eventLine(shown)).not.toContain("\n");
  });

  it("holds no control character, whatever somebody wrote", () => {
    const line = eventLine(event(ending({ cause: "revocation", reason: "a\u001b[31mb\u202ec" })));
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe("an event for programs", () => {
  it.each([activation(), ending(), closure(), report(), reviewed(), said()])(
    "has a cell for each column: $event",
    (record) => {
      const row = eventRow(event(record));
      expect(row).toHaveLength(eventColumns.length);
      expect(row[eventColumns.indexOf("event")]).toBe(record.event);
      expect(row[eventColumns.indexOf("commit")]).toBe(told.commit);
    },
  );

  it("keeps the record whole in JSON", () => {
    const { trailers } = eventJson(event(activation()));
    expect(trailers.map(({ key, value }) => [key, value])).toEqual(trailersOf(activation()));
  });
});
