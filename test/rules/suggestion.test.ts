import { describe, expect, it } from "vitest";
import { changeWords } from "../../src/output/explanation.ts";
import { readQuestion } from "../../src/rules/question.ts";
import { unwritten } from "../../src/rules/situation.ts";
import { suggest } from "../../src/rules/suggestion.ts";
import type { YamlValue } from "../../src/rules/yaml.ts";
import { at } from "../domain/builders.ts";
import { bytes, loaded, policyText, ruleFiles, shown } from "./rule-files.ts";
import { starterRules } from "./starter.ts";

const storage =
  "/subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/checkoutprod";
const file = "grants/azure.storage/cs-1.yaml";
const grant = (changed: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    apiVersion: "grantbox/v1",
    kind: "Grant",
    id: "cs-1",
    case: "{ system: servicenow, id: CS-41207, severity: 2 }",
    subject: "alice",
    resource: `{ type: azure.storage, id: ${storage} }`,
    access: '{ actions: [read, list], scope: { container: logs, paths: ["2026/11/**"] } }',
    justification: "Checkout times out for tenant 88; need the gateway logs.",
    duration: "PT4H",
    ...changed,
  })
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");

const people =
  "teams: { support: [alice, erin], storage-owners: [bob, frank], privacy: [carol], administrators: [grace] }\n";

const now = at("2026-11-24T10:00:00Z");

/** What is suggested for a grant. */
function suggestionFor(
  text: string,
  {
    facts = people as string | null,
    rules = starterRules(),
    approvedBy = [] as string[],
    path = file,
    asked = {} as Readonly<Record<string, YamlValue>>,
  } = {},
) {
  const said = facts === null ? null : { file: "facts.yaml", bytes: bytes(facts) };
  const question = readQuestion({ file: path, now, facts: said, approvedBy }, rules);
  if (!question.ok) throw new Error(question.findings.map(shown).join("\n"));
  return suggest({
    layers: [...question.layers, { value: asked, positions: unwritten, path: [], at: ["request"] }],
    loaded: question.loaded,
    read: (wanted) => (wanted === path ? bytes(text) : null),
  });
}

/** The same as words and verdicts. */
function suggested(...call: Parameters<typeof suggestionFor>) {
  const { steps, against } = suggestionFor(...call);
  const line = ({ change, verdict }: (typeof steps)[number]) => `${changeWords(change)}: ${verdict}`;
  return { steps: steps.map(line), against: against.map(line) };
}

const approvals = ["with an approval of bob: pending", "with an approval of carol: approved"];

