import { type Decision, decide, undecidable } from "../domain/decision.ts";
import type { CaseFact, Facts } from "../domain/facts.ts";
import { type Finding, finding } from "../domain/finding.ts";
import type { PullNumber } from "../domain/oid.ts";
import { planRequest } from "../domain/plan.ts";
import { recordFacts } from "../domain/recorded-facts.ts";
import type { AccessRequest, RequestContent } from "../domain/request.ts";
import { nextMoment } from "../domain/saying.ts";
import type { Instant } from "../domain/time.ts";
import { ForgeError, type PullReading } from "../ports/forge.ts";
import type { RulesReading } from "../rules/load.ts";
import { convergeActivated, publishActivated } from "./activated.ts";
import { applyEffect } from "./apply.ts";
import { caseOf } from "./cases.ts";
import type { Lockbox } from "./context.ts";
import { factsOf } from "./facts.ts";
import { activatedBy, knownGrants, type LedgerState } from "./ledger.ts";
import { convergeNotice, convergeRemoval } from "./notice.ts";
import { changeBetween, contentOf, needsFor, requestOf } from "./situation.ts";

/** How often the world may move under one pass before it gives up and a later pass begins anew. */
const ROUNDS = 6;

/**
 * Moves one pull request one step toward what it should be, and on until nothing is left to do: read all anew,
 * decide, plan, apply. Knows nothing of events; doing it twice, late, or on two machines changes nothing.
 *
 * @throws ForgeError when GitHub could not be asked or keeps moving; the caller tries again later.
 */
export async function convergeRequest(pull: PullNumber, lockbox: Lockbox): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const before = lockbox.overview.open.get(pull);
    if ((await step(pull, lockbox)) === "again") continue;
    // a request that was not judged anew is none any more
    if (lockbox.overview.open.get(pull) === before) lockbox.overview.open.delete(pull);
    return;
  }
  throw new ForgeError(`pull request #${pull} changed each time it was about to be settled`);
}

async function step(pull: PullNumber, lockbox: Lockbox): Promise<"settled" | "again"> {
  const { history, ledger, rules, forge } = lockbox;
  await history.refresh([pull]);
  const state = await ledger.read();
  if (state.histories.size === 0 && !(await rules.govern(state.main))) return "settled";
  const activated = activatedBy(pull, state);
  if (activated !== null) {
    await convergeActivated(pull, activated, state, lockbox);
    return "settled";
  }
  const head = await history.resolve(`refs/pull/${pull}/head`);
  if (head === null) return "settled";
  const change = changeBetween(await history.changes(state.main, head), knownGrants(state));
  const reading = await rules.at(state.main);
  const content = await contentOf(change, reading, state, lockbox);
  const needs = needsFor(content, reading, lockbox);
  const facts = await forge.read(pull, needs.teams, needs.secondFactorOf);
  if (facts === null) return "settled";
  if (facts.head !== head) return "again";
  if (facts.openedByApp) return "settled";
  // merged, yet no record names it: an early end, a change of the rules, or somebody merged past the app
  if (facts.merge !== null) return "settled";
  if (change.kind === "removal") return convergeRemoval(change.files, facts, state, lockbox);
  if (content === null) {
    await convergeNotice(change, facts, state, lockbox);
    return "settled";
  }
  const about = await caseOf(needs, state, lockbox);
  return judge(facts, about, content, reading, state, lockbox);
}

async function judge(
  facts: PullReading,
  about: CaseFact,
  content: RequestContent,
  reading: RulesReading,
  state: LedgerState,
  lockbox: Lockbox,
): Promise<"settled" | "again"> {
  const request = requestOf(facts, content, state.main, lockbox);
  const known = factsOf(facts, about, content, reading.ok ? reading.loaded.rules : null, state, lockbox);
  const now = lockbox.clock.now();
  const decision = withRefusal(decisionOf(request, reading, known, now), lockbox);
  const shown = { ...facts.shown, closure: state.closures.get(facts.pull)?.record ?? null };
  const effects = planRequest(decision, shown, now);
  const basis = reading.ok ? recordFacts(request, known, reading.loaded.rules.directory, now) : null;
  let again = false;
  let isOpen = shown.state === "open";
  for (const effect of effects) {
    const applied = await applyEffect(effect, facts, basis, lockbox);
    // INVARIANT 8: before the merge everything is read anew, so an approved decision is only shown in this round
    if (effect.kind === "publish" && decision.verdict === "approved" && shown.closure === null) again = true;
    if (applied.kind === "merge") again = await merged(applied.outcome, facts, lockbox);
    if (effect.kind === "close" || (applied.kind === "merge" && applied.outcome.kind === "merged")) {
      isOpen = false;
    }
  }
  if (isOpen) {
    const { title, openedAt } = facts;
    lockbox.overview.open.set(facts.pull, { decision, title, openedAt });
  }
  const next = nextMoment(decision, lockbox.clock.now());
  if (next !== null && shown.state === "open") {
    lockbox.again({ kind: "request", pull: facts.pull }, next);
  }
  return again ? "again" : "settled";
}

/** After a merge call: the next round finds the record on main, or judges again what moved. */
async function merged(
  outcome: Extract<Awaited<ReturnType<typeof applyEffect>>, { kind: "merge" }>["outcome"],
  facts: PullReading,
  lockbox: Lockbox,
): Promise<boolean> {
  switch (outcome.kind) {
    case "merged":
      lockbox.merges.vouched.add(outcome.commit);
      lockbox.log("activated", { pull: facts.pull, commit: outcome.commit });
      await lockbox.history.refresh([]);
      await publishActivated(facts.pull, lockbox);
      // the sweep of grants looks at what the merge was made on, and sets the timer for the end
      lockbox.again({ kind: "grants" });
      return false;
    case "moved":
      return true;
    case "refused": {
      const known = lockbox.merges.refused.get(facts.pull);
      const isNews = known?.head !== facts.head || known.because !== outcome.because;
      lockbox.merges.refused.set(facts.pull, { head: facts.head, because: outcome.because });
      lockbox.log("the merge was refused", { pull: facts.pull, because: outcome.because });
      return isNews;
    }
    default:
      return outcome satisfies never;
  }
}

/** A refusal is said in check and comment; the next sweep tries the merge again. */
function withRefusal(decision: Decision, { merges }: Lockbox): Decision {
  const refused = merges.refused.get(decision.pull);
  if (decision.verdict !== "approved" || refused?.head !== decision.head) return decision;
  return {
    ...decision,
    findings: [...decision.findings, finding("MERGE_REFUSED", refused.because)],
  };
}

function decisionOf(request: AccessRequest, reading: RulesReading, facts: Facts, now: Instant): Decision {
  if (reading.ok) return decide(request, reading.loaded.rules, facts, now);
  const unreadable = finding(
    "RULES_UNREADABLE",
    `${reading.findings.length} findings in the rules on the default branch`,
  );
  const shown: readonly Finding[] = request.content.kind === "refused" ? request.content.findings : [];
  return undecidable(request, [...shown, unreadable, ...reading.findings]);
}
