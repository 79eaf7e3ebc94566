import { describe, expect, it } from "vitest";
import type { Team } from "../../src/domain/facts.ts";
import type { Lint } from "../../src/rules/lint-check.ts";
import {
  emptyGroup,
  lockedOut,
  needsRequester,
  ownerlessPath,
  unprotectedRules,
} from "../../src/rules/lint-people.ts";
import { loaded, policyText, ruleFiles, schemas, shown } from "./rule-files.ts";

type Texts = Readonly<Record<string, string>>;

const teams: Readonly<Record<string, Team>> = {
  nobodies: { read: true, members: [] },
  privacy: { read: true, members: ["carol", "dave"] },
  gone: { read: false, because: "there is no such team" },
};
const rulesOwned = "/policies/ @admin\n/schemas/ @admin\n/.github/ @admin\n";
const owners = (text: string): Texts => ({ ".github/CODEOWNERS": text });
const settings = (...roles: readonly string[]): Texts => ({
  "policies/settings.yaml": `apiVersion: grantbox/v1
kind: Settings
defaults: { maxDuration: PT8H, pendingExpiresAfter: P4D }
roles:
${roles.map((role) => `  ${role}\n`).join("")}`,
});
const directory = (text: string): Texts => ({
  "policies/directory.yaml": `apiVersion: grantbox/v1\nkind: Directory\n${text}`,
});
const catalog = (...types: readonly string[]): Texts => ({
  "policies/catalog.yaml": `apiVersion: grantbox/v1
kind: ResourceCatalog
resources:
${types.map((type) => `  - { type: ${type}, id: x, labels: { environment: prod, classification: pii } }\n`).join("")}`,
});
const policy = (from: string, more = "", count = 1): Texts => ({
  "policies/a.yaml": policyText("a", more).replace(
    "count: 1, from: { codeowners: true }",
    `count: ${count}, from: ${from}`,
  ),
});
const bobOwns = owners(`/grants/ @bob @eve\n${rulesOwned}`);

/** What one check finds in rules, and what it cannot decide. */
function saidBy({ check }: Lint, parts: readonly Texts[], organization: string | null = "acme") {
  const files = ruleFiles(Object.assign({}, ...parts));
  const result = check({ ...loaded(files), organization, teams });
  const { findings, undecided } = "undecided" in result ? result : { findings: result, undecided: [] };
  return [
    ...findings.map(shown),
    ...undecided.map(({ at, because }) => `undecided ${at.file}:${at.line}:${at.column} ${because}`),
  ];
}

/** A table of what one check says of rules. */
function table(check: Lint, rows: readonly (readonly [string, readonly Texts[], readonly string[]])[]): void {
  describe(check.name, () => {
    it.each(rows)("%s", (_, parts, said) => {
      expect(saidBy(check, parts)).toEqual(said);
    });
  });
}

const empty = (place: string, why = "has no members", name = "nobodies") =>
  `GROUP_EMPTY ${place} the team \`${name}\` ${why}`;

