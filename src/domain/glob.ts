const crossing: ReadonlySet<string | undefined> = new Set(["/", "**"]);

/**
 * Globs of the rule files: `*` is any run of characters but `/`, `**` any run at all, everything else itself.
 * Matched by hand in time proportional to pattern times text, so that no pattern can be made slow.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  if (!pattern.includes("*")) return pattern === text;
  return covers(tokensOf(pattern), Array.from(text));
}

/**
 * Whether everything that one glob stands for is surely matched by another: `2026/11/**` lies within `2026/**`.
 * It errs on the safe side, never saying so of a glob that reaches further.
 */
export function liesWithin(inner: string, outer: string): boolean {
  return covers(tokensOf(outer), tokensOf(inner));
}

/** Whether there is a text that both globs match. */
export function mayMatchSame(one: string, other: string): boolean {
  const [rows, columns] = [tokensOf(one), tokensOf(other)];
  // meets[j]: what comes before the present token of the one and before token j of the other can be the same text
  let meets: boolean[] = [true];
  for (let j = 0; j < columns.length; j++) meets.push(meets[j] === true && isRun(columns[j]));
  for (const row of rows) {
    const next = [meets[0] === true && isRun(row)];
    for (let j = 1; j <= columns.length; j++) {
      const column = columns[j - 1];
      const skipped = (isRun(row) && meets[j] === true) || (isRun(column) && next[j - 1] === true);
      const together = meets[j - 1] === true && canBeSame(row, column);
      const more =
        (isRun(row) && next[j - 1] === true && canBeSame(row, column)) ||
        (isRun(column) && meets[j] === true && canBeSame(row, column));
      next.push(skipped || together || more);
    }
    meets = next;
  }
  return meets[columns.length] === true;
}

const isRun = (token: string | undefined) => token === "*" || token === "**";

/** Whether two tokens can stand for the same character. */
function canBeSame(one: string, other: string | undefined): boolean {
  if (isRun(one)) return one === "**" || other !== "/";
  if (isRun(other)) return other === "**" || one !== "/";
  return one === other;
}

function tokensOf(pattern: string): string[] {
  return Array.from(pattern.matchAll(/\*\*|\*|[^*]/gu), ([token]) => token);
}

/** Whether a glob matches a row of characters, in which `**` stands for a run that may hold a `/`. */
function covers(tokens: readonly string[], characters: readonly string[]): boolean {
  // reach[i]: the tokens read so far can match the first i characters
  let reach = characters.map(() => false);
  reach = [true, ...reach];
  for (const token of tokens) {
    const next = reach.map(() => false);
    for (let i = 0; i <= characters.length; i++) {
      if (token === "*" || token === "**") {
        const extended = next[i - 1] === true && (token === "**" || !crossing.has(characters[i - 1]));
        next[i] = reach[i] === true || extended;
      } else {
        next[i] = reach[i - 1] === true && characters[i - 1] === token;
      }
    }
    reach = next;
  }
  return reach[characters.length] === true;
}
