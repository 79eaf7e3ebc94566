import type { Person } from "./person.ts";

/** Slots to be filled by different people out of `eligible`. */
export interface Slots {
  readonly count: number;
  readonly eligible: ReadonlySet<Person>;
}

/**
 * Who fills which slot: one person, one slot (invariant 7), and as many slots as can be filled at all: a maximum
 * bipartite matching by augmenting paths. The only place that compares a number with a count, and it counts
 * persons. The answer hangs on the set of `people` alone, not on their order.
 *
 * @returns for each entry of `slots`, the people who fill it, at most its `count`.
 */
export function fillSlots(
  slots: readonly Slots[],
  people: readonly Person[],
): readonly (readonly Person[])[] {
  const seats = slots.map(({ count, eligible }) => ({ count, eligible, holders: [] as Person[] }));

  /** Finds room for a person: a free place, or one that its holder can leave for another. */
  const place = (person: Person, visited: Set<unknown>): boolean => {
    const open = seats.filter(({ eligible }) => eligible.has(person));
    const free = open.find(({ count, holders }) => holders.length < count);
    if (free !== undefined) {
      free.holders.push(person);
      return true;
    }
    for (const seat of open) {
      if (visited.has(seat)) continue;
      visited.add(seat);
      for (const [position, holder] of seat.holders.entries()) {
        if (place(holder, visited)) {
          seat.holders[position] = person;
          return true;
        }
      }
    }
    return false;
  };

  for (const person of [...new Set(people)].sort()) place(person, new Set());
  return seats.map(({ holders }) => holders);
}

/**
 * The slots among which one more person makes a difference to `wanted`: that slot itself, and every slot with a
 * holder who could move toward it and leave room behind. Whoever may take any of these slots helps to fill `wanted`.
 */
export function slotsToward(
  wanted: number,
  slots: readonly Slots[],
  filled: readonly (readonly Person[])[],
): ReadonlySet<number> {
  const reached = new Set([wanted]);
  // a set that grows while it is walked: what is added is visited as well
  for (const index of reached) {
    for (const [other, holders] of filled.entries()) {
      if (holders.some((holder) => slots[index]?.eligible.has(holder))) reached.add(other);
    }
  }
  return reached;
}
