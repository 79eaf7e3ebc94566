/**
 * Globs of the rule files: `*` is any run of characters but `/`, `**` any run at all, everything else itself.
 * Matched by hand in time proportional to pattern times text, so that no pattern can be made slow.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  if (!pattern.includes("*")) return pattern === text;
  const tokens = Array.from(pattern.matchAll(/\*\*|\*|[^*]/gu), ([token]) => token);
  const characters = Array.from(text);
  // reach[i]: the tokens read so far can match the first i characters
  let reach = characters.map(() => false);
  reach = [true, ...reach];
  for (const token of tokens) {
    const next = reach.map(() => false);
    for (let i = 0; i <= characters.length; i++) {
      if (token === "*" || token === "**") {
        const extended = i > 0 && next[i - 1] === true && (token === "**" || characters[i - 1] !== "/");
        next[i] = reach[i] === true || extended;
      } else {
        next[i] = i > 0 && reach[i - 1] === true && characters[i - 1] === token;
      }
    }
    reach = next;
  }
  return reach[characters.length] === true;
}
