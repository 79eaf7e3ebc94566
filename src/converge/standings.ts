import { type Standing, standingsAt } from "../domain/lifecycle.ts";
import type { Lockbox } from "./context.ts";
import type { LedgerState } from "./ledger.ts";

/** Where each grant file on main stands now, by what GitHub and the signatures say of its record. */
export function standingsIn(
  { files, histories, unsigned }: Pick<LedgerState, "files" | "histories" | "unsigned">,
  { merges, clock }: Pick<Lockbox, "merges" | "clock">,
): readonly Standing[] {
  return standingsAt(files, histories, merges.vouched, clock.now(), unsigned);
}
