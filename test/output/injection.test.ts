import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import { finding } from "../../src/domain/finding.ts";
import { hours } from "../../src/domain/time.ts";
import type { RequestView } from "../../src/domain/view.ts";
import { checkOf } from "../../src/output/check.ts";
import { commentOf } from "../../src/output/comment.ts";
import { issueOf } from "../../src/output/issue.ts";
import { noticeOf } from "../../src/output/notice.ts";
import { refusalComment, removalBody } from "../../src/output/removal.ts";
import { grant } from "../domain/builders.ts";
import {
  access,
  account,
  activation,
  applies,
  at,
  closure,
  decision,
  discounted,
  end,
  GRANT_PATH,
  history,
  place,
  policy,
  report,
  requirement,
  review,
  unfit,
  view,
} from "./decisions.ts";
import { dividers, hostile, livingParts } from "./inert.ts";

const shown = (parts: Partial<Decision>): readonly string[] => {
  const of = decision(parts);
  const record = closure();
  return [
    ...(["pending", "invalid", "approved", "denied"] as const).flatMap((verdict) => {
      const standing = { kind: "judged", decision: { ...of, verdict } } as const;
      return [checkOf(standing).summary, checkOf(standing).text, commentOf(standing)];
    }),
    checkOf({ kind: "closed", record, decision: of }).summary,
    commentOf({ kind: "closed", record, decision: of }),
  ];
};
const asked = (parts: Partial<RequestView>) => shown({ access: access(parts) });
const closed = (parts: Parameters<typeof closure>[0]) => {
  const standing = { kind: "closed", record: closure(parts), decision: decision() } as const;
  return [checkOf(standing).summary, commentOf(standing)];
};
const ended = (parts: Parameters<typeof end>[0]) => [
  commentOf({ kind: "ended", history: history({ record: end(parts), on: "main" }) }),
  removalBody({ histories: [], records: [end(parts)] }),
];
const found = (...of: Parameters<typeof finding>) => [
  ...shown({ findings: [finding(...of)] }),
  noticeOf({ kind: "rules", findings: [finding(...of)], replay: null, tests: null }).summary,
];
const { resource, case: ofCase } = view();

/** Every place where somebody's text gets into Markdown. */
const fields: Readonly<Record<string, (text: string) => readonly string[]>> = {
  justification: (text) => asked({ justification: text }),
  subject: (text) => asked({ subject: text }),
  "case system": (text) => asked({ case: { ...ofCase, system: text } }),
  "case id": (text) => asked({ case: { ...ofCase, id: text } }),
  "case url": (text) => asked({ case: { ...ofCase, url: text } }),
  "resource type": (text) => asked({ resource: { ...resource, type: text } }),
  "resource id": (text) => asked({ resource: { ...resource, id: text } }),
  "label name": (text) => asked({ resource: { ...resource, labels: { [text]: "a" } } }),
  "label value": (text) => asked({ resource: { ...resource, labels: { owner: text } } }),
  action: (text) => asked({ access: { actions: [text], scope: {} } }),
  "scope name": (text) => asked({ access: { actions: ["read"], scope: { [text]: "a" } } }),
  "scope value": (text) =>
    asked({ access: { actions: ["read"], scope: { a: text, b: [text], c: { [text]: text } } } }),
  location: (text) => asked({ constraints: { locations: [text], networks: [text], mfa: false } }),
  requester: (text) => shown({ requester: account(text) }),
  "requirement name": (text) => shown({ requirements: [requirement(text)] }),
  "requirement source": (text) =>
    shown({ requirements: [requirement("a", { teams: [text], users: [text], candidates: [text] })] }),
  "approver login": (text) =>
    shown({ requirements: [requirement("a", { filledBy: [text], policies: [text] })] }),
  "policy name": (text) => shown({ policies: [policy(text, applies), policy(text, unfit(text))] }),
  "policy description": (text) => shown({ policies: [{ ...policy("a", applies), description: text }] }),
  "policy error": (text) =>
    shown({ policies: [policy("a", { applies: "unknown", error: text, at: place(1) })] }),
  "policy message": (text) =>
    shown({
      policies: [policy("a", applies)],
      denials: [{ kind: "policy", policy: "a", message: text, at: place(1, 1, text) }],
    }),
  "rule error": (text) =>
    shown({ denials: [{ kind: "rule-failed", policy: text, error: text, at: place(1) }] }),
  "review body": (text) => shown({ denials: [{ kind: "veto", by: account(text), review: 1, reason: text }] }),
  "command reason": (text) =>
    shown({ denials: [{ kind: "command", by: account(text), comment: 1, reason: text }] }),
  "review author": (text) => shown({ reviews: [discounted("is-bot", review(text))] }),
  "finding message": (text) => found("YAML_SYNTAX", text),
  "finding message in backticks": (text) => found("YAML_SYNTAX", `the value \`${text}\` is wrong`),
  "finding place": (text) => found("YAML_SYNTAX", "x", place(1, 1, text), text),
  "closing reason": (text) => closed({ reason: text }),
  "closing login": (text) => closed({ closedBy: { login: text, id: 1 } }),
  "end reason": (text) => ended({ cause: "revocation", reason: text }),
  "end login": (text) => ended({ cause: "release", requestedBy: { login: text, id: 1 } }),
  "recorded approval": (text) => [
    commentOf({
      kind: "in-force",
      history: {
        ...history(),
        activation: { ...activation, approvedBy: [{ login: text, id: 1, review: 1, requirement: text }] },
      },
    }),
  ],
  "GitHub's refusal": (text) => [refusalComment(text)],
  "path on main": (text) => [issueOf({ record: report(), path: text, because: text }).body],
  "way instead": (text) => shown({ otherWays: [[requirement(text, { teams: [text], candidates: [text] })]] }),
  "skipped requirement": (text) =>
    shown({ access: { ...access({ emergency: true }), reviewWithin: hours(48), skipped: [text] } }),
  "who is told late": (text) =>
    shown({
      escalation: { at: at("2026-11-24T10:00:00Z"), to: { teams: [text], users: [text] } },
    }),
  "justification before": (text) =>
    shown({
      access: {
        ...access(),
        extension: {
          before: { ...grant(), justification: text },
          begun: at("2026-11-24T10:00:00Z"),
          runsUntil: null,
          current: true,
        },
      },
    }),
  "finding code": (text) => [
    issueOf({ record: report({ code: text }), path: GRANT_PATH, because: "x" }).body,
  ],
};

describe.each(Object.entries(fields))("%s", (_, print) => {
  const usual = print("plain").map(shapeOf);

  it.each(hostile)("with %s changes nothing but itself", (_what, text) => {
    const printed = print(text);
    for (const markdown of printed) expect(livingParts(markdown)).toEqual([]);
    // empty text may leave out its line, never add one
    if (text.trim() !== "") expect(printed.map(shapeOf)).toEqual(usual);
    for (const markdown of printed) expect(markdown.length).toBeLessThan(30_000);
  });
});

/** What every line is (heading, list, table, text) and how many cells a table line has. */
function shapeOf(markdown: string): readonly unknown[] {
  const kinds = markdown.split("\n").map((line) => /^(?:#+ |- |\| |\*\*|)/.exec(line)?.[0]);
  return [kinds, dividers(markdown)];
}
