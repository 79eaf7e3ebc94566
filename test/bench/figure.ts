/** One measured figure, printed as one line of JSON. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it should be, where a target was set; missing it is said, and fails nothing. */
  readonly target?: { readonly atMost?: number; readonly atLeast?: number };
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Prints a figure with whether it keeps its target. */
export function print(figure: Figure): void {
  const { value, target } = figure;
  const kept =
    target === undefined
      ? undefined
      : value <= (target.atMost ?? Number.POSITIVE_INFINITY) && value >= (target.atLeast ?? 0);
  process.stdout.write(`${JSON.stringify({ ...figure, ...(kept === undefined ? {} : { kept }) })}\n`);
}

/** The middle of a list of numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
