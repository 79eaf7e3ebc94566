import { type Month, monthsOver } from "../domain/month.ts";
import { defaultSettings } from "../rules/settings.ts";
import type { Lockbox } from "./context.ts";
import type { LedgerState } from "./ledger.ts";

/** So many months back are reported that nobody has reported: the app was dead, or had not been told to. */
const MOST = 12;

/**
 * Each month that is over, from the first in which there was a record on, has its report in an issue, once. GitHub is
 * asked for the issue before one is opened: only what it said is remembered. While no month is over that was not found,
 * this costs nothing.
 */
export async function convergeReports(lockbox: Lockbox): Promise<void> {
  const { history, ledger, forge, merges } = lockbox;
  if (unpublished(await ledger.read(), lockbox).length === 0) return;
  await history.refresh([]);
  const state = await ledger.read();
  const months = unpublished(state, lockbox);
  if (months.length === 0 || !(await isWanted(state, lockbox))) return;
  const found = await forge.reportIssues(months);
  for (const month of months) {
    const issues = found.get(month.name) ?? [];
    await keepOne(month, issues.length > 0 ? issues : await open(month, lockbox), lockbox);
    merges.published.add(month.name);
  }
}

function unpublished({ since }: LedgerState, { clock, merges }: Lockbox): readonly Month[] {
  if (since === null) return [];
  return monthsOver(since, clock.now(), MOST).filter(({ name }) => !merges.published.has(name));
}

/** Where the rules cannot be read, a month is reported rather than not. */
async function isWanted({ main }: LedgerState, { rules }: Lockbox): Promise<boolean> {
  const reading = await rules.at(main);
  return (reading.ok ? reading.loaded.rules.settings : defaultSettings).monthlyReport;
}

/** All issues that have the report once it has been opened: another machine may have done so in the same moment. */
async function open(month: Month, { forge, report, log }: Lockbox): Promise<readonly number[]> {
  const issue = await forge.openReport(await report(month));
  log("published the report of a month", { month: month.name, issue });
  const found = (await forge.reportIssues([month])).get(month.name) ?? [];
  return [...new Set([...found, issue])].toSorted((one, other) => one - other);
}

/** Of several issues with one report the oldest stays, whichever machine sees them. */
async function keepOne({ name }: Month, issues: readonly number[], { forge, log }: Lockbox): Promise<void> {
  const [first, ...others] = issues;
  if (first === undefined) return;
  for (const issue of others) {
    await forge.retireReport(issue, first);
    log("closed a second report of a month", { month: name, issue });
  }
}
