import { decide, viewOf } from "../domain/decision.ts";
import type { GrantFile } from "../domain/grant.ts";
import type { GrantHistory } from "../domain/lifecycle.ts";
import { needsOf } from "../domain/needs.ts";
import { couldApply } from "../domain/policy.ts";
import type { ActivationRecord } from "../domain/record.ts";
import type { RequestContent } from "../domain/request.ts";
import { instantOf } from "../domain/time.ts";
import { readGrant } from "../rules/grant.ts";
import type { Schemas } from "../rules/schema.ts";
import { caseOf } from "./cases.ts";
import type { Lockbox } from "./context.ts";
import { factsOf } from "./facts.ts";
import type { LedgerState } from "./ledger.ts";

/**
 * Judges an activated request under the rules of the commit that it was really merged onto, when these differ from
 * the rules that it was judged under. Gives the reason to revoke it, or null when all is well.
 */
export async function judgeAgain(
  { activation, commit, earlier }: GrantHistory,
  file: GrantFile,
  state: LedgerState,
  lockbox: Lockbox,
): Promise<string | null> {
  const { history, rules, forge, owner } = lockbox;
  const { parents, committedAt } = await history.commit(commit);
  const [parent] = parents;
  if (parent === undefined || parent === activation.base) return null;
  const reading = await rules.at(parent);
  if (!reading.ok) return "the rules that it was merged under cannot be read";
  const { loaded } = reading;
  if (loaded.rules.digest === activation.rules) return null;
  const read = readGrant(await history.blob(file.blob), file, loaded.schemas);
  const extended = earlier.at(-1);
  const content =
    read.kind === "grant" && extended !== undefined
      ? await beforeIt(read, extended, earlier[0] ?? extended, loaded.schemas, lockbox)
      : read;
  if (content.kind === "refused") return "the schemas that it was merged under refuse its file";
  const requester = { ...activation.requestedBy, kind: "user" } as const;
  const policies = loaded.rules.policies.filter((policy) =>
    couldApply(policy, viewOf({ requester }, content, loaded.rules)),
  );
  const needs = needsOf(content, policies, loaded.rules, owner);
  const pull = await forge.read(activation.pull, needs.teams, needs.secondFactorOf);
  if (pull === null) return "its pull request is gone";
  const request = { ...pull, organization: owner, base: parent, content };
  const about = await caseOf(needs, state, lockbox);
  const facts = factsOf(pull, about, content, loaded.rules, state, lockbox);
  // with `notBefore` the access begins after the merge, perhaps so late that a request would have lapsed
  const mergedAt = instantOf(Math.min(activation.validFrom, committedAt));
  const decision = decide(request, loaded.rules, facts, mergedAt);
  if (decision.verdict === "approved") return null;
  return `the rules changed before the merge, and under them it is ${decision.verdict}`;
}

/** The request as it stood when the grant was extended: with the file that it changed, which has left main since. */
async function beforeIt(
  content: Extract<RequestContent, { kind: "grant" }>,
  extended: ActivationRecord,
  first: ActivationRecord,
  schemas: Schemas,
  { history }: Lockbox,
): Promise<RequestContent> {
  const before = readGrant(
    await history.blob(extended.blob),
    { ...content.file, blob: extended.blob },
    schemas,
  );
  if (before.kind === "refused") return before;
  const { validFrom: begun } = first;
  return {
    ...content,
    extension: { before: before.grant, begun, runsUntil: extended.validUntil, current: true },
  };
}