describe("the way to an approval", () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ["of what only has to be approved: by whom", {}, []],
    [
      "the longest time that is short enough",
      { duration: "PT12H" },
      ["with `duration` PT4H instead of PT12H: pending"],
    ],
    [
      "as many words as are asked for",
      { justification: "Need the logs." },
      ["with a `justification` of 40 characters or more: pending"],
    ],
    [
      "no action that is denied",
      { access: '{ actions: [read, delete], scope: { container: logs, paths: ["2026/11/**"] } }' },
      ['with `access.actions` ["read"] instead of ["read","delete"]: pending'],
    ],
    [
      "a value that an expression names",
      { access: '{ actions: [read], scope: { container: cards, paths: ["2026/11/**"] } }' },
      ["with `access.scope.container` logs instead of cards: pending"],
    ],
    [
      "an example of the schema where a pattern has to be met",
      { access: "{ actions: [read], scope: { container: logs } }" },
      ['with `access.scope.paths` ["2026/11/**"]: pending'],
    ],
    [
      "several of them, the denial first",
      { access: "{ actions: [read], scope: { container: logs } }", duration: "PT5H" },
      ['with `access.scope.paths` ["2026/11/**"]: invalid', "with `duration` PT4H instead of PT5H: pending"],
    ],
    ["without an emergency that is not offered", { emergency: "true" }, ["without `emergency`: pending"]],
  ])("%s", (_, changed, steps) => {
    expect(suggested(grant(changed)).steps).toEqual([...steps, ...approvals]);
  });

  it("begins where the reviews are: whoever said no may take it back, an old approval may be given again", () => {
    const facts = `${people}reviews: [{ by: bob, state: approved, commit: earlier }]\nchangesRequestedBy: [carol]\n`;
    expect(suggested(grant(), { facts }).steps).toEqual([
      "with an approval of carol: pending",
      "with an approval of bob: approved",
    ]);
  });

  it("names what is not in the file", () => {
    const rules = starterRules({
      "policies/everything.yaml": `apiVersion: grantbox/v1
kind: ApproverPolicy
name: everything
description: Conditions and office hours.
conditions: { mfa: true, caseOpen: true }
limits: { officeHours: { timeZone: UTC, days: [mon, tue, wed, thu, fri], from: "11:00", until: "18:00" } }
require:
  - { name: resource owners, count: 1, from: { codeowners: true } }
`,
    });
    const facts = `${people}case: resolved\nwithoutSecondFactor: [alice]\n`;
    const { steps } = suggested(grant(), { facts, rules });
    expect(steps).toEqual(
      expect.arrayContaining([
        expect.stringContaining("at 2026-11-24T11:00:00Z or later"),
        expect.stringContaining("once the subject has a second factor"),
        expect.stringContaining("once the case is open"),
        expect.stringMatching(/: approved$/),
      ]),
    );
    expect(steps).toHaveLength(5);
  });

  /** The starter rules, and one policy more for every request. */
  const withPolicy = (more: string) => starterRules({ "policies/more.yaml": policyText("more", more) });
  const places = (locations: string) => ({ constraints: `{ locations: [${locations}] }` });

  it.each<[string, string, Readonly<Record<string, string>>, string]>([
    [
      "actions that a policy allows",
      "limits: { actions: [re*] }\n",
      {},
      'with `access.actions` ["read"] instead of ["read","list"]: pending',
    ],
    [
      "a country that a policy allows",
      "limits: { locations: [DE, FR] }\n",
      {},
      'with `constraints.locations` ["DE"]: pending',
    ],
    [
      "no country that a policy does not allow",
      "limits: { locations: [DE, FR] }\n",
      places("US, FR"),
      'with `constraints.locations` ["FR"] instead of ["US","FR"]: pending',
    ],
    [
      "a country that an expression names",
      `when: 'resource.type == "azure.storage"'\ndeny: [{ when: '!("NL" in constraints.locations)', message: No. }]\n`,
      places("US"),
      'with `constraints.locations` ["NL"] instead of ["US"]: pending',
    ],
    [
      "a part of the resource that a policy allows",
      "limits: { scope: { paths: [2025/10/**], container: ['*'] } }\n",
      {},
      'with `access.scope.paths` ["2025/10/**"] instead of ["2026/11/**"]: pending',
    ],
    [
      "an item of a list that an expression names",
      `deny: [{ when: '!has(access.scope.paths) || !("2026/11/24/gateway.log" in access.scope.paths)', message: No. }]\n`,
      {},
      'with `access.scope.paths` ["2026/11/24/gateway.log"] instead of ["2026/11/**"]: pending',
    ],
    [
      "how bad the case is",
      `deny: [{ when: '!has(case.severity) || case.severity > 2', message: No. }]\n`,
      { case: "{ system: servicenow, id: CS-41207 }" },
      "with `case.severity` 2: pending",
    ],
    [
      "the shortest time that is long enough",
      "limits: { minDuration: PT3H15M }\n",
      { duration: "PT2H" },
      "with `duration` PT3H15M instead of PT2H: pending",
    ],
    [
      "as many characters as are asked for, of an alphabet of pictures too",
      "limits: { minJustification: 60 }\n",
      { justification: "The customer is waiting 🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏" },
      "with a `justification` of 60 characters or more: pending",
    ],
  ])("%s", (_, more, changed, first) => {
    expect(suggested(grant(changed), { rules: withPolicy(more) }).steps).toEqual([first, ...approvals]);
  });

  it("part of a resource of which nothing was said before", () => {
    const site =
      "/subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/shop/providers/Microsoft.Web/sites/storefront";
    const text = grant({
      resource: `{ type: azure.app-service, id: ${site} }`,
      access: "{ actions: [logs] }",
    });
    const { steps } = suggested(text, { path: "grants/azure.app-service/cs-1.yaml" });
    expect(steps[0]).toMatch(/^with `access\.scope\.redacted` true: /);
  });

  it("no draft, and no pull request of a fork", () => {
    expect(suggested(grant(), { asked: { draft: true, fork: true } }).steps).toEqual([
      "from a branch of the repository: pending",
      "with an approval of bob: pending",
      "with an approval of carol: pending",
      // a draft is sent back to nobody: it only waits
      "once it is no draft: approved",
    ]);
  });

  it("each change as a test of a policy would write it, beside what stands there now", () => {
    const access = '{ actions: [read, delete], scope: { container: logs, paths: ["2026/11/**"] } }';
    expect(suggestionFor(grant({ access }))).toEqual({
      steps: [
        {
          change: { path: "grant.access.actions", value: ["read"], before: ["read", "delete"] },
          verdict: "pending",
        },
        { change: { path: "facts.approvedBy", value: ["bob"], before: [] }, verdict: "pending" },
        {
          change: { path: "facts.approvedBy", value: ["bob", "carol"], before: ["bob"] },
          verdict: "approved",
        },
      ],
      against: [],
    });
  });

  it("no more than twelve changes: more are no advice", () => {
    const logins = Array.from({ length: 13 }, (_, index) => `owner-${index + 11}`);
    const rules = loaded(
      ruleFiles({
        ".github/CODEOWNERS": `* ${logins.map((login) => `@${login}`).join(" ")}\n`,
        "policies/all.yaml": policyText(
          "all",
          `  - { name: others, count: 4, from: { users: [${logins.slice(9).join(", ")}] } }\n`,
        ).replace("count: 1", "count: 9"),
      }),
    );
    const { steps } = suggested(grant({ duration: "PT30M" }), { rules, facts: "{}\n" });
    expect(steps).toEqual(logins.slice(0, 12).map((login) => `with an approval of ${login}: pending`));
  });

  it("facts that nobody could say", () => {
    const rules = withPolicy("conditions: { mfa: true, caseOpen: true }\n");
    const facts = `${people}case: unknown\nwithoutSecondFactor: unknown\n`;
    expect(suggested(grant(), { facts, rules }).steps).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^once the subject has a second factor: /),
        expect.stringMatching(/^once the case is open: /),
        expect.stringMatching(/: approved$/),
      ]),
    );
  });

  it("as much time as is left of all that an access may last with its extensions", () => {
    const extended = { begun: "2026-11-24T04:00:00Z", before: { duration: "PT7H" } };
    const asked = { extends: extended };
    const rules = withPolicy("limits: { maxTotalDuration: PT9H20M }\n");
    expect(suggested(grant(), { asked, rules }).steps[0]).toBe(
      "with `duration` PT3H20M instead of PT4H: pending",
    );
  });

  it("nothing that a later change has made needless", () => {
    const rules = loaded(
      ruleFiles({
        ".github/CODEOWNERS": "* @bob\n",
        "policies/all.yaml": policyText(
          "all",
          `deny:
  - { when: 'duration > duration("2h") && has(case.severity) && case.severity > 2', message: Not for long. }
  - { when: '"delete" in access.actions', message: Nothing is deleted. }
`,
        ),
        "policies/deletes.yaml": policyText(
          "deletes",
          "match: { access.actions: delete }\nlimits: { maxDuration: PT2H }\n",
        ),
        "policies/calm.yaml": policyText(
          "calm",
          "when: has(case.severity) && case.severity > 2\nlimits: { maxPerCase: 1 }\n",
        ),
      }),
    );
    const text = grant({
      case: "{ system: servicenow, id: CS-41207, severity: 3 }",
      access: "{ actions: [read, delete], scope: { container: logs } }",
    });
    // a shorter time would help at first as much as anything else
    expect(suggested(text, { rules, facts: "grants: [{ id: cs-0, ended: true }]\n" }).steps).toEqual([
      'with `access.actions` ["read"] instead of ["read","delete"]: denied',
      "with `case.severity` 2 instead of 3: pending",
      "with an approval of bob: approved",
    ]);
  });

  it("not even an approval that a later change has made needless", () => {
    const rules = loaded(
      ruleFiles({
        ".github/CODEOWNERS": "* @bob\n",
        "policies/all.yaml": policyText("all", "limits: { maxDuration: PT2H }\n"),
        "policies/calm.yaml": policyText(
          "calm",
          "when: has(case.severity) && case.severity > 2\nlimits: { maxPerCase: 1 }\n",
        ),
        "policies/privacy.yaml": policyText(
          "privacy",
          `  - { name: privacy, count: 1, from: { users: [carol] } }
when: duration > duration("2h") || (has(case.severity) && case.severity > 2)
`,
        ),
      }),
    );
    const text = grant({
      case: "{ system: servicenow, id: CS-41207, severity: 3 }",
      access: "{ actions: [read], scope: { container: logs } }",
      duration: "PT3H",
    });
    const facts = "changesRequestedBy: [carol]\ngrants: [{ id: cs-0, ended: true }]\n";
    // that Carol takes her no back would help at first more than anything else
    expect(suggestionFor(text, { rules, facts }).steps).toEqual([
      { change: { path: "grant.duration", value: "PT2H", before: "PT3H" }, verdict: "denied" },
      { change: { path: "grant.case.severity", value: 2, before: 3 }, verdict: "pending" },
      { change: { path: "facts.approvedBy", value: ["bob"], before: [] }, verdict: "approved" },
    ]);
  });

  it("begins with reviews of accounts and of commits that are gone", () => {
    const facts = `${people}reviews: [{ state: approved }, { by: bob, state: approved, commit: gone }]\n`;
    expect(suggested(grant(), { facts }).steps).toEqual(approvals);
  });

  it("is none where there is no such file", () => {
    const question = readQuestion({ file, now, facts: null, approvedBy: [] }, starterRules());
    if (!question.ok) throw new Error(question.findings.map(shown).join("\n"));
    expect(suggest({ layers: question.layers, loaded: question.loaded, read: () => null })).toEqual({
      steps: [],
      against: [],
    });
  });

  it("stands in for members whom nobody has named", () => {
    expect(suggested(grant(), { facts: null }).steps).toEqual([
      "with an approval of somebody-of-storage-owners: pending",
      "with an approval of somebody-of-privacy: approved",
    ]);
  });

  it("counts approvals that somebody pretends", () => {
    expect(suggested(grant(), { approvedBy: ["bob"] }).steps).toEqual([
      "with an approval of carol: approved",
    ]);
    expect(suggested(grant(), { approvedBy: ["mallory"] }).steps).toEqual(approvals);
  });

  it("is not made up where there is none", () => {
    const facts = "teams: { support: [alice], storage-owners: [bob] }\n";
    expect(suggested(grant(), { facts }).steps).toEqual(["with an approval of bob: pending"]);
    expect(suggested(grant({ resource: "{ type: azure.storage, id: /subscriptions/x }" })).steps).toEqual([]);
  });
});

