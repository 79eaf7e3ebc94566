import { describe, expect, it } from "vitest";
import { Memory, type Step } from "../../src/rules/automaton.ts";

/** Steps that take one of these characters each, and say how often they were asked. */
function counting() {
  let asked = 0;
  const take = (characters: string): Step => ({
    do: "take",
    fits: (character) => {
      asked += 1;
      return characters.includes(character);
    },
  });
  return { take, asked: () => asked };
}

/** A memory of these steps, which are followed from the beginning of a text. */
const memoryOf = (steps: readonly Step[], anywhere = false) =>
  new Memory({ steps, reached: new Float64Array(steps.length) }, anywhere);

/** How often steps are asked about a text that has been read before. */
function askedAgain(steps: readonly Step[], asked: () => number, text: string): number {
  const memory = memoryOf(steps);
  const first = memory.accepts(text);
  const before = asked();
  expect(memory.accepts(text)).toBe(first);
  return asked() - before;
}

const accept: Step = { do: "accept" };

describe("what follows a character is worked out once", () => {
  it("and then looked up, for characters of ASCII", () => {
    const { take, asked } = counting();
    expect(askedAgain([take("a"), take("\u007f"), accept], asked, "a\u007f")).toBe(0);
  });

  it("but asked again for other characters", () => {
    const { take, asked } = counting();
    expect(askedAgain([take("\u0080"), take("😀"), accept], asked, "\u0080😀")).toBe(2);
  });

  it("for the same places only once, whichever way they were reached", () => {
    const { take, asked } = counting();
    const steps: readonly Step[] = [
      { do: "go", to: [1, 3] },
      take("x"),
      { do: "go", to: [3, 5] },
      take("y"),
      { do: "go", to: [3, 1] },
      take("z"),
      { do: "go", to: [2] },
      take("z"),
      take("w"),
      accept,
    ];
    const memory = memoryOf(steps);
    expect(memory.accepts("xz")).toBe(false);
    expect(memory.accepts("xzw")).toBe(true);
    const before = asked();
    expect(memory.accepts("yzw")).toBe(true);
    // two for `y`, and two for `z`: what follows `zw` is known
    expect(asked() - before).toBe(4);
  });
});

describe("what is kept is bounded", () => {
  it.each([
    ["as many as 500", 499, false],
    ["not one more, and then every text is walked", 500, true],
  ])("by states: %s", (_, length, isAskedAgain) => {
    const { take, asked } = counting();
    const steps = [...Array.from({ length }, () => take("a")), accept];
    const text = "a".repeat(length);
    expect(memoryOf(steps).accepts(text)).toBe(true);
    expect(askedAgain(steps, asked, text) > 0).toBe(isAskedAgain);
  });

  it.each([
    ["as many as 50,000", 49_999, false],
    ["not one more", 50_000, true],
  ])("by places that stand open together: %s", (_, open, isAskedAgain) => {
    const { take, asked } = counting();
    const steps: readonly Step[] = [
      { do: "go", to: Array.from({ length: open }, (__, index) => index + 1) },
      ...Array.from({ length: open }, () => take("a")),
      accept,
    ];
    expect(askedAgain(steps, asked, "b") > 0).toBe(isAskedAgain);
  });
});
