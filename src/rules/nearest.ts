import { closest, distance } from "fastest-levenshtein";

/** The known name that somebody most likely meant, or null when none is near: at most a third of it may differ. */
export function nearest(name: string, known: readonly string[]): string | null {
  if (known.length === 0 || name.length > 200) return null;
  const candidate = closest(name, known);
  return distance(name, candidate) <= Math.max(1, Math.floor(candidate.length / 3)) ? candidate : null;
}
