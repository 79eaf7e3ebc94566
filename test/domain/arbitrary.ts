/** Arbitrary cases of the small world of `builders.ts`, so drawn that every verdict is common. */
import fc from "fast-check";
import type { ApproverSource } from "../../src/domain/approver-source.ts";
import type { Comment, Commit, CommitIdentity, Facts, Review, Team } from "../../src/domain/facts.ts";
import type { Account } from "../../src/domain/person.ts";
import {
  type ApproverPolicy,
  type Condition,
  type Emergency,
  type Limits,
  noLimits,
  type RequirementClause,
} from "../../src/domain/policy.ts";
import type { AccessRequest } from "../../src/domain/request.ts";
import type { RuleSet } from "../../src/domain/rule-set.ts";
import { hours, type Instant } from "../../src/domain/time.ts";
import {
  account,
  approves,
  at,
  CODEOWNERS,
  commit,
  condition,
  facts,
  failing,
  fieldMatch,
  from,
  grantId,
  HEAD,
  identity,
  later,
  NOW,
  OLD_HEAD,
  oidOf,
  owned,
  place,
  policy,
  request,
  requirement,
  rules,
  teams,
} from "./builders.ts";

/** One case: what `decide` is given. */
export interface World {
  readonly request: AccessRequest;
  readonly rules: RuleSet;
  readonly facts: Facts;
  readonly now: Instant;
}

const everybody = [
  "alice",
  "bob",
  "Bob-Admin",
  "carol",
  "dave",
  "erin",
  "erin-acme",
  "frank",
  "grace",
  "mallory",
];
export const logins = fc.constantFrom(...everybody);

/** Something rare: mostly `usual`. */
function mostly<T>(usual: T, ...rare: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 24, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...rare) },
  );
}

export const people: fc.Arbitrary<Account> = fc.oneof(
  { weight: 12, arbitrary: logins.map((login) => account(login)) },
  { weight: 1, arbitrary: logins.map((login) => account(login, "bot")) },
);

const commitsSeen = fc.oneof(
  { weight: 6, arbitrary: fc.constant(HEAD) },
  { weight: 1, arbitrary: fc.constantFrom(OLD_HEAD, null) },
);

const anyReview = fc.record({
  author: fc.option(people, { freq: 20 }),
  state: fc.oneof(
    { weight: 12, arbitrary: fc.constant("approved" as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("changes-requested" as const, "commented" as const, "dismissed" as const),
    },
  ),
  commit: commitsSeen,
  submittedAt: fc.constant(NOW),
  body: fc.constantFrom("", "looks fine"),
});
/** Those whom policies may ask for, of good will. */
const goodWill = fc
  .subarray(["bob", "frank", "carol", "dave"], { minLength: 2 })
  .map((list) => list.map((login) => approves(login)));

const reviews: fc.Arbitrary<readonly Review[]> = fc
  .tuple(fc.array(anyReview, { maxLength: 4 }), fc.oneof(goodWill, fc.constant([])))
  .map(([list, willing]) =>
    [...list, ...willing].map((one, index): Review => ({ ...one, id: 9001 + index })),
  );

export const identities: fc.Arbitrary<CommitIdentity> = fc.record({
  role: fc.constantFrom("author", "committer", "co-author"),
  login: fc.option(logins),
  email: fc.constantFrom(
    "alice@acme.example",
    "bob@home.example",
    "1003+carol@users.noreply.github.com",
    "dave@users.noreply.github.com",
    "stranger@example.com",
  ),
});

const commitsMade: fc.Arbitrary<readonly Commit[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant([commit(identity("author", "alice"))]) },
  {
    weight: 1,
    arbitrary: fc
      .array(identities, { maxLength: 2 })
      .map((list) => [{ oid: oidOf("1"), identities: list, signed: true }, commit(...list)]),
  },
);

const commits: fc.Arbitrary<readonly Commit[]> = fc
  .tuple(commitsMade, fc.tuple(mostly(true, false), mostly(true, false)))
  .map(([list, signatures]) =>
    list.map((one, index): Commit => ({ ...one, signed: signatures[index] ?? true })),
  );

