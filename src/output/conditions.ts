import type { Decision } from "../domain/decision.ts";
import type { FindingCode } from "../domain/finding.ts";
import type { Conditions } from "../domain/policy.ts";
import { listed } from "./words.ts";

const conditions = {
  mfa: {
    words: "the subject has a second factor",
    broken: ["SUBJECT_WITHOUT_MFA"],
    unknown: ["MFA_UNKNOWN"],
  },
  signedCommits: { words: "every commit is signed", broken: ["COMMIT_NOT_SIGNED"], unknown: [] },
  caseOpen: { words: "the case is open", broken: ["CASE_NOT_OPEN"], unknown: ["CASE_UNKNOWN"] },
} as const satisfies Record<
  keyof Conditions,
  { words: string; broken: readonly FindingCode[]; unknown: readonly FindingCode[] }
>;

const names = ["mfa", "signedCommits", "caseOpen"] as const satisfies readonly (keyof Conditions)[];

/** What the policies ask for beside approvals, and whether it holds; empty where they ask for nothing. */
export function conditionWords({ access, findings }: Pick<Decision, "access" | "findings">): string {
  const codes: ReadonlySet<FindingCode> = new Set(findings.map(({ code }) => code));
  const asked = names.filter((name) => access?.conditions[name] === true);
  return listed(
    asked.map((name) => {
      const { words, broken, unknown } = conditions[name];
      if (broken.some((code) => codes.has(code))) return `${words}: **no**`;
      return `${words}: ${unknown.some((code) => codes.has(code)) ? "**not known**" : "yes"}`;
    }),
  );
}
