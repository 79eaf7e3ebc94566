import type { ReviewRuling } from "../../src/domain/approvals.ts";
import { sourceOf } from "../../src/domain/approver-source.ts";
import type { Access, Decision, PolicyResult } from "../../src/domain/decision.ts";
import type { Review } from "../../src/domain/facts.ts";
import type { Position } from "../../src/domain/finding.ts";
import type { FilledSlot, RequirementResult } from "../../src/domain/fulfilment.ts";
import type { GrantHistory } from "../../src/domain/lifecycle.ts";
import {
  type GrantId,
  oid,
  type PullNumber,
  parseGrantId,
  parsePullNumber,
  parseRulesDigest,
} from "../../src/domain/oid.ts";
import { type Account, type Person, personOf } from "../../src/domain/person.ts";
import { noConditions } from "../../src/domain/policy.ts";
import type { ActivationRecord, ClosureRecord, EndRecord, FindingRecord } from "../../src/domain/record.ts";
import { hours, type Instant, parseInstant } from "../../src/domain/time.ts";
import type { RequestView } from "../../src/domain/view.ts";

function sure<T>(value: T | null): T {
  if (value === null) throw new TypeError("a value of this fixture cannot be read");
  return value;
}

export const at = (text: string): Instant => sure(parseInstant(text));
export const grantId = (text: string): GrantId => sure(parseGrantId(text));
export const pullNumber = (number: number): PullNumber => sure(parsePullNumber(number));
const person = (login: string): Person => personOf(login, { entries: [] });

const ids: Readonly<Record<string, number>> = { alice: 1001, bob: 1002, carol: 1003, dave: 1004, erin: 1005 };
export const account = (login: string, kind: Account["kind"] = "user"): Account => ({
  login,
  id: ids[login] ?? 9999,
  kind,
});

export const HEAD = oid("abcdef0123456789abcdef0123456789abcdef01");
export const OLD_HEAD = oid("9999999999999999999999999999999999999999");
const BLOB = oid("5f0c000000000000000000000000000000000000");
const RULES = sure(parseRulesDigest("83ab".repeat(16)));
export const GRANT_PATH = "grants/azure.storage/cs-41207-checkout-logs.yaml";
const GRANT = grantId("cs-41207-checkout-logs");

export const place = (line: number, column = 1, file = GRANT_PATH): Position => ({ file, line, column });

export function view(parts: Partial<RequestView> = {}): RequestView {
  return {
    requester: "alice",
    subject: "alice",
    case: {
      system: "servicenow",
      id: "CS-41207",
      severity: 2,
      url: "https://servicenow.acme.example/CS-41207",
    },
    resource: {
      type: "azure.storage",
      id: "/subscriptions/s1/storageAccounts/checkoutprod",
      listed: true,
      labels: { classification: "pii", environment: "prod" },
    },
    access: { actions: ["read", "list"], scope: { container: "logs", paths: ["2026/11/**"] } },
    justification: "Checkout times out for tenant 88; need the gateway logs of 23 November.",
    duration: hours(4),
    emergency: false,
    constraints: { locations: [], networks: [], mfa: false },
    ...parts,
  };
}

export function access(parts: Partial<RequestView> = {}, notBefore: Instant | null = null): Access {
  const shown = view(parts);
  return {
    view: shown,
    subject: shown.subject,
    extension: null,
    reviewWithin: null,
    skipped: [],
    conditions: noConditions,
    duration: shown.duration,
    notBefore,
  };
}

export function review(login: string | null, parts: Partial<Review> = {}): Review {
  return {
    id: 9001,
    author: login === null ? null : account(login),
    state: "approved",
    commit: HEAD,
    submittedAt: at("2026-11-24T09:30:00Z"),
    body: "",
    ...parts,
  };
}

function filled(login: string): FilledSlot {
  return { person: person(login), by: account(login), review: review(login) };
}

export function requirement(
  name: string,
  parts: {
    readonly count?: number;
    readonly policies?: readonly string[];
    readonly teams?: readonly string[];
    readonly codeowners?: boolean;
    readonly users?: readonly string[];
    readonly filledBy?: readonly string[];
    readonly candidates?: readonly string[];
  } = {},
): RequirementResult {
  const { count = 1, filledBy = [], candidates = ["bob"], teams = [], users = [] } = parts;
  return {
    requirement: {
      name,
      count,
      from: sourceOf({ codeowners: parts.codeowners ?? false, teams, users }),
      at: null,
      policies: parts.policies ?? ["customer-data-read"],
    },
    filledBy: filledBy.map(filled),
    missing: count - filledBy.length,
    candidates: candidates.map(person),
    ask: { teams, users: [] },
  };
}

