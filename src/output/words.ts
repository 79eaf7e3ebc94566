import type { Discount } from "../domain/approvals.ts";
import type { ApproverSource, Group } from "../domain/approver-source.ts";
import type { Denial } from "../domain/denial.ts";
import { type Audience, type Finding, type FindingCode, findings, isError } from "../domain/finding.ts";
import type { EndCause, EndRecord } from "../domain/record.ts";
import type { Print } from "./escape.ts";

/** Why a review does not count, after "does not count: ". */
export const discountWords = {
  "is-requester": "it comes from the requester, and nobody approves for themselves",
  "is-subject": "it comes from the subject, who would get the access",
  "is-commit-author": "its author wrote a commit of this pull request",
  "is-committer": "its author committed to this pull request",
  "is-co-author": "its author is named as a co-author of a commit",
  "is-pusher": "its author pushed to this branch",
  "not-an-approval": "it is no approval",
  dismissed: "it was dismissed",
  superseded: "the same person gave a later review",
  "not-this-commit": "it was given at another commit than the present head; approve again to make it count",
  "account-is-gone": "the account no longer exists",
  "is-bot": "bots and apps approve nothing",
  "not-an-approver": "no requirement names this person",
  "lacks-the-role": "the settings do not let this person approve",
  "slot-taken": "one person fills one place, and every place that this person could fill is taken",
} as const satisfies Record<Discount, string>;

const causeWords = {
  expiry: () => "its time was over",
  revocation: (by) => (by === null ? "it was revoked" : `${by} revoked it`),
  release: (by) => (by === null ? "the subject released it" : `${by}, the subject, released it`),
  "case-resolved": () => "its case was resolved",
} as const satisfies Record<EndCause, (by: string | null) => string>;

/** How a grant ended, as a clause. */
export function causeOf({ cause, requestedBy }: EndRecord, print: Print): string {
  return causeWords[cause](requestedBy === null ? null : print.value(requestedBy.login));
}

/** The finding that stands for a denial: its hint says what to do. */
export const denialCodes = {
  "no-policy": "POLICY_NONE_MATCHES",
  policy: "POLICY_DENIES",
  "rule-failed": "RULE_EVALUATION_FAILED",
  veto: "APPROVER_DENIED",
  command: "APPROVER_DENIED",
} as const satisfies Record<Denial["kind"], FindingCode>;

/** Why a request is denied, as a clause. */
export function denialWords(denial: Denial, print: Print): string {
  switch (denial.kind) {
    case "no-policy":
      return "no approver policy covers this request";
    case "policy":
      return `policy ${print.value(denial.policy)}: ${print.prose(denial.message)}`;
    case "rule-failed":
      return `policy ${print.value(denial.policy)} could not be evaluated: ${print.prose(denial.error)}`;
    case "veto":
      return `${print.value(denial.by.login)} requested changes${because(denial.reason, print)}`;
    case "command":
      return `${print.value(denial.by.login)} wrote ${print.value("/deny")}${because(denial.reason, print)}`;
    default:
      return denial satisfies never;
  }
}

/** A reason after its colon; nothing when none was given. */
export function because(reason: string, print: Print): string {
  return reason.trim() === "" ? "" : `: ${print.prose(reason)}`;
}

/** Whose approval counts for a requirement, before anybody is looked up. */
export function sourceWords(source: ApproverSource, print: Print): string {
  const { codeowners, roles, requesterManagers, not } = source;
  const named = [
    ...(codeowners ? ["the code owners"] : []),
    ...groupWords(source, print),
    ...roles.map((role) => `whoever may ${role}`),
    ...(requesterManagers ? ["a manager of the requester"] : []),
  ];
  const excluded = groupWords(not, print);
  return `${listed(named, 10, "or")}${excluded.length > 0 ? `, but not ${listed(excluded, 10, "or")}` : ""}`;
}

/** The people of a group in one clause. */
export function groupListed(group: Group, print: Print): string {
  return listed(groupWords(group, print));
}

function groupWords({ teams, users }: Group, print: Print): readonly string[] {
  return [...teams.map((slug) => `team ${print.value(slug)}`), ...users.map((login) => print.value(login))];
}

/** `a, b and c`; of a longer list the first `most` and how many more there are. */
export function listed(items: readonly string[], most = 10, conjunction: "and" | "or" = "and"): string {
  const more = items.length - most;
  const shown = more > 0 ? [...items.slice(0, most), `${more} more`] : items;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}

/** `1 thing`, `3 things`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Who has something to mend. */
export function mendersOf(found: readonly Finding[]): ReadonlySet<Audience> {
  return new Set(found.filter(isError).map(({ code }) => findings[code].audience));
}

/** What has to be mended, as a title has it: how much, and the first of it by its general name. */
export function mendWords(found: readonly Finding[]): string {
  const errors = found.filter(isError);
  const mine = errors.filter(({ code }) => findings[code].audience === "requester");
  const [first] = mine.length > 0 ? mine : errors;
  if (first === undefined) return "Nothing to mend";
  const count = mine.length > 0 ? mine.length : errors.length;
  const who = mine.length > 0 ? "to mend" : "for an administrator to mend";
  const more = count > 1 ? ` and ${count - 1} more` : "";
  return `${counted(count, "thing")} ${who}: ${findings[first.code].title}${more}`;
}

/** The start of an object id, as people read it. */
export function short(oid: string): string {
  return oid.slice(0, 10);
}
