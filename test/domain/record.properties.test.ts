import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseGrantPath } from "../../src/domain/grant.ts";
import { foldRecords, inForce, standingsAt } from "../../src/domain/lifecycle.ts";
import { activationMessage, endMessage, journalMessage, wholeMessage } from "../../src/domain/message.ts";
import {
  type ActivationRecord,
  asWritten,
  type DecisionRecord,
  readRecords,
} from "../../src/domain/record.ts";
import {
  activations,
  cases,
  closures,
  ends,
  instants,
  pulls,
  reports,
  reviews,
  text,
} from "./arbitrary-records.ts";
import { BLOB, file, oidOf, view } from "./builders.ts";

const views = fc.record({
  subject: text,
  case: fc.record({ system: text, id: text }),
  resource: fc.record({ type: text, id: text, listed: fc.boolean(), labels: fc.constant({}) }),
  access: fc.record({ actions: fc.array(text, { maxLength: 3 }), scope: fc.constant({}) }),
});

describe("what is written is read back, whatever the fields hold", () => {
  it("an activation", () => {
    fc.assert(
      fc.property(activations, views, (record, of) => {
        const message = activationMessage(view(of), record);
        expect(readRecords(wholeMessage(message))).toEqual({ kind: "records", records: [asWritten(record)] });
        expect(message.headline).not.toContain("\n");
      }),
      { numRuns: 500 },
    );
  });

  it("ends, one or several in a commit, under whatever title", () => {
    fc.assert(
      fc.property(text, pulls, fc.array(ends, { minLength: 1, maxLength: 3 }), (title, pull, records) => {
        const message = endMessage(title, pull, records);
        expect(readRecords(wholeMessage(message))).toEqual({
          kind: "records",
          records: records.map(asWritten),
        });
        expect(message.headline).not.toContain("\n");
      }),
      { numRuns: 500 },
    );
  });

  it("what the journal holds", () => {
    fc.assert(
      fc.property(fc.oneof(closures, reports, ends, reviews, cases), (record) => {
        const message = journalMessage(record);
        expect(readRecords(message)).toEqual({ kind: "records", records: [asWritten(record)] });
        expect(message.split("\n")[0]).not.toBe("");
      }),
      { numRuns: 500 },
    );
  });

  it("and reading changes nothing but the way a text is written", () => {
    fc.assert(
      fc.property(
        fc.oneof<fc.Arbitrary<DecisionRecord>[]>(activations, ends, closures, reports, reviews, cases),
        (record) => {
          const read = asWritten(record);
          expect(asWritten(read)).toEqual(read);
          const parts = (of: object) =>
            Object.entries(of).filter(
              ([, value]) => typeof value === "number" || /^[0-9a-f]{40}$/.test(String(value)),
            );
          for (const [key, value] of parts(read)) {
            const was = Reflect.get(record, key);
            expect(
              typeof was === "number" && key !== "pull" && key !== "issue"
                ? Math.floor(was / 1000) * 1000
                : was,
            ).toBe(value);
          }
        },
      ),
    );
  });
});

describe("text is no record unless it was written as one", () => {
  it("arbitrary text", () => {
    const lines = fc.constantFrom(
      "Grantbox-Event: activated",
      "Grantbox-Event: ended",
      "Grant-Id: cs-1",
      "Reason: x",
      "",
      "text",
      "grantbox-event: ended",
    );
    const messages = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(lines).map((list) => list.join("\n")),
    );
    fc.assert(
      fc.property(messages, (message) => {
        expect(readRecords(message).kind).not.toBe("records");
      }),
      { numRuns: 1000 },
    );
  });

  it("the title of a pull request that ends nothing", () => {
    fc.assert(
      fc.property(text, pulls, (title, pull) => {
        expect(readRecords(wholeMessage(endMessage(title, pull, [])))).toEqual({ kind: "none" });
      }),
    );
  });
});

describe("access is a function of commit and clock", () => {
  it("never in force before it is valid, at its end or after, for any record of any file", () => {
    fc.assert(
      fc.property(activations, instants, fc.boolean(), (record, now, own) => {
        const its = own ? { id: record.grant, blob: record.blob } : { id: file.id, blob: BLOB };
        const expected = own && record.validFrom <= now && now < record.validUntil;
        expect(inForce(its, record, now)).toBe(expected);
        expect(inForce(its, record, record.validUntil)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("a file stands in force only by a record of this very file that the app wrote, that has not ended, in its time", () => {
    fc.assert(
      fc.property(
        activations.map((record): ActivationRecord => ({ ...record, event: "activated" })),
        fc.option(ends),
        instants,
        fc.boolean(),
        fc.boolean(),
        (record, end, now, vouched, same) => {
          const commit = oidOf("a1");
          const message = wholeMessage(activationMessage(view(), record));
          const main = foldRecords([{ oid: commit, message }], "main", new Map());
          const its = end && { ...end, grant: record.grant, blob: record.blob };
          const histories =
            its === null
              ? main
              : foldRecords([{ oid: oidOf("e1"), message: journalMessage(its) }], "journal", main);
          const blob = same ? record.blob : BLOB;
          const files = [{ path: "grants/ssh.host/x.yaml", type: "ssh.host", id: record.grant, blob }];
          const [standing] = standingsAt(files, histories, vouched ? new Set([commit]) : new Set(), now);
          const [from, until] = [asWritten(record).validFrom, asWritten(record).validUntil];
          const expected = vouched && end === null && blob === record.blob && from <= now && now < until;
          expect(standing?.kind === "in-force").toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});

it("a path of a grant says its type and id, and nothing else is one", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (type, id) => {
      const path = `grants/${type}/${id}.yaml`;
      const parts = parseGrantPath(path);
      if (parts !== null) expect(`grants/${parts.type}/${parts.id}.yaml`).toBe(path);
    }),
  );
});
