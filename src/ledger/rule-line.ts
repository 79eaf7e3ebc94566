import { type Finding, finding } from "../domain/finding.ts";
import type { Oid, RulesDigest } from "../domain/oid.ts";
import type { FileChange, TreeEntry } from "../domain/request.ts";
import type { History } from "../ports/history.ts";
import { digestOf, type LoadedRules, loadRules, type RuleFiles, type RulesReading } from "../rules/load.ts";
import { type Entry, isMeantAsRule, isPlainRule, refuseUnread } from "../rules/unread.ts";

/** What rules are read from. */
export interface RuleSource {
  readonly files: RuleFiles;
  /** What may have been meant as a rule, and is none. */
  readonly unread: readonly Entry[];
}

/** Rules are refused for a file that nobody reads, and have the digest of those without it: this tells them apart. */
export type RulesName = string;

/** The rules of one stretch of the default branch, between two changes of them. */
export interface RulesThen {
  readonly digest: RulesDigest;
  /** The same for the same rules and the same unread files. */
  readonly name: RulesName;
  readonly source: RuleSource;
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
  /** Rule files, and what may have been meant as one, by path as they stood in each stretch. */
  readonly #files: ReadonlyMap<string, TreeEntry>[] = [new Map()];
  readonly #read = new Map<number, RulesThen>();

  constructor(history: History) {
    this.#history = history;
  }

  /** Takes in the next commit of the branch. */
  add(commit: Oid, changes: readonly FileChange[]): void {
    const changed = changes.filter(({ path }) => isMeantAsRule(path));
    if (changed.length > 0) {
      const files = new Map(this.#files.at(-1));
      for (const { path, after } of changed) {
        if (after === null) files.delete(path);
        else files.set(path, after);
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

  /** What rules that were prepared and not forgotten are read from. */
  sourceOf(name: RulesName): RuleSource | null {
    return this.#read.values().find((then) => then.name === name)?.source ?? null;
  }

  /** The blob of a rule file in the newest commit; null when there is none. */
  newest(path: string): Oid | null {
    const entry = this.#files.at(-1)?.get(path);
    return entry !== undefined && isPlainRule({ path, mode: entry.mode }) ? entry.oid : null;
  }

  async #load(all: ReadonlyMap<string, TreeEntry>): Promise<RulesThen> {
    const entries = [...all].map(([path, { mode, oid }]) => ({ path, mode, oid }));
    const plain = entries.filter(isPlainRule);
    const files: RuleFiles = new Map(
      await Promise.all(plain.map(async ({ path, oid }) => [path, await this.#history.blob(oid)] as const)),
    );
    const unread = entries.filter((entry) => !isPlainRule(entry));
    const then = rulesThen({ files, unread: unread.map(({ path, mode }) => ({ path, mode })) });
    return this.#read.values().find(({ name }) => name === then.name) ?? then;
  }
}

/** The rules in these files; they are compiled when somebody asks for them, which may be in another thread. */
export function rulesThen(source: RuleSource): RulesThen {
  const { files, unread } = source;
  const digest = digestOf(files);
  let reading: RulesReading | null = null;
  const read = (): RulesReading => {
    reading ??=
      files.size === 0
        ? { ok: false, findings: [finding("RULES_UNREADABLE", "there are no rules")] }
        : refuseUnread(loadRules(files), unread);
    return reading;
  };
  return {
    digest,
    name: JSON.stringify([digest, unread]),
    source,
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
