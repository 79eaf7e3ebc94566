import type { CaseFact } from "../domain/facts.ts";
import type { Instant } from "../domain/time.ts";

/** What a system says of one of its cases. */
export interface CaseReading {
  readonly fact: CaseFact;
  /** When it was resolved, where the system says. */
  readonly resolvedAt: Instant | null;
}

/**
 * A system that keeps support cases. Depends on `domain` alone. The hardest part is to fail well: an implementation
 * bounds time and size, and whatever goes wrong is a case that is unread, so it never throws.
 */
export interface CaseSystem {
  read(id: string): Promise<CaseReading>;
}

/** Confirms that whoever announced something holds the secret that was agreed on. */
export interface Seal {
  confirms(text: string, signature: string): boolean;
}

/** A case of which nobody knows anything, and why. */
export function unread(because: string): CaseReading {
  return { fact: { read: false, because }, resolvedAt: null };
}
