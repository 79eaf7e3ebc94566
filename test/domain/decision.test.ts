import { describe, expect, it } from "vitest";
import { undecidable, type Verdict } from "../../src/domain/decision.ts";
import type { CommitIdentity } from "../../src/domain/facts.ts";
import { finding } from "../../src/domain/finding.ts";
import { noConditions } from "../../src/domain/policy.ts";
import {
  account,
  approved,
  approves,
  CODEOWNERS,
  codes,
  comment,
  commit,
  condition,
  content,
  failing,
  fieldMatch,
  HEAD,
  identity,
  judge,
  lasting,
  later,
  members,
  NOW,
  OLD_HEAD,
  oidOf,
  owned,
  owners,
  place,
  policy,
  privacy,
  request,
  requirement,
  review,
  rulings,
  teams,
} from "./builders.ts";

type Case = NonNullable<Parameters<typeof judge>[0]>;

/** Everything that would make it approved, were it not for what the case is about. */
const yes = { reviews: [approves("bob")] };
const unreadable = { read: false, because: "403" } as const;

describe("a request is approved", () => {
  it("once everybody who has to has said yes at the head that would be merged", () => {
    const decision = approved();
    expect(decision).toMatchObject({ verdict: "approved", head: HEAD, findings: [], denials: [] });
    expect(rulings(decision)).toEqual([["resource owners"]]);
  });

  it("by two groups, once two different people have said yes", () => {
    const under = { policies: [policy({ require: [owners, privacy] })] };
    const carolToo = { reviews: [approves("bob"), approves("carol", { id: 9002 })] };
    expect(judge({ under, told: yes }).verdict).toBe("pending");
    expect(judge({ under, told: carolToo }).verdict).toBe("approved");
  });

  it("with warnings, which never stop it", () => {
    const unfillable = policy({ require: [owners, requirement("two", { users: ["dave"] }, 2)] });
    const teamless = policy({ require: [{ anyOf: [owners, requirement("gone", { teams: ["gone"] })] }] });
    expect(judge({ under: { policies: [unfillable] }, told: yes }).verdict).toBe("pending");
    const decision = judge({ under: { policies: [teamless] }, told: yes });
    expect([decision.verdict, codes(decision)]).toEqual(["approved", ["TEAM_UNREADABLE"]]);
  });

  it("until the moment it lapses", () => {
    const at = later(request().openedAt, "P4D");
    expect(judge({ told: yes, now: at }).lapsesAt).toBe(at);
    expect(judge({ told: yes, now: later(request().openedAt, "P3DT23H59M59S") }).verdict).toBe("approved");
    expect(judge({ told: yes, now: at }).verdict).toBe("pending");
  });
});