const readable = fc.subarray(everybody).map((members): Team => ({ read: true, members }));
const teamsRead: fc.Arbitrary<Facts["teams"]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(teams) },
  {
    weight: 1,
    arbitrary: fc.record({
      "storage-owners": readable,
      privacy: readable,
      security: fc.oneof(readable, fc.constant<Team>({ read: false, because: "403" })),
      administrators: readable,
    }),
  },
);

const comments: fc.Arbitrary<readonly Comment[]> = fc
  .array(
    fc.record({
      author: fc.option(people, { freq: 20 }),
      body: mostly("thank you", "/deny no", "/revoke", "/release"),
      createdAt: fc.constant(NOW),
      edited: mostly(false, true),
    }),
    { maxLength: 3 },
  )
  .map((list) => list.map((one, index): Comment => ({ ...one, id: 501 + index })));

const allFacts: fc.Arbitrary<Facts> = fc
  .record({
    reviews,
    commits,
    comments,
    teams: teamsRead,
    head: mostly(HEAD, OLD_HEAD),
    complete: mostly(true, false),
    pushers: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.subarray(["alice", "erin", "dave"]).map((list) => ({ known: true, logins: list })),
      },
      { weight: 1, arbitrary: fc.constant({ known: false } as const) },
    ),
    secondFactor: mostly(
      { read: true, without: [] },
      { read: true, without: ["alice"] },
      { read: false, because: "403" },
    ),
    case: mostly(
      { read: true, state: "open" },
      { read: true, state: "resolved" },
      { read: false, because: "timed out" },
    ),
    grants: fc.array(
      fc.record({
        id: fc.constantFrom(grantId("cs-1"), grantId("cs-2")),
        subject: logins,
        case: fc.constantFrom({ system: "servicenow", id: "CS-41207" }, { system: "jira", id: "X" }),
        emergency: fc.boolean(),
        reviewed: fc.boolean(),
        runsUntil: mostly(null, later(NOW, "PT1H"), NOW),
      }),
      { maxLength: 2 },
    ),
    ownerErrors: mostly(
      [],
      [{ line: 2, column: 1, kind: "Unknown owner", message: "", path: ".github/CODEOWNERS" }],
    ),
  })
  .map((parts) => facts(parts as Partial<Facts>));

const conditions: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 20, arbitrary: fc.constant(condition(false)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      condition(true),
      failing(),
      condition(({ subject }) => subject === "erin"),
    ),
  },
);

const sources = fc.constantFrom<Partial<ApproverSource>[]>(
  { roles: ["administer"], users: ["dave"] },
  { requesterManagers: true, codeowners: true },
  { teams: ["security"], users: ["carol"], not: { teams: [], users: ["dave"] } },
  { codeowners: true },
  { teams: ["privacy"] },
  { teams: ["security", "privacy"] },
  { users: ["dave", "Bob-Admin"] },
  { codeowners: true, users: ["carol"] },
);

const leaves: fc.Arbitrary<RequirementClause> = fc
  .record({ source: sources, count: mostly(1, 2), name: fc.constantFrom("one", "two", "three") })
  .map(({ source, count, name }) => requirement(name, source, count));
const clauses: fc.Arbitrary<RequirementClause> = fc.oneof(
  { weight: 4, arbitrary: leaves },
  { weight: 1, arbitrary: fc.array(leaves, { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })) },
  {
    weight: 1,
    arbitrary: fc.tuple(leaves, leaves, leaves).map(([one, two, three]) => ({
      anyOf: [one, { allOf: [two, three] }],
    })),
  },
);