export const owners = requirement("resource owners", { codeowners: true, candidates: ["bob", "dave"] });
export const privacy = requirement("privacy", { teams: ["privacy"], candidates: ["carol"] });

export function policy(name: string, applicability: PolicyResult["applicability"]): PolicyResult {
  return {
    policy: name,
    description: "Reading personal data takes an owner and the privacy team.",
    at: place(3, 1, `policies/${name}.yaml`),
    applicability,
  };
}

export const applies = { applies: true } as const;
export const unfit = (clause: string) =>
  ({ applies: false, because: { clause, at: place(7, 3, "policies/other.yaml") } }) as const;

/** A request that waits for an owner and for privacy; `parts` say what differs. */
export function decision(parts: Partial<Decision> = {}): Decision {
  return {
    verdict: "pending",
    pull: pullNumber(42),
    requester: account("alice"),
    file: { path: GRANT_PATH, type: "azure.storage", id: GRANT, blob: BLOB },
    head: HEAD,
    base: OLD_HEAD,
    rules: RULES,
    lapsesAt: at("2026-11-28T09:00:00Z"),
    remindsAt: [],
    escalation: null,
    opensAt: null,
    otherWays: [],
    access: access(),
    policies: [policy("customer-data-read", applies), policy("production-debugging", unfit("resource.type"))],
    requirements: [owners, privacy],
    reviews: [],
    denials: [],
    findings: [],
    ...parts,
  };
}

/** The same once bob and carol have said yes. */
export const approved = decision({
  verdict: "approved",
  requirements: [
    requirement("resource owners", { codeowners: true, filledBy: ["bob"] }),
    requirement("privacy", { teams: ["privacy"], filledBy: ["carol"] }),
  ],
  reviews: [
    { review: review("bob"), counts: true, fills: ["resource owners"] },
    { review: review("carol", { id: 9002 }), counts: true, fills: ["privacy"] },
  ],
});

export function discounted(
  because: Extract<ReviewRuling, { counts: false }>["because"],
  of: Review = review("bob"),
): ReviewRuling {
  return { review: of, counts: false, because };
}

export function closure(parts: Partial<ClosureRecord> = {}): ClosureRecord {
  return {
    event: "denied",
    pull: pullNumber(42),
    requestedBy: { login: "alice", id: 1001 },
    head: HEAD,
    grant: GRANT,
    blob: BLOB,
    rules: RULES,
    closedBy: { login: "bob", id: 1002 },
    reason: "ask for the logs only",
    at: at("2026-11-24T10:00:00Z"),
    ...parts,
  };
}

export const activation: ActivationRecord = {
  event: "activated",
  grant: GRANT,
  blob: BLOB,
  subject: "alice",
  actions: ["read", "list"],
  resource: { type: "azure.storage", id: "shop/checkoutprod" },
  case: { system: "servicenow", id: "CS-41207" },
  emergency: false,
  pull: pullNumber(42),
  requestedBy: { login: "alice", id: 1001 },
  approvedBy: [
    { login: "bob", id: 1002, review: 9001, requirement: "resource owners" },
    { login: "carol", id: 1003, review: 9002, requirement: "privacy" },
  ],
  policies: ["customer-data-read"],
  rules: RULES,
  base: OLD_HEAD,
  head: HEAD,
  validFrom: at("2026-11-24T10:02:11Z"),
  validUntil: at("2026-11-24T14:02:11Z"),
};

export function end(parts: Partial<EndRecord> = {}): EndRecord {
  return {
    event: "ended",
    grant: GRANT,
    blob: BLOB,
    cause: "expiry",
    requestedBy: null,
    reason: "",
    endedAt: at("2026-11-24T14:02:11Z"),
    ...parts,
  };
}

export function history(ending: GrantHistory["end"] = null): GrantHistory {
  return {
    activation,
    commit: HEAD,
    earlier: [],
    headline: "Grant cs-41207-checkout-logs: alice may read, list azure.storage checkoutprod (#42)",
    end: ending,
  };
}

export function report(parts: Partial<FindingRecord> = {}): FindingRecord {
  return {
    event: "finding",
    code: "GRANT_WITHOUT_RECORD",
    commit: HEAD,
    grant: GRANT,
    reason: "",
    at: at("2026-11-24T10:02:11Z"),
    ...parts,
  };
}