describe("what must be refused: approvals", () => {
  const written = (...identities: readonly CommitIdentity[]) => ({
    ...yes,
    commits: [commit(identity("author", "alice"), ...identities)],
  });
  it.each<[string, Case]>([
    ["nobody has said yes", {}],
    ["the approval is stale, after a push", { told: { reviews: [approves("bob", { commit: OLD_HEAD })] } }],
    [
      "the approved commit is gone, after a force-push",
      { told: { reviews: [approves("bob", { commit: null })] } },
    ],
    [
      "the requester approves",
      { told: { reviews: [approves("bob")] }, asked: { requester: account("bob") } },
    ],
    [
      "the requester approves from a second account",
      { told: yes, asked: { requester: account("Bob-Admin") } },
    ],
    ["the subject approves", { told: yes, asked: { grant: { subject: "BOB" } } }],
    ["the subject approves from a second account", { told: yes, asked: { grant: { subject: "bob-admin" } } }],
    ["a commit's author approves", { told: written(identity("author", "bob")) }],
    ["a committer approves", { told: written(identity("committer", "bob")) }],
    ["a co-author approves", { told: written(identity("co-author", "bob")) }],
    [
      "a co-author known by mail alone approves",
      { told: written(identity("co-author", null, "bob@home.example")) },
    ],
    ["the pusher approves", { told: { ...yes, pushers: { known: true, logins: ["bob"] } } }],
    ["a bot approves", { told: { reviews: [approves(account("bob", "bot"))] } }],
    ["a ghost approves", { told: { reviews: [review(null, "approved")] } }],
    ["a stranger approves", { told: { reviews: [approves("mallory")] } }],
    ["an administrator who owns nothing approves", { told: { reviews: [approves("grace")] } }],
    [
      "the approver left the team",
      { told: { ...yes, teams: { ...teams, "storage-owners": members("frank") } } },
    ],
    ["the team cannot be listed", { told: { ...yes, teams: { ...teams, "storage-owners": unreadable } } }],
    ["the approval was dismissed", { told: { reviews: [review("bob", "dismissed")] } }],
    [
      "a dismissed review would resurrect an older approval",
      { told: { reviews: [approves("bob"), review("bob", "dismissed", { id: 9002 })] } },
    ],
    ["a comment says /approve", { told: { comments: [comment("bob", "/approve")] } }],
    [
      "one person of two groups has approved, from both accounts",
      {
        under: { policies: [policy({ require: [owners, privacy] })] },
        told: {
          teams: { ...teams, privacy: members("bob") },
          reviews: [approves("bob"), approves("Bob-Admin", { id: 9002 })],
        },
      },
    ],
    [
      "everybody a policy asks for has approved, and no code owner",
      {
        under: { policies: [policy({ require: [privacy] })] },
        told: { reviews: [approves("carol"), approves("dave", { id: 9002 })] },
      },
    ],
    [
      "a second policy asks for more",
      { under: { policies: [policy(), policy({ name: "strict", require: [privacy] })] }, told: yes },
    ],
    ["it is a draft", { asked: { draft: true }, told: yes }],
    ["GitHub does not say who pushed", { told: { ...yes, pushers: { known: false } } }],
    ["the head moved while it was judged", { told: { ...yes, head: OLD_HEAD } }],
    [
      "the commits do not hold the head",
      { told: { ...yes, commits: [{ oid: oidOf("1"), identities: [], signed: true }] } },
    ],
    ["GitHub lists no commits", { told: { ...yes, commits: [] } }],
    ["a bot asks, and nobody knows for whom", { asked: { requester: account("helper", "bot") }, told: yes }],
    [
      "somebody says no who may be of a team that cannot be listed",
      {
        under: { policies: [policy({ require: [owners] })] },
        told: {
          teams: { ...teams, administrators: unreadable },
          reviews: [approves("bob"), review("grace", "changes-requested", { id: 9002 })],
        },
      },
    ],
  ])("%s: pending", (_, of) => {
    expect(judge(of).verdict).toBe("pending");
  });

  it("a no of somebody unknown is told, and policies are named in one order", () => {
    const told = {
      teams: { ...teams, administrators: unreadable },
      reviews: [approves("bob"), review("grace", "changes-requested", { id: 9002 })],
    };
    const words = (of: Case) => judge(of).findings.map(({ message }) => message);
    expect(words({ told })).toContain("somebody says no who may be of a team that cannot be listed");
    const asking = (name: string) => policy({ name, conditions: { ...noConditions, signedCommits: true } });
    const unsigned = { commits: [{ oid: HEAD, identities: [], signed: false }] };
    for (const policies of [
      [asking("a"), asking("b"), asking("c")],
      [asking("c"), asking("a"), asking("b")],
    ])
      expect(words({ under: { policies }, told: unsigned })).toEqual([
        expect.stringContaining("policy `a`, `b`, `c` asks"),
      ]);
  });

  it("the waiting is explained where it is nobody's fault", () => {
    expect(codes(judge({ told: { ...yes, pushers: { known: false } } }))).toEqual(["PUSHER_UNKNOWN"]);
    expect(codes(judge({ told: { ...yes, head: OLD_HEAD } }))).toEqual(["FACTS_STALE"]);
    expect(codes(judge({ told: { ...yes, commits: [] } }))).toEqual(["FACTS_STALE"]);
    expect(codes(judge({ asked: { draft: true } }))).toEqual(["REQUEST_IS_DRAFT"]);
    expect(codes(judge({ asked: { requester: account("helper", "bot") } }))).toEqual(["PUSHER_UNKNOWN"]);
  });
});

