import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asWritten, type DecisionRecord } from "../../src/domain/record.ts";
import { uidOf } from "../../src/exports/entry.ts";
import { type FormatName, formats } from "../../src/exports/formats.ts";
import { activations, cases, closures, ends, reports, reviews } from "../domain/arbitrary-records.ts";
import { readCef } from "./cef-reader.ts";
import { entriesOf, source, type Told } from "./entries.ts";

const records: fc.Arbitrary<DecisionRecord> = fc.oneof<fc.Arbitrary<DecisionRecord>[]>(
  activations,
  ends,
  closures,
  reports,
  reviews,
  cases,
);
/** Lifecycles as ledgers may hold them: an activation, then whatever comes of it and beside it. */
const lifecycles: fc.Arbitrary<readonly Told[]> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: records.map((record) => [record]) },
      { weight: 1, arbitrary: fc.array(ends, { minLength: 1, maxLength: 3 }) },
      {
        weight: 3,
        arbitrary: fc
          .tuple(activations, ends)
          .map(([activation, end]) => [
            activation,
            { ...end, grant: activation.grant, blob: activation.blob },
          ]),
      },
      { weight: 1, arbitrary: fc.constantFrom("Change a rule\n", "x\n\nGrantbox-Event: activated\n") },
    ),
    { maxLength: 8 },
  )
  .map((commits) => commits.map((told) => ({ records: told })));

const identities = {
  cloudevents: (line) => JSON.parse(line).id,
  ocsf: (line) => JSON.parse(line).metadata.uid,
  lockbox: (line) => JSON.parse(line).eventDataId,
  cef: (line) => {
    const { extension } = readCef(line);
    return `${extension.get("externalId")}/${extension.get("cn1")}`;
  },
} as const satisfies Record<FormatName, (line: string) => string>;

describe.each(Object.keys(formats) as FormatName[])("as %s", (name) => {
  it("events in are events out: each once, in the same order, on a line of its own", () => {
    fc.assert(
      fc.property(lifecycles, (commits) => {
        const entries = entriesOf(commits);
        const lines = entries.flatMap((entry) => formats[name](entry, source));
        expect(lines.map(identities[name])).toEqual(entries.map(uidOf));
        for (const line of lines) expect(line).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 300 },
    );
  });
});

it("an event keeps the whole record, whatever it holds", () => {
  fc.assert(
    fc.property(records, (record) => {
      const [entry] = entriesOf([{ records: [record] }]);
      expect(entry?.event).toMatchObject({ kind: "record", record: asWritten(record) });
    }),
  );
});
