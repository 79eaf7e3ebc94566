import { describe, expect, it, test } from "vitest";
import { finding } from "../../src/domain/finding.ts";
import { noticeOf } from "../../src/output/notice.ts";
import type { Notice } from "../../src/ports/forge.ts";
import { grantId, NOW, pullNumber } from "../domain/builders.ts";
import { place } from "./decisions.ts";

const broken = finding(
  "POLICY_FIELD_UNKNOWN",
  "`resource.colour` is no field",
  place(8, 3, "policies/a.yaml"),
);
const warning = finding("OWNERS_UNKNOWN", "GitHub does not know `@acme/gone`");
const fork = finding("REQUEST_FROM_FORK", "a removal comes from a branch of this repository");
const warned = finding("TEAM_UNREADABLE", "the team `gone` cannot be listed");

it.each<[Notice["kind"], Notice["findings"], string, string, RegExp]>([
  [
    "not-a-request",
    [],
    "success",
    "No access request: this pull request changes no grant",
    /does not merge|neither approves nor merges/,
  ],
  [
    "rules",
    [],
    "success",
    "A change of the rules that can be read",
    /count once they are on the default branch/,
  ],
  ["rules", [warned], "success", "A change of the rules that can be read", /Warning: `TEAM_UNREADABLE`/],
  [
    "rules",
    [broken],
    "failure",
    "1 thing for an administrator to mend: `match` names a field that no request has",
    /nothing could be granted/,
  ],
  [
    "rules",
    [warning],
    "failure",
    "1 thing for an administrator to mend: an owner that GitHub does not know or that cannot write",
    /nothing could be granted/,
  ],
  ["removal", [], "success", "An early end: merging", /merges it at once, without a review/],
  [
    "removal-refused",
    [fork],
    "failure",
    "1 thing to mend: the pull request comes from a fork",
    /Nothing is ended/,
  ],
  ["removal-refused", [], "failure", "A removal that Grantbox does not merge", /\/revoke/],
])("a pull request that asks for no access: %s %j", (kind, findings, conclusion, title, next) => {
  const notice: Notice = { kind, fingerprint: "0", findings, replay: null, tests: null };
  const said = noticeOf(notice);
  expect(said).toMatchObject({ conclusion, title, text: "" });
  expect(said.summary).toMatch(next);
});

test("broken rules are marked at their lines", () => {
  const said = noticeOf({ kind: "rules", findings: [broken], replay: null, tests: null });
  expect(said.annotations).toEqual([
    {
      path: "policies/a.yaml",
      line: 8,
      column: 3,
      level: "failure",
      title: "POLICY_FIELD_UNKNOWN",
      message: "`resource.colour` is no field; use a field named in docs/policy.md",
    },
  ]);
  expect(said.summary).toMatchInlineSnapshot(`
    "**1 thing for an administrator to mend: \`match\` names a field that no request has.**

    ### Findings

    - \`POLICY_FIELD_UNKNOWN\` at \`policies/a.yaml:8:3\`: \`resource.colour\` is no field. **To do:** use a field named in docs/policy.md

    If these rules were on the default branch, nothing could be granted. Mend them before this pull request is merged; Grantbox does not merge it."
  `);
});

test("a change of the rules says what it would have done", () => {
  const replay: Notice["replay"] = {
    judged: { granted: 212, closed: 0, tests: 0 },
    older: 0,
    withoutFile: 0,
    unknown: 0,
    differences: [
      {
        past: { kind: "granted", grant: grantId("cs-1"), pull: pullNumber(7), at: NOW, commit: null },
        before: { kind: "passes" },
        after: {
          kind: "refused",
          because: [finding("POLICY_DENIES", "policy `storage`: ask @acme/owners <b>first</b>")],
        },
        less: [],
      },
    ],
  };
  const said = noticeOf({ kind: "rules", findings: [], replay, tests: null });
  expect(said.title).toBe("A change of the rules that can be read; it concerns 1 past request");
  const [difference] = replay.differences;
  const ofTests = ["pci: one", "pci: two"].map((name) => ({ ...difference, past: { kind: "test", name } }));
  expect(
    noticeOf({
      kind: "rules",
      findings: [],
      replay: { ...replay, differences: [...replay.differences, ...ofTests] } as Notice["replay"],
      tests: null,
    }).title,
  ).toBe("A change of the rules that can be read; it concerns 1 past request and 2 test requests");
  expect(said.conclusion).toBe("success");
  expect(said.summary).toContain(
    "**1 of 212 past grants would now be refused:**\n\n- `cs-1` of pull request 7, granted at `2026-11-24T10:00:00Z`: a policy denies this request",
  );
  expect(said.summary).toContain("`@acme/owners` `<b>first</b>)`");
  expect(said.summary).toContain("Judged again: 212 past grants and 0 closed requests.");
  const nothing = noticeOf({
    kind: "rules",
    findings: [],
    replay: { ...replay, differences: [] },
    tests: null,
  });
  expect(nothing.title).toBe("A change of the rules that can be read");
  expect(nothing.summary).toContain("Nothing would have been decided otherwise.");
});

describe("a change of the rules says how its policy tests come out", () => {
  it.each([
    [{ cases: 53, failed: 0 }, "Policy tests: 53 cases, all pass."],
    [{ cases: 1, failed: 1 }, "Policy tests: 1 case, 1 failed."],
  ])("%j", (tests, expected) => {
    expect(noticeOf({ kind: "rules", findings: [], replay: null, tests }).summary).toContain(expected);
  });

  it("a test that fails turns the check red, and the rules can be read all the same", () => {
    const failed = finding("POLICY_TEST_FAILED", "`owners`: expected denied, and it is pending");
    const said = noticeOf({
      kind: "rules",
      findings: [failed],
      replay: null,
      tests: { cases: 2, failed: 1 },
    });
    expect(said).toMatchObject({
      conclusion: "failure",
      title: expect.stringContaining("a policy test fails"),
    });
    expect(said.summary).toContain("The rules can be read as this pull request leaves them.");
  });
});
