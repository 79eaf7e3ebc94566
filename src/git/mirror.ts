import type { History } from "../ports/history.ts";
import { historyOf } from "./history-mirror.ts";
import type { Patience } from "./http.ts";
import { keeperOf } from "./keeper.ts";
import type { Credentials } from "./remote.ts";

export interface MirrorOptions {
  /** Folder of this mirror alone, and of one process; made when missing. It may be deleted whenever the process is down. */
  readonly dir: string;
  /** `https://host/owner/repository.git` */
  readonly url: string;
  readonly defaultBranch: string | (() => string);
  /** Asked before every exchange with the server, so that a token may run out in between. */
  readonly authenticate: () => Promise<Credentials>;
  /** Ends everything under way and everything asked later: the process is stopping. */
  readonly signal?: AbortSignal;
  /** How long the server may take, in milliseconds: between two signs of life (30,000), and for one answer (600,000). */
  readonly patience?: Partial<Patience>;
  /** Longest pack that is taken, in bytes (512 MiB). */
  readonly packLimit?: number;
  /** So many objects are kept in files of their own before the mirror is fetched anew as one pack (20,000). */
  readonly looseLimit?: number;
  readonly fetch?: typeof fetch;
}

/** A lockbox repository's history, read from a mirror of it on this machine. */
export interface Mirror extends History {
  /** The bare repository as it is now, for other Git programs; null before the first refresh. It changes when the mirror is built anew. */
  gitdir(): Promise<string | null>;
  /** Ends what is under way with a `ForgeError`, and everything asked later. */
  close(): Promise<void>;
}

const PATIENCE: Patience = { idle: 30_000, total: 600_000 };
const PACK_LIMIT = 512 * 2 ** 20;
const LOOSE_LIMIT = 20_000;

/**
 * A bare mirror of a lockbox repository, kept up to date over smart HTTP and read without a Git program. Nothing in
 * it is trusted: it is checked when it is first used, and one that is damaged, half-written or another repository's
 * is thrown away and fetched anew. Every method throws a `ForgeError` when the server cannot be asked or what is
 * asked about is not there; nothing else than `refresh` asks the server.
 */
export function openMirror(options: MirrorOptions): Mirror {
  const { dir, url, defaultBranch, authenticate, signal } = options;
  const stop = new AbortController();
  if (signal?.aborted) stop.abort();
  signal?.addEventListener("abort", () => stop.abort(), { once: true });
  const keeper = keeperOf({
    dir,
    url,
    branch: typeof defaultBranch === "string" ? () => defaultBranch : defaultBranch,
    authenticate,
    patience: { ...PATIENCE, ...options.patience },
    packLimit: options.packLimit ?? PACK_LIMIT,
    looseLimit: options.looseLimit ?? LOOSE_LIMIT,
    signal: stop.signal,
    fetch: options.fetch ?? fetch,
  });
  return {
    ...historyOf(keeper),
    gitdir: () => keeper.gitdir(),
    async close() {
      stop.abort();
      await keeper.idle();
    },
  };
}
