/** Values of a field that tell apart all that rules ask of it. */
import { liesWithin, matchesGlob, mayMatchSame } from "../domain/glob.ts";
import type { Value } from "./constant.ts";
import type { Comparison, Look } from "./looks.ts";

/**
 * The values that rules name: constants, numbers with one more and one less, both truth values, and of each glob so many
 * texts that it matches, in which something that no rule names (`filler`, by number) stands for its asterisks.
 */
export function samplesOf(
  { comparisons }: Pick<Look, "comparisons">,
  filler: (index: number) => string,
  many = 1,
): readonly Value[] {
  const all = comparisons.flatMap(({ values, isGlob }) =>
    values.flatMap((value): readonly Value[] => {
      if (typeof value === "number") return [value - 1, value, value + 1];
      if (typeof value === "boolean") return [true, false];
      if (!isGlob) return [value];
      return Array.from({ length: many }, (_, index) => value.replaceAll(/\*+/g, filler(index)));
    }),
  );
  return [...new Set(all)];
}

/** Of each group of values that no comparison takes apart the first ones. */
export function representativesOf<T extends Value>(
  values: readonly T[],
  { comparisons }: Pick<Look, "comparisons">,
  many: number,
): readonly T[] {
  const groups = Map.groupBy(new Set(values), (value) => comparisons.map((one) => fits(one, value)).join());
  return [...groups.values()].flatMap((group) => group.slice(0, many));
}

function fits({ values, isGlob }: Comparison, value: Value): boolean {
  return values.some((one) =>
    isGlob && typeof one === "string" && typeof value === "string" ? matchesGlob(one, value) : one === value,
  );
}

/** Every list of these values, in their order, that is no longer. */
export function* listsOf<T>(values: readonly T[], longest: number): Generator<readonly T[]> {
  yield [];
  if (longest <= 0) return;
  for (const [index, value] of values.entries()) {
    for (const others of listsOf(values.slice(index + 1), longest - 1)) yield [value, ...others];
  }
}

/** Two globs that match some text together, of which neither lies within the other: no sample of one stands for both. */
export function crossingIn(globs: readonly string[]): readonly [string, string] | null {
  for (const [index, one] of globs.entries()) {
    const other = globs
      .slice(0, index)
      .find(
        (earlier) => mayMatchSame(one, earlier) && !liesWithin(one, earlier) && !liesWithin(earlier, one),
      );
    if (other !== undefined) return [other, one];
  }
  return null;
}

/** The globs among what a field is compared with. */
export function globsOf({ comparisons }: Pick<Look, "comparisons">): readonly string[] {
  return comparisons.flatMap(({ values, isGlob }) =>
    isGlob ? values.filter((value): value is string => typeof value === "string" && value.includes("*")) : [],
  );
}
