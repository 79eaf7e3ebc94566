import { describe, expect, it } from "vitest";
import type { Team } from "../../src/domain/facts.ts";
import { findings } from "../../src/domain/finding.ts";
import { lint, lints } from "../../src/rules/lint.ts";
import { starterRules } from "../ledger/past-requests.ts";
import { loaded, policyText, ruleFiles, schemas } from "./rule-files.ts";

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

const starterTypes = [...schemas().resourceTypes].sort();

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
    [
      "nothing where match asks for what no resource decides",
      one("match: { subject: alice, access.actions: [read, exec] }\n"),
      [],
    ],
    [
      "an action that the type of the same line does not have",
      one("match: { resource.type: ssh.host, access.actions: select }\n"),
      [/^unreachablePolicy policies\/a.yaml:7 no resource/],
    ],
    [
      "an id that nothing of the catalog has",
      one("match: { resource.listed: true, resource.id: db-7 }\n"),
      [/^unreachablePolicy policies\/a.yaml:7 no resource/],
    ],
    [
      "nothing where a pattern of the catalog may have the id",
      one("match: { resource.listed: true, resource.id: web-7 }\n"),
      [],
    ],
    [
      "alternatives of which none can be",
      one(
        "match: { anyOf: [{ resource.type: azure.sql, resource.labels.classification: internal }, { resource.listed: false, resource.labels.environment: prod }] }\n",
      ),
      [/^unreachablePolicy policies\/a.yaml:7 no resource/],
    ],
    [
      "nothing where one of the alternatives can be",
      one(
        "match: { anyOf: [{ resource.type: azure.sql, resource.labels.classification: internal }, { resource.listed: false }] }\n",
      ),
      [],
    ],
    [
      "an action that no type has",
      one("match: { access.actions: [read, raed] }\n"),
      [/^unknownValue policies\/a.yaml:7 nothing has `access.actions: raed`$/],
    ],
    [
      "a label that nothing has, inside alternatives",
      one("match: { anyOf: [{ resource.labels.tier: gold }, { resource.type: azure.sql }] }\n"),
      [/^unknownValue policies\/a.yaml:7 nothing has `resource.labels.tier: gold`$/],
    ],
    ["nothing where a when fails for some requests", one("when: case.severity <= 2\n"), []],
    [
      "limits that exclude each other under expressions that cannot be decided",
      {
        "policies/a.yaml": policyText(
          "a",
          `when: 'resource.id.startsWith("a")'\nlimits: { minDuration: PT4H }\n`,
        ),
        "policies/b.yaml": policyText("b", "limits: { maxDuration: PT2H }\n"),
      },
      [/^contradictingLimits policies\/a.yaml:8 .* of `b`$/],
    ],
    [
      "limits that exclude each other for a request of both tables",
      {
        "policies/a.yaml": policyText(
          "a",
          "match: { access.scope.tables: crm.a }\nlimits: { minDuration: PT4H }\n",
        ),
        "policies/b.yaml": policyText(
          "b",
          "match: { access.scope.tables: crm.b }\nlimits: { maxDuration: PT2H }\n",
        ),
      },
      [/^contradictingLimits policies\/a.yaml:8 .* of `b`$/],
    ],
    [
      "limits that exclude each other for one login, spelt in two ways",
      {
        "policies/a.yaml": policyText("a", "match: { subject: Alice }\nlimits: { minDuration: PT4H }\n"),
        "policies/b.yaml": policyText("b", "match: { subject: alice }\nlimits: { maxDuration: PT2H }\n"),
      },
      [/^contradictingLimits policies\/a.yaml:8 .* of `b`$/],
    ],
    [
      "nothing where only one of two policies is for what is listed",
      {
        "policies/a.yaml": policyText(
          "a",
          "match: { resource.listed: true }\nlimits: { minDuration: PT4H }\n",
        ),
        "policies/b.yaml": policyText(
          "b",
          "match: { resource.listed: false }\nlimits: { maxDuration: PT2H }\n",
        ),
      },
      [],
    ],
    [
      "a least duration that the settings do not allow",
      one("limits: { minDuration: PT9H }\n"),
      [
        /^contradictingLimits policies\/a.yaml:7 `a` asks for 9 hours or more, above the bound of the settings$/,
      ],
    ],
    [
      "an entry of the catalog again, in letters of either case, as long as it is of one type",
      {
        "policies/catalog.yaml": `${catalog}  - { type: azure.sql, id: CUSTOMERS, labels: { environment: prod, classification: pii } }
  - { type: ssh.host, id: customers, labels: { environment: prod, classification: pii } }
  - { type: azure.sql, id: Customers, labels: { environment: prod, classification: pii } }
  - { type: ssh.host, id: WEB-*, labels: { environment: prod, classification: internal } }
`,
        ...one(""),
      },
      [
        /^overlappingCatalog policies\/catalog.yaml:6 `CUSTOMERS` and `customers`/,
        /^overlappingCatalog policies\/catalog.yaml:8 `Customers` and `customers`/,
        /^overlappingCatalog policies\/catalog.yaml:9 `WEB-\*` and `web-\*`/,
      ],
    ],
    [
      "patterns of the catalog that cross in letters of either case, and nothing where they cannot meet",
      {
        "policies/catalog.yaml": `${catalog}  - { type: ssh.host, id: "WE*-db", labels: { environment: dev, classification: pii } }
  - { type: azure.sql, id: "WEB-*", labels: { environment: prod, classification: internal } }
  - { type: azure.sql, id: "we*-db", labels: { environment: dev, classification: pii } }
  - { type: azure.sql, id: "cust*", labels: { environment: dev, classification: pii } }
  - { type: azure.sql, id: "web-7", labels: { environment: dev, classification: pii } }
`,
        ...one(""),
      },
      [
        /^overlappingCatalog policies\/catalog.yaml:6 `WE\*-db` and `web-\*`/,
        /^overlappingCatalog policies\/catalog.yaml:8 `we\*-db` and `WEB-\*`/,
      ],
    ],
    [
      "nothing where a pattern of the catalog lies within another, or neither changes a label",
      {
        "policies/catalog.yaml": `${catalog}  - { type: ssh.host, id: "web-7*", labels: { environment: dev, classification: pii } }
  - { type: ssh.host, id: "*-eu", labels: { classification: internal, environment: prod } }
  - { type: azure.vm, id: "*-us", labels: { environment: dev, classification: pii } }
`,
        ...one(""),
      },
      [/^overlappingCatalog policies\/catalog.yaml:7 `\*-eu` and `web-7\*`/],
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

  it("says what somebody may have meant, where something known is near", () => {
    const hints = (texts: Readonly<Record<string, string>>) => {
      const files = ruleFiles({ "policies/catalog.yaml": catalog, ".github/CODEOWNERS": owners, ...texts });
      return lint({ ...loaded(files), organization: "acme", teams: null }).findings.map(({ hint }) => hint);
    };
    const listed = (type: string) =>
      `${catalog}  - { type: ${type}, id: db, labels: { environment: dev, classification: pii } }\n`;
    expect(hints(one("match: { resource.type: [azure.sql, azure.sqll] }\n"))).toEqual([
      "did you mean `azure.sql`?",
    ]);
    expect(hints(one("match: { resource.type: [azure.sql, mainframe] }\n"))).toEqual([undefined]);
    expect(hints({ "policies/catalog.yaml": listed("ssh.hots"), ...one("") })).toEqual([
      "did you mean `ssh.host`?",
    ]);
    expect(hints({ "policies/catalog.yaml": listed("acme.mainframe"), ...one("") })).toEqual([undefined]);
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

  const members = (team: string, ...logins: readonly string[]) =>
    directory(`teams:\n  - { name: ${team}, members: [${logins.join(", ")}] }\n`);
  const from = (source: string) => ({
    "policies/a.yaml": policyText("a").replace("{ codeowners: true }", source),
  });

  it.each<[string, Readonly<Record<string, string>>, readonly RegExp[]]>([
    [
      "nobody, where a team of the directory stands for one of GitHub that has nobody",
      { "policies/directory.yaml": members("nobodies", "carol", "erin"), ...from("{ teams: [nobodies] }") },
      [],
    ],
    [
      "a team of the directory without members",
      {
        "policies/directory.yaml": directory("teams:\n  - { name: office, members: [] }\n"),
        ...from("{ users: [carol, erin], teams: [office] }"),
      },
      [/^emptyGroup policies\/a.yaml:6 the team `office` of the directory has no members$/],
    ],
    [
      "a team that is taken out, once for all places on a line",
      from("{ users: [carol, erin], teams: [nobodies], not: { teams: [nobodies] } }"),
      [/^emptyGroup policies\/a.yaml:6 the team `nobodies` has no members$/],
    ],
    [
      "teams of an emergency and of an escalation",
      one(
        "emergency: { count: 1, from: { teams: [nobodies] }, maxDuration: PT1H, reviewWithin: P1D }\npending: { escalateAfter: PT2H, escalateTo: { teams: [nobodies] } }\n",
      ),
      [
        /^emptyGroup policies\/a.yaml:7 .*has no members$/,
        /^emptyGroup policies\/a.yaml:8 .*has no members$/,
      ],
    ],
    [
      "teams of roles",
      {
        "policies/settings.yaml": settings(
          "\n  request: [{ teams: [support] }, { teams: [nobodies] }]\n  audit: { teams: [nobodies] }\n  administer: { users: [grace] }",
        ),
        ...one(""),
      },
      [/^emptyGroup policies\/settings.yaml:4 .*has no members$/, /^emptyGroup policies\/settings.yaml:5/],
    ],
    [
      "teams of CODEOWNERS, of this organisation only",
      {
        ".github/CODEOWNERS": `/grants/ @bob @dave @Acme/nobodies @other/nobodies bob@acme.example\n${rulesOwned}`,
        ...one(""),
      },
      [/^emptyGroup .github\/CODEOWNERS:1 the team `nobodies` has no members$/],
    ],
    [
      "requesters who cannot do without themselves, by their team",
      {
        "policies/settings.yaml": settings(
          "\n  request: [{ teams: [support], resourceTypes: [azure.*] }]\n  administer: { users: [grace] }",
        ),
        "policies/catalog.yaml": catalog.replace(/^.*ssh.host.*\n/m, ""),
        ...from("{ users: [alice, carol] }"),
        "policies/b.yaml": policyText("b").replace(
          "count: 1, from: { codeowners: true }",
          "count: 2, from: { users: [alice, carol] }",
        ),
      },
      [/^needsRequester policies\/b.yaml:6 when `alice` asks for `azure.app-service`, too few others/],
    ],
    [
      "people who could approve, if their role let them",
      {
        "policies/settings.yaml": settings("\n  approve: { users: [bob] }\n  administer: { users: [grace] }"),
        ...from("{ users: [carol, dave] }"),
      },
      [/^needsRequester policies\/a.yaml:6 too few people could approve what `a` asks for of `aws.account`$/],
    ],
    [
      "nobody who may approve",
      {
        "policies/settings.yaml": settings(
          "\n  approve: { teams: [nobodies] }\n  administer: { teams: [nobodies] }",
        ),
        ...one(""),
      },
      [
        /^emptyGroup policies\/settings.yaml:4/,
        /^emptyGroup policies\/settings.yaml:5/,
        /^needsRequester policies\/a.yaml:6 too few people/,
        /^lockedOut policies\/settings.yaml:4 nobody may approve$/,
        /^lockedOut policies\/settings.yaml:5 nobody may revoke grants/,
      ],
    ],
    [
      "nothing where everybody may ask, whoever is named beside",
      {
        "policies/settings.yaml": settings(
          "\n  request: [{ teams: [nobodies] }, { resourceTypes: ['**'] }]\n  approve: { users: [bob, dave] }\n  administer: { users: [grace] }",
        ),
        ...one(""),
      },
      [/^emptyGroup policies\/settings.yaml:4/],
    ],
    [
      "whoever asks, where everybody may",
      {
        "policies/settings.yaml": settings(
          "\n  request: [{ resourceTypes: ['ssh.*', 'azure.*'] }]\n  administer: { users: [grace] }",
        ),
        ".github/CODEOWNERS": `/grants/ @bob\n${rulesOwned}`,
        ...one(""),
      },
      [/^needsRequester policies\/a.yaml:6 when `bob` asks for `azure.app-service`/],
    ],
    [
      "that nobody owns anything, without CODEOWNERS",
      { ".github/CODEOWNERS": "", ...one("") },
      [
        ...starterTypes.map((type) => new RegExp(`^ownerlessPath .*nobody owns \`grants/${type}/\``)),
        ...["policies/x", "policies/tests", "policies/keys", "schemas/x", "schemas/resources", ".github"].map(
          (path) => new RegExp(`^unprotectedRules .*nobody owns \`${path}`),
        ),
      ],
    ],
    [
      "a type of which no line of CODEOWNERS says anything",
      {
        ".github/CODEOWNERS": `${starterTypes
          .filter((type) => type !== "ssh.host")
          .map((type) => `/grants/${type}/ @bob @dave\n`)
          .join("")}${rulesOwned}`,
        ...one(""),
      },
      [/^ownerlessPath .github\/CODEOWNERS:1 nobody owns `grants\/ssh.host\/`$/],
    ],
  ])("finds %s", (_, texts, wanted) => {
    const known: Readonly<Record<string, Team>> = { ...teams, nobodies: { read: true, members: [] } };
    const found = foundIn(texts, known);
    for (const [index, pattern] of wanted.entries()) expect(found[index]).toMatch(pattern);
    expect(found).toHaveLength(wanted.length);
  });

  it("says of a checkout without CODEOWNERS that nobody owns it, and no more", () => {
    const { ".github/CODEOWNERS": _, ...texts } = { ".github/CODEOWNERS": owners, ...one("") };
    const files = ruleFiles({ "policies/catalog.yaml": catalog, ...texts });
    const { findings: found } = lint({ ...loaded(files), organization: null, teams: null });
    expect(found.map(({ lint: name, message }) => `${name} ${message}`)).toEqual(
      starterTypes.map((type) => `ownerlessPath nobody owns \`grants/${type}/\`: there is no CODEOWNERS`),
    );
  });

  it("says of roles only what is known where neither the owner of the repository nor its teams are", () => {
    const files = ruleFiles({
      "policies/catalog.yaml": catalog,
      ".github/CODEOWNERS": `/grants/ @acme/privacy\n${rulesOwned}`,
      "policies/settings.yaml": settings(
        "\n  request: [{ teams: [support] }]\n  approve: { teams: [privacy] }\n  administer: { teams: [administrators] }",
      ),
      ...one(""),
    });
    const { findings: found, undecided } = lint({ ...loaded(files), organization: null, teams: null });
    expect(found).toEqual([]);
    expect(undecided).toMatchObject([{ lint: "needsRequester", at: { file: "policies/a.yaml", line: 6 } }]);
  });

  it("cannot tell whose managers will be asked", () => {
    const files = ruleFiles({ ".github/CODEOWNERS": owners, ...from("{ requesterManagers: true }") });
    const { findings: found, undecided } = lint({ ...loaded(files), organization: "acme", teams: null });
    expect(found).toEqual([]);
    expect(undecided).toMatchObject([
      { lint: "needsRequester", because: "whose managers are asked depends on who asks" },
    ]);
  });

  it("leaves out what is skipped", () => {
    const files = ruleFiles({ ".github/CODEOWNERS": owners, ...one("limits: { maxDuration: PT9H }\n") });
    const subject = { ...loaded(files), organization: null, teams: null };
    expect(lint(subject, new Set(["limitNeverBinds"])).findings).toEqual([]);
  });
});