table(emptyGroup, [
  ["a team that has members, and one that nobody asked about", [policy("{ teams: [privacy, other] }")], []],
  ["a team without members", [policy("{ teams: [nobodies] }")], [empty("policies/a.yaml:6:5")]],
  [
    "a team that cannot be listed",
    [policy("{ teams: [gone] }")],
    [empty("policies/a.yaml:6:5", "cannot be listed: there is no such team", "gone")],
  ],
  [
    "teams of the directory, which stand for those of GitHub",
    [
      directory(
        "persons: []\nteams:\n  - { name: nobodies, members: [bob] }\n  - { name: privacy, members: [] }\n",
      ),
      policy("{ teams: [nobodies, privacy] }"),
    ],
    [empty("policies/a.yaml:6:5", "of the directory has no members", "privacy")],
  ],
  [
    "each team once a line, also one that is taken out",
    [policy("{ teams: [nobodies], not: { teams: [nobodies, gone] } }")],
    [
      empty("policies/a.yaml:6:5"),
      empty("policies/a.yaml:6:5", "cannot be listed: there is no such team", "gone"),
    ],
  ],
  [
    "one team on several lines: of a choice, an emergency, and an escalation",
    [
      policy(
        "{ users: [bob] }",
        `  - anyOf:
      - { name: first, count: 1, from: { teams: [privacy] } }
      - { name: second, count: 1, from: { teams: [nobodies] } }
emergency: { count: 1, from: { teams: [nobodies] }, maxDuration: PT1H, reviewWithin: P1D }
pending: { escalateAfter: PT2H, escalateTo: { teams: [nobodies] } }
`,
      ),
    ],
    [empty("policies/a.yaml:9:9"), empty("policies/a.yaml:10:1"), empty("policies/a.yaml:11:33")],
  ],
  [
    "teams of roles",
    [
      settings(
        "request: [{ teams: [privacy] }, { teams: [nobodies] }]",
        "approve: { teams: [nobodies] }",
        "audit: { teams: [nobodies] }",
        "administer: { teams: [nobodies] }",
      ),
    ],
    [5, 6, 7, 8].map((line) => empty(`policies/settings.yaml:${line}:3`)),
  ],
  [
    "teams of CODEOWNERS, of this organisation only and in any letters",
    [owners("* @nobodies bob@acme.example @other/nobodies\n/grants/ @bob @Acme/Nobodies @acme/nobodies\n")],
    [empty(".github/CODEOWNERS:2:1", "has no members", "Nobodies")],
  ],
]);

it("whose teams CODEOWNERS names cannot be told where the owner of the repository is not known", () => {
  expect(saidBy(emptyGroup, [owners("* @acme/nobodies\n")], null)).toEqual([]);
});

const tooFew = (type: string) =>
  `REQUIREMENT_NEEDS_REQUESTER policies/a.yaml:6:5 too few people could approve what \`a\` asks for of \`${type}\``;
const needs = (who: string, type: string) =>
  `REQUIREMENT_NEEDS_REQUESTER policies/a.yaml:6:5 when \`${who}\` asks for \`${type}\`, too few others could approve what \`a\` asks for`;
const undecided = (why: string) => `undecided policies/a.yaml:6:5 ${why}`;

