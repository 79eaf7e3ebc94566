import { describe, expect, it } from "vitest";
import { parseCodeowners } from "../../src/domain/codeowners.ts";
import { expecting } from "../../src/domain/expectation.ts";
import { hours, printInstant } from "../../src/domain/time.ts";
import type { Layer } from "../../src/rules/overlay.ts";
import { isPolicyTest } from "../../src/rules/policy-test.ts";
import { situationOf, unwritten } from "../../src/rules/situation.ts";
import type { YamlValue } from "../../src/rules/yaml.ts";
import { resultsOf, starterRules, wrongWithTest } from "./starter.ts";

const rules = starterRules();

const usualGrant = {
  case: { system: "servicenow", id: "CS-60310", severity: 3 },
  subject: "alice",
  resource: {
    type: "azure.app-service",
    id: "/subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/pricing/providers/Microsoft.Web/sites/pricing-engine",
  },
  access: { actions: ["logs", "metrics"] },
  justification: "Prices of tenant 12 are a day old; need to see the nightly run.",
  duration: "PT8H",
};
const head = `apiVersion: grantbox/v1
kind: PolicyTest
name: example
defaults:
  grant:
    case: { system: servicenow, id: CS-60310, severity: 3 }
    subject: alice
    resource:
      type: azure.app-service
      id: /subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/pricing/providers/Microsoft.Web/sites/pricing-engine
    access: { actions: [logs, metrics] }
    justification: Prices of tenant 12 are a day old; need to see the nightly run.
    duration: PT8H
  facts:
    teams: { support: [alice, erin], oncall-managers: [grace] }
cases:
`;
const oneCase = (lines: string): string =>
  `${head}  - name: the one case\n${lines.replaceAll(/^/gm, "    ")}\n`;

/** The decision on the request that a case describes. */
function decided(lines: string, files: Readonly<Record<string, string>> = {}) {
  const [result] = resultsOf(oneCase(`${lines}\nexpect: pending`), rules, { files });
  if (result === undefined) throw new Error("no case");
  return result;
}

describe("a test lies in policies/tests", () => {
  it.each([
    ["policies/tests/pci.yaml", true],
    ["policies/pci.yaml", false],
    ["policies/tests/old/pci.yaml", false],
    ["grants/policies/tests/pci.yaml", false],
    ["policies/tests/pci.yaml.orig", false],
  ])("%s: %s", (path, expected) => {
    expect(isPolicyTest(path)).toBe(expected);
  });
});

describe("a short test is a usual request", () => {
  const { case: usual, explanation } = decided("");

  it("opened now by the subject, with one signed commit of theirs, to the default branch", () => {
    const { request, facts, now } = usual;
    expect(printInstant(now)).toBe("2026-01-13T10:00:00Z");
    expect(request).toMatchObject({
      openedAt: now,
      draft: false,
      fork: false,
      baseBranch: "main",
      organization: "acme",
    });
    expect(request.requester).toMatchObject({ login: "alice", kind: "user" });
    expect(facts.commits).toMatchObject([{ oid: request.head, signed: true }]);
    expect(facts).toMatchObject({
      head: request.head,
      complete: true,
      pushers: { known: true, logins: ["alice"] },
    });
  });

  it("of an open case, with a second factor, without other grants and without anybody's word", () => {
    expect(usual.facts).toMatchObject({
      case: { read: true, state: "open" },
      secondFactor: { read: true, without: [] },
      grants: [],
      reviews: [],
      comments: [],
    });
  });

  it("a team that is not named has nobody, so that nothing is unknown", () => {
    expect(usual.facts.teams).toMatchObject({ privacy: { read: true, members: [] } });
    expect(explanation.decision.findings).toEqual([]);
  });
});

