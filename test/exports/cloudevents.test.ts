import { CloudEvent } from "cloudevents";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cloudEvent } from "../../src/exports/cloudevents.ts";
import { activations, cases, closures, ends, reports, reviews } from "../domain/arbitrary-records.ts";
import { activation, closure, ending, report, reviewed, said } from "../domain/builders.ts";
import { entriesOf, source, type Told } from "./entries.ts";

const linesOf = (told: Told) => entriesOf([told]).map((entry) => cloudEvent(entry, source));

describe("an event as a CloudEvent", () => {
  it.each<[string, Told, string, string | undefined]>([
    ["an activation", { records: [activation()] }, "grantbox.grant.activated", "cs-41207-checkout-logs"],
    [
      "an extension",
      { records: [activation({ event: "extended" })] },
      "grantbox.grant.extended",
      "cs-41207-checkout-logs",
    ],
    ["an end", { records: [ending()] }, "grantbox.grant.ended", "cs-41207-checkout-logs"],
    ["a denial", { records: [closure({ grant: null, blob: null })] }, "grantbox.request.denied", "#42"],
    ["a finding", { records: [report()] }, "grantbox.finding.reported", "cs-41207-checkout-logs"],
    ["a review", { records: [reviewed()] }, "grantbox.grant.reviewed", "cs-41207-checkout-logs"],
    ["a case", { records: [said()] }, "grantbox.case.said", "servicenow cs-41207"],
    ["a commit without a record", { records: "Change a rule\n" }, "grantbox.commit.unrecorded", undefined],
    [
      "a record that cannot be read",
      { records: "x\n\nGrantbox-Event: activated\n" },
      "grantbox.record.malformed",
      undefined,
    ],
  ])("%s has its type and subject", (_, told, type, subject) => {
    expect(JSON.parse(linesOf(told)[0] ?? "")).toMatchObject({
      specversion: "1.0",
      id: `${"0".repeat(40)}/0`,
      source: "acme/lockbox",
      type,
      ...(subject === undefined ? {} : { subject }),
    });
  });

  it("tells the records of one commit apart", () => {
    const ids = linesOf({ records: [ending(), ending()] }).map((line) => JSON.parse(line).id);
    expect(ids).toEqual([`${"0".repeat(40)}/0`, `${"0".repeat(40)}/1`]);
  });

  it("is valid by the official schema, as the official library has it, whatever the record holds", () => {
    fc.assert(
      fc.property(fc.oneof(activations, ends, closures, reports, reviews, cases), (record) => {
        for (const line of linesOf({ records: [record] })) {
          // its constructor throws on what the schema of CloudEvents 1.0 refuses
          expect(new CloudEvent(JSON.parse(line), true).specversion).toBe("1.0");
        }
      }),
    );
  });

  it("and that library refuses what is no CloudEvent", () => {
    const event = JSON.parse(linesOf({ records: [activation()] })[0] ?? "");
    expect(() => new CloudEvent({ ...event, subject: "" }, true)).toThrow();
  });
});
