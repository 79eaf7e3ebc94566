/**
 * A small world for tests, in people's words: alice of support asks for access, bob owns the storage, carol is of
 * privacy. Every builder gives a value that is right as it stands; a case overrides only what it is about.
 */
import { type ApproverSource, type Lookup, nobody, sourceOf } from "../../src/domain/approver-source.ts";
import { parseCodeowners } from "../../src/domain/codeowners.ts";
import { type Decision, decide } from "../../src/domain/decision.ts";
import type { Comment, Commit, CommitIdentity, Facts, Review, Team } from "../../src/domain/facts.ts";
import type { Position } from "../../src/domain/finding.ts";
import { fingerprintOf } from "../../src/domain/fingerprint.ts";
import type { Grant, GrantFile } from "../../src/domain/grant.ts";
import {
  type GrantId,
  type Oid,
  oid,
  type PullNumber,
  parseGrantId,
  parsePullNumber,
  parseRulesDigest,
} from "../../src/domain/oid.ts";
import type { Account, Directory, Person } from "../../src/domain/person.ts";
import { personOf } from "../../src/domain/person.ts";
import {
  type ApproverPolicy,
  type Condition,
  type Evaluation,
  type FieldMatch,
  noConditions,
  noLimits,
  noPending,
  type Requirement,
} from "../../src/domain/policy.ts";
import type {
  ActivationRecord,
  CaseRecord,
  ClosureRecord,
  EndRecord,
  FindingRecord,
  ReviewRecord,
} from "../../src/domain/record.ts";
import type { AccessRequest, RequestContent } from "../../src/domain/request.ts";
import type { Eligibility, RuleSet } from "../../src/domain/rule-set.ts";
import {
  type Duration,
  hours,
  type Instant,
  instantOf,
  parseDuration,
  parseInstant,
} from "../../src/domain/time.ts";
import type { RequestView } from "../../src/domain/view.ts";

/** A value that this file itself wrote correctly. */
function sure<T>(value: T | null): T {
  if (value === null) throw new TypeError("a value of a test cannot be read");
  return value;
}

export const at = (text: string): Instant => sure(parseInstant(text));
export const lasting = (text: string): Duration => sure(parseDuration(text));
export const grantId = (text: string): GrantId => sure(parseGrantId(text));
export const pullNumber = (number: number): PullNumber => sure(parsePullNumber(number));
/** An object id that begins as given: `oidOf("a1")`. */
export const oidOf = (start: string): Oid => oid(start.padEnd(40, "0"));

export const NOW = at("2026-11-24T10:00:00Z");
export const HEAD = oidOf("aaaa");
export const OLD_HEAD = oidOf("bbbb");
export const BASE = oidOf("cccc");
export const BLOB = oidOf("5f0c");
export const DIGEST = sure(parseRulesDigest("83ab".repeat(16)));

const ids: Readonly<Record<string, number>> = {
  alice: 1001,
  bob: 1002,
  carol: 1003,
  dave: 1004,
  erin: 1005,
  frank: 1006,
  grace: 1007,
  mallory: 1666,
};

export function account(login: string, kind: Account["kind"] = "user"): Account {
  const name = login.toLowerCase();
  return { login, id: ids[name] ?? 10_000 + Number.parseInt(fingerprintOf(name).slice(0, 8), 16), kind };
}

/** Who belongs to whom: erin and bob have a second account each, and bob a private mail address. */
export const directory: Directory = {
  entries: [
    { name: "Erin", logins: ["erin", "erin-acme"], emails: ["erin@acme.example"] },
    { name: "Bob", logins: ["bob", "Bob-Admin"], emails: ["bob@home.example"] },
  ],
};

export const person = (login: string): Person => personOf(login, directory);

export const GRANT_PATH = "grants/azure.storage/cs-41207-checkout-logs.yaml";
export const file: GrantFile = {
  path: GRANT_PATH,
  type: "azure.storage",
  id: grantId("cs-41207-checkout-logs"),
  blob: BLOB,
};

export const place = (line: number, column = 1, name = GRANT_PATH): Position => ({
  file: name,
  line,
  column,
});

export function grant(parts: Partial<Grant> = {}): Grant {
  return {
    apiVersion: "grantbox/v1",
    kind: "Grant",
    id: file.id,
    case: { system: "servicenow", id: "CS-41207", severity: 2 },
    subject: "alice",
    resource: { type: "azure.storage", id: "shop/checkoutprod" },
    access: { actions: ["read", "list"] },
    justification: "Checkout times out for tenant 88; need the gateway logs of 23 November.",
    duration: hours(4),
    notBefore: null,
    ...parts,
  };
}

type GrantContent = Extract<RequestContent, { kind: "grant" }>;

export function content(parts: Partial<Grant> = {}): GrantContent {
  const positions = {
    id: place(4),
    subject: place(6),
    "case.id": place(5, 30),
    "access.actions": place(11),
    "access.scope": place(12),
    emergency: place(17),
    duration: place(15),
    justification: place(14),
    "resource.id": place(8),
    notBefore: place(16),
  };
  return { kind: "grant", file, grant: grant(parts), extension: null, positions };
}