describe("facts in people's words", () => {
  it.each<[string, string, string, readonly string[]]>([
    ["who approved", "facts.approvedBy: [grace]", "approved", []],
    [
      "who requested changes, after all approvals",
      "facts: { approvedBy: [grace], changesRequestedBy: [grace] }",
      "denied",
      ["APPROVER_DENIED"],
    ],
    ["who wrote /deny", "facts.deniedBy: [grace]", "denied", ["APPROVER_DENIED"]],
    [
      "an edited comment is no command",
      'facts.comments: [{ by: grace, body: "/deny", edited: true }]',
      "pending",
      [],
    ],
    [
      "an approval of an earlier commit",
      "facts.reviews: [{ by: grace, state: approved, commit: earlier }]",
      "pending",
      [],
    ],
    [
      "an approval of a commit that is gone",
      "facts.reviews: [{ by: grace, state: approved, commit: gone }]",
      "pending",
      [],
    ],
    ["an account that is gone", "facts.reviews: [{ state: approved }]", "pending", []],
    [
      "a team that cannot be listed",
      "facts.teams.oncall-managers: unreadable",
      "pending",
      ["TEAM_UNREADABLE", "REQUIREMENT_UNFILLABLE"],
    ],
    [
      "a bot approves nothing",
      "facts: { teams: { oncall-managers: ['helper[bot]'] }, approvedBy: ['helper[bot]'] }",
      "pending",
      [],
    ],
    [
      "a co-author must not approve",
      "facts: { commits: [{ author: alice, coAuthors: [grace] }], approvedBy: [grace] }",
      "pending",
      ["REQUIREMENT_UNFILLABLE"],
    ],
    [
      "nor whoever pushed",
      "facts: { pushedBy: [grace], approvedBy: [grace] }",
      "pending",
      ["REQUIREMENT_UNFILLABLE"],
    ],
    [
      "a pusher whom nobody knows",
      "facts: { pushedBy: unknown, approvedBy: [grace] }",
      "pending",
      ["PUSHER_UNKNOWN"],
    ],
    [
      "more commits than GitHub lists",
      "facts: { incomplete: true, approvedBy: [grace] }",
      "invalid",
      ["REQUEST_TOO_MANY_COMMITS"],
    ],
    [
      "a line of CODEOWNERS that GitHub reports",
      "facts: { codeownersErrors: [{ line: 4, kind: Unknown owner }], approvedBy: [grace] }",
      "invalid",
      ["OWNERS_UNKNOWN"],
    ],
    ["a draft", "request.draft: true\nfacts.approvedBy: [grace]", "pending", ["REQUEST_IS_DRAFT"]],
    ["a fork", "request.fork: true", "invalid", ["REQUEST_FROM_FORK"]],
    ["another branch", "request.baseBranch: next", "invalid", ["REQUEST_WRONG_BASE"]],
    ["somebody who may not ask", "request.requester: mallory", "invalid", ["REQUESTER_NOT_ELIGIBLE"]],
    [
      "somebody who asks for a colleague",
      "request.requester: erin\nfacts.approvedBy: [grace]",
      "approved",
      [],
    ],
    [
      "a request that is too old",
      'request.openedAt: "2026-01-01T10:00:00Z"\nfacts.approvedBy: [grace]',
      "pending",
      [],
    ],
    [
      "a bot that asks",
      "request.requester: 'helper[bot]'\nfacts.teams.support: ['helper[bot]', alice]",
      "pending",
      ["PUSHER_UNKNOWN"],
    ],
    ["a mistake in the grant", "grant.durtion: PT1H", "invalid", ["SCHEMA_UNKNOWN_FIELD"]],
    [
      "an extension of a grant that runs",
      'request.extends: { begun: "2026-01-13T06:00:00Z", before: { duration: PT6H } }\nfacts.approvedBy: [grace]',
      "approved",
      [],
    ],
    [
      "an extension of one that has ended",
      'request.extends: { begun: "2026-01-13T06:00:00Z", ended: true }',
      "invalid",
      ["EXTENSION_NOT_RUNNING"],
    ],
    [
      "an extension that changes more than the time",
      'request.extends: { begun: "2026-01-13T06:00:00Z", before: { access: { actions: [logs] } } }',
      "invalid",
      ["EXTENSION_CHANGES_ACCESS"],
    ],
    [
      "an extension of an older version",
      'request.extends: { begun: "2026-01-13T06:00:00Z", outdated: true }',
      "invalid",
      ["EXTENSION_NOT_RUNNING"],
    ],
    [
      "an extension beyond the day",
      'request.extends: { begun: "2026-01-12T12:00:00Z", runsUntil: "2026-01-13T11:00:00Z" }',
      "invalid",
      ["GRANT_TOTAL_DURATION_OVER_LIMIT"],
    ],
  ])("%s", (_, lines, verdict, codes) => {
    const { decision } = decided(lines).explanation;
    expect({ verdict: decision.verdict, codes: decision.findings.map(({ code }) => code) }).toEqual({
      verdict,
      codes,
    });
  });

  it("a grant file of the repository, changed in one place", () => {
    const text = `apiVersion: grantbox/v1
kind: Grant
id: cs-1
case: { system: servicenow, id: CS-1 }
subject: erin
resource: { type: azure.app-service, id: /subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/pricing/providers/Microsoft.Web/sites/pricing-engine }
access: { actions: [logs] }
justification: Prices of tenant 12 are a day old; need the nightly run.
duration: PT9H
`;
    const file = "grants/azure.app-service/cs-1.yaml";
    const lines = oneCase(`file: ${file}\ngrant.subject: alice\nexpect: pending`).replace(
      / {2}grant:.* {2}facts:/s,
      "  facts:",
    );
    const [result] = resultsOf(lines, rules, { files: { [file]: text } });
    expect(result?.case.request.content).toMatchObject({
      file: { path: file, id: "cs-1" },
      grant: { subject: "alice", id: "cs-1" },
    });
    const over = result?.explanation.decision.findings.find(
      ({ code }) => code === "GRANT_DURATION_OVER_LIMIT",
    );
    expect(over?.at).toMatchObject({ file, line: 9, column: 11 });
  });

  it("what a file says can be taken away", () => {
    const file = "grants/azure.app-service/cs-1.yaml";
    const text = `subject: erin\nemergency: true\nduration: PT1H\n`;
    const [result] = resultsOf(oneCase(`file: ${file}\ngrant.emergency: null\nexpect: pending`), rules, {
      files: { [file]: text },
    });
    const { content } = result?.case.request ?? { content: null };
    expect(content?.kind === "grant" ? content.grant : content).not.toHaveProperty("emergency");
  });

  it("other grants are of the same subject and case, and in force, unless it is said otherwise", () => {
    const { facts, now } = decided(
      "facts.grants: [{ id: cs-1 }, { id: cs-2, subject: erin, case: { system: jira, id: X-1 }, ended: true }]",
    ).case;
    expect(facts.grants).toMatchObject([
      {
        id: "cs-1",
        subject: "alice",
        case: { system: "servicenow", id: "CS-60310" },
        runsUntil: now + 3_600_000,
      },
      { id: "cs-2", subject: "erin", case: { system: "jira", id: "X-1" }, runsUntil: null },
    ]);
  });
});

