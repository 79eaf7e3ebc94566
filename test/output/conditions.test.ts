import { expect, it } from "vitest";
import { finding } from "../../src/domain/finding.ts";
import { noConditions } from "../../src/domain/policy.ts";
import { allowance } from "../../src/output/allowance.ts";
import { conditionWords } from "../../src/output/conditions.ts";
import { access, decision } from "./decisions.ts";

const asked = { ...access(), conditions: { mfa: true, signedCommits: true, caseOpen: true } };

it.each([
  [
    "all hold",
    [],
    "the subject has a second factor: yes, every commit is signed: yes and the case is open: yes",
  ],
  [
    "none holds",
    ["SUBJECT_WITHOUT_MFA", "COMMIT_NOT_SIGNED", "CASE_NOT_OPEN"],
    "the subject has a second factor: **no**, every commit is signed: **no** and the case is open: **no**",
  ],
  [
    "nobody could be asked",
    ["MFA_UNKNOWN", "CASE_UNKNOWN"],
    "the subject has a second factor: **not known**, every commit is signed: yes and the case is open: **not known**",
  ],
] as const)("what policies ask for beside approvals is said with whether it holds: %s", (_, codes, words) => {
  const findings = codes.map((code) => finding(code, "as it is"));
  expect(conditionWords({ access: asked, findings })).toBe(words);
  expect(allowance(decision({ access: asked, findings }))).toContain(`| Conditions | ${words} |`);
});

it("nothing is said where policies ask for nothing", () => {
  expect(conditionWords({ access: { ...access(), conditions: noConditions }, findings: [] })).toBe("");
  expect(conditionWords({ access: null, findings: [] })).toBe("");
});
