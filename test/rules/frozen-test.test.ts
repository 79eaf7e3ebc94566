import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/domain/decision.ts";
import type { Extension } from "../../src/domain/extension.ts";
import type { CommitIdentity, Facts } from "../../src/domain/facts.ts";
import { finding } from "../../src/domain/finding.ts";
import type { Grant } from "../../src/domain/grant.ts";
import type { Account } from "../../src/domain/person.ts";
import { type Conditions, noConditions } from "../../src/domain/policy.ts";
import { printDuration, printExactly } from "../../src/domain/time.ts";
import { frozenTest } from "../../src/rules/frozen-test.ts";
import type { YamlValue } from "../../src/rules/yaml.ts";
import { type World, worlds } from "../domain/arbitrary.ts";
import {
  approves,
  at,
  comment,
  commit,
  condition,
  content,
  facts,
  failing,
  fieldMatch,
  grant,
  grantId,
  identity,
  later,
  NOW,
  OLD_HEAD,
  owners,
  policy,
  privacy,
  request,
  review,
  rules,
} from "../domain/builders.ts";
import { resultsOf, starterRules } from "./starter.ts";

const starter = starterRules();
const file = "policies/tests/frozen.yaml";

/** What the schema of the starter content wants of a storage account. */
const storage =
  "/subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/shop";

function shaped({ resource, access, ...grant }: Grant): Grant {
  return {
    ...grant,
    resource: { ...resource, id: storage },
    access: { ...access, scope: { container: "logs" } },
  };
}

function written({ duration, notBefore, ...grant }: Grant): YamlValue {
  const begin = notBefore === null ? {} : { notBefore: printExactly(notBefore) };
  return { ...grant, duration: printDuration(duration), ...begin } as unknown as YamlValue;
}

const roles = ["author", "committer", "co-author"];
const byRole = (one: CommitIdentity, other: CommitIdentity) =>
  roles.indexOf(one.role) - roles.indexOf(other.role);

/** As GitHub gives it: a bot's login says that it is one, and the facts are those of the head. */
const current = worlds.map(({ request, facts, ...world }): World => {
  const named = (account: Account): Account =>
    account.kind === "bot"
      ? { ...account, id: account.id + 1_000_000_000, login: `${account.login}[bot]` }
      : account;
  const by = <T extends { readonly author: Account | null }>(one: T): T => ({
    ...one,
    author: one.author && named(one.author),
  });
  return {
    ...world,
    request: { ...request, requester: named(request.requester) },
    facts: {
      ...facts,
      head: request.head,
      reviews: facts.reviews.map(by),
      comments: facts.comments.map(by),
      commits: facts.commits.map((one) => ({ ...one, identities: one.identities.toSorted(byRole) })),
    },
  };
});

function refrozen(world: World) {
  const { content } = world.request;
  if (content.kind === "refused") throw new TypeError("the file of this world cannot be read");
  const grant = shaped(content.grant);
  const request = { ...world.request, content: { ...content, grant } };
  const loaded = { ...starter, rules: world.rules };
  const text = frozenTest("frozen", written(grant), { ...world, request }, loaded);
  return {
    text,
    results: resultsOf(text, loaded, { file }),
    first: decide(request, world.rules, world.facts, world.now),
  };
}

it("whatever was decided is what the test says of it", () => {
  fc.assert(
    fc.property(current, (world) => {
      const { text, results, first } = refrozen(world);
      expect(
        results.map(({ differences }) => differences),
        text,
      ).toEqual([[]]);
      expect(results[0]?.explanation.decision.verdict).toBe(first.verdict);
    }),
    { numRuns: 100 },
  );
});