describe("what a test expects", () => {
  const expected = (text: string) => decidedAs(`expect: ${text}`).case.expect;
  const decidedAs = (lines: string) => {
    const [result] = resultsOf(oneCase(lines), rules);
    if (result === undefined) throw new Error("no case");
    return result;
  };

  it("is a verdict, and nothing else where it stands alone", () => {
    expect(expected("approved")).toEqual(expecting("approved"));
  });

  it("is everything that it names", () => {
    const all = expected(`
  verdict: pending
  policies: [a]
  filled: [b]
  missing: [c]
  notCounted: { bob: is-subject }
  findings: [MFA_UNKNOWN]
  lapsesAfter: P2D
  remindsAfter: [PT8H, PT24H]
  escalatesAfter: PT12H
  escalatesTo: [security]
  reviewWithin: P1D`);
    expect(all).toEqual(
      expecting("pending", {
        policies: ["a"],
        filled: ["b"],
        missing: ["c"],
        notCounted: { bob: "is-subject" },
        findings: ["MFA_UNKNOWN"],
        lapsesAfter: hours(48),
        remindsAfter: [hours(8), hours(24)],
        escalatesAfter: hours(12),
        escalatesTo: ["security"],
        reviewWithin: hours(24),
      }),
    );
  });

  it.each([
    ["that no policy covers it", "no-policy", { kind: "no-policy", policy: null, says: null, by: null }],
    ["a policy by its name", "pci", { kind: "policy", policy: "pci", says: null, by: null }],
    [
      "a policy and what it says",
      "{ policy: pci, says: never }",
      { kind: "policy", policy: "pci", says: "never", by: null },
    ],
    ["a person", "{ by: grace }", { kind: "person", policy: null, says: null, by: "grace" }],
  ])("may be a denial: %s", (_, denial, wanted) => {
    expect(expected(`{ verdict: denied, denials: [${denial}] }`).denials).toEqual([wanted]);
  });
});

