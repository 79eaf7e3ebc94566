import { describe, expect, it } from "vitest";
import type { Team } from "../../src/domain/facts.ts";
import { findings } from "../../src/domain/finding.ts";
import { lint, lints } from "../../src/rules/lint.ts";
import { starterRules } from "../ledger/past-requests.ts";
import { loaded, policyText, ruleFiles } from "./rule-files.ts";

const catalog = `apiVersion: grantbox/v1
kind: ResourceCatalog
resources:
  - { type: ssh.host, id: "web-*", labels: { environment: prod, classification: internal } }
  - { type: azure.sql, id: customers, labels: { environment: prod, classification: pii } }
`;
const directory = (more = "") => `apiVersion: grantbox/v1
kind: Directory
persons:
  - { name: Bob, logins: [bob] }
${more}`;
const settings = (roles: string) => `apiVersion: grantbox/v1
kind: Settings
roles: ${roles}
defaults: { maxDuration: PT8H, pendingExpiresAfter: P4D }
`;
const rulesOwned = "/policies/ @admin\n/schemas/ @admin\n/.github/ @admin\n";
const owners = `/grants/ @bob @dave\n${rulesOwned}`;

const groups: Readonly<Record<string, readonly string[]>> = {
  support: ["alice", "erin"],
  "storage-owners": ["bob"],
  privacy: ["carol"],
  security: ["dave"],
  administrators: ["grace"],
  "oncall-managers": ["grace"],
  auditors: ["otto"],
};
const teams = Object.fromEntries(
  Object.entries(groups).map(([slug, members]): [string, Team] => [slug, { read: true, members }]),
);

/** `lint line message` of all that is found in these rules. */
function foundIn(
  texts: Readonly<Record<string, string>>,
  known: Readonly<Record<string, Team>> | null = null,
) {
  const files = ruleFiles({ "policies/catalog.yaml": catalog, ".github/CODEOWNERS": owners, ...texts });
  const { findings: found } = lint({ ...loaded(files), organization: "acme", teams: known });
  return found.map((one) => `${one.lint} ${one.at?.file ?? ""}:${one.at?.line ?? 0} ${one.message}`);
}

const one = (more: string) => ({ "policies/a.yaml": policyText("a", more) });

