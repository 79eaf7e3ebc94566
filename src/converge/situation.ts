import { viewOf } from "../domain/decision.ts";
import type { Facts } from "../domain/facts.ts";
import { finding } from "../domain/finding.ts";
import { type Needs, needsOf, noNeeds } from "../domain/needs.ts";
import type { Oid, PullNumber } from "../domain/oid.ts";
import { couldApply } from "../domain/policy.ts";
import {
  type AccessRequest,
  type Change,
  classify,
  type FileChange,
  type KnownGrants,
  type RequestContent,
} from "../domain/request.ts";
import type { Instant } from "../domain/time.ts";
import { ForgeError, type PullReading } from "../ports/forge.ts";
import { readGrant } from "../rules/grant.ts";
import type { LoadedRules, RulesReading } from "../rules/load.ts";
import { caseOf } from "./cases.ts";
import type { Lockbox } from "./context.ts";
import { asExtension } from "./extension.ts";
import { factsOf } from "./facts.ts";
import { activatedBy, knownGrants, type LedgerState } from "./ledger.ts";

/** What is needed of a lockbox to read a request without changing anything. */
export interface Reader
  extends Pick<Lockbox, "owner" | "history" | "ledger" | "rules" | "forge" | "clock" | "cases"> {
  readonly merges: Pick<Lockbox["merges"], "vouched" | "reviewed">;
}

/** A pull request with all that a decision on it hangs on. */
export interface PullSituation {
  readonly request: AccessRequest;
  readonly facts: Facts;
  readonly loaded: LoadedRules;
  readonly now: Instant;
}

/**
 * Reads a pull request as the app does before it judges, and leaves it at that. A request that was granted is seen as
 * it was before: under the rules of the base that its record names.
 *
 * @returns null when there is no such request: no pull request, none that asks for access, or rules that cannot be read
 * @throws ForgeError when GitHub could not be asked, or the pull request moved meanwhile
 */
export async function readSituation(pull: PullNumber, lockbox: Reader): Promise<PullSituation | null> {
  const { history, ledger, rules, forge, clock } = lockbox;
  await history.refresh([pull]);
  const state = await ledger.read();
  const granted = activatedBy(pull, state)?.history.activation ?? null;
  const base = granted?.base ?? state.main;
  const head = await history.resolve(`refs/pull/${pull}/head`);
  const reading = await rules.at(base);
  if (head === null || !reading.ok) return null;
  const known = new Map(knownGrants(state));
  if (granted !== null) known.delete(granted.grant);
  const change = changeBetween(await history.changes(base, head), known);
  const content = await contentOf(change, reading, state, lockbox);
  if (content === null) return null;
  const needs = needsFor(content, reading, lockbox);
  const facts = await forge.read(pull, needs.teams, needs.secondFactorOf);
  if (facts === null) return null;
  if (facts.head !== head) throw new ForgeError(`pull request #${pull} changed while it was read`);
  const about = await caseOf(needs, state, lockbox);
  return {
    request: requestOf(facts, content, base, lockbox),
    facts: factsOf(facts, about, content, reading.loaded.rules, state, lockbox),
    loaded: reading.loaded,
    now: clock.now(),
  };
}

/** What a branch changes; null where it shares no history with the base. */
export function changeBetween(changes: readonly FileChange[] | null, known: KnownGrants): Change {
  if (changes !== null) return classify(changes, known);
  const message = "the branch shares no history with the default branch";
  return { kind: "refused", findings: [finding("REQUEST_WRONG_BASE", message)] };
}

/** What the pull request asks for; null when it is no access request. */
export async function contentOf(
  change: Change,
  reading: RulesReading,
  state: LedgerState,
  lockbox: Reader,
): Promise<RequestContent | null> {
  switch (change.kind) {
    case "refused":
      return change;
    case "grant": {
      // without rules there are no schemas to read the file with: the decision says so
      if (!reading.ok) return { kind: "refused", findings: [] };
      const { schemas } = reading.loaded;
      const content = readGrant(await lockbox.history.blob(change.file.blob), change.file, schemas);
      return change.before === null ? content : asExtension(content, change.before, state, schemas, lockbox);
    }
    case "removal":
    case "other":
      return null;
    default:
      return change satisfies never;
  }
}

/** What the decision needs, found out before it is known who asks. */
export function needsFor(
  content: RequestContent | null,
  reading: RulesReading,
  { owner }: Pick<Lockbox, "owner">,
): Needs {
  if (content?.kind !== "grant" || !reading.ok) return noNeeds;
  const { rules } = reading.loaded;
  const view = viewOf({ requester: { login: "", id: 0, kind: "user" } }, content, rules);
  const policies = rules.policies.filter((policy) => couldApply(policy, view));
  return needsOf(content, policies, rules, owner);
}

/** The request that a pull request is. */
export function requestOf(
  facts: PullReading,
  content: RequestContent,
  base: Oid,
  lockbox: Pick<Lockbox, "owner">,
): AccessRequest {
  return {
    pull: facts.pull,
    organization: lockbox.owner,
    requester: facts.requester,
    openedAt: facts.openedAt,
    head: facts.head,
    base,
    baseBranch: facts.baseBranch,
    defaultBranch: facts.defaultBranch,
    fork: facts.fork,
    draft: facts.draft,
    content,
  };
}
