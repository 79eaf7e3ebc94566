import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseGrantPath } from "../../src/domain/grant.ts";
import { foldRecords, inForce, standingsAt } from "../../src/domain/lifecycle.ts";
import { activationMessage, endMessage, journalMessage, wholeMessage } from "../../src/domain/message.ts";
import {
  type GrantId,
  type Oid,
  oid,
  type PullNumber,
  parseGrantId,
  parsePullNumber,
} from "../../src/domain/oid.ts";
import {
  type ActivationRecord,
  asWritten,
  type CaseRecord,
  type ClosureRecord,
  caseStates,
  type DecisionRecord,
  type EndRecord,
  endCauses,
  type FindingRecord,
  type ReviewRecord,
  readRecords,
} from "../../src/domain/record.ts";
import { instantOf } from "../../src/domain/time.ts";
import { at, BLOB, DIGEST, file, oidOf, view } from "./builders.ts";

const hostile = fc.constantFrom(
  "\n\nGrantbox-Event: activated\nGrant-Id: mine",
  '\r\nApproved-By: bob (id 1) review 2 for "owners"',
  "\u{2028}Ended-By: expiry",
  '" review 9 for "',
  "(id 7)",
  "fixes #1",
  "@bob",
  "🔑",
  "\u{202e}",
);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.array(fc.oneof(hostile, fc.string({ maxLength: 5 })), { maxLength: 5 }).map((parts) => parts.join("")),
);
const oids: fc.Arbitrary<Oid> = fc.stringMatching(/^[0-9a-f]{40}$/).map(oid);
const grants: fc.Arbitrary<GrantId> = fc
  .stringMatching(/^[a-z0-9](?:-?[a-z0-9]){0,20}$/)
  .map(parseGrantId)
  .filter((id) => id !== null);
const pulls: fc.Arbitrary<PullNumber> = fc
  .integer({ min: 1, max: 9_999_999_999 })
  .map(parsePullNumber)
  .filter((number) => number !== null);
const instants = fc
  .integer({ min: at("0000-01-01T00:00:00Z"), max: at("9999-12-31T23:59:59.999Z") })
  .map(instantOf);
const named = fc.record({ login: text, id: fc.nat() });

const activations: fc.Arbitrary<ActivationRecord> = fc.record({
  event: fc.constantFrom("activated", "extended"),
  grant: grants,
  blob: oids,
  subject: text,
  actions: fc.array(fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/), { minLength: 1, maxLength: 3 }),
  resource: fc.record({ type: text, id: text }),
  case: fc.record({ system: text, id: text }),
  emergency: fc.boolean(),
  pull: pulls,
  requestedBy: named,
  approvedBy: fc.array(fc.record({ login: text, id: fc.nat(), review: fc.nat(), requirement: text }), {
    maxLength: 3,
  }),
  policies: fc.array(fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/), { minLength: 1, maxLength: 3 }),
  rules: fc.constant(DIGEST),
  base: oids,
  head: oids,
  validFrom: instants,
  validUntil: instants,
});
const ends: fc.Arbitrary<EndRecord> = fc.record({
  event: fc.constant("ended"),
  grant: grants,
  blob: oids,
  cause: fc.constantFrom(...endCauses),
  requestedBy: fc.option(named),
  reason: text,
  endedAt: instants,
});
const closures: fc.Arbitrary<ClosureRecord> = fc.record({
  event: fc.constantFrom("denied", "lapsed", "withdrawn"),
  pull: pulls,
  requestedBy: named,
  head: oids,
  grant: fc.option(grants),
  blob: fc.option(oids),
  rules: fc.option(fc.constant(DIGEST)),
  closedBy: fc.option(named),
  reason: text,
  at: instants,
});
const reports: fc.Arbitrary<FindingRecord> = fc.record({
  event: fc.constant("finding"),
  code: fc.stringMatching(/^[A-Z]{1,10}_[A-Z]{1,10}$/),
  commit: oids,
  grant: fc.option(grants),
  reason: text,
  at: instants,
});
const reviews: fc.Arbitrary<ReviewRecord> = fc.record({
  event: fc.constant("reviewed"),
  grant: grants,
  issue: pulls,
  reviewedBy: named,
  at: instants,
});
const cases: fc.Arbitrary<CaseRecord> = fc.record({
  event: fc.constant("case"),
  case: fc.record({ system: text, id: text }),
  state: fc.constantFrom(...caseStates),
  at: instants,
  seal: fc.stringMatching(/^[0-9a-f]{64}$/),
});

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