/** alice asks, an hour ago, by a branch of this repository; `parts.grant` overrides fields of her grant file. */
export function request({
  grant: grantParts,
  ...parts
}: Partial<AccessRequest> & { readonly grant?: Partial<Grant> } = {}): AccessRequest {
  return {
    pull: pullNumber(42),
    organization: "acme",
    requester: account("alice"),
    openedAt: at("2026-11-24T09:00:00Z"),
    head: HEAD,
    base: BASE,
    baseBranch: "main",
    defaultBranch: "main",
    fork: false,
    draft: false,
    content: content(grantParts),
    ...parts,
  };
}

/** An expression that always gives this: a truth value, or a failure. */
export function condition(outcome: boolean | Evaluation | ((view: RequestView) => boolean)): Condition {
  const evaluate = (view: RequestView): Evaluation => {
    if (typeof outcome === "object") return outcome;
    return { ok: true, value: typeof outcome === "function" ? outcome(view) : outcome };
  };
  return { text: "…", at: place(9, 7, "policies/storage.yaml"), evaluate };
}

export const failing = (error = "no such field"): Condition => condition({ ok: false, error });

export const from = (parts: Partial<ApproverSource> = {}): ApproverSource => sourceOf(parts);

export function requirement(name: string, source: Partial<ApproverSource>, count = 1): Requirement {
  return { name, count, from: from(source), at: place(12, 5, "policies/storage.yaml") };
}

export const owners = requirement("resource owners", { codeowners: true });
export const privacy = requirement("privacy", { teams: ["privacy"] });

export function fieldMatch(
  field: string,
  values: FieldMatch["values"],
  test: FieldMatch["test"] = "any",
): FieldMatch {
  return { field, test, values, at: place(6, 3, "policies/storage.yaml") };
}

/** Storage takes one of its owners. */
export function policy(parts: Partial<ApproverPolicy> = {}): ApproverPolicy {
  const name = parts.name ?? "storage";
  return {
    name,
    description: "Storage takes one of its owners.",
    at: { file: `policies/${name}.yaml`, line: 1, column: 1 },
    match: [fieldMatch("resource.type", ["azure.storage"])],
    when: null,
    limits: noLimits,
    conditions: noConditions,
    require: [owners],
    deny: [],
    pending: noPending,
    emergency: null,
    positions: {},
    ...parts,
  };
}

export const CODEOWNERS = `# who owns what
/grants/azure.storage/ @acme/storage-owners
/grants/azure.sql/ @frank
`;

export const owned = (text: string) => parseCodeowners(text, ".github/CODEOWNERS");

/** Everybody may ask for everything, also for others. */
export const anybody: Eligibility = { ...nobody, resourceTypes: null, onBehalf: true };

/** One policy, storage owned by bob's team, grace an administrator. */
export function rules(parts: Partial<RuleSet> = {}): RuleSet {
  return {
    digest: DIGEST,
    policies: [policy()],
    catalog: [
      {
        type: "azure.storage",
        id: "shop/checkoutprod",
        labels: { classification: "pii", environment: "prod" },
      },
    ],
    directory,
    settings: {
      administrators: { teams: ["administrators"], users: [] },
      eligibility: [anybody],
      approvers: null,
      auditors: nobody,
      monthlyReport: true,
      maxDuration: hours(8),
      maxTotalDuration: hours(24),
      pendingExpiresAfter: hours(96),
    },
    codeowners: owned(CODEOWNERS),
    ...parts,
  };
}

export const members = (...logins: readonly string[]): Team => ({ read: true, members: logins });

export const teams: Facts["teams"] = {
  "storage-owners": members("bob", "frank"),
  privacy: members("carol"),
  security: members("dave"),
  administrators: members("grace"),
};

export function identity(
  role: CommitIdentity["role"],
  login: string | null,
  email = `${login ?? "somebody"}@acme.example`,
): CommitIdentity {
  return { role, login, email };
}

export function commit(...identities: readonly CommitIdentity[]): Commit {
  return { oid: HEAD, identities, signed: true };
}

/** What GitHub says an hour after alice pushed one commit of her own and opened the request; nobody has spoken. */
export function facts(parts: Partial<Facts> = {}): Facts {
  return {
    readAt: NOW,
    head: HEAD,
    reviews: [],
    commits: [commit(identity("author", "alice"), identity("committer", "alice"))],
    complete: true,
    pushers: { known: true, logins: ["alice"] },
    teams,
    comments: [],
    ownerErrors: [],
    secondFactor: { read: true, without: [] },
    case: { read: true, state: "open" },
    grants: [],
    ...parts,
  };
}

/** A review of the head; give numbers to reviews of one case, as GitHub would. */
export function review(
  by: string | Account | null,
  state: Review["state"],
  parts: Partial<Review> = {},
): Review {
  return {
    id: 9001,
    author: typeof by === "string" ? account(by) : by,
    state,
    commit: HEAD,
    submittedAt: at("2026-11-24T09:30:00Z"),
    body: "",
    ...parts,
  };
}

