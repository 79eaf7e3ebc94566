import { conditionsOf } from "../domain/conditions.ts";
import type { CaseFact } from "../domain/facts.ts";
import type { GrantHistory } from "../domain/lifecycle.ts";
import type { Needs } from "../domain/needs.ts";
import { type CaseName, caseKey } from "../domain/record.ts";
import { type CaseReading, type CaseSystem, unread } from "../ports/cases.ts";
import type { RulesReading } from "../rules/load.ts";
import type { Lockbox } from "./context.ts";
import { type Ending, endGrants, endingOf } from "./end.ts";
import type { LedgerState } from "./ledger.ts";
import { standingsIn } from "./standings.ts";

/** How many cases are asked about at once. */
const AT_ONCE = 8;

/**
 * What is said now of the case that a decision needs: by the system that keeps it where Grantbox knows it, else by the
 * last announcement.
 */
export async function caseOf(
  { case: about }: Needs,
  state: Pick<LedgerState, "cases">,
  lockbox: Pick<Lockbox, "cases">,
): Promise<CaseFact> {
  if (about === null) return { read: false, because: "it was not asked for" };
  const system = systemOf(about, lockbox);
  return (system === null ? announced(about, state) : await system.read(about.id)).fact;
}

/** Ends every grant whose case is resolved, all in one revert pull request. */
export async function convergeCases(lockbox: Lockbox): Promise<void> {
  const state = await lockbox.ledger.read();
  if (!(await lockbox.rules.govern(state.main))) return;
  await endGrants(await resolvedCases(state, lockbox), lockbox);
}

/**
 * Grants that end with their case. What was announced counts for every grant. A
 * system is asked, once a case, where a policy that a grant was activated under asks `caseOpen`, or where the case is an
 * issue of GitHub. What is unread ends nothing: a case system that is away must not take all access with it, and
 * access ends at its time in any case.
 */
export async function resolvedCases(state: LedgerState, lockbox: Lockbox): Promise<readonly Ending[]> {
  const now = lockbox.clock.now();
  const running = standingsIn(state, lockbox).flatMap((standing) =>
    standing.kind === "in-force" || standing.kind === "waiting" ? [standing] : [],
  );
  const asks = askers(await lockbox.rules.at(state.main));
  const told = await askAll(
    running.map(({ history }) => history).filter((history) => asks(history) || isIssue(history)),
    lockbox,
  );
  const endings: Ending[] = [];
  for (const { history, file } of running) {
    const about = history.activation.case;
    const reading = told.get(caseKey(about));
    if (!(await isOver(history, reading, asks(history), state, lockbox))) continue;
    const by = { requestedBy: null, reason: `${about.system} ${about.id} is resolved` };
    endings.push(endingOf(history, file, "case-resolved", now, by));
  }
  return endings;
}

/**
 * Whether the case of a grant was resolved after the grant began. Where a policy asks for an open case, whoever says now
 * that it is resolved said before that it is open; elsewhere a case may have been resolved all along, and the time decides.
 */
async function isOver(
  { activation, commit }: GrantHistory,
  told: CaseReading | undefined,
  asks: boolean,
  state: LedgerState,
  lockbox: Lockbox,
): Promise<boolean> {
  const isTold = told?.fact.read === true;
  const { fact, resolvedAt } = isTold ? told : announced(activation.case, state);
  if (!fact.read || fact.state !== "resolved") return false;
  if (asks && (isTold || systemOf(activation.case, lockbox) === null)) return true;
  return resolvedAt !== null && resolvedAt >= (await lockbox.history.commit(commit)).committedAt;
}

/** Asks about each case once, some at a time. */
async function askAll(
  histories: readonly GrantHistory[],
  lockbox: Lockbox,
): Promise<ReadonlyMap<string, CaseReading>> {
  const cases = new Map(histories.map(({ activation }) => [caseKey(activation.case), activation.case]));
  const left = [...cases];
  const told = new Map<string, CaseReading>();
  const ask = async ([key, about]: readonly [string, CaseName]) => {
    const reading = await systemOf(about, lockbox)?.read(about.id);
    if (reading === undefined) return;
    told.set(key, reading);
    const { fact } = reading;
    const problem = fact.read ? (fact.state === "missing" ? "it does not exist" : null) : fact.because;
    if (problem !== null)
      lockbox.log("a case of a grant in force is unknown", { ...about, because: problem });
  };
  while (left.length > 0) await Promise.all(left.splice(0, AT_ONCE).map(ask));
  return told;
}

/** Whether a policy that a grant was activated under asks for an open case; where the rules cannot be read, any may. */
function askers(reading: RulesReading): (history: GrantHistory) => boolean {
  if (!reading.ok) return () => true;
  const asking = new Set(
    reading.loaded.rules.policies.filter((policy) => conditionsOf([policy]).caseOpen).map(({ name }) => name),
  );
  return ({ activation }) => activation.policies.some((name) => asking.has(name));
}

function isIssue({ activation }: GrantHistory): boolean {
  return activation.case.system.toLowerCase() === "github";
}

function systemOf({ system }: CaseName, { cases }: Pick<Lockbox, "cases">): CaseSystem | null {
  return cases.get(system.toLowerCase()) ?? null;
}

/** What the journal has of a case. */
function announced(about: CaseName, { cases }: Pick<LedgerState, "cases">): CaseReading {
  const known = cases.get(caseKey(about));
  if (known === undefined) {
    return unread(
      `Grantbox does not know the system \`${about.system}\`, and nothing was announced of the case`,
    );
  }
  const resolvedAt = known.state === "resolved" ? known.at : null;
  return { fact: { read: true, state: known.state }, resolvedAt };
}