describe("linting rules", () => {
  it("finds nothing in the starter content, whoever is in the teams", () => {
    for (const known of [null, teams]) {
      expect(lint({ ...starterRules(), organization: "acme", teams: known }).findings).toEqual([]);
    }
  });

  it("has a name and a code of its own for every check, all of them warnings", () => {
    expect(new Set(lints.map(({ name }) => name)).size).toBe(lints.length);
    expect(new Set(lints.map(({ code }) => code)).size).toBe(lints.length);
    for (const { code } of lints) expect(findings[code].severity).toBe("warning");
  });

  it.each<[string, Readonly<Record<string, string>>, readonly RegExp[]]>([
    [
      "lines of match that nothing fits together",
      one("match: { resource.type: azure.sql, resource.labels.classification: internal }\n"),
      [/^unreachablePolicy policies\/a.yaml:7 no resource/],
    ],
    [
      "a label that only what is not listed would lack",
      one("match: { resource.listed: false, resource.labels.environment: prod }\n"),
      [/^unreachablePolicy policies\/a.yaml:7/],
    ],
    [
      "a when that is never true",
      one(`when: 'subject == "alice" && subject == "bob"'\n`),
      [/^unreachablePolicy policies\/a.yaml:7 `when` of `a` is true for no request/],
    ],
    [
      "a when that match contradicts",
      one(`match: { resource.type: azure.sql }\nwhen: 'resource.type == "ssh.host"'\n`),
      [/^unreachablePolicy policies\/a.yaml:8/],
    ],
    [
      "a login that a when spells as no request has it",
      one(`when: 'subject == "Alice"'\n`),
      [/^unreachablePolicy policies\/a.yaml:7 `when` of `a` is true for no request/],
    ],
    [
      "nothing where match and when ask for different actions of one request",
      one(`match: { access.actions: read }\nwhen: '"write" in access.actions'\n`),
      [],
    ],
    [
      "nothing where a when leaves out one of the ids that match a glob",
      one(`match: { resource.id: "prod-*" }\nwhen: 'resource.id != "prod-x"'\n`),
      [],
    ],
    ["nothing where a when compares texts by their order", one(`when: 'subject < "m"'\n`), []],
    [
      "a type that no schema has, beside one that it has",
      one("match: { resource.type: [azure.sql, azure.sqll] }\n"),
      [/^unknownValue policies\/a.yaml:7 nothing has `resource.type: azure.sqll`$/],
    ],
    [
      "a label that looks like a known one",
      one("match: { resource.labels.environment: [prod, prd] }\n"),
      [/^unknownValue policies\/a.yaml:7 nothing has `resource.labels.environment: prd`$/],
    ],
    ["a label that may come", one("match: { resource.labels.classification: [pii, confidential] }\n"), []],
    [
      "a policy twice",
      { "policies/a.yaml": policyText("a"), "policies/b.yaml": policyText("b") },
      [/^shadowedPolicy policies\/b.yaml:1 whatever `b` matches, `a` matches as well/],
    ],
    [
      "a policy within a stricter one",
      {
        "policies/a.yaml": policyText(
          "a",
          "match: { resource.type: azure.sql }\nlimits: { maxDuration: PT4H }\n",
        ),
        "policies/b.yaml": policyText("b", "limits: { maxDuration: PT2H }\n"),
      },
      [/^shadowedPolicy policies\/a.yaml:1 whatever `a` matches, `b`/],
    ],
    [
      "nothing where the wider one is laxer",
      {
        "policies/a.yaml": policyText(
          "a",
          "match: { resource.type: azure.sql }\nlimits: { maxDuration: PT4H }\n",
        ),
        "policies/b.yaml": policyText("b", "limits: { maxDuration: PT6H }\n"),
      },
      [],
    ],
    [
      "a when that is always true",
      one(`when: 'subject == "alice" || subject != "alice"'\n`),
      [/^constantExpression policies\/a.yaml:7 `when`/],
    ],
    [
      "a denial that is never true",
      one(`when: emergency\ndeny:\n  - { when: "!emergency", message: no }\n`),
      [/^constantExpression policies\/a.yaml:9 this denial/],
    ],
    [
      "a denial that is always true",
      one(`when: emergency\ndeny:\n  - { when: emergency, message: no }\n`),
      [/^denyAlways policies\/a.yaml:9 `a` matches no request that it does not deny/],
    ],
    [
      "limits of one policy that exclude each other",
      one("limits: { minDuration: PT4H, maxDuration: PT2H }\n"),
      [
        /^contradictingLimits policies\/a.yaml:7 `a` asks for 4 hours or more, above `limits.maxDuration` of `a`/,
      ],
    ],
    [
      "limits of two policies that exclude each other",
      {
        "policies/a.yaml": policyText(
          "a",
          "match: { resource.type: azure.* }\nlimits: { minDuration: PT4H }\n",
        ),
        "policies/b.yaml": policyText(
          "b",
          "match: { resource.type: azure.sql }\nlimits: { maxDuration: PT2H }\n",
        ),
      },
      [/^contradictingLimits policies\/a.yaml:8 .* of `b`$/],
    ],
    [
      "nothing where two policies never meet",
      {
        "policies/a.yaml": policyText(
          "a",
          "match: { resource.type: ssh.host }\nlimits: { minDuration: PT4H }\n",
        ),
        "policies/b.yaml": policyText(
          "b",
          "match: { resource.type: azure.sql }\nlimits: { maxDuration: PT2H }\n",
        ),
        "policies/c.yaml": policyText("c", "when: emergency\nlimits: { minDuration: PT3H }\n"),
        "policies/d.yaml": policyText(
          "d",
          'when: "!emergency"\nlimits: { maxDuration: PT5H }\nmatch: { resource.type: azure.vm }\n',
        ),
      },
      [/^contradictingLimits policies\/c.yaml:8 .* of `b`$/],
    ],
    [
      "a limit above the settings",
      one("limits: { maxDuration: PT9H }\n"),
      [/^limitNeverBinds policies\/a.yaml:7 `limits.maxDuration` of `a` is 9 hours/],
    ],
    [
      "reminders and escalations after the lapse",
      one(
        "pending: { expiresAfter: P1D, remindAfter: [PT2H, P2D], escalateAfter: P1D, escalateTo: { users: [bob] } }\n",
      ),
      [/^lateReminder policies\/a.yaml:7 .* 2 days/, /^lateEscalation policies\/a.yaml:7 .* 1 day/],
    ],
    [
      "an emergency that takes as much",
      one("emergency: { count: 1, from: { codeowners: true }, maxDuration: PT1H, reviewWithin: P1D }\n"),
      [/^emergencyNotEasier policies\/a.yaml:7/],
    ],
    [
      "nothing where an emergency asks others",
      one("emergency: { count: 1, from: { users: [grace] }, maxDuration: PT1H, reviewWithin: P1D }\n"),
      [],
    ],
    [
      "folders of grants without an owner",
      { ".github/CODEOWNERS": `/grants/ @bob @dave\n/grants/azure.sql/\n${rulesOwned}`, ...one("") },
      [/^ownerlessPath .github\/CODEOWNERS:2 nobody owns `grants\/azure.sql\/`/],
    ],
    [
      "rules without an owner, and owners that come after",
      {
        ".github/CODEOWNERS": "/grants/ @bob @dave\n/policies/ @admin\n/.github/ @admin\n*.md @bob\n",
        ...one(""),
      },
      [
        /^unprotectedRules .* nobody owns `schemas\/x.schema.json`/,
        /^unprotectedRules .* nobody owns `schemas\/resources/,
        /^unprotectedRules .github\/CODEOWNERS:4 `\*.md` comes after line 2/,
      ],
    ],
    [
      "patterns of the catalog of which both may be meant",
      {
        "policies/catalog.yaml": `${catalog}  - { type: ssh.host, id: "*-db", labels: { environment: dev, classification: pii } }\n`,
        ...one(""),
      },
      [/^overlappingCatalog policies\/catalog.yaml:6 `\*-db` and `web-\*`/],
    ],
    [
      "a type that has no schema",
      {
        "policies/catalog.yaml": `${catalog}  - { type: ssh.hots, id: db, labels: { environment: dev, classification: pii } }\n`,
        ...one(""),
      },
      [/^unknownCatalogType policies\/catalog.yaml:6 `db` is of the type `ssh.hots`/],
    ],
    [
      "roles that leave nobody",
      {
        "policies/settings.yaml": settings("{ request: [{ users: [alice], resourceTypes: [aws.*] }] }"),
        ...one(""),
      },
      [
        /^lockedOut policies\/settings.yaml:3 nobody may ask for `azure.sql`/,
        /^lockedOut .* nobody may ask for `ssh.host`/,
        /^lockedOut .* nobody may revoke grants/,
      ],
    ],
    [
      "people of whom too few are left",
      { ".github/CODEOWNERS": `/grants/ @bob\n${rulesOwned}`, ...one("") },
      [/^needsRequester policies\/a.yaml:6 when `bob` asks for `.*`, too few others/],
    ],
    [
      "people of whom there are too few, one person with two accounts",
      {
        "policies/directory.yaml": directory("  - { name: Dave, logins: [dave, dave-two] }\n"),
        ".github/CODEOWNERS": `/grants/ @dave @dave-two\n${rulesOwned}`,
        "policies/a.yaml": policyText("a").replace("count: 1", "count: 2"),
      },
      [/^needsRequester policies\/a.yaml:6 too few people could approve/],
    ],
  ])("finds %s", (_, texts, wanted) => {
    const found = foundIn(texts);
    expect(found).toHaveLength(wanted.length);
    for (const [index, pattern] of wanted.entries()) expect(found[index]).toMatch(pattern);
  });

  it("says of GitHub's teams only what is known", () => {
    const policy = {
      "policies/a.yaml": policyText("a").replace("{ codeowners: true }", "{ teams: [gone, privacy] }"),
    };
    expect(foundIn(policy)).toEqual([]);
    const known: Readonly<Record<string, Team>> = {
      gone: { read: false, because: "there is no such team" },
      privacy: { read: true, members: [] },
    };
    expect(foundIn(policy, known)).toEqual([
      "emptyGroup policies/a.yaml:6 the team `gone` cannot be listed: there is no such team",
      "emptyGroup policies/a.yaml:6 the team `privacy` has no members",
    ]);
  });

  it("names what it cannot decide", () => {
    const files = ruleFiles({
      ".github/CODEOWNERS": owners,
      ...one(`when: 'resource.id.startsWith("a")'\n`),
    });
    const { findings: found, undecided } = lint({ ...loaded(files), organization: null, teams: null });
    expect(found).toEqual([]);
    expect(undecided).toMatchObject([
      { lint: "unreachablePolicy", because: "it calls `startsWith`", at: { line: 7 } },
    ]);
  });

  it("leaves out what is skipped", () => {
    const files = ruleFiles({ ".github/CODEOWNERS": owners, ...one("limits: { maxDuration: PT9H }\n") });
    const subject = { ...loaded(files), organization: null, teams: null };
    expect(lint(subject, new Set(["limitNeverBinds"])).findings).toEqual([]);
  });
});