export function approves(by: string | Account, parts: Partial<Review> = {}): Review {
  return review(by, "approved", parts);
}

export function comment(by: string | Account | null, body: string, parts: Partial<Comment> = {}): Comment {
  return {
    id: 501,
    author: typeof by === "string" ? account(by) : by,
    body,
    createdAt: at("2026-11-24T09:40:00Z"),
    edited: false,
    ...parts,
  };
}

/** Where the people of the usual request are looked up. */
export function lookup(parts: Partial<Lookup> = {}): Lookup {
  return {
    path: GRANT_PATH,
    organization: "acme",
    requester: "alice",
    rules: rules(),
    facts: facts(),
    ...parts,
  };
}

/** The judgement of the usual request, with what a case overrides of it. */
export function judge({
  asked = {},
  under = {},
  told = {},
  now = NOW,
}: {
  readonly asked?: Parameters<typeof request>[0];
  readonly under?: Partial<RuleSet>;
  readonly told?: Partial<Facts>;
  readonly now?: Instant;
} = {}): Decision {
  return decide(request(asked), rules(under), facts(told), now);
}

export const codes = ({ findings }: Pick<Decision, "findings">): readonly string[] =>
  findings.map(({ code }) => code);

/** Why each review does not count, or what it fills, in the order of the reviews. */
export const rulings = ({ reviews }: Decision): readonly (string | readonly string[])[] =>
  reviews.map((ruling) => (ruling.counts ? ruling.fills : ruling.because));

/** The request once bob has said yes. */
export const approved = (): Decision => judge({ told: { reviews: [approves("bob")] } });

export const VALID_FROM = at("2026-11-24T10:02:11Z");
export const VALID_UNTIL = at("2026-11-24T14:02:11Z");

export function activation(parts: Partial<ActivationRecord> = {}): ActivationRecord {
  return {
    event: "activated",
    grant: file.id,
    blob: BLOB,
    subject: "alice",
    actions: ["read", "list"],
    resource: { type: "azure.storage", id: "shop/checkoutprod" },
    case: { system: "servicenow", id: "CS-41207" },
    emergency: false,
    pull: pullNumber(42),
    requestedBy: { login: "alice", id: 1001 },
    approvedBy: [{ login: "bob", id: 1002, review: 9001, requirement: "resource owners" }],
    policies: ["storage"],
    rules: DIGEST,
    base: BASE,
    head: HEAD,
    validFrom: VALID_FROM,
    validUntil: VALID_UNTIL,
    ...parts,
  };
}

export function ending(parts: Partial<EndRecord> = {}): EndRecord {
  return {
    event: "ended",
    grant: file.id,
    blob: BLOB,
    cause: "expiry",
    requestedBy: null,
    reason: "",
    endedAt: VALID_UNTIL,
    ...parts,
  };
}

export function closure(parts: Partial<ClosureRecord> = {}): ClosureRecord {
  return {
    event: "denied",
    pull: pullNumber(42),
    requestedBy: { login: "alice", id: 1001 },
    head: HEAD,
    grant: file.id,
    blob: BLOB,
    rules: DIGEST,
    closedBy: { login: "bob", id: 1002 },
    reason: "ask for the logs only",
    at: NOW,
    ...parts,
  };
}

export function report(parts: Partial<FindingRecord> = {}): FindingRecord {
  return {
    event: "finding",
    code: "GRANT_WITHOUT_RECORD",
    commit: oidOf("dddd"),
    grant: file.id,
    reason: "it stands there without a record",
    at: NOW,
    ...parts,
  };
}

/** grace has looked at an emergency grant. */
export function reviewed(parts: Partial<ReviewRecord> = {}): ReviewRecord {
  const reviewedBy = { login: "grace", id: 1007 };
  return { event: "reviewed", grant: file.id, issue: 43, reviewedBy, at: NOW, ...parts };
}

/** The case is over. */
export function said(parts: Partial<CaseRecord> = {}): CaseRecord {
  const about = { system: "servicenow", id: "CS-41207" };
  return { event: "case", case: about, state: "resolved", at: NOW, seal: "5e".repeat(32), ...parts };
}

export function view(parts: Partial<RequestView> = {}): RequestView {
  return {
    requester: "alice",
    subject: "alice",
    case: { system: "servicenow", id: "CS-41207", severity: 2 },
    resource: {
      type: "azure.storage",
      id: "shop/checkoutprod",
      listed: true,
      labels: { classification: "pii", environment: "prod" },
    },
    access: { actions: ["read", "list"], scope: { container: "logs", paths: ["2026/11/**"] } },
    justification: "Checkout times out for tenant 88; need the gateway logs of 23 November.",
    duration: hours(4),
    emergency: false,
    constraints: { locations: ["DE"], networks: [], mfa: false },
    ...parts,
  };
}

/** An instant some time after another: `later(NOW, "PT4H")`. */
export function later(instant: Instant, text: string): Instant {
  return instantOf(instant + lasting(text));
}
