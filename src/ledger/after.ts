import type { Branch } from "../domain/lifecycle.ts";
import type { Oid } from "../domain/oid.ts";
import type { History } from "../ports/history.ts";
import type { LedgerTips, ReadSoFar } from "./read.ts";

/** Where commits stand: the last of them on each branch; or one that is on neither. */
export type Places =
  | { readonly kind: "found"; readonly soFar: ReadSoFar }
  | { readonly kind: "missing"; readonly commit: Oid };

/** Finds commits on main and on the journal. */
export async function placesOf(history: History, tips: LedgerTips, commits: readonly Oid[]): Promise<Places> {
  const waitedFor = new Set(commits);
  const soFar: Record<Branch, Oid | null> = { main: null, journal: null };
  for (const on of ["main", "journal"] as const) {
    const tip = tips[on];
    if (tip === null || waitedFor.size === 0) continue;
    for await (const portion of history.walk(tip, null)) {
      for (const { oid } of portion) if (waitedFor.delete(oid)) soFar[on] = oid;
    }
  }
  const [commit] = waitedFor;
  return commit === undefined ? { kind: "found", soFar } : { kind: "missing", commit };
}
