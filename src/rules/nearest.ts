import { distance } from "fastest-levenshtein";

/**
 * The known name that somebody most likely meant, or null when none is near: at most a third of it may differ, or as
 * many letters as is said; capitals do not count.
 */
export function nearest(name: string, known: readonly string[], most: number | null = null): string | null {
  if (name.length > 200) return null;
  const [best] = known
    .map((one) => ({ one, far: distance(name.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, far }) => far <= (most ?? Math.max(1, Math.floor(one.length / 3))))
    .sort((a, b) => a.far - b.far);
  return best?.one ?? null;
}

/** The question whether somebody meant a name, as a hint; none where no name is near. */
export function didYouMean(near: string | null): string | undefined {
  return near === null ? undefined : `did you mean \`${near}\`?`;
}
