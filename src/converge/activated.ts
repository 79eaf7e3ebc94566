import { viewOf } from "../domain/decision.ts";
import { earlyEndOf, revokersOf } from "../domain/early-end.ts";
import type { GrantFile } from "../domain/grant.ts";
import type { GrantHistory } from "../domain/lifecycle.ts";
import type { PullNumber } from "../domain/oid.ts";
import { planActivated } from "../domain/plan.ts";
import { type ApproverPolicy, couldApply } from "../domain/policy.ts";
import { teamsToRead } from "../domain/requirements.ts";
import { readGrant } from "../rules/grant.ts";
import type { LoadedRules } from "../rules/load.ts";
import { applyEffect } from "./apply.ts";
import type { Lockbox } from "./context.ts";
import { endGrants, endingOf } from "./end.ts";
import { activatedBy, type LedgerState } from "./ledger.ts";
import { publishHistory } from "./publish-history.ts";

/**
 * A pull request whose grant was activated: carries out `/revoke` and `/release`, and shows whether the grant is in
 * force or has ended. Shows nothing when GitHub does not confirm that the app merged it, or its signature counts for
 * nothing: whoever may push to main could write a record there that names any pull request.
 */
export async function convergeActivated(
  pull: PullNumber,
  { history, file }: { readonly history: GrantHistory; readonly file: GrantFile | null },
  state: LedgerState,
  lockbox: Lockbox,
): Promise<void> {
  const rules = await lockbox.rules.at(state.main);
  const loaded = rules.ok ? rules.loaded : null;
  const matching =
    file === null || loaded === null ? null : await matchingPolicies(history, file, loaded, lockbox);
  const teams =
    file === null || loaded === null || matching === null
      ? []
      : teamsToRead(file.path, matching.policies, loaded.rules, lockbox.owner);
  const reading = await lockbox.forge.read(pull, teams);
  if (reading === null) return;
  const isNewest = history.activation.pull === pull;
  if (reading.merge?.byApp !== true || (isNewest && reading.merge.commit !== history.commit)) {
    lockbox.log("a record names a pull request that the app did not merge by it", {
      pull,
      commit: history.commit,
    });
    return;
  }
  lockbox.merges.vouched.add(reading.merge.commit);
  if (state.unsigned.has(history.commit)) {
    lockbox.log("a record bears no signature that counts", { pull, commit: history.commit });
    return;
  }
  if (file !== null && loaded !== null && matching !== null && history.end === null) {
    const revokers = revokersOf(matching.policies, {
      path: file.path,
      organization: lockbox.owner,
      requester: history.activation.requestedBy.login,
      rules: loaded.rules,
      facts: reading.facts,
    });
    const early = earlyEndOf(reading.facts, revokers, matching.subject, loaded.rules.directory);
    if (early !== null) {
      const by = { requestedBy: early.command.by, reason: early.command.reason };
      await endGrants([endingOf(history, file, early.cause, lockbox.clock.now(), by)], lockbox);
      return;
    }
  }
  const effects = planActivated(history, { ...reading.shown, closure: null });
  for (const effect of effects) await applyEffect(effect, reading, null, lockbox);
  if (effects.length === 0) return;
  // whoever died before saying it here has not said it on the other pull requests of the grant either
  for (const other of [...history.earlier, history.activation]) {
    if (other.pull !== pull) lockbox.again({ kind: "request", pull: other.pull });
  }
}

/** Says on a pull request that has just been merged that its grant is in force, when main carries its record. */
export async function publishActivated(pull: PullNumber, lockbox: Lockbox): Promise<void> {
  const activated = activatedBy(pull, await lockbox.ledger.read());
  if (activated !== null) await publishHistory(activated.history, lockbox);
}

/** The policies that match the grant under the present rules, and its subject; a file that can no longer be read is still owned. */
async function matchingPolicies(
  { activation }: GrantHistory,
  file: GrantFile,
  { rules, schemas }: LoadedRules,
  { history }: Lockbox,
): Promise<{ policies: readonly ApproverPolicy[]; subject: string }> {
  const content = readGrant(await history.blob(file.blob), file, schemas);
  if (content.kind === "refused") return { policies: [], subject: activation.requestedBy.login };
  const requester = { ...activation.requestedBy, kind: "user" } as const;
  const view = viewOf({ requester }, content, rules);
  return {
    policies: rules.policies.filter((policy) => couldApply(policy, view)),
    subject: content.grant.subject,
  };
}
