import type { Ledger } from "./converge/ledger.ts";
import type { Month } from "./domain/month.ts";
import { type Instant, minutes } from "./domain/time.ts";
import { changesWithin } from "./git/changes-within.ts";
import { type LocalRepository, openLocal } from "./git/local.ts";
import { type Period, readPeriod } from "./ledger/period.ts";
import type { LedgerTips } from "./ledger/read.ts";
import type { Clock } from "./ports/clock.ts";
import type { MonthlyReport } from "./ports/forge.ts";
import { reportIssue } from "./report/issue.ts";
import { type MonthFigures, monthFigures } from "./report/month.ts";

/** The figures of a month, and when they were so. */
export interface FiguresAt {
  readonly figures: MonthFigures;
  readonly at: Instant;
}

/** How long figures are shown as they were although the clock may have changed them. */
const BELIEVED = minutes(1);

/** The months of one repository, for a process that is asked again and again. */
export interface Reports {
  /** By main and journal as they were last fetched. */
  of(month: Month): Promise<FiguresAt>;
  /** The same as an issue has it. */
  issue(month: Month): Promise<MonthlyReport>;
}

/**
 * Figures are kept until main or journal move; for a minute only while a grant of the month runs, since the clock alone
 * changes them then. One month is read after the other: each reading goes through the whole history.
 */
export function openReports(
  repository: LocalRepository,
  ledger: Pick<Ledger, "read">,
  clock: Pick<Clock, "now">,
  defaultBranch: () => string,
): Reports {
  let kept: { readonly tips: string; readonly months: Map<string, FiguresAt> } = {
    tips: "",
    months: new Map(),
  };
  let reading: Promise<unknown> = Promise.resolve();

  const read = async (month: Month): Promise<FiguresAt> => {
    const { main, journal } = await ledger.read();
    const tips = `${main} ${journal}`;
    if (kept.tips !== tips) kept = { tips, months: new Map() };
    const { months } = kept;
    const known = months.get(month.name);
    if (known !== undefined && (isSettled(known) || clock.now() - known.at < BELIEVED)) return known;
    const period = await periodOf(month, { branch: defaultBranch(), main, journal }, repository);
    const at = clock.now();
    const found = { figures: monthFigures(month, period, at), at };
    months.set(month.name, found);
    return found;
  };

  const of = (month: Month): Promise<FiguresAt> => {
    const found = reading.then(() => read(month));
    reading = found.catch(() => undefined);
    return found;
  };

  return {
    of,
    async issue(month) {
      const { figures, at } = await of(month);
      return { month: month.name, ...reportIssue(figures, at) };
    },
  };
}

/** By the git program where there is one, which reads a long history many times as fast. */
async function periodOf({ from, to }: Month, tips: LedgerTips, repository: LocalRepository): Promise<Period> {
  const { history, close } = openLocal(repository);
  try {
    return await readPeriod(changesWithin(history, from, to), tips, from, to);
  } finally {
    await close();
  }
}

/** Whether the clock changes nothing of it: the month is over, and so is every grant that ran in it. */
function isSettled({ figures: { month, ends }, at }: FiguresAt): boolean {
  return at >= month.to && ends.every(({ actual }) => actual !== null);
}