export const policies: fc.Arbitrary<ApproverPolicy> = fc
  .record({
    match: fc.oneof(
      { weight: 6, arbitrary: fc.constant([fieldMatch("resource.type", ["azure.storage"])]) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          [],
          [fieldMatch("subject", ["erin"])],
          [fieldMatch("resource.id", ["**/x"])],
        ),
      },
    ),
    when: fc.oneof(
      { weight: 4, arbitrary: fc.constant(null) },
      { weight: 2, arbitrary: fc.constant(condition(true)) },
      { weight: 1, arbitrary: conditions },
    ),
    limits: fc
      .record({
        maxDuration: mostly(null, hours(2), hours(6)),
        minDuration: mostly(null, hours(1), hours(3)),
        minJustification: mostly(null, 10, 2000),
        maxActivePerSubject: mostly(null, 1, 2),
        maxPerCase: mostly(null, 1, 2),
        actions: mostly(null, ["read", "list"], ["list"]),
        regions: mostly(null, ["west*"]),
        officeHours: mostly(
          null,
          { timeZone: "UTC", days: ["tue"], from: 0, until: 24 * 60 },
          { timeZone: "Asia/Tokyo", days: ["mon"], from: 8 * 60, until: 18 * 60 },
        ),
      })
      .map((limits) => ({ ...noLimits, ...limits }) as Limits),
    conditions: fc.record({
      mfa: mostly(false, true),
      signedCommits: mostly(false, true),
      caseOpen: mostly(false, true),
    }),
    require: fc.array(clauses, { minLength: 1, maxLength: 2 }),
    emergency: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      {
        weight: 2,
        arbitrary: sources.map(
          (source): Emergency => ({
            count: 1,
            from: from(source),
            maxDuration: hours(4),
            reviewWithin: hours(48),
            at: place(20, 1, "policies/storage.yaml"),
          }),
        ),
      },
    ),
    pending: fc.record({
      expiresAfter: mostly(null, hours(2), hours(200)),
      remindAfter: fc.constantFrom([], [hours(1)], [hours(3), hours(1)]),
      escalation: mostly(null, { after: hours(2), to: { teams: ["security"], users: [] } }),
    }),
    deny: fc.array(
      conditions.map((when) => ({ when, message: "no" })),
      { maxLength: 1 },
    ),
  })
  .map((parts) => policy(parts));

/** Policies with names of their own, as files of one folder have. */
const named = (list: readonly ApproverPolicy[]) =>
  list.map((one, index) => ({ ...one, name: `policy-${index}` }));

const ruleSets: fc.Arbitrary<RuleSet> = fc
  .record({
    policies: fc.array(policies, { minLength: 1, maxLength: 3 }).map(named),
    codeowners: mostly(
      owned(CODEOWNERS),
      null,
      owned("* @frank bob@home.example"),
      owned("* @acme/storage-owners @dave"),
      owned("* @frank\n/grants/"),
    ),
  })
  .map((parts) => rules(parts));

const requests: fc.Arbitrary<AccessRequest> = fc
  .record({
    requester: fc.oneof(
      { weight: 6, arbitrary: fc.constant(account("alice")) },
      { weight: 1, arbitrary: people },
    ),
    draft: mostly(false, true),
    fork: mostly(false, true),
    baseBranch: mostly("main", "release"),
    subject: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom("alice", "erin") },
      { weight: 1, arbitrary: logins },
    ),
    duration: mostly(hours(2), hours(4), hours(9)),
    emergency: fc.oneof(
      { weight: 6, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    notBefore: mostly(null, later(NOW, "PT3H"), at("2026-11-24T11:00:00.250Z"), at("9999-12-31T23:59:59Z")),
  })
  .map(({ subject, duration, notBefore, emergency, ...parts }) =>
    request({ ...parts, grant: { subject, duration, notBefore, emergency } }),
  );

export const worlds: fc.Arbitrary<World> = fc.record({
  request: requests,
  rules: ruleSets,
  facts: allFacts,
  now: mostly(NOW, later(NOW, "P4D")),
});

/** The same list in another order. */
export function shuffled<T>(list: readonly T[], keys: readonly number[]): readonly T[] {
  return list
    .map((item, index) => ({ item, key: keys[index % keys.length] ?? 0 }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item);
}
