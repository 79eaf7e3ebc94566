import type { RulesDigest } from "../domain/oid.ts";
import type { RulesByDigest } from "../ledger/task.ts";
import type { RuleFiles } from "../rules/load.ts";

/** Rule files on their way to another thread; null where it still has them. */
export type PackedRules = readonly (readonly [digest: RulesDigest, files: RuleFiles | null])[];

/** How many rule sets both sides remember. */
const KEPT = 16;

/** The rule sets that a thread was sent last: both sides keep one of these, and forget the same. */
export class RecentRules {
  readonly #known = new Map<RulesDigest, RuleFiles>();

  pack(rules: RulesByDigest): PackedRules {
    const packed = [...rules].map(
      ([digest, files]) => [digest, this.#known.has(digest) ? null : copied(files)] as const,
    );
    this.#remember(rules);
    return packed;
  }

  unpack(packed: PackedRules): RulesByDigest {
    const rules = new Map(
      packed.flatMap(([digest, files]) => {
        const all = files ?? this.#known.get(digest);
        return all === undefined ? [] : [[digest, all] as const];
      }),
    );
    this.#remember(rules);
    return rules;
  }

  #remember(rules: RulesByDigest): void {
    for (const [digest, files] of rules) {
      this.#known.delete(digest);
      this.#known.set(digest, files);
    }
    for (const oldest of [...this.#known.keys()].slice(0, -KEPT)) this.#known.delete(oldest);
  }
}

/** Bytes that lie in a larger buffer would take all of it along. */
function copied(files: RuleFiles): RuleFiles {
  return new Map([...files].map(([path, bytes]) => [path, new Uint8Array(bytes)]));
}