describe("a request that no schema has checked", () => {
  const layer = (value: YamlValue): Layer => ({ value, positions: unwritten, path: [], at: [] });
  const read = (document: YamlValue, under = rules) => situationOf([layer(document)], under, () => null);

  it.each<[string, YamlValue]>([
    ["the moment", { now: "soon" }],
    ["when it was opened", { request: { openedAt: "2026-02-30T10:00:00Z" } }],
    ["how long another grant runs", { facts: { grants: [{ id: "cs-1", runsUntil: "soon" }] } }],
  ])("says that %s is no instant", (_, document) => {
    expect(read(document)).toMatchObject({
      situation: null,
      findings: [{ code: "SCHEMA_WRONG_VALUE", message: expect.stringContaining("is no instant") }],
    });
  });

  it("is made by somebody and has no usual grant, where it says nothing", () => {
    const { situation, findings } = read({ facts: { grants: [{ id: "cs-1" }, { id: "Not An Id" }] } });
    expect(findings).toEqual([]);
    expect(situation?.request).toMatchObject({
      organization: "acme",
      requester: { login: "somebody" },
      content: { kind: "refused" },
    });
    expect(situation?.facts.grants).toEqual([]);
  });

  it("has other grants of whoever asks, where no subject is known", () => {
    const other = { id: "cs-1", case: { system: "jira", id: "X-1" } };
    const { situation } = read({ request: { requester: "erin" }, facts: { grants: [other] } });
    expect(situation?.facts.grants).toMatchObject([{ id: "cs-1", subject: "erin" }]);
  });

  it.each<[string, string | null, string]>([
    [
      "of the first team that owns something",
      "* bob@home.example @bob\n/grants/ @umbrella/owners\n",
      "umbrella",
    ],
    ["of nobody in particular where no team does", "* @bob\n", "acme"],
    ["of nobody in particular without owners", null, "acme"],
  ])("is in the organisation %s", (_, codeowners, organization) => {
    const owners = codeowners === null ? null : parseCodeowners(codeowners, ".github/CODEOWNERS");
    const under = { ...rules, rules: { ...rules.rules, codeowners: owners } };
    expect(read({}, under).situation?.request.organization).toBe(organization);
  });

  it.each<[string, YamlValue]>([
    ["an id that no file could have", { id: "Not An Id" }],
    ["a type that no folder could have", { id: "cs-1", resource: { type: "Not A Type" } }],
  ])("is refused with %s", (_, part) => {
    const { situation } = read({ grant: { ...usualGrant, ...(part as object) } });
    expect(situation?.request.content).toMatchObject({ kind: "refused" });
  });

  it("whose extension says no time is none", () => {
    expect(read({ grant: usualGrant, request: { extends: { begun: "soon" } } }).findings).toMatchObject([
      { message: "`soon` is no instant" },
    ]);
  });

  it("whose comments are by an account that is gone", () => {
    const { situation } = read({ facts: { comments: [{ body: "/deny" }] } });
    expect(situation?.facts.comments).toMatchObject([{ author: null, body: "/deny" }]);
  });
});

