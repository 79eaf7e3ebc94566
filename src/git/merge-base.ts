import type { Oid } from "../domain/oid.ts";
import type { Commit } from "./commit.ts";

/** Reads a commit of the mirror; remembers what it read. */
export type CommitReader = (oid: Oid) => Promise<Commit>;

const ONE = 1;
const OTHER = 2;
const STALE = 4;
const RESULT = 8;

/**
 * The best common ancestor of two commits, the one Git's `merge-base` names first: no ancestor of another common
 * ancestor, and of several such the one committed last. Null when they have none. It walks back by date and stops
 * as soon as only ancestors of common ancestors are left. Source: Git's `commit-reach.c`.
 */
export async function mergeBase(one: Oid, other: Oid, commit: CommitReader): Promise<Oid | null> {
  if (one === other) return one;
  const common = (await paint(one, [other], commit)).results;
  const best = common.length > 1 ? await independent(common, commit) : common;
  const dated = await Promise.all(best.map(async (oid) => ({ oid, at: (await commit(oid)).committedAt })));
  return dated.toSorted((a, b) => b.at - a.at)[0]?.oid ?? null;
}

/** Without those that another one of them reaches. */
async function independent(candidates: readonly Oid[], commit: CommitReader): Promise<readonly Oid[]> {
  const redundant = new Set<Oid>();
  for (const candidate of candidates) {
    if (redundant.has(candidate)) continue;
    const others = candidates.filter((each) => each !== candidate && !redundant.has(each));
    const { flags } = await paint(candidate, others, commit);
    if ((flags.get(candidate) ?? 0) & OTHER) redundant.add(candidate);
    for (const each of others) if ((flags.get(each) ?? 0) & ONE) redundant.add(each);
  }
  return candidates.filter((candidate) => !redundant.has(candidate));
}

/** Walks back from both sides, latest first, and marks who is reached from where. */
async function paint(
  one: Oid,
  others: readonly Oid[],
  commit: CommitReader,
): Promise<{ readonly results: readonly Oid[]; readonly flags: ReadonlyMap<Oid, number> }> {
  const flags = new Map<Oid, number>();
  const queue = queueByDate();
  let lively = 0;
  /** How often each commit waits in the queue; one that becomes stale there is lively no more. */
  const waiting = new Map<Oid, number>();
  const mark = (oid: Oid, added: number): void => {
    const before = flags.get(oid) ?? 0;
    flags.set(oid, before | added);
    if (!(before & STALE) && added & STALE) lively -= waiting.get(oid) ?? 0;
  };
  const push = async (oid: Oid): Promise<void> => {
    queue.push(oid, (await commit(oid)).committedAt);
    waiting.set(oid, (waiting.get(oid) ?? 0) + 1);
    if (!((flags.get(oid) ?? 0) & STALE)) lively += 1;
  };
  const start = async (oid: Oid, side: number): Promise<void> => {
    mark(oid, side);
    await push(oid);
  };
  await start(one, ONE);
  for (const other of others) await start(other, OTHER);
  const results: Oid[] = [];
  while (lively > 0) {
    const oid = queue.pop();
    if (oid === undefined) break;
    waiting.set(oid, (waiting.get(oid) ?? 1) - 1);
    const own = flags.get(oid) ?? 0;
    if (!(own & STALE)) lively -= 1;
    let passed = own & (ONE | OTHER | STALE);
    if (passed === (ONE | OTHER)) {
      if (!(own & RESULT)) {
        mark(oid, RESULT);
        results.push(oid);
      }
      passed |= STALE;
    }
    for (const parent of (await commit(oid)).parents) {
      if (((flags.get(parent) ?? 0) & passed) === passed) continue;
      mark(parent, passed);
      await push(parent);
    }
  }
  return { results: results.filter((oid) => !((flags.get(oid) ?? 0) & STALE)), flags };
}

interface Queue {
  push(oid: Oid, date: number): void;
  pop(): Oid | undefined;
}

/** A heap: the latest date first, of one date the one put in first. */
function queueByDate(): Queue {
  const heap: { readonly oid: Oid; readonly date: number; readonly turn: number }[] = [];
  let turns = 0;
  const precedes = (one: number, other: number): boolean => {
    const [a, b] = [heap[one], heap[other]];
    if (a === undefined || b === undefined) return a !== undefined;
    return a.date !== b.date ? a.date > b.date : a.turn < b.turn;
  };
  const swap = (one: number, other: number): void => {
    const [a, b] = [heap[one], heap[other]];
    if (a !== undefined && b !== undefined) [heap[one], heap[other]] = [b, a];
  };
  return {
    push(oid, date) {
      heap.push({ oid, date, turn: turns++ });
      for (let at = heap.length - 1; at > 0; ) {
        const above = (at - 1) >> 1;
        if (precedes(above, at)) break;
        swap(above, at);
        at = above;
      }
    },
    pop() {
      swap(0, heap.length - 1);
      const first = heap.pop();
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        const better = precedes(left + 1, left) ? left + 1 : left;
        if (better >= heap.length || precedes(at, better)) break;
        swap(at, better);
        at = better;
      }
      return first?.oid;
    },
  };
}