describe("against an approval", () => {
  it("each one without which it would wait", () => {
    expect(suggested(grant(), { facts: `${people}approvedBy: [bob, carol]\n` })).toEqual({
      steps: [],
      against: ["without the approval of bob: pending", "without the approval of carol: pending"],
    });
  });

  it("by the reviews that would be left, in full", () => {
    const facts = `${people}reviews:
  - { by: dave, state: commented, commit: earlier }
  - { state: approved }
  - { by: frank, state: approved, commit: gone }
  - { by: bob, state: approved, body: Fine. }
approvedBy: [carol]
`;
    const rest = [
      { by: "dave", state: "commented", commit: "earlier" },
      { state: "approved", commit: "head" },
      { by: "frank", state: "approved", commit: "gone" },
    ];
    const [bob, carol] = ["bob", "carol"].map((by) => ({ by, state: "approved", commit: "head" }));
    const before = [...rest, bob, carol];
    expect(suggestionFor(grant(), { facts })).toEqual({
      steps: [],
      against: [
        { change: { path: "facts.reviews", value: [...rest, carol], before }, verdict: "pending" },
        { change: { path: "facts.reviews", value: [...rest, bob], before }, verdict: "pending" },
      ],
    });
  });

  it("none whose place another one would take", () => {
    expect(suggested(grant(), { facts: `${people}approvedBy: [bob, carol, frank]\n` }).against).toEqual([
      "without the approval of carol: pending",
    ]);
  });
});
