import { describe, expect, it, test } from "vitest";
import { finding } from "../../src/domain/finding.ts";
import { hours } from "../../src/domain/time.ts";
import type { JudgedFile } from "../../src/output/judged.ts";
import { terminalOf } from "../../src/output/terminal.ts";
import { grant as anyGrant } from "../domain/builders.ts";
import { access, account, approved, at, decision, GRANT_PATH, place, requirement } from "./decisions.ts";
import { hostile } from "./inert.ts";

const over = finding(
  "GRANT_DURATION_OVER_LIMIT",
  "`PT8H` is longer than `PT4H`",
  place(12, 11),
  "ask for `PT4H`",
);
const warning = finding("TEAM_UNREADABLE", "the team `privacy` cannot be listed");
const broken = finding("YAML_SYNTAX", "a tab", place(2, 1, "policies/b.yaml"));
const grant = (parts: Parameters<typeof decision>[0]): JudgedFile => ({
  file: GRANT_PATH,
  decision: decision(parts),
});
const owner = requirement("code owner", { policies: [], codeowners: true, candidates: [] });

test("findings, verdicts and who has to approve", () => {
  const files: readonly JudgedFile[] = [
    grant({ verdict: "invalid", findings: [over, warning] }),
    grant({
      requirements: [
        requirement("met", { filledBy: ["bob"] }),
        requirement("privacy", { teams: ["privacy"] }),
        owner,
      ],
    }),
    { file: "policies/a.yaml", findings: [] },
    { file: "policies/b.yaml", findings: [broken] },
  ];
  expect(terminalOf(files, false)).toMatchInlineSnapshot(`
    "grants/azure.storage/cs-41207-checkout-logs.yaml:12:11  GRANT_DURATION_OVER_LIMIT  \`PT8H\` is longer than \`PT4H\`
      hint: ask for \`PT4H\`
    grants/azure.storage/cs-41207-checkout-logs.yaml  TEAM_UNREADABLE  warning: the team \`privacy\` cannot be listed
      hint: check that the team exists and that the app may read members; its approvals do not count until then
    grants/azure.storage/cs-41207-checkout-logs.yaml: 1 thing to mend: longer than the policies allow

    grants/azure.storage/cs-41207-checkout-logs.yaml: valid, and has to be approved
      privacy: 1 of team privacy: bob (asked for by customer-data-read)
      code owner: 1 of the code owners (asked for by every grant)

    policies/a.yaml: valid

    policies/b.yaml:2:1  YAML_SYNTAX  a tab
      hint: check the indentation and the colons near this place
    policies/b.yaml: 1 thing to mend

    4 files, 2 with something to mend
    "
  `);
});

test("an emergency, an extension, and what could be filled instead", () => {
  const special = grant({
    access: {
      ...access({ emergency: true }),
      skipped: ["privacy", "code owner"],
      reviewWithin: hours(48),
      extension: {
        before: anyGrant(),
        begun: at("2026-11-24T10:02:11Z"),
        runsUntil: at("2026-11-24T14:02:11Z"),
        current: true,
      },
    },
    requirements: [requirement("on-call manager", { teams: ["oncall"], candidates: ["grace"] })],
    otherWays: [[requirement("security", { count: 2, teams: ["security"], candidates: ["dave", "erin"] })]],
  });
  expect(terminalOf([special], false)).toMatchInlineSnapshot(`
    "grants/azure.storage/cs-41207-checkout-logs.yaml: valid, and has to be approved
      extends the access that began at 2026-11-24T10:02:11Z and ends at 2026-11-24T14:02:11Z
      EMERGENCY: not asked for: privacy and code owner; to be reviewed within 2 days by somebody else
      on-call manager: 1 of team oncall: grace (asked for by customer-data-read)
      or instead of on-call manager:
        security: 2 of team security: dave or erin (asked for by customer-data-read)

    1 file, nothing to mend
    "
  `);
});

describe("the verdict", () => {
  it.each<[JudgedFile, string]>([
    [{ file: GRANT_PATH, decision: approved }, "approved"],
    [
      grant({ requirements: [], findings: [finding("REQUEST_IS_DRAFT", "it waits")] }),
      "waiting: the pull request is a draft",
    ],
    [
      grant({ verdict: "denied", denials: [{ kind: "veto", by: account("bob"), review: 1, reason: "no" }] }),
      "denied: bob requested changes: no",
    ],
    [{ file: GRANT_PATH, findings: [warning] }, "valid"],
    [{ file: GRANT_PATH, findings: [broken, broken] }, "2 things to mend"],
  ])("%j", (judged, line) => {
    expect(terminalOf([judged], false)).toContain(`${GRANT_PATH}: ${line}\n`);
  });

  it("is counted at the end", () => {
    expect(terminalOf([], false)).toBe("0 files, nothing to mend\n");
    expect(terminalOf([{ file: "a", findings: [] }], false)).toMatch(/\n1 file, nothing to mend\n$/);
  });
});

test("colour is ours alone, and nothing but colour", () => {
  const files: readonly JudgedFile[] = [grant({ verdict: "invalid", findings: [over, warning] }), grant({})];
  const coloured = terminalOf(files, true);
  expect(coloured).toContain("\u001b[31mGRANT_DURATION_OVER_LIMIT\u001b[0m");
  expect(coloured).toContain("\u001b[33mTEAM_UNREADABLE\u001b[0m");
  expect(
    coloured
      .split("\u001b")
      .map((part) => part.replace(/^\[\d+m/, ""))
      .join(""),
  ).toBe(terminalOf(files, false));
});

test.each(hostile)("no control characters whatever the files hold: %s", (_, text) => {
  const printed = terminalOf(
    [
      grant({ requirements: [requirement(text, { policies: [text], candidates: [text], teams: [text] })] }),
      { file: text, findings: [finding("YAML_SYNTAX", text, place(1, 1, text), text)] },
    ],
    false,
  );
  expect(printed.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(printed.split("\n")).toHaveLength(9);
});
