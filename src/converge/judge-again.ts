import { decide, viewOf } from "../domain/decision.ts";
import type { GrantFile } from "../domain/grant.ts";
import type { GrantHistory } from "../domain/lifecycle.ts";
import { couldApply } from "../domain/policy.ts";
import { teamsToRead } from "../domain/requirements.ts";
import { readGrant } from "../rules/grant.ts";
import type { Lockbox } from "./context.ts";

/**
 * Judges an activated request under the rules of the commit that it was really merged onto, when these differ from
 * the rules that it was judged under. Gives the reason to revoke it, or null when all is well.
 */
export async function judgeAgain(
  { activation, commit }: GrantHistory,
  file: GrantFile,
  { history, rules, forge, owner }: Lockbox,
): Promise<string | null> {
  const [parent] = (await history.commit(commit)).parents;
  if (parent === undefined || parent === activation.base) return null;
  const reading = await rules.at(parent);
  if (!reading.ok) return "the rules that it was merged under cannot be read";
  const { loaded } = reading;
  if (loaded.rules.digest === activation.rules) return null;
  const content = readGrant(await history.blob(file.blob), file, loaded.schemas);
  if (content.kind === "refused") return "the schemas that it was merged under refuse its file";
  const requester = { ...activation.requestedBy, kind: "user" } as const;
  const policies = loaded.rules.policies.filter((policy) =>
    couldApply(policy, viewOf({ requester }, content, loaded.rules)),
  );
  const pull = await forge.read(activation.pull, teamsToRead(file.path, policies, loaded.rules, owner));
  if (pull === null) return "its pull request is gone";
  const request = { ...pull, organization: owner, base: parent, content };
  const decision = decide(request, loaded.rules, pull.facts, activation.validFrom);
  if (decision.verdict === "approved") return null;
  return `the rules changed before the merge, and under them it is ${decision.verdict}`;
}
