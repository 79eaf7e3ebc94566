import { type Finding, finding } from "../domain/finding.ts";
import type { Oid, RulesDigest } from "../domain/oid.ts";
import type { FileChange } from "../domain/request.ts";
import type { History } from "../ports/history.ts";
import {
  digestOf,
  isRuleFile,
  type LoadedRules,
  loadRules,
  type RuleFiles,
  type RulesReading,
} from "../rules/load.ts";

/** The rules of one stretch of the default branch, between two changes of them. */
export interface RulesThen {
  readonly digest: RulesDigest;
  /** Null when they could not be read: then nothing could be granted. */
  readonly loaded: LoadedRules | null;
  readonly findings: readonly Finding[];
}

/** How many compiled rule sets are kept: requests are judged under the newest, or one a little older. */
const KEPT = 8;

/**
 * The rules at each commit of a default branch, from what each commit changed: no tree is read, and equal rules are
 * compiled once.
 */
export class RuleLine {
  readonly #history: History;
  /** Which stretch each commit belongs to. */
  readonly #stretches = new Map<Oid, number>();
  /** Rule files by path as they stood in each stretch. */
  readonly #files: ReadonlyMap<string, Oid>[] = [new Map()];
  readonly #read = new Map<number, RulesThen>();

  constructor(history: History) {
    this.#history = history;
  }

  /** Takes in the next commit of the branch. */
  add(commit: Oid, changes: readonly FileChange[]): void {
    const changed = changes.filter(({ path }) => isRuleFile(path));
    if (changed.length > 0) {
      const files = new Map(this.#files.at(-1));
      for (const { path, after } of changed) {
        // a rule behind a link or in a submodule is no rule: it could change without a commit here
        if (after?.mode.startsWith("100")) files.set(path, after.oid);
        else files.delete(path);
      }
      this.#files.push(files);
    }
    this.#stretches.set(commit, this.#files.length - 1);
  }

  has(commit: Oid): boolean {
    return this.#stretches.has(commit);
  }

  /** Reads the rules of these commits, as far as they are commits of the branch, so that `at` can give them. */
  async prepare(commits: Iterable<Oid>): Promise<void> {
    for (const commit of commits) {
      const stretch = this.#stretches.get(commit);
      if (stretch === undefined) continue;
      const known = this.#read.get(stretch);
      const then = known ?? (await this.#load(this.#files[stretch] ?? new Map()));
      this.#read.delete(stretch);
      this.#read.set(stretch, then);
    }
  }

  /** Forgets all but the newest rules. */
  trim(): void {
    for (const oldest of [...this.#read.keys()].slice(0, -KEPT)) this.#read.delete(oldest);
  }

  /** The rules at a commit of the branch; null when it is none, or was not prepared. */
  at(commit: Oid): RulesThen | null {
    return this.#read.get(this.#stretches.get(commit) ?? -1) ?? null;
  }

  /** The blob of a rule file in the newest commit; null when there is none. */
  newest(path: string): Oid | null {
    return this.#files.at(-1)?.get(path) ?? null;
  }

  async #load(oids: ReadonlyMap<string, Oid>): Promise<RulesThen> {
    const files: RuleFiles = new Map(
      await Promise.all([...oids].map(async ([path, oid]) => [path, await this.#history.blob(oid)] as const)),
    );
    const then = rulesThen(files);
    return this.#read.values().find(({ digest }) => digest === then.digest) ?? then;
  }
}

/** The rules in these files; they are compiled when somebody asks for them. */
function rulesThen(files: RuleFiles): RulesThen {
  let reading: RulesReading | null = null;
  const read = (): RulesReading => {
    reading ??=
      files.size === 0
        ? { ok: false, findings: [finding("RULES_UNREADABLE", "there are no rules")] }
        : loadRules(files);
    return reading;
  };
  return {
    digest: digestOf(files),
    get loaded() {
      const result = read();
      return result.ok ? result.loaded : null;
    },
    get findings() {
      const result = read();
      return result.ok ? [] : result.findings;
    },
  };
}