describe("what must be refused: requests", () => {
  const line = { line: 2, column: 1, kind: "Unknown owner", message: "", path: ".github/CODEOWNERS" };
  it.each<[string, string, Case]>([
    ["from a fork", "REQUEST_FROM_FORK", { asked: { fork: true } }],
    ["to another branch", "REQUEST_WRONG_BASE", { asked: { baseBranch: "release" } }],
    ["of more commits than GitHub lists", "REQUEST_TOO_MANY_COMMITS", { told: { complete: false } }],
    [
      "longer than allowed",
      "GRANT_DURATION_OVER_LIMIT",
      { asked: { grant: { duration: lasting("PT8H1S") } } },
    ],
    [
      "of a resource that only case keeps from being listed",
      "SCHEMA_WRONG_VALUE",
      { asked: { grant: { resource: { type: "azure.storage", id: "SHOP/checkoutprod" } } } },
    ],
    ["without a CODEOWNERS file", "CODEOWNERS_MISSING", { under: { codeowners: null } }],
    [
      "of a path that no line owns",
      "CODEOWNERS_NO_OWNER",
      { under: { codeowners: owned("/policies/ @grace") } },
    ],
    [
      "of a path whose last line names no owner",
      "CODEOWNERS_NO_OWNER",
      { under: { codeowners: owned(`${CODEOWNERS}/grants/\n`) } },
    ],
    [
      "under a CODEOWNERS file that is too large",
      "CODEOWNERS_TOO_LARGE",
      { under: { codeowners: owned(`${CODEOWNERS}${"#".repeat(3_000_000)}`) } },
    ],
    [
      "under a CODEOWNERS file with a line that GitHub skips",
      "CODEOWNERS_INVALID",
      { under: { codeowners: owned(`${CODEOWNERS}!/grants/ @bob\n`) } },
    ],
    ["under a CODEOWNERS file with an unknown team", "OWNERS_UNKNOWN", { told: { ownerErrors: [line] } }],
  ])("%s: %s", (_, code, { asked = {}, under = {}, told = {} }) => {
    const decision = judge({ asked, under, told: { ...yes, ...told } });
    expect(decision.verdict).toBe("invalid");
    expect(codes(decision)).toContain(code);
  });

  it("whose file cannot be read: with every finding, and when it lapses", () => {
    const refused = finding("YAML_SYNTAX", "not closed", place(3));
    const decision = judge({
      asked: { fork: true, content: { kind: "refused", findings: [refused] } },
      told: yes,
    });
    expect(decision).toMatchObject({ verdict: "invalid", file: null, access: null, requirements: [] });
    expect(decision.lapsesAt).toBe(later(request().openedAt, "P4D"));
    expect(codes(decision)).toEqual(["REQUEST_FROM_FORK", "YAML_SYNTAX"]);
  });

  it("under rules that cannot be read", () => {
    const found = [finding("RULES_UNREADABLE", "3 findings")];
    const decision = undecidable(request(), found);
    expect(decision).toMatchObject({ verdict: "invalid", rules: null, lapsesAt: null, findings: found });
  });
});

