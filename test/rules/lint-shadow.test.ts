import { describe, expect, it } from "vitest";
import { shadowedPolicy } from "../../src/rules/lint-shadow.ts";
import { foundBy, policyFiles } from "./rule-files.ts";

/** What is said of policies, by name with what each has of its own. */
const shadowed = (policies: Readonly<Record<string, string>>) =>
  foundBy(shadowedPolicy, policyFiles(policies));

describe("a policy beside another one that asks for at least as much", () => {
  /** Whether a policy is said to change nothing beside one that comes before it, by what each has of its own. */
  const isShadowed = (policy: string, earlier: string) =>
    shadowed({ a: earlier, b: policy }).some((line) => line.includes("whatever `b` matches, `a`"));

  const office = (from: string) =>
    `officeHours: { timeZone: UTC, days: [mon, tue], from: "${from}", until: "18:00" }`;
  const emergency = (minutes: number) =>
    `emergency: { count: 1, from: { users: [grace] }, maxDuration: PT${minutes}M, reviewWithin: P1D }\n`;
  const deny = (subject: string) => `deny: [{ when: 'subject == "${subject}"', message: no }]\n`;
  const conditions = (name: string) => `conditions: { ${name}: true }\n`;

  it.each<[string, string, string]>([
    ["a longest duration", "limits: { maxDuration: PT4H }\n", "limits: { maxDuration: PT2H }\n"],
    [
      "a longest duration in all",
      "limits: { maxTotalDuration: PT9H }\n",
      "limits: { maxTotalDuration: PT8H }\n",
    ],
    ["grants at a time", "limits: { maxActivePerSubject: 3 }\n", "limits: { maxActivePerSubject: 2 }\n"],
    ["grants for a case", "limits: { maxPerCase: 3 }\n", "limits: { maxPerCase: 2 }\n"],
    ["a shortest duration", "limits: { minDuration: PT1M }\n", "limits: { minDuration: PT5M }\n"],
    ["a shortest justification", "limits: { minJustification: 20 }\n", "limits: { minJustification: 30 }\n"],
  ])("is told where its own bound is wider: %s", (_, wide, tight) => {
    expect(isShadowed(wide, tight)).toBe(true);
    expect(isShadowed(`${tight}match: { resource.type: azure.sql }\n`, tight)).toBe(true);
    expect(isShadowed("", tight)).toBe(true);
    expect(isShadowed(tight, wide)).toBe(false);
    expect(isShadowed(tight, deny("eve"))).toBe(false);
  });

  it.each<[string, string, string]>([
    ["office hours", `limits: { ${office("08:00")} }\n`, `limits: { ${office("09:00")} }\n`],
    ["regions", "limits: { regions: [westeurope] }\n", "limits: { regions: [northeurope] }\n"],
    ["locations", "limits: { locations: [DE] }\n", "limits: { locations: [FR] }\n"],
    ["actions", "limits: { actions: [read] }\n", "limits: { actions: [exec] }\n"],
    ["scopes", "limits: { scope: { pods: [a] } }\n", "limits: { scope: { pods: [b] } }\n"],
    [
      "scopes, of a field called like a part of ours",
      "limits: { scope: { name: [a] } }\n",
      "limits: { scope: { name: [b] } }\n",
    ],
    ["denials", deny("alice"), deny("eve")],
    ["second factors", conditions("mfa"), conditions("caseOpen")],
    ["signatures", conditions("signedCommits"), conditions("mfa")],
    ["open cases", conditions("caseOpen"), conditions("signedCommits")],
    ["narrow scopes", "limits: { narrow: true }\n", deny("eve")],
    ["lapsing", "pending: { expiresAfter: P1D }\n", "pending: { expiresAfter: P2D }\n"],
    ["reminders", "pending: { remindAfter: [PT2H] }\n", "pending: { remindAfter: [PT3H] }\n"],
    [
      "escalation",
      "pending: { escalateAfter: PT2H, escalateTo: { users: [bob] } }\n",
      "pending: { escalateAfter: PT3H, escalateTo: { users: [bob] } }\n",
    ],
  ])("is told where both say the same, and not where they differ: %s", (_, same, other) => {
    expect(isShadowed(same, `${same}when: emergency || !emergency\n`)).toBe(false);
    expect(isShadowed(`${same}match: { resource.type: azure.sql }\n`, same)).toBe(true);
    expect(isShadowed("", same)).toBe(true);
    expect(isShadowed(same, other)).toBe(false);
  });

  it.each<[string, string, string, boolean]>([
    ["a denial that the other has as well", deny("eve"), `${deny("eve")}${conditions("mfa")}`, true],
    ["an emergency, where the other offers none", emergency(30), conditions("mfa"), true],
    ["the same emergency", emergency(30), `${emergency(30)}${conditions("mfa")}`, true],
    ["another emergency", emergency(30), emergency(45), false],
    ["no emergency, where the other offers one", "", emergency(30), false],
    ["the same when", "when: emergency\n", `when: emergency\n${conditions("mfa")}`, true],
    ["another when", "when: emergency\n", 'when: "!emergency"\n', false],
    ["a when that can be told of every request, where the other has none", "when: emergency\n", "", true],
    [
      "a when that fails for some requests, which denies them",
      "match: { subject: eve }\nwhen: case.severity <= 2\n",
      "",
      false,
    ],
    [
      "a when that fails for no request that fits its match",
      "match: { case.severity: [1, 2], emergency: true }\nwhen: case.severity <= 2\n",
      "",
      true,
    ],
    ["a when of which that cannot be told", "when: 'subject.startsWith(\"a\")'\n", "", false],
    ["no when, where the other has one", "", "when: emergency\n", false],
    ["nothing while it waits, where the other reminds", "", "pending: { remindAfter: [PT2H] }\n", true],
    ["fewer values", "match: { resource.type: azure.sql }\n", "match: { resource.type: [azure.*] }\n", true],
    [
      "other values",
      "match: { resource.type: azure.sql }\n",
      "match: { resource.type: [azure.vm] }\n",
      false,
    ],
    [
      "a value more",
      "match: { resource.type: [azure.sql, ssh.host] }\n",
      "match: { resource.type: [azure.*] }\n",
      false,
    ],
    ["a value of another field", "match: { subject: eve }\n", "match: { requester: eve }\n", false],
    ["the same truth", "match: { emergency: true }\n", `match: { emergency: true }\n${deny("eve")}`, true],
    ["another truth", "match: { emergency: true }\n", "match: { emergency: [false] }\n", false],
    [
      "every value, where the other asks for one of them",
      "match: { access.actions: { only: [read] } }\n",
      "match: { access.actions: [read, list] }\n",
      true,
    ],
    [
      "one value, where the other asks for nothing else",
      "match: { access.actions: [read] }\n",
      "match: { access.actions: { only: [read, list] } }\n",
      false,
    ],
    [
      "one of the alternatives",
      "match: { resource.type: azure.sql, emergency: true }\n",
      "match: { anyOf: [{ subject: eve }, { resource.type: azure.sql }] }\n",
      true,
    ],
    [
      "the same alternatives",
      "match: { anyOf: [{ subject: eve }, { resource.type: azure.sql }] }\n",
      `match: { anyOf: [{ subject: eve }, { resource.type: azure.sql }] }\n${deny("eve")}`,
      true,
    ],
    [
      "the same alternatives and more to fit",
      "match: { emergency: true, anyOf: [{ subject: eve }, { resource.type: azure.sql }] }\n",
      "match: { anyOf: [{ subject: eve }, { resource.type: azure.sql }] }\n",
      true,
    ],
    [
      "none of the alternatives",
      "match: { resource.type: ssh.host }\n",
      "match: { anyOf: [{ subject: eve }, { resource.type: azure.sql }] }\n",
      false,
    ],
    [
      "a part of one of the alternatives",
      "match: { resource.type: azure.sql }\n",
      "match: { anyOf: [{ subject: eve }, { resource.type: azure.sql, emergency: true }] }\n",
      false,
    ],
    [
      "alternatives, where the other wants one of them",
      "match: { anyOf: [{ subject: eve }, { resource.type: azure.sql }] }\n",
      "match: { subject: eve }\n",
      false,
    ],
    [
      "one owner, where the other wants two people in two lines",
      "",
      "  - { name: again, count: 1, from: { codeowners: true } }\n",
      true,
    ],
    [
      "two people in two lines, where the other wants one",
      "  - { name: again, count: 1, from: { codeowners: true } }\n",
      conditions("mfa"),
      false,
    ],
    [
      "one more person, whom the other does not ask",
      "  - { name: again, count: 1, from: { users: [bob] } }\n",
      conditions("mfa"),
      false,
    ],
    [
      "one more person, where the other asks the same under another name",
      "  - { name: again, count: 1, from: { users: [bob] } }\n",
      `  - { name: once more, count: 1, from: { users: [bob] } }\n${deny("eve")}`,
      true,
    ],
  ])("with %s", (_, first, second, expected) => {
    expect(isShadowed(first, second)).toBe(expected);
  });

  it("is named where it stands, once, and of equal ones the later ones are", () => {
    expect(shadowed({ a: "", b: "", c: "" })).toEqual([
      "POLICY_SHADOWED policies/b.yaml:1:1 whatever `b` matches, `a` matches as well and asks for at least as much",
      "POLICY_SHADOWED policies/c.yaml:1:1 whatever `c` matches, `a` matches as well and asks for at least as much",
    ]);
    expect(shadowed({ a: "", b: deny("eve") })).toEqual([
      "POLICY_SHADOWED policies/a.yaml:1:1 whatever `a` matches, `b` matches as well and asks for at least as much",
    ]);
  });
});
