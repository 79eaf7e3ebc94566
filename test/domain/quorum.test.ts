import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillSlots, type Slots, slotsToward } from "../../src/domain/quorum.ts";
import { person } from "./builders.ts";

const slot = (count: number, ...logins: readonly string[]): Slots => ({
  count,
  eligible: new Set(logins.map(person)),
});
const people = (...logins: readonly string[]) => logins.map(person);

describe("one person fills one slot", () => {
  it.each<[string, Slots[], string[], string[][]]>([
    ["nobody has said yes", [slot(1, "bob")], [], [[]]],
    ["nothing is asked", [], ["bob"], []],
    ["one slot, one person", [slot(1, "bob")], ["bob"], [["bob"]]],
    ["two groups, one person in both", [slot(1, "bob"), slot(1, "bob")], ["bob"], [["bob"], []]],
    [
      "two groups, two people in both",
      [slot(1, "bob", "carol"), slot(1, "bob", "carol")],
      ["bob", "carol"],
      [["bob"], ["carol"]],
    ],
    [
      "the one who has a choice makes room",
      [slot(1, "bob", "carol"), slot(1, "bob")],
      ["bob", "carol"],
      [["carol"], ["bob"]],
    ],
    ["a person twice is one person", [slot(2, "bob")], ["bob", "bob"], [["bob"]]],
    ["more people than slots", [slot(1, "bob", "carol", "dave")], ["dave", "carol", "bob"], [["bob"]]],
    ["a stranger", [slot(1, "bob")], ["mallory"], [[]]],
    [
      "a chain of three moves",
      [slot(1, "bob", "carol"), slot(1, "carol", "dave"), slot(1, "bob")],
      ["bob", "carol", "dave"],
      [["carol"], ["dave"], ["bob"]],
    ],
  ])("%s", (_, slots, logins, expected) => {
    expect(fillSlots(slots, people(...logins))).toEqual(expected);
  });
});

const everybody = ["a", "b", "c", "d", "e"];
const someSlots = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.subarray(everybody))
    .map(([count, logins]) => slot(count, ...logins)),
  { maxLength: 4 },
);
const somePeople = fc.subarray(everybody).map((logins) => people(...logins));

const total = (filled: readonly (readonly unknown[])[]) =>
  filled.reduce((sum, { length }) => sum + length, 0);

/** The most slots that can be filled, by trying everything. */
function most(slots: readonly Slots[], of: readonly string[], from = 0): number {
  const who = of[from];
  if (who === undefined) return 0;
  const choices = slots.map((one, index) =>
    one.count > 0 && one.eligible.has(person(who))
      ? 1 + most(slots.with(index, { ...one, count: one.count - 1 }), of, from + 1)
      : 0,
  );
  return Math.max(most(slots, of, from + 1), ...choices);
}

describe("for any slots and people", () => {
  it("as many slots are filled as can be at all", () => {
    fc.assert(
      fc.property(someSlots, somePeople, (slots, who) => {
        expect(total(fillSlots(slots, who))).toBe(most(slots, who));
      }),
      { numRuns: 1000 },
    );
  });

  it("no slot holds too many, nobody who may not, and nobody twice", () => {
    fc.assert(
      fc.property(someSlots, somePeople, (slots, who) => {
        const filled = fillSlots(slots, who);
        for (const [index, { count, eligible }] of slots.entries()) {
          expect(filled[index]?.length).toBeLessThanOrEqual(count);
          expect(filled[index]?.every((one) => eligible.has(one))).toBe(true);
        }
        expect(new Set(filled.flat()).size).toBe(filled.flat().length);
        expect(filled.flat().every((one) => who.includes(one))).toBe(true);
      }),
    );
  });

  it("the order of people does not matter", () => {
    fc.assert(
      fc.property(someSlots, somePeople, fc.infiniteStream(fc.nat()), (slots, who, noise) => {
        const shuffled = who
          .map((one) => ({ one, key: noise.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(fillSlots(slots, shuffled)).toEqual(fillSlots(slots, who));
      }),
    );
  });

  it("one person more never empties a slot", () => {
    fc.assert(
      fc.property(someSlots, somePeople, fc.constantFrom(...everybody), (slots, who, more) => {
        const before = total(fillSlots(slots, who));
        expect(total(fillSlots(slots, [...who, person(more)]))).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  it("somebody helps exactly when they may take a slot that leads toward the open one", () => {
    fc.assert(
      fc.property(someSlots, somePeople, (slots, who) => {
        const filled = fillSlots(slots, who);
        const used = new Set(filled.flat());
        const open = slots.flatMap(({ count }, index) =>
          (filled[index]?.length ?? 0) < count ? [index] : [],
        );
        for (const more of everybody.map(person).filter((one) => !used.has(one))) {
          const helps = total(fillSlots(slots, [...who, more])) > used.size;
          const toward = open.flatMap((index) => [...slotsToward(index, slots, filled)]);
          expect(toward.some((index) => slots[index]?.eligible.has(more))).toBe(helps);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