table(needsRequester, [
  ["enough people, whoever asks", [bobOwns, policy("{ users: [carol, dave] }")], []],
  ["no CODEOWNERS, which is said elsewhere", [policy("{ users: [carol] }")], []],
  [
    "grants that nobody owns, which is said elsewhere",
    [owners(rulesOwned), policy("{ users: [carol] }")],
    [],
  ],
  [
    "only the types that somebody owns",
    [owners(`/grants/ssh.host/ @bob\n${rulesOwned}`), policy("{ users: [carol, dave] }")],
    [needs("bob", "ssh.host")],
  ],
  [
    "fewer people than are asked for",
    [bobOwns, policy("{ users: [carol] }", "", 2)],
    [tooFew("aws.account")],
  ],
  [
    "as many people as are asked for, the first of whom in the alphabet asks",
    [bobOwns, policy("{ users: [dave, carol] }", "", 2)],
    [needs("carol", "aws.account")],
  ],
  [
    "people who would be asked twice",
    [bobOwns, policy("{ users: [bob, eve] }", "", 2)],
    [tooFew("aws.account")],
  ],
  [
    "a choice of which one way takes enough people",
    [
      bobOwns,
      policy(
        "{ codeowners: true }",
        `  - anyOf:
      - { name: first, count: 1, from: { users: [carol] } }
      - { name: second, count: 2, from: { users: [dave, frank, grace] } }
`,
      ),
    ],
    [],
  ],
  [
    "a choice of which no way takes enough people without one of them",
    [
      bobOwns,
      policy(
        "{ codeowners: true }",
        `  - anyOf:
      - { name: first, count: 2, from: { users: [carol, dave] } }
      - { name: second, count: 2, from: { users: [dave, frank] } }
`,
      ),
    ],
    [needs("dave", "aws.account")],
  ],
  [
    "types that match names",
    [
      bobOwns,
      policy("{ users: [carol] }", 'match: { requester: x, resource.type: [mainframe, "ssh.*", 7] }\n'),
    ],
    [needs("carol", "ssh.host")],
  ],
  [
    "types that match does not name",
    [bobOwns, policy("{ users: [carol] }", "match: { resource.type: [mainframe, 7] }\n")],
    [],
  ],
  [
    "types that alternatives of match may name",
    [
      bobOwns,
      policy("{ users: [carol] }", "match: { anyOf: [{ resource.type: ssh.host }, { emergency: true }] }\n"),
    ],
    [needs("carol", "aws.account")],
  ],
  [
    "people whose role does not let them approve",
    [bobOwns, settings("approve: { users: [bob, eve, carol] }"), policy("{ users: [carol, dave] }")],
    [needs("carol", "aws.account")],
  ],
  [
    "people whose role lets them approve",
    [
      bobOwns,
      settings("approve: { users: [bob, eve], teams: [privacy] }"),
      policy("{ users: [carol, dave] }"),
    ],
    [],
  ],
  [
    "somebody who may not ask",
    [bobOwns, settings("request: [{ users: [bob] }]"), policy("{ users: [carol] }")],
    [],
  ],
  [
    "somebody who may ask for one type, in one of the roles",
    [
      bobOwns,
      settings("request: [{ users: [bob] }, { users: [carol], resourceTypes: [mainframe, 'ssh.*'] }]"),
      policy("{ users: [carol] }"),
    ],
    [needs("carol", "ssh.host")],
  ],
  [
    "somebody who may ask as everybody may, for one type",
    [bobOwns, settings("request: [{ resourceTypes: [ssh.host] }]"), policy("{ users: [carol] }")],
    [needs("carol", "ssh.host")],
  ],
  [
    "somebody who may ask by a team, beside a user",
    [bobOwns, settings("request: [{ teams: [privacy], users: [bob] }]"), policy("{ users: [carol] }")],
    [needs("carol", "aws.account")],
  ],
  [
    "somebody who may not ask, where a role has a team and a user",
    [bobOwns, settings("request: [{ teams: [privacy], users: [bob] }]"), policy("{ users: [grace] }")],
    [],
  ],
  [
    "managers, who depend on who asks",
    [bobOwns, policy("{ requesterManagers: true, users: [carol] }")],
    [undecided("whose managers are asked depends on who asks")],
  ],
  [
    "a team that cannot be listed",
    [bobOwns, policy("{ teams: [gone] }")],
    [undecided("the team `gone` cannot be listed: there is no such team")],
  ],
  [
    "a role whose team cannot be listed",
    [bobOwns, settings("approve: { teams: [gone] }"), policy("{ users: [carol] }")],
    [undecided("the team `gone` cannot be listed: there is no such team")],
  ],
  [
    "code owners of another organisation",
    [owners(`/grants/ @other/privacy\n${rulesOwned}`), policy("{ users: [carol, dave] }")],
    [undecided("the team `privacy` belongs to another organisation")],
  ],
  [
    "code owners of this organisation",
    [owners(`/grants/ @acme/privacy\n${rulesOwned}`), policy("{ users: [bob, eve] }")],
    [],
  ],
]);

it("which code owners there are cannot be told where the owner of the repository is not known", () => {
  const parts = [owners("* @acme/privacy\n"), policy("{ users: [bob, eve] }")];
  expect(saidBy(needsRequester, parts, null)).toEqual([
    undecided("the team `privacy` belongs to another organisation"),
  ]);
});

const types = [...schemas().resourceTypes].sort();

table(ownerlessPath, [
  [
    "no CODEOWNERS",
    [],
    types.map((type) => `GRANTS_WITHOUT_OWNER nobody owns \`grants/${type}/\`: there is no CODEOWNERS`),
  ],
  [
    "lines for other paths only",
    [owners(rulesOwned)],
    types.map((type) => `GRANTS_WITHOUT_OWNER .github/CODEOWNERS:1:1 nobody owns \`grants/${type}/\``),
  ],
  [
    "a line that takes away what one before has given",
    [owners("/grants/ @bob\n\n/grants/ssh.host/\n")],
    ["GRANTS_WITHOUT_OWNER .github/CODEOWNERS:3:1 nobody owns `grants/ssh.host/`"],
  ],
]);

