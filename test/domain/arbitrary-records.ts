import fc from "fast-check";
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
  type CaseRecord,
  type ClosureRecord,
  caseStates,
  type EndRecord,
  endCauses,
  type FindingRecord,
  type ReviewRecord,
} from "../../src/domain/record.ts";
import { instantOf } from "../../src/domain/time.ts";
import { at, DIGEST } from "./builders.ts";

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
/** What somebody writes into a record who wants to be taken for more. */
export const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.array(fc.oneof(hostile, fc.string({ maxLength: 5 })), { maxLength: 5 }).map((parts) => parts.join("")),
);
export const oids: fc.Arbitrary<Oid> = fc.stringMatching(/^[0-9a-f]{40}$/).map(oid);
export const grants: fc.Arbitrary<GrantId> = fc
  .stringMatching(/^[a-z0-9](?:-?[a-z0-9]){0,20}$/)
  .map(parseGrantId)
  .filter((id) => id !== null);
export const pulls: fc.Arbitrary<PullNumber> = fc
  .integer({ min: 1, max: 9_999_999_999 })
  .map(parsePullNumber)
  .filter((number) => number !== null);
export const instants = fc
  .integer({ min: at("0000-01-01T00:00:00Z"), max: at("9999-12-31T23:59:59.999Z") })
  .map(instantOf);
export const named = fc.record({ login: text, id: fc.nat() });

export const activations: fc.Arbitrary<ActivationRecord> = fc.record({
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
export const ends: fc.Arbitrary<EndRecord> = fc.record({
  event: fc.constant("ended"),
  grant: grants,
  blob: oids,
  cause: fc.constantFrom(...endCauses),
  requestedBy: fc.option(named),
  reason: text,
  endedAt: instants,
});
export const closures: fc.Arbitrary<ClosureRecord> = fc.record({
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
export const reports: fc.Arbitrary<FindingRecord> = fc.record({
  event: fc.constant("finding"),
  code: fc.stringMatching(/^[A-Z]{1,10}_[A-Z]{1,10}$/),
  commit: oids,
  grant: fc.option(grants),
  reason: text,
  at: instants,
});
export const reviews: fc.Arbitrary<ReviewRecord> = fc.record({
  event: fc.constant("reviewed"),
  grant: grants,
  issue: pulls,
  reviewedBy: named,
  at: instants,
});
export const cases: fc.Arbitrary<CaseRecord> = fc.record({
  event: fc.constant("case"),
  case: fc.record({ system: text, id: text }),
  state: fc.constantFrom(...caseStates),
  at: instants,
  seal: fc.stringMatching(/^[0-9a-f]{64}$/),
});
