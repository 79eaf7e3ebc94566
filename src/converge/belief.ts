import type { GrantHistory } from "../domain/lifecycle.ts";
import type { Oid } from "../domain/oid.ts";
import { ALLOWED_SIGNERS_PATH, readSignature } from "../domain/signature.ts";
import type { Instant } from "../domain/time.ts";
import type { History, HistoryCommit } from "../ports/history.ts";
import type { RecordKeyReader, RecordKeys, Signed } from "../ports/record-keys.ts";

/** What a commit of the journal is worth (docs/decisions/0014). */
export type Worth =
  /** Signed for this repository and the journal: all its records count. */
  | { readonly kind: "proven" }
  /** Nothing proves who wrote it, and nothing could: only what takes away counts. */
  | { readonly kind: "unproven" }
  /** It ought to be signed and is not: nothing in it counts. */
  | { readonly kind: "forged"; readonly because: string };

/** Tells which records of a lockbox repository count. Everything is checked once, and anew when the keys change. */
export interface Belief {
  /** The keys listed at a commit of the default branch; null when there are none. */
  keysAt(commit: Oid): Promise<RecordKeys | null>;
  /** Takes note of commits of the default branch: they prove what the repository was called before. */
  hear(commits: readonly HistoryCommit[]): void;
  /** What each commit of the journal is worth by the keys at the tip of the default branch, in their order. */
  journal(commits: readonly HistoryCommit[], main: Oid): Promise<readonly Worth[]>;
  /** Of these grants the commits of the default branch that ought to be signed, and are not. */
  unsigned(histories: readonly GrantHistory[], main: Oid): Promise<ReadonlySet<Oid>>;
}

/** Commits that are remembered for each name that the repository may have had. */
const CLAIMS = 8;
/** How many commits are read at once. */
const AT_ONCE = 64;

/** The belief of a repository, `owner/name`. */
export function beliefOf(history: History, readKeys: RecordKeyReader, repository: string): Belief {
  const keyFiles = new Map<Oid, RecordKeys | null>();
  const claims = new Map<string, HistoryCommit[]>();
  const now = repository.toLowerCase();
  let under: {
    readonly keys: RecordKeys;
    readonly worth: Map<Oid, Worth>;
    readonly signed: Map<Oid, boolean>;
  };
  let keyed: { readonly since: Instant | null } | null = null;

  const keysAt = async (commit: Oid): Promise<RecordKeys | null> => {
    const file = await history.file(commit, ALLOWED_SIGNERS_PATH);
    if (file === null || file.mode !== "100644") return null;
    const known = keyFiles.get(file.oid);
    if (known !== undefined) return known;
    const keys = readKeys(await history.blob(file.oid));
    keyFiles.set(file.oid, keys);
    return keys;
  };

  /** What was found under the same keys. */
  const remembered = (keys: RecordKeys) => {
    if (under?.keys !== keys) under = { keys, worth: new Map(), signed: new Map() };
    return under;
  };

  const isOwn = async (name: string, keys: RecordKeys): Promise<boolean> => {
    if (name.toLowerCase() === now) return true;
    for (const commit of claims.get(name.toLowerCase()) ?? []) {
      const signed = await keys.check(commit, "main");
      if (signed.kind === "valid" && signed.repository.toLowerCase() === name.toLowerCase()) return true;
    }
    return false;
  };

  const objectionTo = async (signed: Signed, keys: RecordKeys): Promise<string | null> => {
    if (signed.kind === "not-valid") return signed.because;
    if (await isOwn(signed.repository, keys)) return null;
    return `it was signed for \`${signed.repository}\`, not for \`${repository}\``;
  };

  return {
    keysAt,
    hear(commits) {
      for (const commit of commits) {
        if (!commit.message.includes("\nSigned-For: ")) continue;
        const reading = readSignature(commit.message);
        if (reading.kind !== "signed") continue;
        const name = reading.signedFor.repository.toLowerCase();
        const known = claims.get(name) ?? [];
        if (name !== now && known.length < CLAIMS) claims.set(name, [...known, commit]);
      }
    },
    async journal(commits, main) {
      const keys = await keysAt(main);
      if (keys === null) return commits.map(() => ({ kind: "unproven" }) as const);
      const { worth } = remembered(keys);
      const unseen = commits.filter(({ oid }) => !worth.has(oid));
      const signed = await Promise.all(unseen.map((commit) => keys.check(commit, "journal")));
      let isBegun = commits.some(({ oid }) => worth.get(oid)?.kind === "proven");
      for (const [index, commit] of unseen.entries()) {
        const because = await objectionTo(signed[index] ?? { kind: "not-valid", because: "unread" }, keys);
        if (because === null) {
          isBegun = true;
          worth.set(commit.oid, { kind: "proven" });
          continue;
        }
        // whoever pushes may write any date, but can put nothing before what is there
        const isOlder = !isBegun && (await isFromBeforeKeys(commit, main));
        worth.set(commit.oid, isOlder ? { kind: "unproven" } : { kind: "forged", because });
      }
      return commits.map(({ oid }) => worth.get(oid) ?? { kind: "forged", because: "unread" });
    },
    async unsigned(histories, main) {
      const keys = await keysAt(main);
      if (keys === null) return new Set();
      const { signed } = remembered(keys);
      const look = async (oid: Oid) => {
        // the name is not asked for: that this commit was merged here is asked of GitHub (docs/decisions/0005)
        const { kind } = await keys.check(await history.commit(oid), "main");
        signed.set(oid, kind === "valid" || (await keysAt(oid)) === null);
      };
      const oids = histories.map(({ commit }) => commit);
      const unseen = oids.filter((oid) => !signed.has(oid));
      while (unseen.length > 0) await Promise.all(unseen.splice(-AT_ONCE).map(look));
      return new Set(oids.filter((oid) => signed.get(oid) !== true));
    },
  };

  async function isFromBeforeKeys({ committedAt }: HistoryCommit, main: Oid): Promise<boolean> {
    keyed ??= { since: await keyedSince(main) };
    return keyed.since !== null && committedAt < keyed.since;
  }

  /** When the default branch began to list keys; null when it always did. Found by halving: it is read once. */
  async function keyedSince(main: Oid): Promise<Instant | null> {
    const line = await history.firstParents(main, null);
    const [root] = line;
    if (root === undefined || (await keysAt(root.oid)) !== null) return null;
    let [before, since] = [0, line.length - 1];
    while (since - before > 1) {
      const middle = Math.floor((before + since) / 2);
      const commit = line[middle];
      if (commit === undefined) break;
      if ((await keysAt(commit.oid)) === null) before = middle;
      else since = middle;
    }
    return line[since]?.committedAt ?? null;
  }
}
