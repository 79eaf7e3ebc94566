import { type Finding, isError } from "../domain/finding.ts";
import type { Replay } from "../domain/replay.ts";
import { within } from "./bytes.ts";
import type { CheckText, Conclusion } from "./check.ts";
import { bold } from "./escape.ts";
import { annotationsOf, findingLines } from "./findings.ts";
import { replayMarkdown } from "./replay.ts";
import { section } from "./table.ts";
import { counted, listed, mendWords } from "./words.ts";

/** A pull request that asks for no access, and what is wrong with it. */
export interface NoticeSubject {
  readonly kind: "not-a-request" | "rules" | "removal" | "removal-refused";
  readonly findings: readonly Finding[];
  /** Of a change of the rules: what it would have done to past requests; null where that cannot be told. */
  readonly replay: Replay | null;
  /** Of a change of the rules: how its policy tests came out; null where there are none or they cannot be run. */
  readonly tests: { readonly cases: number; readonly failed: number } | null;
}

const words = {
  "not-a-request": {
    title: "No access request: this pull request changes no grant",
    next: "Grantbox neither approves nor merges it; the code owners of what it changes do, as in any repository.",
  },
  rules: {
    title: "A change of the rules that can be read",
    next: "The rules can be read as this pull request leaves them. They count once they are on the default branch. Grantbox does not merge this pull request; the code owners of the rules do.",
  },
  removal: {
    title: "An early end: merging",
    next: "This pull request only removes grants. Grantbox merges it at once, without a review: to end access is always safe. If GitHub refuses the merge, an owner merges it by hand.",
  },
  "removal-refused": {
    title: "A removal that Grantbox does not merge",
    next: "Nothing is ended by this pull request as it is. To end a grant now, comment `/revoke <reason>` or `/release` on the pull request that asked for it.",
  },
} as const satisfies Record<NoticeSubject["kind"], { readonly title: string; readonly next: string }>;

/**
 * The check run of a pull request that asks for no access. It is green unless something is wrong, since the check
 * is required on the default branch and other changes must pass it too.
 */
export function noticeOf({ kind, findings: found, replay, tests }: NoticeSubject): CheckText {
  const broken = kind === "removal-refused" || found.some(isError);
  const conclusion: Conclusion = broken ? "failure" : "success";
  const title = found.some(isError) ? mendWords(found) : `${words[kind].title}${effectWords(replay)}`;
  const next =
    kind === "rules" && isUnreadable(found)
      ? "If these rules were on the default branch, nothing could be granted. Mend them before this pull request is merged; Grantbox does not merge it."
      : words[kind].next;
  return {
    title,
    summary: within(
      [
        bold(title),
        tests === null ? "" : testWords(tests),
        section("Findings", findingLines(found)),
        replay === null ? "" : replayMarkdown(replay),
      ],
      next,
    ),
    text: "",
    conclusion,
    annotations: annotationsOf(found),
  };
}

function testWords({ cases, failed }: NonNullable<NoticeSubject["tests"]>): string {
  const ran = `Policy tests: ${counted(cases, "case")}`;
  return failed === 0 ? `${ran}, all pass.` : `${ran}, ${failed} failed.`;
}

/** A test that fails says that the rules are not what their author meant; they can be read all the same. */
function isUnreadable(found: readonly Finding[]): boolean {
  return found.some((one) => isError(one) && one.code !== "POLICY_TEST_FAILED");
}

/** The end of the title: how many requests of the past, and of policy tests, it concerns. */
function effectWords(replay: Replay | null): string {
  const differences = replay?.differences ?? [];
  const tests = differences.filter(({ past }) => past.kind === "test").length;
  const past = differences.length - tests;
  const concerned = [
    ...(past === 0 ? [] : [counted(past, "past request")]),
    ...(tests === 0 ? [] : [counted(tests, "test request")]),
  ];
  return concerned.length === 0 ? "" : `; it concerns ${listed(concerned)}`;
}
