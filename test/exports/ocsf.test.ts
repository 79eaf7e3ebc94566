import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ocsfEvent } from "../../src/exports/ocsf.ts";
import { activations, cases, closures, ends, reports, reviews } from "../domain/arbitrary-records.ts";
import { activation, closure, ending, report, reviewed, said, VALID_UNTIL } from "../domain/builders.ts";
import { entriesOf, source, type Told } from "./entries.ts";

const schema: object = JSON.parse(
  readFileSync(new URL("../fixtures/ocsf/iam.schema.json", import.meta.url), "utf8"),
);
const isValid = new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(schema);
const eventsOf = (...commits: readonly Told[]) =>
  entriesOf(commits).map((entry) => JSON.parse(ocsfEvent(entry, source)));

describe("an event by OCSF 1.8", () => {
  it("is an assignment of privileges when a grant is activated", () => {
    expect(eventsOf({ records: [activation()] })).toMatchObject([
      {
        category_uid: 3,
        class_uid: 3005,
        activity_id: 1,
        type_uid: 300501,
        type_name: "User Access Management: Assign Privileges",
        severity_id: 1,
        status_id: 1,
        user: { name: "alice" },
        actor: { user: { name: "alice", uid: "1001" } },
        privileges: ["read", "list"],
        metadata: { version: "1.8.0", event_code: "activated", correlation_uid: "cs-41207-checkout-logs" },
      },
    ]);
  });

  it("is a revocation of the same privileges when it ends, at the time it ended", () => {
    const [, ended] = eventsOf({ records: [activation()] }, { records: [ending()] });
    expect(ended).toMatchObject({
      class_uid: 3005,
      type_uid: 300502,
      time: VALID_UNTIL,
      privileges: ["read", "list"],
    });
  });

  it.each<[string, Told, object]>([
    [
      "an end of a grant that was never activated",
      { records: [ending()] },
      { class_uid: 3004, activity_id: 4 },
    ],
    [
      "a denial",
      { records: [closure()] },
      { class_uid: 3004, status_id: 2, entity: { type: "Access Request" }, comment: "ask for the logs only" },
    ],
    ["a finding", { records: [report()] }, { class_uid: 3004, activity_id: 1, severity_id: 4 }],
    ["an emergency", { records: [activation({ emergency: true })] }, { class_uid: 3005, severity_id: 3 }],
    [
      "a review",
      { records: [reviewed()] },
      { class_uid: 3004, entity: { type: "Grant" }, actor: { user: { name: "grace" } } },
    ],
    ["a case", { records: [said()] }, { class_uid: 3004, entity: { type: "Case", uid: "CS-41207" } }],
    [
      "a commit without a record",
      { records: "Change a rule\n" },
      { class_uid: 3004, severity_id: 2, entity: { type: "Commit" } },
    ],
  ])("%s is Entity Management or User Access Management with its activity", (_, told, expected) => {
    expect(eventsOf(told)).toMatchObject([expected]);
  });

  it("is valid by the transcribed schema, whatever the record holds", () => {
    const records = fc.oneof(activations, ends, closures, reports, reviews, cases);
    const any = fc.array(
      fc.oneof(
        records.map((record) => [record]),
        fc.constantFrom("x", "x\n\nGrantbox-Event: y\n"),
      ),
    );
    fc.assert(
      fc.property(any, (commits) => {
        for (const event of eventsOf(...commits.map((told) => ({ records: told })))) {
          isValid(event);
          expect(isValid.errors ?? []).toEqual([]);
        }
      }),
    );
  });

  it.each([
    ["an attribute that the class has not", { privilege: "read" }],
    ["an activity that the class has not", { activity_id: 7 }],
    ["no user", { user: undefined }],
    ["a user of whom nothing is said", { user: {} }],
    ["another version", { metadata: { version: "1.7.0", product: { name: "x" } } }],
  ])("and the schema refuses %s", (_, change) => {
    const [event] = eventsOf({ records: [activation()] });
    expect(isValid(JSON.parse(JSON.stringify({ ...event, ...change })))).toBe(false);
  });
});
