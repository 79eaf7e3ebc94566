import { describe, expect, it } from "vitest";
import { readQuestion } from "../../src/rules/question.ts";
import { situationOf } from "../../src/rules/situation.ts";
import { at } from "../domain/builders.ts";
import { bytes, loaded, policyText, ruleFiles, shown } from "./rule-files.ts";
import { starterRules } from "./starter.ts";

const file = "grants/ssh.host/cs-1.yaml";
const text = `apiVersion: grantbox/v1
kind: Grant
id: cs-1
case: { system: servicenow, id: CS-41207 }
subject: alice
resource: { type: ssh.host, id: web-7.prod.acme.example }
access: { actions: [shell] }
justification: The page is blank since this morning.
duration: PT1H
`;
const now = at("2026-11-24T10:00:00Z");
const owners = ".github/CODEOWNERS";

function asked(
  rules: ReturnType<typeof loaded>,
  { facts = null as string | null, approvedBy = [] as readonly string[] } = {},
) {
  const said = facts === null ? null : { file: "facts.yaml", bytes: bytes(facts) };
  return readQuestion({ file, now, facts: said, approvedBy }, rules);
}

/** What is taken to be so when somebody asks. */
function taken(rules: ReturnType<typeof loaded>, options?: Parameters<typeof asked>[1]) {
  const question = asked(rules, options);
  if (!question.ok) throw new Error(question.findings.map(shown).join("\n"));
  const { situation } = situationOf(question.layers, question.loaded, () => bytes(text));
  if (situation === null) throw new Error("no situation");
  const { teams, reviews } = situation.facts;
  return {
    now: situation.now,
    teams: Object.fromEntries(Object.entries(teams).map(([slug, team]) => [slug, team.read && team.members])),
    approvedBy: reviews.map(({ author }) => author?.login),
    eligibility: question.loaded.rules.settings.eligibility,
  };
}

/** Rules of these files alone. */
const rulesOf = (texts: Readonly<Record<string, string>>) => loaded(ruleFiles(texts));

describe("without facts", () => {
  it("as many stand in for a team as any policy asks for, and whoever asks may", () => {
    const rules = rulesOf({
      [owners]: "* @bob @acme/Owners bob@acme.example\n",
      "policies/a.yaml": policyText("a", "  - { name: more, count: 2, from: { teams: [privacy_eu] } }\n"),
    });
    expect(taken(rules)).toEqual({
      now,
      teams: {
        owners: ["somebody-of-owners", "somebody-of-owners-2", "somebody-of-owners-3"],
        privacy_eu: ["somebody-of-privacy-eu", "somebody-of-privacy-eu-2", "somebody-of-privacy-eu-3"],
      },
      approvedBy: [],
      eligibility: [expect.objectContaining({ teams: [], users: [], resourceTypes: null, onBehalf: true })],
    });
  });

  it("as many as an emergency asks for, where that is most", () => {
    const emergency =
      "emergency: { count: 2, from: { teams: [oncall] }, maxDuration: PT1H, reviewWithin: P1D }\n";
    const { teams } = taken(rulesOf({ "policies/a.yaml": policyText("a", emergency) }));
    expect(teams).toEqual({ oncall: ["somebody-of-oncall", "somebody-of-oncall-2"] });
  });

  it("whoever stands in has a name as GitHub gives them: of 39 characters at most, with single hyphens", () => {
    const slug = "privacy__and-security-of-all-regions";
    const { teams } = taken(
      rulesOf({
        "policies/a.yaml": policyText("a", `  - { name: more, count: 1, from: { teams: [${slug}] } }\n`),
      }),
    );
    expect(teams).toEqual({
      [slug]: ["somebody-of-privacy-and-security-of", "somebody-of-privacy-and-security-of-2"],
    });
  });

  it("nobody stands in where no rule names a team", () => {
    expect(taken(rulesOf({})).teams).toEqual({});
  });

  it("approvals can be pretended", () => {
    expect(taken(starterRules(), { approvedBy: ["bob", "carol"] }).approvedBy).toEqual(["bob", "carol"]);
  });
});

describe("with facts", () => {
  it("these and the rules hold as they are", () => {
    const rules = starterRules();
    const { teams, approvedBy, eligibility } = taken(rules, {
      facts: "teams: { security: [dave] }\napprovedBy: [bob]\n",
    });
    expect(teams).toMatchObject({ security: ["dave"], "oncall-managers": [] });
    expect(approvedBy).toEqual(["bob"]);
    expect(eligibility).toEqual(rules.rules.settings.eligibility);
  });

  it.each([
    ["after those that there are", "approvedBy: [bob]\n", ["bob", "carol"]],
    ["where there are none", "teams: { security: [dave] }\n", ["carol"]],
  ])("pretended approvals come %s", (_, facts, wanted) => {
    expect(taken(starterRules(), { facts, approvedBy: ["carol"] }).approvedBy).toEqual(wanted);
  });

  it.each<[string, string, readonly RegExp[]]>([
    ["are no YAML", "teams: [\n", [/^YAML_\w+ facts\.yaml:\d+:\d+ /]],
    [
      "are a list",
      "- bob\n",
      [/^SCHEMA_WRONG_TYPE facts\.yaml:1:1 `facts` is a list, and a mapping belongs here /],
    ],
    [
      "name somebody in two ways",
      "approvedBy: [bob, 7]\n",
      [/^SCHEMA_WRONG_TYPE facts\.yaml:1:19 `approvedBy\[1\]` /],
    ],
    [
      "name one member as a word",
      "teams: { privacy: carol }\n",
      [/^SCHEMA_WRONG_\w+ facts\.yaml:1:19 `teams\.privacy` /],
    ],
    [
      "are misspelt in two places",
      "approvedby: [bob]\ncase: shut\n",
      [
        /^SCHEMA_UNKNOWN_FIELD facts\.yaml:1:1 `facts` has no field `approvedby` \| did you mean `approvedBy`\?$/,
        /^SCHEMA_WRONG_VALUE facts\.yaml:2:7 /,
      ],
    ],
  ])("are refused at their own places where they %s", (_, facts, wanted) => {
    const question = asked(starterRules(), { facts });
    const found = question.ok ? [] : question.findings.map(shown);
    expect(found).toEqual(wanted.map((pattern) => expect.stringMatching(pattern)));
  });

  it("are told at their own places by whoever reads the request", () => {
    const facts = 'grants:\n  - { id: cs-0, runsUntil: "2026-06-30T23:59:60Z" }\n';
    const question = asked(starterRules(), { facts });
    const { findings } = situationOf(question.ok ? question.layers : [], starterRules(), () => bytes(text));
    expect(findings.map(shown)).toEqual([
      "SCHEMA_WRONG_VALUE facts.yaml:2:28 `2026-06-30T23:59:60Z` is no instant",
    ]);
  });

  it("cannot be read where the lockbox has no schema for them", () => {
    const files = ruleFiles({ "policies/a.yaml": policyText("a") });
    files.delete("schemas/policy-test.schema.json");
    const question = asked(loaded(files), { facts: "approvedBy: [bob]\n" });
    expect(question.ok ? [] : question.findings.map(shown)).toEqual([
      "RULES_SCHEMA_MISSING `schemas/policy-test.schema.json` is missing",
    ]);
  });
});
