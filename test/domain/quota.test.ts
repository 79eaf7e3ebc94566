import { describe, expect, it } from "vitest";
import type { GrantFact } from "../../src/domain/facts.ts";
import { type Limits, noLimits } from "../../src/domain/policy.ts";
import { quotaFindings } from "../../src/domain/quota.ts";
import { content, facts, file, grantId, later, NOW, policy, rules } from "./builders.ts";

const other = (id: string, parts: Partial<GrantFact> = {}): GrantFact => ({
  id: grantId(id),
  subject: "alice",
  case: { system: "jira", id: "X-1" },
  emergency: false,
  reviewed: false,
  runsUntil: later(NOW, "PT1H"),
  ...parts,
});
const all = (
  limits: Partial<Limits>,
  grants: readonly GrantFact[],
  asked: Parameters<typeof content>[0] = {},
) =>
  quotaFindings(
    content(asked),
    [policy({ limits: { ...noLimits, ...limits } })],
    rules(),
    facts({ grants }),
    NOW,
  );
const found = (...of: Parameters<typeof all>) => all(...of).map(({ code }) => code);

describe("how many grants a subject may have at a time", () => {
  const two = { maxActivePerSubject: 2 };

  it.each<[string, readonly GrantFact[], readonly string[]]>([
    ["one less than allowed, beside this one", [other("a")], []],
    ["as many as are allowed already", [other("a"), other("b")], ["SUBJECT_HAS_TOO_MANY_GRANTS"]],
    ["ended ones do not count", [other("a"), other("b", { runsUntil: null })], []],
    ["nor those whose time is over", [other("a"), other("b", { runsUntil: NOW })], []],
    ["nor those of others", [other("a"), other("b", { subject: "erin" })], []],
    ["nor the one that is extended", [other("a"), other(file.id)], []],
  ])("%s", (_, grants, expected) => {
    expect(found(two, grants)).toEqual(expected);
  });

  it("the accounts of one person count together", () => {
    const grants = [other("a", { subject: "erin" }), other("b", { subject: "Erin-Acme" })];
    expect(found(two, grants, { subject: "erin" })).toEqual(["SUBJECT_HAS_TOO_MANY_GRANTS"]);
  });
});

describe("how many grants a case may lead to", () => {
  const same = { case: { system: "ServiceNow", id: "cs-41207" }, runsUntil: null, subject: "erin" };

  it.each<[string, number, readonly string[]]>([
    ["fewer than allowed", 3, []],
    ["as many as are allowed already, ended or not, whoever had them", 2, ["CASE_HAS_TOO_MANY_GRANTS"]],
  ])("%s", (_, maxPerCase, expected) => {
    expect(found({ maxPerCase }, [other("a", same), other("b", same), other("c")])).toEqual(expected);
  });
});

describe("an emergency that nobody has reviewed", () => {
  const emergency = { emergency: true, runsUntil: null };

  it("is told once, however many there are", () => {
    expect(found({}, [other("a", emergency), other("b", emergency)], { emergency: true })).toEqual([
      "EMERGENCY_NOT_REVIEWED",
    ]);
  });

  it.each<[string, GrantFact, boolean, readonly string[]]>([
    ["bars another emergency of the subject", other("a", emergency), true, ["EMERGENCY_NOT_REVIEWED"]],
    ["and nothing else", other("a", emergency), false, []],
    ["until it is reviewed", other("a", { ...emergency, reviewed: true }), true, []],
    ["nobody else pays for it", other("a", { ...emergency, subject: "erin" }), true, []],
    ["a usual grant needs no review", other("a"), true, []],
  ])("%s", (_, known, asked, expected) => {
    expect(found({}, [known], { emergency: asked })).toEqual(expected);
  });
});

it("each is told where the file says what is counted: subject, case, emergency", () => {
  const same = { case: { system: "servicenow", id: "CS-41207" }, emergency: true };
  const bounds = { maxActivePerSubject: 1, maxPerCase: 1 };
  const lines = all(bounds, [other("a", same)], { emergency: true }).map(({ at }) => at?.line);
  expect(lines).toEqual([6, 5, 17]);
});