const unowned = (path: string) => `RULES_UNPROTECTED .github/CODEOWNERS:1:1 nobody owns \`${path}\``;
const takenAway = (pattern: string, line: number, first: number) =>
  `RULES_UNPROTECTED .github/CODEOWNERS:${line}:1 \`${pattern}\` comes after line ${first}, which protects rules, and could take them away`;

table(unprotectedRules, [
  ["no CODEOWNERS, which is said elsewhere", [], []],
  ["the last lines protect all rules", [owners(`* @bob\n*.md @eve\n${rulesOwned}`)], []],
  [
    "no line protects any rule",
    [owners("/grants/ @bob\n*.md @eve\n")],
    [
      "policies/x.yaml",
      "policies/tests/x.yaml",
      "policies/keys/allowed_signers",
      "schemas/x.schema.json",
      "schemas/resources/x.schema.json",
      ".github/CODEOWNERS",
    ].map(unowned),
  ],
  [
    "some rules without an owner",
    [owners("/policies/ @admin\n/policies/tests/\n/schemas/*.json @admin\n")],
    [
      unowned("policies/tests/x.yaml"),
      unowned("schemas/resources/x.schema.json"),
      unowned(".github/CODEOWNERS"),
      takenAway("/policies/tests/", 2, 1),
    ],
  ],
  [
    "other lines after the first that protects rules, of which the first is told",
    [owners("* @bob\n/policies/ @admin\n/.github/ @admin\n*.md @eve\n/schemas/ @admin\n/docs/ @eve\n")],
    [takenAway("*.md", 4, 2)],
  ],
]);

const locked = (line: number, message: string) =>
  `ROLES_LOCK_OUT policies/settings.yaml:${line}:3 ${message}`;
const noRequest = (type: string) => locked(5, `nobody may ask for \`${type}\`, which the catalog lists`);
const noAdministrator = "nobody may revoke grants and deny requests as an administrator";
const grace = "administer: { users: [grace] }";

table(lockedOut, [
  ["no settings", [catalog("ssh.host")], []],
  [
    "roles that leave somebody",
    [
      catalog("ssh.host", "azure.vm"),
      settings("request: [{ teams: [privacy] }]", "approve: { teams: [privacy] }", grace),
    ],
    [],
  ],
  ["whoever asks, where settings say nothing of it", [catalog("ssh.host"), settings(grace)], []],
  [
    "listed types that no role is for",
    [
      catalog("ssh.host", "azure.vm", "azure.sql", "acme.mainframe", "azure.vm"),
      settings("request: [{ users: [bob], resourceTypes: [acme.vax, 'ssh.*'] }]", grace),
    ],
    [noRequest("azure.sql"), noRequest("azure.vm")],
  ],
  [
    "a listed type of which only a team without members may ask",
    [
      catalog("ssh.host", "azure.vm"),
      settings(
        "request: [{ teams: [nobodies], resourceTypes: ['azure.*'] }, { resourceTypes: [ssh.host] }]",
        grace,
      ),
    ],
    [noRequest("azure.vm")],
  ],
  [
    "a team that cannot be listed, and one beside a user",
    [
      catalog("ssh.host"),
      settings(
        "request: [{ teams: [gone] }]",
        "approve: { teams: [nobodies], users: [bob] }",
        "administer: { teams: [nobodies], users: [grace] }",
      ),
    ],
    [],
  ],
  [
    "roles of a team without members",
    [
      catalog("ssh.host"),
      settings(
        "request: [{ teams: [nobodies] }]",
        "approve: { teams: [nobodies] }",
        "administer: { teams: [nobodies] }",
      ),
    ],
    [noRequest("ssh.host"), locked(6, "nobody may approve"), locked(7, noAdministrator)],
  ],
  [
    "no role for administrators",
    [settings("audit: { users: [otto] }")],
    [`ROLES_LOCK_OUT policies/settings.yaml:1:1 ${noAdministrator}`],
  ],
  [
    "teams of the directory",
    [
      directory(
        "persons: []\nteams:\n  - { name: nobodies, members: [bob] }\n  - { name: privacy, members: [] }\n",
      ),
      settings("approve: { teams: [nobodies] }", "administer: { teams: [privacy] }"),
    ],
    [locked(6, noAdministrator)],
  ],
]);