describe("a path takes the place of what the defaults say", () => {
  it("as a whole, where a block changes single fields", () => {
    const grantOf = (lines: string) => {
      const { content } = decided(lines).case.request;
      return content.kind === "grant" ? content.grant : null;
    };
    expect(grantOf("grant.case: { system: jira, id: X-1 }")?.case).toEqual({ system: "jira", id: "X-1" });
    expect(grantOf("grant: { case: { id: X-1 } }")?.case).toEqual({
      system: "servicenow",
      id: "X-1",
      severity: 3,
    });
    expect(grantOf("grant.case.severity: null")?.case).toEqual({ system: "servicenow", id: "CS-60310" });
  });

  it("and of what the case itself says less closely, in whatever order that is written", () => {
    const { content } = decided(
      "grant.case.id: X-2\ngrant.case: { system: jira, id: X-1 }\ngrant: { duration: PT1H, case: { severity: 1 } }",
    ).case.request;
    expect(content).toMatchObject({
      kind: "grant",
      grant: { case: { system: "jira", id: "X-2" }, duration: hours(1) },
    });
  });
});

it("a case knows where it begins, and where it says what it expects", () => {
  const text = `${oneCase("now: 2026-01-13T10:00:00Z\nexpect: pending")}  - expect: pending\n    name: another\n`;
  const file = "policies/tests/example.yaml";
  expect(resultsOf(text, rules).map(({ case: { at, expectedAt } }) => ({ at, expectedAt }))).toMatchObject([
    { at: { file, line: 17, column: 5 }, expectedAt: { file, line: 19, column: 5 } },
    { at: { file, line: 20, column: 5 }, expectedAt: { file, line: 20, column: 5 } },
  ]);
});

