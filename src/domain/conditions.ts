import type { Facts } from "./facts.ts";
import { type Finding, finding } from "./finding.ts";
import { list } from "./limits.ts";
import { sameLogin } from "./person.ts";
import type { ApproverPolicy, Conditions } from "./policy.ts";
import type { RequestContent } from "./request.ts";

/** What the policies that match ask for together: one that asks is enough (invariant 9). */
export function conditionsOf(policies: readonly ApproverPolicy[]): Conditions {
  return {
    mfa: policies.some(({ conditions }) => conditions.mfa),
    signedCommits: policies.some(({ conditions }) => conditions.signedCommits),
    caseOpen: policies.some(({ conditions }) => conditions.caseOpen),
  };
}

/** Conditions that do not hold, or of which nobody could be asked. */
export function conditionFindings(
  { grant, positions }: Extract<RequestContent, { kind: "grant" }>,
  matching: readonly ApproverPolicy[],
  facts: Facts,
): readonly Finding[] {
  const asked = conditionsOf(matching);
  const of = (name: keyof Conditions) =>
    list(matching.filter(({ conditions }) => conditions[name]).map((policy) => policy.name));
  const found: Finding[] = [];
  if (asked.mfa) {
    const { secondFactor } = facts;
    if (!secondFactor.read) {
      found.push(finding("MFA_UNKNOWN", `policy ${of("mfa")} asks for it: ${secondFactor.because}`));
    } else if (secondFactor.without.some((login) => sameLogin(login, grant.subject))) {
      const message = `\`${grant.subject}\` has none, and policy ${of("mfa")} asks for it`;
      found.push(finding("SUBJECT_WITHOUT_MFA", message, positions.subject));
    }
  }
  const unsigned = asked.signedCommits ? facts.commits.filter(({ signed }) => !signed) : [];
  // INVARIANT 4: commits that GitHub did not list are not known to be signed
  if (asked.signedCommits && facts.commits.length === 0) {
    found.push(
      finding(
        "COMMIT_NOT_SIGNED",
        `no commit is known, and policy ${of("signedCommits")} asks for signatures`,
      ),
    );
  }
  if (unsigned.length > 0) {
    const message = `${list(unsigned.map(({ oid }) => oid.slice(0, 12)).sort())}, and policy ${of("signedCommits")} asks for signatures`;
    found.push(finding("COMMIT_NOT_SIGNED", message));
  }
  if (asked.caseOpen) {
    const { case: known } = facts;
    const name = `\`${grant.case.system} ${grant.case.id}\``;
    if (!known.read) {
      found.push(finding("CASE_UNKNOWN", `${name}: ${known.because}`, positions["case.id"]));
    } else if (known.state !== "open") {
      const what = known.state === "missing" ? "does not exist" : "is resolved";
      found.push(finding("CASE_NOT_OPEN", `${name} ${what}`, positions["case.id"]));
    }
  }
  return found;
}
