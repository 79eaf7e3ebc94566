import { describe, expect, it } from "vitest";
import { parseInstant } from "../../src/domain/time.ts";
import { changeWords } from "../../src/output/explanation.ts";
import { readQuestion } from "../../src/rules/question.ts";
import { suggest } from "../../src/rules/suggestion.ts";
import { bytes, shown } from "./rule-files.ts";
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

const now = parseInstant("2026-11-24T10:00:00Z");
if (now === null) throw new Error("no instant");

/** What is suggested for a grant, as words and verdicts. */
function suggested(
  text: string,
  { facts = people as string | null, rules = starterRules(), approvedBy = [] as string[], path = file } = {},
) {
  const said = facts === null ? null : { file: "facts.yaml", bytes: bytes(facts) };
  const question = readQuestion({ file: path, now: now ?? (0 as never), facts: said, approvedBy }, rules);
  if (!question.ok) throw new Error(question.findings.map(shown).join("\n"));
  const { steps, against } = suggest({
    layers: question.layers,
    loaded: question.loaded,
    read: (wanted) => (wanted === path ? bytes(text) : null),
  });
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

  it("none whose place another one would take", () => {
    expect(suggested(grant(), { facts: `${people}approvedBy: [bob, carol, frank]\n` }).against).toEqual([
      "without the approval of carol: pending",
    ]);
  });
});

it("facts are read as strictly as in a test, with their own places", () => {
  const rules = starterRules();
  const wrong = (text: string) => {
    const question = readQuestion(
      { file, now: now ?? (0 as never), facts: { file: "facts.yaml", bytes: bytes(text) }, approvedBy: [] },
      rules,
    );
    return question.ok ? [] : question.findings.map(shown);
  };
  expect(wrong("approvedby: [bob]\n")).toEqual([
    expect.stringMatching(
      /^SCHEMA_UNKNOWN_FIELD facts\.yaml:1:1 .*has no field `approvedby` \| did you mean `approvedBy`\?$/,
    ),
  ]);
  expect(wrong("teams: { privacy: carol }\n")).toEqual([
    expect.stringMatching(/^SCHEMA_WRONG_\w+ facts\.yaml:1:19 `teams\.privacy` /),
  ]);
  expect(wrong("- bob\n")).toHaveLength(1);
});