describe("what is wrong is told where it is written", () => {
  it.each<[string, string, string]>([
    [
      "an unknown field of a case",
      "expct: approved\nexpect: approved",
      "SCHEMA_UNKNOWN_FIELD policies/tests/example.yaml:18:5 `cases[0]` has no field `expct`",
    ],
    [
      "an unknown fact by its path",
      "facts.approvdBy: [bob]\nexpect: approved",
      "SCHEMA_UNKNOWN_FIELD policies/tests/example.yaml:18:5 `facts` has no field `approvdBy` | did you mean `approvedBy`?",
    ],
    [
      "an unknown code",
      "expect: { verdict: invalid, findings: [GRANT_DURATION_OVER_LIMITS] }",
      "SCHEMA_WRONG_VALUE policies/tests/example.yaml:18:44 there is no finding `GRANT_DURATION_OVER_LIMITS` | did you mean `GRANT_DURATION_OVER_LIMIT`?",
    ],
    [
      "a time that is none",
      'now: "2026-02-30T10:00:00Z"\nexpect: pending',
      "SCHEMA_WRONG_VALUE policies/tests/example.yaml:18:10 `2026-02-30T10:00:00Z` is not a valid `cases[0].now`",
    ],
    [
      "a file that is not there",
      "file: grants/a.yaml\nexpect: pending",
      "SCHEMA_WRONG_VALUE policies/tests/example.yaml:18:11 there is no file `grants/a.yaml`",
    ],
    [
      "an unknown code that is like no other",
      "expect: { verdict: invalid, findings: [XYZZY] }",
      "SCHEMA_WRONG_VALUE policies/tests/example.yaml:18:44 there is no finding `XYZZY` | docs/findings.md lists all codes",
    ],
    [
      "a file that cannot be read",
      "file: grants/broken.yaml\nexpect: pending",
      "YAML_SYNTAX grants/broken.yaml:2:1",
    ],
    [
      "a grant that cannot be extended",
      'request.extends: { begun: "2026-01-13T06:00:00Z", before: { duration: never } }\nexpect: pending',
      "SCHEMA_WRONG_VALUE policies/tests/example.yaml:18:75 `never` is not a valid `duration`",
    ],
    [
      "a bare denial does not say by whom",
      "expect: denied",
      "SCHEMA_WRONG_VALUE policies/tests/example.yaml:18:13",
    ],
  ])("%s", (_, lines, line) => {
    const files = { "grants/broken.yaml": "kind: 'Grant\n" };
    const [first = ""] = wrongWithTest(oneCase(lines), rules, { files });
    expect(first.startsWith(line), first).toBe(true);
  });

  it.each<[string, string, string]>([
    ["the moment", 'now: "2026-06-30T23:59:60Z"', "18:10"],
    ["when it was opened", 'request: { openedAt: "2026-06-30T23:59:60Z" }', "18:26"],
    [
      "how long another grant runs",
      'facts.grants: [{ id: cs-1 }, { id: cs-2, runsUntil: "2026-06-30T23:59:60Z" }]',
      "18:57",
    ],
    ["when an extended one began", 'request.extends: { begun: "2026-06-30T23:59:60Z" }', "18:31"],
    [
      "how long an extended one runs",
      'request.extends: { begun: "2026-06-30T10:00:00Z", runsUntil: "2026-06-30T23:59:60Z" }',
      "18:66",
    ],
  ])("a leap second, which no clock here knows, as %s", (_, line, place) => {
    expect(wrongWithTest(oneCase(`${line}\nexpect: pending`), rules)).toEqual([
      `SCHEMA_WRONG_VALUE policies/tests/example.yaml:${place} \`2026-06-30T23:59:60Z\` is no instant`,
    ]);
  });

  it("a file that is no YAML", () => {
    expect(wrongWithTest("kind: 'PolicyTest\n", rules)).toEqual([
      expect.stringMatching(/^YAML_SYNTAX .*:2:1 /),
    ]);
  });

  it("that the schema of such files is missing", () => {
    const kinds = new Set([...rules.schemas.kinds].filter((kind) => kind !== "PolicyTest"));
    const without = { ...rules, schemas: { ...rules.schemas, kinds } };
    expect(wrongWithTest(oneCase("expect: pending"), without)).toEqual([
      expect.stringMatching(/^RULES_SCHEMA_MISSING `schemas\/policy-test.schema.json` is missing/),
    ]);
  });

  it("two cases of one name", () => {
    const text = `${oneCase("expect: pending")}${["another", "another", "the one case"]
      .map((name) => `  - name: ${name}\n    expect: pending\n`)
      .join("")}`;
    expect(wrongWithTest(text, rules)).toEqual([
      "RULES_DUPLICATE_NAME policies/tests/example.yaml:21:11 case 2 is called `another` already",
      "RULES_DUPLICATE_NAME policies/tests/example.yaml:23:11 case 1 is called `the one case` already",
    ]);
  });

  it("a name that is not the file's", () => {
    expect(wrongWithTest(oneCase("expect: pending"), rules, { file: "policies/tests/other.yaml" })).toEqual([
      "POLICY_NAME_MISMATCH policies/tests/other.yaml:3:7 `example` stands in `policies/tests/other.yaml`",
    ]);
  });

  it("a mistake of the defaults once, however many cases there are", () => {
    const text = `${oneCase("expect: pending").replace("support: [alice, erin]", "support: none")}  - name: another\n    expect: pending\n`;
    expect(wrongWithTest(text, rules)).toHaveLength(1);
  });

  it("a file of the defaults once too, before what is wrong with a case alone", () => {
    const text = `${oneCase("expect: pending")}  - name: another\n    expect: pending\n  - { name: third, file: grants/b.yaml, expect: pending }\n`;
    expect(wrongWithTest(text.replace("defaults:\n", "defaults:\n  file: grants/a.yaml\n"), rules)).toEqual([
      "SCHEMA_WRONG_VALUE policies/tests/example.yaml:5:9 there is no file `grants/a.yaml`",
      "SCHEMA_WRONG_VALUE policies/tests/example.yaml:22:26 there is no file `grants/b.yaml`",
    ]);
  });
});
