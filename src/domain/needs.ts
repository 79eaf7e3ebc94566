import { conditionsOf } from "./conditions.ts";
import type { ApproverPolicy } from "./policy.ts";
import type { CaseName } from "./record.ts";
import type { RequestContent } from "./request.ts";
import { teamsToRead } from "./requirements.ts";
import type { RuleSet } from "./rule-set.ts";

/** What has to be looked at for a decision beside the pull request itself; null where no rule asks. */
export interface Needs {
  /** Slugs of the teams of GitHub whose members decide. */
  readonly teams: readonly string[];
  /** Login of whoever has to have a second factor. */
  readonly secondFactorOf: string | null;
  /** The support case that has to be open. */
  readonly case: CaseName | null;
}

export const noNeeds: Needs = { teams: [], secondFactorOf: null, case: null };

/** What the policies that could apply to a request ask for: nothing else is read, nor costs a call. */
export function needsOf(
  { file, grant }: Extract<RequestContent, { kind: "grant" }>,
  policies: readonly ApproverPolicy[],
  rules: RuleSet,
  organization: string,
): Needs {
  const { mfa, caseOpen } = conditionsOf(policies);
  return {
    teams: teamsToRead(file.path, policies, rules, organization),
    secondFactorOf: mfa ? grant.subject : null,
    case: caseOpen ? { system: grant.case.system, id: grant.case.id } : null,
  };
}
