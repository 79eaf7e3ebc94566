/**
 * Whether a word is on a list of patterns: parted by commas, `*` and `?` as in a shell, `!` before a pattern takes
 * the word off the list whatever else fits. Source: PATTERNS in ssh_config(5).
 */
export function isOnPatternList(word: string, list: string): boolean {
  let isListed = false;
  for (const entry of list.split(",")) {
    const isNegated = entry.startsWith("!");
    if (!fits(word, isNegated ? entry.slice(1) : entry)) continue;
    if (isNegated) return false;
    isListed = true;
  }
  return isListed;
}

/** Goes back only to the last star: at most length times length steps, whatever the pattern. */
function fits(word: string, pattern: string): boolean {
  let [at, of] = [0, 0];
  let star: { readonly of: number; at: number } | null = null;
  while (at < word.length) {
    if (pattern[of] === "*") {
      star = { of, at };
      of++;
    } else if (of < pattern.length && (pattern[of] === "?" || pattern[of] === word[at])) {
      at++;
      of++;
    } else if (star !== null) {
      star.at++;
      at = star.at;
      of = star.of + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(of));
}
