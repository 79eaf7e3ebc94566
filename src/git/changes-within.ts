import type { Instant } from "../domain/time.ts";
import type { ChangingCommit, History, HistoryCommit } from "../ports/history.ts";

/**
 * A history that tells what a commit changed only of those that were committed in a time, from one instant up to, and
 * without, another: to compare two trees is most of the work. Of every other commit it tells no change.
 */
export function changesWithin(history: History, from: Instant, to: Instant): History {
  const isWithin = ({ committedAt }: HistoryCommit) => committedAt >= from && committedAt < to;
  return {
    ...history,
    async *walkChanges(tip, until) {
      for await (const commits of history.walk(tip, until)) {
        const portion: ChangingCommit[] = [];
        for (const stretch of stretchesOf(commits, isWithin)) {
          const [first, last] = [stretch[0], stretch.at(-1)];
          if (first === undefined || last === undefined) continue;
          if (!isWithin(first)) portion.push(...stretch.map((commit) => ({ ...commit, changes: [] })));
          else {
            for await (const some of history.walkChanges(last.oid, first.parents[0] ?? null)) {
              for (const commit of some) portion.push(commit);
            }
          }
        }
        yield portion;
      }
    },
  };
}

/** Commits that follow one another and are all alike. */
function stretchesOf<T>(items: readonly T[], kind: (item: T) => boolean): readonly (readonly T[])[] {
  const stretches: T[][] = [];
  let before: boolean | null = null;
  for (const item of items) {
    const is = kind(item);
    if (is === before) stretches.at(-1)?.push(item);
    else stretches.push([item]);
    before = is;
  }
  return stretches;
}
