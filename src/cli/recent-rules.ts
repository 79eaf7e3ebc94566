import type { RuleSource, RulesName } from "../ledger/rule-line.ts";
import type { RulesByName } from "../ledger/task.ts";

/** Rules on their way to another thread; null where it still has them. */
export type PackedRules = readonly (readonly [name: RulesName, source: RuleSource | null])[];

/** How many rule sets both sides remember. */
const KEPT = 16;

/** The rule sets that a thread was sent last: both sides keep one of these, and forget the same. */
export class RecentRules {
  readonly #known = new Map<RulesName, RuleSource>();

  pack(rules: RulesByName): PackedRules {
    const packed = [...rules].map(
      ([name, source]) => [name, this.#known.has(name) ? null : copied(source)] as const,
    );
    this.#remember(rules);
    return packed;
  }

  unpack(packed: PackedRules): RulesByName {
    const rules = new Map(
      packed.flatMap(([name, source]) => {
        const all = source ?? this.#known.get(name);
        return all === undefined ? [] : [[name, all] as const];
      }),
    );
    this.#remember(rules);
    return rules;
  }

  #remember(rules: RulesByName): void {
    for (const [name, source] of rules) {
      this.#known.delete(name);
      this.#known.set(name, source);
    }
    for (const oldest of [...this.#known.keys()].slice(0, -KEPT)) this.#known.delete(oldest);
  }
}

/** Bytes that lie in a larger buffer would take all of it along. */
function copied({ files, unread }: RuleSource): RuleSource {
  return { files: new Map([...files].map(([path, bytes]) => [path, new Uint8Array(bytes)])), unread };
}
