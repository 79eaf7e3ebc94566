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
  const filled: Person[][] = slots.map(() => []);

  /** Finds room for a person, moving others to another slot of theirs where that makes room. */
  const place = (person: Person, visited: Set<number>): boolean => {
    for (const [index, slot] of slots.entries()) {
      const holders = filled[index];
      if (holders === undefined || visited.has(index) || !slot.eligible.has(person)) continue;
      visited.add(index);
      if (holders.length < slot.count) {
        holders.push(person);
        return true;
      }
      for (const [position, holder] of holders.entries()) {
        if (place(holder, visited)) {
          holders[position] = person;
          return true;
        }
      }
    }
    return false;
  };

  for (const person of [...new Set(people)].sort()) place(person, new Set());
  return filled;
}