describe("a frozen request says only what is not as it usually is", () => {
  const world = (
    parts: {
      readonly asked?: Parameters<typeof request>[0];
      readonly told?: Partial<Facts>;
      readonly conditions?: Partial<Conditions>;
    } = {},
  ): World => ({
    request: request(parts.asked),
    rules: rules({ policies: [policy({ conditions: { ...noConditions, ...parts.conditions } })] }),
    facts: facts(parts.told),
    now: NOW,
  });
  const before = shaped(grant());
  const extending = (extension: Partial<Extension>): World => {
    const usual = content();
    const runsUntil = later(NOW, "PT1H");
    const all = { before, begun: at("2026-11-24T07:00:00Z"), runsUntil, current: true, ...extension };
    return world({ asked: { content: { ...usual, extension: all } } });
  };

  it.each<[string, World, string]>([
    [
      "an extension of what runs",
      extending({}),
      "runsUntil: 2026-11-24T11:00:00Z\n        before:\n          duration: PT4H\n          justification: Checkout times",
    ],
    ["an extension of what has ended", extending({ runsUntil: null }), "ended: true"],
    ["an extension of an older version", extending({ current: false }), "outdated: true"],
    ["a draft", world({ asked: { draft: true } }), "draft: true"],
    ["a fork", world({ asked: { fork: true } }), "fork: true"],
    ["another branch", world({ asked: { baseBranch: "next" } }), "baseBranch: next"],
    ["who pushed", world(), "pushedBy:\n        - alice"],
    ["that nobody knows who pushed", world({ told: { pushers: { known: false } } }), "pushedBy: unknown"],
    ["more commits than GitHub lists", world({ told: { complete: false } }), "incomplete: true"],
    [
      "a commit that is not signed",
      world({ told: { commits: [{ ...commit(identity("author", "alice")), signed: false }] } }),
      "signed: false",
    ],
    [
      "by login whom a private address names",
      world({ told: { commits: [commit(identity("author", null, "bob@home.example"))] } }),
      "author:\n            - bob",
    ],
    [
      "by its new login whom an old address names",
      world({
        told: {
          commits: [commit(identity("author", null, "1003+caroline@users.noreply.github.com"))],
          reviews: [approves("carol")],
        },
      }),
      "author:\n            - carol",
    ],
    [
      "an approval of an earlier commit",
      world({ told: { reviews: [approves("bob", { commit: OLD_HEAD })] } }),
      "commit: earlier",
    ],
    [
      "an approval of a commit that is gone",
      world({ told: { reviews: [approves("bob", { commit: null })] } }),
      "commit: gone",
    ],
    [
      "who said no",
      world({ told: { comments: [comment("bob", "/deny a secret")] } }),
      "deniedBy:\n        - bob",
    ],
    [
      "who asked for changes",
      world({ told: { reviews: [review("bob", "changes-requested", { body: "a secret" })] } }),
      "denials:\n        - by: bob",
    ],
    [
      "that nobody knows the second factor",
      world({ conditions: { mfa: true }, told: { secondFactor: { read: false, because: "403" } } }),
      "withoutSecondFactor: unknown",
    ],
    [
      "that nobody knows the case",
      world({ conditions: { caseOpen: true }, told: { case: { read: false, because: "timed out" } } }),
      "case: unknown",
    ],
    ["a resolved case", world({ told: { case: { read: true, state: "resolved" } } }), "case: resolved"],
    [
      "a line of CODEOWNERS that GitHub reports",
      world({
        told: {
          ownerErrors: [{ line: 2, column: 1, kind: "Unknown owner", message: "x", path: "CODEOWNERS" }],
        },
      }),
      "codeownersErrors:\n        - line: 2",
    ],
  ])("%s", (_, about, line) => {
    const { text, results } = refrozen(about);
    expect(text).toContain(line);
    expect(text).not.toMatch(/secret|@(?!.*schema)/);
    expect(results.map(({ differences }) => differences)).toEqual([[]]);
  });

  it.each<[string, Parameters<typeof policy>[0], string]>([
    [
      "a denial by its policy and what it says",
      { deny: [{ when: condition(true), message: "never" }] },
      "- policy: storage\n          says: never",
    ],
    [
      "a denial by no more of what it says than a test may have",
      { deny: [{ when: condition(true), message: "n".repeat(301) }] },
      `says: ${"n".repeat(300)}\n`,
    ],
    [
      "a rule that failed by its policy",
      { deny: [{ when: failing(), message: "never" }] },
      "denials:\n        - storage\n",
    ],
    [
      "that no policy covers it",
      { match: [fieldMatch("resource.type", ["aws.s3"])] },
      "denials:\n        - no-policy\n",
    ],
  ])("%s", (_, parts, lines) => {
    const { text, results } = refrozen({ ...world(), rules: rules({ policies: [policy(parts)] }) });
    expect(text).toContain(lines);
    expect(results.map(({ differences }) => differences)).toEqual([[]]);
  });

  it("is a whole policy test, of everything that was known and that has to come out again", () => {
    const two = policy({ require: [owners, privacy] });
    const about = {
      ...world({
        told: {
          reviews: [
            approves("bob", { id: 1 }),
            approves("erin", { id: 2 }),
            review("dave", "commented", { id: 3 }),
            review(null, "approved", { id: 4 }),
          ],
          commits: [
            commit(
              identity("author", "alice"),
              identity("committer", "erin"),
              identity("co-author", "frank"),
            ),
            { ...commit(identity("author", "alice"), identity("committer", "alice")), oid: OLD_HEAD },
          ],
          secondFactor: { read: false, because: "403" },
        },
      }),
      rules: rules({ policies: [two] }),
    };
    const { text, results } = refrozen(about);
    expect(results.map(({ differences }) => differences)).toEqual([[]]);
    expect(text).toBe(`# yaml-language-server: $schema=../../schemas/policy-test.schema.json
apiVersion: grantbox/v1
kind: PolicyTest
name: frozen
cases:
  - name: pull request 42
    now: 2026-11-24T10:00:00Z
    grant:
      apiVersion: grantbox/v1
      kind: Grant
      id: cs-41207-checkout-logs
      case:
        system: servicenow
        id: CS-41207
        severity: 2
      subject: alice
      justification: Checkout times out for tenant 88; need the gateway logs of 23 November.
      resource:
        type: azure.storage
        id: ${storage}
      access:
        actions:
          - read
          - list
        scope:
          container: logs
      duration: PT4H
    request:
      requester: alice
      openedAt: 2026-11-24T09:00:00Z
      organization: acme
    facts:
      reviews:
        - by: bob
          state: approved
        - by: erin
          state: approved
        - state: approved
      teams:
        storage-owners:
          - bob
          - frank
        privacy:
          - carol
        security:
          - dave
        administrators:
          - grace
      commits:
        - author:
            - alice
          committer:
            - alice
        - author:
            - alice
          committer:
            - erin
          coAuthors:
            - frank
      pushedBy:
        - alice
      case: open
    expect:
      verdict: pending
      policies:
        - storage
      filled:
        - resource owners
      missing:
        - privacy
      notCounted:
        erin: is-committer
      lapsesAfter: P4D
`);
  });

  it("of other grants what is not as with this one", () => {
    const like = {
      id: grantId("cs-1"),
      subject: "alice",
      case: grant().case,
      emergency: false,
      reviewed: false,
      runsUntil: null,
    };
    const unlike = {
      id: grantId("cs-2"),
      subject: "erin",
      case: { system: "jira", id: "X-1" },
      emergency: true,
      reviewed: true,
      runsUntil: later(NOW, "PT1H"),
    };
    const grants = [like, unlike, { ...unlike, id: grantId("cs-3") }];
    const { text } = refrozen(world({ told: { grants } }));
    expect(text).toContain(`      grants:
        - id: cs-1
          ended: true
        - id: cs-2
          subject: erin
          case:
            system: jira
            id: X-1
          emergency: true
          reviewed: true
          runsUntil: 2026-11-24T11:00:00Z
        - id: cs-3
          subject: erin
          case:
            system: jira
            id: X-1
          emergency: true
          reviewed: true
          runsUntil: 2026-11-24T11:00:00Z
    expect:
`);
  });

  it("a file that cannot be read is judged as such, with everything that was known beside it", () => {
    const refused = {
      kind: "refused",
      findings: [finding("SCHEMA_MISSING_FIELD", "`subject` is missing")],
    } as const;
    const other = {
      id: grantId("cs-1"),
      subject: "erin",
      case: grant().case,
      emergency: false,
      reviewed: false,
      runsUntil: NOW,
    };
    const about = {
      request: request({ content: refused }),
      facts: facts({ grants: [other], secondFactor: { read: true, without: ["alice", "bob"] } }),
      now: NOW,
    };
    const text = frozenTest("frozen", { kind: "Grant" }, about, { ...starter, rules: rules() });
    expect(text).toContain("grant:\n      kind: Grant\n");
    expect(text).toContain("withoutSecondFactor:\n        - alice\n      case:");
    expect(text).toContain("subject: erin\n          case:");
    expect(text).toMatch(
      /verdict: invalid\n {6}policies: \[\]\n {6}findings:\n {8}- SCHEMA_MISSING_FIELD\n {6}lapsesAfter: P4D\n$/,
    );
  });
});