describe("a request is denied", () => {
  it.each<[string, Case, string]>([
    ["no policy matches", { under: { policies: [] } }, "POLICY_NONE_MATCHES"],
    [
      "no policy matches an unlisted resource",
      {
        asked: { grant: { resource: { type: "azure.storage", id: "somewhere/else" } } },
        under: { policies: [policy({ match: [fieldMatch("resource.listed", [true])] })] },
      },
      "POLICY_NONE_MATCHES",
    ],
    [
      "one deny among several policies is true",
      {
        under: {
          policies: [policy(), policy({ name: "b", deny: [{ when: condition(true), message: "no" }] })],
        },
      },
      "POLICY_DENIES",
    ],
    [
      "a rule fails",
      { under: { policies: [policy(), policy({ name: "b", when: failing() })] } },
      "RULE_EVALUATION_FAILED",
    ],
    [
      "a denial fails",
      { under: { policies: [policy({ deny: [{ when: failing(), message: "no" }] })] } },
      "RULE_EVALUATION_FAILED",
    ],
    [
      "an approver requests changes",
      { told: { reviews: [approves("bob"), review("frank", "changes-requested", { id: 9002 })] } },
      "APPROVER_DENIED",
    ],
    [
      "an approver writes /deny",
      { told: { ...yes, comments: [comment("frank", "/deny")] } },
      "APPROVER_DENIED",
    ],
    [
      "an administrator writes /deny",
      { told: { ...yes, comments: [comment("grace", "/deny")] } },
      "APPROVER_DENIED",
    ],
    [
      "an approver who is barred says no",
      {
        told: { ...yes, pushers: { known: true, logins: ["frank"] }, comments: [comment("frank", "/deny")] },
      },
      "APPROVER_DENIED",
    ],
    ["it is invalid as well", { asked: { fork: true }, under: { policies: [] } }, "POLICY_NONE_MATCHES"],
  ])("when %s", (_, { asked = {}, under = {}, told = {} }, code) => {
    const decision = judge({ asked, under, told: { ...yes, ...told } });
    expect([decision.verdict, codes(decision).at(-1)]).toEqual(["denied", code]);
    expect(decision.denials).toHaveLength(1);
  });

  it.each<[string, Case]>([
    [
      "somebody who is no approver requests changes",
      { told: { reviews: [approves("bob"), review("mallory", "changes-requested", { id: 9002 })] } },
    ],
    [
      "somebody who is no approver writes /deny",
      { told: { ...yes, comments: [comment("mallory", "/deny")] } },
    ],
    [
      "the comment with /deny was edited",
      { told: { ...yes, comments: [comment("frank", "/deny", { edited: true })] } },
    ],
  ])("but not when %s", (_, of) => {
    expect(judge(of).verdict).toBe("approved" satisfies Verdict);
  });
});

describe("what a request is, for the rules", () => {
  it("labels come from the catalog, and absent parts are filled", () => {
    expect(judge().access?.view).toEqual({
      requester: "alice",
      subject: "alice",
      case: { system: "servicenow", id: "CS-41207", severity: 2 },
      resource: {
        type: "azure.storage",
        id: "shop/checkoutprod",
        listed: true,
        labels: { classification: "pii", environment: "prod" },
      },
      access: { actions: ["read", "list"], scope: {} },
      justification: content().grant.justification,
      duration: lasting("PT4H"),
      emergency: false,
      constraints: { locations: [], networks: [], mfa: false },
    });
  });

  it("what the file says beside that is passed on", () => {
    const constraints = { locations: ["DE"], networks: ["10.8.0.0/16"], mfa: true };
    const scope = { container: "logs" };
    const grant = { notBefore: NOW, constraints, emergency: true, access: { actions: ["read"], scope } };
    expect(judge({ asked: { grant } }).access).toMatchObject({
      notBefore: NOW,
      view: { notBefore: NOW, constraints, emergency: true, access: { scope } },
    });
  });

  it("a rule about a login cannot be evaded by writing it in other letters", () => {
    const noMallory = policy({
      match: [fieldMatch("subject", ["Mallory"])],
      deny: [{ when: condition(true), message: "no" }],
    });
    const inCel = policy({
      name: "cel",
      deny: [
        {
          when: condition(({ subject, requester }) => [subject, requester].includes("mallory")),
          message: "no",
        },
      ],
    });
    for (const asked of [
      { grant: { subject: "MALLORY" } },
      { requester: account("MALLORY"), grant: { subject: "Mallory" } },
    ]) {
      for (const one of [noMallory, inCel]) {
        expect(judge({ asked, under: { policies: [policy({ name: "usual" }), one] } }).verdict).toBe(
          "denied",
        );
      }
    }
  });

  it("an unlisted resource has no labels", () => {
    const asked = { grant: { resource: { type: "azure.storage", id: "somewhere/else" } } };
    expect(judge({ asked }).access?.view.resource).toMatchObject({ listed: false, labels: {} });
  });

  it("each policy says whether it applies", () => {
    const sql = policy({ name: "sql", match: [fieldMatch("resource.type", ["azure.sql"])] });
    expect(
      judge({ under: { policies: [sql, policy()] } }).policies.map((one) => [
        one.policy,
        one.applicability.applies,
      ]),
    ).toEqual([
      ["sql", false],
      ["storage", true],
    ]);
  });
});
